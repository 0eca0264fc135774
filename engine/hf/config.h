// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/spec/model_spec.h"

namespace ecumene::engine::hf {

/// What config.json of a Hugging Face folder says.
struct Config {
  models::spec::LanguageSpec language;
  std::vector<std::int64_t> endTokens;  ///< eos_token_id: one, several or none
};

/// Reads config.json of LlamaForCausalLM and MistralForCausalLM, of transformers 4 (rope_theta, rope_scaling) and 5
/// (rope_parameters). Throws Error naming the file and the key: another architecture, a kind of rotary scaling, bias or
/// activation that we do not compute, a missing key, a value out of range.
Config readConfig(const std::filesystem::path& file);

/// Writes what readConfig() reads back as the same model, with keys of both generations (dynamic scaling: the context
/// comes back as the original length times the factor); `type` is "float32",
/// "bfloat16" or "float16". Throws Error naming the option where the family has no word for it (attention kinds, global
/// tokens).
void writeConfig(const std::filesystem::path& file, const Config& config, const std::string& type);

}  // namespace ecumene::engine::hf
