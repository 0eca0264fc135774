// SPDX-License-Identifier: Apache-2.0
// Datasets read back from files of ours: what was written, and what is refused.
#include "data/store/hdf5_reading.h"

#include <gtest/gtest.h>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/store/hdf5_image.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::data::store {
namespace {

constexpr std::size_t kPlenty = 1 << 20;

class Hdf5Reading : public ::testing::Test {
 protected:
  Hdf5Reading() {
    const std::vector<Array> arrays{numberArray<float>("0/f_hab/mean", {3}, {0.25F, -1.0F, 1e30F}),
                                    numberArray<std::int32_t>("0/tokens", {2, 3}, {1, 2, 3, -4, 5, 6}),
                                    numberArray<double>("wide", {1}, {0.1}), textArray("0/sample", "a/x\nb/y\n")};
    const std::vector<Attribute> root{{"format", std::string("ecumene test 1")}, {"step", 42.0}};
    const Hdf5Image image = buildHdf5Image(arrays, root);
    writeFileAtomically(file_, std::string_view(reinterpret_cast<const char*>(image.bytes.data()), image.bytes.size()));
  }
  [[nodiscard]] DatasetEntry entry(const std::string& path) const {
    for (const DatasetEntry& one : listHdf5(file_).datasets) {
      if (one.path == path) return one;
    }
    ADD_FAILURE() << path;
    return {};
  }

  test::TempFolder folder_;
  const std::filesystem::path file_ = folder_ / "a.h5";
};

TEST_F(Hdf5Reading, GivesWhatWasWritten) {
  const Hdf5Listing listing = listHdf5(file_);
  EXPECT_EQ(listing.datasets.size(), 4U);
  EXPECT_EQ(listing.attributes.size(), 2U);
  EXPECT_EQ(std::get<std::string>(listing.attributes.at(0).value), "ecumene test 1");
  EXPECT_EQ(std::get<double>(listing.attributes.at(1).value), 42.0);
  const DatasetEntry tokens = entry("0/tokens");
  EXPECT_EQ(tokens.type, ElementType::kInt32);
  EXPECT_EQ(tokens.shape, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(readHdf5(file_, tokens, kPlenty), bytesOf<std::int32_t>({1, 2, 3, -4, 5, 6}));
  EXPECT_EQ(readHdf5(file_, entry("0/f_hab/mean"), kPlenty), bytesOf<float>({0.25F, -1.0F, 1e30F}));
  EXPECT_EQ(readHdf5(file_, entry("wide"), kPlenty), bytesOf<double>({0.1}));
  const std::vector<std::byte> text = readHdf5(file_, entry("0/sample"), kPlenty);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(text.data()), text.size()), "a/x\nb/y\n");
}

TEST_F(Hdf5Reading, RefusesWhatIsNotThereTooLargeOrDamaged) {
  DatasetEntry other = entry("0/tokens");
  EXPECT_NE(test::messageOf([&] { (void)readHdf5(file_, other, 23); }).find("expected at most 23 bytes"),
            std::string::npos);
  other.shape = {3, 2};
  EXPECT_NE(test::messageOf([&] { (void)readHdf5(file_, other, kPlenty); }).find("has changed"), std::string::npos);
  other.path = "0/none";
  EXPECT_THROW((void)readHdf5(file_, other, kPlenty), Error);
  EXPECT_THROW((void)listHdf5(folder_ / "none.h5"), Error);
  const std::string whole = readFile(file_);
  writeFileAtomically(file_, whole.substr(0, whole.size() / 2));
  EXPECT_NE(test::messageOf([&] { (void)listHdf5(file_); }).find("a.h5"), std::string::npos);
  writeFileAtomically(file_, "no such thing");
  EXPECT_THROW((void)listHdf5(file_), Error);
}

}  // namespace
}  // namespace ecumene::data::store
