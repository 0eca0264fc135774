// SPDX-License-Identifier: Apache-2.0
#include "engine/train/changed_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "data/base/error.h"

namespace ecumene::engine::train {
namespace {

/// Whether weights that were trained with the one value answer otherwise with the other.
bool isOtherFunction(const ChangedOption& option) {
  return option.key.starts_with("model.") && option.key != "model.language.checkpointing" &&
         option.key != "model.language.packed";
}

Error misfit(const std::vector<ChangedOption>& changed, ErrorKind kind) {
  std::string keys, was, is;
  for (const ChangedOption& option : changed) {
    keys += (keys.empty() ? "" : ", ") + option.key;
    was += (was.empty() ? "" : ", ") + option.was;
    is += (is.empty() ? "" : ", ") + option.is;
  }
  return Error("the checkpoint does not fit what run.toml says", kind)
      .on("run.toml: " + keys)
      .expected(was + ", as when the checkpoint was written")
      .found(is)
      .next("set it back in run.toml");
}

}  // namespace

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
  std::vector<ChangedOption> changed;
  try {
    changed = changedOptions(runToml, now);
  } catch (const Error&) {
    // Options that this version does not know any more: the weights decide.
  }
  std::erase_if(changed, [](const ChangedOption& option) {
    return option.isLive || !(option.key.starts_with("model.") || option.key.starts_with("train."));
  });
  if (std::ranges::any_of(changed, isOtherFunction)) {
    std::erase_if(changed, std::not_fn(isOtherFunction));
    throw misfit(changed, ErrorKind::kInput);
  }
  try {
    work();
  } catch (const Error& error) {
    if (!changed.empty())
      throw misfit(changed, error.kind()).within(fmt::format("taking the checkpoint's weights: {}", error.what()));
    if (error.kind() != ErrorKind::kInput) throw;
    throw Error("another version of Ecumene trained this run: its model differs from this one's")
        .found((error.object().empty() ? "" : error.object() + ": ") + error.failure())
        .next("use that version, or train anew with this one");
  }
}

}  // namespace ecumene::engine::train
