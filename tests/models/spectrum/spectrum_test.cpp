// SPDX-License-Identifier: Apache-2.0
#include "models/spectrum/spectrum.h"

#include <gtest/gtest.h>

#include <limits>

#include "tests/models/gradient_check.h"

namespace ecumene::models::spectrum {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

spec::SpectrumSpec tinySpec() {
  spec::SpectrumSpec spec;
  spec.width = 16;
  spec.heads = 2;
  spec.featureWidth = 8;
  return spec;
}

SpectrumModel tinySpectrum(torch::ScalarType type = torch::kFloat32) {
  return {layers::Init(5, torch::TensorOptions(type)), tinySpec()};
}

/// Bands of closed form, another phase for each planet; all bins observed.
SpectrumInput bands(std::int64_t batch, torch::ScalarType type = torch::kFloat32) {
  const torch::Tensor point = torch::arange(1000, torch::kFloat64).unsqueeze(0);
  const torch::Tensor planet = torch::arange(batch, torch::kFloat64).unsqueeze(1);
  const torch::Tensor depth = torch::sin(point * 0.05 + planet) + 0.3 * torch::cos(point * 0.31 - planet);
  const torch::Tensor sigma = 0.8 * torch::cos(point * 0.9 + planet * 0.4);
  const torch::Tensor wavelength = (point / 499.5 - 1.0).expand({batch, -1});
  return {torch::stack({depth, sigma, wavelength}, 2).to(type), torch::ones({batch, 1000}, torch::kBool),
          torch::ones({batch}, torch::kBool)};
}

TEST(SpectrumModel, GivesOneTokenAPatch) {
  SpectrumModel model = tinySpectrum();
  const SpectrumOutput output = model.forward(bands(2));
  EXPECT_EQ(output.tokens.values_BTC.sizes(), (std::vector<std::int64_t>{2, 50, 16}));
  EXPECT_TRUE(output.tokens.keep_BT.all().item<bool>());
  EXPECT_EQ(output.features_BC.sizes(), (std::vector<std::int64_t>{2, 8}));
}

TEST(SpectrumModel, MissingBinsNeverReachTheOutputOrTheGradients) {
  const auto run = [](double filler) {
    SpectrumModel model = tinySpectrum();
    SpectrumInput input = bands(3);
    input.present_BP[0].slice(0, 7, 12) = false;     // inside a patch
    input.present_BP[0].slice(0, 200, 260) = false;  // three whole patches
    input.present_BP[1] = false;                     // nothing at all
    input.keep_B[2] = false;
    const torch::Tensor gone = (input.present_BP & input.keep_B.unsqueeze(1)).logical_not().unsqueeze(2);
    input.values_BPK = input.values_BPK.masked_fill(gone, filler);
    const SpectrumOutput output = model.forward(input);
    (weighed(output.features_BC) + weighed(output.tokens.values_BTC)).backward();
    std::vector<torch::Tensor> results{output.features_BC.flatten(), output.tokens.values_BTC.flatten()};
    for (const torch::Tensor& parameter : model.parameters()) results.push_back(parameter.grad().flatten());
    return std::pair{torch::cat(results), output};
  };
  const auto [clean, output] = run(0.0);
  EXPECT_TRUE(clean.isfinite().all().item<bool>());
  EXPECT_TRUE(torch::equal(clean, run(3.0).first));
  EXPECT_TRUE(torch::equal(clean, run(kNan).first));

  const torch::Tensor keep = output.tokens.keep_BT;
  for (std::int64_t patch = 0; patch < 50; ++patch) {
    EXPECT_EQ(keep[0][patch].item<bool>(), patch < 10 || patch > 12) << patch;
  }
  EXPECT_FALSE(keep[1].any().item<bool>());
  EXPECT_FALSE(keep[2].any().item<bool>());
  EXPECT_GT(output.features_BC[0].abs().max().item<double>(), 0.0);
  EXPECT_EQ(output.features_BC[1].abs().max().item<double>(), 0.0);
  EXPECT_EQ(output.features_BC[2].abs().max().item<double>(), 0.0);
}

TEST(SpectrumModel, PatchesThatAreNotThereAreNotAttendedTo) {
  SpectrumModel model = tinySpectrum();
  const SpectrumInput input = bands(1);
  layers::AttentionRecord record;
  SpectrumInput fewer = input;
  fewer.present_BP = input.present_BP.clone();
  fewer.present_BP[0].slice(0, 20, 40) = false;
  model.recordTo(0, &record);
  model.forward(fewer);
  ASSERT_EQ(record.weights_BHTS.sizes(), (std::vector<std::int64_t>{1, 2, 50, 50}));
  EXPECT_EQ(record.weights_BHTS.select(3, 1).abs().max().item<double>(), 0.0);
  EXPECT_TRUE(torch::allclose(record.weights_BHTS.sum(3), torch::ones({1, 2, 50})));
}

TEST(SpectrumModel, NoisyBinsCountLess) {
  // The same change of depth in one bin moves the features less, the larger the bin's error is.
  SpectrumModel model = tinySpectrum(torch::kFloat64);
  double previous = std::numeric_limits<double>::infinity();
  for (const double logSigma : {-2.0, 0.0, 2.0, 4.0}) {
    SpectrumInput input = bands(1, torch::kFloat64);
    input.values_BPK[0][105][1] = logSigma;
    SpectrumInput deeper = input;
    deeper.values_BPK = input.values_BPK.clone();
    deeper.values_BPK[0][105][0] += 0.01;
    const torch::Tensor before = model.forward(input).tokens.values_BTC;
    const double moved = (model.forward(deeper).tokens.values_BTC - before).norm().item<double>();
    EXPECT_LT(moved, previous) << logSigma;
    EXPECT_GT(moved, 0.0) << logSigma;
    previous = moved;
  }
}

TEST(SpectrumModel, KnowsWhereABandIs) {
  SpectrumModel model = tinySpectrum();
  SpectrumInput input = bands(1);
  SpectrumInput moved = input;
  moved.values_BPK = input.values_BPK.clone();
  moved.values_BPK.select(2, 0) = input.values_BPK.select(2, 0).roll(100, 1);
  EXPECT_FALSE(torch::allclose(model.forward(input).features_BC, model.forward(moved).features_BC));
}

TEST(SpectrumModel, GradientsReachEveryParameterAndMatchDifferences) {
  SpectrumModel model = tinySpectrum(torch::kFloat64);
  SpectrumInput input = bands(2, torch::kFloat64);
  input.present_BP[0].slice(0, 7, 12) = false;
  const auto loss = [&] {
    const SpectrumOutput output = model.forward(input);
    return weighed(output.features_BC) + 0.1 * weighed(output.tokens.values_BTC);
  };
  expectGradientsMatchDifferences(model, loss);
  for (const auto& parameter : model.named_parameters()) {
    EXPECT_GT(parameter->grad().abs().max().item<double>(), 0.0) << parameter.key();
  }
}

TEST(SpectrumModel, StandsOnTheMetaDevice) {
  const SpectrumModel model(layers::Init(1, torch::TensorOptions(torch::kMeta)), spec::SpectrumSpec{});
  for (const torch::Tensor& parameter : model.parameters()) EXPECT_TRUE(parameter.is_meta());
}

}  // namespace
}  // namespace ecumene::models::spectrum
