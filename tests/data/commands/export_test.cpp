// SPDX-License-Identifier: Apache-2.0
// `ecumene-data export`, and what hostile files do to a store: nothing.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "data/base/hash.h"
#include "data/formats/registry.h"
#include "data/store/store.h"
#include "tests/data/formats/fuzz/hostile_files.h"
#include "tests/support/ecumene_data.h"

namespace ecumene::test {
namespace {

constexpr const char* kClimate = "resources/demo/tw307/MOST.00001.nc";

/// sha-256 of every payload and of what `list` says.
std::map<std::string, std::string> contentOf(const std::string& store) {
  std::map<std::string, std::string> content{{"list", ecumeneData({"list", "--json", "--store", store}).out}};
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store + "/planets")) {
    if (entry.is_regular_file()) content[entry.path().string()] = sha256OfFile(entry.path());
  }
  return content;
}

TEST(Export, AFolderOfItsOwnThatImportsAgainToTheSameNumbers) {
  const TempFolder folder;
  const std::string store = folder / "store", again = folder / "again", out = folder / "out";
  ASSERT_EQ(ecumeneData({"import", kClimate, "--store", store}).code, 0);
  const nlohmann::json exported = parsed(ecumeneData({"export", "tw307", "--to", out, "--json", "--store", store}));
  EXPECT_EQ(exported["folder"], out + "/tw307");
  for (const auto& file : exported["files"]) {
    EXPECT_TRUE(std::filesystem::exists(out + "/tw307/" + file.get<std::string>())) << file;
  }
  EXPECT_EQ(ecumeneData({"export", "tw307", "--to", out, "--store", store}).code, 2);
  EXPECT_EQ(ecumeneData({"export", "tw307", "--to", out, "--force", "--store", store}).code, 0);
  EXPECT_EQ(ecumeneData({"export", "nobody", "--to", out, "--store", store}).code, 1);

  ASSERT_EQ(ecumeneData({"import", out + "/tw307/climate.nc", "--store", again}).code, 0);
  const data::store::Store first = data::store::Store::open(store, data::store::Mode::kRead);
  const data::store::Store second = data::store::Store::open(again, data::store::Mode::kRead);
  ASSERT_EQ(second.list().size(), 1U);
  const data::planet::Planet before = first.get("tw307"), after = second.get(second.list().front().id);
  EXPECT_EQ(after.name, before.name);
  // To the bit before the store packs them anew.
  const data::planet::Import read = data::formats::importFile(out + "/tw307/climate.nc", {});
  EXPECT_TRUE(read.planet.climate->fields == before.climate->fields);
  EXPECT_TRUE(after.climate->fields == before.climate->fields);
  EXPECT_EQ(after.climate->grid, before.climate->grid);
  EXPECT_EQ(after.climate->landFraction, before.climate->landFraction);
  EXPECT_EQ(after.systemKey, before.systemKey);
  EXPECT_EQ(after.scalars, before.scalars);
  EXPECT_EQ(after.truth->bulk, before.truth->bulk);
  EXPECT_EQ(after.labels->regime, before.labels->regime);
}

TEST(Export, OfAClimateThatStatesNothingStatesNothing) {
  const TempFolder folder;
  const std::string store = folder / "store", out = folder / "out";
  std::filesystem::create_directory(folder / "alone");
  std::filesystem::copy_file(kClimate, folder / "alone/MOST.00001.nc");
  ASSERT_EQ(ecumeneData({"import", folder / "alone", "--store", store}).code, 0);
  ASSERT_EQ(ecumeneData({"export", "alone", "--to", out, "--store", store}).code, 0);
  const data::planet::Planet before = data::store::Store::open(store, data::store::Mode::kRead).get("alone");
  const data::planet::Import back = data::formats::importFile(out + "/alone/climate.nc", {});
  EXPECT_FALSE(before.truth.has_value());
  EXPECT_FALSE(back.planet.truth.has_value());
  EXPECT_EQ(back.planet.systemKey, before.systemKey);
  EXPECT_EQ(back.planet.name, before.name);
}

TEST(Import, HostileFilesAreRefusedAndTheStoreIsAsItWas) {
  const TempFolder folder;
  const std::string store = folder / "store", bad = folder / "bad";
  ASSERT_EQ(ecumeneData({"import", kClimate, "--store", store}).code, 0);
  const std::map<std::string, std::string> before = contentOf(store);
  std::filesystem::create_directory(bad);
  std::size_t files = 0;
  for (const HostileFile& hostile : hostileFiles()) {
    std::ofstream(bad + "/" + hostile.name, std::ios::binary) << hostile.content;
    ++files;
  }
  const Finished refused = ecumeneData({"import", bad, "--json", "--store", store});
  EXPECT_EQ(refused.code, 1) << refused.err;
  const nlohmann::json outcomes = nlohmann::json::parse(refused.out);
  EXPECT_EQ(outcomes.size(), files);
  for (const auto& outcome : outcomes) {
    EXPECT_EQ(outcome["status"], "refused") << outcome;
    EXPECT_FALSE(outcome["message"].get<std::string>().empty()) << outcome;
  }
  EXPECT_EQ(contentOf(store), before);
  EXPECT_TRUE(parsed(ecumeneData({"check", "--json", "--store", store}))["problems"].empty());
}

}  // namespace
}  // namespace ecumene::test
