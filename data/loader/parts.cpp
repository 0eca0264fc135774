// SPDX-License-Identifier: Apache-2.0
#include "data/loader/parts.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

#include "data/base/checked.h"

namespace ecumene::data::loader {
namespace {

/// Adds the networks of a planet, each alone.
void addNetworks(const planet::Planet& whole, std::vector<Part>& parts) {
  for (std::size_t n = 0; n < whole.networks.size(); ++n) {
    Part part{Part::Kind::kNetwork, whole.id + "/network " + std::to_string(n), {}};
    part.contents.id = whole.id;
    part.contents.networks = {whole.networks[n]};
    part.contents.quality = whole.quality;
    parts.push_back(std::move(part));
  }
}

}  // namespace

std::vector<Part> partsOf(const store::Store& store) {
  store::Filter filter;
  filter.hasClimate = false;
  filter.leaveOutExcluded = true;
  std::vector<Part> parts;
  std::set<std::pair<std::string, std::string>> taken;  // texts of planets: id and body
  for (const store::Row& row : store.list(filter)) {
    if (row.networks == 0 && row.spectra == 0) continue;
    planet::Planet whole = store.get(row.id);
    addNetworks(whole, parts);
    std::erase_if(whole.spectra,
                  [](const planet::Spectrum& one) { return one.kind != planet::SpectrumKind::kTransmission; });
    if (whole.spectra.empty()) continue;
    whole.networks.clear();
    whole.metabolisms.clear();
    for (const planet::Text& text : whole.texts) taken.emplace(text.id, text.body);
    std::string id = whole.id + "/spectra";
    parts.push_back({Part::Kind::kSpectra, std::move(id), std::move(whole)});
  }
  std::size_t number = 0;
  for (planet::Text& text : store.collectionTexts()) {
    ++number;
    if (taken.contains({text.id, text.body})) continue;
    Part part{Part::Kind::kText, "text " + std::to_string(number) + "/" + text.id, {}};
    part.contents.id = text.id;
    part.contents.texts = {std::move(text)};
    parts.push_back(std::move(part));
  }
  return parts;
}

std::uint32_t nodesOf(const Part& part) {
  std::size_t nodes = 0;
  for (const planet::MetabolicNetwork& one : part.contents.networks) {
    nodes += one.metabolites.size() + one.reactions.size();
  }
  return checkedCast<std::uint32_t>(nodes, "nodes of a network");
}

std::string wordsOf(std::span<const Part> parts) {
  struct Words {
    Part::Kind kind;
    std::string_view one, many;
  };
  constexpr std::array kWords = {
      Words{Part::Kind::kNetwork, "network", "networks"},
      Words{Part::Kind::kSpectra, "planet with a measured spectrum", "planets with a measured spectrum"},
      Words{Part::Kind::kText, "collected text", "collected texts"}};
  std::string said;
  for (const Words& words : kWords) {
    const auto count = std::ranges::count(parts, words.kind, &Part::kind);
    if (count == 0) continue;
    said += (said.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(count == 1 ? words.one : words.many);
  }
  return said;
}

}  // namespace ecumene::data::loader
