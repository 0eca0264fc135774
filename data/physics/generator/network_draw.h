// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "data/planet/planet.h"

namespace ecumene::data::physics::generator {

inline constexpr int kVariantsPerArchetype = 2;  ///< of each archetype's networks, on each planet

/// What a network is to a model: the ids of its reactions, sorted. Ids name stoichiometry and bounds (the vocabulary).
std::string networkContent(const planet::MetabolicNetwork& network);

/// kVariantsPerArchetype metabolisms of one archetype, of different content, for a system: the same for both start
/// states. Their contents belong to the system's split: every content has one, by its hash, and variants are drawn
/// until one has the right split, so that no network of the test split is ever seen in training. Planets of other
/// climate models, which no model trains on, get contents of the test split. A network's id ends with the hash of its
/// content; the variant counts the system's draws.
std::vector<planet::Metabolism> drawMetabolisms(planet::Archetype archetype, planet::Origin origin,
                                                const std::string& systemKey);

}  // namespace ecumene::data::physics::generator
