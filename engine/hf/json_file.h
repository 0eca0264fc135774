// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

namespace ecumene::engine::hf {

/// An object from a JSON file of at most 64 MiB. Throws Error naming the file.
nlohmann::json readJson(const std::filesystem::path& file);

void writeJson(const std::filesystem::path& file, const nlohmann::json& value);

}  // namespace ecumene::engine::hf
