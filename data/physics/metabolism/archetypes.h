// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "data/physics/metabolism/energetics.h"
#include "data/planet/planet.h"

namespace ecumene::data::physics::metabolism {

/// Where the concentration of a substrate comes from.
enum class Supply { kGas, kSulfate, kIron, kOrganic, kLight };

/// Uptake by Michaelis and Menten: vmax S/(Km + S).
struct Uptake {
  std::string_view species;  ///< of the vocabulary; its exchange is "EX_<species>_e"
  Supply supply;
  double vmax;  ///< mmol gDW-1 h-1 at 298 K; at T times exp(-E/k (1/T - 1/298)), E = kActivationEv
  double km;    ///< M; for light umol m-2 s-1
  bool inhibitedByOxygen;
};

/// The light band a photosynthesis uses and what its photons carry.
struct LightUse {
  double bandLowNm = 0.0, bandHighNm = 0.0;  ///< 0: not a phototroph
  double centreNm = 0.0;                     ///< of the reaction centre: energy of a used photon
  double photonsPerCarbon = 0.0;             ///< for CO2 -> CH2O
  double mixedLayerM = 0.0;                  ///< depth through which plankton is mixed; 0: mats at the surface
};

/// One archetype: everything about it that is not its network.
struct ArchetypeRow {
  planet::Archetype archetype;
  double growthMinK, growthMaxK;     ///< of its mesophilic variants
  double coldShiftK, hotShiftK;      ///< shift of the window of psychrophilic and thermophilic variants
  double ph;                         ///< of the water it lives in
  double sulfateM, ironM, organicM;  ///< dissolved SO4--, Fe++, organic carbon as glucose, M
  double oxygenInhibitionM;          ///< O2 that halves inhibited uptakes; 0: none
  std::span<const Uptake> uptakes;
  std::span<const Catabolism> catabolisms;  ///< alternatives: the one that yields most is used
  LightUse light;
  std::string_view source;
};

/// The one table of archetypes, in the order of planet::Archetype.
std::span<const ArchetypeRow> archetypes();
const ArchetypeRow& archetype(planet::Archetype archetype);

/// Rise of uptake rates with temperature: 0.65 eV, Gillooly et al. 2001, Science 293, 2248.
inline constexpr double kActivationEv = 0.65;
/// exp(-E/k (1/T - 1/298)).
double rateFactor(double temperatureK);

/// Activity that products without a partial pressure or a table value have at least, bar or M: what leaks from the
/// cells that made them.
inline constexpr double kLeastProduct = 1e-9;

}  // namespace ecumene::data::physics::metabolism
