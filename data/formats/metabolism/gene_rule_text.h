// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ecumene::data::formats {

/// A gene rule as a tree: a gene, or parts of which all ("and": a complex) or any ("or": isoenzymes) are needed.
struct GeneRuleTree {
  enum class Kind { kGene, kAnd, kOr };
  Kind kind = Kind::kGene;
  std::string gene;                 ///< of kGene
  std::vector<GeneRuleTree> parts;  ///< of the others, at least two

  /// As Reaction::geneRule: "g1 and (g2 or g3)", with parentheses only where "and" and "or" meet.
  [[nodiscard]] std::string text() const;
};

/// Deepest nesting of parentheses and elements in a gene rule.
inline constexpr std::size_t kDeepestGeneRule = 100;

/// Reads "(b1 and b2) or b3", operators in any case, also "&", "&&", "|" and "||", which need no blanks; "and" binds
/// tighter. `idOf` gives the id of a gene as the rule writes it. Throws Error with the character where the text is no
/// rule or nests too deeply.
GeneRuleTree readGeneRule(std::string_view text, const std::function<std::string(std::string_view)>& idOf);

/// Whether the id can stand in a rule's text: no blank, parenthesis, "&", "|" or operator.
bool canStandInGeneRule(std::string_view id);

}  // namespace ecumene::data::formats
