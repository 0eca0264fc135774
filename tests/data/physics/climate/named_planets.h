// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "data/physics/climate/albedo.h"
#include "data/physics/constants.h"
#include "data/planet/system.h"

namespace ecumene::data::physics::climate::test {

/// Earth with uniform cells, the case of dataset.md.
inline planet::PlanetTruth earth() {
  planet::PlanetTruth truth;
  truth.star = {.temperatureK = 5772, .radiusSun = 1, .massSun = 1, .luminositySun = 1, .ageGyr = 4.6};
  truth.orbit = {.fluxWm2 = 1361, .periodDays = 365.25, .semiMajorAxisAu = 1, .eccentricity = 0, .periastronDeg = 0};
  truth.bulk.radiusEarth = 1;
  truth.bulk.gravity = kEarthGravity;
  truth.bulk.rotationDays = 1;
  truth.bulk.obliquityDeg = 23.5;
  truth.atmosphere.surfacePressurePa = 1e5;
  truth.atmosphere.ratio(planet::Gas::kN2) = 0.78967;
  truth.atmosphere.ratio(planet::Gas::kO2) = 0.21;
  truth.atmosphere.ratio(planet::Gas::kCO2) = 3.3e-4;
  truth.surface.oceanFraction = 0.7;
  truth.surface.uniform = true;
  return truth;
}

inline void setCo2(planet::PlanetTruth& truth, double pressurePa, double ratio) {
  truth.atmosphere.surfacePressurePa = pressurePa;
  truth.atmosphere.mixingRatio = {};
  truth.atmosphere.ratio(planet::Gas::kCO2) = ratio;
  truth.atmosphere.ratio(planet::Gas::kN2) = 1.0 - ratio;
}

/// TRAPPIST-1e-like: synchronous, 6.1 d, aquaplanet, THAI Hab1's air.
inline planet::PlanetTruth eyeball() {
  planet::PlanetTruth truth = earth();
  truth.star = {.temperatureK = 2600, .radiusSun = 0.12, .massSun = 0.09, .luminositySun = 5.2e-4, .ageGyr = 7.6};
  truth.orbit.fluxWm2 = 900;
  truth.orbit.periodDays = 6.1;
  truth.bulk.rotationDays = 6.1;
  truth.bulk.synchronous = true;
  truth.bulk.obliquityDeg = 0;
  truth.surface.oceanFraction = 1.0;
  truth.closure.iceAlbedo = 0.25;
  truth.closure.olrOffsetWm2 = -35;
  truth.closure.diffusionWm2K = 0.31;  // 3.1 after the cap, as HEXTOR matched the GCMs
  setCo2(truth, 1e5, 4e-4);
  return truth;
}

struct NamedPlanet {
  std::string name;
  planet::PlanetTruth truth;
};

/// The sixteen planets on which the fast solver is proved against the plain run.
inline std::vector<NamedPlanet> namedPlanets() {
  std::vector<NamedPlanet> planets;
  const auto add = [&](const char* name, const planet::PlanetTruth& base, auto change) {
    planet::PlanetTruth truth = base;
    change(truth);
    planets.push_back({name, truth});
  };
  using T = planet::PlanetTruth;
  const auto mask = [](T& t, double ocean, std::uint64_t seed) {
    t.surface = {.oceanFraction = ocean, .soilMoistureM = 0.1, .landSeed = seed, .uniform = false};
  };
  const auto cold = [](T& t) { t.start = planet::StartState::kCold; };
  add("EarthWarm", earth(), [&](T& t) { mask(t, 0.7, 1); });
  add("EarthCold", earth(), [&](T& t) { mask(t, 0.7, 1), cold(t); });
  add("DimWarm", earth(), [&](T& t) { mask(t, 0.7, 2), t.orbit.fluxWm2 *= 0.97; });
  add("BrightCold", earth(), [&](T& t) { mask(t, 0.7, 2), cold(t), t.orbit.fluxWm2 *= 1.05; });
  add("Obliquity60", earth(), [&](T& t) { mask(t, 0.6, 3), t.bulk.obliquityDeg = 60; });
  add("Obliquity85", earth(), [&](T& t) { mask(t, 0.4, 4), t.bulk.obliquityDeg = 85; });
  add("Upright", earth(), [&](T& t) { mask(t, 0.8, 5), t.bulk.obliquityDeg = 0; });
  add("Desert", earth(), [&](T& t) { mask(t, 0.05, 6), t.orbit.fluxWm2 *= 1.05; });
  add("Hot", earth(), [&](T& t) { mask(t, 0.7, 7), t.orbit.fluxWm2 *= 1.08; });
  add("EccentricTilted", earth(), [&](T& t) {
    mask(t, 0.7, 8), t.orbit.eccentricity = 0.3, t.orbit.periastronDeg = 250, t.bulk.obliquityDeg = 40;
  });
  add("FastRotator", earth(), [&](T& t) { mask(t, 0.7, 9), t.bulk.rotationDays = 0.4; });
  add("DenseCO2LongYear", earth(),
      [&](T& t) { mask(t, 0.5, 10), setCo2(t, 3e5, 0.5), t.orbit.fluxWm2 = 700, t.orbit.periodDays = 620; });
  add("LockedEyeball", eyeball(), [](T&) {});
  add("LockedContinents", eyeball(), [&](T& t) { mask(t, 0.5, 11), t.closure.olrOffsetWm2 = 0; });
  add("LockedEccentric", eyeball(), [&](T& t) {
    mask(t, 0.7, 12), t.closure.olrOffsetWm2 = 0, t.orbit.eccentricity = 0.2, t.orbit.periodDays = 11;
    t.bulk.rotationDays = 11;
  });
  add("ThreeToTwo", eyeball(), [&](T& t) {
    mask(t, 0.6, 13), t.closure.olrOffsetWm2 = 0, t.bulk.synchronous = false, t.orbit.periodDays = 30;
    t.bulk.rotationDays = 20, t.orbit.eccentricity = 0.2;
  });
  return planets;
}

}  // namespace ecumene::data::physics::climate::test
