// SPDX-License-Identifier: Apache-2.0
// What `ecumene-data show` derives from a planet for the reader.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/support/ecumene_data.h"

namespace ecumene::test {
namespace {

using Json = nlohmann::json;

/// Kopparapu et al. 2014 (ApJ 787, L29), the authors' coefficients.
double limit(const std::array<double, 5>& c, double stellarTemperatureK) {
  const double t = stellarTemperatureK - 5780.0;
  return c[0] + c[1] * t + c[2] * t * t + c[3] * t * t * t + c[4] * t * t * t * t;
}

TEST(ShowWord, PlacesAPlanetInItsHabitableZone) {
  const TempFolder folder;
  const std::string store = folder / "store";
  parsed(ecumeneData({"generate", "--planets", "6", "--seed", "5", "--json", "--store", store}));
  parsed(ecumeneData({"import", "resources/demo/wasp39b", "--json", "--store", store}));
  std::size_t placed = 0, inside = 0;
  const Json list = parsed(ecumeneData({"list", "--json", "--store", store}));
  for (const Json& row : list["planets"]) {
    const std::string id = row["id"];
    const Json shown = parsed(ecumeneData({"show", id, "--json", "--store", store}));
    const Json& hz = shown["hz"];
    const std::string text = ecumeneData({"show", id, "--store", store}).out;
    EXPECT_EQ(text.find("habitable zone:") != std::string::npos, !hz.is_null()) << id;
    if (hz.is_null()) continue;
    ++placed;
    const bool observed = hz["by"] == "observed";
    const double flux = observed ? shown["scalars"]["stellar_flux"]["value"].get<double>()
                                 : shown["truth"]["orbit"]["flux_w_m2"].get<double>();
    const double star = observed ? shown["scalars"]["stellar_temperature"]["value"].get<double>()
                                 : shown["truth"]["star"]["temperature_k"].get<double>();
    EXPECT_NEAR(hz["flux"].get<double>(), flux / 1361.0, 1e-9) << id;
    EXPECT_NEAR(hz["recent_venus"].get<double>(), limit({1.776, 2.136e-4, 2.533e-8, -1.332e-11, -3.097e-15}, star),
                1e-9);
    EXPECT_NEAR(hz["runaway"].get<double>(), limit({1.107, 1.332e-4, 1.580e-8, -8.308e-12, -1.931e-15}, star), 1e-9);
    EXPECT_NEAR(hz["maximum"].get<double>(), limit({0.356, 6.171e-5, 1.698e-9, -3.198e-12, -5.575e-16}, star), 1e-9);
    EXPECT_NEAR(hz["early_mars"].get<double>(), limit({0.320, 5.547e-5, 1.526e-9, -2.874e-12, -5.011e-16}, star), 1e-9);
    EXPECT_EQ(hz["inside"].get<bool>(), hz["flux"] >= hz["maximum"] && hz["flux"] <= hz["runaway"]) << id;
    EXPECT_EQ(hz["inside_optimistic"].get<bool>(), hz["flux"] >= hz["early_mars"] && hz["flux"] <= hz["recent_venus"]);
    inside += hz["inside"].get<bool>() ? 1U : 0U;
  }
  EXPECT_GE(placed, 5U);
  EXPECT_GT(inside, 0U);
}

/// A folder beside `folder` with the climate of the embedded planet and its planet.json, less one parameter.
std::string withoutParameter(const TempFolder& folder, const std::string& planet, const std::string& parameter) {
  const std::filesystem::path from = std::filesystem::path("resources/demo") / planet;
  const std::filesystem::path to = folder / (planet + "-without");
  std::filesystem::create_directory(to);
  std::filesystem::copy_file(from / "MOST.00001.nc", to / "MOST.00001.nc");
  std::ifstream read(from / "planet.json");
  Json sidecar = Json::parse(read);
  EXPECT_EQ(sidecar["parameters"].erase(parameter), 1U);
  std::ofstream(to / "planet.json") << sidecar.dump();
  return to;
}

TEST(ShowWord, SaysOfImportedPlanetsWhatTheirFilesStateAndNothingElse) {
  const TempFolder folder;
  const std::string store = folder / "store";
  parsed(ecumeneData({"import", "resources/demo/tw612", withoutParameter(folder, "tw307", "star_temperature_K"),
                      "--json", "--store", store}));
  std::ifstream file("resources/demo/tw612/planet.json");
  const Json stated = Json::parse(file)["parameters"];
  const Json list = parsed(ecumeneData({"list", "--json", "--store", store}));
  for (const Json& row : list["planets"]) {
    EXPECT_TRUE(row["start"].is_null()) << row["id"];
    EXPECT_EQ(row["star"].is_null(), row["id"] == "tw307") << row.dump();
  }

  const Json truth = parsed(ecumeneData({"show", "tw612", "--json", "--store", store}))["truth"];
  EXPECT_EQ(truth["star"]["temperature_k"], stated["star_temperature_K"]);
  EXPECT_EQ(truth["bulk"]["synchronous"], stated["tidally_locked"]);
  EXPECT_EQ(truth["bulk"]["obliquity_deg"], stated["obliquity_deg"]);
  EXPECT_EQ(truth["surface"]["ocean_fraction"], 1.0) << "an aquaplanet";
  for (const char* path : {"/start", "/closure", "/star/age_gyr", "/star/radius_sun", "/star/mass_sun",
                           "/orbit/semi_major_axis_au", "/orbit/periastron_deg", "/surface/land_seed"}) {
    EXPECT_TRUE(truth[Json::json_pointer(path)].is_null()) << path << " " << truth[Json::json_pointer(path)];
  }
  const std::string text = ecumeneData({"show", "tw612", "--store", store}).out;
  EXPECT_EQ(text.find("warm"), std::string::npos) << text;
  EXPECT_EQ(text.find("0.663"), std::string::npos) << text;
  EXPECT_EQ(text.find("null"), std::string::npos) << text;
}

TEST(ShowWord, TellsTheImbalanceOfAnImportedClimate) {
  const TempFolder folder;
  const std::string store = folder / "store";
  parsed(ecumeneData({"import", "resources/demo/tw612", "--json", "--store", store}));
  std::ifstream file("resources/demo/tw612/planet.json");
  const double producers = Json::parse(file)["toa_imbalance_W_m2"];
  const std::string text = ecumeneData({"show", "tw612", "--store", store}).out;
  const std::string before = "quality: energy_closure passed: global annual mean imbalance of ";
  const std::size_t at = text.find(before);
  ASSERT_NE(at, std::string::npos) << text;
  EXPECT_NEAR(std::abs(std::stod(text.substr(at + before.size()))), std::abs(producers), 0.02);
}

TEST(ShowWord, ShowsWhatCataloguesAndTextsSayOfANameThatIsNoPlanet) {
  const TempFolder folder;
  const std::string store = folder / "store";
  std::ofstream(folder / "nasa.csv") << "pl_name,hostname,pl_orbper,pl_orbpererr1,pl_orbpererr2,pl_rade,pl_radelim\n"
                                        "Test-1 b,Test-1,10.5,0.1,-0.1,1.5,1\n";
  std::ofstream(folder / "texts.jsonl") << R"({"id":"1","title":"On TRAPPIST-1 e","summary":"Words."})"
                                        << "\n";
  parsed(ecumeneData({"import", folder / "nasa.csv", folder / "texts.jsonl", "--json", "--store", store}));
  const std::string list = ecumeneData({"list", "--store", store}).out;
  EXPECT_NE(list.find("1 catalogue entries, 1 collected texts"), std::string::npos) << list;
  for (const char* name : {"test-1-b", "Test-1 b"}) {
    const Finished shown = ecumeneData({"show", name, "--store", store});
    EXPECT_EQ(shown.code, 0) << shown.err;
    for (const char* said : {"Test-1 b, host Test-1", "10.5", "+- 0.1", "< 1.5", "R_earth", "from nasa.csv"}) {
      EXPECT_NE(shown.out.find(said), std::string::npos) << said << " in " << shown.out;
    }
  }
  const Json entry = parsed(ecumeneData({"show", "test-1-b", "--json", "--store", store}))["catalogue_entries"][0];
  EXPECT_EQ(entry["scalars"]["planet_radius"]["limit"], 1);
  EXPECT_EQ(entry["provenance"]["source"], "nasa.csv");
  const std::string text = ecumeneData({"show", "TRAPPIST-1 e", "--store", store}).out;
  EXPECT_NE(text.find("On TRAPPIST-1 e"), std::string::npos) << text;
  EXPECT_EQ(ecumeneData({"show", "test-1-c", "--store", store}).code, 1);
}

TEST(ListWord, PutsADashWhereNobodyJudgedAMetabolism) {
  const TempFolder folder;
  const std::string store = folder / "store";
  parsed(ecumeneData({"import", withoutParameter(folder, "tw307", "star_temperature_K"), "--json", "--store", store}));
  const std::string text = ecumeneData({"list", "--store", store}).out;
  std::istringstream row(text.substr(text.find("tw307")));
  std::vector<std::string> cells;
  for (std::string cell; cells.size() < 8 && row >> cell;) cells.push_back(cell);
  // id, name, split, star, regime, mean temperature, f_hab, viable
  EXPECT_EQ(cells[2], "real") << text;
  EXPECT_EQ(cells[3], "-") << text;
  EXPECT_NE(cells[4], "-") << text;
  EXPECT_EQ(cells[7], "-") << text;
}

}  // namespace
}  // namespace ecumene::test
