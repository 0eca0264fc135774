// SPDX-License-Identifier: Apache-2.0
// Truth: configurations as transformers 4 and 5 write them; what must be refused by name.
#include "engine/hf/config.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "tests/support/temp_folder.h"

namespace {

using ecumene::Error;
using ecumene::engine::hf::Config;
using ecumene::engine::hf::readConfig;
using ecumene::engine::hf::writeConfig;
using nlohmann::json;

/// As meta-llama/Llama-3.2-1B publishes it, with transformers 4's keys.
json llama32() {
  return json::parse(R"({"architectures": ["LlamaForCausalLM"], "attention_bias": false, "bos_token_id": 128000,
    "eos_token_id": [128001, 128008], "head_dim": 64, "hidden_act": "silu", "hidden_size": 2048,
    "intermediate_size": 8192, "max_position_embeddings": 131072, "mlp_bias": false, "model_type": "llama",
    "num_attention_heads": 32, "num_hidden_layers": 16, "num_key_value_heads": 8, "rms_norm_eps": 1e-05,
    "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
    "original_max_position_embeddings": 8192, "rope_type": "llama3"}, "rope_theta": 500000.0,
    "tie_word_embeddings": true, "torch_dtype": "bfloat16", "vocab_size": 128256})");
}

Config read(const json& config) {
  const ecumene::test::TempFolder folder;
  std::ofstream(folder / "config.json") << config;
  return readConfig(folder / "config.json");
}

std::string refusal(const json& config) {
  try {
    read(config);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing was refused";
}

/// The refusal names the file and the key.
void expectRefused(const char* key, const json& value, const std::string& named) {
  json config = llama32();
  config[json::json_pointer(key)] = value;
  const std::string text = refusal(config);
  EXPECT_NE(text.find("config.json"), std::string::npos) << text;
  EXPECT_NE(text.find(named), std::string::npos) << text;
}

TEST(HfConfig, ReadsWhatTransformers4Writes) {
  const Config config = read(llama32());
  const auto& spec = config.language;
  EXPECT_EQ(spec.vocabulary, 128256);
  EXPECT_EQ(spec.width, 2048);
  EXPECT_EQ(spec.layers, 16);
  EXPECT_EQ(spec.heads, 32);
  EXPECT_EQ(spec.keyValueHeads, 8);
  EXPECT_EQ(spec.headWidth, 64);
  EXPECT_EQ(spec.intermediate, 8192);
  EXPECT_EQ(spec.contextLength, 131072);
  EXPECT_EQ(spec.ropeTheta, 500000.0);
  EXPECT_EQ(spec.ropeScaling, "llama3");
  EXPECT_EQ(spec.ropeFactor, 32.0);
  EXPECT_EQ(spec.ropeOriginalLength, 8192);
  EXPECT_TRUE(spec.tiedHead);
  EXPECT_EQ(config.endTokens, (std::vector<std::int64_t>{128001, 128008}));
}

TEST(HfConfig, ReadsTransformers5AndOldNamesAlike) {
  json newer = llama32();
  newer["rope_parameters"] = newer["rope_scaling"];
  newer["rope_parameters"]["rope_theta"] = 500000.0;
  newer.erase("rope_scaling");
  newer.erase("rope_theta");
  EXPECT_EQ(read(newer).language, read(llama32()).language);
  json old = llama32();
  old["rope_scaling"] = {{"type", "linear"}, {"factor", 2.0}};
  EXPECT_EQ(read(old).language.ropeScaling, "linear");
  old["rope_scaling"] = nullptr;
  EXPECT_EQ(read(old).language.ropeScaling, "none");
}

TEST(HfConfig, WhatIsLeftOutIsAsTransformersHasIt) {
  json config = llama32();
  config.erase("head_dim");
  config.erase("num_key_value_heads");
  config.erase("tie_word_embeddings");
  config.erase("eos_token_id");
  const Config found = read(config);
  EXPECT_EQ(found.language.headWidth, 64);
  EXPECT_EQ(found.language.keyValueHeads, 32);
  EXPECT_FALSE(found.language.tiedHead);
  EXPECT_TRUE(found.endTokens.empty());
}

TEST(HfConfig, MistralSlides) {
  json config = llama32();
  config["architectures"] = {"MistralForCausalLM"};
  config["sliding_window"] = 4096;
  EXPECT_EQ(read(config).language.attention, "sliding");
  EXPECT_EQ(read(config).language.slidingWindow, 4096);
  config["sliding_window"] = nullptr;
  EXPECT_EQ(read(config).language.attention, "flash");
}

TEST(HfConfig, WhatWeDoNotComputeIsRefused) {
  expectRefused("/architectures", {"GPT2LMHeadModel"}, "architectures");
  expectRefused("/hidden_act", "gelu", "hidden_act");
  expectRefused("/attention_bias", true, "attention_bias");
  expectRefused("/rope_scaling/rope_type", "yarn", "rope_scaling.rope_type");
  expectRefused("/rope_scaling/factor", "two", "rope_scaling.factor");
  expectRefused("/rope_scaling/partial_rotary_factor", 0.5, "partial_rotary_factor");
  expectRefused("/hidden_size", 20.5, "hidden_size");
  expectRefused("/hidden_size", -4, "model.language.width");
  expectRefused("/num_attention_heads", 0, "model.language.heads");
  expectRefused("/num_key_value_heads", 5, "model.language.kv_heads");
  expectRefused("/vocab_size", nullptr, "vocab_size");
}

TEST(HfConfig, DamagedFilesAreRefused) {
  const ecumene::test::TempFolder folder;
  EXPECT_THROW(readConfig(folder / "config.json"), Error);
  std::ofstream(folder / "config.json") << "{\"hidden_size\": 3";
  EXPECT_THROW(readConfig(folder / "config.json"), Error);
  std::ofstream(folder / "config.json") << "[1, 2]";
  EXPECT_THROW(readConfig(folder / "config.json"), Error);
}

TEST(HfConfig, WrittenIsReadBackTheSame) {
  const ecumene::test::TempFolder folder;
  json mistral = llama32();
  mistral["architectures"] = {"MistralForCausalLM"};
  mistral["sliding_window"] = 100;
  json linear = llama32();
  linear["rope_scaling"] = {{"rope_type", "linear"}, {"factor", 2.0}};
  json dynamic = llama32();
  dynamic["rope_scaling"] = {{"rope_type", "dynamic"}, {"factor", 2.0}};
  json plain = llama32();
  plain.erase("rope_scaling");
  for (const json& given : {llama32(), mistral, linear, dynamic, plain}) {
    const Config config = read(given);
    writeConfig(folder / "config.json", config, "float32");
    const Config again = readConfig(folder / "config.json");
    EXPECT_EQ(again.language, config.language) << given;
    EXPECT_EQ(again.endTokens, config.endTokens) << given;
  }
}

TEST(HfConfig, LayersOutsideTheFamilyAreRefused) {
  const ecumene::test::TempFolder folder;
  Config config = read(llama32());
  config.language.attention = "mamba";
  EXPECT_THROW(writeConfig(folder / "config.json", config, "float32"), Error);
  config.language.attention = "flash,sliding";
  config.language.slidingWindow = 8;
  EXPECT_THROW(writeConfig(folder / "config.json", config, "float32"), Error);
}

}  // namespace
