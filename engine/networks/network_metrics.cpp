// SPDX-License-Identifier: Apache-2.0
#include "engine/networks/network_metrics.h"

#include <algorithm>
#include <iterator>
#include <map>

#include "data/base/error.h"
#include "data/physics/flux/flux_balance.h"
#include "data/physics/metabolism/viability.h"
#include "models/graph/biochemistry.h"

namespace ecumene::engine::networks {
namespace {

using data::batch::ReactionVocabulary;
using data::planet::kUnlimitedFlux;
using data::planet::MetabolicNetwork;
using data::planet::Reaction;
using models::graph::kEnergyMarginKJ;

constexpr double kLargestImbalance = 1e-6;

bool grows(const MetabolicNetwork& network) {
  const auto solution = data::physics::flux::solve(network);
  return solution.status == data::physics::flux::Status::kOptimal &&
         solution.objective > data::physics::metabolism::kLeastGrowthPerHour;
}

/// Closes the directions in which reactions would run uphill.
void closeUphill(MetabolicNetwork& network) {
  for (Reaction& reaction : network.reactions) {
    if (reaction.isBoundary() || !reaction.energyKJ) continue;
    if (*reaction.energyKJ > kEnergyMarginKJ) reaction.upperBound = 0.0;
    if (*reaction.energyKJ < -kEnergyMarginKJ) reaction.lowerBound = 0.0;
  }
}

}  // namespace

double setF1(const Rows& a, const Rows& b) {
  if (a.empty() && b.empty()) return 1.0;
  Rows both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return 2.0 * static_cast<double>(both.size()) / static_cast<double>(a.size() + b.size());
}

NetworkReference::NetworkReference(std::shared_ptr<const ReactionVocabulary> vocabulary,
                                   std::span<const MetabolicNetwork> networks)
    : vocabulary_(std::move(vocabulary)) {
  for (const MetabolicNetwork& network : networks) {
    known_.insert(rows(network));
    for (const Reaction& reaction : network.reactions) {
      if (reaction.objective == 0.0) continue;
      if (const auto row = vocabulary_->find(network, reaction)) objectives_.insert(*row);
    }
  }
  if (objectives_.empty()) {
    throw Error("no network says what growth is")
        .on("networks that the model learned from")
        .expected("a reaction of the vocabulary as objective")
        .found("none in " + std::to_string(networks.size()) + " networks");
  }
}

Rows NetworkReference::rows(const MetabolicNetwork& network) const {
  std::set<std::size_t> found;
  for (const Reaction& reaction : network.reactions) {
    if (const auto row = vocabulary_->find(network, reaction)) found.insert(*row);
  }
  return {found.begin(), found.end()};
}

MetabolicNetwork NetworkReference::network(const Rows& rows) const {
  MetabolicNetwork network;
  std::map<std::size_t, std::size_t> place;
  for (const std::size_t r : rows) {
    const ReactionVocabulary::Row& row = vocabulary_->rows().at(r);
    Reaction reaction;
    reaction.id = "R" + std::to_string(r) + " " + row.id;  // two rows may have one id
    bool outside = row.isBoundary();
    for (const auto& [m, coefficient] : row.stoichiometry) {
      const ReactionVocabulary::Metabolite& metabolite = vocabulary_->metabolites().at(m);
      const auto [entry, isNew] = place.try_emplace(m, network.metabolites.size());
      if (isNew) {
        const std::string id = "M" + std::to_string(m) + " " + metabolite.id;
        network.metabolites.push_back({id, metabolite.id, metabolite.formula, metabolite.charge, "", std::nullopt});
      }
      reaction.stoichiometry.emplace_back(entry->second, coefficient);
      outside = outside && metabolite.id.ends_with("_e");
    }
    reaction.lowerBound = row.reversible || outside ? -kUnlimitedFlux : 0.0;
    reaction.objective = objectives_.contains(r) ? 1.0 : 0.0;
    reaction.energyKJ = row.energyKJ;
    network.reactions.push_back(std::move(reaction));
  }
  return network;
}

NetworkVerdict NetworkReference::judge(const Rows& rows) const {
  NetworkVerdict verdict;
  MetabolicNetwork made = network(rows);
  for (const Reaction& reaction : made.reactions) {
    if (reaction.isBoundary()) continue;
    ++verdict.reactions;
    const auto imbalance = data::planet::imbalance(made, reaction);
    if (!imbalance) continue;
    ++verdict.judged;
    if (imbalance->largest() < kLargestImbalance) ++verdict.balanced;
  }
  const bool hasObjective = std::ranges::any_of(rows, [&](std::size_t r) { return objectives_.contains(r); });
  if (hasObjective && grows(made)) {
    verdict.feasible = true;
    closeUphill(made);
    verdict.consistent = grows(made);
  }
  verdict.novel = !known_.contains(rows);
  for (const Rows& other : known_) verdict.nearestF1 = std::max(verdict.nearestF1, setF1(rows, other));
  return verdict;
}

Rows NetworkReference::removable(const Rows& rows) const {
  Rows result;
  std::ranges::copy_if(rows, std::back_inserter(result), [&](std::size_t r) {
    return !vocabulary_->rows().at(r).isBoundary() && !objectives_.contains(r);
  });
  return result;
}

Recovery recoveryOf(std::span<const float> scores, const Rows& held, const Rows& removed) {
  struct Candidate {
    float score;
    bool removed;
  };
  std::vector<Candidate> candidates;
  for (std::size_t r = 0; r < scores.size(); ++r) {
    if (std::ranges::binary_search(held, r)) continue;
    candidates.push_back({scores[r], std::ranges::binary_search(removed, r)});
  }
  const std::size_t absent = candidates.size() - removed.size();
  if (removed.empty() || absent == 0) throw internalError("recovery needs removed rows and absent ones");
  std::ranges::sort(candidates, std::greater{}, &Candidate::score);

  // Equal scores share what stands between them, so that their order does not matter.
  double pairsWon = 0.0, found = 0.0;
  std::size_t absentBefore = 0;
  for (std::size_t begin = 0, end = 0; begin < candidates.size(); begin = end) {
    std::size_t removedHere = 0;
    for (; end < candidates.size() && candidates[end].score == candidates[begin].score; ++end) {
      removedHere += candidates[end].removed ? 1U : 0U;
    }
    const std::size_t here = end - begin, absentHere = here - removedHere;
    pairsWon += static_cast<double>(removedHere) *
                (static_cast<double>(absent - absentBefore) - 0.5 * static_cast<double>(absentHere));
    if (begin < removed.size()) {
      const std::size_t taken = std::min(here, removed.size() - begin);
      found += static_cast<double>(removedHere) * static_cast<double>(taken) / static_cast<double>(here);
    }
    absentBefore += absentHere;
  }
  const auto wanted = static_cast<double>(removed.size());
  return {pairsWon / (wanted * static_cast<double>(absent)), found / wanted,
          wanted / static_cast<double>(candidates.size())};
}

}  // namespace ecumene::engine::networks
