// SPDX-License-Identifier: Apache-2.0
#include "data/batch/reaction_vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"

namespace ecumene::data::batch {
namespace {

using Json = nlohmann::json;
constexpr int kVersion = 1;

std::string keyOf(const planet::Metabolite& m) {
  return m.charge ? fmt::format("{} {} {:g}", m.id, m.formula, *m.charge) : fmt::format("{} {} ?", m.id, m.formula);
}

/// Metabolites in the order of their keys, coefficients as shares of the largest.
std::string keyOf(std::vector<std::pair<std::string, double>> terms) {
  std::sort(terms.begin(), terms.end());
  double largest = 0.0;
  for (const auto& term : terms) largest = std::max(largest, std::abs(term.second));
  std::string key;
  for (const auto& [metabolite, coefficient] : terms)
    key += fmt::format("{:.6g} {};", coefficient / largest, metabolite);
  return key;
}

std::vector<std::pair<std::string, double>> termsOf(const planet::MetabolicNetwork& network,
                                                    const planet::Reaction& reaction) {
  std::vector<std::pair<std::string, double>> terms;
  terms.reserve(reaction.stoichiometry.size());
  for (const auto& [m, coefficient] : reaction.stoichiometry) {
    terms.emplace_back(keyOf(network.metabolites.at(m)), coefficient);
  }
  return terms;
}

Json orNull(const std::optional<double>& value) {
  return value ? Json(*value) : Json(nullptr);
}
std::optional<double> optionalOf(const Json& json) {
  return json.is_null() ? std::nullopt : std::optional(json.get<double>());
}

}  // namespace

void ReactionVocabularyBuilder::add(const planet::MetabolicNetwork& network) {
  std::set<std::string> here;
  for (const planet::Reaction& reaction : network.reactions) {
    if (reaction.stoichiometry.empty()) continue;
    auto terms = termsOf(network, reaction);
    const std::string key = keyOf(terms);
    const auto [place, isNew] = rows_.try_emplace(key);
    Found& row = place->second;
    std::sort(terms.begin(), terms.end());
    // What a row says does not depend on the order of the networks: the first id wins, then the lowest energy.
    const auto energy = [](const std::optional<double>& known) {
      return known.value_or(std::numeric_limits<double>::infinity());
    };
    if (isNew || std::tuple(reaction.id, energy(reaction.energyKJ), terms) <
                     std::tuple(row.id, energy(row.energyKJ), row.stoichiometry)) {
      row.id = reaction.id;
      row.energyKJ = reaction.energyKJ;
      row.stoichiometry = std::move(terms);
    }
    row.reversible = row.reversible || (reaction.lowerBound < 0.0 && reaction.upperBound > 0.0);
    if (here.insert(key).second) ++row.networks;
    for (const auto& term : reaction.stoichiometry) {
      const planet::Metabolite& m = network.metabolites[term.first];
      metabolites_.try_emplace(keyOf(m), ReactionVocabulary::Metabolite{m.id, m.formula, m.charge});
    }
  }
}

ReactionVocabulary ReactionVocabularyBuilder::build() const {
  ReactionVocabulary vocabulary;
  std::map<std::string, std::size_t> position;
  for (const auto& [key, metabolite] : metabolites_) {
    position[key] = vocabulary.metabolites_.size();
    vocabulary.metabolites_.push_back(metabolite);
  }
  for (const auto& [key, found] : rows_) {
    ReactionVocabulary::Row row{key, found.id, {}, found.reversible, found.energyKJ, found.networks};
    for (const auto& [metabolite, coefficient] : found.stoichiometry) {
      row.stoichiometry.emplace_back(position.at(metabolite), coefficient);
    }
    vocabulary.rows_.push_back(std::move(row));
  }
  vocabulary.index();
  return vocabulary;
}

void ReactionVocabulary::index() {
  rowOf_.clear();
  for (std::size_t r = 0; r < rows_.size(); ++r) rowOf_.emplace(rows_[r].key, r);
}

std::optional<std::size_t> ReactionVocabulary::find(const planet::MetabolicNetwork& network,
                                                    const planet::Reaction& reaction) const {
  if (reaction.stoichiometry.empty()) return std::nullopt;
  const auto found = rowOf_.find(keyOf(termsOf(network, reaction)));
  if (found == rowOf_.end()) return std::nullopt;
  return found->second;
}

std::vector<float> ReactionVocabulary::elements() const {
  std::vector<float> table(metabolites_.size() * kElements, std::numeric_limits<float>::quiet_NaN());
  for (std::size_t m = 0; m < metabolites_.size(); ++m) {
    const auto counts = planet::parseFormula(metabolites_[m].formula);
    if (!counts || !metabolites_[m].charge) continue;
    const double row[kElements] = {
        counts->c, counts->h, counts->n, counts->o, counts->p, counts->s, *metabolites_[m].charge};
    for (std::size_t k = 0; k < kElements; ++k) table[m * kElements + k] = static_cast<float>(row[k]);
  }
  return table;
}

std::string ReactionVocabulary::toText() const {
  Json json{{"format", "ecumene reaction vocabulary"}, {"version", kVersion}};
  Json& metabolites = json["metabolites"] = Json::array();
  for (const Metabolite& m : metabolites_) metabolites.push_back({m.id, m.formula, orNull(m.charge)});
  Json& rows = json["reactions"] = Json::array();
  for (const Row& row : rows_) {
    rows.push_back({{"id", row.id},
                    {"key", row.key},
                    {"stoichiometry", row.stoichiometry},
                    {"reversible", row.reversible},
                    {"energy_kJ_per_mol", orNull(row.energyKJ)},
                    {"networks", row.networks}});
  }
  return json.dump(1) + "\n";
}

std::string ReactionVocabulary::sha256() const {
  return ecumene::sha256(toText());
}

void ReactionVocabulary::save(const std::filesystem::path& path) const {
  writeFileAtomically(path, toText());
}

ReactionVocabulary ReactionVocabulary::fromText(const std::string& text, const std::string& object) {
  const auto broken = [&](const std::string& what) {
    return Error("this is no reaction vocabulary").on(object).found(what).next("take the file that training wrote");
  };
  ReactionVocabulary vocabulary;
  try {
    const Json json = Json::parse(text);
    if (json.at("version").get<int>() != kVersion) throw broken("version " + json.at("version").dump());
    for (const Json& m : json.at("metabolites")) {
      vocabulary.metabolites_.push_back({m.at(0).get<std::string>(), m.at(1).get<std::string>(), optionalOf(m.at(2))});
    }
    for (const Json& r : json.at("reactions")) {
      Row row;
      row.key = r.at("key").get<std::string>();
      row.id = r.at("id").get<std::string>();
      row.stoichiometry = r.at("stoichiometry").get<std::vector<std::pair<std::size_t, double>>>();
      row.reversible = r.at("reversible").get<bool>();
      row.energyKJ = optionalOf(r.at("energy_kJ_per_mol"));
      row.networks = r.at("networks").get<std::size_t>();
      for (const auto& term : row.stoichiometry) {
        if (term.first >= vocabulary.metabolites_.size()) throw broken("a metabolite that is not there, in " + row.id);
      }
      vocabulary.rows_.push_back(std::move(row));
    }
  } catch (const Json::exception& problem) {
    throw broken(problem.what());
  }
  vocabulary.index();
  if (vocabulary.rowOf_.size() != vocabulary.rows_.size()) throw broken("a reaction that stands twice");
  return vocabulary;
}

ReactionVocabulary ReactionVocabulary::load(const std::filesystem::path& path) {
  return fromText(readFile(path), path.string());
}

}  // namespace ecumene::data::batch
