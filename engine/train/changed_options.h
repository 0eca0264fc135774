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

/// Does `work`, which gives a checkpoint to what `now` has made. Throws Error naming the options and run.toml where the
/// model would answer otherwise with them than as the checkpoint was written, even if its weights fit; and where `work`
/// throws one, naming options of model and optimiser that changed, or another version of this program if none did.
void withChangesNamed(const std::string& runToml, const config::RunSpec& now, const std::function<void()>& work);

}  // namespace ecumene::engine::train
