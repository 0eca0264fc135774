// SPDX-License-Identifier: Apache-2.0
#include "data/formats/metabolism/sbml_genes.h"

#include <fmt/format.h>
#include <sbml/SBMLTypes.h>
#include <sbml/packages/fbc/common/FbcExtensionTypes.h>

#include "data/base/error.h"
#include "data/formats/common/shown_text.h"
#include "data/formats/metabolism/sbml_bounds.h"
#include "data/formats/metabolism/sbml_element.h"
#include "data/formats/metabolism/sbml_id.h"

namespace ecumene::data::formats {
namespace {

constexpr std::string_view kPrefix = "G_";

}  // namespace

SbmlGenes::SbmlGenes(const ::Model& model) : readsNotes_(fbcVersion(model) < 2) {
  const auto* fbc = dynamic_cast<const ::FbcModelPlugin*>(model.getPlugin("fbc"));
  if (fbc == nullptr) return;
  for (unsigned i = 0; i < fbc->getNumGeneProducts(); ++i) add(*fbc->getGeneProduct(i));
  for (int i = 0; i < fbc->getNumGeneAssociations(); ++i) {
    const ::GeneAssociation& rule = *fbc->getGeneAssociation(static_cast<unsigned>(i));
    const ::Association* association = rule.getAssociation();
    const std::string place = at(rule) + " of reaction " + rule.getReaction();
    if (association == nullptr) throw Error("the gene rule is empty").on(place);
    if (model.getReaction(rule.getReaction()) == nullptr) throw Error("the reaction does not exist").on(place);
    if (!listed_.emplace(rule.getReaction(), association->toInfix()).second)
      throw Error("the reaction has two gene rules").on(place);
  }
}

void SbmlGenes::add(const ::GeneProduct& gene) {
  if (gene.getIdAttribute().empty()) throw Error("an element has no id").on(at(gene));
  std::string id = sbmlId(gene.getIdAttribute(), kPrefix);
  requirePrintable(id, "id", at(gene));
  if (id.empty() || !taken_.insert(id).second) {
    throw Error("two elements have the same id when the prefix G_ is removed").on(at(gene)).found("'" + id + "'");
  }
  if (!canStandInGeneRule(id)) {
    throw Error("the gene's id cannot stand in a gene rule").on(at(gene)).found("'" + id + "'");
  }
  ids_[gene.getIdAttribute()] = id;
  genes_.push_back(std::move(id));
}

std::string SbmlGenes::named(std::string_view gene) {
  std::string id = sbmlId(gene, kPrefix);
  if (taken_.insert(id).second) genes_.push_back(id);
  return id;
}

std::string SbmlGenes::ruleOf(const ::Reaction& reaction, const SbmlNotes& notes) {
  const std::string place = at(reaction);
  const auto* fbc = dynamic_cast<const ::FbcReactionPlugin*>(reaction.getPlugin("fbc"));
  if (const ::GeneProductAssociation* rule = fbc == nullptr ? nullptr : fbc->getGeneProductAssociation()) {
    if (rule->getAssociation() == nullptr) throw Error("the gene rule is empty").on(place);
    return tree(*rule->getAssociation(), place).text();
  }
  if (const auto row = listed_.find(reaction.getIdAttribute()); row != listed_.end()) {
    return read(row->second, place);
  }
  const std::string text = notes.geneRule();
  if (text.empty()) return {};
  ++(readsNotes_ ? fromNotes_ : unreadNotes_);
  return readsNotes_ ? read(text, place + ", GENE_ASSOCIATION") : std::string{};
}

std::string SbmlGenes::read(const std::string& rule, const std::string& place) {
  try {
    return readGeneRule(rule, [this](std::string_view gene) { return named(gene); }).text();
  } catch (Error& error) {
    throw error.on(place + ", " + error.object());
  }
}

GeneRuleTree SbmlGenes::tree(const ::FbcAssociation& association, const std::string& reaction) {
  const std::string place = reaction + ", " + at(association);
  if (association.isGeneProductRef()) {
    const std::string& gene = dynamic_cast<const ::GeneProductRef&>(association).getGeneProduct();
    const auto id = ids_.find(gene);
    if (id == ids_.end()) throw Error("the gene does not exist").on(place).found("'" + gene + "'");
    return {GeneRuleTree::Kind::kGene, id->second, {}};
  }
  const auto* all = dynamic_cast<const ::FbcAnd*>(&association);
  const auto* any = dynamic_cast<const ::FbcOr*>(&association);
  const unsigned count = all != nullptr ? all->getNumAssociations() : any != nullptr ? any->getNumAssociations() : 0;
  if (count == 0) throw Error("a part of the gene rule is empty").on(place);
  const auto part = [&](unsigned i) {
    return tree(all != nullptr ? *all->getAssociation(i) : *any->getAssociation(i), reaction);
  };
  if (count == 1) return part(0);
  GeneRuleTree out{all != nullptr ? GeneRuleTree::Kind::kAnd : GeneRuleTree::Kind::kOr, {}, {}};
  for (unsigned i = 0; i < count; ++i) out.parts.push_back(part(i));
  return out;
}

void SbmlGenes::report(std::vector<std::string>& assumptions) const {
  if (unreadNotes_ > 0) assumptions.emplace_back("gene rules that stand in notes only were left out");
  if (fromNotes_ > 0) assumptions.push_back(fmt::format("{} gene rules were read from notes", fromNotes_));
}

}  // namespace ecumene::data::formats
