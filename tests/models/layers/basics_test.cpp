// SPDX-License-Identifier: Apache-2.0
// Truth: closed forms, and what must be equal.
#include <gtest/gtest.h>

#include "models/layers/attention.h"
#include "tests/models/gradient_check.h"
#include "tests/models/layers/waves.h"

namespace {

using namespace ecumene::models;
using namespace ecumene::models::layers;

TEST(Init, ValueDependsOnSeedAndNameAlone) {
  const torch::Tensor a = Init(1).child("x").normal("w", {4, 3}, 1.0);
  Init other(1);
  const torch::Tensor between = other.child("y").normal("w", {9}, 1.0);
  EXPECT_EQ(between.numel(), 9);
  EXPECT_TRUE(torch::equal(a, other.child("x").normal("w", {4, 3}, 1.0)));
  EXPECT_FALSE(torch::equal(a, Init(2).child("x").normal("w", {4, 3}, 1.0)));
  EXPECT_FALSE(torch::equal(a, Init(1).child("x").normal("v", {4, 3}, 1.0)));
  const torch::Tensor half = Init(1, torch::kFloat64).child("x").normal("w", {4, 3}, 1.0);
  EXPECT_TRUE(torch::equal(a.to(torch::kFloat64), half));
}

TEST(Init, MetaAllocatesNothing) {
  const Linear layer(Init(1, torch::kMeta), 1 << 20, 1 << 20);
  EXPECT_TRUE(layer.weight.is_meta());
  EXPECT_EQ(layer.weight.numel(), std::int64_t{1} << 40);
}

TEST(Init, UninitialisedHasShapesOfTheRest) {
  const Linear layer(Init::uninitialised(torch::kFloat64), 3, 5);
  EXPECT_EQ(layer.weight.sizes(), (torch::IntArrayRef{5, 3}));
  EXPECT_EQ(layer.weight.scalar_type(), torch::kFloat64);
}

TEST(RmsNorm, DividesByTheRootMeanSquare) {
  RmsNorm norm(Init(1, torch::kFloat64), 4, 0.5);
  const torch::Tensor y = norm.forward(torch::tensor({1.0, -2.0, 3.0, 4.0}, torch::kFloat64));
  const double root = std::sqrt(30.0 / 4.0 + 0.5);
  EXPECT_NEAR(y[1].item<double>(), -2.0 / root, 1e-15);
  EXPECT_NEAR(y[3].item<double>(), 4.0 / root, 1e-15);
  norm.weight.set_data(wave({4}, 0.4));
  const torch::Tensor x = wave({3, 4}, 0.2);
  expectGradientsMatchDifferences(norm, [&] { return weighed(norm.forward(x)); });
}

TEST(RmsNorm, NarrowTypesAreSummedWide) {
  RmsNorm norm(Init(1, torch::kBFloat16), 512);
  const torch::Tensor y = norm.forward(torch::full({512}, 3e3, torch::kBFloat16));
  EXPECT_NEAR(y[0].item<float>(), 1.0F, 1e-2F);
}

TEST(SwiGlu, IsTheFormula) {
  SwiGlu layer(Init(2, torch::kFloat64), 3, 5);
  const torch::Tensor x = wave({2, 3}, 0.1);
  const torch::Tensor gate = torch::matmul(x, layer.gate->weight.t()), up = torch::matmul(x, layer.up->weight.t());
  const torch::Tensor expected = torch::matmul(gate / (1.0 + torch::exp(-gate)) * up, layer.down->weight.t());
  EXPECT_TRUE(torch::allclose(layer.forward(x), expected, 1e-12, 1e-13));
}

TEST(Linear, LowRankAdditionBeginsAtNothingAndMergesExactly) {
  Linear layer(Init(2, torch::kFloat64), 6, 4);
  const torch::Tensor x = wave({5, 6}, 0.1), before = layer.forward(x);
  layer.addLora(Init(2, torch::kFloat64), 2, 3.0);
  EXPECT_TRUE(torch::equal(layer.forward(x), before));
  EXPECT_FALSE(layer.weight.requires_grad());
  const torch::NoGradGuard noGradients;
  auto parameters = layer.named_parameters();
  parameters["lora_b"].copy_(wave({4, 2}, 0.8));
  const torch::Tensor factors = torch::matmul(parameters["lora_b"], parameters["lora_a"]) * (3.0 / 2.0);
  const torch::Tensor expected = before + torch::matmul(x, factors.t());
  EXPECT_TRUE(torch::allclose(layer.forward(x), expected, 1e-12, 1e-13));
  EXPECT_TRUE(torch::allclose(layer.mergedWeight(), layer.weight + factors, 1e-12, 1e-13));
  const torch::Tensor merged = torch::nn::functional::linear(x, layer.mergedWeight(), layer.bias);
  EXPECT_TRUE(torch::allclose(merged, expected, 1e-12, 1e-13));
}

TEST(TransformerBlock, GradientsMatchFiniteDifferences) {
  TransformerBlock block(Init(4, torch::kFloat64), 8, 2);
  const torch::Tensor x = wave({2, 5, 8}, 0.3);
  AttentionScope scope;
  scope.keep_BS = torch::ones({2, 5}, torch::kBool);
  scope.keep_BS[0][3] = false;
  expectGradientsMatchDifferences(block, [&] { return weighed(block.forward(x, scope)); });
}

}  // namespace
