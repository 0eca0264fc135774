// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/habitable_zone.h"

#include <array>
#include <cmath>
#include <string>

#include "data/base/error.h"

namespace ecumene::data::physics::atmosphere {
namespace {

struct Row {
  HzFamily family;
  HzLimit limit;
  std::array<double, 5> coefficient;  ///< S_sun, a, b, c, d
};

constexpr std::array<Row, 11> kRows{{
    {HzFamily::k2013, HzLimit::kRecentVenus, {1.7763, 1.4335e-4, 3.3954e-9, -7.6364e-12, -1.1950e-15}},
    {HzFamily::k2013, HzLimit::kRunawayGreenhouse, {1.0385, 1.2456e-4, 1.4612e-8, -7.6345e-12, -1.7511e-15}},
    {HzFamily::k2013, HzLimit::kMoistGreenhouse, {1.0146, 8.1884e-5, 1.9394e-9, -4.3618e-12, -6.8260e-16}},
    {HzFamily::k2013, HzLimit::kMaximumGreenhouse, {0.3507, 5.9578e-5, 1.6707e-9, -3.0058e-12, -5.1925e-16}},
    {HzFamily::k2013, HzLimit::kEarlyMars, {0.3207, 5.4471e-5, 1.5275e-9, -2.1709e-12, -3.8282e-16}},
    {HzFamily::k2014, HzLimit::kRecentVenus, {1.776, 2.136e-4, 2.533e-8, -1.332e-11, -3.097e-15}},
    {HzFamily::k2014, HzLimit::kRunawayGreenhouse, {1.107, 1.332e-4, 1.580e-8, -8.308e-12, -1.931e-15}},
    {HzFamily::k2014, HzLimit::kMaximumGreenhouse, {0.356, 6.171e-5, 1.698e-9, -3.198e-12, -5.575e-16}},
    {HzFamily::k2014, HzLimit::kEarlyMars, {0.320, 5.547e-5, 1.526e-9, -2.874e-12, -5.011e-16}},
    {HzFamily::k2014, HzLimit::kRunaway5Earth, {1.188, 1.433e-4, 1.707e-8, -8.968e-12, -2.084e-15}},
    {HzFamily::k2014, HzLimit::kRunaway01Earth, {0.99, 1.209e-4, 1.404e-8, -7.418e-12, -1.713e-15}},
}};

constexpr std::array<std::string_view, 7> kNames{
    "recent Venus", "runaway greenhouse",      "moist greenhouse",         "maximum greenhouse",
    "early Mars",   "runaway, 5 Earth masses", "runaway, 0.1 Earth masses"};

}  // namespace

std::string_view name(HzLimit limit) {
  return kNames.at(static_cast<std::size_t>(limit));
}

bool coversStar(double stellarTemperatureK) {
  return stellarTemperatureK >= 2600.0 && stellarTemperatureK <= 7200.0;
}

double effectiveFlux(HzFamily family, HzLimit limit, double stellarTemperatureK) {
  if (!coversStar(stellarTemperatureK)) {
    throw Error("the habitable-zone limits do not cover this star")
        .on("stellar temperature")
        .expected("2600 to 7200 K")
        .found(std::to_string(stellarTemperatureK));
  }
  for (const Row& row : kRows) {
    if (row.family != family || row.limit != limit) continue;
    const double t = stellarTemperatureK - 5780.0;
    const auto& c = row.coefficient;
    return c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * c[4])));
  }
  throw Error("this family of habitable-zone limits has no such limit")
      .on(family == HzFamily::k2013 ? "Kopparapu 2013" : "Kopparapu 2014")
      .found(std::string(name(limit)));
}

double limitDistanceAu(HzFamily family, HzLimit limit, double stellarTemperatureK, double luminositySun) {
  if (!(luminositySun > 0.0) || !std::isfinite(luminositySun)) {
    throw Error("the luminosity is not positive")
        .on("stellar luminosity")
        .expected("> 0, in solar units and not as a logarithm")
        .found(std::to_string(luminositySun));
  }
  return std::sqrt(luminositySun / effectiveFlux(family, limit, stellarTemperatureK));
}

HzMembership hzMembership(double fluxEarth, double stellarTemperatureK) {
  if (!(fluxEarth > 0.0) || !std::isfinite(fluxEarth)) {
    throw Error("the stellar flux is not positive").on("stellar flux").expected("> 0").found(std::to_string(fluxEarth));
  }
  const auto limit = [&](HzLimit l) { return effectiveFlux(HzFamily::k2014, l, stellarTemperatureK); };
  HzMembership m{fluxEarth,
                 limit(HzLimit::kRecentVenus),
                 limit(HzLimit::kRunawayGreenhouse),
                 limit(HzLimit::kMaximumGreenhouse),
                 limit(HzLimit::kEarlyMars),
                 false,
                 false};
  m.inside = m.maximum <= fluxEarth && fluxEarth <= m.runaway;
  m.optimistic = m.earlyMars <= fluxEarth && fluxEarth <= m.recentVenus;
  return m;
}

}  // namespace ecumene::data::physics::atmosphere
