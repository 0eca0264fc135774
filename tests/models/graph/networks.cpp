// SPDX-License-Identifier: Apache-2.0
#include "tests/models/graph/networks.h"

#include <cmath>
#include <limits>

#include "data/physics/metabolism/variants.h"

namespace ecumene::models::graph {

using data::batch::NetworkGraph;
using data::planet::Metabolism;

std::vector<Metabolism> metabolisms() {
  std::vector<Metabolism> result;
  for (std::size_t a = 0; a < data::planet::kArchetypeCount; ++a) {
    result.push_back(data::physics::metabolism::makeMetabolism(static_cast<data::planet::Archetype>(a), 0, 7));
  }
  return result;
}

data::batch::ReactionVocabulary vocabularyOf(const std::vector<Metabolism>& metabolisms) {
  data::batch::ReactionVocabularyBuilder builder;
  for (const Metabolism& m : metabolisms) builder.add(m.network);
  return builder.build();
}

ReactionVocabulary tensorsOf(const data::batch::ReactionVocabulary& vocabulary, torch::ScalarType type) {
  const auto metabolites = static_cast<std::int64_t>(vocabulary.metabolites().size());
  const auto rows = static_cast<std::int64_t>(vocabulary.size());
  ReactionVocabulary result;
  result.stoichiometry_MR = torch::zeros({metabolites, rows}, type);
  result.reversible_R = torch::zeros({rows}, torch::kBool);
  result.energy_R = torch::full({rows}, std::numeric_limits<double>::quiet_NaN(), type);
  for (std::int64_t r = 0; r < rows; ++r) {
    const auto& row = vocabulary.rows()[static_cast<std::size_t>(r)];
    for (const auto& [m, coefficient] : row.stoichiometry) {
      result.stoichiometry_MR[static_cast<std::int64_t>(m)][r] = coefficient;
    }
    result.reversible_R[r] = row.reversible;
    if (row.energyKJ) result.energy_R[r] = *row.energyKJ;
  }
  result.elements_MK = torch::tensor(vocabulary.elements()).view({metabolites, kElements}).to(type);
  return result;
}

GraphInput inputOf(const std::vector<Metabolism>& metabolisms, const data::batch::ReactionVocabulary& vocabulary,
                   torch::ScalarType type) {
  GraphInput input;
  input.first = {0};
  std::vector<torch::Tensor> nodes, edges, coefficient, laplacian, degree, walk, kind, row;
  std::vector<std::int64_t> archetype;
  const auto count = static_cast<std::int64_t>(metabolisms.size());
  input.reactions_BR = torch::zeros({count, static_cast<std::int64_t>(vocabulary.size())}, type);
  for (std::int64_t b = 0; b < count; ++b) {
    const Metabolism& m = metabolisms[static_cast<std::size_t>(b)];
    const NetworkGraph graph = data::batch::networkGraph(m.network, m.growthMinK, m.growthMaxK, vocabulary);
    const auto n = static_cast<std::int64_t>(graph.size);
    nodes.push_back(torch::tensor(graph.nodes).view({n, kNodeFeatures}).to(type));
    edges.push_back(torch::stack({torch::tensor(graph.edgeSource), torch::tensor(graph.edgeTarget)}) +
                    input.first.back());
    coefficient.push_back(torch::tensor(graph.coefficient).to(type));
    laplacian.push_back(torch::tensor(graph.laplacian).view({n, kEncodings}).to(type));
    degree.push_back(torch::tensor(graph.degree).to(type));
    walk.push_back(torch::tensor(graph.randomWalk).view({n, kEncodings}).to(type));
    kind.push_back(torch::tensor(graph.kind));
    row.push_back(torch::tensor(graph.vocabularyRow));
    input.distance.push_back(torch::tensor(graph.distance).view({n, n}));
    archetype.push_back(std::isnan(m.growthMinK) ? -1 : static_cast<std::int64_t>(m.archetype));
    input.first.push_back(input.first.back() + n);
    const torch::Tensor known = row.back().masked_select(row.back() >= 0);
    input.reactions_BR[b].index_fill_(0, known, 1.0);
  }
  input.nodes_NF = torch::cat(nodes);
  input.edgeIndex_2E = torch::cat(edges, 1);
  input.coefficient_E = torch::cat(coefficient);
  input.laplacian_NK = torch::cat(laplacian);
  input.degree_N = torch::cat(degree);
  input.randomWalk_NK = torch::cat(walk);
  input.kind_N = torch::cat(kind);
  input.vocabularyRow_N = torch::cat(row);
  input.archetype_B = torch::tensor(archetype);
  input.keep_B = torch::ones({count}, torch::kBool);
  input.flux_N = torch::zeros({input.first.back()}, type);
  input.fluxKnown_N = torch::zeros({input.first.back()}, torch::kBool);
  return input;
}

torch::Tensor wave(torch::IntArrayRef shape, double phase, torch::ScalarType type) {
  const torch::Tensor place = torch::arange(c10::multiply_integers(shape), torch::kFloat64);
  return torch::sin(place * place * 0.37 + place * 0.11 + phase).mul(1.4).view(shape).to(type);
}

}  // namespace ecumene::models::graph
