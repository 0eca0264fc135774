// SPDX-License-Identifier: Apache-2.0
// Truth: the recurrence in loops over doubles; finite differences.
#include "models/layers/mamba.h"

#include <gtest/gtest.h>

#include "tests/models/gradient_check.h"
#include "tests/models/layers/waves.h"

namespace {

using namespace ecumene::models;
using namespace ecumene::models::layers;

TEST(SelectiveScan, IsTheRecurrenceWithinAndAcrossBlocks) {
  constexpr std::int64_t kBatch = 2, kLength = 150, kInner = 3, kState = 4;
  const torch::Tensor u = wave({kBatch, kLength, kInner}, 0.1), dt = wave({kBatch, kLength, kInner}, 0.3).abs();
  const torch::Tensor A = -wave({kInner, kState}, 0.5).abs() - 0.1;
  const torch::Tensor B = wave({kBatch, kLength, kState}, 0.7), C = wave({kBatch, kLength, kState}, 0.9);
  torch::Tensor state = wave({kBatch, kInner, kState}, 0.2);
  torch::Tensor h = state.clone(), expected = torch::zeros_like(u);
  auto H = h.accessor<double, 3>(), Y = expected.accessor<double, 3>();
  for (std::int64_t b = 0; b < kBatch; ++b) {
    for (std::int64_t t = 0; t < kLength; ++t) {
      for (std::int64_t e = 0; e < kInner; ++e) {
        const double step = element(dt, {b, t, e}), input = element(u, {b, t, e});
        for (std::int64_t n = 0; n < kState; ++n) {
          H[b][e][n] = std::exp(step * element(A, {e, n})) * H[b][e][n] + step * input * element(B, {b, t, n});
          Y[b][t][e] += H[b][e][n] * element(C, {b, t, n});
        }
      }
    }
  }
  const torch::Tensor found = selectiveScan(u, dt, A, B, C, state);
  EXPECT_TRUE(torch::allclose(found, expected, 1e-10, 1e-12));
  EXPECT_TRUE(torch::allclose(state, h, 1e-10, 1e-12));
}

TEST(Mamba, LaterPositionsNeverReachEarlierOnes) {
  const Mamba layer(Init(3, torch::kFloat64), 6);
  torch::Tensor x = wave({1, 80, 6}, 0.2);
  const torch::Tensor before = layer.forward(x, {});
  x[0][50].fill_(3.0);
  const torch::Tensor after = layer.forward(x, {});
  EXPECT_TRUE(torch::equal(before.slice(1, 0, 50), after.slice(1, 0, 50)));
  EXPECT_GT((before[0][51] - after[0][51]).abs().max().item<double>(), 1e-6);
}

TEST(Mamba, HiddenPositionsLeaveNoTrace) {
  const Mamba layer(Init(3, torch::kFloat64), 6);
  const torch::Tensor x = wave({1, 9, 6}, 0.2);
  torch::Tensor keep = torch::ones({1, 9}, torch::kBool);
  keep.slice(1, 0, 4).fill_(false);
  const torch::Tensor found = layer.forward(x, keep).slice(1, 4);
  EXPECT_TRUE(torch::allclose(found, layer.forward(x.slice(1, 4), {}), 1e-12, 1e-14));
}

TEST(Mamba, ContinuingAStateIsTheWholePass) {
  const Mamba layer(Init(3, torch::kFloat64), 6);
  const torch::Tensor x = wave({2, 70, 6}, 0.2), whole = layer.forward(x, {});
  MambaState state;
  std::vector<torch::Tensor> parts;
  std::int64_t begin = 0;
  for (const std::int64_t count : {1, 2, 66, 1}) {
    parts.push_back(layer.forward(x.narrow(1, begin, count), {}, &state));
    begin += count;
  }
  EXPECT_TRUE(torch::allclose(torch::cat(parts, 1), whole, 1e-11, 1e-13));
}

TEST(Mamba, GradientsMatchFiniteDifferences) {
  Mamba layer(Init(3, torch::kFloat64), 4);
  const torch::Tensor x = wave({2, 70, 4}, 0.2);
  expectGradientsMatchDifferences(layer, [&] { return weighed(layer.forward(x, {})); });
}

TEST(Mamba, StepsBeginBetweenAThousandthAndATenth) {
  const Mamba layer(Init(3, torch::kFloat64), 16);
  const torch::Tensor steps = torch::softplus(layer.step->bias);
  EXPECT_NEAR(steps.min().item<double>(), 1e-3, 1e-9);
  EXPECT_NEAR(steps.max().item<double>(), 1e-1, 1e-9);
}

}  // namespace
