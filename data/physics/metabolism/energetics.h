// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "data/planet/network.h"

namespace ecumene::data::physics::metabolism {

enum class Phase { kGas, kAqueous, kLiquid, kSolid };

/// Standard Gibbs energy and enthalpy of formation, kJ/mol at 298.15 K; standard states: 1 bar of gas, 1 M, pure
/// condensed matter; H+ at 1 M, not at pH 7. `vocabularyId` names the species of the vocabulary it is (empty: none).
struct Formation {
  std::string_view name;
  Phase phase;
  double gibbsKJ, enthalpyKJ;
  std::string_view vocabularyId, source;
};

/// The table of science.md 4.3 with enthalpies.
std::span<const Formation> formations();
/// Throws an internal Error for an unknown name, e.g. "CO2(g)".
const Formation& formation(std::string_view name);

struct Participant {
  std::string_view formation;
  double coefficient;  ///< substrates negative
};
/// One energy-yielding reaction as it is written.
struct Catabolism {
  std::string_view equation;
  std::vector<Participant> participants;
};

struct StandardEnergy {
  double gibbsKJ, enthalpyKJ, entropyJ;  ///< kJ/mol, kJ/mol, J/(mol K) at 298.15 K
};
StandardEnergy standardEnergy(std::span<const Participant> participants);

/// dG0(T) = dH0 + (dG0 - dH0) T / 298.15: Gibbs-Helmholtz with constant enthalpy. kJ/mol.
double gibbsAt(const StandardEnergy& standard, double temperatureK);

/// A participant's activity: bar for gases, M for solutes; condensed matter has none (1).
struct Activity {
  std::string_view formation;
  double value;  ///< > 0
};
/// dG' = dG0(T) + R T sum(coefficient ln activity), kJ/mol as written. A participant not listed has activity 1. Throws
/// an internal Error for an activity that is not above 0.
double gibbsInSitu(std::span<const Participant> participants, double temperatureK,
                   std::span<const Activity> activities);

inline constexpr double kStandardK = 298.15;  ///< temperature of the standard state
inline constexpr double kGramPerCmol = 24.6;  ///< dry biomass of one mole of carbon (dataset.md)

/// Least maintenance energy of growing biomass, kJ (C-mol)-1 h-1: m = 4.5 exp(-69400/R (1/T - 1/298)), Tijhuis et al.
/// 1993, Biotechnol. Bioeng. 42, 509, their equation 13 (valid 278-348 K, +-40 %).
double maintenanceKJ(double temperatureK);
/// The same as ATP, mmol gDW-1 h-1: kGramPerCmol and 50 kJ/mol ATP (dataset.md).
double maintenanceMmolAtp(double temperatureK);

/// Formation energy of a species of the vocabulary, kJ/mol as in formations(); none if it is not in the table. Gases
/// stand as gas, since a network's exchange meets them so.
std::optional<double> formationEnergyKJ(std::string_view vocabularyId);
/// dG'0 at pH 7 and 298.15 K of a reaction whose metabolites all have a formation energy; else none. Protons in both
/// compartments count at pH 7.
std::optional<double> reactionEnergyKJ(const planet::MetabolicNetwork& network, const planet::Reaction& reaction);

}  // namespace ecumene::data::physics::metabolism
