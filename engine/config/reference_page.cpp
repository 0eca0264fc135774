// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "engine/config/run_spec.h"

namespace ecumene::engine::config {

using models::spec::Option;
using models::spec::Options;
using models::spec::written;

namespace {

std::string allowed(const Option& row) {
  if (!row.choiceList.empty()) return fmt::format("{}", fmt::join(row.choiceList, ", "));
  if (row.type() == "whole" || row.type() == "real") return fmt::format("{} to {}", row.low, row.high);
  return row.type() == "flag" ? "true, false" : "";
}

}  // namespace

std::string referencePage() {
  RunSpec defaults;
  Options options;
  describe(options, defaults);
  std::string page =
      "# Options of a run\n\n"
      "Every option of a run's TOML file and of `--set key=value`. Made from the option tables; the test\n"
      "`ReferencePage.IsCurrent` says how to make it again. Live options may be changed while a run goes on. Defaults\n"
      "hold where a file does not say the key; the presets in `resources/presets` say every key.\n";
  std::string table;
  for (const Option& row : options.rows()) {
    const std::string name = row.key.substr(0, row.key.rfind('.'));
    if (name != table) {
      page += fmt::format(
          "\n## {}\n\n| key | type | unit | range or choices | default | live | what it does |\n"
          "|---|---|---|---|---|---|---|\n",
          name);
    }
    table = name;
    page += fmt::format("| `{}` | {} | {} | {} | `{}` | {} | {} |\n", row.key, row.type(), row.unitText, allowed(row),
                        written(row.get()), row.isLive ? "yes" : "", row.sentence);
  }
  return page;
}

}  // namespace ecumene::engine::config
