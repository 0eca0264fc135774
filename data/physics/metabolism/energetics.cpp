// SPDX-License-Identifier: Apache-2.0
#include "data/physics/metabolism/energetics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "data/base/error.h"
#include "data/physics/constants.h"

namespace ecumene::data::physics::metabolism {
namespace {

constexpr double kNeutralPh = 7.0;

constexpr std::string_view kThauer = "dG: Thauer, Jungermann & Decker 1977; dH: CRC Handbook / NBS tables";
constexpr std::string_view kNbs = "Wagman et al. 1982, NBS tables of chemical thermodynamic properties";

constexpr auto kFormations = std::to_array<Formation>({
    {"H+(aq)", Phase::kAqueous, 0.0, 0.0, "h", "convention"},
    {"H2(g)", Phase::kGas, 0.0, 0.0, "h2", "convention"},
    {"O2(g)", Phase::kGas, 0.0, 0.0, "o2", "convention"},
    {"N2(g)", Phase::kGas, 0.0, 0.0, "n2", "convention"},
    {"S(s)", Phase::kSolid, 0.0, 0.0, "s0", "convention"},
    {"CO2(g)", Phase::kGas, -394.36, -393.51, "co2", kNbs},
    {"CH4(g)", Phase::kGas, -50.72, -74.81, "ch4", kNbs},
    {"CO(g)", Phase::kGas, -137.17, -110.53, "co", kNbs},
    {"H2S(g)", Phase::kGas, -33.56, -20.63, "h2s", kNbs},
    {"N2O(g)", Phase::kGas, 104.20, 82.05, "n2o", kNbs},
    {"H2O(l)", Phase::kLiquid, -237.13, -285.83, "h2o", kNbs},
    {"HCO3-", Phase::kAqueous, -586.77, -691.99, "hco3", kNbs},
    {"SO4--", Phase::kAqueous, -744.53, -909.27, "so4", kNbs},
    {"HS-", Phase::kAqueous, 12.08, -17.6, "", kNbs},
    {"acetate", Phase::kAqueous, -369.31, -486.01, "ac", kNbs},
    {"H2(aq)", Phase::kAqueous, 17.6, -4.2, "", kNbs},
    {"CO2(aq)", Phase::kAqueous, -385.98, -413.80, "", kNbs},
    {"CH4(aq)", Phase::kAqueous, -34.33, -89.04, "", kNbs},
    {"H2S(aq)", Phase::kAqueous, -27.83, -39.7, "", kNbs},
    {"O2(aq)", Phase::kAqueous, 16.4, -11.7, "", kNbs},
    {"NO3-", Phase::kAqueous, -108.74, -205.0, "no3", kNbs},
    {"NH4+", Phase::kAqueous, -79.31, -132.51, "nh4", kNbs},
    {"Fe++", Phase::kAqueous, -78.9, -89.1, "fe2", kNbs},
    {"Fe+++", Phase::kAqueous, -4.7, -48.5, "fe3", kNbs},
    {"glucose", Phase::kAqueous, -917.22, -1262.2, "glc", kThauer},
    {"formate", Phase::kAqueous, -351.04, -425.55, "for", kThauer},
    {"methanol", Phase::kAqueous, -175.39, -245.9, "meoh", kThauer},
    {"ethanol", Phase::kAqueous, -181.75, -288.3, "etoh", kThauer},
    {"fumarate", Phase::kAqueous, -604.21, -777.4, "fum", kThauer},
    {"succinate", Phase::kAqueous, -690.23, -908.7, "succ", kThauer},
});

}  // namespace

std::span<const Formation> formations() {
  return kFormations;
}

const Formation& formation(std::string_view name) {
  const auto row =
      std::find_if(kFormations.begin(), kFormations.end(), [&](const Formation& f) { return f.name == name; });
  if (row == kFormations.end()) throw internalError("no formation energy of " + std::string(name));
  return *row;
}

StandardEnergy standardEnergy(std::span<const Participant> participants) {
  StandardEnergy sum{0.0, 0.0, 0.0};
  for (const Participant& p : participants) {
    const Formation& row = formation(p.formation);
    sum.gibbsKJ += p.coefficient * row.gibbsKJ;
    sum.enthalpyKJ += p.coefficient * row.enthalpyKJ;
  }
  sum.entropyJ = 1e3 * (sum.enthalpyKJ - sum.gibbsKJ) / kStandardK;
  return sum;
}

double gibbsAt(const StandardEnergy& standard, double temperatureK) {
  return standard.enthalpyKJ + (standard.gibbsKJ - standard.enthalpyKJ) * temperatureK / kStandardK;
}

double gibbsInSitu(std::span<const Participant> participants, double temperatureK,
                   std::span<const Activity> activities) {
  double logQuotient = 0.0;
  for (const Participant& p : participants) {
    const auto row = std::find_if(activities.begin(), activities.end(),
                                  [&](const Activity& a) { return a.formation == p.formation; });
    if (row == activities.end()) continue;
    if (!(row->value > 0.0)) throw internalError("activity of " + std::string(p.formation) + " is not above 0");
    logQuotient += p.coefficient * std::log(row->value);
  }
  return gibbsAt(standardEnergy(participants), temperatureK) + 1e-3 * kGasConstant * temperatureK * logQuotient;
}

double maintenanceKJ(double temperatureK) {
  constexpr double kAt298 = 4.5;           // kJ (C-mol)-1 h-1
  constexpr double kActivation = 69400.0;  // J/mol
  constexpr double kReferenceK = 298.0;
  return kAt298 * std::exp(-kActivation / kGasConstant * (1.0 / temperatureK - 1.0 / kReferenceK));
}

double maintenanceMmolAtp(double temperatureK) {
  constexpr double kAtpKJ = 50.0;  // kJ/mol, dataset.md
  return 1e3 * maintenanceKJ(temperatureK) / kGramPerCmol / kAtpKJ;
}

std::optional<double> formationEnergyKJ(std::string_view vocabularyId) {
  const auto row = std::find_if(kFormations.begin(), kFormations.end(),
                                [&](const Formation& f) { return f.vocabularyId == vocabularyId; });
  if (vocabularyId.empty() || row == kFormations.end()) return std::nullopt;
  return row->gibbsKJ;
}

std::optional<double> reactionEnergyKJ(const planet::MetabolicNetwork& network, const planet::Reaction& reaction) {
  double sum = 0.0;
  for (const auto& [index, coefficient] : reaction.stoichiometry) {
    const planet::Metabolite& m = network.metabolites[index];
    if (!m.formationEnergyKJ) return std::nullopt;
    sum += coefficient * *m.formationEnergyKJ;
    if (m.id == "h_c" || m.id == "h_e") {
      sum -= coefficient * 1e-3 * kGasConstant * kStandardK * std::log(10.0) * kNeutralPh;
    }
  }
  return sum;
}

}  // namespace ecumene::data::physics::metabolism
