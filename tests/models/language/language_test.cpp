// SPDX-License-Identifier: Apache-2.0
// Truth: the decoder written out in loops; bit-equality under changes that may not be seen; finite differences.
#include "models/language/language.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/models/gradient_check.h"
#include "tests/models/language/reference.h"

namespace {

using namespace ecumene::models;
using namespace ecumene::models::language;
using layers::Init;
using torch::indexing::Slice;

constexpr std::int64_t kBatch = 2, kText = 9, kSoft = 3, kWidth = 12;

std::shared_ptr<LanguageModel> make(const spec::LanguageSpec& spec) {
  auto model = std::make_shared<LanguageModel>(Init(3, torch::kFloat64), spec);
  fill(*model);
  model->eval();
  return model;
}

/// Two texts; the second is three tokens shorter.
LanguageInput texts() {
  LanguageInput input;
  input.ids_BT = torch::arange(kBatch * kText, torch::kInt64).mul(5).add(2).remainder(17).view({kBatch, kText});
  input.keep_BT = torch::ones({kBatch, kText}, torch::kBool);
  input.keep_BT.index_put_({1, Slice(6)}, false);
  input.labels_BT = input.ids_BT.masked_fill(input.keep_BT.logical_not(), kNotScored);
  return input;
}

layers::Tokens softTokens() {
  return {wave({kBatch, kSoft, kWidth}, 0.2), torch::ones({kBatch, kSoft}, torch::kBool)};
}

std::vector<double> frequencies(const spec::LanguageSpec& spec) {
  std::vector<double> frequency;
  for (std::int64_t i = 0; i < spec.headWidth / 2; ++i) {
    frequency.push_back(std::pow(spec.ropeTheta, -2.0 * static_cast<double>(i) / static_cast<double>(spec.headWidth)));
  }
  return frequency;
}

void expectLoops(const spec::LanguageSpec& spec) {
  const auto model = make(spec);
  const std::vector<std::int64_t> ids{3, 14, 1, 5, 9, 2, 6, 5, 3, 5, 8};
  LanguageInput input;
  input.ids_BT = torch::tensor(ids).unsqueeze(0);
  input.keep_BT = torch::ones_like(input.ids_BT, torch::kBool);
  const torch::Tensor hidden = model->forward(input).hidden_BTC[0];
  const auto expected = hiddenByLoops(*model, ids, frequencies(spec));
  for (std::size_t t = 0; t < ids.size(); ++t) {
    const torch::Tensor row = hidden[static_cast<std::int64_t>(t)];
    for (std::size_t c = 0; c < expected[t].size(); ++c) {
      // The angles are of float32.
      EXPECT_NEAR(row[static_cast<std::int64_t>(c)].item<double>(), expected[t][c], 1e-5) << t << ", " << c;
    }
  }
}

TEST(Language, HiddenStatesAreThoseOfTheFormulas) {
  expectLoops(small());
}

TEST(Language, SlidingWindowSeesAsManyPositionsAsItSays) {
  spec::LanguageSpec spec = small();
  spec.attention = "sliding";
  spec.slidingWindow = 4;
  expectLoops(spec);
  spec.globalTokens = 2;
  expectLoops(spec);
}

TEST(Language, MultiQuerySharesOneHead) {
  spec::LanguageSpec spec = small();
  spec.attention = "multi_query";
  expectLoops(spec);
}

TEST(Language, TiedHeadReadsTheEmbedding) {
  spec::LanguageSpec spec = small();
  spec.tiedHead = true;
  const auto model = make(spec);
  const torch::Tensor hidden = wave({2, kWidth}, 0.4);
  const torch::Tensor rows = model->named_parameters()["model.embed_tokens.weight"];
  EXPECT_TRUE(torch::allclose(model->logits(hidden), torch::matmul(hidden, rows.transpose(0, 1))));
  EXPECT_FALSE(model->named_parameters().contains("lm_head.weight"));
}

TEST(Language, LaterTokensNeverReachEarlierOnes) {
  const auto model = make(small());
  LanguageInput input = texts();
  const torch::Tensor before = model->forward(input).hidden_BTC.clone();
  input.ids_BT.index_put_({Slice(), 5}, 16);
  const torch::Tensor after = model->forward(input).hidden_BTC;
  EXPECT_TRUE(torch::equal(before.index({Slice(), Slice(0, 5)}), after.index({Slice(), Slice(0, 5)})));
  EXPECT_FALSE(torch::allclose(before.index({Slice(), 5}), after.index({Slice(), 5})));
}

TEST(Language, PaddedTextIsTheTextAlone) {
  const auto model = make(small());
  LanguageInput input = texts();
  input.soft = softTokens();
  input.soft.keep_BT.index_put_({0, 0}, false);
  const LanguageOutput padded = model->forward(input);
  LanguageInput alone;
  alone.ids_BT = input.ids_BT.index({Slice(1, 2), Slice(0, 6)});
  alone.keep_BT = torch::ones({1, 6}, torch::kBool);
  alone.soft = {input.soft.values_BTC.index({Slice(1, 2)}), input.soft.keep_BT.index({Slice(1, 2)})};
  const LanguageOutput single = model->forward(alone);
  EXPECT_TRUE(torch::allclose(padded.hidden_BTC.index({Slice(1, 2), Slice(0, 6)}), single.hidden_BTC, 1e-10, 1e-12));
  EXPECT_TRUE(torch::allclose(padded.softHidden_BPC.index({Slice(1, 2)}), single.softHidden_BPC, 1e-10, 1e-12));
}

TEST(Language, ASampleWithoutTextIsComputedFromItsSoftTokensAlone) {
  const auto model = make(small());
  const auto run = [&](const LanguageInput& input) {
    model->zero_grad();
    const LanguageOutput output = model->forward(input);
    (output.hidden_BTC.index({0}).sin().sum() + output.softHidden_BPC.square().sum()).backward();
    std::vector<torch::Tensor> all{output.hidden_BTC[0].detach().flatten(), output.softHidden_BPC.detach().flatten()};
    for (const torch::Tensor& parameter : model->parameters()) {
      if (parameter.grad().defined()) all.push_back(parameter.grad().flatten().clone());
    }
    return torch::cat(all);
  };
  LanguageInput whole = texts();
  whole.soft = softTokens();
  LanguageInput hidden = whole;
  hidden.keep_BT = whole.keep_BT.clone();
  hidden.keep_BT[1] = false;
  // Neither reads what stands in the second text, and the soft tokens come before it.
  EXPECT_TRUE(torch::allclose(run(hidden), run(whole), 1e-9, 1e-11));
  EXPECT_TRUE((model->forward(hidden).hidden_BTC[1] == 0.0).all().item<bool>());
  hidden.keep_BT[0] = false;
  const LanguageOutput none = model->forward(hidden);
  EXPECT_TRUE((none.hidden_BTC == 0.0).all().item<bool>());
  EXPECT_EQ(none.hidden_BTC.sizes(), (std::vector<std::int64_t>{kBatch, kText, kWidth}));
  EXPECT_TRUE(torch::allclose(none.softHidden_BPC, model->forward(whole).softHidden_BPC, 1e-9, 1e-11));
}

TEST(Language, SoftTokensReachTheText) {
  const auto model = make(small());
  LanguageInput input = texts();
  const torch::Tensor without = model->forward(input).hidden_BTC;
  input.soft = softTokens();
  const torch::Tensor with = model->forward(input).hidden_BTC;
  EXPECT_GT((with - without).abs().mean().item<double>(), 1e-2);
}

TEST(Language, HiddenSoftTokensNeverReachTheText) {
  for (const char* attention : {"flash", "multi_query", "sliding", "performer", "linear", "mamba"}) {
    spec::LanguageSpec spec = small();
    spec.attention = attention;
    if (spec.attention == "sliding") spec.slidingWindow = 4;
    const auto model = make(spec);
    LanguageInput input = texts();
    const torch::Tensor without = model->forward(input).hidden_BTC;
    input.soft = softTokens();
    input.soft.keep_BT.index_put_({0}, false);
    input.soft.keep_BT.index_put_({1, 1}, false);
    const torch::Tensor with = model->forward(input).hidden_BTC;
    input.soft.values_BTC = input.soft.values_BTC.clone();
    input.soft.values_BTC.index_put_({0}, 1e3);
    input.soft.values_BTC.index_put_({1, 1}, -1e3);
    const torch::Tensor changed = model->forward(input).hidden_BTC;
    EXPECT_TRUE(torch::equal(with, changed)) << attention;
    // Rotary scores know distances only, so all soft tokens hidden is no soft tokens; the angles are of float32.
    // Features of turned vectors know the place, too.
    const bool featured = spec.attention == "performer" || spec.attention == "linear";
    if (!featured) {
      EXPECT_TRUE(torch::allclose(with[0], without[0], 1e-5, 1e-5)) << attention;
    }
    EXPECT_FALSE(torch::allclose(with[1], without[1], 1e-2, 1e-2)) << attention;
  }
}

TEST(Language, ContinuingACacheIsTheWholePass) {
  const auto expectSame = [](const spec::LanguageSpec& spec) {
    const auto model = make(spec);
    LanguageInput whole;
    whole.ids_BT = texts().ids_BT;
    whole.keep_BT = torch::ones({kBatch, kText}, torch::kBool);
    whole.soft = softTokens();
    whole.soft.keep_BT.index_put_({0, 1}, false);
    const torch::Tensor expected = model->forward(whole).hidden_BTC;
    Cache cache(spec.layers);
    std::vector<torch::Tensor> parts;
    std::int64_t begin = 0;
    for (const std::int64_t count : {4, 1, 3, 1}) {
      LanguageInput part;
      part.ids_BT = whole.ids_BT.narrow(1, begin, count);
      part.keep_BT = whole.keep_BT.narrow(1, begin, count);
      if (begin == 0) part.soft = whole.soft;
      parts.push_back(model->forward(part, &cache).hidden_BTC);
      begin += count;
    }
    EXPECT_EQ(cache.length(), kSoft + kText);
    EXPECT_TRUE(torch::allclose(torch::cat(parts, 1), expected, 1e-9, 1e-10))
        << spec.attention << " " << spec.ropeScaling;
  };
  for (const char* attention : {"flash", "multi_query", "sliding", "performer", "linear", "mamba", "sliding,mamba"}) {
    spec::LanguageSpec spec = small();
    spec.attention = attention;
    if (spec.attention.starts_with("sliding")) spec.slidingWindow = 4, spec.globalTokens = 1;
    expectSame(spec);
  }
  for (const char* scaling : {"linear", "llama3", "dynamic"}) {
    spec::LanguageSpec spec = small();
    spec.ropeScaling = scaling;
    spec.ropeFactor = 4.0;
    spec.ropeOriginalLength = spec.ropeScaling == "dynamic" ? kSoft + kText : 6;
    expectSame(spec);
  }
}

TEST(Language, LossIsTheMeanOverScoredTokens) {
  const auto model = make(small());
  LanguageInput input = texts();
  input.labels_BT.index_put_({0, 4}, kNotScored);
  input.soft = softTokens();
  const LanguageOutput output = model->forward(input);
  const LanguageLoss loss = languageLoss(*model, input, output);
  const torch::Tensor logits = model->logits(output.hidden_BTC);
  double sum = 0.0;
  std::int64_t count = 0;
  for (std::int64_t b = 0; b < kBatch; ++b) {
    for (std::int64_t t = 0; t + 1 < (b == 0 ? kText : 6); ++t) {
      if (b == 0 && t + 1 == 4) continue;
      const torch::Tensor row = logits[b][t];
      double total = 0.0;
      for (std::int64_t v = 0; v < 17; ++v) total += std::exp(row[v].item<double>());
      sum += std::log(total) - row[input.ids_BT[b][t + 1].item<std::int64_t>()].item<double>();
      ++count;
    }
  }
  EXPECT_EQ(loss.scored, count);
  EXPECT_EQ(count, 7 + 5);
  EXPECT_NEAR(loss.loss.item<double>(), sum / static_cast<double>(count), 1e-12);
}

TEST(Language, NothingScoredIsALossOfZero) {
  const auto model = make(small());
  LanguageInput input = texts();
  input.keep_BT.fill_(false);
  input.labels_BT.fill_(kNotScored);
  const LanguageLoss loss = languageLoss(*model, input, model->forward(input));
  EXPECT_EQ(loss.scored, 0);
  EXPECT_EQ(loss.loss.item<double>(), 0.0);
  loss.loss.backward();
}

TEST(Language, GradientsMatchFiniteDifferences) {
  for (const char* attention : {"flash", "sliding", "performer", "linear", "mamba"}) {
    spec::LanguageSpec spec = small();
    spec.attention = attention;
    spec.layers = 1;
    if (spec.attention == "sliding") spec.slidingWindow = 4;
    const auto model = make(spec);
    LanguageInput input = texts();
    input.soft = softTokens();
    input.soft.keep_BT.index_put_({1, 0}, false);
    SCOPED_TRACE(attention);
    expectGradientsMatchDifferences(*model, [&] { return languageLoss(*model, input, model->forward(input)).loss; });
  }
}

TEST(Language, RecordedAttentionSumsToOneAndChangesNothing) {
  for (const char* attention : {"flash", "performer", "linear"}) {
    spec::LanguageSpec spec = small();
    spec.attention = attention;
    const auto model = make(spec);
    LanguageInput input = texts();
    input.soft = softTokens();
    const torch::Tensor hidden = model->forward(input).hidden_BTC;
    layers::AttentionRecord record;
    model->recordTo(1, &record);
    EXPECT_TRUE(torch::allclose(model->forward(input).hidden_BTC, hidden, 1e-10, 1e-12)) << attention;
    ASSERT_EQ(record.weights_BHTS.sizes(), (torch::IntArrayRef{kBatch, 4, kSoft + kText, kSoft + kText}));
    EXPECT_LT((record.weights_BHTS.sum(3) - 1.0).abs().max().item<double>(), 1e-5) << attention;
    EXPECT_EQ(record.weights_BHTS.triu(1).abs().max().item<double>(), 0.0) << attention;
  }
}

}  // namespace
