// SPDX-License-Identifier: Apache-2.0
#include "data/physics/metabolism/vocabulary.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <utility>

#include "data/base/error.h"
#include "data/physics/metabolism/energetics.h"

namespace ecumene::data::physics::metabolism {
namespace {

// Coefficients are decimals of at most six places; sums of them are rounded here so that what cancels is zero.
constexpr double kCoefficientGrid = 1e9;

struct Term {
  double coefficient;
  std::string_view name;
};

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(' ');
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

Error broken(const ReactionRow& row, std::string_view what) {
  return internalError("vocabulary row " + std::string(row.id) + ": " + std::string(what));
}

std::vector<Term> terms(const ReactionRow& row, std::string_view side) {
  std::vector<Term> found;
  side = trim(side);
  while (!side.empty()) {
    const std::size_t plus = side.find(" + ");
    const std::string_view term = trim(side.substr(0, plus));
    side = plus == std::string_view::npos ? std::string_view{} : trim(side.substr(plus + 3));
    const std::size_t blank = term.find(' ');
    Term parsed{1.0, term};
    if (blank != std::string_view::npos) {
      const char* end = term.data() + blank;
      const auto [stop, problem] = std::from_chars(term.data(), end, parsed.coefficient);
      if (problem != std::errc{} || stop != end) throw broken(row, "no number in '" + std::string(term) + "'");
      parsed.name = trim(term.substr(blank));
    }
    if (parsed.name.empty()) throw broken(row, "a term has no name");
    found.push_back(parsed);
  }
  return found;
}

std::vector<std::pair<std::size_t, double>> stoichiometry(const std::map<std::size_t, double>& sum) {
  std::vector<std::pair<std::size_t, double>> result;
  for (const auto& [metabolite, coefficient] : sum) {
    const double rounded = std::round(coefficient * kCoefficientGrid) / kCoefficientGrid;
    if (rounded != 0.0) result.emplace_back(metabolite, rounded);
  }
  return result;
}

}  // namespace

const Vocabulary& Vocabulary::instance() {
  static const Vocabulary vocabulary;
  return vocabulary;
}

Vocabulary::Vocabulary() {
  network_.id = "vocabulary";
  network_.name = "all reactions of generated networks";
  network_.compartments = {"c", "e"};
  for (const auto rows : {centralRows(), energyRows(), transportRows(), aminoRows(), nucleotideRows()}) {
    for (const ReactionRow& row : rows) {
      if (row.equation.find('>') == std::string_view::npos) {
        addSum(row);
      } else {
        addRow(row);
      }
    }
  }
  addBoundary();
  planet::validate(network_);
}

std::size_t Vocabulary::metabolite(std::string_view species, bool external, std::string_view reaction) {
  const std::string id = std::string(species) + (external ? "_e" : "_c");
  if (const auto known = network_.metaboliteIndex(id)) return *known;
  const auto table = baseSpecies();
  const auto row = std::find_if(table.begin(), table.end(), [&](const Species& s) { return s.id == species; });
  if (row == table.end()) {
    throw internalError("vocabulary row " + std::string(reaction) + ": no species " + std::string(species));
  }
  planet::Metabolite made;
  made.id = id;
  made.name = row->name;
  made.formula = row->formula;
  made.charge = row->charge;
  made.compartment = external ? "e" : "c";
  made.formationEnergyKJ = formationEnergyKJ(species);
  network_.metabolites.push_back(std::move(made));
  return network_.metabolites.size() - 1;
}

void Vocabulary::addRow(const ReactionRow& row) {
  const bool reversible = row.equation.find("<=>") != std::string_view::npos;
  const std::string_view arrow = reversible ? "<=>" : "->";
  const std::size_t at = row.equation.find(arrow);
  std::map<std::size_t, double> sum;
  const auto take = [&](std::string_view side, double sign) {
    for (const Term& term : terms(row, side)) {
      const bool external = term.name.ends_with("[e]");
      const std::string_view species = external ? term.name.substr(0, term.name.size() - 3) : term.name;
      sum[metabolite(species, external, row.id)] += sign * term.coefficient;
    }
  };
  take(row.equation.substr(0, at), -1.0);
  take(row.equation.substr(at + arrow.size()), 1.0);
  planet::Reaction reaction;
  reaction.id = row.id;
  reaction.name = row.name;
  reaction.subsystem = row.subsystem;
  reaction.stoichiometry = stoichiometry(sum);
  reaction.lowerBound = reversible ? -planet::kUnlimitedFlux : 0.0;
  reaction.energyKJ = reactionEnergyKJ(network_, reaction);
  network_.reactions.push_back(std::move(reaction));
  parts_.emplace_back();
}

void Vocabulary::addSum(const ReactionRow& row) {
  std::map<std::size_t, double> sum;
  std::vector<std::size_t> parts;
  for (const Term& term : terms(row, row.equation)) {
    const std::size_t part = index(term.name);
    for (const auto& [metabolite, coefficient] : network_.reactions[part].stoichiometry) {
      sum[metabolite] += term.coefficient * coefficient;
    }
    parts.push_back(part);
  }
  planet::Reaction reaction;
  reaction.id = row.id;
  reaction.name = row.name;
  reaction.subsystem = row.subsystem;
  reaction.stoichiometry = stoichiometry(sum);
  network_.reactions.push_back(std::move(reaction));
  parts_.push_back(std::move(parts));
}

void Vocabulary::addBoundary() {
  for (std::size_t m = 0; m < network_.metabolites.size(); ++m) {
    const planet::Metabolite& what = network_.metabolites[m];
    const bool biomass = what.id.starts_with("biomass");
    if (what.compartment != "e" && !biomass) continue;
    planet::Reaction reaction;
    reaction.id = (biomass ? "DM_" : "EX_") + what.id;
    reaction.name = what.name + (biomass ? " demand" : " exchange");
    reaction.subsystem = biomass ? "demand" : "exchange";
    reaction.stoichiometry = {{m, -1.0}};
    network_.reactions.push_back(std::move(reaction));
    parts_.emplace_back();
  }
}

std::size_t Vocabulary::index(std::string_view reaction) const {
  const auto found = network_.reactionIndex(reaction);
  if (!found) throw internalError("the vocabulary has no reaction " + std::string(reaction));
  return *found;
}

std::vector<std::size_t> Vocabulary::withBoundary(const std::vector<std::size_t>& reactions) const {
  std::vector<bool> kept(network_.reactions.size());
  std::vector<bool> touched(network_.metabolites.size());
  for (const std::size_t row : reactions) {
    kept[row] = true;
    for (const auto& [metabolite, coefficient] : network_.reactions[row].stoichiometry) touched[metabolite] = true;
  }
  std::vector<std::size_t> rows;
  for (std::size_t r = 0; r < kept.size(); ++r) {
    const planet::Reaction& reaction = network_.reactions[r];
    if (kept[r] || (reaction.isBoundary() && touched[reaction.stoichiometry.front().first])) rows.push_back(r);
  }
  return rows;
}

planet::MetabolicNetwork Vocabulary::assemble(std::string id, std::string name,
                                              const std::vector<std::size_t>& reactions) const {
  const std::vector<std::size_t> rows = withBoundary(reactions);
  std::map<std::size_t, std::size_t> place;  // metabolite of the vocabulary -> of the new network
  for (const std::size_t row : rows) {
    for (const auto& term : network_.reactions[row].stoichiometry) place[term.first] = 0;
  }
  planet::MetabolicNetwork made;
  made.id = std::move(id);
  made.name = std::move(name);
  made.compartments = network_.compartments;
  for (auto& [from, to] : place) {
    to = made.metabolites.size();
    made.metabolites.push_back(network_.metabolites[from]);
  }
  for (const std::size_t row : rows) {
    planet::Reaction reaction = network_.reactions[row];
    for (auto& [metabolite, coefficient] : reaction.stoichiometry) {
      metabolite = place.at(metabolite);
      const bool growth = made.metabolites[metabolite].id.starts_with("biomass") && coefficient > 0.0;
      if (growth && !reaction.isBoundary()) reaction.objective = 1.0;
    }
    made.reactions.push_back(std::move(reaction));
  }
  return made;
}

}  // namespace ecumene::data::physics::metabolism
