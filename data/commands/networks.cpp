// SPDX-License-Identifier: Apache-2.0
#include "data/commands/networks.h"

#include <fmt/format.h>

#include "data/base/error.h"

namespace ecumene::data::commands {

std::string networkWord(const planet::Metabolism& metabolism) {
  return fmt::format("{}/{}", name(metabolism.archetype), metabolism.variant);
}

std::vector<NamedNetwork> networksOf(const planet::Planet& planet) {
  std::vector<NamedNetwork> networks;
  for (const planet::MetabolicNetwork& n : planet.networks) networks.push_back({n.id, &n, nullptr});
  for (const planet::MetabolismCase& c : planet.metabolisms) {
    networks.push_back({networkWord(c.metabolism), &c.metabolism.network, &c});
  }
  return networks;
}

const NamedNetwork& findNetwork(const std::vector<NamedNetwork>& networks, const std::string& planetId,
                                std::string_view word) {
  std::string words;
  const NamedNetwork* found = nullptr;
  std::size_t matches = 0;
  for (const NamedNetwork& n : networks) {
    if (n.word == word) return n;
    words += (words.empty() ? "" : ", ") + n.word;
    if (n.network->id != word) continue;
    found = &n;
    ++matches;
  }
  if (matches == 1) return *found;
  throw Error(matches == 0 ? "the planet has no such network" : "several networks of the planet have this id")
      .on(fmt::format("{}:{}", planetId, word))
      .expected("one of " + words);
}

}  // namespace ecumene::data::commands
