// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "data/base/error.h"
#include "data/physics/climate/albedo.h"
#include "data/physics/climate/olr.h"
#include "data/physics/climate/radiation.h"
#include "tests/data/physics/climate/named_planets.h"

namespace ecumene::data::physics::climate {
namespace {

TEST(OutgoingLongwave, IsContinuousAndItsSlopeIsItsDerivative) {
  for (const double co2 : {1e-5, 3.3e-4, 1e-2, 0.1, 1.0, 10.0}) {
    const OutgoingLongwave olr(co2, 5.0);
    for (const double dry : {0.0, 0.3, 1.0}) {
      for (double t = 100.0; t < 500.0; t += 0.5) {
        EXPECT_NEAR(olr.flux(t + 1e-4, dry), olr.flux(t - 1e-4, dry), 1e-2) << co2 << ' ' << t;
        if (std::abs(t - 190.0) < 1.0 || std::abs(t - olr.topTemperatureK()) < 1.0) continue;
        const double difference = (olr.flux(t + 1e-3, dry) - olr.flux(t - 1e-3, dry)) / 2e-3;
        EXPECT_NEAR(olr.slope(t, dry), difference, 1e-5) << co2 << ' ' << t;
      }
    }
  }
}

TEST(OutgoingLongwave, OfDryGroundGoesOnAboveTheTopThroughDryAirAndSaysSo) {
  const OutgoingLongwave olr(3.3e-4, 8.0);
  EXPECT_FALSE(olr.isBeyondFit(360.0));
  EXPECT_TRUE(olr.isBeyondFit(370.0));
  EXPECT_EQ(olr.flux(olr.topTemperatureK(), 1.0), olr.largest());
  for (double t = 150.0; t < olr.topTemperatureK(); t += 1.0) EXPECT_LE(olr.flux(t, 1.0), olr.largest());
  // science.md 2.3: 127.8 W m-2 at 230 K and this CO2, of sigma (230 K)^4 = 158.67 W m-2.
  const double rise = 5.670374e-8 * (std::pow(450.0, 4) - std::pow(400.0, 4));
  EXPECT_NEAR(olr.flux(450.0, 1.0) - olr.flux(400.0, 1.0), 127.8 / 158.67 * rise, 5e-4 * rise);
  EXPECT_NEAR(olr.flux(450.0, 0.25) - olr.flux(400.0, 0.25), 0.25 * 127.8 / 158.67 * rise, 5e-4 * rise);
  for (const double co2 : {1e-5, 1e-2, 1.0, 10.0}) {
    const OutgoingLongwave other(co2);
    EXPECT_GT(other.slope(other.topTemperatureK() + 1.0, 1.0), 0.0) << co2;
  }
}

TEST(OutgoingLongwave, OfSaturatedAirStandsAtTheLimitHoweverHotTheSea) {
  // science.md 1.4 and 2.3: 282 W m-2 line by line (Goldblatt et al. 2013); VPLanet clamps this fit at 300 W m-2.
  for (const double t : {365.0, 400.0, 436.0, 600.0}) {
    EXPECT_NEAR(OutgoingLongwave(3.3e-4).flux(t, 0.0), 300.0, 3.0) << t;
    EXPECT_EQ(OutgoingLongwave(3.3e-4).slope(t, 0.0), 0.0) << t;
  }
}

TEST(OutgoingLongwave, SubtractsItsOffsetEverywhere) {
  const OutgoingLongwave plain(3.3e-4);
  const OutgoingLongwave cloudy(3.3e-4, 14.0);
  for (const double t : {150.0, 250.0, 300.0, 390.0}) {
    EXPECT_NEAR(plain.flux(t, 1.0) - cloudy.flux(t, 1.0), 14.0, 1e-12);
  }
}

TEST(OutgoingLongwave, FlagsCo2OutsideTheFitAndRefusesNonsense) {
  EXPECT_FALSE(OutgoingLongwave(1.0).co2Clamped());
  EXPECT_TRUE(OutgoingLongwave(0.0).co2Clamped());
  EXPECT_TRUE(OutgoingLongwave(50.0).co2Clamped());
  EXPECT_EQ(OutgoingLongwave(50.0).flux(280.0, 0.0), OutgoingLongwave(10.0).flux(280.0, 0.0));
  EXPECT_THROW(OutgoingLongwave(-1.0), Error);
  EXPECT_THROW(OutgoingLongwave(std::numeric_limits<double>::quiet_NaN()), Error);
}

TEST(SurfaceAlbedo, IsContinuousInTemperature) {
  const AlbedoClosure closure;
  for (const double mu : {0.05, 0.3, 0.6, 1.0}) {
    for (const double ocean : {0.0, 0.5, 1.0}) {
      for (double t = 240.0; t < 300.0; t += 0.01) {
        EXPECT_NEAR(surfaceAlbedo(closure, t, mu, ocean), surfaceAlbedo(closure, t + 0.01, mu, ocean), 4e-3) << t;
      }
    }
  }
}

TEST(SurfaceAlbedo, IsWilliamsAndKastingsAboveAndBelowTheMeltingRange) {
  const AlbedoClosure closure;
  const double open = 0.5 * (0.3 * 0.2 + 0.7 * openOceanAlbedo(0.5)) + 0.5 * cloudAlbedo(0.5);
  EXPECT_NEAR(surfaceAlbedo(closure, 290.0, 0.5, 0.7), open, 1e-15);
  EXPECT_EQ(surfaceAlbedo(closure, 240.0, 0.5, 0.7), 0.663);
  AlbedoClosure dark = closure;
  dark.ice = 0.1;
  EXPECT_NEAR(surfaceAlbedo(dark, 240.0, 0.5, 0.7), 0.5 * cloudAlbedo(0.5), 1e-15) << "clouds over dark ice";
}

TEST(WilliamsKastingRadiation, AgreesWithTheClosureFunctions) {
  const SphereGrid grid = gaussianGrid(32, 4);
  const planet::PlanetTruth truth = test::earth();
  const Insolation insolation(grid, SunMotion::kDailyMean, truth.orbit, truth.bulk, 12);
  AlbedoClosure closure;
  closure.rayleigh = 0.3;
  const std::vector<double> ocean(grid.cells(), 0.6);
  const OutgoingLongwave olr(1e-3, 4.0);
  WilliamsKastingRadiation radiation(grid, insolation, olr, closure, 1e-3, ocean);
  std::vector<double> t, flux(grid.cells()), mu(grid.cells()), asr(grid.cells()), out(grid.cells()),
      slope(grid.cells());
  for (std::size_t k = 0; k < grid.cells(); ++k) t.push_back(185.0 + 1.7 * static_cast<double>(k));
  for (std::size_t step = 0; step < 12; ++step) {
    insolation.fill(step, flux, mu);
    radiation.evaluate(step, t, asr, out, slope);
    for (std::size_t k = 0; k < t.size(); ++k) {
      const double a = surfaceAlbedo(closure, t[k], mu[k], 0.6);
      const double air = std::max(0.0, williamsKastingAlbedo(t[k], mu[k], 0.0, 1e-3));
      const double toa = williamsKastingAlbedo(t[k], mu[k], a, 1e-3) - 0.7 * air * (1.0 - a) * (1.0 - a);
      EXPECT_NEAR(asr[k], flux[k] * (1.0 - std::clamp(toa, kAlbedoMin, kAlbedoMax)), 0.05);
      EXPECT_NEAR(out[k], olr.flux(t[k], 0.4), 1e-10);
      EXPECT_NEAR(slope[k], olr.slope(t[k], 0.4), 1e-12);
    }
  }
}

TEST(WilliamsKastingRadiation, FlagsHeatBeyondTheFitAndClip) {
  const SphereGrid grid = gaussianGrid(32, 1);
  const planet::PlanetTruth truth = test::earth();
  const Insolation insolation(grid, SunMotion::kDailyMean, truth.orbit, truth.bulk, 12);
  AlbedoClosure closure;
  const std::vector<double> ocean(32, 1.0);
  WilliamsKastingRadiation radiation(grid, insolation, OutgoingLongwave(3.3e-4), closure, 3.3e-4, ocean);
  std::vector<double> asr(32), out(32), slope(32);
  radiation.evaluate(0, std::vector<double>(32, 290.0), asr, out, slope);
  EXPECT_FALSE(radiation.sawBeyondFit());
  EXPECT_FALSE(radiation.sawAlbedoClip());
  radiation.evaluate(0, std::vector<double>(32, 380.0), asr, out, slope);
  EXPECT_TRUE(radiation.sawBeyondFit());
  radiation.clearFlags();
  EXPECT_FALSE(radiation.sawBeyondFit());
  closure.cloudFraction = 0.0;
  closure.rayleigh = 0.0;
  WilliamsKastingRadiation dark(grid, insolation, OutgoingLongwave(3.3e-4), closure, 3.3e-4, ocean);
  dark.evaluate(0, std::vector<double>(32, 320.0), asr, out, slope);
  EXPECT_TRUE(dark.sawAlbedoClip());
}

TEST(StarDependence, OfIceAndRayleighScatteringIsMonotone) {
  EXPECT_LT(typicalIceAlbedo(3000.0), typicalIceAlbedo(4500.0));
  EXPECT_EQ(typicalIceAlbedo(2000.0), 0.25);
  EXPECT_EQ(typicalIceAlbedo(7000.0), 0.663);
  EXPECT_EQ(rayleighFactor(5772.0), 1.0);
  EXPECT_NEAR(rayleighFactor(2886.0), 1.0 / 16.0, 1e-15);
}

}  // namespace
}  // namespace ecumene::data::physics::climate
