// SPDX-License-Identifier: Apache-2.0
#include "data/formats/metabolism/sbml.h"

#include <sbml/SBMLTypes.h>
#include <sbml/packages/fbc/common/FbcExtensionTypes.h>
#include <sbml/packages/groups/common/GroupsExtensionTypes.h>

#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "data/base/error.h"
#include "data/formats/common/compressed.h"
#include "data/formats/common/shown_text.h"
#include "data/formats/common/text_table.h"
#include "data/formats/metabolism/flux_network.h"
#include "data/formats/metabolism/sbml_bounds.h"
#include "data/formats/metabolism/sbml_element.h"
#include "data/formats/metabolism/sbml_genes.h"
#include "data/formats/metabolism/sbml_id.h"
#include "data/formats/metabolism/sbml_text.h"

namespace ecumene::data::formats {
namespace {

constexpr const char* kNoObjective = "the model has no objective; every flux has the coefficient 0";

void checkDocument(::SBMLDocument& document) {
  if (document.getLevel() == 1) {
    throw Error("this SBML is of another level")
        .expected("Level 2 or 3")
        .found("Level " + std::to_string(document.getLevel()))
        .next("write it again with COBRApy: cobra.io.write_sbml_model(cobra.io.read_sbml_model(old), new)");
  }
  for (unsigned i = 0; i < document.getNumErrors(); ++i) {
    const ::SBMLError& problem = *document.getError(i);
    if (problem.getSeverity() < ::LIBSBML_SEV_ERROR) continue;
    throw Error("the SBML is not well formed")
        .on("line " + std::to_string(problem.getLine()))
        .found(flat(problem.getMessage()));
  }
  if (const ::SBasePlugin* fbc = document.getPlugin("fbc"); fbc != nullptr && fbc->getPackageVersion() > 2) {
    throw Error("the flux balance constraints are of another version")
        .expected("fbc version 1 or 2")
        .found("fbc version " + std::to_string(fbc->getPackageVersion()));
  }
  // Level 2 has none. Extended mathematics is of rules and rates, which a flux balance does not read.
  for (unsigned i = 0; document.getLevel() > 2 && i < document.getNumPlugins(); ++i) {
    const std::string& package = document.getPlugin(i)->getPackageName();
    if (document.getPackageRequired(package) && package != "l3v2extendedmath") {
      throw Error("the model's meaning depends on an SBML package that is not read").found(package);
    }
  }
  if (document.getModel() == nullptr) throw Error("the SBML holds no model");
}

class NetworkReader {
 public:
  NetworkReader(::Model& model, const ImportOptions& options)
      : model_(model),
        fbc_(dynamic_cast<::FbcModelPlugin*>(model.getPlugin("fbc"))),
        fluxBounds_(options),
        bounds_(model, fluxBounds_),
        genes_(model) {}

  planet::MetabolicNetwork read(const std::string& fallbackId) {
    network_.id = model_.getId();
    requirePrintable(network_.id, "id", at(model_));
    network_.name = model_.getName();
    if (network_.id.empty()) {
      network_.id = fallbackId;
      assume("the model has no id; it is called by its file");
    }
    if (model_.getNumRules() + model_.getNumEvents() > 0) {
      assume("rules and events of the model are not part of its flux balance and were left out");
    }
    for (unsigned i = 0; i < model_.getNumCompartments(); ++i) {
      const ::Compartment& compartment = *model_.getCompartment(i);
      requirePrintable(compartment.getId(), "id", at(compartment));
      network_.compartments.push_back(compartment.getId());
    }
    readSpecies();
    for (unsigned i = 0; i < model_.getNumReactions(); ++i) readReaction(*model_.getReaction(i));
    addBoundaryExchanges();
    fbc_ != nullptr ? readObjective() : readObjectiveOfKineticLaws();
    readGroups();
    network_.genes = genes_.genes();
    bounds_.report(assumptions_);
    genes_.report(assumptions_);
    if (chargesUnread_ > 0) {
      assume(std::to_string(chargesUnread_) + " charges in notes are no numbers and stay absent");
    }
    if (fbc_ != nullptr && fromNotes_ > 0) {
      assume("formulas or charges of " + std::to_string(fromNotes_) + " species were read from notes");
    }
    reportBalance(network_, assumptions_);
    return std::move(network_);
  }

  std::vector<std::string> assumptions() { return std::move(assumptions_); }

 private:
  void assume(std::string what) { assumptions_.push_back(std::move(what)); }

  // Prefixes and escapes may make one id of two.
  static std::string ownId(const ::SBase& element, std::string_view prefix, std::set<std::string>& taken) {
    if (element.getIdAttribute().empty()) throw Error("an element has no id").on(at(element));
    std::string id = sbmlId(element.getIdAttribute(), prefix);
    requirePrintable(id, "id", at(element));
    if (id.empty() || !taken.insert(id).second) {
      throw Error("two elements have the same id when the prefix " + std::string(prefix) + " is removed")
          .on(at(element))
          .found("'" + id + "'");
    }
    return id;
  }

  void readSpecies() {
    std::set<std::string> taken;
    for (unsigned i = 0; i < model_.getNumSpecies(); ++i) {
      const ::Species& species = *model_.getSpecies(i);
      planet::Metabolite m;
      m.id = ownId(species, "M_", taken);
      m.name = species.getName();
      m.compartment = species.getCompartment();
      if (model_.getCompartment(m.compartment) == nullptr) {
        throw Error("the compartment does not exist").on(at(species)).found("'" + m.compartment + "'");
      }
      if (const auto* fbc = dynamic_cast<const ::FbcSpeciesPlugin*>(species.getPlugin("fbc"))) {
        m.formula = fbc->getChemicalFormula();
        if (fbc->isSetCharge()) m.charge = fbc->getCharge();
      } else if (species.isSetCharge()) {
        m.charge = species.getCharge();
      }
      readNotes(species, m);
      if (species.getBoundaryCondition()) boundary_.push_back(network_.metabolites.size());
      speciesIndex_[species.getId()] = network_.metabolites.size();
      network_.metabolites.push_back(std::move(m));
    }
  }

  // What no attribute states may stand in the notes: without fbc all, with fbc what its whole numbers cannot say.
  void readNotes(const ::Species& species, planet::Metabolite& m) {
    const SbmlNotes notes(species);
    const std::string formula = m.formula.empty() ? notes.value("FORMULA") : "";
    const std::string charge = m.charge ? "" : notes.value("CHARGE");
    if (!formula.empty()) m.formula = formula;
    if (!charge.empty()) m.charge = parseNumber(charge);
    if (m.charge && !std::isfinite(*m.charge)) m.charge.reset();
    if (!charge.empty() && !m.charge) ++chargesUnread_;
    if (!formula.empty() || (!charge.empty() && m.charge)) ++fromNotes_;
  }

  void readReaction(const ::Reaction& reaction) {
    planet::Reaction r;
    r.id = ownId(reaction, "R_", reactionsTaken_);
    r.name = reaction.getName();
    std::map<std::size_t, double> sum;
    for (unsigned i = 0; i < reaction.getNumReactants(); ++i) addSpecies(reaction, *reaction.getReactant(i), -1, sum);
    for (unsigned i = 0; i < reaction.getNumProducts(); ++i) addSpecies(reaction, *reaction.getProduct(i), 1, sum);
    for (const auto& [metabolite, coefficient] : sum) {
      if (coefficient != 0.0) r.stoichiometry.emplace_back(metabolite, coefficient);  // on both sides alike: no change
    }
    bounds_.set(r, reaction);
    const SbmlNotes notes(reaction);
    r.geneRule = genes_.ruleOf(reaction, notes);
    r.subsystem = notes.value("SUBSYSTEM");
    reactionIndex_[reaction.getId()] = network_.reactions.size();
    network_.reactions.push_back(std::move(r));
  }

  void addSpecies(const ::Reaction& reaction, const ::SpeciesReference& reference, int sign,
                  std::map<std::size_t, double>& sum) {
    const auto species = speciesIndex_.find(reference.getSpecies());
    const std::string place = at(reaction) + ", speciesReference (line " + std::to_string(reference.getLine()) + ")";
    if (species == speciesIndex_.end()) {
      throw Error("the species does not exist").on(place).found("'" + reference.getSpecies() + "'");
    }
    // Level 2 has 1 where nothing is stated, and no attribute that says constant.
    const bool level3 = model_.getLevel() > 2;
    const double coefficient = reference.getStoichiometry();
    if ((level3 && !reference.isSetStoichiometry()) || !std::isfinite(coefficient)) {
      throw Error("the coefficient of " + reference.getSpecies() + " is missing or not finite").on(place);
    }
    const bool assigned = !reference.getIdAttribute().empty() &&
                          model_.getInitialAssignmentBySymbol(reference.getIdAttribute()) != nullptr;
    if ((level3 && !reference.getConstant()) || reference.isSetStoichiometryMath() || assigned) {
      throw Error("the coefficient of " + reference.getSpecies() + " is computed, not constant").on(place);
    }
    sum[species->second] += sign * coefficient;
  }

  void addBoundaryExchanges() {
    for (const std::size_t index : boundary_) {
      planet::Reaction r;
      r.id = "EX_" + network_.metabolites[index].id;
      r.name = r.id;
      if (!reactionsTaken_.insert(r.id).second) {
        throw Error("the boundary species needs an exchange, whose id is taken").on(r.id);
      }
      r.stoichiometry = {{index, -1.0}};
      r.lowerBound = -planet::kUnlimitedFlux;
      network_.reactions.push_back(std::move(r));
    }
    if (!boundary_.empty()) {
      assume(std::to_string(boundary_.size()) +
             " species with boundaryCondition got an exchange EX_<id> with bounds -1000 and 1000");
    }
  }

  void readObjective() {
    ::Objective* objective = fbc_->getActiveObjective();  // its getType() is not const
    if (objective == nullptr) {
      if (fbc_->getNumObjectives() > 0) {
        throw Error("none of the objectives is active").on(at(*fbc_->getListOfObjectives()));
      }
      assume(kNoObjective);
      return;
    }
    network_.maximise = objective->getType() != "minimize";
    if (objective->getNumFluxObjectives() == 0) throw Error("the objective holds no flux").on(at(*objective));
    for (unsigned i = 0; i < objective->getNumFluxObjectives(); ++i) {
      const ::FluxObjective& part = *objective->getFluxObjective(i);
      const auto reaction = reactionIndex_.find(part.getReaction());
      if (reaction == reactionIndex_.end()) {
        throw Error("the reaction of the objective does not exist").on(at(part)).found("'" + part.getReaction() + "'");
      }
      if (!std::isfinite(part.getCoefficient())) throw Error("the objective's coefficient is missing").on(at(part));
      network_.reactions[reaction->second].objective += part.getCoefficient();
    }
  }

  void readObjectiveOfKineticLaws() {
    bool any = false;
    for (unsigned i = 0; i < model_.getNumReactions(); ++i) {
      const ::KineticLaw* law = model_.getReaction(i)->getKineticLaw();
      const ::Parameter* parameter = law == nullptr ? nullptr : law->getParameter("OBJECTIVE_COEFFICIENT");
      if (parameter == nullptr) continue;
      if (!parameter->isSetValue() || !std::isfinite(parameter->getValue())) {
        throw Error("the objective's coefficient is missing").on(at(*model_.getReaction(i)) + ", " + at(*parameter));
      }
      network_.reactions[i].objective = parameter->getValue();
      any = any || parameter->getValue() != 0.0;
    }
    if (!any) assume(kNoObjective);
  }

  void readGroups() {
    const auto* groups = dynamic_cast<const ::GroupsModelPlugin*>(model_.getPlugin("groups"));
    for (unsigned g = 0; groups != nullptr && g < groups->getNumGroups(); ++g) {
      const ::Group& group = *groups->getGroup(g);
      for (unsigned m = 0; m < group.getNumMembers(); ++m) {
        const auto reaction = reactionIndex_.find(group.getMember(m)->getIdRef());
        if (reaction != reactionIndex_.end()) network_.reactions[reaction->second].subsystem = group.getName();
      }
    }
  }

  const ::Model& model_;
  ::FbcModelPlugin* fbc_;  ///< none: bounds and objective stand in kinetic laws, the rest in notes
  FluxBounds fluxBounds_;
  SbmlBounds bounds_;
  SbmlGenes genes_;
  std::size_t chargesUnread_ = 0, fromNotes_ = 0;  ///< species
  planet::MetabolicNetwork network_;
  std::vector<std::string> assumptions_;
  std::map<std::string, std::size_t> speciesIndex_, reactionIndex_;
  std::set<std::string> reactionsTaken_;
  std::vector<std::size_t> boundary_;
};

std::string dialectOf(const ::SBMLDocument& document) {
  const unsigned fbc = fbcVersion(*document.getModel());
  const std::string level =
      "SBML Level " + std::to_string(document.getLevel()) + " version " + std::to_string(document.getVersion());
  if (fbc != 0) return level + " with fbc version " + std::to_string(fbc);
  return level + " without fbc: bounds and objective from kinetic laws, formulas, charges and gene rules from notes";
}

Sniff sniffSbml(const std::filesystem::path& path, std::string_view head) {
  const std::string text = inflatedHead(path, head, kHeadBytes);
  if (text.find("http://www.sbml.org/sbml/level") != std::string_view::npos) {
    return {Match::kCertain, "names the SBML namespace"};
  }
  const bool xml = text.starts_with('<') && text.find('>') != std::string_view::npos;
  return {xml ? Match::kNear : Match::kNo, xml ? "XML that does not name the SBML namespace" : "not XML"};
}

}  // namespace

planet::Import importSbml(const std::filesystem::path& path, const ImportOptions& options) {
  const std::string text = readSbmlText(path);
  const std::unique_ptr<::SBMLDocument> document(::readSBMLFromString(text.c_str()));
  if (!document) throw internalError("libSBML gave no document");
  checkDocument(*document);

  NetworkReader reader(*document->getModel(), options);
  planet::MetabolicNetwork network = reader.read(networkName(path));
  return networkImport(std::move(network), reader.assumptions(),
                       dialectOf(*document) +
                           "; fluxes in mmol gDW-1 h-1 as in the file; ids without the prefixes M_, R_, G_ and with "
                           "their escapes decoded",
                       options);
}

Format sbmlFormat() {
  return {.name = "sbml",
          .kind = planet::ImportKind::kNetwork,
          .reads = "metabolic networks as SBML Level 2, or Level 3 with fbc version 1 or 2; plain, gzip or bzip2",
          .options = FluxBounds::options(),
          .sniff = sniffSbml,
          .read = importSbml};
}

}  // namespace ecumene::data::formats
