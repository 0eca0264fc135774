// SPDX-License-Identifier: Apache-2.0
#include "data/formats/sbml.h"

#include <sbml/SBMLTypes.h>
#include <sbml/packages/fbc/common/FbcExtensionTypes.h>
#include <sbml/packages/groups/common/GroupsExtensionTypes.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "data/base/error.h"
#include "data/formats/sbml_id.h"
#include "data/formats/sbml_text.h"

namespace ecumene::data::formats {
namespace {

constexpr std::size_t kLongestMessage = 300;

std::string at(const ::SBase& element) {
  const std::string& id = element.getIdAttribute();
  return element.getElementName() + (id.empty() ? "" : " " + id) + " (line " + std::to_string(element.getLine()) + ")";
}

// One line without runs of blanks, cut to a length that fits into a message.
std::string flat(const std::string& text) {
  std::string line;
  for (const char c : text) {
    const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  if (line.size() > kLongestMessage) line = line.substr(0, kLongestMessage) + "...";
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

// A value in the old style of notes: <p>SUBSYSTEM: Glycolysis</p>; empty if there is none.
std::string noteOf(const ::Reaction& reaction, std::string_view key) {
  if (!reaction.isSetNotes()) return {};
  const std::string notes = const_cast<::Reaction&>(reaction).getNotesString();  // which changes nothing
  for (std::size_t i = notes.find(key); i != std::string::npos; i = notes.find(key, i + 1)) {
    const std::size_t before = i == 0 ? std::string::npos : notes.find_last_not_of(" \t\r\n", i - 1);
    const std::size_t colon = notes.find_first_not_of(" \t\r\n", i + key.size());
    if (before == std::string::npos || notes[before] != '>' || colon == std::string::npos || notes[colon] != ':')
      continue;
    std::string value = flat(notes.substr(colon + 1, notes.find('<', colon) - colon - 1));
    return value;
  }
  return {};
}

void checkDocument(::SBMLDocument& document) {
  for (unsigned i = 0; i < document.getNumErrors(); ++i) {
    const ::SBMLError& problem = *document.getError(i);
    if (problem.getSeverity() < ::LIBSBML_SEV_ERROR) continue;
    throw Error("the SBML is not well formed")
        .on("line " + std::to_string(problem.getLine()))
        .found(flat(problem.getMessage()));
  }
  const std::string level = "Level " + std::to_string(document.getLevel());
  if (document.getLevel() != 3) {
    throw Error("this SBML is of another level")
        .expected("Level 3 with fbc version 2")
        .found(level)
        .next("write it again with COBRApy: cobra.io.write_sbml_model(cobra.io.read_sbml_model(old), new)");
  }
  const ::SBasePlugin* fbc = document.getPlugin("fbc");
  if (fbc == nullptr || fbc->getPackageVersion() != 2) {
    throw Error("the SBML has no flux balance constraints of version 2")
        .expected("Level 3 with fbc version 2")
        .found(fbc == nullptr ? level + " without fbc" : "fbc version " + std::to_string(fbc->getPackageVersion()));
  }
  for (unsigned i = 0; i < document.getNumPlugins(); ++i) {
    const std::string& package = document.getPlugin(i)->getPackageName();
    if (document.getPackageRequired(package)) {
      throw Error("the model's meaning depends on an SBML package that is not read").found(package);
    }
  }
  if (document.getModel() == nullptr) throw Error("the SBML holds no model");
}

class NetworkReader {
 public:
  NetworkReader(::Model& model, const ImportOptions& options)
      : model_(model), fbc_(dynamic_cast<::FbcModelPlugin*>(model.getPlugin("fbc"))) {
    if (fbc_ == nullptr) throw Error("the model has no flux balance constraints").on(at(model_));
    if (const std::string* missing = options.find("bounds.missing")) {
      if (*missing != "unlimited") {
        throw Error("unknown choice", ErrorKind::kUsage).on("--set bounds.missing=" + *missing).expected("unlimited");
      }
      fillMissingBounds_ = true;
    }
    if (const std::string* unit = options.find("units.flux")) {
      if (*unit != "mmol/gDW/h") {
        throw Error("unknown unit", ErrorKind::kUsage).on("--set units.flux=" + *unit).expected("mmol/gDW/h");
      }
      unitIsGiven_ = true;
    }
  }

  planet::MetabolicNetwork read(const std::string& fallbackId) {
    network_.id = model_.getId();
    network_.name = model_.getName();
    if (network_.id.empty()) {
      network_.id = fallbackId;
      assume("the model has no id; it is called by its file");
    }
    if (model_.getNumRules() + model_.getNumEvents() > 0) {
      assume("rules and events of the model are not part of its flux balance and were left out");
    }
    for (unsigned i = 0; i < model_.getNumCompartments(); ++i) {
      network_.compartments.push_back(model_.getCompartment(i)->getId());
    }
    readSpecies();
    for (unsigned i = 0; i < fbc_->getNumGeneProducts(); ++i) readGene(*fbc_->getGeneProduct(i));
    for (unsigned i = 0; i < model_.getNumReactions(); ++i) readReaction(*model_.getReaction(i));
    addBoundaryExchanges();
    readObjective();
    readGroups();
    tellBounds();
    return std::move(network_);
  }

  std::vector<std::string> assumptions() { return std::move(assumptions_); }

 private:
  void assume(std::string what) { assumptions_.push_back(std::move(what)); }

  // Prefixes and escapes may make one id of two.
  std::string ownId(const ::SBase& element, std::string_view prefix, std::set<std::string>& taken) {
    if (element.getIdAttribute().empty()) throw Error("an element has no id").on(at(element));
    std::string id = sbmlId(element.getIdAttribute(), prefix);
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
      }
      if (species.getBoundaryCondition()) boundary_.push_back(network_.metabolites.size());
      speciesIndex_[species.getId()] = network_.metabolites.size();
      network_.metabolites.push_back(std::move(m));
    }
  }

  void readGene(const ::GeneProduct& gene) {
    std::string id = ownId(gene, "G_", genesTaken_);
    const bool hasBlank = std::any_of(id.begin(), id.end(), [](unsigned char c) { return std::isspace(c) != 0; });
    if (hasBlank || id.find_first_of("()") != std::string::npos || id == "and" || id == "or") {
      throw Error("the gene's id cannot stand in a gene rule").on(at(gene)).found("'" + id + "'");
    }
    geneIds_[gene.getId()] = id;
    network_.genes.push_back(std::move(id));
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
    const auto* fbc = dynamic_cast<const ::FbcReactionPlugin*>(reaction.getPlugin("fbc"));
    if (fbc == nullptr) throw Error("the reaction has no flux balance constraints").on(at(reaction));
    r.lowerBound = readBound(reaction, fbc->isSetLowerFluxBound(), fbc->getLowerFluxBound(), "lower",
                             reaction.getReversible() ? -planet::kUnlimitedFlux : 0.0);
    r.upperBound =
        readBound(reaction, fbc->isSetUpperFluxBound(), fbc->getUpperFluxBound(), "upper", planet::kUnlimitedFlux);
    if (r.lowerBound > r.upperBound) {
      throw Error("the bounds are crossed")
          .on(at(reaction))
          .expected("lower <= upper")
          .found(std::to_string(r.lowerBound) + " and " + std::to_string(r.upperBound));
    }
    if (const ::GeneProductAssociation* genes = fbc->getGeneProductAssociation()) {
      const ::FbcAssociation* association = genes->getAssociation();
      if (association == nullptr) throw Error("the gene rule is empty").on(at(reaction));
      r.geneRule = geneRule(reaction, *association, false);
    } else {
      ruleInNotes_ = ruleInNotes_ || !noteOf(reaction, "GENE_ASSOCIATION").empty() ||
                     !noteOf(reaction, "GENE ASSOCIATION").empty();
    }
    r.subsystem = noteOf(reaction, "SUBSYSTEM");
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
    const double coefficient = reference.getStoichiometry();
    if (!reference.isSetStoichiometry() || !std::isfinite(coefficient)) {
      throw Error("the coefficient of " + reference.getSpecies() + " is missing or not finite").on(place);
    }
    const bool assigned = !reference.getIdAttribute().empty() &&
                          model_.getInitialAssignmentBySymbol(reference.getIdAttribute()) != nullptr;
    if (!reference.getConstant() || assigned) {
      throw Error("the coefficient of " + reference.getSpecies() + " is computed, not constant").on(place);
    }
    sum[species->second] += sign * coefficient;
  }

  double readBound(const ::Reaction& reaction, bool isSet, const std::string& parameterId, const char* side,
                   double unlimited) {
    if (!isSet) {
      if (!fillMissingBounds_) {
        throw Error(std::string("the reaction has no ") + side + " flux bound")
            .on(at(reaction))
            .next("--set bounds.missing=unlimited takes missing ones as -1000 (0 if not reversible) and 1000");
      }
      ++missingBounds_;
      return unlimited;
    }
    const ::Parameter* parameter = model_.getParameter(parameterId);
    if (parameter == nullptr) {
      throw Error(std::string("the parameter of the ") + side + " flux bound does not exist")
          .on(at(reaction))
          .found("'" + parameterId + "'");
    }
    if (!parameter->isSetValue() || std::isnan(parameter->getValue())) {
      throw Error("a flux bound has no value").on(at(*parameter));
    }
    if (!parameter->getConstant() || model_.getInitialAssignmentBySymbol(parameterId) != nullptr) {
      throw Error("a flux bound is computed, not constant").on(at(*parameter));
    }
    checkUnit(*parameter);
    return parameter->getValue();
  }

  void checkUnit(const ::Parameter& parameter) {
    if (unitIsGiven_ || !unitsChecked_.insert(parameter.getUnits()).second) return;
    const ::UnitDefinition* definition = model_.getUnitDefinition(parameter.getUnits());
    if (definition == nullptr) {
      assume("the flux bounds " +
             (parameter.getUnits().empty()
                  ? "name no unit"
                  : "have the unit '" + parameter.getUnits() + "', which the file does not define") +
             "; mmol gDW-1 h-1 was taken");
      return;
    }
    int moles = 0, grams = 0, seconds = 0;
    double factor = 1.0;
    bool other = false;
    for (unsigned i = 0; i < definition->getNumUnits(); ++i) {
      const ::Unit& unit = *definition->getUnit(i);
      const int exponent = unit.getExponent();
      factor *= std::pow(unit.getMultiplier() * std::pow(10.0, unit.getScale()), exponent);
      if (unit.isMole()) {
        moles += exponent;
      } else if (unit.isGram()) {
        grams += exponent;
      } else if (unit.isKilogram()) {
        grams += exponent;
        factor *= std::pow(1000.0, exponent);
      } else if (unit.isSecond()) {
        seconds += exponent;
      } else if (!unit.isDimensionless()) {
        other = true;
      }
    }
    constexpr double kMmolPerHour = 1e-3 / 3600.0;
    if (other || moles != 1 || grams != -1 || seconds != -1 || std::abs(factor / kMmolPerHour - 1.0) > 1e-3) {
      throw Error("the flux bounds have another unit")
          .on(at(*definition))
          .expected("mmol gDW-1 h-1 (1e-3 mole, gram^-1, (3600 second)^-1)")
          .found(flat(::UnitDefinition::printUnits(definition)))
          .next("if the definition is wrong and the numbers are right: --set units.flux=mmol/gDW/h");
    }
  }

  // "a and b" stands in parentheses inside an "or" and the other way round; the whole rule has none.
  std::string geneRule(const ::Reaction& reaction, const ::FbcAssociation& association, bool inside) {
    const std::string place = at(reaction) + ", " + at(association);
    if (association.isGeneProductRef()) {
      const std::string& gene = dynamic_cast<const ::GeneProductRef&>(association).getGeneProduct();
      const auto id = geneIds_.find(gene);
      if (id == geneIds_.end()) throw Error("the gene does not exist").on(place).found("'" + gene + "'");
      return id->second;
    }
    const auto* all = dynamic_cast<const ::FbcAnd*>(&association);
    const auto* any = dynamic_cast<const ::FbcOr*>(&association);
    const unsigned count = all != nullptr ? all->getNumAssociations() : any != nullptr ? any->getNumAssociations() : 0;
    if (count == 0) throw Error("a part of the gene rule is empty").on(place);
    std::string text;
    for (unsigned i = 0; i < count; ++i) {
      if (i > 0) text += all != nullptr ? " and " : " or ";
      text += geneRule(reaction, all != nullptr ? *all->getAssociation(i) : *any->getAssociation(i), count > 1);
    }
    return inside && count > 1 ? "(" + text + ")" : text;
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
      assume("the model has no objective; every flux has the coefficient 0");
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

  void tellBounds() {
    if (missingBounds_ > 0) {
      assume(std::to_string(missingBounds_) + " missing flux bounds were taken as unlimited (bounds.missing)");
    }
    if (unitIsGiven_) assume("the flux bounds were taken as mmol gDW-1 h-1 (units.flux)");
    if (ruleInNotes_) assume("gene rules that stand in notes only were left out");
  }

  const ::Model& model_;
  ::FbcModelPlugin* fbc_;
  bool fillMissingBounds_ = false, unitIsGiven_ = false, ruleInNotes_ = false;
  std::size_t missingBounds_ = 0;
  planet::MetabolicNetwork network_;
  std::vector<std::string> assumptions_;
  std::map<std::string, std::size_t> speciesIndex_, reactionIndex_;
  std::map<std::string, std::string> geneIds_;
  std::set<std::string> reactionsTaken_, genesTaken_, unitsChecked_;
  std::vector<std::size_t> boundary_;
};

Sniff sniffSbml(const std::filesystem::path& /*path*/, std::string_view head) {
  const std::string inflated = isGzip(head) ? inflateGzip(head, kHeadBytes, false) : std::string{};
  const std::string_view text = isGzip(head) ? std::string_view(inflated) : head;
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

  planet::Import import;
  import.kind = planet::ImportKind::kNetwork;
  NetworkReader reader(*document->getModel(), options);
  planet::MetabolicNetwork network = reader.read(path.stem().string());
  planet::validate(network);
  import.assumptions = reader.assumptions();
  import.provenance.conversions =
      "fluxes in mmol gDW-1 h-1 as in the file; ids without the prefixes M_, R_, G_ and with their escapes decoded";
  import.planet.origin = planet::Origin::kNetworkOnly;
  const std::string* named = options.find("planet");
  import.planet.name = named != nullptr ? *named : network.id;
  import.planet.networks.push_back(std::move(network));
  return import;
}

Format sbmlFormat() {
  return {.name = "sbml",
          .kind = planet::ImportKind::kNetwork,
          .reads = "metabolic networks as SBML Level 3 with fbc version 2, plain or gzip",
          .options = {{"bounds.missing",
                       "'unlimited': reactions without flux bounds get -1000 (0 if not reversible) and 1000"},
                      {"units.flux", "'mmol/gDW/h': the unit of the flux bounds, whatever the file's definition says"}},
          .sniff = sniffSbml,
          .read = importSbml};
}

}  // namespace ecumene::data::formats
