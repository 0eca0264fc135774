// SPDX-License-Identifier: Apache-2.0
#include "data/planet/cube.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

#include "data/base/error.h"

namespace ecumene::data::planet {
namespace {

ClimateCube surfaceCube(float value) {
  ClimateCube cube;
  cube.grid = canonicalGrid();
  cube.fields.push_back({VariableId::kSurfaceTemperature, {}});
  cube.fields.back().values.assign(cube.expectedSize(VariableId::kSurfaceTemperature), value);
  return cube;
}

TEST(GaussianLatitudes, OfSmallOrdersHaveClosedForms) {
  std::vector<double> latitude;
  std::vector<double> weight;
  gaussianLatitudes(2, latitude, weight);
  EXPECT_NEAR(latitude[1], std::asin(1.0 / std::sqrt(3.0)) * 180.0 / std::numbers::pi, 1e-13);
  EXPECT_NEAR(weight[0], 0.5, 1e-15);
  gaussianLatitudes(3, latitude, weight);
  EXPECT_NEAR(latitude[1], 0.0, 1e-13);
  EXPECT_NEAR(weight[1], 4.0 / 9.0, 1e-15);
  EXPECT_NEAR(latitude[0], -std::asin(std::sqrt(0.6)) * 180.0 / std::numbers::pi, 1e-13);
}

TEST(GaussianLatitudes, OfT21AreExoPlaSims) {
  const Grid& grid = canonicalGrid();
  // First latitude of ExoPlaSim's T21 output files, float32.
  EXPECT_NEAR(grid.latitudeDeg.back(), 85.76058959960938, 5e-6);
  EXPECT_NEAR(grid.latitudeDeg.front(), -85.76058959960938, 5e-6);
  EXPECT_NEAR(std::accumulate(grid.latitudeWeight.begin(), grid.latitudeWeight.end(), 0.0), 1.0, 1e-14);
  // A rule of 32 points integrates polynomials of degree 63 exactly: mean of x^62 over [-1, 1] is 1/63.
  double mean = 0.0;
  for (std::size_t i = 0; i < 32; ++i) {
    mean += grid.latitudeWeight[i] * std::pow(std::sin(grid.latitudeDeg[i] * std::numbers::pi / 180.0), 62);
  }
  EXPECT_NEAR(mean, 1.0 / 63.0, 1e-14);
}

TEST(FieldStatistics, MeanIsAreaWeighted) {
  ClimateCube cube = surfaceCube(0.0F);
  Field& field = cube.fields.front();
  for (std::size_t i = 0; i < field.values.size(); ++i) {
    const double x = std::sin(cube.grid.latitudeDeg[i / 64 % 32] * std::numbers::pi / 180.0);
    field.values[i] = static_cast<float>(300.0 + 30.0 * x * x);
  }
  const FieldStatistics s = statistics(cube, field);
  EXPECT_NEAR(s.areaWeightedMean, 310.0, 1e-4);  // mean of x^2 over the sphere is 1/3
  EXPECT_LT(s.maximum, 330.0);
  EXPECT_GT(s.maximum, 329.8);
  EXPECT_GE(s.minimum, 300.0);
}

TEST(ValidateCube, NamesWhatIsWrong) {
  EXPECT_NO_THROW(validate(surfaceCube(280.0F)));
  ClimateCube wrongSize = surfaceCube(280.0F);
  wrongSize.fields.front().values.pop_back();
  EXPECT_THROW(validate(wrongSize), Error);
  ClimateCube notFinite = surfaceCube(280.0F);
  notFinite.fields.front().values[77] = std::numeric_limits<float>::quiet_NaN();
  try {
    validate(notFinite);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.object(), "surface_temperature[77]");
  }
  ClimateCube flipped = surfaceCube(280.0F);
  std::reverse(flipped.grid.latitudeDeg.begin(), flipped.grid.latitudeDeg.end());
  EXPECT_THROW(validate(flipped), Error);
  EXPECT_THROW((void)surfaceCube(1.0F).require(VariableId::kAirTemperature), Error);
}

TEST(Variables, StandInTheOrderOfTheirIds) {
  for (std::size_t i = 0; i < kVariableCount; ++i) EXPECT_EQ(static_cast<std::size_t>(variables()[i].id), i);
  EXPECT_EQ(findVariable("ts")->id, VariableId::kSurfaceTemperature);
  EXPECT_EQ(findVariable("air_temperature")->id, VariableId::kAirTemperature);
  EXPECT_EQ(findVariable("tas"), nullptr);
}

}  // namespace
}  // namespace ecumene::data::planet
