// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <span>
#include <vector>

#include "data/batch/reaction_vocabulary.h"
#include "data/planet/network.h"

namespace ecumene::engine::networks {

/// A network as a set of rows of the vocabulary, ascending.
using Rows = std::vector<std::size_t>;

/// 2 |a and b| / (|a| + |b|), the harmonic mean of precision and recall; 1 if both are empty.
double setF1(const Rows& a, const Rows& b);

/// What is asked of a network that a model drew.
struct NetworkVerdict {
  std::size_t reactions = 0;  ///< exchanges and demands not counted
  std::size_t judged = 0;     ///< of them, those whose formulas and charges are all known
  std::size_t balanced = 0;   ///< of these, those that keep every element and the charge to 1e-6
  bool feasible = false;      ///< makes biomass at steady state if it may take up whatever it has an exchange for
  bool consistent = false;    ///< does so with no reaction running uphill of its dG'0 by more than 22.8 kJ/mol
  bool novel = false;         ///< no network of the reference is the same set
  double nearestF1 = 0.0;     ///< largest F1 with a network of the reference
};

/// The networks that a model learned from, as a measure of those it draws.
class NetworkReference {
 public:
  /// Throws Error if none of the networks has a reaction of the vocabulary as its objective: nothing could grow.
  NetworkReference(std::shared_ptr<const data::batch::ReactionVocabulary> vocabulary,
                   std::span<const data::planet::MetabolicNetwork> networks);

  [[nodiscard]] Rows rows(const data::planet::MetabolicNetwork& network) const;
  /// The network of these rows in a medium without limits: exchanges of what is outside the cell (id ending "_e") run
  /// both ways, other rows as the vocabulary says; at most 1000 mmol/gDW/h. The objective is that of the reference.
  [[nodiscard]] data::planet::MetabolicNetwork network(const Rows& rows) const;
  [[nodiscard]] NetworkVerdict judge(const Rows& rows) const;

  /// Rows that are no exchange or demand, and no objective.
  [[nodiscard]] Rows removable(const Rows& rows) const;
  [[nodiscard]] const data::batch::ReactionVocabulary& vocabulary() const { return *vocabulary_; }

 private:
  std::shared_ptr<const data::batch::ReactionVocabulary> vocabulary_;
  std::set<Rows> known_;
  std::set<std::size_t> objectives_;
};

/// How well scores put removed rows above rows that were never there.
struct Recovery {
  double auroc = 0.5;     ///< chance that a removed row has a higher score than one that is absent; ties count half
  double topShare = 0.0;  ///< removed rows among the highest scored, as many as were removed
  double chance = 0.0;    ///< topShare of scores that know nothing
};
/// `scores` of all rows of the vocabulary; `held` stay in the network, `removed` were taken out, neither overlapping;
/// at least one row removed and one absent, else an internal Error.
Recovery recoveryOf(std::span<const float> scores, const Rows& held, const Rows& removed);

}  // namespace ecumene::engine::networks
