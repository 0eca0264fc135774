// SPDX-License-Identifier: Apache-2.0
#include "data/planet/scalars.h"

namespace ecumene::data::planet {
namespace {

constexpr std::array<ScalarInfo, kScalarCount> kScalars{{
    {ScalarId::kStellarFlux, "stellar_flux", "W m-2", 0.0, 1e9},
    {ScalarId::kStellarTemperature, "stellar_temperature", "K", 500.0, 60000.0},
    {ScalarId::kStellarRadius, "stellar_radius", "R_sun", 0.005, 200.0},
    {ScalarId::kPlanetRadius, "planet_radius", "R_earth", 0.05, 30.0},
    {ScalarId::kGravity, "gravity", "m s-2", 0.01, 1000.0},
    {ScalarId::kOrbitalPeriod, "orbital_period", "d", 0.01, 1e9},
    {ScalarId::kEccentricity, "eccentricity", "1", 0.0, 0.999},
    {ScalarId::kRotationPeriod, "rotation_period", "d", 0.01, 1e5},
    {ScalarId::kObliquity, "obliquity", "deg", 0.0, 180.0},
    {ScalarId::kSurfacePressure, "surface_pressure", "Pa", 0.0, 1e9},
}};

}  // namespace

std::span<const ScalarInfo, kScalarCount> scalars() {
  return kScalars;
}
const ScalarInfo& info(ScalarId id) {
  return kScalars.at(static_cast<std::size_t>(id));
}

}  // namespace ecumene::data::planet
