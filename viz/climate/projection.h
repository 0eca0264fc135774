// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <numbers>
#include <optional>
#include <span>
#include <string_view>

namespace ecumene::viz::climate {

inline constexpr double kRadians = std::numbers::pi / 180.0;  ///< in a degree

enum class Projection { kEquirectangular, kMollweide, kGlobe };

struct ProjectionInfo {
  Projection projection;
  std::string_view name;         ///< "mollweide"
  std::string_view title;        ///< for people
  double halfWidth, halfHeight;  ///< of the whole planet in the units of the plane
};
std::span<const ProjectionInfo> projections();
const ProjectionInfo& info(Projection projection);
/// Throws Error naming the nearest one if there is none of that name.
Projection projectionOf(std::string_view name);

struct GeoPoint {
  double latitudeDeg = 0.0, longitudeDeg = 0.0;
};
using Point3 = std::array<double, 3>;

/// Where a point lies in the scene. Maps are in the plane z = 0 around `centreLongitudeDeg`, x east, y north: degrees
/// (equirectangular), or radians of a unit sphere in Mollweide's equal-area projection (Snyder 1987, USGS Professional
/// Paper 1395, p. 249). The globe is the unit sphere: x through 0 E on the equator, z through the north pole. For maps
/// the point's longitude must lie within 180 degrees of the centre: eastOf() gives that.
Point3 position(Projection projection, const GeoPoint& point, double centreLongitudeDeg);

/// `longitudeDeg` - `centreDeg` brought into [-180, 180).
double eastOf(double longitudeDeg, double centreDeg);

/// The point at (x, y) of a map's plane; of the globe at (x, y) of the picture plane of a viewer far above `centre`,
/// north up. None outside the planet.
std::optional<GeoPoint> pointAt(Projection projection, double x, double y, const GeoPoint& centre);

/// (x, y) of that plane for a point; none if the point is on the far side of the globe.
std::optional<std::array<double, 2>> planeOf(Projection projection, const GeoPoint& point, const GeoPoint& centre);

}  // namespace ecumene::viz::climate
