// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/climate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/physics/climate/albedo.h"
#include "data/planet/cube.h"
#include "tests/data/physics/climate/named_planets.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::climate {
namespace {

using test::earth;
using test::eyeball;

constexpr std::size_t kCells = 32 * 64;

double areaTimeMean(
    const std::vector<double>& months, const std::function<double(double)>& law = [](double x) { return x; }) {
  const planet::Grid& grid = planet::canonicalGrid();
  double mean = 0.0;
  for (std::size_t k = 0; k < months.size(); ++k) mean += law(months[k]) * grid.cellWeight(k % kCells / 64) / 12.0;
  return mean;
}

double fHab(const SurfaceClimate& climate) {
  return areaTimeMean(climate.surfaceTemperatureK, [](double t) { return t >= 273.0 && t <= 373.0 ? 1.0 : 0.0; });
}

TEST(Climate, OfEarthLiesInTheBandsOfTheDataset) {
  ecumene::test::NumberTable table("science_2_climate");
  const SurfaceClimate climate = solveClimate(earth());
  const double absorbed = areaTimeMean(climate.absorbedShortwaveWm2);
  table.addRange("dataset", "closure", "Earth, 32 x 64: T_glob, K", 285, 292,
                 areaTimeMean(climate.surfaceTemperatureK));
  table.addRange("dataset", "closure", "Earth, 32 x 64: albedo", 0.28, 0.33, 1.0 - absorbed / 340.25);
  table.addRange("dataset", "closure", "Earth, 32 x 64: f_hab", 0.76, 0.90, fHab(climate));
  table.add({"dataset", "closure", "Earth, 32 x 64: ASR - OLR, W m-2", 0.0, climate.flags.imbalanceWm2, 0.3});
  table.finish();
  EXPECT_FALSE(climate.flags.runaway || climate.flags.olrClamped || climate.flags.diffusionCapped);
  EXPECT_GE(climate.flags.spinUpOrbits, 8.0);
}

TEST(Climate, FreezesAndRunsAwayWhereTheDatasetSays) {
  ecumene::test::NumberTable table("science_2_climate");
  planet::PlanetTruth truth = earth();
  const auto at = [&](double s) {
    truth.orbit.fluxWm2 = 1361.0 * s;
    return solveClimate(truth);
  };
  double freezes = 0.0;
  for (double s = 0.98; s > 0.85 && freezes == 0.0; s -= 0.01) {
    if (areaTimeMean(at(s).iceFraction) > 0.69) freezes = s;
  }
  double hot = 0.0;
  for (double s = 1.08; s < 1.25 && hot == 0.0; s += 0.01) {
    if (at(s).flags.runaway) hot = s;
  }
  table.addRange("dataset", "closure", "Earth, 32 x 64: snowball, S0", 0.90, 0.97, freezes);
  table.addRange("dataset", "closure", "Earth, 32 x 64: no equilibrium, S0", 1.10, 1.20, hot);
  table.finish();
}

TEST(Climate, HasTheShapesAndMeansItPromises) {
  const SurfaceClimate climate = solveClimate(earth());
  for (const auto* field : {&climate.surfaceTemperatureK, &climate.absorbedShortwaveWm2, &climate.outgoingLongwaveWm2,
                            &climate.iceFraction}) {
    ASSERT_EQ(field->size(), 12 * kCells);
    for (const double x : *field) ASSERT_TRUE(std::isfinite(x));
  }
  ASSERT_EQ(climate.landFraction.size(), kCells);
  EXPECT_FLOAT_EQ(climate.landFraction[77], 0.3F);
  EXPECT_NEAR(areaTimeMean(climate.absorbedShortwaveWm2) - areaTimeMean(climate.outgoingLongwaveWm2),
              climate.flags.imbalanceWm2, 1e-9);
  for (const double ice : climate.iceFraction) EXPECT_LE(ice, 0.7 + 1e-12);
  EXPECT_NEAR(climate.largestOlrWm2, 301.8, 0.1);
}

TEST(Climate, WithoutObliquityIsSymmetricAboutTheEquator) {
  planet::PlanetTruth truth = earth();
  truth.bulk.obliquityDeg = 0.0;
  const SurfaceClimate climate = solveClimate(truth);
  for (std::size_t i = 0; i < 16; ++i) {
    EXPECT_NEAR(climate.surfaceTemperatureK[i * 64], climate.surfaceTemperatureK[(31 - i) * 64], 1e-6);
  }
}

TEST(Climate, OfUniformEarthHasOppositeSeasons) {
  const SurfaceClimate climate = solveClimate(earth());
  for (std::size_t m = 0; m < 6; ++m) {
    for (const std::size_t i : {2U, 8U, 14U}) {
      EXPECT_NEAR(climate.surfaceTemperatureK[(m * 32 + i) * 64],
                  climate.surfaceTemperatureK[((m + 6) * 32 + 31 - i) * 64], 0.06)
          << "the solver stops within 0.02 K of its periodic state";
    }
  }
  // Summer of the north is in months 4 to 7 after the equinox with the ocean's lag.
  EXPECT_GT(climate.surfaceTemperatureK[(5 * 32 + 28) * 64], climate.surfaceTemperatureK[(11 * 32 + 28) * 64] + 5.0);
}

TEST(Climate, IsTheSameEveryTime) {
  planet::PlanetTruth truth = earth();
  truth.surface.uniform = false;
  truth.surface.landSeed = 99;
  const SurfaceClimate a = solveClimate(truth);
  const SurfaceClimate b = solveClimate(truth);
  EXPECT_EQ(a.surfaceTemperatureK, b.surfaceTemperatureK);
  EXPECT_EQ(a.outgoingLongwaveWm2, b.outgoingLongwaveWm2);
  truth.surface.landSeed = 100;
  EXPECT_NE(a.surfaceTemperatureK, solveClimate(truth).surfaceTemperatureK);
}

TEST(Climate, KeepsBothBranchesOfItsStart) {
  planet::PlanetTruth truth = earth();
  const SurfaceClimate warm = solveClimate(truth);
  truth.start = planet::StartState::kCold;
  const SurfaceClimate cold = solveClimate(truth);
  EXPECT_GT(areaTimeMean(warm.surfaceTemperatureK), 285.0);
  EXPECT_LT(areaTimeMean(cold.surfaceTemperatureK), 240.0);
  EXPECT_EQ(fHab(cold), 0.0);
  EXPECT_LT(std::abs(cold.flags.imbalanceWm2), kImbalanceLimitWm2);
}

TEST(Climate, TwoAreThereWhereWarmAndColdStartsStayApart) {
  planet::PlanetTruth truth = earth();
  EXPECT_TRUE(hasTwoClimates(truth)) << "as KeepsBothBranchesOfItsStart shows";
  truth.orbit.fluxWm2 = 0.8 * 1361.0;
  EXPECT_FALSE(hasTwoClimates(truth)) << "a snowball from either";
  truth.orbit.fluxWm2 = 1.3 * 1361.0;
  EXPECT_FALSE(hasTwoClimates(truth)) << "a runaway from either";
  EXPECT_FALSE(hasTwoClimates(eyeball()));
}

TEST(Climate, OfARunawayIsKeptAtItsCrossing) {
  planet::PlanetTruth truth = earth();
  truth.orbit.fluxWm2 = 1361.0 * 1.3;
  const SurfaceClimate climate = solveClimate(truth);
  EXPECT_TRUE(climate.flags.runaway);
  EXPECT_GT(areaTimeMean(climate.absorbedShortwaveWm2), climate.largestOlrWm2 + kRunawayExcessWm2);
  EXPECT_LT(areaTimeMean(climate.surfaceTemperatureK), kRunawayK + 20.0);
  for (const double t : climate.surfaceTemperatureK) ASSERT_TRUE(std::isfinite(t));
}

TEST(Climate, OfTrappist1eIsAnEyeballAtItsSubstellarLongitude) {
  planet::PlanetTruth truth = eyeball();
  for (const std::size_t column : {32U, 8U}) {
    truth.bulk.substellarLongitudeDeg = 5.625 * static_cast<double>(column);
    const SurfaceClimate climate = solveClimate(truth);
    ASSERT_FALSE(climate.flags.runaway);
    EXPECT_TRUE(climate.flags.diffusionCapped);
    const double* equator = climate.surfaceTemperatureK.data() + 16 * 64;
    EXPECT_EQ(std::max_element(equator, equator + 64) - equator, static_cast<std::ptrdiff_t>(column));
    EXPECT_GT(equator[column], 280.0);
    EXPECT_LT(equator[(column + 32) % 64], 230.0);
    EXPECT_NEAR(equator[column], equator[11 * kCells + column], 0.05) << "no seasons";
    const double open = areaTimeMean(climate.surfaceTemperatureK, [](double t) { return t > 263.15 ? 1.0 : 0.0; });
    EXPECT_GT(open, 0.05);
    EXPECT_LT(open, 0.6);
  }
}

TEST(Climate, FlagsWhatTheModelDecided) {
  planet::PlanetTruth truth = earth();
  truth.atmosphere.ratio(planet::Gas::kCO2) = 0.0;
  truth.atmosphere.ratio(planet::Gas::kN2) = 0.79;
  EXPECT_TRUE(solveClimate(truth).flags.olrClamped) << "no CO2: the fit ends at 1e-5 bar";
  truth = earth();
  truth.bulk.rotationDays = 10.0;
  EXPECT_TRUE(solveClimate(truth).flags.diffusionCapped);
}

TEST(Climate, RefusesPlanetsItCannotModelAndNamesTheValue) {
  const auto expectRefused = [](const std::string& name, const std::function<void(planet::PlanetTruth&)>& spoil) {
    planet::PlanetTruth truth = earth();
    spoil(truth);
    try {
      solveClimate(truth);
      ADD_FAILURE() << name << " was accepted";
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(name), std::string::npos) << error.what();
      EXPECT_EQ(error.kind(), ErrorKind::kInput);
    }
  };
  expectRefused("stellar flux", [](auto& t) { t.orbit.fluxWm2 = 0.0; });
  expectRefused("stellar flux", [](auto& t) { t.orbit.fluxWm2 = std::nan(""); });
  expectRefused("star temperature", [](auto& t) { t.star.temperatureK = 0.0; });
  expectRefused("orbital period", [](auto& t) { t.orbit.periodDays = -1.0; });
  expectRefused("eccentricity", [](auto& t) { t.orbit.eccentricity = 1.0; });
  expectRefused("rotation period", [](auto& t) { t.bulk.rotationDays = 0.0; });
  expectRefused("surface pressure", [](auto& t) { t.atmosphere.surfacePressurePa = 0.0; });
  expectRefused("sum of the mixing ratios", [](auto& t) { t.atmosphere.ratio(planet::Gas::kN2) = 0.1; });
  expectRefused("ocean fraction", [](auto& t) { t.surface.oceanFraction = 1.2; });
  expectRefused("ice albedo", [](auto& t) { t.closure.iceAlbedo = -0.1; });
}

TEST(Climate, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  try {
    solveClimate(earth(), source.get_token());
    FAIL() << "not stopped";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
  }
}

TEST(FineSteps, AreAtMostADayAndASeventySecondOfTheOrbit) {
  EXPECT_EQ(fineSteps(365.25), 372U);
  EXPECT_EQ(fineSteps(360.0), 360U);
  EXPECT_EQ(fineSteps(6.1), 72U);
  for (double p = 0.3; p < 3000.0; p *= 1.17) {
    EXPECT_EQ(fineSteps(p) % 12, 0U);
    EXPECT_LE(p / static_cast<double>(fineSteps(p)), std::min(1.0, p / 72.0) * (1.0 + 1e-9));
  }
}

}  // namespace
}  // namespace ecumene::data::physics::climate
