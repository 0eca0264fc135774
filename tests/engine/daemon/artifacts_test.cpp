// SPDX-License-Identifier: Apache-2.0
// Rows of an evaluation's files, by number and by what they are of.
#include "engine/daemon/artifacts.h"

#include <gtest/gtest.h>

#include <cstring>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/store/hdf5_image.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::daemon {
namespace {

using data::store::numberArray;
using data::store::textArray;

class Artifacts : public ::testing::Test {
 protected:
  Artifacts() {
    const std::vector<data::store::Array> arrays{
        textArray("0/sample", "tw1/a\ntw1/b\ntw12/a\ntw1/a\n"), numberArray<float>("0/viable", {4}, {1, 2, 3, 4}),
        numberArray<float>("0/regime", {4, 2}, {1, 2, 3, 4, 5, 6, 7, 8}), numberArray<float>("0/short", {1}, {1})};
    const std::vector<data::store::Attribute> root{{"step", 7.0}};
    const auto image = data::store::buildHdf5Image(arrays, root);
    writeFileAtomically(folder_ / "predictions.h5",
                        std::string_view(reinterpret_cast<const char*>(image.bytes.data()), image.bytes.size()));
  }
  Artifact read(const ArtifactRows& rows) { return readArtifact(folder_.path(), rows); }
  static std::vector<float> numbers(const Artifact& artifact) {
    std::vector<float> values(artifact.values.size() / sizeof(float));
    std::memcpy(values.data(), artifact.values.data(), artifact.values.size());
    return values;
  }

  test::TempFolder folder_;
};

TEST_F(Artifacts, AreReadByNumber) {
  EXPECT_EQ(read({"predictions", "", "", 0, 0}).listing.datasets.size(), 4U);
  EXPECT_EQ(numbers(read({"predictions", "0/viable", "", 0, 0})), (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQ(numbers(read({"predictions", "0/viable", "", 1, 2})), (std::vector<float>{2, 3}));
  EXPECT_EQ(numbers(read({"predictions", "0/viable", "", 3, ~std::uint64_t{0}})), (std::vector<float>{4}));
  EXPECT_TRUE(read({"predictions", "0/viable", "", 4, 1}).values.empty());
  EXPECT_THROW((void)read({"predictions", "0/viable", "", 5, 1}), Error);
}

TEST_F(Artifacts, AreReadByPlanetOrSample) {
  const Artifact planet = read({"predictions", "0/regime", "tw1", 0, 0});
  EXPECT_EQ(planet.rows, (std::vector<std::uint64_t>{0, 1, 3}));
  EXPECT_EQ(planet.dataset.shape, (std::vector<std::size_t>{3, 2}));
  EXPECT_EQ(numbers(planet), (std::vector<float>{1, 2, 3, 4, 7, 8}));
  EXPECT_EQ(read({"predictions", "0/viable", "tw1/a", 0, 0}).rows, (std::vector<std::uint64_t>{0, 3}));
  const Artifact lines = read({"predictions", "0/sample", "tw12", 0, 0});
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(lines.values.data()), lines.values.size()), "tw12/a\n");
  EXPECT_THROW((void)read({"predictions", "0/viable", "tw", 0, 0}), Error);
  EXPECT_THROW((void)read({"predictions", "0/viable", "tw1", 1, 0}), Error);
  EXPECT_NE(test::messageOf([&] {
              (void)read({"predictions", "0/short", "tw12", 0, 0});
            }).find("fewer rows"),
            std::string::npos);
}

TEST_F(Artifacts, NamesReachNothingElse) {
  writeFileAtomically(folder_ / "secret", "x");
  std::filesystem::create_symlink(folder_ / "predictions.h5", folder_ / "link.h5");
  for (const char* file :
       {"", "../x", "/etc/passwd", ".hidden", "secret", "none", "link", "predictions.h5/../secret"}) {
    EXPECT_THROW((void)read({file, "", "", 0, 0}), Error) << file;
  }
  EXPECT_THROW((void)read({"predictions", "0/../0/viable", "", 0, 0}), Error);
  EXPECT_THROW((void)read({"predictions", "/0/viable", "", 0, 0}), Error);
  EXPECT_THROW((void)read({"predictions", "0/viable", std::string(10000, 'x'), 0, 0}), Error);
}

}  // namespace
}  // namespace ecumene::engine::daemon
