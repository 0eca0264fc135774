// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ecumene::data::planet {

/// Flux of an unlimited reaction, mmol gDW-1 h-1 (the field's convention).
inline constexpr double kUnlimitedFlux = 1000.0;

struct Metabolite {
  std::string id, name;
  std::string formula;  ///< Hill order, "C6H12O6"; empty: unknown
  std::optional<double> charge;
  std::string compartment;
  std::optional<double> formationEnergyKJ;  ///< dG_f'0 or dG_f0, kJ/mol at 298.15 K, as its source says
  bool operator==(const Metabolite&) const = default;
};

struct Reaction {
  std::string id, name, subsystem;
  /// (index of metabolite, coefficient), substrates negative; each metabolite once.
  std::vector<std::pair<std::size_t, double>> stoichiometry;
  double lowerBound = 0.0;  ///< mmol gDW-1 h-1
  double upperBound = kUnlimitedFlux;
  double objective = 0.0;          ///< coefficient in the maximised objective
  std::string geneRule;            ///< "b0001 and (b0002 or b0003)"; empty: none
  std::optional<double> energyKJ;  ///< dG'0 at pH 7, 298.15 K, kJ/mol
  [[nodiscard]] bool isBoundary() const { return stoichiometry.size() == 1; }
  bool operator==(const Reaction&) const = default;
};

struct MetabolicNetwork {
  std::string id, name;
  std::vector<std::string> compartments;
  std::vector<Metabolite> metabolites;
  std::vector<Reaction> reactions;
  std::vector<std::string> genes;
  bool maximise = true;
  bool operator==(const MetabolicNetwork&) const = default;

  /// Index of a reaction or metabolite by id; none if absent.
  [[nodiscard]] std::optional<std::size_t> reactionIndex(std::string_view reactionId) const;
  [[nodiscard]] std::optional<std::size_t> metaboliteIndex(std::string_view metaboliteId) const;
  /// Boundary reactions of extracellular metabolites (compartment "e" or "C_e" or "extracellular").
  [[nodiscard]] std::vector<std::size_t> exchanges() const;
};

/// Throws Error at the first broken index, repeated id, crossed bounds or value that is not finite.
void validate(const MetabolicNetwork& network);

/// Counts of C H N O P S in a Hill formula; other elements are counted together in `other`. Fractional counts are
/// allowed.
struct ElementCounts {
  double c = 0, h = 0, n = 0, o = 0, p = 0, s = 0, other = 0;
};
/// none if the text is not a formula (a generic group such as "R" or "X" is).
std::optional<ElementCounts> parseFormula(std::string_view formula);
/// Molar mass in g/mol of a formula (IUPAC 2021 abridged weights); none if an element is unknown.
std::optional<double> molarMass(std::string_view formula);

/// Imbalance of one reaction: sum of coefficient x (elements..., charge). Zero for balanced ones; none where a formula
/// is missing.
struct Imbalance {
  ElementCounts elements;
  double charge = 0.0;
  [[nodiscard]] double largest() const;
};
std::optional<Imbalance> imbalance(const MetabolicNetwork& network, const Reaction& reaction);

/// The eight metabolisms of the embedded set (science.md 4.5).
enum class Archetype {
  kMethanogen,
  kAcetogen,
  kSulfateReducer,
  kAerobicHeterotroph,
  kMethanotroph,
  kAnoxygenicPhototroph,
  kOxygenicPhototroph,
  kIronOxidiser,
};
inline constexpr std::size_t kArchetypeCount = 8;
std::string_view name(Archetype archetype);
std::optional<Archetype> findArchetype(std::string_view text);

}  // namespace ecumene::data::planet
