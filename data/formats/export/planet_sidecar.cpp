// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <nlohmann/json.hpp>

#include "data/formats/export/writers.h"
#include "data/planet/stated.h"

namespace ecumene::data::formats {
namespace {

using planet::ScalarId;
using Json = nlohmann::ordered_json;

constexpr double kPaPerBar = 1e5;

/// The truth's value, which a sidecar gave both, else what the scalars have; nothing where neither is known (stated.h).
void put(Json& parameters, const char* key, double known, bool canBeZero, const planet::Planet& planet, ScalarId id) {
  if (!std::isnan(known) && (canBeZero || known > 0.0)) {
    parameters[key] = known;
  } else if (const auto& m = planet.scalars[id]; m && m->limit == 0) {
    parameters[key] = m->value;
  }
}

}  // namespace

std::string planetSidecar(const planet::Planet& planet) {
  const planet::PlanetTruth truth = planet.truth.value_or(planet::unstatedTruth());
  Json parameters = Json::object();
  put(parameters, "star_temperature_K", truth.star.temperatureK, false, planet, ScalarId::kStellarTemperature);
  put(parameters, "stellar_flux_W_m2", truth.orbit.fluxWm2, false, planet, ScalarId::kStellarFlux);
  put(parameters, "eccentricity", truth.orbit.eccentricity, true, planet, ScalarId::kEccentricity);
  put(parameters, "radius_earth", truth.bulk.radiusEarth, false, planet, ScalarId::kPlanetRadius);
  put(parameters, "gravity_m_s2", truth.bulk.gravity, false, planet, ScalarId::kGravity);
  put(parameters, "rotation_period_earth_days", truth.bulk.rotationDays, false, planet, ScalarId::kRotationPeriod);
  put(parameters, "obliquity_deg", truth.bulk.obliquityDeg, true, planet, ScalarId::kObliquity);
  if (const double pascal = truth.atmosphere.surfacePressurePa; pascal > 0.0) {
    parameters["surface_pressure_bar"] = pascal / kPaPerBar;
    for (std::size_t g = 0; g < planet::kGasCount; ++g) {
      const double ratio = truth.atmosphere.mixingRatio[g];
      const std::string key = "p" + std::string(planet::name(static_cast<planet::Gas>(g))) + "_bar";
      if (ratio > 0.0) parameters[key] = ratio * pascal / kPaPerBar;
    }
  }
  // A land mask gives the ocean too, but not every climate has one.
  if (!std::isnan(truth.surface.oceanFraction)) parameters["ocean_fraction"] = truth.surface.oceanFraction;
  if (!std::isnan(truth.surface.soilMoistureM)) parameters["soil_moisture_m"] = truth.surface.soilMoistureM;
  if (const std::optional<bool> locked = planet::synchronous(truth.bulk)) {
    parameters["tidally_locked"] = *locked;
    if (*locked) parameters["substellar_longitude_deg"] = truth.bulk.substellarLongitudeDeg;
  }
  Json document{{"name", planet.name},
                {"aliases", planet.aliases},
                {"system_key", planet.systemKey},
                {"parameters", parameters},
                {"origin", originLines(planet, {"climate"})}};
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace ecumene::data::formats
