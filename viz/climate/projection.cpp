// SPDX-License-Identifier: Apache-2.0
#include "viz/climate/projection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/base/nearest.h"

namespace ecumene::viz::climate {
namespace {

constexpr double kPi = std::numbers::pi;
constexpr double kRoot2 = std::numbers::sqrt2;

constexpr ProjectionInfo kProjections[] = {
    {Projection::kEquirectangular, "equirectangular", "Map", 180.0, 90.0},
    {Projection::kMollweide, "mollweide", "Equal-area map (Mollweide)", 2.0 * kRoot2, kRoot2},
    {Projection::kGlobe, "globe", "Globe", 1.0, 1.0},
};

/// Theta of 2 theta + sin 2 theta = pi sin(latitude).
double mollweideAngle(double latitude) {
  const double target = kPi * std::sin(latitude);
  if (std::abs(latitude) > 0.5 * kPi - 1e-9) return std::copysign(0.5 * kPi, latitude);
  double theta = latitude;
  // Newton's step loses its grip at the poles, where the derivative vanishes: 60 steps reach 1e-9 even at 89.99
  // degrees.
  for (int step = 0; step < 60; ++step) {
    const double change = (2.0 * theta + std::sin(2.0 * theta) - target) / (2.0 + 2.0 * std::cos(2.0 * theta));
    theta = std::clamp(theta - change, -0.5 * kPi, 0.5 * kPi);
    if (std::abs(change) < 1e-12) break;
  }
  return theta;
}

/// Unit vectors of the picture plane of a viewer above `centre`: right, up, towards the viewer.
std::array<Point3, 3> viewerAxes(const GeoPoint& centre) {
  const double lat = centre.latitudeDeg * kRadians, lon = centre.longitudeDeg * kRadians;
  return {{{-std::sin(lon), std::cos(lon), 0.0},
           {-std::sin(lat) * std::cos(lon), -std::sin(lat) * std::sin(lon), std::cos(lat)},
           {std::cos(lat) * std::cos(lon), std::cos(lat) * std::sin(lon), std::sin(lat)}}};
}

double dot(const Point3& a, const Point3& b) {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

}  // namespace

std::span<const ProjectionInfo> projections() {
  return kProjections;
}

const ProjectionInfo& info(Projection projection) {
  return kProjections[static_cast<std::size_t>(projection)];
}

Projection projectionOf(std::string_view name) {
  std::vector<std::string> names;
  for (const ProjectionInfo& row : kProjections) {
    if (row.name == name) return row.projection;
    names.emplace_back(row.name);
  }
  throw Error("there is no such projection")
      .on(std::string(name))
      .next(fmt::format("did you mean {}?", nearest(std::string(name), names).value_or(names.front())));
}

double eastOf(double longitudeDeg, double centreDeg) {
  const double turned = longitudeDeg - centreDeg + 180.0;
  return turned - 360.0 * std::floor(turned / 360.0) - 180.0;
}

Point3 position(Projection projection, const GeoPoint& point, double centreLongitudeDeg) {
  const double latitude = point.latitudeDeg * kRadians;
  if (projection == Projection::kGlobe) {
    const double longitude = point.longitudeDeg * kRadians;
    return {std::cos(latitude) * std::cos(longitude), std::cos(latitude) * std::sin(longitude), std::sin(latitude)};
  }
  const double east = point.longitudeDeg - centreLongitudeDeg;
  if (projection == Projection::kEquirectangular) return {east, point.latitudeDeg, 0.0};
  const double theta = mollweideAngle(latitude);
  return {2.0 * kRoot2 / kPi * east * kRadians * std::cos(theta), kRoot2 * std::sin(theta), 0.0};
}

std::optional<GeoPoint> pointAt(Projection projection, double x, double y, const GeoPoint& centre) {
  if (projection == Projection::kEquirectangular) {
    if (std::abs(x) > 180.0 || std::abs(y) > 90.0) return std::nullopt;
    return GeoPoint{y, centre.longitudeDeg + x};
  }
  if (projection == Projection::kMollweide) {
    if (std::abs(y) > kRoot2) return std::nullopt;
    const double theta = std::asin(y / kRoot2);
    const double width = 2.0 * kRoot2 / kPi * std::cos(theta);
    const double sine = (2.0 * theta + std::sin(2.0 * theta)) / kPi;
    if (std::abs(x) > width * kPi) return std::nullopt;
    const double east = width > 1e-12 ? x / width / kRadians : 0.0;
    return GeoPoint{std::asin(std::clamp(sine, -1.0, 1.0)) / kRadians, centre.longitudeDeg + east};
  }
  const double square = 1.0 - x * x - y * y;
  if (square < 0.0) return std::nullopt;
  const auto axes = viewerAxes(centre);
  const double z = std::sqrt(square);
  Point3 p{};
  for (std::size_t i = 0; i < 3; ++i) p[i] = x * axes[0][i] + y * axes[1][i] + z * axes[2][i];
  return GeoPoint{std::asin(std::clamp(p[2], -1.0, 1.0)) / kRadians, std::atan2(p[1], p[0]) / kRadians};
}

std::optional<std::array<double, 2>> planeOf(Projection projection, const GeoPoint& point, const GeoPoint& centre) {
  if (projection != Projection::kGlobe) {
    const GeoPoint near{point.latitudeDeg, centre.longitudeDeg + eastOf(point.longitudeDeg, centre.longitudeDeg)};
    const Point3 p = position(projection, near, centre.longitudeDeg);
    return std::array<double, 2>{p[0], p[1]};
  }
  const auto axes = viewerAxes(centre);
  const Point3 p = position(projection, point, 0.0);
  if (dot(p, axes[2]) < 0.0) return std::nullopt;
  return std::array<double, 2>{dot(p, axes[0]), dot(p, axes[1])};
}

}  // namespace ecumene::viz::climate
