// SPDX-License-Identifier: Apache-2.0
// The words of ecumene-data as a user meets them: the real program on real files.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "data/base/files.h"
#include "data/formats/registry.h"
#include "data/store/store.h"
#include "tests/support/ecumene_data.h"
#include "tests/support/reference.h"

namespace ecumene::test {
namespace {

using Json = nlohmann::json;

TEST(EcumeneData, HelpOfImportListsEveryFormatWithItsKeys) {
  const Finished help = ecumeneData({"import", "--help"});
  EXPECT_EQ(help.code, 0);
  for (const data::formats::OptionInfo& option : data::formats::commonOptions()) {
    EXPECT_NE(help.out.find(std::string(option.key) + ": " + std::string(option.meaning)), std::string::npos);
  }
  for (const data::formats::Format& format : data::formats::formats()) {
    const std::size_t at = help.out.find("  " + std::string(format.name) + ": " + std::string(format.reads) + "\n");
    ASSERT_NE(at, std::string::npos) << format.name << " in " << help.out;
    for (const data::formats::OptionInfo& option : format.options) {
      EXPECT_NE(help.out.find(option.key, at), std::string::npos) << format.name << ": " << option.key;
      EXPECT_NE(help.out.find(option.meaning, at), std::string::npos) << format.name << ": " << option.meaning;
    }
  }
}

TEST(EcumeneData, PlanetsOfAnotherGeneratorAreNotMixedIn) {
  const TempFolder folder;
  const std::string store = folder / "store";
  data::store::Store::open(store, data::store::Mode::kCreate)
      .recordGeneration({7, 512, "ecumene generator 0", "other priors"});
  const Finished refused = ecumeneData({"generate", "--planets", "1", "--seed", "7", "--store", store});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("ecumene generator 0"), std::string::npos) << refused.err;
  EXPECT_EQ(ecumeneData({"generate", "--planets", "1", "--seed", "8", "--store", store}).code, 0);
}

TEST(EcumeneData, DamagedStoreIsNamedByEveryWordAndNotGeneratedInto) {
  const TempFolder folder;
  const std::string store = folder / "store";
  ASSERT_EQ(ecumeneData({"generate", "--planets", "1", "--seed", "7", "--store", store}).code, 0);
  const std::string catalogue = store + "/catalogue.sqlite";
  const std::string whole = readFile(catalogue);
  // A value that nothing else of the catalogue contradicts.
  const std::size_t at = whole.find("ecumene generator");
  ASSERT_NE(at, std::string::npos);
  std::string bytes = whole;
  for (std::size_t i = at; i != std::string::npos; i = bytes.find("ecumene generator", i)) bytes[i] = 'f';
  writeFileAtomically(catalogue, bytes);
  const Finished checked = ecumeneData({"check", "--json", "--store", store});
  EXPECT_EQ(checked.code, 1);
  EXPECT_FALSE(Json::parse(checked.out)["problems"].empty());
  EXPECT_EQ(ecumeneData({"generate", "--planets", "1", "--seed", "8", "--store", store}).code, 1);
  // Pages that are no pages, and a file that is cut.
  bytes = whole;
  std::fill(bytes.begin() + 4096, bytes.end(), '\x55');
  for (const std::string& damaged : {bytes, whole.substr(0, whole.size() / 2), whole.substr(0, 5000)}) {
    writeFileAtomically(catalogue, damaged);
    for (const std::vector<std::string>& words : {std::vector<std::string>{"list"},
                                                  {"show", "g7-000000w"},
                                                  {"check"},
                                                  {"splits"},
                                                  {"remove", "g7-000000w"},
                                                  {"generate", "--planets", "1", "--seed", "7"},
                                                  {"import", "resources/demo/wasp39b"},
                                                  {"fba", "g7-000000w"}}) {
      std::vector<std::string> all = words;
      all.insert(all.end(), {"--store", store});
      const Finished refused = ecumeneData(all);
      EXPECT_EQ(refused.code, 1) << words[0] << ": " << refused.out << refused.err;
      const std::string said = refused.out + refused.err;
      EXPECT_NE(said.find(store), std::string::npos) << words[0] << ": " << said;
      EXPECT_NE(said.find("damaged"), std::string::npos) << words[0] << ": " << said;
      EXPECT_EQ(said.find("internal error"), std::string::npos) << words[0] << ": " << said;
    }
  }
  // The payload is lost: its planet is not "there".
  writeFileAtomically(catalogue, whole);
  std::filesystem::remove_all(store + "/planets");
  EXPECT_EQ(ecumeneData({"generate", "--planets", "1", "--seed", "7", "--store", store}).code, 1);
}

TEST(EcumeneData, HelpOfEveryWordShowsTheCommonOptions) {
  for (const char* word : {"generate", "import", "list", "show", "check", "splits", "remove", "fba"}) {
    const Finished help = ecumeneData({word, "--help"});
    EXPECT_EQ(help.code, 0);
    for (const char* option : {"--store", "--json", "--threads"}) {
      EXPECT_NE(help.out.find(option), std::string::npos) << word << ' ' << option;
    }
  }
  // They may stand before the word and after it.
  const TempFolder folder;
  const std::string none = folder / "none";
  EXPECT_EQ(Json::parse(ecumeneData({"--json", "list", "--store", none}).out)["error"]["object"], none);
  EXPECT_EQ(Json::parse(ecumeneData({"--store", none, "list", "--json"}).out)["error"]["object"], none);
}

/// `show` beside the independent calculation of tests/oracles (netCDF4 and numpy), to 1e-3 of the values' own size.
void expectAgreesWithOracle(const Json& oracle, const std::string& path, const Json& shown) {
  const std::string folder = std::filesystem::path(path).parent_path().filename();
  for (const auto& [file, expected] : oracle.items()) {
    if (file.find("/" + folder + "/") == std::string::npos) continue;
    EXPECT_NEAR(shown["labels"]["f_hab"].get<double>(), expected["f_hab"].get<double>(), 1e-3) << folder;
    EXPECT_NEAR(shown["labels"]["h050"].get<double>(), expected["h050"].get<double>(), 1e-3) << folder;
    for (const Json& v : shown["variables"]) {
      const Json& numbers = expected["variables"][v["name"].get<std::string>()];
      const double size = std::max(std::abs(numbers["max"].get<double>()), std::abs(numbers["min"].get<double>()));
      for (const auto& [ours, theirs] :
           {std::pair("min", "min"), std::pair("max", "max"), std::pair("area_weighted_mean", "mean")}) {
        EXPECT_NEAR(v[ours].get<double>(), numbers[theirs].get<double>(), 1e-3 * size) << folder << ' ' << v["name"];
      }
    }
    const Json& ts = expected["variables"]["surface_temperature"];
    EXPECT_NEAR(shown["labels"]["t_mean_K"].get<double>(), ts["mean"].get<double>(), 0.05) << folder;
    EXPECT_NEAR(shown["labels"]["t_min_K"].get<double>(), ts["min"].get<double>(), 0.05) << folder;
    EXPECT_NEAR(shown["labels"]["t_max_K"].get<double>(), ts["max"].get<double>(), 0.05) << folder;
    return;
  }
  ADD_FAILURE() << "the oracle has no " << folder;
}

TEST(EcumeneData, EmbeddedRealPlanetsGetLabelsAndSimulatedSpectra) {
  const TempFolder folder;
  const std::string store = folder / "store";
  const Json outcomes = parsed(ecumeneData({"import", "resources/demo", "--json", "--store", store}));
  const Json oracle = reference("climate.json");
  ASSERT_GE(outcomes.size(), 5U);
  std::size_t climates = 0;
  std::size_t spectra = 0;
  for (const Json& outcome : outcomes) {
    EXPECT_EQ(outcome["status"], "imported") << outcome;
    if (outcome["kind"] == "climate") {
      ++climates;
      const Json shown = parsed(ecumeneData({"show", outcome["id"], "--json", "--store", store}));
      EXPECT_EQ(shown["split"], "real");
      EXPECT_TRUE(shown["labels"].is_object());
      EXPECT_EQ(shown["metabolisms"].size(), 16U);
      expectAgreesWithOracle(oracle, outcome["path"], shown);
      bool said = false;
      for (const Json& p : shown["provenance"])
        said = said || p["conversions"].get<std::string>().find("simulated spectra") != std::string::npos;
      EXPECT_TRUE(said) << "a simulated observation must be called so";
    }
    if (outcome["kind"] == "spectrum") {
      ++spectra;
      const Json shown = parsed(ecumeneData({"show", outcome["id"], "--json", "--store", store}));
      EXPECT_EQ(shown["split"], "observed");
      EXPECT_TRUE(shown["labels"].is_null());
      // WASP-39 b: a depth of about 2.1 per cent (Feinstein et al. 2023).
      EXPECT_NEAR(shown["spectrum"]["median_depth_ppm"].get<double>(), 21300.0, 500.0);
    }
  }
  EXPECT_EQ(climates, 4U);
  EXPECT_EQ(spectra, 1U);
  // The same files again are the same planets.
  for (const Json& outcome : parsed(ecumeneData({"import", "resources/demo", "--json", "--store", store}))) {
    EXPECT_EQ(outcome["message"], "already in the store") << outcome;
    EXPECT_EQ(outcome["status"], "imported") << outcome;
  }
  // People get what was assumed then, too.
  const std::string again = ecumeneData({"import", "resources/demo", "--store", store}).out;
  for (const Json& outcome : outcomes) {
    EXPECT_NE(again.find("imported  " + outcome["path"].get<std::string>()), std::string::npos) << again;
    for (const Json& assumption : outcome["assumptions"]) {
      EXPECT_NE(again.find("          assumed: " + assumption.get<std::string>()), std::string::npos) << again;
    }
  }
}

TEST(EcumeneData, RefusedFilesAreNamedAndTheOthersGoIn) {
  const TempFolder folder;
  const std::string store = folder / "store";
  writeFileAtomically(folder / "broken.nc", "CDF\x05 not a netcdf file");
  std::filesystem::copy("resources/demo", folder.path() / "files", std::filesystem::copy_options::recursive);
  std::filesystem::create_directory(folder.path() / "empty");
  std::filesystem::create_symlink("loop", folder.path() / "files" / "loop");
  writeFileAtomically(folder.path() / "bad\xff.csv", "nothing");
  const Finished mixed = ecumeneData({"import", folder / "files", folder / "empty", folder / "broken.nc",
                                      folder / "missing.csv", folder / "bad\xff.csv", "--json", "--store", store});
  EXPECT_EQ(mixed.code, 1);
  int refused = 0, unknowns = 0;
  for (const Json& outcome : Json::parse(mixed.out)) {
    if (outcome["status"] != "refused") continue;
    ++refused;
    EXPECT_TRUE(outcome["id"].is_null());
    const std::string file = std::filesystem::path(outcome["path"].get<std::string>()).filename();
    EXPECT_NE(outcome["message"].get<std::string>().find(file), std::string::npos) << outcome;
    // What each format made of a file that none fits is told to programs, not in the message.
    const bool unknown = outcome["message"].get<std::string>().find("no format fits") != std::string::npos;
    unknowns += unknown ? 1 : 0;
    EXPECT_EQ(outcome["tried"].size(), unknown ? data::formats::formats().size() : 0U) << outcome;
    EXPECT_EQ(outcome["message"].get<std::string>().find("not a NetCDF file"), std::string::npos) << outcome;
  }
  EXPECT_EQ(refused, 4);
  EXPECT_EQ(unknowns, 2);
  EXPECT_GE(parsed(ecumeneData({"list", "--json", "--store", store}))["planets"].size(), 5U);
}

TEST(EcumeneData, NoNameOfAFileIsObeyedByATerminal) {
  const TempFolder folder;
  writeFileAtomically(folder.path() / "esc\x1b[31m\nrefused  red.csv", "just words");
  ::setenv("ECUMENE_PROGRESS", "1", 1);
  const Finished came =
      ecumeneData({"import", folder.path().string(), folder / "gone\x1b[31m", "--store", folder / "store"});
  ::unsetenv("ECUMENE_PROGRESS");
  EXPECT_EQ(came.code, 1);
  EXPECT_EQ((came.out + came.err).find('\x1b'), std::string::npos) << came.out << came.err;
  EXPECT_EQ(std::count(came.out.begin(), came.out.end(), '\n'), 2) << came.out;
  EXPECT_NE(came.out.find("esc [31m refused  red.csv"), std::string::npos) << came.out;
  EXPECT_EQ(std::count(came.err.begin(), came.err.end(), '\n'), 2) << came.err;
}

TEST(EcumeneData, FullAndClosedStreamsAreNoDefects) {
  const TempFolder folder;
  const std::string store = folder / "store";
  ASSERT_EQ(ecumeneData({"generate", "--planets", "2", "--seed", "7", "--store", store}).code, 0);
  const std::string program = programFolder() + "/ecumene-data ";
  const std::string said = folder / "said";
  const auto shell = [&](const std::string& command) {
    const int status = std::system(("( " + command + " ) 2> " + said).c_str());
    return Finished{WEXITSTATUS(status), "", readFile(said)};
  };
  const std::string id = parsed(ecumeneData({"list", "--json", "--store", store}))["planets"][0]["id"];
  for (const std::string& words : {std::string("list --json"), "show --json " + id, std::string("splits")}) {
    const Finished full = shell(program + words + " --store " + store + " > /dev/full");
    EXPECT_EQ(full.code, 3) << words;
    EXPECT_NE(full.err.find("standard output"), std::string::npos) << full.err;
  }
  EXPECT_EQ(shell(program + "show nope --store " + store + " 2>&-").code, 1);
  EXPECT_EQ(shell(program + "list --store " + store + " >&- 2>&-").code, 3);
  EXPECT_EQ(shell(program + "check --json --store " + store + " <&-").code, 0);
}

TEST(EcumeneData, MistakesOfUseAreCode2) {
  const TempFolder folder;
  EXPECT_EQ(ecumeneData({}).code, 2);
  EXPECT_EQ(ecumeneData({"fly"}).code, 2);
  EXPECT_EQ(ecumeneData({"generate", "--planets", "-3"}).code, 2);
  EXPECT_EQ(ecumeneData({"generate", "--planets", "many"}).code, 2);
  EXPECT_EQ(ecumeneData({"list", "--store", ""}).code, 2);
  EXPECT_EQ(ecumeneData({"generate", "--seed", "-1", "--store", folder / "s"}).code, 2);
  EXPECT_EQ(ecumeneData({"generate", "--seed", "18446744073709551616", "--store", folder / "s"}).code, 2);
  EXPECT_EQ(ecumeneData({"import", "x.csv", "--set", "nonsense", "--store", folder / "s"}).code, 2);
  EXPECT_EQ(ecumeneData({"import", "x.csv", "--set", "no.such.key=1", "--store", folder / "s"}).code, 2);
  writeFileAtomically(folder / "list", std::string("a.csv\nb.csv\0c\n", 14));
  const Finished listed = ecumeneData({"import", "--list", folder / "list", "--store", folder / "s"});
  EXPECT_EQ(listed.code, 2);
  EXPECT_NE(listed.err.find("line 2: a name in the list holds a zero byte"), std::string::npos) << listed.err;
  EXPECT_EQ(ecumeneData({"--help"}).code, 0);
  EXPECT_EQ(ecumeneData({"--version"}).code, 0);
}

TEST(EcumeneData, HostileIdsAndPlacesChangeNothing) {
  const TempFolder folder;
  const std::string store = folder / "store";
  ASSERT_EQ(ecumeneData({"generate", "--planets", "1", "--store", store}).code, 0);
  const std::string before = ecumeneData({"list", "--json", "--store", store}).out;
  for (const std::string& id :
       {std::string("../store"), std::string("/etc/passwd"), std::string("'; DROP TABLE planet; --"),
        std::string(4096, 'a'), std::string("a\nb"), std::string("..")}) {
    EXPECT_EQ(ecumeneData({"remove", id, "--store", store}).code, 1) << id;
    EXPECT_EQ(ecumeneData({"show", id, "--store", store}).code, 1) << id;
  }
  EXPECT_EQ(ecumeneData({"list", "--json", "--store", store}).out, before);
  EXPECT_EQ(ecumeneData({"list", "--store", folder / "absent"}).code, 1);
  EXPECT_FALSE(std::filesystem::exists(folder / "absent")) << "listing must not make a store";
}

}  // namespace
}  // namespace ecumene::test
