// SPDX-License-Identifier: Apache-2.0
#include "data/batch/network_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "data/base/error.h"
#include "data/batch/encodings.h"
#include "data/batch/laplacian.h"
#include "data/batch/network_content.h"

namespace ecumene::data::batch {
namespace {

// The order is that of the columns: the enumeration below names them for this file.
constexpr auto kColumns = std::to_array<NodeColumn>({
    {"is_metabolite", "kind of the node"},
    {"is_reaction", "kind of the node"},
    {"is_exchange", "kind of the node: a reaction of one metabolite alone"},
    {"is_compartment", "kind of the node"},
    {"C", "metabolites: atoms / 10"},
    {"H", "metabolites: atoms / 10"},
    {"N", "metabolites: atoms / 10"},
    {"O", "metabolites: atoms / 10"},
    {"P", "metabolites: atoms / 10"},
    {"S", "metabolites: atoms / 10"},
    {"other_elements", "metabolites: atoms of other elements / 10"},
    {"formula_known", "metabolites: the columns C to other_elements are known"},
    {"charge", "metabolites: charge / 5"},
    {"charge_known", "metabolites"},
    {"log_molar_mass", "metabolites: log10 of the molar mass, less 2"},
    {"molar_mass_known", "metabolites"},
    {"in_cytosol", "metabolites and compartments: c"},
    {"in_outside", "metabolites and compartments: e"},
    {"in_periplasm", "metabolites and compartments: p"},
    {"in_other", "metabolites and compartments: any other"},
    {"is_currency", "metabolites: carriers of energy, electrons and phosphate, water and protons"},
    {"formation_energy", "metabolites: dG_f'0 / 1000"},
    {"formation_energy_known", "metabolites"},
    {"reaction_energy", "reactions: dG'0 / 100"},
    {"reaction_energy_known", "reactions"},
    {"lower_bound", "reactions: sign x log10(1 + |v|) / log10(1001), v in mmol/gDW/h, at most 1000"},
    {"upper_bound", "reactions: as lower_bound"},
    {"is_objective", "reactions: part of the objective; the biomass reaction of the generator's networks"},
    {"growth_min", "objective reactions: (T - 273.15 K) / 100"},
    {"growth_max", "objective reactions: (T - 273.15 K) / 100"},
    {"growth_window_known", "objective reactions"},
});
enum Column : std::size_t {
  kKindFirst = 0,
  kCarbon = 4,
  kOtherElements = 10,
  kFormulaKnown,
  kCharge,
  kChargeKnown,
  kMass,
  kMassKnown,
  kCytosol,
  kOutside,
  kPeriplasm,
  kElsewhere,
  kCurrency,
  kFormation,
  kFormationKnown,
  kEnergy,
  kEnergyKnown,
  kLower,
  kUpper,
  kObjective,
  kGrowthMin,
  kGrowthMax,
  kGrowthKnown,
  kColumnCount,
};
static_assert(kColumns.size() == kColumnCount && kColumnCount <= kNodeFeatures);

// Ids of the generator's vocabulary and of BiGG models alike, without compartment.
constexpr std::string_view kCurrencies[] = {
    "atp",   "adp",    "amp",  "gtp",   "gdp",  "nad",    "nadh", "nadp", "nadph", "fad",  "fadh2", "coa",
    "fdox",  "fdred",  "q",    "qh2",   "q8",   "q8h2",   "mq",   "mqh2", "mqn8",  "mql8", "pq",    "pqh2",
    "cytox", "cytred", "pcox", "pcred", "f420", "f420h2", "h",    "h2o",  "pi",    "ppi"};

std::string_view withoutCompartment(std::string_view id) {
  if (id.starts_with("M_")) id.remove_prefix(2);
  const std::size_t at = id.rfind('_');
  return at == std::string_view::npos ? id : id.substr(0, at);
}

Column place(std::string_view compartment) {
  if (compartment.starts_with("C_")) compartment.remove_prefix(2);
  if (compartment == "c" || compartment == "cytosol") return kCytosol;
  if (compartment == "e" || compartment == "extracellular") return kOutside;
  if (compartment == "p" || compartment == "periplasm") return kPeriplasm;
  return kElsewhere;
}

double scaledBound(double flux) {
  const double most = planet::kUnlimitedFlux;
  return std::copysign(std::log10(1.0 + std::min(std::abs(flux), most)) / std::log10(1.0 + most), flux);
}

/// One node's features, set by column.
class NodeRow {
 public:
  explicit NodeRow(float* row) : row_(row) {}
  void set(std::size_t column, double value) { row_[column] = static_cast<float>(value); }
  void setKnown(std::size_t column, const std::optional<double>& value, double scale) {
    if (!value) return;
    set(column, *value / scale);
    set(column + 1, 1.0);
  }

 private:
  float* row_;
};

void describe(NodeRow row, const planet::Metabolite& m) {
  if (const auto counts = planet::parseFormula(m.formula)) {
    constexpr double kScale = 10.0;
    const double atoms[] = {counts->c, counts->h, counts->n, counts->o, counts->p, counts->s, counts->other};
    for (std::size_t i = 0; i < std::size(atoms); ++i) row.set(kCarbon + i, atoms[i] / kScale);
    row.set(kFormulaKnown, 1.0);
  }
  row.setKnown(kCharge, m.charge, 5.0);
  if (const auto mass = planet::molarMass(m.formula)) {
    row.set(kMass, std::log10(*mass) - 2.0);
    row.set(kMassKnown, 1.0);
  }
  row.set(place(m.compartment), 1.0);
  if (std::ranges::find(kCurrencies, withoutCompartment(m.id)) != std::end(kCurrencies)) row.set(kCurrency, 1.0);
  row.setKnown(kFormation, m.formationEnergyKJ, 1000.0);
}

void describe(NodeRow row, const planet::Reaction& r, double growthMinK, double growthMaxK) {
  constexpr double kFreezingK = 273.15;
  row.setKnown(kEnergy, r.energyKJ, 100.0);
  row.set(kLower, scaledBound(r.lowerBound));
  row.set(kUpper, scaledBound(r.upperBound));
  if (r.objective == 0.0) return;
  row.set(kObjective, 1.0);
  if (std::isnan(growthMinK) || std::isnan(growthMaxK)) return;
  row.set(kGrowthMin, (growthMinK - kFreezingK) / 100.0);
  row.set(kGrowthMax, (growthMaxK - kFreezingK) / 100.0);
  row.set(kGrowthKnown, 1.0);
}

/// Coefficients of a reaction as a multiple of those of its row, which turns the same metabolites.
double scaleOf(const planet::Reaction& reaction, const ReactionVocabulary::Row& row) {
  const auto size = [](double sum, const auto& term) { return sum + std::abs(term.second); };
  return std::accumulate(reaction.stoichiometry.begin(), reaction.stoichiometry.end(), 0.0, size) /
         std::accumulate(row.stoichiometry.begin(), row.stoichiometry.end(), 0.0, size);
}

/// Writes the encodings of the first nodes, those without compartments.
void encode(NetworkGraph& graph, const Adjacency& adjacency) {
  const std::size_t inner = adjacency.nodes();
  const std::vector<float> vectors = laplacianVectors(adjacency, kEncodings).vectors;
  const auto length = static_cast<float>(std::sqrt(static_cast<double>(inner)));
  for (std::size_t i = 0; i < vectors.size(); ++i) graph.laplacian[i] = length * vectors[i];
  const std::vector<float> walk = returnProbabilities(adjacency, kEncodings);
  std::copy(walk.begin(), walk.end(), graph.randomWalk.begin());
  const std::vector<std::uint8_t> paths = shortestPaths(adjacency);
  for (std::size_t n = 0; n < inner; ++n) {
    graph.degree[n] = static_cast<float>(adjacency.degree(n));
    std::copy_n(paths.begin() + static_cast<std::ptrdiff_t>(n * inner), inner,
                graph.distance.begin() + static_cast<std::ptrdiff_t>(n * graph.size));
  }
}

/// One edge further than the nearest of the members, which stand in rows of `distance` already.
void measure(NetworkGraph& graph, std::size_t token, const std::vector<std::size_t>& members) {
  for (std::size_t n = 0; n < token; ++n) {
    std::uint8_t nearest = kUnconnected;
    for (const std::size_t m : members) nearest = std::min(nearest, graph.distance[n * graph.size + m]);
    const auto far = nearest >= kUnconnected - 1 ? nearest : static_cast<std::uint8_t>(nearest + 1);
    graph.distance[n * graph.size + token] = graph.distance[token * graph.size + n] = far;
  }
  graph.distance[token * graph.size + token] = 0;
}

}  // namespace

std::size_t nodeColumn(std::string_view name) {
  const auto row = std::ranges::find(kColumns, name, &NodeColumn::name);
  if (row == kColumns.end()) throw internalError("no node column " + std::string(name));
  return static_cast<std::size_t>(row - kColumns.begin());
}

std::size_t NetworkGraph::bytes() const {
  return sizeof(*this) +
         4 * (nodes.size() + rowScale.size() + coefficient.size() + laplacian.size() + randomWalk.size() +
              degree.size()) +
         8 * (edgeSource.size() + edgeTarget.size() + kind.size() + vocabularyRow.size()) + distance.size();
}

NetworkGraph networkGraph(const planet::MetabolicNetwork& network, double growthMinK, double growthMaxK,
                          const ReactionVocabulary& vocabulary) {
  const std::size_t metabolites = network.metabolites.size();
  const std::size_t inner = metabolites + network.reactions.size();
  std::map<std::string, std::vector<std::size_t>> members;
  std::vector<std::string> order;
  for (std::size_t m = 0; m < metabolites; ++m) {
    const std::string& where = network.metabolites[m].compartment;
    auto& list = members[where];
    if (list.empty()) order.push_back(where);
    list.push_back(m);
  }

  NetworkGraph graph;
  graph.size = inner + order.size();
  graph.nodes.assign(graph.size * kNodeFeatures, 0.0F);
  graph.laplacian.assign(graph.size * kEncodings, 0.0F);
  graph.randomWalk.assign(graph.size * kEncodings, 0.0F);
  graph.degree.assign(graph.size, 0.0F);
  graph.vocabularyRow.assign(graph.size, -1);
  graph.rowScale.assign(graph.size, 1.0F);
  graph.distance.assign(graph.size * graph.size, kUnconnected);
  const auto join = [&](std::size_t a, std::size_t b, double coefficient) {
    for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
      graph.edgeSource.push_back(static_cast<std::int64_t>(from));
      graph.edgeTarget.push_back(static_cast<std::int64_t>(to));
      graph.coefficient.push_back(static_cast<float>(coefficient));
    }
  };
  const auto row = [&](NodeKind kind) {
    NodeRow made(graph.nodes.data() + graph.kind.size() * kNodeFeatures);
    made.set(kKindFirst + static_cast<std::size_t>(kind), 1.0);
    graph.kind.push_back(static_cast<std::int64_t>(kind));
    return made;
  };

  for (const planet::Metabolite& m : network.metabolites) describe(row(NodeKind::kMetabolite), m);
  std::vector<std::pair<std::size_t, std::size_t>> edges;
  for (std::size_t r = 0; r < network.reactions.size(); ++r) {
    const planet::Reaction& reaction = network.reactions[r];
    describe(row(reaction.isBoundary() ? NodeKind::kExchange : NodeKind::kReaction), reaction, growthMinK, growthMaxK);
    if (const auto known = vocabulary.find(network, reaction)) {
      graph.vocabularyRow[metabolites + r] = static_cast<std::int64_t>(*known);
      graph.rowScale[metabolites + r] = static_cast<float>(scaleOf(reaction, vocabulary.rows()[*known]));
    }
    for (const auto& [m, coefficient] : reaction.stoichiometry) {
      join(m, metabolites + r, coefficient);
      edges.emplace_back(m, metabolites + r);
    }
  }
  encode(graph, adjacencyOf(inner, edges));
  for (std::size_t c = 0; c < order.size(); ++c) {
    const std::vector<std::size_t>& inside = members.at(order[c]);
    row(NodeKind::kCompartment).set(place(order[c]), 1.0);
    for (const std::size_t m : inside) join(inner + c, m, 0.0);
    graph.degree[inner + c] = static_cast<float>(inside.size());
    measure(graph, inner + c, inside);
  }
  return graph;
}

NetworkGraphs::NetworkGraphs(std::shared_ptr<const ReactionVocabulary> vocabulary, std::size_t mostBytes)
    : vocabulary_(std::move(vocabulary)), mostBytes_(mostBytes) {}

std::shared_ptr<const NetworkGraph> NetworkGraphs::get(const planet::MetabolicNetwork& network, double growthMinK,
                                                       double growthMaxK) {
  const std::string key = fmt::format("{} {:a} {:a}", contentOf(network), growthMinK, growthMaxK);
  {
    const std::lock_guard lock(mutex_);
    const auto found = graphs_.find(key);
    if (found != graphs_.end()) return found->second;
  }
  auto made = std::make_shared<const NetworkGraph>(networkGraph(network, growthMinK, growthMaxK, *vocabulary_));
  const std::lock_guard lock(mutex_);
  if (bytes_ + made->bytes() <= mostBytes_ && graphs_.emplace(key, made).second) bytes_ += made->bytes();
  return made;
}

std::size_t NetworkGraphs::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace ecumene::data::batch
