// SPDX-License-Identifier: Apache-2.0
// Truth: logits and losses that transformers computed (tests/oracles/hf_checkpoints.py), and computes where it is
// installed (tests/oracles/hf_read_back.py).
#include "engine/hf/folder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "engine/checkpoint/safetensors.h"
#include "engine/hf/words.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene::engine;
using namespace ecumene::engine::hf;
using ecumene::Error;
using ecumene::models::language::LanguageInput;
using ecumene::models::language::LanguageModel;
using ecumene::test::TempFolder;
using nlohmann::json;
namespace fs = std::filesystem;

constexpr const char* kNames[] = {"llama", "llama3_sharded", "linear", "dynamic", "tied", "mistral"};

fs::path reference(const std::string& name) {
  return fs::path("tests/oracles/reference/hf") / name;
}

json readFile(const fs::path& file) {
  std::ifstream stream(file);
  return json::parse(stream);
}

LanguageInput inputOf(const json& ids) {
  LanguageInput input;
  input.ids_BT = torch::tensor(ids.get<std::vector<std::int64_t>>()).unsqueeze(0);
  input.keep_BT = torch::ones_like(input.ids_BT, torch::kBool);
  input.labels_BT = input.ids_BT;
  return input;
}

/// Largest difference of the logits at the last positions.
double difference(LanguageModel& model, const json& reference) {
  const torch::NoGradGuard noGradients;
  const torch::Tensor logits = model.logits(model.forward(inputOf(reference["ids"])).hidden_BTC)[0];
  const json& rows = reference["logits"];
  double largest = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto expected = torch::tensor(rows[i].get<std::vector<double>>());
    const torch::Tensor found = logits[logits.size(0) - static_cast<std::int64_t>(rows.size() - i)];
    largest = std::max(largest, (found - expected).abs().max().item<double>());
  }
  return largest;
}

TEST(HfFolder, LogitsAndLossAreThoseOfTransformers) {
  for (const char* name : kNames) {
    const json expected = readFile(reference(name) / "reference.json");
    const LoadedModel loaded = loadFolder(reference(name));
    EXPECT_LT(difference(*loaded.model, expected), 1e-4) << name;
    const LanguageInput input = inputOf(expected["ids"]);
    const auto loss = languageLoss(*loaded.model, input, loaded.model->forward(input));
    EXPECT_NEAR(loss.loss.item<double>(), expected["loss"].get<double>(), 1e-5) << name;
  }
}

TEST(HfFolder, WordLogitsGivesTheLastPosition) {
  const json expected = readFile(reference("llama") / "reference.json");
  const auto found = lastLogits(reference("llama"), expected["ids"].get<std::vector<std::int64_t>>());
  const auto printed = json::parse(logitsJson(found))["logits"].get<std::vector<double>>();
  ASSERT_EQ(printed.size(), 64U);
  for (std::size_t i = 0; i < printed.size(); ++i) {
    EXPECT_NEAR(printed[i], expected["logits"].back()[i].get<double>(), 1e-4);
  }
  EXPECT_THROW(lastLogits(reference("llama"), std::vector<std::int64_t>{1, 64}), Error);
}

TEST(HfFolder, WeightsThatAreNoNumbersGiveNoLogits) {
  const TempFolder folder;
  const LoadedModel loaded = loadFolder(reference("llama"));
  {
    const torch::NoGradGuard noGradients;
    loaded.model->parameters().back().fill_(std::nanf(""));
  }
  saveFolder(*loaded.model, {}, std::nullopt, folder / "saved");
  EXPECT_THROW(lastLogits(folder / "saved", std::vector<std::int64_t>{1, 2}), Error);
}

TEST(HfFolder, SavedShardsAreReadBackTheSame) {
  for (const char* name : kNames) {
    const TempFolder folder;
    const LoadedModel loaded = loadFolder(reference(name));
    saveFolder(*loaded.model, loaded.config.endTokens, std::nullopt, folder / "saved", 20000);
    EXPECT_TRUE(fs::exists(folder / "saved/model.safetensors.index.json")) << name;
    const LoadedModel again = loadFolder(folder / "saved");
    EXPECT_EQ(again.config.language, loaded.config.language) << name;
    const auto parameters = again.model->named_parameters();
    for (const auto& parameter : loaded.model->named_parameters()) {
      EXPECT_TRUE(torch::equal(parameter.value(), parameters[parameter.key()])) << name << " " << parameter.key();
    }
  }
}

TEST(HfFolder, LowRankAdditionsAreMerged) {
  const TempFolder folder;
  LoadedModel loaded = loadFolder(reference("llama"));
  auto spec = loaded.config.language;
  spec.loraRank = 2;
  LanguageModel adapted(ecumene::models::layers::Init(1), spec);
  const torch::NoGradGuard noGradients;
  for (const auto& parameter : adapted.named_parameters()) {
    if (parameter.key().ends_with("lora_b")) parameter.value().fill_(0.02);
  }
  saveFolder(adapted, {}, std::nullopt, folder / "saved");
  EXPECT_TRUE(fs::exists(folder / "saved/model.safetensors"));
  const LoadedModel again = loadFolder(folder / "saved");
  const LanguageInput input = inputOf(json::array({3, 1, 4, 1, 5}));
  adapted.eval();
  EXPECT_TRUE(torch::allclose(again.model->forward(input).hidden_BTC, adapted.forward(input).hidden_BTC, 1e-4, 1e-5));
}

TEST(HfFolder, NothingIsOverwritten) {
  const TempFolder folder;
  const LoadedModel loaded = loadFolder(reference("tied"));
  std::ofstream(folder / "here") << "x";
  EXPECT_THROW(saveFolder(*loaded.model, {}, std::nullopt, folder.path()), Error);
}

/// A copy of the reference whose weights the test may spoil.
class Spoiled {
 public:
  Spoiled() {
    fs::copy(reference("llama"), folder_ / "model");
    tensors = checkpoint::readSafetensors(file());
  }
  [[nodiscard]] fs::path file() const { return folder_ / "model/model.safetensors"; }
  /// What loading says.
  std::string refusal() {
    checkpoint::writeSafetensors(file(), tensors);
    try {
      loadFolder(folder_ / "model");
    } catch (const Error& error) {
      return error.what();
    }
    return "nothing was refused";
  }
  checkpoint::Tensors tensors;

 private:
  TempFolder folder_;
};

TEST(HfFolder, WrongWeightsAreRefusedByName) {
  const std::string key = "model.layers.1.mlp.up_proj.weight";
  const auto expectNamed = [](const std::string& text, const std::string& name) {
    EXPECT_NE(text.find(name), std::string::npos) << text;
    EXPECT_NE(text.find("model"), std::string::npos) << text;
  };
  Spoiled missing;
  missing.tensors.erase(key);
  expectNamed(missing.refusal(), key);
  Spoiled turned;
  turned.tensors[key] = turned.tensors[key].t().contiguous();
  expectNamed(turned.refusal(), key);
  expectNamed(turned.refusal(), "model.safetensors");
  Spoiled extra;
  extra.tensors["model.layers.1.mlp.up_proj.bias"] = torch::ones({4});
  expectNamed(extra.refusal(), "model.layers.1.mlp.up_proj.bias");
  Spoiled computed;
  computed.tensors["model.layers.0.self_attn.rotary_emb.inv_freq"] = torch::ones({4});
  EXPECT_EQ(computed.refusal(), "nothing was refused");
}

TEST(HfFolder, IndexThatPromisesTooMuchIsRefused) {
  const TempFolder folder;
  fs::copy(reference("llama3_sharded"), folder / "model");
  const fs::path file = folder / "model/model.safetensors.index.json";
  json index = readFile(file);
  const auto refusal = [&](const json& spoiled) {
    std::ofstream(file) << spoiled;
    try {
      loadFolder(folder / "model");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("nothing was refused");
  };
  EXPECT_EQ(refusal(index), "nothing was refused");
  json outside = index;
  outside["weight_map"]["lm_head.weight"] = "../model.safetensors";
  EXPECT_NE(refusal(outside).find("lm_head.weight"), std::string::npos);
  json elsewhere = index;
  elsewhere["weight_map"]["lm_head.weight"] = index["weight_map"]["model.embed_tokens.weight"];
  elsewhere["weight_map"]["model.embed_tokens.weight"] = index["weight_map"]["lm_head.weight"];
  ASSERT_NE(elsewhere, index);
  EXPECT_NE(refusal(elsewhere).find("the index says"), std::string::npos);
}

TEST(HfFolder, TransformersReadsWhatWeSave) {
  const char* python = std::getenv("ECUMENE_PYTHON_HF");
  if (python == nullptr || !fs::exists(python))
    GTEST_SKIP() << "transformers is not installed (tests/oracles/README.md)";
  const TempFolder folder;
  std::string words;
  std::vector<std::vector<double>> found;
  for (const char* name : kNames) {
    const LoadedModel loaded = loadFolder(reference(name));
    saveFolder(*loaded.model, loaded.config.endTokens, std::nullopt, folder / name, 30000);
    const auto ids = readFile(reference(name) / "reference.json")["ids"].get<std::vector<std::int64_t>>();
    words += " " + (folder / name).string() + " ";
    for (std::size_t i = 0; i < ids.size(); ++i) words += (i == 0 ? "" : ",") + std::to_string(ids[i]);
    found.push_back(lastLogits(reference(name), ids));
  }
  const std::string command = std::string(python) + " tests/oracles/hf_read_back.py" + words + " > " +
                              (folder / "out").string() + " 2> " + (folder / "log").string();
  ASSERT_EQ(std::system(command.c_str()), 0);
  const json expected = readFile(folder / "out")["logits"];
  ASSERT_EQ(expected.size(), found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto row = expected[i].get<std::vector<double>>();
    for (std::size_t v = 0; v < row.size(); ++v) EXPECT_NEAR(found[i][v], row[v], 1e-4) << kNames[i];
  }
}

}  // namespace
