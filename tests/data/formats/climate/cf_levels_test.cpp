// SPDX-License-Identifier: Apache-2.0
// Levels of every kind onto the canonical ones. Truth: profiles with closed forms.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "cf_world.h"
#include "data/planet/cube.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::VariableId;
using test::airK;
using test::at;
using test::CfFixture;
using test::expectPlain;
using test::expectSame;
using test::find;
using test::plain;
using test::read;
using test::tells;

TEST(CfLevels, LevelsFromTheGroundUpGiveTheSame) {
  CfFixture fixture = plain();
  std::reverse(fixture.levels.begin(), fixture.levels.end());
  expectSame(fixture);
}

TEST(CfLevels, HybridLevelsAreThoseOfTheirFormulaAndOfTheNamesOfCam) {
  for (const bool formula : {true, false}) {
    CfFixture fixture = plain();
    fixture.levels = {20.0, 100.0, 300.0, 500.0, 700.0, 850.0, 950.0, 990.0};
    fixture.levelAttributes = {
        {"units", "hPa"}, {"positive", "down"}, {"long_name", "hybrid level at midpoints (1000*(A+B))"}};
    if (formula) fixture.levelAttributes["formula_terms"] = "a: hyam b: hybm p0: P0 ps: ps";
    const std::vector<double> b{0.0, 0.0, 0.2, 0.4, 0.65, 0.83, 0.945, 0.99};
    std::vector<double> a;
    for (std::size_t k = 0; k < 8; ++k) a.push_back(fixture.levels[k] / 1000.0 - b[k]);
    fixture.more = [&](test::NetcdfBuilder& file) {
      file.put("hyam", {"lev"}, {}, a);
      file.put("hybm", {"lev"}, {}, b);
      file.put("P0", {}, {{"units", "Pa"}}, {1e5});
    };
    // T is linear in the ln of p = a p0 + b ps, with the ps of the cell.
    fixture.variables[1].value = CfFixture::constant(8e4);
    fixture.variables[2].value = [&](double, double, double level, std::size_t) {
      const auto k = static_cast<std::size_t>(std::find(fixture.levels.begin(), fixture.levels.end(), level) -
                                              fixture.levels.begin());
      return 290.0 + 25.0 * std::log((a[k] * 1e5 + b[k] * 8e4) / 8e4);
    };
    const planet::Import import = read(fixture);
    for (std::size_t level = 0; level < 9; ++level) {
      EXPECT_NEAR(at(import, VariableId::kAirTemperature, 5, 9, 17, level), airK(planet::canonicalGrid().sigma[level]),
                  1e-4)
          << level;
    }
    EXPECT_TRUE(tells(import, "hybrid sigma-pressure"));
  }
}

TEST(CfLevels, HybridLevelsWithoutTheirCoefficientsAreNoPressures) {
  for (const auto& [key, value] :
       std::map<std::string, std::string>{{"standard_name", "atmosphere_hybrid_sigma_pressure_coordinate"},
                                          {"long_name", "Hybrid level at midpoints (1000*(A+B))"}}) {
    CfFixture fixture = plain();
    fixture.levels = {20.0, 100.0, 300.0, 500.0, 700.0, 850.0, 950.0, 990.0};
    fixture.levelAttributes = {{"units", "hPa"}, {"positive", "down"}, {key, value}};
    const planet::Import import = read(fixture);
    EXPECT_EQ(import.planet.climate->find(VariableId::kAirTemperature), nullptr) << key;
    EXPECT_TRUE(tells(import, "the pressure of the levels is not stated")) << key;
  }
}

CfFixture onPressures(double groundPa) {
  CfFixture fixture = plain();
  fixture.levels = {10.0, 50.0, 150.0, 300.0, 500.0, 700.0, 850.0, 925.0, 1000.0};
  fixture.levelAttributes = {{"standard_name", "air_pressure"}, {"units", "hPa"}, {"positive", "down"}};
  fixture.variables[1].value = CfFixture::constant(groundPa);
  fixture.variables[2].value = [=](double, double, double hPa, std::size_t) {
    return 290.0 + 25.0 * std::log(hPa * 100.0 / groundPa);
  };
  return fixture;
}

TEST(CfLevels, PressureLevelsFollowLogPressureAboveTheGround) {
  const planet::Import import = read(onPressures(1.01e5));
  for (std::size_t level = 0; level < 9; ++level) {
    EXPECT_NEAR(at(import, VariableId::kAirTemperature, 5, 9, 17, level), airK(planet::canonicalGrid().sigma[level]),
                1e-4)
        << level;
  }
}

TEST(CfLevels, ValuesBelowTheGroundAreNotUsed) {
  // The ground is at 900 hPa; the file goes on with nonsense below it, or with fill values.
  for (const double nonsense : {400.0, std::nan("")}) {
    CfFixture fixture = onPressures(9e4);
    fixture.variables[2].value = [=](double, double, double hPa, std::size_t) {
      return hPa > 900.0 ? nonsense : 290.0 + 25.0 * std::log(hPa / 900.0);
    };
    fixture.variables[3].value = CfFixture::constant(3.0);
    const planet::Import import = read(fixture);
    ASSERT_NE(find(import, VariableId::kAirTemperature), nullptr);
    EXPECT_NEAR(at(import, VariableId::kAirTemperature, 5, 9, 17, 7), airK(0.8233), 1e-4);
    // Between 850 hPa and the ground: the layer of 850 hPa.
    EXPECT_NEAR(at(import, VariableId::kAirTemperature, 5, 9, 17, 9), 290.0 + 25.0 * std::log(850.0 / 900.0), 1e-3);
  }
}

TEST(CfLevels, LevelsThatDoNotReachLeaveTheVariableAbsentUntilTheUserHoldsThem) {
  CfFixture fixture = onPressures(1e5);
  fixture.levels = {100.0, 300.0, 500.0, 700.0};
  const planet::Import import = read(fixture);
  EXPECT_EQ(find(import, VariableId::kAirTemperature), nullptr);
  EXPECT_TRUE(tells(import, "below the lowest level"));
  EXPECT_TRUE(tells(import, "--set levels=hold"));
  const planet::Import held = read(fixture, {{"levels", "hold"}});
  EXPECT_NEAR(at(held, VariableId::kAirTemperature, 5, 9, 17, 9), 290.0 + 25.0 * std::log(0.7), 1e-3);
  EXPECT_TRUE(tells(held, "as --set levels=hold says"));
}

TEST(CfLevels, PotentialTemperatureAndHumiditiesAreConverted) {
  CfFixture fixture = onPressures(1e5);
  fixture.variables[2].standardName = "air_potential_temperature";
  fixture.variables[2].value = CfFixture::constant(300.0);
  fixture.variables[3] = {"w", "humidity_mixing_ratio", "g kg-1", true, CfFixture::constant(20.0)};
  const planet::Import import = read(fixture);
  // At 500 hPa between levels that are linear in T, not in ln p: within the curvature of the power law.
  EXPECT_NEAR(at(import, VariableId::kAirTemperature, 0, 3, 3, 6), 300.0 * std::pow(0.6994, 287.05 / 1005.0), 0.2);
  EXPECT_NEAR(at(import, VariableId::kSpecificHumidity, 0, 3, 3, 6), 0.02 / 1.02, 1e-8);
  EXPECT_TRUE(tells(import, "reference pressure 1000 hPa"));

  CfFixture relative = onPressures(1e5);
  relative.variables[2].value = CfFixture::constant(290.0);
  relative.variables[3] = {"hur", "relative_humidity", "%", true, CfFixture::constant(50.0)};
  // q = 0.622 e / (p - 0.378 e), e half of Bolton's 1936.9 Pa at 290 K; at the level of 700 hPa, nearly sigma 0.6994.
  const double e = 0.5 * 611.2 * std::exp(17.67 * 16.85 / (16.85 + 243.5));
  EXPECT_NEAR(at(read(relative), VariableId::kSpecificHumidity, 0, 3, 3, 6), 0.622 * e / (69940.0 - 0.378 * e), 3e-5);
}

TEST(CfLevels, TheCanonicalLevelsWithTheDigitsOfAnotherFileAreTakenAsTheyAre) {
  CfFixture fixture = plain();
  fixture.levels = planet::canonicalGrid().sigma;
  for (double& sigma : fixture.levels) sigma += 3e-4;
  fixture.variables[2].value = [](double, double, double sigma, std::size_t) { return 200.0 + 100.0 * sigma; };
  const planet::Import import = read(fixture);
  for (std::size_t level = 0; level < 10; ++level) {
    EXPECT_NEAR(at(import, VariableId::kAirTemperature, 0, 1, 1, level), 200.0 + 100.0 * fixture.levels[level], 2e-5);
  }
  EXPECT_TRUE(tells(import, "as they are"));
}

TEST(CfLevels, WhatOneVariableLacksAtOneStepLeavesTheOthers) {
  // The ground has no pressure in half of a canonical cell, in the last month.
  CfFixture fixture = plain();
  fixture.variables[1].value = [](double lat, double lon, double, std::size_t t) {
    return t == 11 && lat == 0.0 && lon == 90.0 ? std::nan("") : 1e5;
  };
  const planet::Import import = read(fixture);
  EXPECT_NE(find(import, VariableId::kSurfaceTemperature), nullptr);
  EXPECT_EQ(find(import, VariableId::kSurfaceAirPressure), nullptr);
  EXPECT_EQ(find(import, VariableId::kAirTemperature), nullptr);
  EXPECT_TRUE(tells(import, "ta: ps, step 11: the surface pressure is missing")) << import.assumptions.back();
}

TEST(CfLevels, LevelsThatCrossLeaveTheVariableAbsent) {
  CfFixture crossing = onPressures(1e5);
  crossing.levels[3] = crossing.levels[4];
  const planet::Import import = read(crossing);
  EXPECT_EQ(find(import, VariableId::kAirTemperature), nullptr);
  EXPECT_NE(find(import, VariableId::kSurfaceTemperature), nullptr);
  EXPECT_TRUE(tells(import, "do not grow downward"));
}

TEST(CfLevels, PressuresAreJudgedInEveryCell) {
  // A variable of pressures that has none in one cell of the top level, and that is not the first cell.
  CfFixture fixture = plain();
  fixture.levelAttributes = {{"units", "1"}};
  fixture.add("p", "air_pressure", "Pa", true, [](double lat, double lon, double level, std::size_t) {
    return level == 0.01 && lat == 20.0 && lon == 100.0 ? std::nan("") : level * 9e4;
  });
  const planet::Import import = read(fixture);
  EXPECT_EQ(find(import, VariableId::kAirTemperature), nullptr);
  EXPECT_TRUE(tells(import, "the level has a pressure in some cells only")) << import.assumptions.back();
}

}  // namespace
