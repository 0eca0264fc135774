// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/config/run_spec.h"

namespace ecumene::engine::train {

/// An option that a checkpoint was written with another value of; values as TOML has them.
struct ChangedOption {
  std::string key, was, is;
  bool isLive = false;  ///< may change while a run goes on
};
/// `runToml`: that of a checkpoint. In the order of the options. Throws Error where it is no such text.
std::vector<ChangedOption> changedOptions(const std::string& runToml, const config::RunSpec& now);

/// Does `work`, which gives a checkpoint to what `now` has made. Where it throws an Error and options of model and
/// optimiser are not those that the checkpoint was written with, the Error names these and run.toml.
void withChangesNamed(const std::string& runToml, const config::RunSpec& now, const std::function<void()>& work);

}  // namespace ecumene::engine::train
