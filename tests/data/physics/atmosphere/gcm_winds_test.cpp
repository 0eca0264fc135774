// SPDX-License-Identifier: Apache-2.0
// Truth: the winds of a general circulation model. Ours are made of the same planets' temperatures and fluxes.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <numbers>
#include <span>
#include <string>
#include <vector>

#include "data/formats/registry.h"
#include "data/physics/atmosphere/winds.h"
#include "data/physics/constants.h"

namespace ecumene::data::physics::atmosphere {
namespace {

using planet::VariableId;

constexpr std::size_t kLevels = planet::kCanonicalLevels;

/// Winds of one planet, [12, lat, lon, lev].
struct Winds {
  std::vector<float> u, v;

  /// Mean along a circle and over the year.
  [[nodiscard]] double zonal(std::size_t lat, std::size_t level) const {
    double sum = 0.0;
    for (std::size_t month = 0; month < 12; ++month) {
      for (std::size_t lon = 0; lon < 64; ++lon) {
        sum += static_cast<double>(u[((month * 32 + lat) * 64 + lon) * kLevels + level]);
      }
    }
    return sum / (12.0 * 64.0);
  }
  /// Strongest such mean of levels 1 to 4 (sigma 0.12 to 0.4) in the two rows beside the equator.
  [[nodiscard]] double equatorialJet() const {
    double most = -1e9;
    for (std::size_t level = 1; level < 5; ++level) most = std::max(most, 0.5 * (zonal(15, level) + zonal(16, level)));
    return most;
  }
  /// Area- and time-mean wind speed at the lowest level.
  [[nodiscard]] double groundSpeed() const {
    double sum = 0.0;
    for (std::size_t cell = 0; cell < u.size() / kLevels; ++cell) {
      const std::size_t at = cell * kLevels + kLevels - 1;
      sum += planet::canonicalGrid().cellWeight(cell / 64 % 32) * std::hypot(u[at], v[at]);
    }
    return sum / 12.0;
  }
};

struct Pair {
  Winds ours, theirs;
};

Pair compare(const std::filesystem::path& file) {
  const planet::Import import = formats::importFile(file, {});
  const planet::ClimateCube& cube = *import.planet.climate;
  const planet::PlanetTruth& truth = *import.planet.truth;
  const auto doubles = [&](VariableId id) {
    const auto& values = cube.require(id).values;
    return std::vector<double>(values.begin(), values.end());
  };
  SurfaceClimate climate;
  climate.surfaceTemperatureK = doubles(VariableId::kSurfaceTemperature);
  climate.absorbedShortwaveWm2 = doubles(VariableId::kToaNetShortwave);
  climate.outgoingLongwaveWm2 = doubles(VariableId::kToaOutgoingLongwave);
  const std::vector<double> air = doubles(VariableId::kAirTemperature);
  WindPlanet body;
  body.radiusM = truth.bulk.radiusEarth * kEarthRadius;
  body.gravity = truth.bulk.gravity;
  body.rotationRate = 2.0 * std::numbers::pi / (truth.bulk.rotationDays * kDaySeconds);
  body.gasConstant = 287.0;
  body.heatCapacity = 1004.0;
  body.surfacePressurePa = planet::statistics(cube, cube.require(VariableId::kSurfaceAirPressure)).areaWeightedMean;
  body.synchronous = truth.bulk.synchronous;

  Pair pair;
  pair.theirs = {cube.require(VariableId::kEastwardWind).values, cube.require(VariableId::kNorthwardWind).values};
  pair.ours = {std::vector<float>(air.size()), std::vector<float>(air.size())};
  const double diffusion = impliedDiffusion(cube.grid, climate);
  const std::size_t cells = cube.grid.cells();
  for (std::size_t month = 0; month < 12; ++month) {
    const std::size_t at = month * cells * kLevels;
    const std::span<const double> ground(&climate.surfaceTemperatureK[month * cells], cells);
    winds(cube.grid, body, overturning(cube.grid, body, diffusion, ground), std::span(&air[at], cells * kLevels),
          std::span(&pair.ours.u[at], cells * kLevels), std::span(&pair.ours.v[at], cells * kLevels));
  }
  return pair;
}

TEST(WindsOfExoplasim, EarthHasItsTradesAndWesterlies) {
  const Pair earth = compare("resources/demo/earth_control/MOST.00001.nc");
  // Mean of a belt in both hemispheres: rows are 5.5 degrees wide from 2.8 degrees on.
  const auto belt = [](const Winds& winds, std::size_t first, std::size_t last) {
    double sum = 0.0;
    for (std::size_t row = first; row <= last; ++row) sum += winds.zonal(16 + row, 9) + winds.zonal(15 - row, 9);
    return sum / (2.0 * static_cast<double>(last - first + 1));
  };
  // 8 to 19 degrees, 36 to 53 degrees.
  const std::array<double, 2> theirs{belt(earth.theirs, 1, 3), belt(earth.theirs, 6, 9)};
  const std::array<double, 2> ours{belt(earth.ours, 1, 3), belt(earth.ours, 6, 9)};
  ASSERT_LT(theirs[0], -1.0);
  ASSERT_GT(theirs[1], 1.0);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_GT(ours.at(i) / theirs.at(i), 0.4) << i;
    EXPECT_LT(ours.at(i) / theirs.at(i), 2.5) << i;
  }
  EXPECT_NEAR(earth.ours.groundSpeed() / earth.theirs.groundSpeed(), 1.0, 0.5);
}

TEST(WindsOfExoplasim, Tw307IsAsWindyAndSuperrotates) {
  const Pair planet = compare("resources/demo/tw307/MOST.00001.nc");
  EXPECT_GT(planet.ours.groundSpeed() / planet.theirs.groundSpeed(), 1.0 / 2.5);
  EXPECT_LT(planet.ours.groundSpeed() / planet.theirs.groundSpeed(), 2.5);
  EXPECT_GT(planet.ours.equatorialJet() / planet.theirs.equatorialJet(), 0.5);
  EXPECT_LT(planet.ours.equatorialJet() / planet.theirs.equatorialJet(), 2.0);
}

TEST(WindsOfExoplasim, SynchronousPlanetsSuperrotateWithinAFactorOfThree) {
  const char* shared = std::getenv("ECUMENE_SHARED");
  const std::filesystem::path folder = std::filesystem::path(shared == nullptr ? "" : shared) / "data" / "climate";
  if (!std::filesystem::exists(folder))
    GTEST_SKIP() << "the outside data ($ECUMENE_SHARED/data) is not on this machine";
  const std::vector<std::string> planets{"exoplasim/mdwarf_locked_aqua",    "exoplasim_thousandworlds/tw1029",
                                         "exoplasim_thousandworlds/tw1069", "exoplasim_thousandworlds/tw1271",
                                         "exoplasim_thousandworlds/tw1408", "exoplasim_thousandworlds/tw1585",
                                         "exoplasim_thousandworlds/tw210"};
  for (const std::string& name : planets) {
    const Pair pair = compare(folder / name / "MOST.00001.nc");
    const double jets = pair.ours.equatorialJet() / pair.theirs.equatorialJet();
    const double ground = pair.ours.groundSpeed() / pair.theirs.groundSpeed();
    EXPECT_GT(jets, 1.0 / 3.0) << name;
    EXPECT_LT(jets, 3.0) << name;
    EXPECT_GT(ground, 1.0 / 4.5) << name;
    EXPECT_LT(ground, 2.0) << name;
  }
}

}  // namespace
}  // namespace ecumene::data::physics::atmosphere
