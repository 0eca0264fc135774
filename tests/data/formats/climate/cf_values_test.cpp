// SPDX-License-Identifier: Apache-2.0
// Values that cannot be true, and units that are said oddly or wrongly. Truth: a climate with a closed form, in which
// single values are something else.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include "cf_world.h"
#include "data/formats/climate/possible_values.h"
#include "data/formats/registry.h"
#include "data/planet/cube.h"
#include "tests/support/import_text.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::VariableId;
using test::at;
using test::CfFixture;
using test::evenly;
using test::find;
using test::plain;
using test::read;
using test::refusal;
using test::says;

/// The plain climate on few cells: these tests are about single values.
CfFixture coarse() {
  CfFixture fixture = plain();
  fixture.latitude = evenly(-84.0, 12.0, 15);
  fixture.longitude = evenly(0.0, 15.0, 24);
  fixture.levels = {0.01, 0.1, 0.5, 0.9, 0.99};
  return fixture;
}
constexpr std::size_t kMaps = 12, kCells = 15 * 24;

/// That its ground and its wind came in with their own numbers.
void expectCoarse(const planet::Import& import) {
  ASSERT_NE(find(import, VariableId::kSurfaceTemperature), nullptr);
  ASSERT_NE(find(import, VariableId::kEastwardWind), nullptr);
  EXPECT_NEAR(at(import, VariableId::kSurfaceTemperature, 5, 16, 16), test::groundK(2.8, 90.0, 5), 1.5);
  EXPECT_NEAR(at(import, VariableId::kEastwardWind, 5, 16, 16, 5), 20.0, 0.8);
}

/// The value of a fixture's variable, but for one that is `wrong`.
CfFixture::Value butOne(const CfFixture::Value& value, double wrong, std::size_t atStep, double atLevel = 0.0) {
  return [=](double lat, double lon, double level, std::size_t step) {
    const bool here = step == atStep && lat == 12.0 && lon == 30.0 && (atLevel == 0.0 || level == atLevel);
    return here ? wrong : value(lat, lon, level, step);
  };
}

void expectHolds(const std::string& text, const std::vector<std::string>& words) {
  for (const std::string& word : words) EXPECT_NE(text.find(word), std::string::npos) << word << " in: " << text;
}

TEST(CfValues, OneUndeclaredMissingValueRefusesTheFileWithItsPlaceAndTheWayOut) {
  for (const double wrong : {-9999.0, -999.0, 0.0, 1e20}) {
    CfFixture fixture = coarse();
    fixture.variables[0].value = butOne(fixture.variables[0].value, wrong, 7);
    expectHolds(refusal(fixture), {"ts, step 7, latitude 12, longitude 30: a value that cannot be true",
                                   "expected 10 to 6000 K", "found " + fmt::format("{:.6g}", wrong) + " K",
                                   "ncatted -a missing_value,ts,o,d,", "--set units.ts=UNIT", "--set leave=ts"});
    EXPECT_EQ(find(read(fixture, {{"leave", "ts"}}), VariableId::kSurfaceTemperature), nullptr);
  }
  CfFixture air = coarse();
  air.variables[2].value = butOne(air.variables[2].value, -999.0, 4, 0.5);
  expectHolds(refusal(air), {"ta, step 4, level 2 (lev 0.5), latitude 12, longitude 30"});
  CfFixture wind = coarse();
  wind.variables[3].value = butOne(wind.variables[3].value, -999.0, 4, 0.5);
  expectHolds(refusal(wind), {"ua, step 4, level 2 (lev 0.5)", "-900 to 900 m s-1", "dataset have -500 to 500"});
  CfFixture ground = coarse();
  ground.variables[1].value = butOne(ground.variables[1].value, 0.0, 11);
  expectHolds(refusal(ground), {"ps, step 11, latitude 12, longitude 30", "found 0 Pa"});
}

TEST(CfValues, TheNumberToCallMissingIsTheStoredOneAndTheValueInTheFilesUnit) {
  CfFixture fixture = coarse();
  fixture.variables.erase(fixture.variables.begin());
  fixture.more = [](test::NetcdfBuilder& file) {
    const int ts = file.variable("ts", {"time", "lon", "lat"},
                                 {{"standard_name", "surface_temperature"}, {"units", "degC"}}, NC_SHORT);
    file.number(ts, "scale_factor", NC_DOUBLE, {0.5});
    file.number(ts, "add_offset", NC_DOUBLE, {10.0});
    std::vector<double> values(kMaps * kCells, 10.0);
    values[(3 * 24 + 2) * 15 + 8] = -1998.0;
    file.put(ts, values);
  };
  expectHolds(refusal(fixture),
              {"ts, step 3, latitude 12, longitude 30", "found -989 degC, which makes -715.85 K of ts",
               "ncatted -a missing_value,ts,o,d,-1998 FILE.nc"});
}

TEST(CfValues, WhatIsDeclaredMissingOrLiesBelowTheGroundIsNotJudged) {
  CfFixture fixture = coarse();
  fixture.variables.clear();
  fixture.levels = {10.0, 100.0, 300.0, 500.0, 700.0, 850.0, 1000.0};
  fixture.levelAttributes = {{"units", "hPa"}};
  fixture.add("ta", "air_temperature", "K", true,
              [](double, double, double hpa, std::size_t) { return hpa < 600.0 ? 250.0 : -9999.0; });
  fixture.add("ps", "surface_air_pressure", "Pa", false, CfFixture::constant(6e4));
  const planet::Import import = read(fixture);
  EXPECT_NEAR(at(import, VariableId::kAirTemperature, 3, 9, 9, 9), 250.0, 1e-4);

  CfFixture declared = coarse();
  declared.more = [](test::NetcdfBuilder& file) {
    const int sic = file.variable("sic", {"time", "lat", "lon"},
                                  {{"standard_name", "sea_ice_area_fraction"}, {"units", "1"}}, NC_FLOAT);
    file.number(sic, "missing_value", NC_DOUBLE, {-9999.0});
    file.put(sic, std::vector<double>(kMaps * kCells, -9999.0));
  };
  expectCoarse(read(declared));
}

TEST(CfValues, PotentialTemperaturesAreJudgedAsTheAirTheyMake) {
  CfFixture fixture = coarse();
  fixture.variables[2].standardName = "air_potential_temperature";
  const CfFixture::Value theta = CfFixture::constant(300.0);
  fixture.variables[2].value = theta;
  EXPECT_NE(find(read(fixture), VariableId::kAirTemperature), nullptr);
  fixture.variables[2].value = butOne(theta, 9999.0, 4, 0.99);
  expectHolds(refusal(fixture), {"ta, step 4, level 4 (lev 0.99)", "found 9999 K, which makes", "--set leave=theta"});
}

TEST(CfValues, AFluxOfOneSignHasNoneOfTheOther) {
  for (const double sign : {1.0, -1.0}) {
    CfFixture fixture = coarse();
    fixture.add("rlut", "toa_net_upward_longwave_flux", "W m-2", false,
                butOne(CfFixture::constant(sign * 240.0), sign * -999.0, 5));
    expectHolds(refusal(fixture), {"rlut, step 5", "of one sign"});
    fixture.variables.back().value = butOne(CfFixture::constant(sign * 240.0), 0.0, 5);
    EXPECT_NEAR(at(read(fixture), VariableId::kToaOutgoingLongwave, 0, 3, 3), 240.0, 1e-3);
  }
}

TEST(CfValues, LimitsLetRipplesOfSpectralModelsAndHotPlanetsPass) {
  const auto passes = [](const char* key, std::vector<double> values) {
    return !formats::firstImpossible(values, formats::quantityCalled(key)->possible);
  };
  EXPECT_TRUE(passes("ta", {30.0, 4600.0, std::nan("")}));
  EXPECT_TRUE(passes("hus", {-1e-3, 1.0}));
  EXPECT_TRUE(passes("clt", {-0.01, 1.01}));
  EXPECT_TRUE(passes("hur", {-0.1, 2.0}));
  EXPECT_TRUE(passes("ps", {1.0, 1e8}));
  EXPECT_TRUE(passes("rst", {-3.0, 2e4}));
  EXPECT_TRUE(passes("rlut", {-200.0, -300.0, 0.0}));
  EXPECT_FALSE(passes("ps", {0.0}));
  EXPECT_FALSE(passes("clt", {40.0}));
  const std::vector<double> values{300.0, 300.0, -9999.0, 0.0};
  EXPECT_EQ(formats::firstImpossible(values, formats::quantityCalled("ts")->possible), 2U);
}

TEST(CfValues, APlanetTooHotForTheDatasetIsRefusedForThatAndNotForItsUnit) {
  CfFixture fixture = coarse();
  fixture.variables[0].value = CfFixture::constant(1700.0);
  expectHolds(refusal(fixture), {"beyond the range that the dataset has", "30 to 1000 K", "found 1700"});
}

TEST(CfValues, HumidityThatIsNegativeInTheMeanIsLeftAside) {
  CfFixture fixture = coarse();
  fixture.add("hus", "specific_humidity", "1", true, CfFixture::constant(-0.009));
  const planet::Import import = read(fixture);
  EXPECT_EQ(find(import, VariableId::kSpecificHumidity), nullptr);
  EXPECT_TRUE(says(import, "left aside: hus: its mean is negative (-0.009)"));
  expectCoarse(import);
}

TEST(CfValues, PerCentThatAreAllFractionsAreAskedAbout) {
  CfFixture fixture = coarse();
  fixture.add("clt", "cloud_area_fraction", "%", false, CfFixture::constant(0.6));
  EXPECT_TRUE(says(read(fixture),
                   "clt nowhere exceeds 0.6 %; if its numbers are fractions and not per cent: --set "
                   "units.clt=1"));
  fixture.variables.back().value = CfFixture::constant(60.0);
  EXPECT_FALSE(says(read(fixture), "nowhere exceeds"));
}

TEST(CfValues, AScaleOfZeroIsRefused) {
  CfFixture fixture = coarse();
  fixture.more = [](test::NetcdfBuilder& file) {
    const int clt = file.variable("clt", {"time", "lat", "lon"},
                                  {{"standard_name", "cloud_area_fraction"}, {"units", "1"}}, NC_SHORT);
    file.number(clt, "scale_factor", NC_DOUBLE, {0.0});
    file.put(clt, std::vector<double>(kMaps * kCells, 5.0));
  };
  expectHolds(refusal(fixture), {"clt", "scale_factor 0"});
  expectCoarse(read(fixture, {{"leave", "clt"}}));
}

TEST(CfValues, UnitsOfWindAreConvertedAndTheOptionStatesTheUnitOfTheNumbers) {
  CfFixture fixture = coarse();
  const CfFixture::Value wind = fixture.variables[3].value;
  const auto scaled = [&](double factor) {
    return [=](double lat, double lon, double level, std::size_t t) { return factor * wind(lat, lon, level, t); };
  };
  fixture.variables[3].units = "knots";
  fixture.variables[3].value = scaled(3600.0 / 1852.0);
  expectCoarse(read(fixture));
  fixture.variables[3].units = "furlongs per fortnight";
  const planet::Import import = read(fixture);
  EXPECT_EQ(find(import, VariableId::kEastwardWind), nullptr);
  EXPECT_TRUE(
      says(import, "--set units.ua=UNIT states the unit that the numbers are in, such as m s-1, km/h or knots"));
  expectCoarse(read(fixture, {{"units.ua", "knots"}}));
  // Degrees Celsius by their sign, pressures by their long name.
  fixture.variables[0].units =
      "\xc2\xb0"
      "C";
  fixture.variables[0].value = [](double lat, double lon, double, std::size_t t) {
    return test::groundK(lat, lon, t) - 273.15;
  };
  fixture.variables[1].units = "hectopascal";
  fixture.variables[1].value = CfFixture::constant(950.0);
  expectCoarse(read(fixture, {{"units.ua", "knots"}}));
}

TEST(CfValues, LevelsInAnotherUnitThanTheySayAreSuspected) {
  for (const auto& [unit, wrong, factor] : {std::tuple{"Pa", "hPa", 1.0}, {"hPa", "Pa", 100.0}}) {
    CfFixture fixture = coarse();
    fixture.levels = {10.0, 100.0, 300.0, 500.0, 700.0, 850.0, 1000.0};
    for (double& level : fixture.levels) level *= factor;
    fixture.levelAttributes = {{"units", unit}};
    fixture.variables[2].value = CfFixture::constant(250.0);
    const planet::Import import = read(fixture);
    EXPECT_EQ(find(import, VariableId::kAirTemperature), nullptr);
    EXPECT_TRUE(says(import, std::string("if the levels are in ") + wrong)) << import.assumptions.back();
    EXPECT_TRUE(says(import, "ncatted -a units,lev,o,c," + std::string(wrong) + " FILE.nc"));
    EXPECT_FALSE(says(import, "1e+02 %"));
  }
}

/// A file whose climate lies in a group, besides what `root` puts outside of it.
std::filesystem::path withGroup(const test::TempFolder& folder, const CfFixture& root) {
  const std::filesystem::path path = folder / "grouped.nc";
  root.write(path);
  int file = 0;
  int group = 0;
  int dimension = 0;
  int variable = 0;
  EXPECT_EQ(nc_open(path.c_str(), NC_WRITE, &file), NC_NOERR);
  EXPECT_EQ(nc_def_grp(file, "atmos", &group), NC_NOERR);
  EXPECT_EQ(nc_def_dim(group, "lat", 4, &dimension), NC_NOERR);
  EXPECT_EQ(nc_def_var(group, "ts", NC_FLOAT, 1, &dimension, &variable), NC_NOERR);
  EXPECT_EQ(nc_close(file), NC_NOERR);
  return path;
}

TEST(CfValues, VariablesInGroupsAreNamedWithTheCommandThatTakesThemOut) {
  const test::TempFolder folder;
  const std::filesystem::path alone = withGroup(folder, CfFixture{});
  expectHolds(test::refusalIn([&] { return formats::importFile(alone, {}); }),
              {"lie in the group 'atmos'", "ncks -G : FILE.nc NEW.nc"});
  const planet::Import import = formats::importFile(withGroup(folder, coarse()), {});
  expectCoarse(import);
  EXPECT_TRUE(says(import, "left aside: group 'atmos': variables in groups are not read"));
}

}  // namespace
