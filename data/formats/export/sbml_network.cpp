// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "data/base/blank.h"
#include "data/base/error.h"
#include "data/formats/export/writers.h"
#include "data/formats/metabolism/gene_rule_text.h"
#include "data/formats/metabolism/sbml_id.h"
#include "data/planet/formula.h"

namespace ecumene::data::formats {
namespace {

std::string xml(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // A reader makes a blank of a raw tab or line end in an attribute; XML 1.0 has no other control characters.
        if (static_cast<unsigned char>(c) >= ' ') {
          out += c;
        } else if (c == '\t' || c == '\n' || c == '\r') {
          out += fmt::format("&#{};", static_cast<int>(c));
        }
    }
  }
  return out;
}

bool isLetter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

/// The code of the character at the front of UTF-8 text, which is taken off it.
unsigned takeCharacter(std::string_view& text) {
  const auto lead = static_cast<unsigned char>(text.front());
  const std::size_t more = lead < 0xC0U ? 0 : lead < 0xE0U ? 1 : lead < 0xF0U ? 2 : 3;
  unsigned code = more == 0 ? lead : lead & (0x3FU >> more);
  for (std::size_t i = 1; i <= more && i < text.size(); ++i) {
    code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  text.remove_prefix(std::min(more + 1, text.size()));
  return code;
}

/// Letters, digits and '_' as they are, other characters as "__<code>__" (BiGG's way); with `all`, a '_' that another
/// one follows too.
std::string escaped(std::string_view id, bool all) {
  std::string out;
  while (!id.empty()) {
    const char c = id.front();
    const bool doubled = all && id.starts_with("__");
    const unsigned code = takeCharacter(id);
    if ((isLetter(c) || isDigit(c) || c == '_') && !doubled) {
      out += c;
    } else {
      out += fmt::format("__{}__", code);
    }
  }
  return out;
}

/// The SId that a reader makes this id of (sbmlId); `prefix` makes the first character a letter. Throws Error where
/// there is none.
std::string sid(std::string_view id, std::string_view prefix) {
  for (const bool all : {false, true}) {
    std::string written = std::string(prefix) + escaped(id, all);
    if (sbmlId(written, prefix) == id) return written;
  }
  throw Error("SBML has no way to write the id").on("'" + std::string(id) + "'");
}

bool isSid(const std::string& id) {
  return !id.empty() && !isDigit(id.front()) &&
         std::all_of(id.begin(), id.end(), [](char c) { return isLetter(c) || isDigit(c) || c == '_'; });
}

/// The id as it is, or as an SId, which is said.
std::string plainSid(const std::string& id, const char* what, std::vector<std::string>& leftOut) {
  if (isSid(id)) return id;
  const std::string name = "_" + escaped(id, false);
  leftOut.push_back(fmt::format("SBML: the {} '{}' is called {}", what, id, name));
  return name;
}

std::string number(double value) {
  if (std::isinf(value)) return value > 0.0 ? "INF" : "-INF";
  return fmt::format("{}", value);
}

/// Whether fbc version 2 takes the formula: symbols and whole numbers.
bool isFbcFormula(const std::string& formula) {
  return planet::formulaParts(formula) &&
         std::all_of(formula.begin(), formula.end(), [](char c) { return isLetter(c) || isDigit(c); });
}
bool isFbcCharge(double charge) {
  return charge == std::trunc(charge) && std::abs(charge) <= std::numeric_limits<int>::max();
}

/// What fbc's attributes cannot hold, in the way of networks before it, which readers look for.
std::string note(const char* key, const std::string& value) {
  return fmt::format("<p>{}: {}</p>", key, xml(value));
}

class Writer {
 public:
  Writer(const planet::MetabolicNetwork& network, std::vector<std::string>& leftOut)
      : network_(network), leftOut_(leftOut) {}

  std::string write(const std::vector<std::string>& origin) {
    for (const planet::Reaction& r : network_.reactions) {
      bound(r.lowerBound);
      bound(r.upperBound);
    }
    head(origin);
    compartments();
    species();
    parameters();
    reactions();
    objective();
    genes();
    subsystems();
    return std::move(out_) + "  </model>\n</sbml>\n";
  }

 private:
  template <class... Values>
  void line(fmt::format_string<Values...> form, Values&&... values) {
    out_ += fmt::format(form, std::forward<Values>(values)...);
    out_ += '\n';
  }

  const std::string& bound(double value) {
    // Equal numbers share a parameter; -0 is 0.
    const auto [at, isNew] = bounds_.try_emplace(value == 0.0 ? 0.0 : value);
    if (isNew) at->second = "bound_" + std::to_string(bounds_.size());
    return at->second;
  }

  void head(const std::vector<std::string>& origin) {
    line(R"(<?xml version="1.0" encoding="UTF-8"?>)");
    line(R"(<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core")"
         R"( xmlns:fbc="http://www.sbml.org/sbml/level3/version1/fbc/version2")"
         R"( xmlns:groups="http://www.sbml.org/sbml/level3/version1/groups/version1")"
         R"( level="3" version="1" fbc:required="false" groups:required="false">)");
    line(R"(  <model id="{}" name="{}" substanceUnits="mmol" timeUnits="h" extentUnits="mmol" fbc:strict="true">)",
         plainSid(network_.id, "model", leftOut_), xml(network_.name));
    line(R"(    <notes><body xmlns="http://www.w3.org/1999/xhtml">)");
    for (const std::string& words : origin) line("      <p>{}</p>", xml(words));
    line("    </body></notes>");
    line(R"(    <listOfUnitDefinitions>)");
    const auto unit = [](const char* kind, int exponent, int scale, int multiplier) {
      return fmt::format(R"(<unit kind="{}" exponent="{}" scale="{}" multiplier="{}"/>)", kind, exponent, scale,
                         multiplier);
    };
    line(R"(      <unitDefinition id="mmol"><listOfUnits>{}</listOfUnits></unitDefinition>)", unit("mole", 1, -3, 1));
    line(R"(      <unitDefinition id="h"><listOfUnits>{}</listOfUnits></unitDefinition>)", unit("second", 1, 0, 3600));
    line(R"(      <unitDefinition id="mmol_per_gDW_per_hr"><listOfUnits>{}{}{}</listOfUnits></unitDefinition>)",
         unit("mole", 1, -3, 1), unit("gram", -1, 0, 1), unit("second", -1, 0, 3600));
    line("    </listOfUnitDefinitions>");
  }

  void compartments() {
    if (network_.compartments.empty()) return;
    line("    <listOfCompartments>");
    for (const std::string& id : network_.compartments) {
      line(R"(      <compartment id="{}" constant="true"/>)",
           compartments_[id] = plainSid(id, "compartment", leftOut_));
    }
    line("    </listOfCompartments>");
  }

  void species() {
    if (network_.metabolites.empty()) return;
    line("    <listOfSpecies>");
    std::size_t energies = 0;
    for (const planet::Metabolite& m : network_.metabolites) {
      if (m.formationEnergyKJ) ++energies;
      std::string chemistry, notes;
      if (isFbcFormula(m.formula)) {
        chemistry += fmt::format(R"( fbc:chemicalFormula="{}")", m.formula);
      } else if (std::any_of(m.formula.begin(), m.formula.end(), isBlank)) {
        leftOut_.push_back("SBML: the formula of " + m.id + ", which holds blanks");
      } else if (!m.formula.empty()) {
        notes += note("FORMULA", m.formula);
      }
      if (m.charge && isFbcCharge(*m.charge)) {
        chemistry += fmt::format(R"( fbc:charge="{:.0f}")", *m.charge);
      } else if (m.charge) {
        notes += note("CHARGE", number(*m.charge));
      }
      const auto compartment = compartments_.find(m.compartment);
      if (compartment == compartments_.end()) {
        throw Error("the metabolite is in no compartment of the network").on(m.id).found("'" + m.compartment + "'");
      }
      line(R"(      <species id="{}" name="{}" compartment="{}" hasOnlySubstanceUnits="true" boundaryCondition="false")"
           R"( constant="false"{}{}>)",
           sid(m.id, "M_"), xml(m.name), compartment->second, chemistry, notes.empty() ? "/" : "");
      if (notes.empty()) continue;
      line(R"(        <notes><body xmlns="http://www.w3.org/1999/xhtml">{}</body></notes>)", notes);
      line("      </species>");
    }
    line("    </listOfSpecies>");
    if (energies > 0) leftOut_.push_back(fmt::format("SBML: formation energies of {} metabolites", energies));
  }

  void parameters() {
    line("    <listOfParameters>");
    for (const auto& [value, id] : bounds_) {
      line(R"(      <parameter id="{}" value="{}" units="mmol_per_gDW_per_hr" constant="true"/>)", id, number(value));
    }
    line("    </listOfParameters>");
  }

  void side(const planet::Reaction& r, double sign, const char* list) {
    std::string references;
    for (const auto& [metabolite, coefficient] : r.stoichiometry) {
      if (coefficient * sign <= 0.0) continue;
      references += fmt::format(R"(<speciesReference species="{}" stoichiometry="{}" constant="true"/>)",
                                sid(network_.metabolites[metabolite].id, "M_"), number(coefficient * sign));
    }
    if (!references.empty()) line("        <{0}>{1}</{0}>", list, references);
  }

  std::string rule(const GeneRuleTree& tree) const {
    if (tree.kind == GeneRuleTree::Kind::kGene) {
      return fmt::format(R"(<fbc:geneProductRef fbc:geneProduct="{}"/>)", sid(tree.gene, "G_"));
    }
    std::string inside;
    for (const GeneRuleTree& part : tree.parts) inside += rule(part);
    return fmt::format("<fbc:{0}>{1}</fbc:{0}>", tree.kind == GeneRuleTree::Kind::kAnd ? "and" : "or", inside);
  }

  void reactions() {
    if (network_.reactions.empty()) return;
    line("    <listOfReactions>");
    std::size_t energies = 0;
    for (const planet::Reaction& r : network_.reactions) {
      if (r.energyKJ) ++energies;
      line(R"(      <reaction id="{}" name="{}" reversible="{}" fast="false" fbc:lowerFluxBound="{}")"
           R"( fbc:upperFluxBound="{}">)",
           sid(r.id, "R_"), xml(r.name), r.lowerBound < 0.0, bound(r.lowerBound), bound(r.upperBound));
      side(r, -1.0, "listOfReactants");
      side(r, 1.0, "listOfProducts");
      if (!r.geneRule.empty()) {
        const GeneRuleTree tree = readGeneRule(r.geneRule, [](std::string_view gene) { return std::string(gene); });
        line("        <fbc:geneProductAssociation>{}</fbc:geneProductAssociation>", rule(tree));
      }
      line("      </reaction>");
    }
    line("    </listOfReactions>");
    if (energies > 0) leftOut_.push_back(fmt::format("SBML: energies of {} reactions", energies));
  }

  void objective() {
    std::string parts;
    for (const planet::Reaction& r : network_.reactions) {
      if (r.objective == 0.0) continue;
      parts += fmt::format(R"(<fbc:fluxObjective fbc:reaction="{}" fbc:coefficient="{}"/>)", sid(r.id, "R_"),
                           number(r.objective));
    }
    if (parts.empty()) return;
    line(R"(    <fbc:listOfObjectives fbc:activeObjective="objective">)");
    line(R"(      <fbc:objective fbc:id="objective" fbc:type="{}">)", network_.maximise ? "maximize" : "minimize");
    line("        <fbc:listOfFluxObjectives>{}</fbc:listOfFluxObjectives>", parts);
    line("      </fbc:objective>");
    line("    </fbc:listOfObjectives>");
  }

  void genes() {
    if (network_.genes.empty()) return;
    line("    <fbc:listOfGeneProducts>");
    for (const std::string& gene : network_.genes) {
      line(R"(      <fbc:geneProduct fbc:id="{}" fbc:label="{}"/>)", sid(gene, "G_"), xml(gene));
    }
    line("    </fbc:listOfGeneProducts>");
  }

  void subsystems() {
    std::map<std::string, std::string> members;
    for (const planet::Reaction& r : network_.reactions) {
      if (r.subsystem.empty()) continue;
      members[r.subsystem] += fmt::format(R"(<groups:member groups:idRef="{}"/>)", sid(r.id, "R_"));
    }
    if (members.empty()) return;
    line("    <groups:listOfGroups>");
    std::size_t count = 0;
    for (const auto& [subsystem, references] : members) {
      line(R"(      <groups:group groups:id="subsystem_{}" groups:kind="partonomy" groups:name="{}">)", ++count,
           xml(subsystem));
      line("        <groups:listOfMembers>{}</groups:listOfMembers>", references);
      line("      </groups:group>");
    }
    line("    </groups:listOfGroups>");
  }

  const planet::MetabolicNetwork& network_;
  std::vector<std::string>& leftOut_;
  std::string out_;
  std::map<double, std::string> bounds_;
  std::map<std::string, std::string> compartments_;
};

}  // namespace

std::string sbmlNetwork(const planet::MetabolicNetwork& network, const std::vector<std::string>& origin,
                        std::vector<std::string>& leftOut) {
  return Writer(network, leftOut).write(origin);
}

}  // namespace ecumene::data::formats
