// SPDX-License-Identifier: Apache-2.0
// Truth: the likeliest token of whole passes; shares of drawn tokens against the probabilities.
#include "engine/hf/generation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "data/base/error.h"
#include "data/base/random.h"
#include "engine/hf/folder.h"
#include "engine/hf/words.h"
#include "tests/data/batch/small_texts.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene::engine::hf;
using ecumene::Error;
using ecumene::models::language::LanguageInput;
using ecumene::models::language::LanguageModel;
using ecumene::models::layers::Tokens;

using Ids = std::vector<std::int64_t>;

std::shared_ptr<LanguageModel> model(const std::string& name = "llama") {
  return loadFolder("tests/oracles/reference/hf/" + name).model;
}

TEST(Generate, GreedyTextIsTheLikeliestTokenOfEachWholePass) {
  for (const char* name : {"llama", "mistral", "tied"}) {
    const auto llama = model(name);
    const Ids prompt{5, 9, 33};
    Ids all = prompt;
    for (int i = 0; i < 20; ++i) all.push_back(nextLogits(*llama, all).argmax().item<std::int64_t>());
    const Ids found = generate(*llama, prompt, {}, {}, {.newTokens = 20});
    EXPECT_EQ(found, Ids(all.begin() + 3, all.end())) << name;
  }
}

TEST(Generate, StopsBehindAnEndTokenAndAtTheEndOfTheContext) {
  const auto llama = model();
  const Ids prompt{5, 9, 33}, all = generate(*llama, prompt, {}, {}, {.newTokens = 1000});
  EXPECT_EQ(all.size(), 64U - 3U);
  const Ids ends{all[4]};
  const Ids found = generate(*llama, prompt, {}, ends, {.newTokens = 20});
  EXPECT_EQ(found.back(), all[4]);
  EXPECT_LE(found.size(), 5U);
}

TEST(Generate, SeedDecidesTheText) {
  const auto llama = model();
  const Ids prompt{5, 9, 33};
  const auto drawn = [&](std::uint64_t seed, double temperature) {
    return generate(*llama, prompt, {}, {}, {.newTokens = 20, .temperature = temperature, .seed = seed});
  };
  EXPECT_EQ(drawn(1, 2.0), drawn(1, 2.0));
  EXPECT_NE(drawn(1, 2.0), drawn(2, 2.0));
  EXPECT_EQ(drawn(1, 1e-6), drawn(2, 0.0));
}

TEST(Generate, SoftTokensSteerTheText) {
  const auto llama = model();
  const Ids prompt{5, 9, 33};
  const torch::Tensor values = torch::sin(torch::arange(2 * 32, torch::kFloat32)).view({1, 2, 32}) * 3.0;
  const Tokens soft{values, torch::ones({1, 2}, torch::kBool)}, hidden{values, torch::zeros({1, 2}, torch::kBool)};
  const Ids without = generate(*llama, prompt, {}, {}, {.newTokens = 12});
  EXPECT_NE(generate(*llama, prompt, soft, {}, {.newTokens = 12}), without);
  EXPECT_EQ(generate(*llama, prompt, hidden, {}, {.newTokens = 12}), without);
}

TEST(Choose, DrawsByProbabilityWithinTheNucleus) {
  // Probabilities 1/2, 1/4, 1/8, 1/16, 1/16 in another order.
  const torch::Tensor logits = torch::tensor({0.125, 0.5, 0.0625, 0.25, 0.0625}, torch::kFloat64).log();
  const auto shares = [&](const Sampling& sampling) {
    std::map<std::int64_t, double> drawn;
    for (int i = 0; i < 1000; ++i) drawn[choose(logits, sampling, (i + 0.5) / 1000.0)] += 1e-3;
    return drawn;
  };
  auto all = shares({.temperature = 1.0});
  EXPECT_NEAR(all[1], 0.5, 2e-3);
  EXPECT_NEAR(all[3], 0.25, 2e-3);
  EXPECT_NEAR(all[2], 0.0625, 2e-3);
  auto nucleus = shares({.temperature = 1.0, .topP = 0.8});
  EXPECT_EQ(nucleus.size(), 3U);
  EXPECT_NEAR(nucleus[1], 4.0 / 7.0, 2e-3);
  EXPECT_NEAR(nucleus[0], 1.0 / 7.0, 2e-3);
  auto hot = shares({.temperature = 2.0});
  const double total = std::sqrt(0.5) + std::sqrt(0.25) + std::sqrt(0.125) + 2.0 * std::sqrt(0.0625);
  EXPECT_NEAR(hot[1], std::sqrt(0.5) / total, 2e-3);
  EXPECT_EQ(shares({.temperature = 1.0, .topP = 0.01}).size(), 1U);
}

TEST(Choose, RefusesWhatGivesNoText) {
  const torch::Tensor logits = torch::tensor({0.1, 0.2});
  EXPECT_THROW(choose(logits, {.temperature = -1.0}, 0.5), Error);
  EXPECT_THROW(choose(logits, {.topP = 0.0}, 0.5), Error);
  EXPECT_THROW(choose(logits, {.newTokens = 0}, 0.5), Error);
  EXPECT_THROW(choose(torch::tensor({0.1F, std::nanf("")}), {}, 0.5), Error);
  const auto llama = model();
  EXPECT_THROW(generate(*llama, Ids{}, {}, {}, {}), Error);
  EXPECT_THROW(generate(*llama, Ids{-1}, {}, {}, {}), Error);
  EXPECT_THROW(generate(*llama, Ids(65, 1), {}, {}, {}), Error);
}

TEST(Words, IdsAreNumbersWithCommas) {
  EXPECT_EQ(parseIds("1,20,3"), (Ids{1, 20, 3}));
  EXPECT_EQ(parseIds("7"), (Ids{7}));
  for (const char* wrong : {"", "1,", ",1", "1;2", "1, 2", "x", "99999999999999999999"}) {
    EXPECT_THROW(parseIds(wrong), Error) << wrong;
  }
}

TEST(Words, FolderWithTokeniserWritesText) {
  const ecumene::test::TempFolder folder;
  const auto& texts = ecumene::data::batch::smallTexts();
  const auto tokeniser = ecumene::data::batch::Tokeniser::train(texts, {.vocabulary = 400}, folder / "tokenizer.model");
  ecumene::models::spec::LanguageSpec spec;
  spec.vocabulary = static_cast<std::int64_t>(tokeniser.pieces()) + 3;
  spec.width = 32;
  spec.layers = 1;
  spec.heads = 2;
  spec.keyValueHeads = 1;
  spec.headWidth = 16;
  spec.intermediate = 32;
  const LanguageModel fresh(ecumene::models::layers::Init(3), spec);
  saveFolder(fresh, {2}, folder / "tokenizer.model", folder / "model");
  const Sampling sampling{.newTokens = 15, .temperature = 1.0, .seed = 4};
  const std::string text = generateFromFolder(folder / "model", "The planet", sampling);
  EXPECT_FALSE(text.empty());
  EXPECT_EQ(text, generateFromFolder(folder / "model", "The planet", sampling));
  EXPECT_THROW(generateFromFolder("tests/oracles/reference/hf/llama", "The planet", sampling), Error);
}

}  // namespace
