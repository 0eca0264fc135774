// SPDX-License-Identifier: Apache-2.0
// Every kind of attention that a climate may have trains in the whole model.
#include <gtest/gtest.h>

#include <cmath>

#include "engine/train/draws.h"
#include "tests/models/unified/planets.h"

namespace ecumene::models::unified {
namespace {

class ClimateKind : public testing::TestWithParam<const char*> {};

TEST_P(ClimateKind, TakesAStepThatLowersTheLoss) {
  engine::config::RunSpec spec = nano();
  spec.model.climate.attention = GetParam();
  UnifiedModel model = Planets::shared().model(spec, torch::kFloat32);
  Batch batch = Planets::shared().batch({0, 1, 2, 3});
  engine::train::drawForTraining(batch.input, batch.ids(), spec, 0);
  const climate::ClimateScale scale = Planets::shared().scale();
  torch::optim::AdamW optimiser(model.parameters(), torch::optim::AdamWOptions(1e-3));
  const auto loss = [&] { return model.loss(batch.input, model.forward(batch.input), spec.loss, scale, 1.0).total; };
  model.eval();
  const torch::Tensor before = loss();
  before.backward();
  for (const auto& parameter : model.climate->named_parameters()) {
    if (!parameter.key().starts_with("global")) continue;
    ASSERT_TRUE(parameter->grad().defined()) << parameter.key();
    EXPECT_GT(parameter->grad().abs().max().item<double>(), 0.0) << parameter.key();
  }
  optimiser.step();
  const torch::NoGradGuard noGradients;
  const double after = loss().item<double>();
  EXPECT_TRUE(std::isfinite(after));
  EXPECT_LT(after, before.item<double>());
}

INSTANTIATE_TEST_SUITE_P(All, ClimateKind, testing::Values("exact", "performer", "linear", "linformer"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace ecumene::models::unified
