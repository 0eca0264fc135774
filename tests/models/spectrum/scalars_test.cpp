// SPDX-License-Identifier: Apache-2.0
#include "models/spectrum/scalars.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/models/gradient_check.h"

namespace ecumene::models::spectrum {
namespace {

ScalarModel tinyScalars(torch::ScalarType type = torch::kFloat32) {
  return {layers::Init(5, torch::TensorOptions(type)), spec::ScalarSpec{16}};
}

ScalarInput planets(std::int64_t batch, torch::ScalarType type = torch::kFloat32) {
  return {torch::arange(batch * 10, torch::kFloat64).mul(0.77).sin().mul(1.5).view({batch, 10}).to(type),
          torch::ones({batch, 10}, torch::kBool)};
}

TEST(ScalarModel, AbsentValuesNeverReachTheOutputOrTheGradients) {
  const auto run = [](double filler) {
    ScalarModel model = tinyScalars();
    ScalarInput input = planets(2);
    input.present_BN[0][3] = false;
    input.present_BN[1] = false;
    input.values_BN = input.values_BN.masked_fill(input.present_BN.logical_not(), filler);
    const layers::Tokens tokens = model.forward(input);
    weighed(tokens.values_BTC).backward();
    EXPECT_TRUE(torch::equal(tokens.keep_BT, input.present_BN));
    std::vector<torch::Tensor> results{tokens.values_BTC.flatten()};
    for (const torch::Tensor& parameter : model.parameters()) results.push_back(parameter.grad().flatten());
    return torch::cat(results);
  };
  const torch::Tensor clean = run(0.0);
  EXPECT_TRUE(clean.isfinite().all().item<bool>());
  EXPECT_TRUE(torch::equal(clean, run(2.5)));
  EXPECT_TRUE(torch::equal(clean, run(std::numeric_limits<double>::quiet_NaN())));
}

TEST(ScalarModel, AValueChangesItsOwnTokenOnly) {
  ScalarModel model = tinyScalars();
  ScalarInput input = planets(1);
  const torch::Tensor before = model.forward(input).values_BTC;
  ASSERT_EQ(before.sizes(), (std::vector<std::int64_t>{1, 10, 16}));
  input.values_BN[0][6] += 0.1;
  const torch::Tensor changed = (model.forward(input).values_BTC != before).any(2)[0];
  for (std::int64_t i = 0; i < 10; ++i) EXPECT_EQ(changed[i].item<bool>(), i == 6) << i;
}

TEST(ScalarModel, EqualValuesOfTwoScalarsGiveDifferentTokens) {
  ScalarModel model = tinyScalars();
  ScalarInput input = planets(1);
  input.values_BN.fill_(0.4);
  const torch::Tensor tokens = model.forward(input).values_BTC[0];
  EXPECT_FALSE(torch::allclose(tokens[0], tokens[1]));
}

TEST(ScalarModel, TheMeanOfTheTokensKnowsWhichValueIsWhose) {
  ScalarModel model = tinyScalars();
  ScalarInput input = planets(1), swapped = input;
  swapped.values_BN = input.values_BN.clone();
  swapped.values_BN[0][2] = input.values_BN[0][7];
  swapped.values_BN[0][7] = input.values_BN[0][2];
  const torch::Tensor mean = model.forward(input).values_BTC.mean(1);
  EXPECT_GT((model.forward(swapped).values_BTC.mean(1) - mean).abs().max().item<double>(), 0.01);
}

TEST(ScalarModel, GradientsReachEveryParameterAndMatchDifferences) {
  ScalarModel model = tinyScalars(torch::kFloat64);
  const ScalarInput input = planets(2, torch::kFloat64);
  expectGradientsMatchDifferences(model, [&] { return weighed(model.forward(input).values_BTC.square()); });
  for (const auto& parameter : model.named_parameters()) {
    EXPECT_GT(parameter->grad().abs().max().item<double>(), 0.0) << parameter.key();
  }
}

}  // namespace
}  // namespace ecumene::models::spectrum
