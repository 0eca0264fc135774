// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/moisture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "data/physics/atmosphere/column.h"
#include "data/planet/cube.h"
#include "tests/data/physics/atmosphere/fixtures.h"

namespace ecumene::data::physics::atmosphere {
namespace {

TEST(AvailableVapour, SaturatesSeasAndLimitsHotLandToWhatTheAirBringsAndTheSoilHolds) {
  // Steam table: 2339 Pa at 20 C, 101325 Pa at 100 C (Bolton's fit is 3 % high there).
  const double fromSeas = 2339.0;
  EXPECT_NEAR(availableVapourPa({373.15, 1.0, 0.0}, fromSeas, 9.81), 101325.0, 4000.0);
  EXPECT_NEAR(availableVapourPa({400.0, 0.0, 0.0}, fromSeas, 9.81), 2339.0, 1e-9);
  EXPECT_NEAR(availableVapourPa({400.0, 0.0, 0.1}, fromSeas, 9.81), 2339.0 + 981.0, 1e-9);
  EXPECT_NEAR(availableVapourPa({293.15, 0.0, 0.5}, fromSeas, 9.81), 2339.0, 20.0) << "cool land is saturated";
  EXPECT_NEAR(availableVapourPa({373.15, 0.5, 0.0}, fromSeas, 9.81), 0.5 * (101325.0 + 2339.0), 2000.0);
  EXPECT_EQ(availableVapourPa({400.0, 0.0, 0.0}, 0.0, 9.81), 0.0);
}

TEST(WetBulb, IsThatOfPsychrometricTables) {
  // 1013.25 hPa: 20 C and 50 % give 13.8 C, 30 C and 50 % give 22.0 C, 40 C and 20 % give 21.9 C (ASHRAE chart no. 1).
  const std::array<std::array<double, 3>, 3> rows{{{20.0, 0.5, 13.8}, {30.0, 0.5, 22.0}, {40.0, 0.2, 21.9}}};
  for (const auto& [celsius, humidity, wet] : rows) {
    const double t = 273.15 + celsius;
    EXPECT_NEAR(wetBulbK(earthAir(), t, humidity * saturationPressurePa(t), 101325.0) - 273.15, wet, 0.3) << celsius;
  }
  EXPECT_EQ(wetBulbK(earthAir(), 300.0, saturationPressurePa(300.0), 1e5), 300.0);
  EXPECT_LT(wetBulbK(earthAir(), 420.0, 2000.0, 1e5), 330.0);
}

TEST(WetBulb, LeadsToTheColumnThatJoinsAtTheCondensationLevel) {
  // Condensation temperature of Bolton 1980, eq. 15, for 300 K and a dew point of 285 K: 281.7 K.
  const AirProperties air = earthAir();
  const double wet = wetBulbK(air, 300.0, saturationPressurePa(285.0), 1e5);
  const double level = 1e5 * std::pow(281.7 / 300.0, air.heatCapacity / air.gasConstant);
  EXPECT_NEAR(alongAdiabat(air, Moisture::kSaturated, wet, 1e5, level), 281.7, 0.7);
  const std::vector<double> sigma{0.5 * level / 1e5, level / 1e5, 0.5 + 0.5 * level / 1e5};
  const ColumnTable table(air, Moisture::kSaturated, 1e5, sigma, 280.0, 310.0);
  std::vector<double> t(3), s(3);
  table.lookup(300.0, wet, t, s);
  EXPECT_NEAR(t[2], 300.0 * std::pow(sigma[2], air.gasConstant / air.heatCapacity), 1e-6) << "dry below";
  EXPECT_NEAR(t[1], 281.7, 0.7);
  EXPECT_NEAR(t[0], alongAdiabat(air, Moisture::kSaturated, wet, 1e5, 0.5 * level), 0.03) << "moist above";
  EXPECT_NEAR(std::exp(s[2]), saturationPressurePa(t[2]) / (sigma[2] * 1e5), 1e-9);
}

TEST(MovingHumidity, IsThatOfTheRatioOfDryingToMoistening) {
  EXPECT_DOUBLE_EQ(movingHumidity(0.5, 0.0), 0.5);
  EXPECT_DOUBLE_EQ(movingHumidity(0.5, 1.0), 2.0 / 3.0);
  EXPECT_DOUBLE_EQ(movingHumidity(0.5, -1.0), 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(movingHumidity(0.0, 5.0), 0.0);
  EXPECT_LT(movingHumidity(0.77, 1e3), 1.0);
}

TEST(MonthlyCloud, IsTheMeanOfSundqvistOverTheDistributionOfHours) {
  // 1 - integral over s of (1 - 0.2 s^2)^r, by hand for r = 1, 2, 3, that is for means of 1/2, 2/3, 3/4.
  EXPECT_NEAR(monthlyCloud(0.5), 0.2 / 3.0, 1e-12);
  EXPECT_NEAR(monthlyCloud(2.0 / 3.0), 0.4 / 3.0 - 0.04 / 5.0, 1e-12);
  EXPECT_NEAR(monthlyCloud(0.75), 0.6 / 3.0 - 0.12 / 5.0 + 0.008 / 7.0, 1e-12);
  // The sum over many hours themselves, R = u^(1/r).
  for (const double mean : {0.2, 0.6, 0.9, 0.97}) {
    double sum = 0.0;
    constexpr int kHours = 100000;
    for (int i = 0; i < kHours; ++i) {
      sum += sundqvistCloud(std::pow((i + 0.5) / kHours, (1.0 - mean) / mean)) / kHours;
    }
    EXPECT_NEAR(monthlyCloud(mean), sum, 2e-4) << mean;
  }
  EXPECT_EQ(monthlyCloud(0.0), 0.0);
  EXPECT_EQ(monthlyCloud(1.0), 1.0);
  double before = 0.0;
  for (double mean = 0.01; mean <= 1.0; mean += 0.01) {
    EXPECT_GT(monthlyCloud(mean), before);
    before = monthlyCloud(mean);
  }
}

TEST(TotalCloud, IsTheLimitOfManyThinLayersThatOverlapAsHoganAndIllingworthsPairs) {
  EXPECT_DOUBLE_EQ(totalCloud(std::array{0.3}, std::array{0.5}), 0.3);
  EXPECT_NEAR(totalCloud(std::array{0.5, 0.5}, std::array{0.8, 0.8 * (1.0 + 1e-12)}), 0.5, 1e-9) << "one deck";
  // A chain of slabs: each new one covers what was clear with the odds of its pair.
  const auto cover = [](double height) { return 0.3 + 0.4 * std::sin(3.0 * height); };
  std::vector<double> layers, sigma;
  constexpr int kSlabs = 40000;
  double clear = 1.0 - cover(0.0);
  for (int i = 1; i <= kSlabs; ++i) {
    const double c = cover(static_cast<double>(i) / kSlabs);
    const double before = cover(static_cast<double>(i - 1) / kSlabs);
    const double together = std::exp(-1.0 / kSlabs / 0.2);
    clear *= (together * (1.0 - std::max(c, before)) + (1.0 - together) * (1.0 - c) * (1.0 - before)) / (1.0 - before);
  }
  for (int i = 0; i <= 200; ++i) {
    layers.push_back(cover(i / 200.0));
    sigma.push_back(0.3 * std::exp(i / 200.0));
  }
  EXPECT_NEAR(totalCloud(layers, sigma), 1.0 - clear, 1e-4);
  EXPECT_DOUBLE_EQ(totalCloud(std::array{0.2, 1.0, 0.3}, std::array{0.3, 0.5, 0.9}), 1.0);
  EXPECT_EQ(totalCloud(std::array{0.0, 0.0}, std::array{0.3, 0.5}), 0.0);
}

TEST(RestingHumidity, IsManabeAndWetheraldsInAirAndSaturationInSteam) {
  EXPECT_NEAR(restingHumidity(1.0, 0.0), 0.77, 1e-12);
  EXPECT_NEAR(restingHumidity(1.0, 0.035), 0.77, 0.01) << "300 K at one bar";
  EXPECT_NEAR(restingHumidity(0.3, 1.0), 1.0, 1e-12);
  EXPECT_EQ(restingHumidity(0.01, 0.0), 0.0);
}

TEST(VisibleCloud, IsAllOfWarmCloudsAndLittleOfColdOnes) {
  EXPECT_EQ(visibleCloud(290.0, 0.01, 0.9), 1.0);
  EXPECT_EQ(visibleCloud(240.0, 1e-4, 0.5), 1.0);
  // Vavrus & Waliser (2008): half at half of 3 g/kg, never less than 0.15, below 750 hPa only.
  EXPECT_NEAR(visibleCloud(260.0, 1.5e-3, 0.9), 0.5, 1e-12);
  EXPECT_NEAR(visibleCloud(240.0, 1e-4, 0.9), 0.15, 1e-12);
  // 0.163 Pa over ice at 200 K (Murphy & Koop 2005): 1.76 mg/m3 of vapour, so 0.176 g/m2 of ice, optical depth 0.0096.
  EXPECT_NEAR(visibleCloud(200.0, 1e-5, 0.3), 0.096, 0.002);
}

}  // namespace
}  // namespace ecumene::data::physics::atmosphere
