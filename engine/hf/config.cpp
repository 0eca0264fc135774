// SPDX-License-Identifier: Apache-2.0
#include "engine/hf/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>

#include "data/base/error.h"
#include "engine/hf/json_file.h"
#include "models/spec/attention_kind.h"

namespace ecumene::engine::hf {
namespace {

using models::spec::AttentionKind;
using models::spec::LanguageSpec;
using nlohmann::json;

constexpr const char* kLlama = "LlamaForCausalLM";
constexpr const char* kMistral = "MistralForCausalLM";

/// A JSON object with the name under which errors speak of its keys.
class Object {
 public:
  Object(const json& value, std::string file, std::string path = "")
      : value_(value), file_(std::move(file)), path_(std::move(path)) {}

  [[nodiscard]] bool has(const char* key) const { return value_.contains(key) && !value_.at(key).is_null(); }
  [[nodiscard]] std::string at(const char* key) const { return fmt::format("{}: {}{}", file_, path_, key); }
  [[noreturn]] void refuse(const char* key, const std::string& expected) const {
    throw Error("cannot read this model")
        .on(at(key))
        .expected(expected)
        .found(has(key) ? value_.at(key).dump() : "nothing");
  }
  [[nodiscard]] std::int64_t whole(const char* key) const {
    if (!has(key) || !value_.at(key).is_number_integer()) refuse(key, "a whole number");
    return value_.at(key).get<std::int64_t>();
  }
  [[nodiscard]] std::int64_t whole(const char* key, std::int64_t otherwise) const {
    return has(key) ? whole(key) : otherwise;
  }
  [[nodiscard]] double real(const char* key) const {
    if (!has(key) || !value_.at(key).is_number()) refuse(key, "a number");
    return value_.at(key).get<double>();
  }
  [[nodiscard]] double real(const char* key, double otherwise) const { return has(key) ? real(key) : otherwise; }
  [[nodiscard]] std::string text(const char* key) const {
    if (!has(key) || !value_.at(key).is_string()) refuse(key, "a text");
    return value_.at(key).get<std::string>();
  }
  [[nodiscard]] bool flag(const char* key, bool otherwise) const {
    if (!has(key)) return otherwise;
    if (!value_.at(key).is_boolean()) refuse(key, "true or false");
    return value_.at(key).get<bool>();
  }
  [[nodiscard]] const json& raw(const char* key) const { return value_.at(key); }
  [[nodiscard]] Object object(const char* key) const {
    if (!has(key) || !value_.at(key).is_object()) refuse(key, "an object");
    return {value_.at(key), file_, fmt::format("{}{}.", path_, key)};
  }

 private:
  const json& value_;
  std::string file_, path_;
};

void readRope(const Object& config, LanguageSpec& spec) {
  spec.ropeTheta = config.real("rope_theta", spec.ropeTheta);
  const char* key = config.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
  if (!config.has(key)) return;
  const Object rope = config.object(key);
  spec.ropeTheta = rope.real("rope_theta", spec.ropeTheta);
  const char* kindKey = rope.has("rope_type") ? "rope_type" : "type";
  const std::string kind = rope.text(kindKey);
  if (rope.real("partial_rotary_factor", 1.0) != 1.0) rope.refuse("partial_rotary_factor", "1");
  if (kind == "default") return;
  if (kind != "linear" && kind != "dynamic" && kind != "llama3") {
    rope.refuse(kindKey, "default, linear, dynamic or llama3");
  }
  spec.ropeScaling = kind;
  spec.ropeFactor = rope.real("factor");
  if (kind == "dynamic") {
    // The family counts the stretched length nowhere: it may grow as far as the factor says.
    spec.ropeOriginalLength = spec.contextLength;
    spec.contextLength = static_cast<std::int64_t>(static_cast<double>(spec.contextLength) * spec.ropeFactor);
  }
  if (kind != "llama3") return;
  spec.ropeLowFactor = rope.real("low_freq_factor");
  spec.ropeHighFactor = rope.real("high_freq_factor");
  spec.ropeOriginalLength = rope.whole("original_max_position_embeddings");
}

std::vector<std::int64_t> readEndTokens(const Object& config) {
  std::vector<std::int64_t> tokens;
  if (!config.has("eos_token_id")) return tokens;
  const json& given = config.raw("eos_token_id");
  for (const json& token : given.is_array() ? given : json::array({given})) {
    if (!token.is_number_integer()) config.refuse("eos_token_id", "a whole number, or several");
    tokens.push_back(token.get<std::int64_t>());
  }
  return tokens;
}

/// Ranges are those of our options; errors name them beside the file.
void check(const LanguageSpec& language, const std::string& file) {
  models::spec::ModelSpec all;
  all.language = language;
  try {
    models::spec::Options options;
    options.group("model", [&] { models::spec::describe(options, all); });
    for (models::spec::Option row : options.rows()) row.set(row.get());
    models::spec::validate(all);
  } catch (Error& error) {
    error.within("while reading " + file);
    throw;
  }
}

json ropeParameters(const LanguageSpec& spec) {
  json rope{{"rope_theta", spec.ropeTheta}, {"rope_type", spec.ropeScaling == "none" ? "default" : spec.ropeScaling}};
  if (spec.ropeScaling != "none") rope["factor"] = spec.ropeFactor;
  if (spec.ropeScaling == "llama3") {
    rope["low_freq_factor"] = spec.ropeLowFactor;
    rope["high_freq_factor"] = spec.ropeHighFactor;
    rope["original_max_position_embeddings"] = spec.ropeOriginalLength;
  }
  return rope;
}

/// The window that all layers share, or 0; throws where layers are not of the family.
std::int64_t sharedWindow(const LanguageSpec& spec) {
  const auto layers = models::spec::layerAttention(spec);
  for (const auto& layer : layers) {
    const bool exact = layer.kind == AttentionKind::kFlash || layer.kind == AttentionKind::kRing ||
                       layer.kind == AttentionKind::kMultiQuery || layer.kind == AttentionKind::kSliding;
    if (exact && layer.globals == 0 && layer == layers.front()) continue;
    throw Error("Hugging Face's Llama family has no such layers")
        .on("model.language.attention")
        .expected("flash, ring, multi_query or sliding in all layers alike, without global tokens")
        .found(models::spec::describe(layer));
  }
  return layers.front().window;
}

}  // namespace

Config readConfig(const std::filesystem::path& path) {
  const json parsed = readJson(path);
  const Object config(parsed, path.string());
  const json& architectures = config.has("architectures") ? config.raw("architectures") : json::array();
  const bool mistral = architectures == json::array({kMistral});
  if (!mistral && architectures != json::array({kLlama})) {
    config.refuse("architectures", fmt::format("[\"{}\"] or [\"{}\"]", kLlama, kMistral));
  }
  if (config.has("hidden_act") && config.text("hidden_act") != "silu") config.refuse("hidden_act", "\"silu\"");
  for (const char* key : {"attention_bias", "mlp_bias"}) {
    if (config.flag(key, false)) config.refuse(key, "false");
  }
  Config result;
  LanguageSpec& spec = result.language;
  spec.vocabulary = config.whole("vocab_size");
  spec.width = config.whole("hidden_size");
  spec.layers = config.whole("num_hidden_layers");
  spec.heads = config.whole("num_attention_heads");
  spec.keyValueHeads = config.whole("num_key_value_heads", spec.heads);
  if (!config.has("head_dim") && (spec.heads < 1 || spec.width % spec.heads != 0)) {
    config.refuse("head_dim", "a whole number, since hidden_size is no multiple of num_attention_heads");
  }
  spec.headWidth = config.has("head_dim") ? config.whole("head_dim") : spec.width / spec.heads;
  spec.intermediate = config.whole("intermediate_size");
  spec.contextLength = config.whole("max_position_embeddings");
  spec.normEpsilon = config.real("rms_norm_eps");
  spec.tiedHead = config.flag("tie_word_embeddings", false);
  readRope(config, spec);
  if (mistral && config.has("sliding_window")) {
    spec.attention = "sliding";
    spec.slidingWindow = config.whole("sliding_window");
  }
  result.endTokens = readEndTokens(config);
  check(spec, path.string());
  return result;
}

void writeConfig(const std::filesystem::path& file, const Config& config, const std::string& type) {
  const LanguageSpec& spec = config.language;
  const std::int64_t window = sharedWindow(spec);
  const bool multiQuery = models::spec::layerAttention(spec).front().kind == AttentionKind::kMultiQuery;
  const bool dynamic = spec.ropeScaling == "dynamic";
  json all{{"architectures", {window > 0 ? kMistral : kLlama}},
           {"model_type", window > 0 ? "mistral" : "llama"},
           {"vocab_size", spec.vocabulary},
           {"hidden_size", spec.width},
           {"num_hidden_layers", spec.layers},
           {"num_attention_heads", spec.heads},
           {"num_key_value_heads", multiQuery ? 1 : spec.keyValueHeads},
           {"head_dim", spec.headWidth},
           {"intermediate_size", spec.intermediate},
           {"max_position_embeddings", dynamic ? spec.ropeOriginalLength : spec.contextLength},
           {"rms_norm_eps", spec.normEpsilon},
           {"tie_word_embeddings", spec.tiedHead},
           {"hidden_act", "silu"},
           {"attention_bias", false},
           {"mlp_bias", false},
           {"rope_theta", spec.ropeTheta},
           {"rope_parameters", ropeParameters(spec)},
           {"torch_dtype", type},
           {"dtype", type}};
  if (spec.ropeScaling != "none") all["rope_scaling"] = ropeParameters(spec);
  if (window > 0) all["sliding_window"] = window;
  if (config.endTokens.size() == 1) all["eos_token_id"] = config.endTokens.front();
  if (config.endTokens.size() > 1) all["eos_token_id"] = config.endTokens;
  writeJson(file, all);
}

}  // namespace ecumene::engine::hf
