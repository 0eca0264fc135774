// SPDX-License-Identifier: Apache-2.0
#include "models/layers/dropout.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "models/layers/checkpointed.h"

namespace ecumene::models::layers {
namespace {

torch::Tensor drawn(std::uint64_t seed) {
  const DropoutNumbers numbers(seed);
  return torch::cat({layers::dropout(torch::ones({500}), 0.3, true), layers::dropout(torch::ones({500}), 0.3, true)});
}

TEST(Dropout, IsTorchsWithTheSameNumbers) {
  torch::manual_seed(11);
  const torch::Tensor expected =
      torch::cat({torch::dropout(torch::ones({500}), 0.3, true), torch::dropout(torch::ones({500}), 0.3, true)});
  EXPECT_TRUE(torch::equal(drawn(11), expected));
  EXPECT_FALSE(torch::equal(drawn(12), expected));
  torch::manual_seed(11);
  EXPECT_TRUE(torch::equal(layers::dropout(torch::ones({500}), 0.3, true), expected.slice(0, 0, 500)));
  EXPECT_TRUE(torch::equal(layers::dropout(torch::ones({5}), 0.3, false), torch::ones({5})));
}

TEST(Dropout, ThreadsDoNotDisturbEachOther) {
  const at::Generator shared = at::globalContext().defaultGenerator(torch::kCPU);
  const torch::Tensor state = shared.get_state();
  const torch::Tensor alone = drawn(1), other = drawn(2);
  for (int round = 0; round < 20; ++round) {
    std::vector<torch::Tensor> made(2);
    {
      const std::jthread thread([&] { made[1] = drawn(2); });
      made[0] = drawn(1);
    }
    EXPECT_TRUE(torch::equal(made[0], alone));
    EXPECT_TRUE(torch::equal(made[1], other));
  }
  EXPECT_TRUE(torch::equal(state, shared.get_state()));
}

TEST(Dropout, IsReplayedByACheckpointedFunction) {
  const auto gradient = [](bool checkpoint) {
    const DropoutNumbers numbers(5);
    const torch::Tensor x = torch::linspace(0.1, 1.0, 64).requires_grad_(true);
    const auto twice = [](const std::vector<torch::Tensor>& given) {
      return layers::dropout(given.front().sin(), 0.5, true) * given.front();
    };
    const torch::Tensor y = checkpoint ? checkpointed(twice, {x}) : twice({x});
    layers::dropout(y, 0.5, true).sum().backward();
    return x.grad().clone();
  };
  EXPECT_TRUE(torch::equal(gradient(true), gradient(false)));
}

}  // namespace
}  // namespace ecumene::models::layers
