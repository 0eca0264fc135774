// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/land_mask.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace ecumene::data::physics::climate {
namespace {

planet::Surface drawn(double ocean, std::uint64_t seed) {
  return {.oceanFraction = ocean, .soilMoistureM = 0.0, .landSeed = seed, .uniform = false};
}

TEST(LandMask, HasTheDrawnOceanAreaExactly) {
  const SphereGrid grid = gaussianGrid(32, 64);
  for (const double ocean : {0.0, 0.01, 0.3, 0.7, 0.99, 1.0}) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      const std::vector<double> mask = oceanFraction(grid, drawn(ocean, seed));
      EXPECT_NEAR(grid.mean(mask), ocean, 1e-12);
      for (const double f : mask) {
        EXPECT_GE(f, 0.0);
        EXPECT_LE(f, 1.0);
      }
    }
  }
}

TEST(LandMask, HasContinentsAndFractionalShores) {
  const SphereGrid grid = gaussianGrid(32, 64);
  const std::vector<double> mask = oceanFraction(grid, drawn(0.6, 42));
  const auto share = [&](auto test) {
    std::vector<double> is(mask.size());
    for (std::size_t k = 0; k < mask.size(); ++k) is[k] = test(mask[k]) ? 1.0 : 0.0;
    return grid.mean(is);
  };
  EXPECT_GT(share([](double f) { return f == 0.0; }), 0.3);
  EXPECT_GT(share([](double f) { return f == 1.0; }), 0.5);
  const double shore = share([](double f) { return f > 0.0 && f < 1.0; });
  EXPECT_GT(shore, 0.01);
  EXPECT_LT(shore, 0.2);
  // Continents, not speckle: of low order, so neighbours mostly agree.
  std::size_t unlike = 0;
  for (std::size_t k = 0; k + 1 < mask.size(); ++k) unlike += std::abs(mask[k] - mask[k + 1]) > 0.5 ? 1U : 0U;
  EXPECT_LT(unlike, mask.size() / 10);
}

TEST(LandMask, IsItsSeedsAlone) {
  const SphereGrid grid = gaussianGrid(32, 64);
  EXPECT_EQ(oceanFraction(grid, drawn(0.5, 7)), oceanFraction(grid, drawn(0.5, 7)));
  EXPECT_NE(oceanFraction(grid, drawn(0.5, 7)), oceanFraction(grid, drawn(0.5, 8)));
  // A rising sea floods land and never bares it.
  const std::vector<double> low = oceanFraction(grid, drawn(0.4, 7));
  const std::vector<double> high = oceanFraction(grid, drawn(0.6, 7));
  for (std::size_t k = 0; k < low.size(); ++k) EXPECT_GE(high[k], low[k] - 1e-12);
}

TEST(LandMask, OfUniformSurfacesIsUniform) {
  planet::Surface surface = drawn(0.7, 9);
  surface.uniform = true;
  for (const double f : oceanFraction(gaussianGrid(32, 64), surface)) EXPECT_EQ(f, 0.7);
}

}  // namespace
}  // namespace ecumene::data::physics::climate
