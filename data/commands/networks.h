// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/planet/planet.h"

namespace ecumene::data::commands {

/// A network of a planet under the word by which `show` lists it and `fba ID:WORD` takes it.
struct NamedNetwork {
  std::string word;  ///< an imported network's id; "archetype/variant" of an archetype metabolism
  const planet::MetabolicNetwork* network = nullptr;
  const planet::MetabolismCase* metabolism = nullptr;  ///< of archetype metabolisms
};

/// The word of an archetype metabolism.
std::string networkWord(const planet::Metabolism& metabolism);

/// All networks of a planet: imported ones, then those of its metabolisms. They point into `planet`.
std::vector<NamedNetwork> networksOf(const planet::Planet& planet);

/// The one network that `word` names, by its word or by its id. Throws Error listing the words if there is none or if
/// several networks have that id.
const NamedNetwork& findNetwork(const std::vector<NamedNetwork>& networks, const std::string& planetId,
                                std::string_view word);

}  // namespace ecumene::data::commands
