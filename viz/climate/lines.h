// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "viz/climate/projection.h"
#include "viz/climate/slice.h"

namespace ecumene::viz::climate {

/// A line over the ground; neighbouring points are at most kLineStepDeg apart in latitude and in longitude.
using GeoLine = std::vector<GeoPoint>;
inline constexpr double kLineStepDeg = 1.5;

/// Meridians and parallels every `stepDeg` degrees; meridians end at the last parallel before a pole.
std::vector<GeoLine> graticule(double stepDeg);

/// The borders of the cells that hold at least `threshold`, against those that hold less: the mask as it is stored,
/// nothing smoothed. Missing values are less.
std::vector<GeoLine> maskBorders(const Slice& mask, double threshold);

/// The points at an angular distance of `radiusDeg` from `centre`; a terminator is the circle of 90 degrees about the
/// substellar point.
GeoLine circle(const GeoPoint& centre, double radiusDeg);

GeoLine cellOutline(const CellGrid& grid, const Cell& cell);

}  // namespace ecumene::viz::climate
