// SPDX-License-Identifier: Apache-2.0
#include "data/planet/network.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_set>

#include "data/base/error.h"
#include "data/planet/formula.h"

namespace ecumene::data::planet {
namespace {

struct Element {
  std::string_view symbol;
  double mass;  // g/mol
};

// IUPAC 2021 abridged standard atomic weights of the elements that metabolic models hold.
constexpr auto kElements = std::to_array<Element>(
    {{"H", 1.008},   {"B", 10.81},   {"C", 12.011},  {"N", 14.007},  {"O", 15.999},  {"F", 18.998},  {"Na", 22.990},
     {"Mg", 24.305}, {"Al", 26.982}, {"Si", 28.085}, {"P", 30.974},  {"S", 32.06},   {"Cl", 35.45},  {"K", 39.098},
     {"Ca", 40.078}, {"V", 50.942},  {"Cr", 51.996}, {"Mn", 54.938}, {"Fe", 55.845}, {"Co", 58.933}, {"Ni", 58.693},
     {"Cu", 63.546}, {"Zn", 65.38},  {"As", 74.922}, {"Se", 78.971}, {"Br", 79.904}, {"Sr", 87.62},  {"Mo", 95.95},
     {"Ag", 107.87}, {"Cd", 112.41}, {"I", 126.90},  {"W", 183.84},  {"Hg", 200.59}, {"U", 238.03}});

constexpr std::array<std::string_view, kArchetypeCount> kArchetypes{"methanogen",          "acetogen",
                                                                    "sulfate_reducer",     "aerobic_heterotroph",
                                                                    "methanotroph",        "anoxygenic_phototroph",
                                                                    "oxygenic_phototroph", "iron_oxidiser"};

template <typename Part>
void requireOwnIds(const std::vector<Part>& parts, const std::string& what, const std::string& network) {
  std::unordered_set<std::string_view> ids;
  for (const Part& part : parts) {
    if (part.id.empty() || !ids.insert(part.id).second) {
      throw Error("a " + what + " has no id of its own").on(network).found("'" + part.id + "'");
    }
  }
}

}  // namespace

std::optional<std::size_t> MetabolicNetwork::reactionIndex(std::string_view reactionId) const {
  const auto row =
      std::find_if(reactions.begin(), reactions.end(), [&](const Reaction& r) { return r.id == reactionId; });
  if (row == reactions.end()) return std::nullopt;
  return static_cast<std::size_t>(row - reactions.begin());
}

std::optional<std::size_t> MetabolicNetwork::metaboliteIndex(std::string_view metaboliteId) const {
  const auto row =
      std::find_if(metabolites.begin(), metabolites.end(), [&](const Metabolite& m) { return m.id == metaboliteId; });
  if (row == metabolites.end()) return std::nullopt;
  return static_cast<std::size_t>(row - metabolites.begin());
}

std::vector<std::size_t> MetabolicNetwork::exchanges() const {
  std::vector<std::size_t> found;
  for (std::size_t r = 0; r < reactions.size(); ++r) {
    if (!reactions[r].isBoundary()) continue;
    const std::string& where = metabolites[reactions[r].stoichiometry.front().first].compartment;
    if (where == "e" || where == "C_e" || where == "extracellular") found.push_back(r);
  }
  return found;
}

void validate(const MetabolicNetwork& network) {
  requireOwnIds(network.metabolites, "metabolite", network.id);
  requireOwnIds(network.reactions, "reaction", network.id);
  for (const Reaction& r : network.reactions) {
    const std::string place = network.id + ": reaction " + r.id;
    if (std::isnan(r.lowerBound) || std::isnan(r.upperBound) || r.lowerBound > r.upperBound) {
      throw Error("the bounds are crossed")
          .on(place)
          .expected("lower <= upper")
          .found(std::to_string(r.lowerBound) + " and " + std::to_string(r.upperBound));
    }
    if (!std::isfinite(r.objective)) throw Error("the objective coefficient is not finite").on(place);
    std::unordered_set<std::size_t> seen;
    for (const auto& [metabolite, coefficient] : r.stoichiometry) {
      if (metabolite >= network.metabolites.size()) throw Error("a metabolite does not exist").on(place);
      if (!std::isfinite(coefficient) || coefficient == 0.0)
        throw Error("a coefficient is zero or not finite").on(place);
      if (!seen.insert(metabolite).second) {
        throw Error("a metabolite stands twice").on(place).found(network.metabolites[metabolite].id);
      }
    }
  }
}

std::optional<ElementCounts> parseFormula(std::string_view formula) {
  const auto parts = formulaParts(formula);
  if (!parts) return std::nullopt;
  ElementCounts counts;
  for (const auto& [symbol, count] : *parts) {
    if (symbol == "C") {
      counts.c += count;
    } else if (symbol == "H") {
      counts.h += count;
    } else if (symbol == "N") {
      counts.n += count;
    } else if (symbol == "O") {
      counts.o += count;
    } else if (symbol == "P") {
      counts.p += count;
    } else if (symbol == "S") {
      counts.s += count;
    } else {
      counts.other += count;
    }
  }
  return counts;
}

std::optional<double> molarMass(std::string_view formula) {
  const auto parts = formulaParts(formula);
  if (!parts) return std::nullopt;
  double mass = 0.0;
  for (const auto& [symbol, count] : *parts) {
    const auto row =
        std::find_if(kElements.begin(), kElements.end(), [s = symbol](const Element& e) { return e.symbol == s; });
    if (row == kElements.end()) return std::nullopt;
    mass += row->mass * count;
  }
  return mass;
}

double Imbalance::largest() const {
  double most = std::abs(charge);
  for (const double e : {elements.c, elements.h, elements.n, elements.o, elements.p, elements.s, elements.other}) {
    most = std::max(most, std::abs(e));
  }
  return most;
}

std::optional<Imbalance> imbalance(const MetabolicNetwork& network, const Reaction& reaction) {
  Imbalance sum;
  for (const auto& [index, coefficient] : reaction.stoichiometry) {
    const Metabolite& m = network.metabolites[index];
    const std::optional<ElementCounts> counts = parseFormula(m.formula);
    if (!counts || !m.charge) return std::nullopt;
    sum.elements.c += coefficient * counts->c;
    sum.elements.h += coefficient * counts->h;
    sum.elements.n += coefficient * counts->n;
    sum.elements.o += coefficient * counts->o;
    sum.elements.p += coefficient * counts->p;
    sum.elements.s += coefficient * counts->s;
    sum.elements.other += coefficient * counts->other;
    sum.charge += coefficient * *m.charge;
  }
  return sum;
}

std::string_view name(Archetype archetype) {
  return kArchetypes.at(static_cast<std::size_t>(archetype));
}

std::optional<Archetype> findArchetype(std::string_view text) {
  const auto row = std::find(kArchetypes.begin(), kArchetypes.end(), text);
  if (row == kArchetypes.end()) return std::nullopt;
  return static_cast<Archetype>(row - kArchetypes.begin());
}

}  // namespace ecumene::data::planet
