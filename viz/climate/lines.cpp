// SPDX-License-Identifier: Apache-2.0
#include "viz/climate/lines.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace ecumene::viz::climate {
namespace {

/// Appends the way from the line's end to `to` along a meridian or parallel, in short steps.
void goOn(GeoLine& line, const GeoPoint& to) {
  const GeoPoint from = line.back();
  const double reach =
      std::max(std::abs(to.latitudeDeg - from.latitudeDeg), std::abs(to.longitudeDeg - from.longitudeDeg));
  const int steps = std::max(1, static_cast<int>(std::ceil(reach / kLineStepDeg)));
  for (int step = 1; step <= steps; ++step) {
    const double share = static_cast<double>(step) / steps;
    line.push_back(
        {std::lerp(from.latitudeDeg, to.latitudeDeg, share), std::lerp(from.longitudeDeg, to.longitudeDeg, share)});
  }
}

GeoLine way(const GeoPoint& from, const GeoPoint& to) {
  GeoLine line{from};
  goOn(line, to);
  return line;
}

}  // namespace

std::vector<GeoLine> graticule(double stepDeg) {
  std::vector<GeoLine> lines;
  const double last = stepDeg * (std::ceil(90.0 / stepDeg) - 1.0);
  for (double latitude = -last; latitude <= last + 1e-9; latitude += stepDeg) {
    lines.push_back(way({latitude, -180.0}, {latitude, 180.0}));
  }
  for (double longitude = -180.0; longitude < 180.0 - 1e-9; longitude += stepDeg) {
    lines.push_back(way({-last, longitude}, {last, longitude}));
  }
  return lines;
}

std::vector<GeoLine> maskBorders(const Slice& mask, double threshold) {
  const CellGrid& grid = mask.grid;
  const auto inside = [&](std::size_t row, std::size_t column) {
    return static_cast<double>(mask.at({row, column % grid.columns()})) >= threshold;
  };
  std::vector<GeoLine> lines;
  for (std::size_t row = 0; row < grid.rows(); ++row) {
    for (std::size_t column = 0; column < grid.columns(); ++column) {
      const double south = grid.latitudeEdgeDeg[row], north = grid.latitudeEdgeDeg[row + 1];
      const double west = grid.longitudeEdgeDeg[column], east = grid.longitudeEdgeDeg[column + 1];
      if (inside(row, column) != inside(row, column + 1)) lines.push_back(way({south, east}, {north, east}));
      if (row + 1 < grid.rows() && inside(row, column) != inside(row + 1, column)) {
        lines.push_back(way({north, west}, {north, east}));
      }
    }
  }
  return lines;
}

GeoLine circle(const GeoPoint& centre, double radiusDeg) {
  const double lat = centre.latitudeDeg * kRadians, radius = radiusDeg * kRadians;
  constexpr int kPoints = 720;
  GeoLine line;
  for (int i = 0; i <= kPoints; ++i) {
    const double bearing = 2.0 * std::numbers::pi * i / kPoints;
    const double sine = std::sin(lat) * std::cos(radius) + std::cos(lat) * std::sin(radius) * std::cos(bearing);
    const double latitude = std::asin(std::clamp(sine, -1.0, 1.0));
    const double east = std::atan2(std::sin(bearing) * std::sin(radius) * std::cos(lat),
                                   std::cos(radius) - std::sin(lat) * std::sin(latitude));
    line.push_back({latitude / kRadians, centre.longitudeDeg + east / kRadians});
  }
  return line;
}

GeoLine cellOutline(const CellGrid& grid, const Cell& cell) {
  const double south = grid.latitudeEdgeDeg[cell.row], north = grid.latitudeEdgeDeg[cell.row + 1];
  const double west = grid.longitudeEdgeDeg[cell.column], east = grid.longitudeEdgeDeg[cell.column + 1];
  GeoLine line{{south, west}};
  goOn(line, {south, east});
  goOn(line, {north, east});
  goOn(line, {north, west});
  goOn(line, {south, west});
  return line;
}

}  // namespace ecumene::viz::climate
