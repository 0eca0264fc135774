// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "data/base/error.h"
#include "data/base/nearest.h"
#include "engine/config/embedded_presets.h"
#include "engine/config/run_spec.h"

namespace ecumene::engine::config {

std::vector<std::string> presets() {
  std::vector<std::string> names;
  for (const EmbeddedPreset& row : embeddedPresets()) names.emplace_back(row.name);
  return names;
}

RunSpec preset(const std::string& name) {
  for (const EmbeddedPreset& row : embeddedPresets()) {
    if (row.name == name) return fromToml(row.toml, "preset " + name);
  }
  const std::vector<std::string> names = presets();
  throw Error("there is no such preset", ErrorKind::kUsage)
      .on(name)
      .expected(fmt::format("one of {}", fmt::join(names, ", ")))
      .next(didYouMean(name, names));
}

}  // namespace ecumene::engine::config
