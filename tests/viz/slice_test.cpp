// SPDX-License-Identifier: Apache-2.0
#include "viz/climate/slice.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "tests/support/sample_planet.h"
#include "tests/support/thrown_error.h"
#include "viz/climate/quantity.h"

namespace ecumene::viz::climate {
namespace {

using data::planet::canonicalGrid;
using Id = data::planet::VariableId;

TEST(CellGrid, DrawnAreasAreTheGaussianWeights) {
  const data::planet::Grid& grid = canonicalGrid();
  const CellGrid cells = cellsOf(grid);
  ASSERT_EQ(cells.rows(), 32U);
  ASSERT_EQ(cells.columns(), 64U);
  for (std::size_t row = 0; row < 32; ++row) {
    const double south = std::sin(cells.latitudeEdgeDeg[row] * std::numbers::pi / 180.0);
    const double north = std::sin(cells.latitudeEdgeDeg[row + 1] * std::numbers::pi / 180.0);
    EXPECT_NEAR((north - south) / 2.0, grid.latitudeWeight[row], 1e-12) << row;
    EXPECT_LT(cells.latitudeEdgeDeg[row], grid.latitudeDeg[row]);
    EXPECT_GT(cells.latitudeEdgeDeg[row + 1], grid.latitudeDeg[row]);
  }
  EXPECT_NEAR(cells.latitudeEdgeDeg[16], 0.0, 1e-12);
  EXPECT_DOUBLE_EQ(cells.longitudeEdgeDeg.front(), -2.8125);
  EXPECT_DOUBLE_EQ(cells.longitudeEdgeDeg.back(), 357.1875);
}

TEST(CellGrid, EveryCentreLiesInItsCellFromEveryTurn) {
  const data::planet::Grid& grid = canonicalGrid();
  const CellGrid cells = cellsOf(grid);
  for (std::size_t row = 0; row < 32; ++row) {
    for (std::size_t column = 0; column < 64; ++column) {
      for (const double turn : {-720.0, -360.0, 0.0, 360.0}) {
        EXPECT_EQ(cellAt(cells, grid.latitudeDeg[row], grid.longitudeDeg[column] + turn), (Cell{row, column}));
      }
    }
  }
  EXPECT_EQ(cellAt(cells, 90.0, 0.0).row, 31U);
  EXPECT_EQ(cellAt(cells, -90.0, 0.0).row, 0U);
}

/// The value of a cube whose every number says where it stands.
float coded(std::size_t month, std::size_t row, std::size_t column, std::size_t level) {
  return static_cast<float>(month * 1000000 + row * 10000 + column * 100 + level);
}

data::planet::ClimateCube codedCube() {
  data::planet::ClimateCube cube;
  cube.grid = canonicalGrid();
  for (const Id id : {Id::kAirTemperature, Id::kSurfaceTemperature}) {
    data::planet::Field field{id, {}};
    const std::size_t levels = id == Id::kAirTemperature ? 10 : 1;
    for (std::size_t month = 0; month < 12; ++month) {
      for (std::size_t row = 0; row < 32; ++row) {
        for (std::size_t column = 0; column < 64; ++column) {
          for (std::size_t level = 0; level < levels; ++level) {
            field.values.push_back(coded(month, row, column, level));
          }
        }
      }
    }
    cube.fields.push_back(std::move(field));
  }
  return cube;
}

TEST(Slice, HoldsTheValuesOfItsMonthAndLevel) {
  const data::planet::ClimateCube cube = codedCube();
  const Slice slice = sliceOf(cube, {Id::kAirTemperature, 7, 3, 0});
  for (const Cell cell : {Cell{0, 0}, Cell{31, 63}, Cell{12, 40}}) {
    EXPECT_EQ(slice.at(cell), coded(7, cell.row, cell.column, 3));
  }
  EXPECT_EQ(sliceOf(cube, {Id::kSurfaceTemperature, 11, 5, 0}).at({31, 63}), coded(11, 31, 63, 0));
}

TEST(Slice, ProfileAndYearRunThroughTheirAxes) {
  const data::planet::ClimateCube cube = codedCube();
  const SliceChoice choice{Id::kAirTemperature, 7, 3, 0};
  const std::vector<float> year = yearOf(cube, choice, {12, 40}), profile = profileOf(cube, choice, {12, 40});
  ASSERT_EQ(year.size(), 12U);
  ASSERT_EQ(profile.size(), 10U);
  EXPECT_EQ(year[4], coded(4, 12, 40, 3));
  EXPECT_EQ(profile[9], coded(7, 12, 40, 9));
  EXPECT_EQ(profileOf(cube, {Id::kSurfaceTemperature, 7, 0, 0}, {12, 40}).size(), 1U);
}

TEST(Slice, WhatTheCubeLacksIsRefused) {
  const data::planet::ClimateCube cube = codedCube();
  for (const SliceChoice& choice :
       {SliceChoice{Id::kToaNetShortwave, 0, 0, 0}, SliceChoice{Id::kAirTemperature, 12, 0, 0},
        SliceChoice{Id::kAirTemperature, 0, 10, 0}, SliceChoice{Id::kAirTemperature, 0, 0, 1}}) {
    EXPECT_NE(test::messageOf([&] { static_cast<void>(sliceOf(cube, choice)); }), "nothing thrown");
  }
}

TEST(Slice, MeanIsTheStatisticsOfTheCube) {
  const data::planet::Planet planet = test::samplePlanet(4);
  const data::planet::ClimateCube& cube = *planet.climate;
  double mean = 0.0;
  for (std::size_t month = 0; month < 12; ++month) {
    mean += meanOf(sliceOf(cube, {Id::kSurfaceTemperature, month, 0, 0}), cube.grid) / 12.0;
  }
  EXPECT_NEAR(mean, statistics(cube, cube.require(Id::kSurfaceTemperature)).areaWeightedMean, 1e-3);
}

TEST(Slice, RangeLeavesMissingValuesOut) {
  const float missing = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> values{missing, 3.0F, -2.0F};
  EXPECT_EQ(rangeOf(values)->low, -2.0);
  EXPECT_EQ(rangeOf(values)->high, 3.0);
  EXPECT_FALSE(rangeOf(std::vector<float>{missing}).has_value());
}

TEST(Quantity, RowsStandInTheOrderOfTheVariablesAndShowTheirUnit) {
  for (const Quantity& row : quantities()) EXPECT_EQ(&quantity(row.id), &row);
  EXPECT_EQ(textOf(quantity(Id::kSurfaceTemperature), 288.16), "288.2 K");
  EXPECT_EQ(textOf(quantity(Id::kSurfaceAirPressure), 101325.0), "1013.2 hPa");
  EXPECT_EQ(textOf(quantity(Id::kCloudAreaFraction), std::nan("")), "no data");
}

}  // namespace
}  // namespace ecumene::viz::climate
