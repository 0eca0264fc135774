// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "engine/hf/config.h"
#include "models/language/language.h"

/// Folders as Hugging Face's transformers keeps models of the Llama family: config.json, model.safetensors or shards
/// with model.safetensors.index.json, tokenizer.model.
namespace ecumene::engine::hf {

struct LoadedModel {
  std::shared_ptr<models::language::LanguageModel> model;  ///< in evaluation mode
  Config config;
  std::optional<std::filesystem::path> tokeniser;  ///< tokenizer.model, a SentencePiece file, where the folder has one
};

/// Throws Error naming file and key: a weight that is missing, left over, of another shape, or not in the shard that
/// the index says. Weights are converted to the type and moved to the device of `options`.
LoadedModel loadFolder(const std::filesystem::path& folder,
                       const torch::TensorOptions& options = torch::TensorOptions(torch::kFloat32));

/// Writes a folder that transformers and loadFolder() read: weights in the model's type, low-rank additions merged,
/// shards of at most `shardBytes` (a larger weight has one of its own), config.json and the tokeniser last. The folder
/// must be absent or empty.
void saveFolder(const models::language::LanguageModel& model, const std::vector<std::int64_t>& endTokens,
                const std::optional<std::filesystem::path>& tokeniser, const std::filesystem::path& folder,
                std::int64_t shardBytes = std::int64_t{5} << 30);

}  // namespace ecumene::engine::hf
