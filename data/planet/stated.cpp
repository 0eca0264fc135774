// SPDX-License-Identifier: Apache-2.0
#include "data/planet/stated.h"

#include <cmath>
#include <limits>

namespace ecumene::data::planet {
namespace {

constexpr double kUnstated = std::numeric_limits<double>::quiet_NaN();

}  // namespace

PlanetTruth unstatedTruth() {
  PlanetTruth truth;
  truth.orbit.eccentricity = kUnstated;
  truth.bulk.obliquityDeg = kUnstated;
  truth.bulk.substellarLongitudeDeg = kUnstated;
  truth.surface.oceanFraction = kUnstated;
  truth.surface.soilMoistureM = kUnstated;
  return truth;
}

void stateSynchronous(Bulk& bulk, bool synchronous) {
  bulk.synchronous = synchronous;
  bulk.substellarLongitudeDeg = 180.0;
}

std::optional<bool> synchronous(const Bulk& bulk) {
  if (std::isnan(bulk.substellarLongitudeDeg)) return std::nullopt;
  return bulk.synchronous;
}

std::optional<bool> hasWater(const Surface& surface) {
  if (surface.oceanFraction > 0.0 || surface.soilMoistureM > 0.0) return true;
  if (std::isnan(surface.oceanFraction) || std::isnan(surface.soilMoistureM)) return std::nullopt;
  return false;
}

std::optional<StarType> starType(const Star& star) {
  if (!(star.temperatureK > 0.0)) return std::nullopt;
  return starType(star.temperatureK);
}

}  // namespace ecumene::data::planet
