// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/insolation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "tests/data/physics/climate/named_planets.h"

namespace ecumene::data::physics::climate {
namespace {

constexpr double kPi = std::numbers::pi;

TEST(Kepler, EquationIsSolvedToRoundOff) {
  for (const double e : {0.0, 0.1, 0.5, 0.9, 0.99}) {
    for (double m = -7.0; m < 7.0; m += 0.137) {
      const double eccentric = eccentricAnomaly(m, e);
      EXPECT_NEAR(eccentric - e * std::sin(eccentric), m, 1e-12) << e << ' ' << m;
    }
  }
}

TEST(OrbitPosition, StartsAtTheSpringEquinoxAndPassesPeriastron) {
  const planet::Orbit orbit{
      .fluxWm2 = 1, .periodDays = 1, .semiMajorAxisAu = 1, .eccentricity = 0.3, .periastronDeg = 77};
  EXPECT_NEAR(std::sin(orbitPosition(orbit, 0.0).solarLongitude), 0.0, 1e-12);
  double nearest = 10.0;
  double farthest = 0.0;
  double nearestLongitude = 0.0;
  for (int i = 0; i < 3600; ++i) {
    const OrbitPosition p = orbitPosition(orbit, i / 3600.0);
    farthest = std::max(farthest, p.distanceRatio);
    if (p.distanceRatio < nearest) {
      nearest = p.distanceRatio;
      nearestLongitude = p.solarLongitude * 180.0 / kPi;
    }
  }
  EXPECT_NEAR(nearest, 0.7, 1e-5);
  EXPECT_NEAR(farthest, 1.3, 1e-5);
  EXPECT_NEAR(std::remainder(nearestLongitude - 77.0, 360.0), 0.0, 0.3);
}

TEST(DailyMean, HasItsClosedForms) {
  EXPECT_NEAR(dailyMean(0.0, 0.0).share, 1.0 / kPi, 1e-15);
  EXPECT_NEAR(dailyMean(0.0, 0.0).meanCosine, 2.0 / kPi, 1e-15);
  const double dec = 23.5 * kPi / 180.0;
  EXPECT_NEAR(dailyMean(1.0, dec).share, std::sin(dec), 1e-12) << "polar day";
  EXPECT_NEAR(dailyMean(1.0, dec).meanCosine, std::sin(dec), 1e-12);
  EXPECT_EQ(dailyMean(-1.0, dec).share, 0.0) << "polar night";
  EXPECT_EQ(dailyMean(-0.95, dec).meanCosine, 0.0);
}

TEST(DailyMean, OverTheSphereIsAQuarterWhateverTheSeason) {
  for (const double decDeg : {0.0, 10.0, 23.5, 60.0, 89.0, -45.0}) {
    double mean = 0.0;
    constexpr int kN = 20000;
    for (int i = 0; i < kN; ++i) mean += dailyMean(-1.0 + (2.0 * i + 1.0) / kN, decDeg * kPi / 180.0).share / kN;
    EXPECT_NEAR(mean, 0.25, 1e-6) << decDeg;
  }
}

double annualMean(const Insolation& insolation, const SphereGrid& grid) {
  std::vector<double> flux(grid.cells());
  std::vector<double> cosine(grid.cells());
  double mean = 0.0;
  const std::size_t all = insolation.steps() * insolation.repeatOrbits();
  for (std::size_t s = 0; s < all; ++s) {
    insolation.fill(s, flux, cosine);
    mean += grid.mean(flux) / static_cast<double>(all);
  }
  return mean;
}

TEST(Insolation, GlobalOrbitMeanIsAQuarterOfTheFluxOverRootOneMinusESquared) {
  const SphereGrid grid = gaussianGrid(32, 64);
  for (const double e : {0.0, 0.1, 0.3, 0.5}) {
    planet::PlanetTruth truth = test::earth();
    truth.orbit.eccentricity = e;
    truth.orbit.periastronDeg = 40.0;
    const double expected = 0.25 * 1361.0 / std::sqrt(1.0 - e * e);
    for (const SunMotion motion : {SunMotion::kDailyMean, SunMotion::kMovingSubstellar}) {
      EXPECT_NEAR(annualMean(Insolation(grid, motion, truth.orbit, truth.bulk, 96), grid), expected, 1e-6 * expected);
    }
  }
}

TEST(Insolation, IsScaledByLessThanAThousandthToCloseTheBudget) {
  const SphereGrid grid = gaussianGrid(32, 64);
  const planet::PlanetTruth truth = test::earth();
  const Insolation insolation(grid, SunMotion::kDailyMean, truth.orbit, truth.bulk, 12);
  std::vector<double> flux(grid.cells());
  std::vector<double> cosine(grid.cells());
  for (std::size_t s = 0; s < 12; ++s) {
    insolation.fill(s, flux, cosine);
    const double dec =
        declination(23.5, orbitPosition(truth.orbit, (static_cast<double>(s) + 0.5) / 12.0).solarLongitude);
    for (std::size_t i = 0; i < 32; ++i) {
      const double exact = 1361.0 * dailyMean(grid.sinLatitude[i], dec).share;
      EXPECT_NEAR(flux[i * 64], exact, 1.5e-3 * exact) << s << ' ' << i;
    }
  }
}

std::size_t brightestLongitude(const Insolation& insolation, std::size_t step) {
  std::vector<double> flux(32 * 64);
  std::vector<double> cosine(32 * 64);
  insolation.fill(step, flux, cosine);
  std::size_t best = 0;
  for (std::size_t j = 0; j < 64; ++j) {
    if (flux[16 * 64 + j] > flux[16 * 64 + best]) best = j;
  }
  return best;
}

TEST(Insolation, OfSynchronousPlanetsStandsStillAndLibratesWithEccentricity) {
  const SphereGrid grid = gaussianGrid(32, 64);
  planet::PlanetTruth truth = test::eyeball();
  ASSERT_EQ(sunMotion(truth), SunMotion::kFixedSubstellar);
  const Insolation fixed(grid, sunMotion(truth), truth.orbit, truth.bulk, 72);
  EXPECT_TRUE(fixed.constant());
  EXPECT_EQ(brightestLongitude(fixed, 7), 32U) << "180 E";
  truth.orbit.eccentricity = 0.2;
  truth.orbit.periastronDeg = 0.0;
  ASSERT_EQ(sunMotion(truth), SunMotion::kMovingSubstellar);
  const Insolation moving(grid, sunMotion(truth), truth.orbit, truth.bulk, 720);
  EXPECT_EQ(moving.repeatOrbits(), 1U);
  // Optical libration: true minus mean anomaly, up to 2 e rad = 23 deg = 4 cells; eastward after periastron.
  EXPECT_NEAR(static_cast<double>(brightestLongitude(moving, 180)), 32.0 + 0.4 * 64.0 / (2.0 * kPi), 1.0);
  EXPECT_NEAR(static_cast<double>(brightestLongitude(moving, 540)), 32.0 - 0.4 * 64.0 / (2.0 * kPi), 1.0);
  EXPECT_EQ(brightestLongitude(moving, 0), 32U);
}

TEST(Insolation, OfThreeToTwoResonancesTurnsHalfWayRoundEachOrbit) {
  planet::PlanetTruth truth = test::eyeball();
  truth.bulk.synchronous = false;
  truth.bulk.rotationDays = truth.orbit.periodDays / 1.5;
  ASSERT_EQ(sunMotion(truth), SunMotion::kMovingSubstellar);
  const Insolation insolation(gaussianGrid(32, 64), sunMotion(truth), truth.orbit, truth.bulk, 720);
  EXPECT_EQ(insolation.repeatOrbits(), 2U);
  EXPECT_NEAR(static_cast<double>(brightestLongitude(insolation, 0)), 32.0, 1.0);
  EXPECT_EQ((brightestLongitude(insolation, 720) + 32U) % 64U, brightestLongitude(insolation, 0));
  EXPECT_EQ(brightestLongitude(insolation, 1440), brightestLongitude(insolation, 0));
  truth.bulk.rotationDays = 1.0;
  EXPECT_EQ(sunMotion(truth), SunMotion::kDailyMean);
}

TEST(Insolation, OfSubstellarAngleIsTheCosineOnTheDaySide) {
  const SphereGrid belts = equalAreaGrid(90);
  const planet::PlanetTruth truth = test::eyeball();
  const Insolation insolation(belts, SunMotion::kSubstellarAngle, truth.orbit, truth.bulk, 72);
  std::vector<double> flux(90);
  std::vector<double> cosine(90);
  insolation.fill(0, flux, cosine);
  EXPECT_EQ(flux[10], 0.0);
  EXPECT_NEAR(flux[80], 900.0 * belts.sinLatitude[80], 1e-9);
  EXPECT_NEAR(cosine[80], belts.sinLatitude[80], 1e-15);
}

}  // namespace
}  // namespace ecumene::data::physics::climate
