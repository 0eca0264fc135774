// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "data/formats/metabolism/gene_rule_text.h"

class FbcAssociation;  // libSBML's
class GeneProduct;
class Model;
class Reaction;

namespace ecumene::data::formats {

class SbmlNotes;

/// The genes and gene rules of an SBML model: gene products and associations of fbc version 2, gene associations of
/// version 1, and the rules in notes of both version 1 and files without fbc. Ids as sbmlId gives them.
class SbmlGenes {
 public:
  /// `model` outlives this.
  explicit SbmlGenes(const ::Model& model);

  /// Rule of a reaction as text; empty if it needs no gene. Throws Error naming the reaction.
  std::string ruleOf(const ::Reaction& reaction, const SbmlNotes& notes);
  /// In the file's order; those that only rules name in the order of the rules.
  std::vector<std::string> genes() { return std::move(genes_); }
  void report(std::vector<std::string>& assumptions) const;

 private:
  void add(const ::GeneProduct& gene);
  std::string named(std::string_view gene);
  GeneRuleTree tree(const ::FbcAssociation& association, const std::string& reaction);
  std::string read(const std::string& rule, const std::string& place);

  std::map<std::string, std::string> listed_;  ///< of fbc version 1, by reaction
  std::map<std::string, std::string> ids_;     ///< of gene products
  std::set<std::string, std::less<>> taken_;
  std::vector<std::string> genes_;
  bool readsNotes_ = false;
  std::size_t fromNotes_ = 0, unreadNotes_ = 0;
};

}  // namespace ecumene::data::formats
