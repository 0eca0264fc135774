// SPDX-License-Identifier: Apache-2.0
// Generating planets by the program: what comes out, from how many threads, and after an interruption.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iomanip>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "data/base/hash.h"
#include "data/store/store.h"
#include "tests/support/ecumene_data.h"

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

TEST(Generation, GeneratedPlanetsAreListedShownAndSplit) {
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

TEST(Generation, EpochsGiveTheCubeATimeAxisAndChangeNothingElse) {
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

TEST(Generation, SameSeedGivesTheSameBytesWithAnyNumberOfThreads) {
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

TEST(Generation, InterruptedGenerationKeepsWholePlanetsAndGoesOn) {
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

TEST(Generation, AnInterruptedImportSaysTheSame) {
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

TEST(Generation, OneThreadAndThreeImportTheSamePlanets) {
  const TempFolder folder;
  std::map<std::string, std::vector<Json>> planets;
  for (const char* threads : {"1", "3"}) {
    const std::filesystem::path store = folder / threads;
    (void)ecumeneData({"import", "resources/demo", "--json", "--threads", threads, "--store", store});
    const Json listed = parsed(ecumeneData({"list", "--json", "--store", store}));
    planets[threads].assign(listed.at("planets").begin(), listed.at("planets").end());
    std::ranges::sort(planets[threads], {}, [](const Json& planet) { return planet["id"].get<std::string>(); });
  }
  EXPECT_GE(planets["1"].size(), 4U);
  EXPECT_EQ(planets["1"], planets["3"]);
}

}  // namespace
}  // namespace ecumene::test
