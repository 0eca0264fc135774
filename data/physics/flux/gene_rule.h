// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "data/planet/network.h"

namespace ecumene::data::physics::flux {

/// A gene-protein-reaction rule: gene ids joined by "and" (a complex needs all its parts) and "or" (isoenzymes), in
/// parentheses where wanted; "and" binds tighter. The operators may be written in any case. Gene ids hold no blanks and
/// no parentheses.
class GeneRule {
 public:
  /// Throws Error naming the place in the text. An empty text is the rule of a reaction that needs no gene.
  static GeneRule parse(std::string_view text);

  /// Whether the reaction can run when `absent` genes are deleted. Always true for the empty rule.
  [[nodiscard]] bool worksWithout(const std::set<std::string, std::less<>>& absent) const;
  [[nodiscard]] std::set<std::string, std::less<>> genes() const;

 private:
  friend class GeneRuleParser;
  // Reverse Polish notation, so that neither evaluation nor destruction recurses.
  enum class Kind { kGene, kAnd, kOr };
  struct Step {
    Kind kind;
    std::string gene;
  };
  std::vector<Step> steps_;
};

/// Indices of the reactions that cannot run when all of `genes` are deleted at once, ascending. Throws Error for a gene
/// that the network does not hold (naming the nearest one) or a broken rule (naming the reaction).
std::vector<std::size_t> reactionsWithout(const planet::MetabolicNetwork& network, std::span<const std::string> genes);

}  // namespace ecumene::data::physics::flux
