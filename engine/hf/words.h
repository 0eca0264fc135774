// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/hf/generation.h"

/// What the words `logits` and `generate` of ecumene-train do with a Hugging Face folder. On the CPU, in float32.
namespace ecumene::engine::hf {

/// "1,2,3" as numbers. Throws Error (kUsage) for anything else.
std::vector<std::int64_t> parseIds(std::string_view text);

/// Logits [V] of the token behind `ids`. Throws Error as loadFolder() and generate() do.
std::vector<double> lastLogits(const std::filesystem::path& folder, std::span<const std::int64_t> ids);

/// {"logits": [...]} on one line; numbers come back as the same float32.
std::string logitsJson(const std::vector<double>& logits);

/// What the model writes behind `prompt`. Throws Error where the folder has no tokenizer.model.
std::string generateFromFolder(const std::filesystem::path& folder, std::string_view prompt, const Sampling& sampling);

}  // namespace ecumene::engine::hf
