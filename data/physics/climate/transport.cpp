// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/transport.h"

#include <array>
#include <numbers>

#include "data/physics/constants.h"

namespace ecumene::data::physics::climate {
namespace {

// J mol-1 K-1 at 298 K, in the order of planet::Gas: N2 CO2 H2O CH4 O2 O3 N2O CO H2 H2S.
constexpr std::array<double, planet::kGasCount> kMolarHeat = {29.12, 37.14, 33.59, 35.69, 29.38,
                                                              39.24, 38.62, 29.14, 28.84, 34.19};

}  // namespace

double meanMolarMass(const planet::Atmosphere& atmosphere) {
  double mass = 0.0;
  for (std::size_t i = 0; i < planet::kGasCount; ++i) {
    mass += atmosphere.mixingRatio[i] * planet::molarMass(static_cast<planet::Gas>(i));
  }
  return mass;
}

double specificHeat(const planet::Atmosphere& atmosphere) {
  double heat = 0.0;
  for (std::size_t i = 0; i < planet::kGasCount; ++i) heat += atmosphere.mixingRatio[i] * kMolarHeat[i];
  return heat / (1e-3 * meanMolarMass(atmosphere));
}

HeatTransport heatTransport(const planet::Atmosphere& atmosphere, double rotationDays, double referenceWm2K) {
  const double mass = kReferenceMolarMass / meanMolarMass(atmosphere);
  const double rotation = kEarthRotationRate / (2.0 * std::numbers::pi / (rotationDays * kDaySeconds));
  const double factor = atmosphere.surfacePressurePa / kReferencePressurePa * specificHeat(atmosphere) /
                        kReferenceSpecificHeat * mass * mass * rotation * rotation;
  if (factor > kLargestDiffusionFactor) return {kLargestDiffusionFactor * referenceWm2K, true};
  return {factor * referenceWm2K, false};
}

}  // namespace ecumene::data::physics::climate
