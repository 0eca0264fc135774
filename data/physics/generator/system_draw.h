// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "data/base/random.h"
#include "data/planet/planet.h"

namespace ecumene::data::physics::generator {

/// Main-sequence radius and mass (solar units) at an effective temperature, 2566-7000 K: linear between the rows of
/// Pecaut & Mamajek (2013, ApJS 208, 9; the authors' later table, rounded), with TRAPPIST-1 (Agol et al. 2021) as the
/// coolest row.
struct MainSequence {
  double radiusSun, massSun;
};
MainSequence mainSequence(double temperatureK);

/// Semi-major axis (AU) inside which a planet is locked within its age: Kasting et al. 1993, r = 0.027 (P0 t / Q)^(1/6)
/// M^(1/3) in cgs, with P0 = 13.5 h and Q = 100.
double lockingRadiusAu(double massSun, double ageGyr);

/// System number `index` of a seed: star, orbit, planet, air, surface, closure. The start state is the planet's, not
/// the system's.
planet::PlanetTruth drawSystem(std::uint64_t seed, std::uint64_t index);

/// Hash of the drawn system, without the start state: what the split is decided by.
std::string systemKey(const planet::PlanetTruth& truth);

/// Which system and start state planet number `index` is. Planets come in pairs: where the first one's system has two
/// climates (climate.h, hasTwoClimates) they are it started warm and cold, so that bistability can be seen; else both
/// are systems of their own, three of four started warm. Solves up to two climates in one dimension.
struct PlanetPlace {
  std::uint64_t system;
  planet::StartState start;
};
PlanetPlace placeOf(std::uint64_t seed, std::uint64_t planetIndex);

/// What a survey would tell of the system: values with survey-like noise; rotation, obliquity and surface pressure
/// usually absent. `surfacePressurePa`: of dry air and vapour, which the truth does not know.
planet::Scalars observe(const planet::PlanetTruth& truth, double surfacePressurePa, Random& random);

}  // namespace ecumene::data::physics::generator
