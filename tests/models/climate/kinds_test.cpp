// SPDX-License-Identifier: Apache-2.0
// Kinds of attention of the global blocks: what each promises of a climate.
#include <gtest/gtest.h>

#include <string>

#include "models/climate/climate.h"
#include "tests/models/climate/cubes.h"
#include "tests/models/gradient_check.h"

namespace ecumene::models::climate {
namespace {

ClimateModel with(const std::string& attention, std::int64_t globalBlocks = 1) {
  spec::ClimateSpec spec = tinySpec();
  spec.globalBlocks = globalBlocks;
  spec.attention = attention;
  return {layers::Init(3, torch::kFloat64), spec};
}

class Kind : public testing::TestWithParam<const char*> {};

TEST_P(Kind, GradientsMatchFiniteDifferences) {
  ClimateModel model = with(GetParam());
  const ClimateInput input = waves(1, 2);
  expectGradientsMatchDifferences(model, [&] {
    const ClimateOutput output = model.forward(input);
    return weighed(output.tokens.values_BTC) + weighed(output.features_BC);
  });
}

TEST_P(Kind, IsAFunctionOfItsOwn) {
  const torch::NoGradGuard noGradients;
  const ClimateInput input = waves(1);
  ClimateModel exact = with("exact"), other = with(GetParam());
  const torch::Tensor a = exact.forward(input).tokens.values_BTC, b = other.forward(input).tokens.values_BTC;
  EXPECT_FALSE(torch::allclose(a, b, 1e-6, 1e-6));
  ClimateModel none = with(GetParam(), 0);
  EXPECT_FALSE(torch::allclose(b, none.forward(input).tokens.values_BTC, 1e-6, 1e-6));
}

/// Half a turn: whole windows of the fine grid.
TEST_P(Kind, TurningThePlanetTurnsTheTokensUnlessPlacesAreAbsolute) {
  const torch::NoGradGuard noGradients;
  ClimateModel model = with(GetParam());
  ClimateInput input = waves(1), turned = input;
  turned.levels_BVEMYXL = input.levels_BVEMYXL.roll(32, 5);
  turned.surface_BSEMYX = input.surface_BSEMYX.roll(32, 5);
  const auto tokens = [&](const ClimateInput& x) { return model.forward(x).tokens.values_BTC.view({1, 2, 4, 8, -1}); };
  const bool turns = torch::allclose(tokens(turned), tokens(input).roll(4, 3), 1e-9, 1e-10);
  EXPECT_EQ(turns, std::string(GetParam()) != "linformer");
}

INSTANTIATE_TEST_SUITE_P(All, Kind, testing::Values("performer", "linear", "linformer"),
                         [](const auto& kind) { return std::string(kind.param); });

TEST(ClimateKinds, LinformersAttentionCannotBeRecorded) {
  layers::AttentionRecord record;
  ClimateModel model = with("linformer");
  EXPECT_THROW(model.recordTo(0, &record), c10::Error);
  model.recordTo(0, nullptr);
  ClimateModel linear = with("linear");
  linear.recordTo(0, &record);
  linear.forward(waves(1));
  EXPECT_TRUE(torch::allclose(record.weights_BHTS.sum(3), torch::ones({1, 1}, torch::kFloat32), 1e-5, 1e-5));
}

}  // namespace
}  // namespace ecumene::models::climate
