// SPDX-License-Identifier: Apache-2.0
// Truth: each text alone, and the batch that is padded to its longest text.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "models/language/language.h"
#include "tests/models/gradient_check.h"
#include "tests/models/language/reference.h"

namespace {

using namespace ecumene::models;
using namespace ecumene::models::language;
using torch::indexing::Slice;

constexpr std::int64_t kTexts = 4, kLongest = 9, kSoftTokens = 3, kChannels = 12;
const std::vector<std::int64_t> kLengths{6, kLongest, 0, 1};

spec::LanguageSpec small(const std::string& attention) {
  spec::LanguageSpec spec = language::small();
  spec.attention = attention;
  if (attention.find("sliding") != std::string::npos) {
    spec.slidingWindow = 3;
    spec.globalTokens = 1;
  }
  return spec;
}

/// Texts of unequal lengths, one of them hidden; the second sample lacks a soft token, the fourth all.
LanguageInput batch(bool soft, torch::ScalarType type) {
  LanguageInput input;
  input.ids_BT = torch::arange(kTexts * kLongest, torch::kInt64).mul(5).add(2).remainder(17).view({kTexts, kLongest});
  input.keep_BT = torch::zeros({kTexts, kLongest}, torch::kBool);
  for (std::int64_t b = 0; b < kTexts; ++b) {
    input.keep_BT.index_put_({b, Slice(0, kLengths[static_cast<std::size_t>(b)])}, true);
  }
  input.labels_BT = input.ids_BT.masked_fill(input.keep_BT.logical_not(), kNotScored);
  if (!soft) return input;
  input.soft = {wave({kTexts, kSoftTokens, kChannels}, 0.2).to(type), torch::ones({kTexts, kSoftTokens}, torch::kBool)};
  input.soft.keep_BT[1][0] = false;
  input.soft.keep_BT[3].fill_(false);
  return input;
}

struct Made {
  torch::Tensor text, soft, loss;  ///< hidden states, zero where nothing is
  std::map<std::string, torch::Tensor> gradients;
};

Made run(spec::LanguageSpec spec, bool packed, const LanguageInput& input, torch::ScalarType type) {
  spec.packed = packed;
  LanguageModel model(layers::Init(3, type), spec);
  fill(model);
  model.train();
  const LanguageOutput output = model.forward(input);
  Made made;
  made.text = output.hidden_BTC.masked_fill(input.keep_BT.logical_not().unsqueeze(2), 0.0);
  const torch::Tensor loss = languageLoss(model, input, output).loss;
  torch::Tensor total = loss + weighed(made.text);
  if (output.softHidden_BPC.defined()) {
    made.soft = output.softHidden_BPC.masked_fill(input.soft.keep_BT.logical_not().unsqueeze(2), 0.0);
    total = total + weighed(made.soft);
  }
  total.backward();
  made.loss = loss.detach();
  for (const auto& parameter : model.named_parameters()) made.gradients[parameter.key()] = parameter->grad();
  return made;
}

void expectAlike(const Made& a, const Made& b, double tolerance, const std::string& what) {
  const auto alike = [&](const torch::Tensor& x, const torch::Tensor& y) {
    return x.defined() == y.defined() && (!x.defined() || torch::allclose(x, y, tolerance, tolerance));
  };
  EXPECT_TRUE(alike(a.text, b.text)) << what;
  EXPECT_TRUE(alike(a.soft, b.soft)) << what;
  EXPECT_TRUE(alike(a.loss, b.loss)) << what;
  for (const auto& [name, gradient] : a.gradients) EXPECT_TRUE(alike(gradient, b.gradients.at(name))) << what << name;
}

TEST(Packed, GivesWhatThePaddedBatchGives) {
  for (const char* kind : {"flash", "multi_query", "sliding", "performer", "linear", "mamba", "mamba,flash"}) {
    for (const bool soft : {false, true}) {
      const LanguageInput input = batch(soft, torch::kFloat64);
      expectAlike(run(small(kind), true, input, torch::kFloat64), run(small(kind), false, input, torch::kFloat64), 1e-9,
                  std::string(kind) + (soft ? " after soft tokens " : " "));
    }
  }
}

TEST(Packed, AgreesInSinglePrecision) {
  const LanguageInput input = batch(true, torch::kFloat32);
  expectAlike(run(small("flash"), true, input, torch::kFloat32), run(small("flash"), false, input, torch::kFloat32),
              1e-5, "float32 ");
}

TEST(Packed, AgreesUnderScalingByLengthAndCheckpointing) {
  spec::LanguageSpec spec = small("flash");
  spec.ropeScaling = "dynamic";
  spec.ropeFactor = 4.0;
  spec.ropeOriginalLength = 5;
  const LanguageInput input = batch(true, torch::kFloat64);
  const Made padded = run(spec, false, input, torch::kFloat64);
  expectAlike(run(spec, true, input, torch::kFloat64), padded, 1e-9, "dynamic ");
  spec.checkpointing = true;
  expectAlike(run(spec, true, input, torch::kFloat64), padded, 1e-9, "checkpointing ");
}

TEST(Packed, EachTextIsComputedAsIfAlone) {
  spec::LanguageSpec spec = small("flash");
  spec.packed = true;
  LanguageModel model(layers::Init(3, torch::kFloat64), spec);
  fill(model);
  const torch::NoGradGuard noGradients;
  const LanguageInput input = batch(true, torch::kFloat64);
  const LanguageOutput together = model.forward(input);
  for (std::int64_t b = 0; b < kTexts; ++b) {
    const std::int64_t length = kLengths[static_cast<std::size_t>(b)];
    LanguageInput alone;
    alone.ids_BT = input.ids_BT.slice(0, b, b + 1).slice(1, 0, length);
    alone.keep_BT = input.keep_BT.slice(0, b, b + 1).slice(1, 0, length);
    alone.soft = {input.soft.values_BTC.slice(0, b, b + 1), input.soft.keep_BT.slice(0, b, b + 1)};
    const LanguageOutput own = model.forward(alone);
    EXPECT_TRUE(torch::allclose(together.hidden_BTC[b].slice(0, 0, length), own.hidden_BTC[0], 1e-9, 1e-10)) << b;
    EXPECT_TRUE(torch::allclose(together.softHidden_BPC[b], own.softHidden_BPC[0], 1e-9, 1e-10)) << b;
  }
}

TEST(Packed, ABatchWithoutAnythingToReadIsZero) {
  spec::LanguageSpec spec = small("flash");
  spec.packed = true;
  LanguageModel model(layers::Init(3, torch::kFloat64), spec);
  LanguageInput input = batch(false, torch::kFloat64);
  input.keep_BT.fill_(false);
  EXPECT_EQ(model.forward(input).hidden_BTC.abs().max().item<double>(), 0.0);
}

}  // namespace
