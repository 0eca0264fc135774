// SPDX-License-Identifier: Apache-2.0
#include "data/physics/metabolism/variants.h"

#include <algorithm>
#include <set>
#include <string>

#include "data/base/random.h"
#include "data/physics/metabolism/archetypes.h"
#include "data/physics/metabolism/vocabulary.h"

namespace ecumene::data::physics::metabolism {
namespace {

constexpr std::string_view kBase =
    "ATPM ADK PPA CA H2Ot CO2t NH4t PIt PGI FBP FBA TPI GAPD PGK PGM ENO RPI RPE TKT1 TKT2 TALA MDH MDHP FUM GLNS";

// Choices, so that the variants of an archetype differ: how often one has an optional row, and the shares of psychro-
// and thermophiles; the rest are mesophiles.
constexpr double kOptionalChance = 0.4;
constexpr double kColdShare = 0.25, kHotShare = 0.25;

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t at = text.find(separator);
    const std::string_view part = text.substr(0, at);
    if (!part.empty()) parts.push_back(part);
    text = at == std::string_view::npos ? std::string_view{} : text.substr(at + separator.size());
  }
  return parts;
}

using Rows = std::set<std::size_t>;

void addAll(Rows& rows, std::string_view names, std::string_view separator) {
  const Vocabulary& vocabulary = Vocabulary::instance();
  for (const std::string_view name : split(names, separator)) {
    if (name == "@base") {
      addAll(rows, kBase, " ");
    } else {
      rows.insert(vocabulary.index(name));
    }
  }
}

std::size_t sizeOf(const Rows& rows) {
  return Vocabulary::instance().withBoundary({rows.begin(), rows.end()}).size();
}

// Replaces lumped rows by their parts, at random, while the network stays within `most` reactions. Growth stays
// possible: what the lumped row did, its parts can do.
void open(Rows& rows, std::size_t most, Random& random) {
  const Vocabulary& vocabulary = Vocabulary::instance();
  std::vector<std::size_t> closed;
  for (const std::size_t row : rows) {
    if (!vocabulary.parts(row).empty()) closed.push_back(row);
  }
  while (!closed.empty()) {
    const std::size_t pick = random.below(static_cast<std::uint32_t>(closed.size()));
    const std::size_t row = closed[pick];
    closed.erase(closed.begin() + static_cast<std::ptrdiff_t>(pick));
    Rows opened = rows;
    opened.erase(row);
    for (const std::size_t part : vocabulary.parts(row)) opened.insert(part);
    if (sizeOf(opened) > most) continue;
    for (const std::size_t part : vocabulary.parts(row)) {
      if (!vocabulary.parts(part).empty() && !rows.contains(part)) closed.push_back(part);
    }
    rows = std::move(opened);
  }
}

}  // namespace

planet::Metabolism makeMetabolism(planet::Archetype archetype, int variant, std::uint64_t seed) {
  const Recipe& recipe = recipes()[static_cast<std::size_t>(archetype)];
  const ArchetypeRow& row = metabolism::archetype(archetype);
  const std::string name(planet::name(archetype));
  Random random(seed, "metabolism-" + name, static_cast<std::uint64_t>(variant));

  Rows rows;
  addAll(rows, recipe.core, " ");
  for (const std::string_view choice : recipe.choices) {
    const auto ways = split(choice, " | ");
    addAll(rows, ways[random.below(static_cast<std::uint32_t>(ways.size()))], " ");
  }
  for (const std::string_view extra : split(recipe.optional, " ")) {
    if (!random.chance(kOptionalChance)) continue;
    Rows with = rows;
    addAll(with, extra, "+");
    if (sizeOf(with) <= kMostReactions) rows = std::move(with);
  }
  const std::size_t least = sizeOf(rows);
  const auto room = static_cast<std::uint32_t>(kMostReactions - least + 1);
  open(rows, least + random.below(room), random);

  planet::Metabolism made;
  made.archetype = archetype;
  made.variant = variant;
  const double kind = random.uniform();
  double shift = 0.0;
  if (kind < kColdShare) {
    shift = row.coldShiftK;
  } else if (kind < kColdShare + kHotShare) {
    shift = row.hotShiftK;
  }
  made.growthMinK = row.growthMinK + shift;
  made.growthMaxK = row.growthMaxK + shift;
  made.network = Vocabulary::instance().assemble(
      name + "-" + std::to_string(variant), name + ", variant " + std::to_string(variant), {rows.begin(), rows.end()});
  return made;
}

}  // namespace ecumene::data::physics::metabolism
