// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "models/spec/options.h"

namespace ecumene::engine::config {

/// TOML of any option table whose keys are "table.name", grouped by table. Reading it back gives the same values.
std::string tomlOf(const models::spec::Options& options);
/// Sets what the text names, and gives the keys that it does not name, in the table's order. Throws Error naming
/// `file`, line and key path where the text is no TOML, a key is unknown (with the nearest valid one) or a value does
/// not fit.
std::vector<std::string> readToml(models::spec::Options& options, std::string_view text, const std::string& file);

}  // namespace ecumene::engine::config
