// SPDX-License-Identifier: Apache-2.0
// A file that holds many planets: each comes in by itself, and none of a file that is refused stays.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "data/commands/file_import.h"
#include "data/store/store.h"
#include "tests/data/formats/climate/thousandworlds_release.h"
#include "tests/support/ecumene_data.h"

namespace ecumene::test {
namespace {

using Json = nlohmann::json;
using data::store::Mode;
using data::store::Store;

std::vector<std::string> idsOf(const Store& store, const data::store::Filter& filter = {}) {
  std::vector<std::string> ids;
  for (const data::store::Row& row : store.list(filter)) ids.push_back(row.id);
  return ids;
}

TEST(ArchiveImport, EverySimulationIsAPlanetFoundByItsSplitAndComesInOnce) {
  const TempFolder folder;
  const ThousandworldsRelease release;
  const std::string archive = release.write(), store = folder / "store";
  const std::vector<std::string> words{"import", archive, "--set", "time=constant", "--json", "--store", store};
  ::setenv("ECUMENE_PROGRESS", "1", 1);
  const Finished came = ecumeneData(words);
  ::unsetenv("ECUMENE_PROGRESS");
  const Json outcomes = parsed(came);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_EQ(outcomes[0]["path"], archive + ": simulation 7");
  EXPECT_EQ(outcomes[0]["id"], "thousandworlds-7-um");
  EXPECT_NE(came.err.find("progress 3 3 " + archive + ": simulation 3"), std::string::npos) << came.err;
  const Store opened = Store::open(store, Mode::kRead);
  EXPECT_EQ(idsOf(opened),
            (std::vector<std::string>{"thousandworlds-1650-exocam", "thousandworlds-3-exocam", "thousandworlds-7-um"}));
  data::store::Filter ofSplit;
  ofSplit.nameContains = "multi-partial/test";
  EXPECT_EQ(idsOf(opened, ofSplit), std::vector<std::string>{"thousandworlds-1650-exocam"});
  for (const data::store::Row& row : opened.list()) EXPECT_EQ(row.split, data::planet::Split::kReal);
  const Json listed = parsed(ecumeneData({"list", "--json", "--store", store}))["planets"][0];
  EXPECT_EQ(listed["id"], "thousandworlds-1650-exocam");
  const std::vector<std::string> names = listed["aliases"];
  EXPECT_NE(std::find(names.begin(), names.end(), "ThousandWorlds multi-partial/test 1650"), names.end())
      << listed["aliases"];
  for (const Json& outcome : parsed(ecumeneData(words))) EXPECT_EQ(outcome["message"], "already in the store");
}

TEST(ArchiveImport, AWholeReleaseIsImportedByItsArchivesAloneAndItIsSaidOnce) {
  const TempFolder folder;
  const ThousandworldsRelease release;
  ASSERT_FALSE(release.write().empty());
  std::filesystem::create_directories(release.folder / "other");
  std::ofstream(release.folder / "other/inputs.csv") << "simulation_id,radius\n3,6580000.0\n";
  const std::string store = folder / "store";
  const Finished came = ecumeneData(
      {"import", release.folder.path().string() + "/", "--set", "time=constant", "--json", "--store", store});
  const Json outcomes = Json::parse(came.out);
  ASSERT_EQ(outcomes.size(), 4U) << came.out;
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(outcomes[i]["status"], "imported") << outcomes[i];
  // A table that lies by no archive is a file like others.
  EXPECT_EQ(outcomes[3]["path"].get<std::string>(), release.folder.path().string() + "/other/inputs.csv");
  EXPECT_EQ(outcomes[3]["status"], "refused");
  EXPECT_EQ(came.err,
            "ecumene-data: " + release.folder.path().string() + "/: 4 tables of archives are read with these alone\n");
  // Those that are named are files like others, too.
  const Finished named = ecumeneData({"import", release.folder / "dataset/inputs.csv", "--json", "--store", store});
  EXPECT_EQ(Json::parse(named.out).at(0).at("status"), "refused");
}

TEST(ArchiveImport, ASimulationThatIsRefusedIsNamedAndTheOthersComeIn) {
  const TempFolder folder;
  ThousandworldsRelease release;
  release.impossible = 1650;
  const std::string archive = release.write(), store = folder / "store";
  const Finished came = ecumeneData({"import", archive, "--set", "time=constant", "--store", store});
  EXPECT_EQ(came.code, 1);
  EXPECT_NE(came.out.find("refused   " + archive + ": simulation 1650"), std::string::npos) << came.out;
  EXPECT_EQ(idsOf(Store::open(store, Mode::kRead)).size(), 2U);
  // What all planets of a file have in common is said once.
  const std::string said = "assumed: the mean over time stands for all twelve months";
  ASSERT_NE(came.out.find(said), std::string::npos) << came.out;
  EXPECT_EQ(came.out.find(said), came.out.rfind(said)) << came.out;
}

TEST(ArchiveImport, NothingStaysOfAFileWhoseChildDiesOnTheWay) {
  const TempFolder folder;
  Store store = Store::open(folder / "store", Mode::kCreate);
  const std::filesystem::path file = folder / "crash_after_parts";
  std::ofstream(file) << "anything";
  const data::commands::Importing importing{store, {}, 1, {}, IMPORT_TEST_CHILD};
  std::vector<data::commands::Outcome> outcomes;
  std::size_t told = 0;
  data::commands::importFile(
      importing, file,
      [&](std::size_t, std::size_t, const std::string&) {
        ++told;
        EXPECT_EQ(idsOf(store).size(), 1U);
      },
      outcomes);
  EXPECT_EQ(told, 1U);
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].status, "refused");
  EXPECT_NE(outcomes[0].message.find("damaged or hostile"), std::string::npos) << outcomes[0].message;
  EXPECT_TRUE(idsOf(store).empty());
}

}  // namespace
}  // namespace ecumene::test
