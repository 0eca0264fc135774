// SPDX-License-Identifier: Apache-2.0
// Truth: conservation (the area mean before is the area mean after), closed forms of zonal means, identity on T21.
#include "data/formats/climate/lat_lon_cells.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "cf_fixture.h"
#include "data/base/error.h"
#include "data/base/random.h"
#include "data/planet/cube.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using formats::cellsOf;
using formats::ConservativeMap;
using formats::LatLonCells;
using test::evenly;

constexpr std::size_t kCells = 2048;

struct Mapped {
  std::vector<double> mean = std::vector<double>(kCells), share = std::vector<double>(kCells);
};

Mapped mapped(const LatLonCells& cells, const std::vector<double>& values, double shiftDeg = 0.0) {
  Mapped m;
  ConservativeMap(cells, shiftDeg).apply(values, m.mean, m.share);
  return m;
}

double areaMean(const std::vector<double>& canonical) {
  double sum = 0.0;
  for (std::size_t c = 0; c < kCells; ++c) sum += canonical[c] * planet::canonicalGrid().cellWeight(c / 64);
  return sum;
}

/// Area mean on the file's own cells: sines of latitude by degrees of longitude.
double areaMean(const LatLonCells& cells, const std::vector<double>& values) {
  double sum = 0.0;
  for (std::size_t r = 0; r < cells.rows.size(); ++r) {
    for (std::size_t c = 0; c < cells.columns.size(); ++c) {
      sum += values[r * cells.columns.size() + c] * (cells.rows[r].second - cells.rows[r].first) / 2.0 *
             (cells.columns[c].second - cells.columns[c].first) / 360.0;
    }
  }
  return sum;
}

std::vector<double> gaussian(std::size_t n) {
  std::vector<double> nodes;
  std::vector<double> weights;
  planet::gaussianLatitudes(n, nodes, weights);
  return nodes;
}

std::vector<double> reversed(std::vector<double> values) {
  std::reverse(values.begin(), values.end());
  return values;
}

TEST(LatLonCells, AreaMeansStayWhatTheyWereOnEveryGrid) {
  const std::vector<std::pair<std::vector<double>, std::vector<double>>> grids{
      {evenly(-88.0, 4.0, 45), evenly(2.5, 5.0, 72)},       // cells
      {evenly(90.0, -2.5, 73), evenly(0.0, 2.5, 144)},      // points, poles among them, from the north
      {evenly(-89.5, 1.0, 180), evenly(-179.5, 1.0, 360)},  // about Greenwich
      {reversed(gaussian(64)), evenly(0.0, 2.8125, 128)},   // T42
      {evenly(-90.0, 10.0, 19), evenly(180.0, -12.0, 30)},  // longitudes westward, coarser than T21
      {evenly(-87.0, 6.0, 30), evenly(0.0, 7.3469387755, 49)},
  };
  Random random(20, "grids", 0);
  for (const auto& [latitude, longitude] : grids) {
    const LatLonCells cells = cellsOf({"lat", latitude, {}}, {"lon", longitude, {}});
    std::vector<double> values(latitude.size() * longitude.size());
    for (double& value : values) value = 200.0 + 100.0 * random.uniform();
    for (const double shift : {0.0, 5.625, -123.75}) {
      const Mapped m = mapped(cells, values, shift);
      EXPECT_NEAR(areaMean(m.mean), areaMean(cells, values), 1e-6) << latitude.size() << " shifted by " << shift;
      for (const double share : m.share) EXPECT_NEAR(share, 1.0, 1e-9);
    }
  }
}

TEST(LatLonCells, ItsOwnGridComesOutBitForBit) {
  const planet::Grid& grid = planet::canonicalGrid();
  Random random(20, "identity", 0);
  std::vector<double> values(kCells);
  for (double& value : values) value = random.uniform();
  const LatLonCells cells = cellsOf({"lat", grid.latitudeDeg, {}}, {"lon", grid.longitudeDeg, {}});
  EXPECT_TRUE(cells.gaussian);
  EXPECT_EQ(mapped(cells, values).mean, values);
  // Rolled by whole columns too: what stood over 11.25 E comes to 0 E.
  const Mapped rolled = mapped(cells, values, -11.25);
  for (std::size_t c = 0; c < kCells; ++c) EXPECT_EQ(rolled.mean[c], values[c / 64 * 64 + (c + 2) % 64]);
}

TEST(LatLonCells, SolidBodyWindHasTheMeansOfItsClosedForm) {
  // u = cos(lat): the area mean over a row from a to b is (b - a + sin b cos b - sin a cos a) / (2 (sin b - sin a)).
  const std::vector<double> latitude = evenly(-89.875, 0.25, 720);
  const std::vector<double> longitude = evenly(0.0, 10.0, 36);
  std::vector<double> values;
  for (const double lat : latitude) values.insert(values.end(), longitude.size(), std::cos(test::radians(lat)));
  const Mapped m = mapped(cellsOf({"lat", latitude, {}}, {"lon", longitude, {}}), values);
  double south = -1.0;
  for (std::size_t row = 0; row < 32; ++row) {
    const double north = std::min(south + 2.0 * planet::canonicalGrid().latitudeWeight[row], 1.0);
    const double a = std::asin(south);
    const double b = std::asin(north);
    const double expected = (b - a + std::sin(b) * std::cos(b) - std::sin(a) * std::cos(a)) / (2.0 * (north - south));
    EXPECT_NEAR(m.mean[row * 64 + 7], expected, 1e-3) << row;
    south = north;
  }
}

TEST(LatLonCells, RowsAndColumnsComeWhereTheyBelongInEitherOrder) {
  const auto field = [](const std::vector<double>& latitude, const std::vector<double>& longitude) {
    std::vector<double> values;
    for (const double lat : latitude) {
      for (const double lon : longitude)
        values.push_back(std::sin(test::radians(lat)) + 0.5 * std::cos(test::radians(lon)));
    }
    return mapped(cellsOf({"lat", latitude, {}}, {"lon", longitude, {}}), values).mean;
  };
  const std::vector<double> plain = field(evenly(-89.0, 2.0, 90), evenly(1.0, 2.0, 180));
  const std::vector<double> turned = field(evenly(89.0, -2.0, 90), evenly(-179.0, 2.0, 180));
  for (std::size_t c = 0; c < kCells; ++c) EXPECT_NEAR(plain[c], turned[c], 1e-12);
  EXPECT_GT(plain[31 * 64], plain[0]);             // north is up
  EXPECT_GT(plain[16 * 64], plain[16 * 64 + 32]);  // column 0 is Greenwich
}

TEST(LatLonCells, StatedBoundsAreTheEdges) {
  // Three rows of very unequal height, one value each: the southern one reaches to 60 S.
  const formats::Axis latitude{"lat", {-70.0, 0.0, 70.0}, {-90.0, -60.0, -60.0, 60.0, 60.0, 90.0}};
  const LatLonCells cells = cellsOf(latitude, {"lon", evenly(0.0, 90.0, 4), {}});
  const std::vector<double> values{1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
  EXPECT_NEAR(areaMean(mapped(cells, values).mean), (1.0 - std::sqrt(3.0) / 2.0) / 2.0, 1e-12);
}

TEST(LatLonCells, UpToHalfARowToThePolesIsOfTheOutermostRowsUnlessTheirBoundsAreStated) {
  const formats::Axis longitude{"lon", evenly(0.0, 90.0, 4), {}};
  const LatLonCells cells = cellsOf({"lat", evenly(-84.0, 12.0, 15), {}}, longitude);
  EXPECT_EQ(cells.capDeg, 0.0);  // they end there
  // From 88 S: two degrees are left of rows of four and eight.
  const LatLonCells longer = cellsOf({"lat", {-84.0, -76.0, 0.0, 80.0}, {}}, longitude);
  EXPECT_NEAR(longer.capDeg, 2.0, 1e-9);
  EXPECT_EQ(longer.rows.front().first, -1.0);
  formats::Axis stated{"lat", {-60.0, 60.0}, {-88.0, 0.0, 0.0, 90.0}};
  EXPECT_THROW((void)cellsOf(stated, longitude), Error);
  stated.bounds[0] = -90.0;
  EXPECT_EQ(cellsOf(stated, longitude).capDeg, 0.0);
}

TEST(LatLonCells, MissingCellsLowerTheShareAndLeaveTheMeanOfTheRest) {
  const std::vector<double> latitude = evenly(-89.0, 2.0, 90);
  const std::vector<double> longitude = evenly(1.0, 2.0, 180);
  std::vector<double> values(latitude.size() * longitude.size(), 7.0);
  for (std::size_t c = 0; c < 180; ++c) values[c] = std::numeric_limits<double>::quiet_NaN();
  const Mapped m = mapped(cellsOf({"lat", latitude, {}}, {"lon", longitude, {}}), values);
  EXPECT_LT(m.share[0], 0.999);
  EXPECT_GT(m.share[0], 0.5);
  EXPECT_DOUBLE_EQ(m.mean[0], 7.0);
  EXPECT_NEAR(m.share[64 * 5], 1.0, 1e-12);
}

std::string refusalOfCells(const std::vector<double>& latitude, const std::vector<double>& longitude) {
  try {
    static_cast<void>(cellsOf({"lat", latitude, {}}, {"lon", longitude, {}}));
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(LatLonCells, WhatIsNoWholeGlobeIsRefusedByTheAxisThatLeavesItOut) {
  EXPECT_NE(refusalOfCells(evenly(30.0, 1.0, 40), evenly(0.0, 1.0, 360)).find("lat"), std::string::npos);
  EXPECT_NE(refusalOfCells(evenly(-89.0, 2.0, 90), evenly(0.0, 1.0, 90)).find("lon"), std::string::npos);
  EXPECT_NE(refusalOfCells({-45.0, 45.0, 10.0}, evenly(0.0, 1.0, 360)).find("lat[2]"), std::string::npos);
  EXPECT_NE(refusalOfCells({-45.0, 95.0}, evenly(0.0, 1.0, 360)).find("poles"), std::string::npos);
  // Without a row at each pole.
  EXPECT_NE(refusalOfCells(evenly(-75.0, 10.0, 16), evenly(0.0, 1.0, 360)).find("lat"), std::string::npos);
  EXPECT_NE(refusalOfCells(evenly(79.0, -10.0, 16), evenly(0.0, 1.0, 360)).find("lat"), std::string::npos);
  EXPECT_NE(refusalOfCells({0.0}, evenly(0.0, 1.0, 360)).find("fewer than two"), std::string::npos);
  EXPECT_NE(refusalOfCells(evenly(-89.0, 2.0, 90), {0.0, std::nan(""), 20.0}), "");
}

}  // namespace
