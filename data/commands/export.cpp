// SPDX-License-Identifier: Apache-2.0
#include "data/formats/export/export.h"

#include <fmt/format.h>

#include "data/commands/commands.h"
#include "data/commands/json.h"
#include "data/store/store.h"

namespace ecumene::data::commands {

int exportFiles(const Common& common, const std::string& id, const std::filesystem::path& folder, bool force) {
  const planet::Planet planet = store::Store::open(common.store, store::Mode::kRead).get(id);
  const formats::Exported exported = formats::exportPlanet(planet, folder, force);
  if (common.json) {
    fmt::print(
        "{}\n",
        printed(Json{{"folder", exported.folder.string()}, {"files", exported.files}, {"left_out", exported.leftOut}}));
    return 0;
  }
  for (const std::string& file : exported.files) fmt::print("{}\n", (exported.folder / file).string());
  for (const std::string& what : exported.leftOut) fmt::print("          left out: {}\n", what);
  return 0;
}

}  // namespace ecumene::data::commands
