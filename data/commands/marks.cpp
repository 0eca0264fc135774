// SPDX-License-Identifier: Apache-2.0
#include "data/commands/marks.h"

#include <utility>

#include "data/quality/quality.h"

namespace ecumene::data::commands {

std::vector<planet::QualityCheck> marksOf(const store::Store& store, const planet::Planet& planet) {
  std::vector<planet::CatalogueEntry> duplicates;
  for (store::CatalogueMatch& match : store.catalogueEntries(planet.name)) duplicates.push_back(std::move(match.entry));
  return quality::assess(planet, duplicates);
}

}  // namespace ecumene::data::commands
