// SPDX-License-Identifier: Apache-2.0
// Truth: attention over the mixtures written out.
#include "models/layers/linformer.h"

#include <gtest/gtest.h>

#include "tests/models/gradient_check.h"
#include "tests/models/layers/waves.h"

namespace {

using namespace ecumene::models;
using namespace ecumene::models::layers;

/// The formula with mixtures [rank, T] in the place of E and F.
torch::Tensor overMixtures(const Linformer& layer, const torch::Tensor& x, const torch::Tensor& ofKeys,
                           const torch::Tensor& ofValues) {
  const auto project = [&](const Linear& linear) { return torch::matmul(x[0], linear.weight.t()); };
  const torch::Tensor keys = torch::matmul(ofKeys, project(*layer.key));
  const torch::Tensor values = torch::matmul(ofValues, project(*layer.value));
  std::vector<torch::Tensor> heads;
  for (std::int64_t head = 0; head < 2; ++head) {
    const auto part = [&](const torch::Tensor& y) { return y.slice(1, 3 * head, 3 * head + 3); };
    const torch::Tensor scores = torch::matmul(part(project(*layer.query)), part(keys).t()) / std::sqrt(3.0);
    heads.push_back(torch::matmul(torch::softmax(scores, 1), part(values)));
  }
  return torch::matmul(torch::cat(heads, 1), layer.out->weight.t());
}

TEST(Linformer, AttendsToMixturesOfPositions) {
  const Linformer layer(Init(3, torch::kFloat64), 6, 2, 9, 4);
  const torch::Tensor x = wave({1, 7, 6}, 0.2);
  const torch::Tensor expected =
      overMixtures(layer, x, layer.keyMixture.slice(1, 0, 7), layer.valueMixture.slice(1, 0, 7));
  EXPECT_TRUE(torch::allclose(layer.forward(x, {})[0], expected, 1e-10, 1e-12));
}

TEST(Linformer, StretchesOfTheFullLengthShareTheirMixtures) {
  const Linformer layer(Init(3, torch::kFloat64), 6, 2, 9, 4);
  const torch::Tensor x = wave({1, 18, 6}, 0.2);
  const auto twice = [](const torch::Tensor& mixture) { return torch::cat({mixture, mixture}, 1) / 2.0; };
  const torch::Tensor expected = overMixtures(layer, x, twice(layer.keyMixture), twice(layer.valueMixture));
  EXPECT_TRUE(torch::allclose(layer.forward(x, {})[0], expected, 1e-10, 1e-12));
  EXPECT_THROW(static_cast<void>(layer.forward(wave({1, 10, 6}, 0.2), {})), c10::Error);
}

TEST(Linformer, HiddenPositionsEnterNoMixture) {
  const Linformer layer(Init(3, torch::kFloat64), 6, 2, 9, 4);
  torch::Tensor x = wave({2, 7, 6}, 0.2);
  AttentionScope scope;
  scope.keep_BS = torch::ones({2, 7}, torch::kBool);
  scope.keep_BS[1][6] = false;
  const torch::Tensor before = layer.forward(x, scope);
  x[1][6].fill_(1e3);
  EXPECT_TRUE(torch::equal(layer.forward(x, scope)[1].slice(0, 0, 6), before[1].slice(0, 0, 6)));
  const torch::Tensor shorter = layer.forward(x.slice(0, 1).slice(1, 0, 6), {});
  EXPECT_TRUE(torch::allclose(shorter[0], before[1].slice(0, 0, 6), 1e-10, 1e-12));
}

TEST(Linformer, RefusesACausalMask) {
  const Linformer layer(Init(3), 6, 2, 9, 4);
  EXPECT_THROW(static_cast<void>(layer.forward(torch::ones({1, 7, 6}), {.causal = true})), c10::Error);
}

TEST(Linformer, GradientsMatchFiniteDifferences) {
  Linformer layer(Init(3, torch::kFloat64), 6, 2, 7, 3);
  const torch::Tensor x = wave({2, 7, 6}, 0.2);
  expectGradientsMatchDifferences(layer, [&] { return weighed(layer.forward(x, {})); });
}

}  // namespace
