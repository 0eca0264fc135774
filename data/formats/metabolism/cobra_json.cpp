// SPDX-License-Identifier: Apache-2.0
#include "data/formats/metabolism/cobra_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/common/compressed.h"
#include "data/formats/common/json_complaint.h"
#include "data/formats/common/shown_text.h"
#include "data/formats/common/text_file.h"
#include "data/formats/common/text_table.h"
#include "data/formats/metabolism/flux_network.h"
#include "data/formats/metabolism/gene_rule_text.h"

namespace ecumene::data::formats {
namespace {

using nlohmann::json;

constexpr std::size_t kLargestFile = std::size_t{256} << 20U;

/// Members of the outermost object in a text that may be cut, with the first character of their values.
std::map<std::string, char> outermostMembers(std::string_view text) {
  std::map<std::string, char> members;
  std::size_t depth = 0;
  std::string key;
  bool inText = false, wasKey = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inText) {
      if (c == '\\') {
        ++i;
      } else if (c == '"') {
        inText = false;
      } else if (depth == 1) {
        key += c;
      }
      continue;
    }
    if (std::isspace(static_cast<unsigned char>(c)) != 0) continue;
    if (wasKey && depth == 1) {
      members.emplace(key, c);
      wasKey = false;
    }
    if (c == '"') {
      inText = true;
      key.clear();
    } else if (c == ':') {
      wasKey = depth == 1;
    } else if (c == '{' || c == '[') {
      ++depth;
    } else if ((c == '}' || c == ']') && depth-- <= 1) {
      break;
    }
  }
  return members;
}

Sniff sniffCobraJson(const std::filesystem::path& path, std::string_view head) {
  const std::string plain = inflatedHead(path, head, kHeadBytes);
  std::string_view text = plain;
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (!text.starts_with('{')) return {Match::kNo, "no JSON object"};
  const std::map<std::string, char> members = outermostMembers(text);
  const auto holds = [&](const char* key, char begin) {
    const auto member = members.find(key);
    return member != members.end() && member->second == begin;
  };
  if (holds("reactions", '[') || holds("metabolites", '[') || (holds("genes", '[') && holds("compartments", '{'))) {
    return {Match::kCertain, "lists of reactions, metabolites or genes"};
  }
  return {Match::kNear, "a JSON object without lists of reactions and metabolites"};
}

/// Refuses what a parser would take as it comes: an object that has one member twice, of which it would keep the last,
/// and values that nest too deeply to be shown.
class Watch : public nlohmann::json_sax<json> {
 public:
  explicit Watch(std::string_view text) : text_(text) {}

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& /*written*/) override { return true; }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool key(string_t& name) override {
    if (open_.back().insert(name).second) return true;
    throw Error("an object has one member twice").found("'" + name.substr(0, kLongestShown) + "'");
  }
  bool start_object(std::size_t /*members*/) override { return begin(); }
  bool end_object() override { return end(); }
  bool start_array(std::size_t /*elements*/) override { return begin(); }
  bool end_array() override { return end(); }
  bool parse_error(std::size_t position, const std::string& /*last*/, const json::exception& error) override {
    Error refusal("the file is not valid JSON");
    refusal.found(jsonComplaint(error.what(), JsonPlace::kLineAndColumn));
    // The parser stops at the first letter of these.
    const std::string_view rest = text_.substr(std::min(position - std::min<std::size_t>(position, 1), text_.size()));
    const bool noNumber = rest.starts_with("NaN") || rest.starts_with("Inf");
    throw refusal.next(noNumber
                           ? R"(JSON has no NaN and no Infinity: a bound without limit is written as 1000 or "inf")"
                           : "the file may be cut short or damaged");
  }

 private:
  bool begin() {
    constexpr std::size_t kDeepest = 100;
    open_.emplace_back();
    if (open_.size() > kDeepest) throw Error("the JSON nests too deeply").expected(fmt::format("{} levels", kDeepest));
    return true;
  }
  bool end() {
    open_.pop_back();
    return true;
  }

  static constexpr std::size_t kLongestShown = 60;
  std::string_view text_;
  std::vector<std::set<std::string>> open_;  ///< names of the members so far; of an array none
};

/// nlohmann's parser takes the square of a list's length if it is given a callback, so the checks have a pass of their
/// own.
json parsed(const std::string& text) {
  Watch watch(text);
  json::sax_parse(text, &watch);
  return json::parse(text);
}

/// A value of the file with its place, for messages.
struct Element {
  const json& value;
  std::string place;
};

const json* member(const Element& element, const char* key) {
  const auto entry = element.value.find(key);
  return entry == element.value.end() || entry->is_null() ? nullptr : &*entry;
}

std::string text(const Element& element, const char* key) {
  const json* entry = member(element, key);
  if (entry == nullptr) return {};
  if (!entry->is_string()) {
    throw Error(std::string(key) + " is no text").on(element.place).found(entry->dump().substr(0, 40));
  }
  return entry->get<std::string>();
}

/// A number, also as text ("inf"); none where the member is absent.
std::optional<double> number(const Element& element, const char* key) {
  const json* entry = member(element, key);
  if (entry == nullptr) return std::nullopt;
  std::optional<double> value;
  if (entry->is_number()) value = entry->get<double>();
  if (entry->is_string()) value = parseNumber(entry->get<std::string>());
  if (!value || std::isnan(*value)) {
    throw Error(std::string(key) + " is no number").on(element.place).found(entry->dump().substr(0, 40));
  }
  return value;
}

class Reader {
 public:
  Reader(const json& model, const ImportOptions& options) : model_(model), bounds_(options) {}

  planet::MetabolicNetwork read(const std::string& fallbackId) {
    if (!model_.is_object()) throw Error("the JSON is no object").found(model_.type_name());
    const Element model{model_, "the model"};
    network_.id = text(model, "id");
    requirePrintable(network_.id, "id", model.place);
    network_.name = text(model, "name");
    if (network_.id.empty()) {
      network_.id = fallbackId;
      assume("the model has no id; it is called by its file");
    }
    if (const json* compartments = member(model, "compartments"); compartments != nullptr) {
      if (!compartments->is_object()) throw Error("compartments is no object").found(compartments->type_name());
      for (const auto& [id, name] : compartments->items()) {
        requirePrintable(id, "id", "compartments");
        addCompartment(id);
      }
    }
    forEach("metabolites", [this](const Element& e) { readMetabolite(e); });
    if (member(model, "genes") != nullptr) forEach("genes", [this](const Element& e) { readGene(e); });
    forEach("reactions", [this](const Element& e) { readReaction(e); });
    tell();
    return std::move(network_);
  }

  std::vector<std::string> assumptions() { return std::move(assumptions_); }

 private:
  void assume(std::string what) { assumptions_.push_back(std::move(what)); }

  template <typename Take>
  void forEach(const char* list, const Take& take) {
    const json* entries = member({model_, "the model"}, list);
    if (entries == nullptr || !entries->is_array()) {
      throw Error(std::string("the network has no list of ") + list)
          .found(entries == nullptr ? "nothing" : entries->type_name());
    }
    for (std::size_t i = 0; i < entries->size(); ++i) {
      Element element{(*entries)[i], fmt::format("{}[{}]", list, i)};
      if (!element.value.is_object()) throw Error("the element is no object").on(element.place);
      const std::string id = text(element, "id");
      if (id.empty()) throw Error("an element has no id").on(element.place);
      requirePrintable(id, "id", element.place);
      element.place += " (" + id.substr(0, 60) + ")";
      take(element);
    }
  }

  static void own(const std::string& id, const Element& element, std::set<std::string, std::less<>>& taken) {
    if (!taken.insert(id).second) throw Error("two elements have the same id").on(element.place).found("'" + id + "'");
  }

  void addCompartment(const std::string& id) {
    if (compartments_.insert(id).second) network_.compartments.push_back(id);
  }

  void readMetabolite(const Element& element) {
    planet::Metabolite m;
    m.id = text(element, "id");
    if (!index_.emplace(m.id, network_.metabolites.size()).second) {
      throw Error("two elements have the same id").on(element.place).found("'" + m.id + "'");
    }
    m.name = text(element, "name");
    m.formula = text(element, "formula");
    m.charge = number(element, "charge");
    m.compartment = text(element, "compartment");
    requirePrintable(m.compartment, "compartment", element.place);
    if (m.charge && !std::isfinite(*m.charge)) throw Error("the charge is not finite").on(element.place);
    if (!m.compartment.empty()) addCompartment(m.compartment);
    network_.metabolites.push_back(std::move(m));
  }

  void readGene(const Element& element) {
    std::string id = text(element, "id");
    own(id, element, genes_);
    if (!canStandInGeneRule(id)) {
      throw Error("the gene's id cannot stand in a gene rule").on(element.place).found("'" + id + "'");
    }
    network_.genes.push_back(std::move(id));
  }

  std::string named(std::string_view gene) {
    std::string id(gene);
    if (genes_.insert(id).second) {
      network_.genes.push_back(id);
      ++genesOfRules_;
    }
    return id;
  }

  void readReaction(const Element& element) {
    planet::Reaction r;
    r.id = text(element, "id");
    own(r.id, element, reactions_);
    r.name = text(element, "name");
    r.subsystem = text(element, "subsystem");
    readStoichiometry(element, r);
    // The format has no word for reversible: what has no lower bound may run backwards.
    bounds_.set(r, number(element, "lower_bound"), number(element, "upper_bound"), true, element.place);
    r.objective = number(element, "objective_coefficient").value_or(0.0);
    if (!std::isfinite(r.objective)) throw Error("the objective's coefficient is not finite").on(element.place);
    hasObjective_ = hasObjective_ || r.objective != 0.0;
    const std::string rule = text(element, "gene_reaction_rule");
    if (!trim(rule).empty()) {
      try {
        r.geneRule = readGeneRule(rule, [this](std::string_view gene) { return named(gene); }).text();
      } catch (Error& error) {
        throw error.on(element.place + ", gene_reaction_rule, " + error.object());
      }
    }
    network_.reactions.push_back(std::move(r));
  }

  void readStoichiometry(const Element& element, planet::Reaction& r) {
    const json* parts = member(element, "metabolites");
    if (parts == nullptr || !parts->is_object()) throw Error("the reaction has no metabolites").on(element.place);
    for (const auto& [id, value] : parts->items()) {
      const auto metabolite = index_.find(id);
      if (metabolite == index_.end()) {
        throw Error("the metabolite does not exist").on(element.place).found("'" + id + "'");
      }
      const double coefficient = value.is_number() ? value.get<double>() : NAN;
      if (!std::isfinite(coefficient)) {
        throw Error("the coefficient of " + id + " is no number").on(element.place).found(value.dump().substr(0, 40));
      }
      if (coefficient != 0.0) r.stoichiometry.emplace_back(metabolite->second, coefficient);
    }
    std::sort(r.stoichiometry.begin(), r.stoichiometry.end());
  }

  void tell() {
    if (!hasObjective_) assume("the model has no objective; every flux has the coefficient 0");
    if (genesOfRules_ > 0)
      assume(fmt::format("{} genes stand in gene rules only, not in the list of genes", genesOfRules_));
    if (!bounds_.unitIsGiven()) assume("the flux bounds name no unit; mmol gDW-1 h-1 was taken");
    bounds_.report(assumptions_);
    reportBalance(network_, assumptions_);
  }

  const json& model_;
  FluxBounds bounds_;
  planet::MetabolicNetwork network_;
  std::vector<std::string> assumptions_;
  std::map<std::string, std::size_t> index_;  ///< of metabolites
  std::set<std::string, std::less<>> compartments_, genes_, reactions_;
  std::size_t genesOfRules_ = 0;
  bool hasObjective_ = false;
};

planet::Import readCobra(const std::filesystem::path& path, const ImportOptions& options) {
  std::string content = readFile(path, kLargestFile);
  if (isCompressed(content)) content = inflated(content, kLargestFile, true);
  content = plainText(std::move(content));
  const json model = parsed(content);
  Reader reader(model, options);
  planet::MetabolicNetwork network = reader.read(networkName(path));
  return networkImport(std::move(network), reader.assumptions(),
                       "COBRA JSON; fluxes and ids as in the file; the objective is maximised", options);
}

}  // namespace

Format cobraJsonFormat() {
  return {.name = "cobra_json",
          .kind = planet::ImportKind::kNetwork,
          .reads = "metabolic networks as COBRApy's JSON; plain, gzip or bzip2",
          .options = FluxBounds::options(),
          .sniff = sniffCobraJson,
          .read = readCobra};
}

}  // namespace ecumene::data::formats
