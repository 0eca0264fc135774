// SPDX-License-Identifier: Apache-2.0
// Whose climate a file holds: the names that models give to variables, and the planet.json beside it.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cf_world.h"
#include "data/formats/registry.h"
#include "data/planet/cube.h"
#include "tests/support/import_text.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::VariableId;
using test::airK;
using test::at;
using test::CfFixture;
using test::evenly;
using test::expectPlain;
using test::plain;
using test::radians;
using test::read;
using test::refusal;
using test::tells;

TEST(CfModels, LongAndShortNamesAreTakenAndSaid) {
  CfFixture fixture = plain();
  for (auto& variable : fixture.variables) variable.standardName.clear();
  fixture.variables[0].name = "SKT_42";
  fixture.variables[0].longName = "Skin temperature";
  fixture.variables[1].name = "PS";
  fixture.variables[2].name = "T";
  fixture.variables[3].name = "U";
  const planet::Import import = read(fixture);
  expectPlain(import);
  EXPECT_TRUE(tells(import, "SKT_42 is ts by long_name (Skin temperature)"));
  EXPECT_TRUE(tells(import, "T is ta by its name"));
}

TEST(CfModels, TwoVariablesOfOneNameAreAskedAbout) {
  CfFixture fixture = plain();
  fixture.add("ts2", "surface_temperature", "K", false, CfFixture::constant(280.0));
  EXPECT_NE(refusal(fixture).find("--set variable.ts=ts"), std::string::npos);
  EXPECT_NEAR(at(read(fixture, {{"variable.ts", "ts2"}}), VariableId::kSurfaceTemperature, 0, 0, 0), 280.0, 1e-4);
}

TEST(CfModels, OnlyPlanetsOfClimateModelsAreTakenForSuch) {
  for (const auto& [stated, origin] : std::map<std::string, planet::Origin>{{"gcm", planet::Origin::kGcm},
                                                                            {"generated", planet::Origin::kOther},
                                                                            {"observed", planet::Origin::kOther}}) {
    CfFixture fixture = plain();
    fixture.more = [&](test::NetcdfBuilder& file) { file.globalText("ecumene_origin", stated); };
    EXPECT_EQ(read(fixture).planet.origin, origin) << stated;
  }
}

TEST(CfModels, ThePlanetJsonBesideStatesThePlanetAndTurnsItsStarTo180East) {
  const test::TempFolder folder;
  CfFixture fixture = plain();
  fixture.variables[0].value = [](double, double lon, double, std::size_t) {
    return 280.0 + 20.0 * std::cos(radians(lon - 90.0));
  };
  fixture.write(folder / "world.nc");
  std::ofstream(folder / "planet.json") << R"({"name": "locked", "parameters": {"tidally_locked": true,
      "substellar_longitude_deg": 90, "rotation_period_earth_days": 5, "stellar_flux_W_m2": 900}})";
  const planet::Import import = formats::importFile(folder / "world.nc", {});
  EXPECT_EQ(import.planet.name, "locked");
  EXPECT_DOUBLE_EQ(import.planet.scalars[planet::ScalarId::kStellarFlux]->value, 900.0);
  EXPECT_DOUBLE_EQ(import.planet.truth->bulk.substellarLongitudeDeg, 180.0);
  EXPECT_NEAR(at(import, VariableId::kSurfaceTemperature, 0, 16, 32), 300.0, 0.1);  // column 32 is 180 E
  EXPECT_NEAR(at(import, VariableId::kSurfaceTemperature, 0, 16, 0), 260.0, 0.1);
}

TEST(CfModels, APlanetJsonThatIsNoFileIsRefusedAndNotPassedOver) {
  namespace fs = std::filesystem;
  const auto made = std::to_array<std::function<void(const fs::path&)>>(
      {[](const fs::path& path) { fs::create_directory(path); },
       [](const fs::path& path) { fs::create_symlink(path.filename(), path); },
       [](const fs::path& path) { fs::create_symlink("nothing", path); },
       [](const fs::path& path) { fs::create_symlink("/dev/zero", path); },
       [](const fs::path& path) { ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0); }});
  for (std::size_t i = 0; i < made.size(); ++i) {
    const test::TempFolder folder;
    plain().write(folder / "world.nc");
    made[i](folder / "planet.json");
    const std::string said = test::refusalIn([&] { return formats::importFile(folder / "world.nc", {}); });
    EXPECT_NE(said.find("planet.json: what is to be read beside the file is no plain file"), std::string::npos)
        << i << ": " << said;
  }
}

TEST(CfModels, AStarWithinHalfAColumnOf180EastStaysWhereItIs) {
  // 177.1875 E is where ThousandWorlds has its stars: half a column west.
  for (const auto& [stated, remains] :
       std::map<std::string, double>{{"177.1875", 177.1875}, {"182.8125", 182.8125}, {"-182.8125", 177.1875}}) {
    const test::TempFolder folder;
    plain().write(folder / "world.nc");
    std::ofstream(folder / "planet.json") << R"({"name": "locked", "parameters": {"tidally_locked": true,
        "substellar_longitude_deg": )" << stated
                                          << "}}";
    const planet::Import import = formats::importFile(folder / "world.nc", {});
    EXPECT_FALSE(tells(import, "rolled")) << stated;
    EXPECT_DOUBLE_EQ(import.planet.truth->bulk.substellarLongitudeDeg, remains);
    expectPlain(import);
  }
}

TEST(CfModels, ACompositionThatPlanetJsonLeavesOutIsUnknown) {
  const auto airOf = [](const std::string& parameters) {
    const test::TempFolder folder;
    plain().write(folder / "world.nc");
    std::ofstream(folder / "planet.json") << R"({"name": "air", "parameters": {)" << parameters << "}}";
    return formats::importFile(folder / "world.nc", {});
  };
  const planet::Import unknown = airOf(R"("surface_pressure_bar": 2)");
  EXPECT_DOUBLE_EQ(unknown.planet.truth->atmosphere.surfacePressurePa, 2e5);
  for (const double ratio : unknown.planet.truth->atmosphere.mixingRatio) EXPECT_EQ(ratio, 0.0);
  EXPECT_TRUE(tells(unknown, "no partial pressure"));
  const planet::Import known = airOf(R"("surface_pressure_bar": 2, "pN2_bar": 2)");
  EXPECT_DOUBLE_EQ(known.planet.truth->atmosphere.ratio(planet::Gas::kN2), 1.0);
  EXPECT_FALSE(tells(known, "no partial pressure"));
}

TEST(CfModels, TheNamesOfOtherModelsAreKnown) {
  // ROCKE-3D (ModelE): pressures of mid-layers in mb, degrees C, clouds in per cent, thermal flux downward.
  CfFixture rocke;
  rocke.time.clear();
  rocke.levels = {975.0, 900.0, 700.0, 400.0, 200.0, 60.0, 20.0};
  rocke.levelAttributes = {{"units", "mb"}};
  const auto named = [](CfFixture& fixture, const std::string& name, const std::string& units, double value,
                        bool onLevels, const std::string& longName = "") {
    fixture.variables.push_back({name, "", units, onLevels, CfFixture::constant(value), longName});
  };
  named(rocke, "tgrnd", "C", 10.0, false, "GROUND TEMPERATURE");
  named(rocke, "tsurf", "C", 9.0, false, "SURFACE AIR TEMPERATURE");
  named(rocke, "prsurf", "mb", 984.0, false);
  named(rocke, "temp", "C", -20.0, true);
  named(rocke, "q", "kg/kg", 0.004, true);
  named(rocke, "u", "m/s", 5.0, true);
  named(rocke, "v", "m/s", -3.0, true);
  named(rocke, "pcldt", "%", 60.0, false);
  named(rocke, "oicefr", "%", 5.0, false);
  named(rocke, "srnf_toa", "W/m^2", 240.0, false, "NET SOLAR RADIATION, TOA");
  named(rocke, "trnf_toa", "W/m^2", -239.0, false, "NET THERMAL RADIATION, TOA");
  // LMD generic: hybrid aps, bps without formula_terms.
  CfFixture lmd;
  lmd.time.clear();
  lmd.levels = {0.5, 2.0, 5.0, 10.0, 15.0, 22.0, 30.0};
  lmd.levelAttributes = {{"units", "km"}, {"long_name", "pseudo-alt"}, {"positive", "up"}};
  lmd.more = [](test::NetcdfBuilder& file) {
    file.put("aps", {"lev"}, {{"units", "Pa"}}, {0.0, 500.0, 2000.0, 5000.0, 6000.0, 3000.0, 1500.0});
    file.put("bps", {"lev"}, {}, {0.985, 0.8, 0.5, 0.2, 0.06, 0.02, 0.0});
  };
  named(lmd, "tsurf", "K", 283.15, false, "Surface temperature");
  named(lmd, "ps", "Pa", 98400.0, false);
  named(lmd, "temp", "K", 253.15, true);
  named(lmd, "u", "m.s-1", 5.0, true);
  named(lmd, "ASR", "W m-2", 240.0, false);
  named(lmd, "OLR", "W m-2", 239.0, false);
  // CAM (CESM).
  CfFixture cam = rocke;
  cam.variables.clear();
  cam.levelAttributes = {{"units", "hPa"}};
  named(cam, "TS", "K", 283.15, false);
  named(cam, "PS", "Pa", 98400.0, false);
  named(cam, "T", "K", 253.15, true);
  named(cam, "CLDTOT", "fraction", 0.6, false);
  named(cam, "ICEFRAC", "fraction", 0.05, false);
  named(cam, "FSNT", "W/m2", 240.0, false);
  named(cam, "FLNT", "W/m2", 239.0, false);
  for (const auto& [fixture, fields] : {std::pair<const CfFixture&, std::size_t>{rocke, 10}, {lmd, 6}, {cam, 7}}) {
    const planet::Import import = read(fixture, {{"time", "constant"}});
    EXPECT_EQ(import.planet.climate->fields.size(), fields);
    EXPECT_NEAR(at(import, VariableId::kSurfaceTemperature, 0, 9, 9), 283.15, 1e-4);
    EXPECT_NEAR(at(import, VariableId::kSurfaceAirPressure, 0, 9, 9), 98400.0, 1e-2);
    EXPECT_NEAR(at(import, VariableId::kAirTemperature, 0, 9, 9, 5), 253.15, 1e-4);
    EXPECT_NEAR(at(import, VariableId::kToaNetShortwave, 0, 9, 9), 240.0, 1e-4);
    EXPECT_NEAR(at(import, VariableId::kToaOutgoingLongwave, 0, 9, 9), 239.0, 1e-4);
  }
  EXPECT_NEAR(at(read(lmd, {{"time", "constant"}}), VariableId::kEastwardWind, 0, 9, 9, 5), 5.0, 1e-4);
}

TEST(CfModels, ExoPlaSimAtAnotherResolutionIsReadAsAnyModel) {
  CfFixture fixture;
  std::vector<double> weights;
  planet::gaussianLatitudes(64, fixture.latitude, weights);
  std::reverse(fixture.latitude.begin(), fixture.latitude.end());
  fixture.longitude = evenly(0.0, 2.8125, 128);
  fixture.levels = {0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97};
  fixture.levelAttributes = {{"standard_name", "sigma_coordinate"}, {"units", "nondimensional"}, {"positive", "down"}};
  fixture.timeAttributes = {{"standard_name", "timestep_of_year"}, {"units", "timesteps"}};
  fixture.add("ts", "surface_temperature", "K", false,
              [](double lat, double, double, std::size_t) { return 250.0 + 40.0 * std::cos(radians(lat)); });
  fixture.add("ps", "surface_air_pressure", "hPa", false, CfFixture::constant(1000.0));
  fixture.add("ta", "air_temperature", "K", true,
              [](double, double, double sigma, std::size_t) { return airK(sigma); });
  fixture.add("rst", "toa_net_shortwave_flux", "W m-2", false, CfFixture::constant(240.0));
  fixture.add("rlut", "toa_net_longwave_flux", "W m-2", false, CfFixture::constant(-239.0));
  fixture.add("sic", "sea_ice_cover", "1", false, CfFixture::constant(0.1));
  const planet::Import import = read(fixture);
  EXPECT_EQ(import.provenance.generator, "ecumene importer cf_netcdf");
  EXPECT_EQ(import.planet.climate->fields.size(), 6U);
  EXPECT_NEAR(at(import, VariableId::kAirTemperature, 5, 9, 17, 6), airK(0.6994), 1e-4);
  EXPECT_NEAR(at(import, VariableId::kToaOutgoingLongwave, 5, 9, 17), 239.0, 1e-4);
  EXPECT_TRUE(tells(import, "twelfths"));
}

}  // namespace
