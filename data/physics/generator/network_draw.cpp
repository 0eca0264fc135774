// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/network_draw.h"

#include <algorithm>
#include <set>

#include "data/base/hash.h"
#include "data/base/random.h"
#include "data/physics/metabolism/variants.h"

namespace ecumene::data::physics::generator {
namespace {

/// Split whose contents a planet's networks are drawn from.
planet::Split contentSplit(planet::Origin origin, const std::string& systemKey) {
  return origin == planet::Origin::kGenerated ? planet::splitOf(origin, systemKey) : planet::Split::kTest;
}

}  // namespace

std::string networkContent(const planet::MetabolicNetwork& network) {
  std::vector<std::string> ids;
  for (const planet::Reaction& r : network.reactions) ids.push_back(r.id);
  std::sort(ids.begin(), ids.end());
  std::string content;
  for (const std::string& id : ids) content += id + "\n";
  return content;
}

std::vector<planet::Metabolism> drawMetabolisms(planet::Archetype archetype, planet::Origin origin,
                                                const std::string& systemKey) {
  constexpr std::size_t kHashDigits = 12;
  const planet::Split split = contentSplit(origin, systemKey);
  const std::uint64_t seed = stableHash(systemKey);
  std::vector<planet::Metabolism> drawn;
  std::set<std::string> contents;
  for (int variant = 0; drawn.size() < static_cast<std::size_t>(kVariantsPerArchetype); ++variant) {
    planet::Metabolism m = metabolism::makeMetabolism(archetype, variant, seed);
    const std::string content = networkContent(m.network);
    if (planet::splitOf(content) != split || !contents.insert(content).second) continue;
    m.network.id = std::string(planet::name(archetype)) + "-" + sha256(content).substr(0, kHashDigits);
    drawn.push_back(std::move(m));
  }
  return drawn;
}

}  // namespace ecumene::data::physics::generator
