// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/winds.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "data/base/error.h"
#include "data/physics/atmosphere/cube_builder.h"
#include "tests/data/physics/atmosphere/fixtures.h"

namespace ecumene::data::physics::atmosphere {
namespace {

const planet::Grid& grid() {
  return planet::canonicalGrid();
}

std::vector<double> onGrid(const Pattern& pattern) {
  std::vector<double> field;
  for (const double lat : grid().latitudeDeg) {
    for (const double lon : grid().longitudeDeg) field.push_back(pattern(lat, lon, 0));
  }
  return field;
}

TEST(LayerThickness, CoversTheColumnOnce) {
  const std::vector<double> sigma{0.1, 0.3, 0.8};
  const std::vector<double> thickness = layerThickness(sigma);
  EXPECT_NEAR(thickness[0], 0.2, 1e-15);
  EXPECT_NEAR(thickness[1], 0.35, 1e-15);
  EXPECT_NEAR(thickness[2], 0.45, 1e-15);
  EXPECT_THROW(layerThickness(std::vector<double>{0.3, 0.1}), Error);
  EXPECT_THROW(layerThickness(std::vector<double>{0.3, 1.2}), Error);
  EXPECT_THROW(layerThickness(std::vector<double>{0.0, 0.5}), Error);
}

TEST(Gradient, OfSphericalHarmonicsIsTheirs) {
  std::vector<double> east(grid().cells());
  std::vector<double> north(grid().cells());
  // Y11-like: cos lat cos lon is smooth through the poles, where a pole handled wrongly shows at once.
  gradientPerRadian(grid(), onGrid([](double lat, double lon, std::size_t) {
                      return std::cos(radians(lat)) * std::cos(radians(lon));
                    }),
                    east, north);
  for (std::size_t i = 0; i < grid().cells(); ++i) {
    const double lat = radians(grid().latitudeDeg[i / 64]);
    const double lon = radians(grid().longitudeDeg[i % 64]);
    EXPECT_NEAR(north[i], -std::sin(lat) * std::cos(lon), 0.004) << i;
    EXPECT_NEAR(east[i], -std::sin(lon), 0.004) << i;
  }
}

TEST(Gradient, PoleRowsTakeTheOppositeMeridian) {
  std::vector<double> east(grid().cells());
  std::vector<double> north(grid().cells());
  // A plane across the north pole, linear in the distance: exact for centred differences.
  const auto plane = [](double lat, double lon, std::size_t) {
    return lat > 60.0 ? radians(90.0 - lat) * std::cos(radians(lon)) : 0.0;
  };
  gradientPerRadian(grid(), onGrid(plane), east, north);
  EXPECT_NEAR(north[31 * 64], -1.0, 1e-12);
  EXPECT_NEAR(north[31 * 64 + 32], 1.0, 1e-12);
}

TEST(Divergence, OfAGradientIsTheLaplacian) {
  std::vector<double> east(grid().cells());
  std::vector<double> north(grid().cells());
  std::vector<double> divergence(grid().cells());
  gradientPerRadian(grid(), onGrid([](double lat, double lon, std::size_t) { return substellarCosine(lat, lon); }),
                    east, north);
  divergencePerRadian(grid(), east, north, divergence);
  for (std::size_t lat = 0; lat < 32; ++lat) {
    for (std::size_t lon = 0; lon < 64; ++lon) {
      const double expected = -2.0 * substellarCosine(grid().latitudeDeg[lat], grid().longitudeDeg[lon]);
      // Second order in the distance of rows (0.098), with a third derivative up to 4, over cos(lat).
      const double tolerance = 0.01 + 0.1 * 0.1 * 4.0 / 6.0 * 1.5 / std::cos(radians(grid().latitudeDeg[lat]));
      EXPECT_NEAR(divergence[lat * 64 + lon], expected, tolerance) << lat << ' ' << lon;
    }
  }
}

TEST(Diffusion, IsTheOneThatBalancesTheFluxes) {
  EXPECT_NEAR(impliedDiffusion(grid(), earthClimate()), 0.58, 0.012);
  EXPECT_NEAR(impliedDiffusion(grid(), eyeballClimate()), 3.0, 0.06);
  EXPECT_EQ(impliedDiffusion(grid(), makeClimate([](double, double, std::size_t) { return 288.0; })), 0.0);
  // Fluxes that ask for transport up the gradient get none.
  SurfaceClimate turned = earthClimate();
  std::swap(turned.absorbedShortwaveWm2, turned.outgoingLongwaveWm2);
  EXPECT_EQ(impliedDiffusion(grid(), turned), 0.0);
}

WindPlanet earth(double rotationDays = 1.0) {
  return {6.3781e6, 9.81, 2.0 * std::numbers::pi / (86400.0 * rotationDays), 287.0, 1004.0, 1e5};
}

struct Wind {
  std::vector<float> u, v;
};

/// Isothermal columns over T(lat, lon), no overturning unless D is given.
Wind windOver(const Pattern& temperature, const WindPlanet& planet, double diffusion = 0.0) {
  const std::vector<double> ground = onGrid(temperature);
  std::vector<double> air;
  for (const double kelvin : ground) air.insert(air.end(), grid().sigma.size(), kelvin);
  Wind wind{std::vector<float>(air.size()), std::vector<float>(air.size())};
  winds(grid(), planet, overturning(grid(), planet, diffusion, ground), air, wind.u, wind.v);
  return wind;
}

/// Hydrostatic height of a level above the lowest, in units of R T / g of isothermal air.
double aboveLowest(std::size_t level) {
  return std::log(grid().sigma.back() / grid().sigma[level]);
}

// T = 190 - 20 sin^2(lat): dT/dlat = -40 sin cos, so R 40 cos(lat) ln(p0/p) / (2 Omega a) is the thermal wind.
double zonalTemperature(double lat, double, std::size_t) {
  return 190.0 - 20.0 * std::sin(radians(lat)) * std::sin(radians(lat));
}

TEST(ThermalWind, OfAFastRotatorIsGeostrophic) {
  const WindPlanet planet = earth(0.1);
  const Wind wind = windOver(zonalTemperature, planet);
  for (std::size_t lat = 0; lat < 32; ++lat) {
    if (std::abs(grid().latitudeDeg[lat]) < 10.0) continue;
    for (std::size_t k = 0; k < 10; ++k) {
      const double expected = 287.0 * 40.0 * std::cos(radians(grid().latitudeDeg[lat])) * aboveLowest(k) /
                              (2.0 * planet.rotationRate * planet.radiusM);
      EXPECT_NEAR(static_cast<double>(wind.u[(lat * 64 + 5) * 10 + k]), expected, 0.03 * expected) << lat << ' ' << k;
    }
  }
}

TEST(ThermalWind, OfEarthHasInertiaInTheBalance) {
  const WindPlanet planet = earth();
  const Wind wind = windOver(zonalTemperature, planet);
  for (const std::size_t lat : {4UL, 10UL, 24UL, 29UL}) {
    const double phi = radians(grid().latitudeDeg[lat]);
    const double force = 287.0 * 40.0 * std::abs(std::sin(phi)) * std::cos(phi) * aboveLowest(0) / planet.radiusM;
    const double u = static_cast<double>(wind.u[(lat * 64) * 10]);
    EXPECT_NEAR(u * u / planet.radiusM + 2.0 * planet.rotationRate * std::abs(std::sin(phi)) * u, force, 0.02 * force);
  }
}

TEST(ThermalWind, SlowRotatorsGoToTheInertialLimitAndNoFurther) {
  for (const double days : {30.0, 1000.0, 1e6}) {
    const Wind wind = windOver(zonalTemperature, earth(days));
    // sqrt(R dT ln(p0/p)) with dT = 40 sin cos <= 20 K.
    const double limit = std::sqrt(287.0 * 20.0 * aboveLowest(0));
    for (const float u : wind.u) EXPECT_LE(std::abs(static_cast<double>(u)), limit * 1.01);
  }
  const Wind still = windOver(zonalTemperature, earth(1e6));
  EXPECT_GT(still.u[(24 * 64) * 10], 100.0F);
}

TEST(ThermalWind, IsContinuousAcrossTheEquator) {
  // Summer in the north: dT/dlat does not vanish at the equator, where f changes its sign.
  const Wind wind =
      windOver([](double lat, double, std::size_t) { return 180.0 + 20.0 * std::sin(radians(lat)); }, earth());
  const double south = static_cast<double>(wind.u[(15 * 64) * 10]);
  const double north = static_cast<double>(wind.u[(16 * 64) * 10]);
  const double next = static_cast<double>(wind.u[(18 * 64) * 10]);
  EXPECT_GT(south, 0.0);
  EXPECT_LT(north, 0.0);
  EXPECT_LT(std::abs(north), 0.4 * std::abs(next));
}

TEST(Overturning, CarriesTheEnergyTheFluxesAskFor) {
  // T = T0 - A P2: northward energy per metre -D dT/dlat times the radius; divided by the gross stability it is the air
  // aloft. The warmest tenth lies at |sin(lat)| < 0.1, where P2 is (0.01 - 1) / 2 in the mean.
  const WindPlanet planet = earth();
  // Little enough that the limit of drag is far.
  const double diffusion = 0.1;
  const Wind wind = windOver([](double lat, double, std::size_t) { return 250.0 - 30.0 * p2(lat); }, planet, diffusion);
  const std::vector<double> thickness = layerThickness(grid().sigma);
  for (const std::size_t lat : {6UL, 12UL, 19UL, 26UL}) {
    double massAloft = 0.0;
    for (std::size_t k = 0; k < 10; ++k) {
      const double v = static_cast<double>(wind.v[(lat * 64 + 7) * 10 + k]);
      if ((v > 0.0) == (grid().latitudeDeg[lat] > 0.0)) massAloft += v * thickness[k] * 1e5 / 9.81;
    }
    const double phi = radians(grid().latitudeDeg[lat]);
    const double energy = diffusion * planet.radiusM * 30.0 * 3.0 * std::sin(phi) * std::cos(phi);
    const double stability = 10.0 + 30.0 * (0.495 + p2(grid().latitudeDeg[lat]));
    EXPECT_NEAR(massAloft * 1004.0 * stability, energy, 0.02 * std::abs(energy)) << lat;
  }
}

TEST(Overturning, CarriesItAlongTheCircleToo) {
  // T = T0 + A cos(angle from 180 E): eastward energy per metre -D / cos(lat) dT/dlon times the radius. The overturning
  // is what D adds to the wind, but for what is the same along the circle. The warmest tenth has 0.8 < cos < 1.
  const WindPlanet planet = earth(20.0);
  const double diffusion = 1.0;
  const auto pattern = [](double lat, double lon, std::size_t) { return 255.0 + 40.0 * substellarCosine(lat, lon); };
  const Wind with = windOver(pattern, planet, diffusion);
  const Wind without = windOver(pattern, planet);
  const std::vector<double> thickness = layerThickness(grid().sigma);
  const auto added = [&](std::size_t lon, std::size_t k) {
    const std::size_t at = (20 * 64 + lon) * 10 + k;
    return static_cast<double>(with.u[at]) - static_cast<double>(without.u[at]);
  };
  for (const std::size_t lon : {44UL, 48UL, 52UL}) {
    double massAloft = 0.0;
    for (std::size_t k = 0; k < 10; ++k) {
      double circle = 0.0;
      for (std::size_t other = 0; other < 64; ++other) circle += added(other, k) / 64.0;
      massAloft += std::max(0.0, added(lon, k) - circle) * thickness[k] * 1e5 / 9.81;
    }
    const double energy = -diffusion * planet.radiusM * 40.0 * std::sin(radians(grid().longitudeDeg[lon]));
    const double stability = 10.0 + 40.0 * (0.9 - substellarCosine(grid().latitudeDeg[20], grid().longitudeDeg[lon]));
    EXPECT_GT(energy, 0.0);
    EXPECT_NEAR(massAloft * 1004.0 * stability, energy, 0.02 * energy) << lon;
  }
}

TEST(Overturning, SpendsNoMoreOnDragThanAHeatEngineGains) {
  // Thin air has to carry as much as thick air: what would be 60 m/s and more at the ground is held by its drag.
  WindPlanet thin = earth(20.0);
  thin.surfacePressurePa = 1e4;
  const double diffusion = 5.0;
  const Wind wind = windOver(
      [](double lat, double lon, std::size_t) { return 255.0 + 40.0 * substellarCosine(lat, lon); }, thin, diffusion);
  const double density = 1e4 / (287.0 * 255.0);
  const double gain = kEngineShare * diffusion * 36.0 * 36.0 / 291.0;
  const double limit = std::cbrt(gain / (density * kDragCoefficient));
  double largest = 0.0;
  for (std::size_t i = 9; i < wind.v.size(); i += 10) {
    largest = std::max(largest, std::abs(static_cast<double>(wind.v[i])));
  }
  EXPECT_LT(largest, 1.01 * limit);
  EXPECT_GT(largest, 0.8 * limit);
}

TEST(Overturning, IsNoneWithoutAContrast) {
  const Wind wind = windOver([](double, double, std::size_t) { return 288.0; }, earth(), 0.58);
  for (std::size_t i = 0; i < wind.u.size(); ++i) {
    ASSERT_EQ(wind.u[i], 0.0F);
    ASSERT_EQ(wind.v[i], 0.0F);
  }
}

TEST(Overturning, RisesUnderTheStarAndSinksOnTheNightSide) {
  const Overturning flow = overturning(grid(), earth(10.0), 3.0, onGrid([](double lat, double lon, std::size_t) {
                                         return 255.0 + 40.0 * substellarCosine(lat, lon);
                                       }));
  EXPECT_GT(flow.ascent[16 * 64 + 32], 0.0);  // 180 E
  EXPECT_LT(flow.ascent[16 * 64], 0.0);       // 0 E
  EXPECT_GT(flow.east[16 * 64 + 48], 0.0);    // at 270 E, away from the substellar point
  EXPECT_LT(flow.east[16 * 64 + 16], 0.0);
}

/// The promise of winds.h, in double precision over what the cube stores.
void expectMassConserved(const planet::ClimateCube& cube) {
  const auto& u = cube.require(planet::VariableId::kEastwardWind).values;
  const auto& v = cube.require(planet::VariableId::kNorthwardWind).values;
  const std::vector<double> thickness = layerThickness(cube.grid.sigma);
  for (std::size_t row = 0; row < 12 * 32; ++row) {
    double first = 0.0;
    for (std::size_t lon = 0; lon < 64; ++lon) {
      double zonal = 0.0;
      double meridional = 0.0;
      double largest = 1e-30;
      for (std::size_t k = 0; k < 10; ++k) {
        const std::size_t at = (row * 64 + lon) * 10 + k;
        zonal += thickness[k] * static_cast<double>(u[at]);
        meridional += thickness[k] * static_cast<double>(v[at]);
        largest = std::max({largest, std::abs(static_cast<double>(u[at])), std::abs(static_cast<double>(v[at]))});
      }
      if (lon == 0) first = zonal;
      ASSERT_NEAR(meridional, 0.0, 1.2e-7 * largest) << row << ' ' << lon;
      ASSERT_NEAR(zonal, first, 4e-7 * std::max(largest, std::abs(first)) + 1e-5) << row << ' ' << lon;
    }
  }
}

TEST(Winds, ConserveTheMassOfEveryColumn) {
  expectMassConserved(buildCube(earthClimate(), earthTruth()));
  planet::PlanetTruth slow = earthTruth();
  slow.bulk.rotationDays = 20.0;
  expectMassConserved(buildCube(eyeballClimate(), slow));
  // Land and sea, and a wave that the grid hardly resolves.
  expectMassConserved(buildCube(makeClimate([](double lat, double lon, std::size_t month) {
                                  return 280.0 - 30.0 * p2(lat) + 12.0 * std::sin(radians(9.0 * lon)) +
                                         static_cast<double>(month);
                                }),
                                earthTruth()));
}

TEST(Winds, GroundIsCalmUnderTheJets) {
  planet::PlanetTruth slow = earthTruth();
  slow.bulk.rotationDays = 10.0;
  const planet::ClimateCube cube = buildCube(eyeballClimate(), slow);
  const auto& u = cube.require(planet::VariableId::kEastwardWind).values;
  float aloft = 0.0F;
  float ground = 0.0F;
  for (std::size_t i = 9; i < u.size(); i += 10) {
    aloft = std::max(aloft, std::abs(u[i - 7]));
    ground = std::max(ground, std::abs(u[i]));
  }
  EXPECT_GT(aloft, 15.0F);
  EXPECT_LT(ground, 15.0F);
}

TEST(ThermalWind, OfTheCircleMeanSurvivesZonalWaves) {
  // A wave along the circle whose mean is the zonal temperature: the mean jet is that of the mean, in the linear
  // regime.
  const WindPlanet planet = earth(0.05);
  const Wind plain = windOver(zonalTemperature, planet);
  const Wind waved = windOver(
      [](double lat, double lon, std::size_t) {
        return zonalTemperature(lat, lon, 0) +
               5.0 * std::cos(radians(lat)) * std::cos(radians(lat)) * std::sin(radians(3.0 * lon));
      },
      planet);
  for (const std::size_t lat : {6UL, 11UL, 22UL, 27UL}) {
    for (std::size_t k = 0; k < 10; ++k) {
      double mean = 0.0;
      for (std::size_t lon = 0; lon < 64; ++lon) mean += static_cast<double>(waved.u[(lat * 64 + lon) * 10 + k]) / 64.0;
      const double expected = static_cast<double>(plain.u[lat * 640 + k]);
      EXPECT_NEAR(mean, expected, 0.02 * expected) << lat << ' ' << k;
    }
  }
}

TEST(Winds, EarthHasWesterlyJetsOfTensOfMetresPerSecond) {
  const planet::ClimateCube cube = buildCube(earthClimate(), earthTruth());
  const auto& u = cube.require(planet::VariableId::kEastwardWind).values;
  const auto& v = cube.require(planet::VariableId::kNorthwardWind).values;
  // 40 N and S aloft (sigma 0.21) and near the ground, first month.
  for (const std::size_t lat : {8UL, 23UL}) {
    const double jet = static_cast<double>(u[lat * 64 * 10 + 2]);
    EXPECT_GT(jet, 15.0);
    EXPECT_LT(jet, 60.0);
    EXPECT_GT(u[lat * 64 * 10 + 9], 1.0F);
    EXPECT_LT(u[lat * 64 * 10 + 9], 12.0F);
  }
  EXPECT_GT(v[23 * 64 * 10], 0.1F);  // poleward aloft in the north
  EXPECT_LT(v[23 * 64 * 10 + 9], -0.1F);
  EXPECT_LT(v[23 * 64 * 10], 5.0F);
  // Trades, 5 m/s on Earth (within a factor of two) at 14 N and S, and they too blow towards the equator.
  for (const std::size_t lat : {13UL, 18UL}) {
    EXPECT_LT(u[lat * 64 * 10 + 9], -2.5F);
    EXPECT_GT(u[lat * 64 * 10 + 9], -10.0F);
  }
  EXPECT_LT(v[18 * 64 * 10 + 9], 0.0F);
}

TEST(SurfaceWind, TurnsTheGroundNeitherWay) {
  // No net torque: the sum of stress times distance from the axis vanishes, with the stress of the bulk formula.
  const Wind wind = windOver([](double lat, double, std::size_t) { return 270.0 - 40.0 * p2(lat); }, earth(), 0.5);
  double torque = 0.0;
  double size = 0.0;
  for (std::size_t lat = 0; lat < 32; ++lat) {
    const double u = static_cast<double>(wind.u[lat * 640 + 9]);
    const double share = grid().latitudeWeight[lat] * std::cos(radians(grid().latitudeDeg[lat])) * u *
                         std::sqrt(u * u + kGustSpeed * kGustSpeed);
    torque += share;
    size += std::abs(share);
  }
  EXPECT_GT(size, 5.0);
  EXPECT_LT(std::abs(torque), 1e-6 * size);
}

TEST(SurfaceWind, OfASlowRotatorIsNextToNothing) {
  const auto zonal = [](double lat, double, std::size_t) { return 270.0 - 40.0 * p2(lat); };
  const Wind fast = windOver(zonal, earth(), 0.5);
  const Wind slow = windOver(zonal, earth(100.0), 0.5);
  for (std::size_t lat = 0; lat < 32; ++lat) {
    EXPECT_LT(std::abs(slow.u[lat * 640 + 9]), 0.5F) << lat;
  }
  EXPECT_GT(fast.u[24 * 640 + 9], 3.0F);
}

/// Dry isothermal air has N = g / sqrt(cp T), so the integral of N dz / pi is R sqrt(T / cp) ln(p0/p) / pi.
double isothermalWave(double kelvin) {
  return 287.0 * std::sqrt(kelvin / 1004.0) * aboveLowest(0) / std::numbers::pi;
}

TEST(Superrotation, OfSynchronousPlanetsHasSpeedAndWidthOfTheirWaves) {
  for (const double days : {5.0, 40.0}) {
    WindPlanet planet = earth(days);
    const auto uniform = [](double, double, std::size_t) { return 250.0; };
    for (const float u : windOver(uniform, planet).u) ASSERT_EQ(u, 0.0F);
    planet.synchronous = true;
    const Wind wind = windOver(uniform, planet);
    const double spin = planet.rotationRate * planet.radiusM;
    const double wave = isothermalWave(250.0);
    const double speed = 1.0 / (3.0 / wave + 1.0 / spin);
    const double width = std::min(1.0, std::sqrt(wave / (2.0 * spin)));
    for (const std::size_t lat : {16UL, 20UL, 26UL}) {
      const double phi = radians(grid().latitudeDeg[lat]);
      const double expected =
          speed * std::exp(-0.5 * phi * phi / (width * width)) * (1.0 - grid().sigma[0] / grid().sigma[9]);
      EXPECT_NEAR(static_cast<double>(wind.u[lat * 640]), expected, 1e-3 * speed) << days << ' ' << lat;
      EXPECT_EQ(wind.u[lat * 640 + 9], 0.0F);
    }
  }
}

}  // namespace
}  // namespace ecumene::data::physics::atmosphere
