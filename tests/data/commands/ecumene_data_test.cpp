// SPDX-License-Identifier: Apache-2.0
// The words of ecumene-data as a user meets them: the real program on real files.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/formats/registry.h"
#include "data/store/store.h"
#include "tests/support/ecumene_data.h"
#include "tests/support/reference.h"

namespace ecumene::test {
namespace {

using Json = nlohmann::json;

/// sha-256 of every payload by file name.
std::map<std::string, std::string> payloads(const std::filesystem::path& store) {
  std::map<std::string, std::string> hashes;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store / "planets")) {
    if (entry.is_regular_file()) hashes[entry.path().filename()] = sha256OfFile(entry.path());
  }
  return hashes;
}

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

TEST(EcumeneData, EpochsGiveTheCubeATimeAxisAndChangeNothingElse) {
  const TempFolder folder;
  const std::string aged = folder / "aged", plain = folder / "plain";
  ecumeneData({"generate", "--planets", "2", "--seed", "7", "--epochs", "2", "--store", aged});
  ecumeneData({"generate", "--planets", "2", "--seed", "7", "--store", plain});
  for (const data::store::Row& row : data::store::Store::open(plain, data::store::Mode::kRead).list()) {
    const Json with = parsed(ecumeneData({"show", row.id, "--json", "--store", aged}));
    const Json without = parsed(ecumeneData({"show", row.id, "--json", "--store", plain}));
    EXPECT_EQ(with["epochs_Gyr"].size(), 2U);
    EXPECT_EQ(with["epochs_Gyr"][1], with["truth"]["star"]["age_gyr"]);
    EXPECT_TRUE(without["epochs_Gyr"].is_null());
    for (const char* part : {"labels", "scalars", "truth", "metabolisms", "spectra", "texts"}) {
      EXPECT_EQ(with[part], without[part]) << part;
    }
  }
  EXPECT_TRUE(parsed(ecumeneData({"check", "--json", "--store", aged}))["problems"].empty());
  // One seed has one number of epochs.
  const Finished refused = ecumeneData({"generate", "--planets", "3", "--seed", "7", "--store", aged});
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.err.find("epochs"), std::string::npos) << refused.err;
}

TEST(EcumeneData, GeneratedPlanetsAreListedShownAndSplit) {
  const TempFolder folder;
  const std::string store = folder / "store";
  const Json made = parsed(ecumeneData({"generate", "--planets", "6", "--seed", "7", "--json", "--store", store}));
  EXPECT_EQ(made["generated"], 6);
  // Once more: nothing is left to do.
  EXPECT_EQ(parsed(ecumeneData({"generate", "--planets", "6", "--seed", "7", "--json", "--store", store}))["generated"],
            0);

  const Json list = parsed(ecumeneData({"list", "--json", "--store", store}));
  ASSERT_EQ(list["planets"].size(), 6U);
  double stars = 0.0;
  for (const auto& [type, share] : list["shares"]["stars"].items()) stars += share.get<double>();
  EXPECT_NEAR(stars, 1.0, 1e-12);

  std::size_t inSplits = 0;
  for (const Json& split : parsed(ecumeneData({"splits", "--json", "--store", store})))
    inSplits += split["planets"].get<std::size_t>();
  EXPECT_EQ(inSplits, 6U);

  const std::string id = list["planets"][0]["id"];
  const Json shown = parsed(ecumeneData({"show", id, "--json", "--store", store}));
  ASSERT_EQ(shown["variables"].size(), 10U);
  for (const Json& v : shown["variables"]) {
    const double mean = v["area_weighted_mean"];
    const double rounding = 1e-12 * std::abs(mean);
    EXPECT_LE(v["min"].get<double>(), mean + rounding) << v;
    EXPECT_LE(mean - rounding, v["max"].get<double>()) << v;
    EXPECT_FALSE(v["units"].get<std::string>().empty());
  }
  for (const char* label : {"f_hab", "h050", "t_mean_K", "t_min_K", "t_max_K", "ice_fraction", "regime", "habitable"}) {
    EXPECT_TRUE(shown["labels"].contains(label)) << label;
  }
  // The label of the mean temperature is the mean of the variable.
  for (const Json& v : shown["variables"]) {
    if (v["symbol"] == "ts") {
      EXPECT_NEAR(v["area_weighted_mean"].get<double>(), shown["labels"]["t_mean_K"].get<double>(), 0.01);
    }
  }
  for (const char* key : {"points", "range_um", "median_depth_ppm", "median_sigma_ppm"}) {
    EXPECT_TRUE(shown["spectrum"].contains(key)) << key;
  }
  EXPECT_EQ(shown["metabolisms"].size(), 16U);
  // Mixing ratios are told by gas and add up to 1.
  double ratios = 0.0;
  for (const auto& [gas, ratio] : shown["truth"]["atmosphere"]["mixing_ratio"].items()) ratios += ratio.get<double>();
  EXPECT_NEAR(ratios, 1.0, 1e-6);
  EXPECT_TRUE(shown["truth"]["atmosphere"]["mixing_ratio"].contains("CO2"));
  // What people get says the same as the JSON.
  const std::string text = ecumeneData({"show", id, "--store", store}).out;
  const double gravity = shown["truth"]["bulk"]["gravity"];
  std::ostringstream digits;
  digits << std::setprecision(6) << "gravity " << gravity;
  EXPECT_NE(text.find(digits.str()), std::string::npos) << text;
  digits.str("");
  digits << std::setprecision(3) << "median sigma " << shown["spectrum"]["median_sigma_ppm"].get<double>() << " ppm";
  EXPECT_NE(text.find(digits.str()), std::string::npos) << digits.str() << "\n" << text;
  // The flags of the solver are counted over the planets that list shows.
  std::map<std::string, int> flags;
  for (const Json& row : list["planets"]) {
    for (const auto& [flag, value] : row["climate_flags"].items()) {
      if (value.is_boolean()) flags[flag] += value.get<bool>() ? 1 : 0;
    }
  }
  EXPECT_EQ(list["climate_flags"], Json(flags));
  EXPECT_TRUE(flags.contains("olr_clamped"));
  EXPECT_TRUE(parsed(ecumeneData({"check", "--json", "--store", store}))["problems"].empty());

  EXPECT_EQ(ecumeneData({"remove", id, "--store", store}).code, 0);
  EXPECT_EQ(parsed(ecumeneData({"list", "--json", "--store", store}))["planets"].size(), 5U);
  EXPECT_EQ(ecumeneData({"show", id, "--store", store}).code, 1);
}

TEST(EcumeneData, SameSeedGivesTheSameBytesWithAnyNumberOfThreads) {
  const TempFolder folder;
  for (const char* threads : {"1", "3"}) {
    ASSERT_EQ(
        ecumeneData({"generate", "--planets", "5", "--seed", "11", "--threads", threads, "--store", folder / threads})
            .code,
        0);
  }
  const auto one = payloads(folder / "1");
  EXPECT_EQ(one.size(), 5U);
  EXPECT_EQ(one, payloads(folder / "3"));
  EXPECT_EQ(ecumeneData({"list", "--json", "--store", folder / "1"}).out,
            ecumeneData({"list", "--json", "--store", folder / "3"}).out);
  const std::string first = one.begin()->first;
  const std::string id = first.substr(0, first.rfind('.'));
  EXPECT_EQ(ecumeneData({"show", id, "--json", "--store", folder / "1"}).out,
            ecumeneData({"show", id, "--json", "--store", folder / "3"}).out);
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

constexpr const char* kCancelled =
    "ecumene-data: cancelled; what was finished before is kept; the same command does the rest\n";

/// Starts 400 planets of seed 3 and sends the signal once `planets` are there.
Finished interruptedGeneration(const std::string& store, int signal, std::size_t planets) {
  Running running({"ecumene-data", "generate", "--planets", "400", "--seed", "3", "--store", store});
  for (int i = 0; i < 1200; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    if (std::filesystem::exists(std::filesystem::path(store) / "planets") && payloads(store).size() > planets) break;
  }
  running.signal(signal);
  return running.finish();
}

TEST(EcumeneData, InterruptedGenerationKeepsWholePlanetsAndGoesOn) {
  const TempFolder folder;
  const std::string store = folder / "store";
  std::size_t before = 0;
  for (const int signal : {SIGTERM, SIGINT}) {
    const Finished stopped = interruptedGeneration(store, signal, before);
    EXPECT_EQ(stopped.code, 1) << signal << ": " << stopped.err;
    EXPECT_EQ(stopped.err, kCancelled) << signal;
    before = payloads(store).size();
  }
  const std::size_t kept = parsed(ecumeneData({"list", "--json", "--store", store}))["planets"].size();
  EXPECT_EQ(kept, before);
  EXPECT_GT(kept, 1U);
  EXPECT_LT(kept, 400U);
  EXPECT_TRUE(parsed(ecumeneData({"check", "--json", "--store", store}))["problems"].empty());
  const std::string more = std::to_string(kept + 2);
  const Json resumed = parsed(ecumeneData({"generate", "--planets", more, "--seed", "3", "--json", "--store", store}));
  EXPECT_LE(resumed["generated"].get<std::size_t>(), 4U);
}

TEST(EcumeneData, InterruptedImportSaysTheSame) {
  const TempFolder folder;
  const std::filesystem::path store = folder / "store";
  Running running({"ecumene-data", "import", "resources/demo", "--json", "--threads", "1", "--store", store});
  for (int i = 0; i < 2000 && !(std::filesystem::exists(store / "planets") && !payloads(store).empty()); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  running.signal(SIGHUP);
  const Finished stopped = running.finish();
  EXPECT_EQ(stopped.code, 1) << stopped.err;
  EXPECT_EQ(stopped.err, kCancelled);
  const Json outcomes = Json::parse(stopped.out);
  EXPECT_LT(outcomes.size(), 5U);
  // What it lists is in the store.
  for (const Json& outcome : outcomes) {
    EXPECT_EQ(ecumeneData({"show", outcome["id"], "--store", store}).code, 0) << outcome;
  }
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
  // People get one line for each, without what was assumed when it came in.
  const std::string again = ecumeneData({"import", "resources/demo", "--store", store}).out;
  EXPECT_EQ(static_cast<std::size_t>(std::count(again.begin(), again.end(), '\n')), outcomes.size()) << again;
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
