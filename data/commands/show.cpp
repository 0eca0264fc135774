// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "data/commands/commands.h"
#include "data/commands/planet_json.h"
#include "data/commands/planet_text.h"
#include "data/store/store.h"

namespace ecumene::data::commands {

int show(const Common& common, const std::string& id) {
  const store::Store store = store::Store::open(common.store, store::Mode::kRead);
  const planet::Planet p = store.get(id);
  const std::vector<store::VariableSummary> summaries =
      p.climate ? store.variableSummaries(id) : std::vector<store::VariableSummary>{};
  if (common.json) {
    fmt::print("{}\n", printed(planetToJson(p, summaries)));
  } else {
    printPlanet(p, summaries);
  }
  return 0;
}

}  // namespace ecumene::data::commands
