// SPDX-License-Identifier: Apache-2.0
#include "data/commands/marks.h"

#include <utility>

#include "data/quality/quality.h"

namespace ecumene::data::commands {

std::vector<planet::QualityCheck> marksOf(const store::Store& store, const planet::Planet& planet) {
  std::vector<planet::CatalogueEntry> duplicates;
  for (store::CatalogueMatch& match : store.catalogueEntries(planet)) duplicates.push_back(std::move(match.entry));
  return quality::assess(planet, duplicates);
}

bool mark(const store::Store& store, planet::Planet& planet) {
  planet.quality = marksOf(store, planet);
  return quality::mustExclude(planet.quality);
}

}  // namespace ecumene::data::commands
