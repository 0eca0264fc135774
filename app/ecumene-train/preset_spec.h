// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "engine/config/run_spec.h"

namespace ecumene::ecumene_train {

/// A preset with settings, KEY=VALUE each. Throws Error at what is none.
inline engine::config::RunSpec specOf(const std::string& preset, const std::vector<std::string>& settings) {
  engine::config::RunSpec spec = engine::config::preset(preset);
  for (const std::string& setting : settings) engine::config::set(spec, setting);
  return spec;
}

}  // namespace ecumene::ecumene_train
