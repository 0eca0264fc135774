// SPDX-License-Identifier: Apache-2.0
#include "engine/hf/folder.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "data/base/error.h"
#include "data/base/target_folder.h"
#include "engine/checkpoint/safetensors.h"
#include "engine/hf/json_file.h"

namespace ecumene::engine::hf {
namespace {

using checkpoint::Tensors;
using models::language::LanguageModel;
using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kWhole = "model.safetensors";
constexpr const char* kIndex = "model.safetensors.index.json";
constexpr const char* kConfig = "config.json";
constexpr const char* kTokeniser = "tokenizer.model";

std::string place(const fs::path& file, const std::string& key) {
  return fmt::format("{}: {}", file.string(), key);
}

/// The shards with the names that each must hold; a whole file holds what it holds.
std::map<std::string, std::set<std::string>> shards(const fs::path& folder) {
  if (!fs::exists(folder / kIndex)) return {{kWhole, {}}};
  const fs::path file = folder / kIndex;
  const json index = readJson(file);
  if (!index.contains("weight_map") || !index["weight_map"].is_object()) {
    throw Error("the index names no shards").on(place(file, "weight_map")).expected("an object");
  }
  std::map<std::string, std::set<std::string>> shards;
  for (const auto& [name, shard] : index["weight_map"].items()) {
    const bool plain = shard.is_string() && !shard.get<std::string>().empty() &&
                       fs::path(shard.get<std::string>()).filename() == shard.get<std::string>();
    if (!plain) {
      throw Error("the index names no shard").on(place(file, name)).expected("a file name").found(shard.dump());
    }
    shards[shard.get<std::string>()].insert(name);
  }
  return shards;
}

/// Older folders carry what every reader computes for itself.
bool isComputed(const std::string& name) {
  return name.ends_with("rotary_emb.inv_freq");
}

class Reader {
 public:
  explicit Reader(LanguageModel& model) : tied_(model.spec().tiedHead) {
    for (const auto& parameter : model.named_parameters()) missing_.emplace(parameter.key(), parameter.value());
  }

  void take(const fs::path& file, const std::string& name, const torch::Tensor& value) {
    if (isComputed(name)) return;
    if (tied_ && name == "lm_head.weight") {
      head_ = value;
      return;
    }
    const auto found = missing_.find(name);
    if (found == missing_.end()) {
      throw Error("the model has no such weight")
          .on(place(file, name))
          .expected("the names that config.json implies, each once");
    }
    if (found->second.sizes() != value.sizes()) {
      throw Error("the weight has another shape than config.json implies")
          .on(place(file, name))
          .expected(fmt::format("[{}]", fmt::join(found->second.sizes(), ", ")))
          .found(fmt::format("[{}]", fmt::join(value.sizes(), ", ")));
    }
    const torch::NoGradGuard noGradients;
    found->second.copy_(value);
    if (tied_ && name == "model.embed_tokens.weight") embedding_ = value;
    missing_.erase(found);
  }

  void finish(const fs::path& folder) const {
    if (!missing_.empty()) {
      throw Error("a weight is missing")
          .on(place(folder, missing_.begin()->first))
          .expected("all weights that config.json implies")
          .found(fmt::format("{} missing", missing_.size()));
    }
    if (head_.defined() && !torch::equal(head_, embedding_)) {
      throw Error("the head differs from the embedding")
          .on(place(folder, "lm_head.weight"))
          .expected("model.embed_tokens.weight, or nothing, since config.json says tie_word_embeddings");
    }
  }

 private:
  bool tied_;
  std::map<std::string, torch::Tensor> missing_;
  torch::Tensor head_, embedding_;
};

/// Names and values as transformers knows them.
Tensors weights(const LanguageModel& model) {
  std::map<std::string, torch::Tensor> merged;
  for (const auto& child : model.named_modules("", false)) {
    const auto linear = std::dynamic_pointer_cast<models::layers::Linear>(child.value());
    if (linear && linear->hasLora()) merged[child.key() + ".weight"] = linear->mergedWeight();
  }
  Tensors weights;
  for (const auto& parameter : model.named_parameters()) {
    const std::string& name = parameter.key();
    if (name.ends_with(".lora_a") || name.ends_with(".lora_b")) continue;
    const auto found = merged.find(name);
    weights[name] = found == merged.end() ? parameter.value().detach() : found->second;
  }
  return weights;
}

std::string typeName(const torch::Tensor& weight) {
  switch (weight.scalar_type()) {
    case torch::kFloat32:
      return "float32";
    case torch::kBFloat16:
      return "bfloat16";
    case torch::kFloat16:
      return "float16";
    default:
      throw Error("Hugging Face's folders keep no weights of this type", ErrorKind::kUsage)
          .expected("float32, bfloat16 or float16")
          .found(c10::toString(weight.scalar_type()));
  }
}

void writeShards(const Tensors& all, const fs::path& folder, std::int64_t shardBytes) {
  std::vector<Tensors> shards(1);
  std::int64_t size = 0, total = 0;
  for (const auto& [name, weight] : all) {
    const auto bytes = static_cast<std::int64_t>(weight.nbytes());
    if (!shards.back().empty() && size + bytes > shardBytes) {
      shards.emplace_back();
      size = 0;
    }
    shards.back()[name] = weight;
    size += bytes;
    total += bytes;
  }
  const checkpoint::Metadata metadata{{"format", "pt"}};
  if (shards.size() == 1) {
    checkpoint::writeSafetensors(folder / kWhole, shards.front(), metadata);
    return;
  }
  json map = json::object();
  for (std::size_t i = 0; i < shards.size(); ++i) {
    const std::string file = fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, shards.size());
    checkpoint::writeSafetensors(folder / file, shards[i], metadata);
    for (const auto& [name, weight] : shards[i]) map[name] = file;
  }
  writeJson(folder / kIndex, {{"metadata", {{"total_size", total}}}, {"weight_map", map}});
}

}  // namespace

LoadedModel loadFolder(const fs::path& folder, const torch::TensorOptions& options) {
  LoadedModel loaded;
  loaded.config = readConfig(folder / kConfig);
  loaded.model = std::make_shared<LanguageModel>(models::layers::Init::uninitialised(options), loaded.config.language);
  Reader reader(*loaded.model);
  for (const auto& [shard, names] : shards(folder)) {
    const fs::path file = folder / shard;
    const Tensors tensors = checkpoint::readSafetensors(file);
    for (const std::string& name : names) {
      if (!tensors.contains(name)) {
        throw Error("the shard lacks a weight that the index says it has").on(place(file, name));
      }
    }
    for (const auto& [name, value] : tensors) reader.take(file, name, value);
  }
  reader.finish(folder);
  loaded.model->eval();
  if (fs::exists(folder / kTokeniser)) loaded.tokeniser = folder / kTokeniser;
  return loaded;
}

void saveFolder(const LanguageModel& model, const std::vector<std::int64_t>& endTokens,
                const std::optional<fs::path>& tokeniser, const fs::path& folder, std::int64_t shardBytes) {
  const Tensors all = weights(model);
  const std::string type = typeName(all.begin()->second);
  requireAbsentOrEmpty(folder);
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) throw systemError("cannot make the folder", folder.string(), failure.value());
  writeShards(all, folder, shardBytes);
  if (tokeniser) {
    fs::copy_file(*tokeniser, folder / kTokeniser, failure);
    if (failure) throw systemError("cannot copy the tokeniser", tokeniser->string(), failure.value());
  }
  writeConfig(folder / kConfig, {model.spec(), endTokens}, type);
}

}  // namespace ecumene::engine::hf
