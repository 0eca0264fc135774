// SPDX-License-Identifier: Apache-2.0
#include "engine/train/changed_options.h"

#include <fmt/format.h>

#include "data/base/error.h"

namespace ecumene::engine::train {

std::vector<ChangedOption> changedOptions(const std::string& runToml, const config::RunSpec& now) {
  config::RunSpec then = config::fromToml(runToml, "the run.toml of the checkpoint"), copy = now;
  models::spec::Options before, after;
  config::describe(before, then);
  config::describe(after, copy);
  std::vector<ChangedOption> changed;
  for (std::size_t i = 0; i < after.rows().size(); ++i) {
    const models::spec::Option& row = after.rows()[i];
    const std::string was = models::spec::written(before.rows()[i].get()), is = models::spec::written(row.get());
    if (was != is) changed.push_back({row.key, was, is, row.isLive});
  }
  return changed;
}

void withChangesNamed(const std::string& runToml, const config::RunSpec& now, const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    std::vector<ChangedOption> changed;
    try {
      changed = changedOptions(runToml, now);
    } catch (const Error&) {
      // Options that this version does not know any more: what went wrong first is what is said.
    }
    std::string keys, was, is;
    for (const ChangedOption& option : changed) {
      if (option.isLive || !(option.key.starts_with("model.") || option.key.starts_with("train."))) continue;
      keys += (keys.empty() ? "" : ", ") + option.key;
      was += (was.empty() ? "" : ", ") + option.was;
      is += (is.empty() ? "" : ", ") + option.is;
    }
    if (keys.empty()) throw;
    throw Error("the checkpoint does not fit what run.toml says", error.kind())
        .on("run.toml: " + keys)
        .expected(was + ", as when the checkpoint was written")
        .found(is)
        .next("set it back in run.toml")
        .within(fmt::format("taking the checkpoint's weights: {}", error.what()));
  }
}

}  // namespace ecumene::engine::train
