// SPDX-License-Identifier: Apache-2.0
// Truth: sums by hand, bit-equality under changes that may not be seen.
#include "models/unified/soft_tokens.h"

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace ecumene::models;
using layers::Init;
using layers::Tokens;
using unified::SoftTokens;

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

TEST(SoftTokens, EachPresentSampleGivesItsTokensAndAnAbsentOneIsNeverRead) {
  const SoftTokens soft(Init(2, torch::kFloat64), 5, 3, 4);
  const torch::Tensor keep = torch::tensor({true, false});
  torch::Tensor features = torch::sin(torch::arange(10, torch::kFloat64)).view({2, 5});
  const Tokens tokens = soft.forward(features, keep);
  EXPECT_EQ(tokens.values_BTC.sizes(), (torch::IntArrayRef{2, 3, 4}));
  EXPECT_TRUE(torch::equal(tokens.keep_BT, torch::tensor({{true, true, true}, {false, false, false}})));

  // W norm(x) + b + position, with the norm x / sqrt(mean(x^2) + 1e-5).
  auto parameters = soft.named_parameters();
  const torch::Tensor x = features[0] / (features[0].square().mean() + 1e-5).sqrt();
  const torch::Tensor expected = torch::mv(parameters["project.weight"], x).view({3, 4}) + parameters["position"];
  EXPECT_TRUE(torch::allclose(tokens.values_BTC[0], expected, 0.0, 1e-12));

  features[1].fill_(kAbsent);
  const Tokens again = soft.forward(features, keep);
  EXPECT_TRUE(torch::equal(again.values_BTC, tokens.values_BTC));
  again.values_BTC.sum().backward();
  for (const auto& item : soft.named_parameters()) {
    EXPECT_TRUE(item.value().grad().isfinite().all().item<bool>()) << item.key();
    EXPECT_GT(item.value().grad().abs().max().item<double>(), 0.0) << item.key();
  }
}

TEST(SoftTokens, ConcatenateKeepsTheOrderAndLeavesUndefinedOut) {
  const Tokens a{torch::ones({2, 1, 3}), torch::ones({2, 1}, torch::kBool)};
  const Tokens b{torch::zeros({2, 2, 3}), torch::zeros({2, 2}, torch::kBool)};
  const Tokens joined = unified::concatenate({a, {}, b});
  EXPECT_TRUE(torch::equal(joined.values_BTC, torch::cat({a.values_BTC, b.values_BTC}, 1)));
  EXPECT_TRUE(torch::equal(joined.keep_BT, torch::tensor({{true, false, false}, {true, false, false}})));
  EXPECT_FALSE(unified::concatenate({{}, {}}).values_BTC.defined());
}

TEST(SoftTokens, PoolIsTheMeanOfTheKept) {
  torch::Tensor values = torch::tensor(
      {{{1.0, 2.0}, {3.0, 6.0}, {kAbsent, kAbsent}}, {{kAbsent, 1.0}, {kAbsent, 1.0}, {2.0, 2.0}}}, torch::kFloat64);
  values.requires_grad_();
  const torch::Tensor keep = torch::tensor({{true, true, false}, {false, false, false}});
  const torch::Tensor pooled = unified::pool({values, keep});
  EXPECT_TRUE(torch::equal(pooled, torch::tensor({{2.0, 4.0}, {0.0, 0.0}}, torch::kFloat64)));
  pooled.sum().backward();
  EXPECT_TRUE(
      torch::equal(values.grad().select(2, 0), torch::tensor({{0.5, 0.5, 0.0}, {0.0, 0.0, 0.0}}, torch::kFloat64)));
}

}  // namespace
