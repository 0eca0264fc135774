// SPDX-License-Identifier: Apache-2.0
#include "models/climate/climate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "tests/models/climate/cubes.h"
#include "tests/models/gradient_check.h"

namespace ecumene::models::climate {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

ClimateModel tinyModel(torch::ScalarType type = torch::kFloat64) {
  return {layers::Init(3, torch::TensorOptions(type)), tinySpec()};
}

bool same(const ClimateOutput& a, const ClimateOutput& b) {
  return torch::equal(a.tokens.values_BTC, b.tokens.values_BTC) && torch::equal(a.tokens.keep_BT, b.tokens.keep_BT) &&
         torch::equal(a.features_BC, b.features_BC) && torch::equal(a.hidden.levels_NVCL, b.hidden.levels_NVCL) &&
         torch::equal(a.hidden.surface_NSC, b.hidden.surface_NSC);
}

TEST(ClimateModel, GivesTokensFeaturesAndHiddenPatches) {
  ClimateModel model = tinyModel(torch::kFloat32);
  for (const std::int64_t epochs : {1, 2}) {
    ClimateInput input = waves(2, epochs, torch::kFloat32);
    ClimateOutput output = model.forward(input);
    EXPECT_EQ(output.tokens.values_BTC.sizes(), (std::vector<std::int64_t>{2, epochs * 2 * 4 * 8, 16}));
    EXPECT_TRUE(output.tokens.keep_BT.all().item<bool>());
    EXPECT_EQ(output.features_BC.sizes(), (std::vector<std::int64_t>{2, 8}));
    EXPECT_FALSE(output.hidden.levels_NVCL.defined());
    input.hidden_BP = everyThird(2, model.grid().patches(epochs));
    for (const std::int64_t kept : {2, 1, 0}) {
      if (kept < 2) input.keep_B[kept] = false;
      output = model.forward(input);
      const std::int64_t hidden = input.hidden_BP.slice(0, 0, kept).sum().item<std::int64_t>();
      EXPECT_EQ(output.hidden.levels_NVCL.sizes(), (std::vector<std::int64_t>{hidden, 4, 48, 10}));
      EXPECT_EQ(output.hidden.surface_NSC.sizes(), (std::vector<std::int64_t>{hidden, 6, 48}));
    }
  }
}

TEST(ClimateModel, ACubeThatSamplesShareGivesEachWhatItsOwnWould) {
  ClimateModel model = tinyModel();
  ClimateInput shared = waves(2), own = shared;
  shared.hidden_BP = everyThird(2, model.grid().patches());
  shared.cube_B = torch::tensor({1, 0, 1, 1}, torch::kInt64);
  shared.keep_B = torch::tensor({false, true, true, true});
  for (torch::Tensor* x : {&own.levels_BVEMYXL, &own.surface_BSEMYX, &own.present_BW}) {
    *x = x->index_select(0, shared.cube_B);
  }
  own.hidden_BP = shared.hidden_BP.index_select(0, shared.cube_B);
  own.keep_B = shared.keep_B;
  const auto run = [&](const ClimateInput& input) {
    model.zero_grad();
    const ClimateOutput output = model.forward(input);
    const torch::Tensor keep_BT1 = output.tokens.keep_BT.unsqueeze(2);
    const torch::Tensor tokens = output.tokens.values_BTC.masked_fill(keep_BT1.logical_not(), 0.0);
    (tokens.sin().sum() + output.features_BC.square().sum()).backward();
    std::vector<torch::Tensor> all{tokens.detach().flatten(), output.features_BC.detach().flatten(),
                                   output.tokens.keep_BT.flatten().to(torch::kFloat64)};
    for (const torch::Tensor& parameter : model.parameters()) {
      if (parameter.grad().defined()) all.push_back(parameter.grad().flatten().clone());
    }
    return torch::cat(all);
  };
  EXPECT_TRUE(torch::allclose(run(shared), run(own), 1e-9, 1e-9));

  // The reconstruction is of cubes, those of no sample left out.
  const ClimateOutput output = model.forward(shared);
  EXPECT_EQ(output.hidden.levels_NVCL.size(0), shared.hidden_BP.sum().item<std::int64_t>());
  const ClimateLoss loss = reconstructionLoss(shared, output, temperateScale(), model.grid());
  ClimateInput cubes = shared;
  cubes.cube_B.reset();
  cubes.keep_B = torch::tensor({true, true});
  const ClimateLoss alone = reconstructionLoss(cubes, model.forward(cubes), temperateScale(), model.grid());
  EXPECT_TRUE(torch::allclose(loss.reconstruction, alone.reconstruction, 1e-12));
  EXPECT_TRUE(torch::allclose(loss.energy, alone.energy, 1e-12));
  shared.keep_B = torch::tensor({false, true, false, false});
  EXPECT_EQ(model.forward(shared).hidden.levels_NVCL.size(0), shared.hidden_BP[0].sum().item<std::int64_t>());
}

/// Decoded values where they belong among all patches [B, E, 4, 8, 16, ..], zero in the others.
torch::Tensor inPlace(const torch::Tensor& decoded, const torch::Tensor& hidden_BP) {
  const std::int64_t batch = hidden_BP.size(0), epochs = hidden_BP.size(1) / 512;
  torch::Tensor all = torch::zeros({batch, epochs, 4, 8, 16, decoded.numel() / decoded.size(0)}, decoded.options());
  all.index_put_({hidden_BP.view({batch, epochs, 4, 8, 16})}, decoded.flatten(1));
  return all;
}

/// The input moved along one dimension of the grid (1 months, 3 longitudes) and its patches with it.
void expectCommutes(std::int64_t cells, std::int64_t dimension, std::int64_t patchSize) {
  ClimateModel model = tinyModel();
  const std::int64_t patches = cells / patchSize;
  for (const std::int64_t epochs : {1, 2}) {
    const std::vector<std::int64_t> fine{2, epochs, 4, 8, 16}, coarse{2, epochs, 2, 4, 8, 16};
    ClimateInput input = waves(2, epochs);
    input.hidden_BP = everyThird(2, model.grid().patches(epochs));
    ClimateInput moved = input;
    moved.levels_BVEMYXL = input.levels_BVEMYXL.roll(cells, dimension + 2);
    moved.surface_BSEMYX = input.surface_BSEMYX.roll(cells, dimension + 2);
    moved.hidden_BP = input.hidden_BP.view(fine).roll(patches, dimension + 1).reshape({2, -1});
    const ClimateOutput a = model.forward(input), b = model.forward(moved);
    const auto alike = [](const torch::Tensor& x, const torch::Tensor& y) {
      return torch::allclose(x, y, 1e-9, 1e-10);
    };
    EXPECT_TRUE(alike(b.features_BC, a.features_BC));
    EXPECT_TRUE(
        alike(b.tokens.values_BTC.view(coarse), a.tokens.values_BTC.view(coarse).roll(patches / 2, dimension + 1)));
    EXPECT_TRUE(alike(inPlace(b.hidden.levels_NVCL, moved.hidden_BP),
                      inPlace(a.hidden.levels_NVCL, input.hidden_BP).roll(patches, dimension + 1)));
    EXPECT_TRUE(alike(inPlace(b.hidden.surface_NSC, moved.hidden_BP),
                      inPlace(a.hidden.surface_NSC, input.hidden_BP).roll(patches, dimension + 1)));
    EXPECT_FALSE(alike(b.tokens.values_BTC, a.tokens.values_BTC));
  }
}

TEST(ClimateModel, TurningThePlanetTurnsTheTokens) {
  expectCommutes(16, 3, 4);
  expectCommutes(-32, 3, 4);
}

TEST(ClimateModel, BeginningTheYearLaterMovesTheTokens) {
  expectCommutes(6, 1, 3);
}

TEST(ClimateModel, HiddenValuesNeverReachTheOutput) {
  ClimateModel model = tinyModel(torch::kFloat32);
  ClimateInput input = waves(2, 2, torch::kFloat32);
  input.hidden_BP = everyThird(2, model.grid().patches(2));
  const ClimateOutput before = model.forward(input);
  const torch::Tensor hidden = cellsOf(input.hidden_BP).unsqueeze(1);
  for (const double other : {40.0, kNan}) {
    ClimateInput changed = input;
    changed.levels_BVEMYXL = input.levels_BVEMYXL.masked_fill(hidden.unsqueeze(-1), other);
    changed.surface_BSEMYX = input.surface_BSEMYX.masked_fill(hidden, other);
    EXPECT_TRUE(same(before, model.forward(changed)));
  }
  ClimateInput seen = copyOf(input);
  seen.surface_BSEMYX[0][0][0][0][0][0] += 1.0;  // patch 0 is not hidden
  EXPECT_FALSE(same(before, model.forward(seen)));
}

TEST(ClimateModel, WhatHidesAPatchIsKnownToBeHidden) {
  ClimateModel model = tinyModel();
  ClimateInput input = waves(1);
  input.levels_BVEMYXL.zero_();
  input.surface_BSEMYX.zero_();
  const torch::Tensor shown = model.forward(input).features_BC;
  input.hidden_BP = everyThird(1, model.grid().patches());
  EXPECT_FALSE(torch::allclose(shown, model.forward(input).features_BC));
}

TEST(ClimateModel, AbsentVariablesAndPlanetsNeverReachTheOutput) {
  ClimateModel model = tinyModel(torch::kFloat32);
  ClimateInput input = waves(3, 1, torch::kFloat32);
  input.hidden_BP = everyThird(3, model.grid().patches());
  input.present_BW[0][1] = false;
  input.present_BW[0][8] = false;
  input.keep_B[1] = false;
  const ClimateOutput before = model.forward(input);
  for (const double other : {-7.0, kNan}) {
    ClimateInput changed = copyOf(input);
    changed.levels_BVEMYXL[0][1] = other;
    changed.surface_BSEMYX[0][4] = other;
    changed.levels_BVEMYXL[1] = other;
    changed.surface_BSEMYX[1] = other;
    EXPECT_TRUE(same(before, model.forward(changed)));
  }
  EXPECT_EQ(before.features_BC[1].abs().max().item<double>(), 0.0);
  EXPECT_GT(before.features_BC[0].abs().max().item<double>(), 0.0);
  EXPECT_FALSE(before.tokens.keep_BT[1].any().item<bool>());
  EXPECT_TRUE(before.tokens.keep_BT[0].all().item<bool>());

  ClimateInput whole = copyOf(input);
  whole.present_BW[0][1] = true;
  EXPECT_FALSE(torch::equal(before.features_BC[0], model.forward(whole).features_BC[0]));
}

TEST(ClimateModel, NumbersThatAreNoneWhereNothingIsDoNotSpoilGradients) {
  const ClimateScale scale = temperateScale();
  const auto gradients = [&](double filler) {
    ClimateModel model = tinyModel();
    ClimateInput input = waves(2);
    input.hidden_BP = everyThird(2, model.grid().patches());
    for (const std::int64_t absent : {1, 2}) {
      input.present_BW[0][absent] = false;
      input.levels_BVEMYXL[0][absent] = filler;
    }
    for (const std::int64_t absent : {5, 8}) {
      input.present_BW[0][absent] = false;
      input.surface_BSEMYX[0][absent - kLevelVariables] = filler;
    }
    input.keep_B[1] = false;
    input.levels_BVEMYXL[1] = filler;
    input.surface_BSEMYX[1] = filler;
    const ClimateOutput output = model.forward(input);
    const ClimateLoss loss = reconstructionLoss(input, output, scale, model.grid());
    (loss.reconstruction + loss.energy + loss.pressure + loss.saturation + weighed(output.features_BC)).backward();
    std::vector<torch::Tensor> result;
    for (const torch::Tensor& parameter : model.parameters()) result.push_back(parameter.grad().flatten());
    return torch::cat(result);
  };
  const torch::Tensor clean = gradients(0.0);
  EXPECT_TRUE(clean.isfinite().all().item<bool>());
  EXPECT_TRUE(torch::equal(clean, gradients(kNan)));
}

TEST(ClimateModel, FeaturesAreTheAreaMeanOfTheTokens) {
  ClimateModel model = tinyModel();
  const ClimateInput input = waves(2, 2);
  const ClimateOutput output = model.forward(input);
  const auto parameters = model.named_parameters();
  const auto token = output.tokens.values_BTC.accessor<double, 3>();
  const auto weight = parameters["features.weight"].accessor<double, 2>();
  for (std::int64_t b = 0; b < 2; ++b) {
    std::vector<double> mean(16, 0.0);
    for (std::int64_t t = 0; t < 2 * 2 * 4 * 8; ++t) {
      const std::int64_t row = t / 8 % 4;  // 8 of the 32 latitudes each
      const double area = input.latitudeWeight_Y.slice(0, row * 8, row * 8 + 8).sum().item<double>();
      for (std::int64_t c = 0; c < 16; ++c) mean[static_cast<std::size_t>(c)] += token[b][t][c] * area / (2 * 2 * 8);
    }
    for (std::int64_t f = 0; f < 8; ++f) {
      double expected = parameters["features.bias"][f].item<double>();
      for (std::int64_t c = 0; c < 16; ++c) expected += weight[f][c] * mean[static_cast<std::size_t>(c)];
      EXPECT_NEAR(output.features_BC[b][f].item<double>(), expected, 1e-12);
    }
  }
}

TEST(ClimateModel, KnowsEarlierFromLaterEpochs) {
  ClimateModel model = tinyModel();
  const ClimateInput input = waves(1, 2);
  ClimateInput reversed = input;
  reversed.levels_BVEMYXL = input.levels_BVEMYXL.flip(2);
  reversed.surface_BSEMYX = input.surface_BSEMYX.flip(2);
  EXPECT_FALSE(torch::allclose(model.forward(input).features_BC, model.forward(reversed).features_BC));
}

TEST(ClimateModel, GradientsOfWhatFusionReadsReachAllButTheDecoder) {
  ClimateModel model = tinyModel();
  const ClimateOutput output = model.forward(waves(2, 2));
  (weighed(output.features_BC) + weighed(output.tokens.values_BTC)).backward();
  const std::set<std::string> decoder{"unmerge.weight", "unmerge.bias", "reconstruct.weight", "reconstruct.bias",
                                      "reconstruct_norm.weight"};
  for (const auto& parameter : model.named_parameters()) {
    const torch::Tensor gradient = parameter->grad();
    const bool reached = gradient.defined() && gradient.abs().max().item<double>() > 0.0;
    EXPECT_EQ(reached, decoder.count(parameter.key()) == 0) << parameter.key();
  }
}

TEST(ClimateModel, GradientsOfTheReconstructionReachTheDecoder) {
  ClimateModel model = tinyModel();
  ClimateInput input = waves(1, 2);
  input.hidden_BP = everyThird(1, model.grid().patches(2));
  const ClimateLoss terms = reconstructionLoss(input, model.forward(input), temperateScale(), model.grid());
  (terms.reconstruction + terms.energy + terms.pressure + terms.saturation).backward();
  for (const auto& parameter : model.named_parameters()) {
    const bool reached = parameter->grad().defined() && parameter->grad().abs().max().item<double>() > 0.0;
    EXPECT_EQ(reached, parameter.key().rfind("features.", 0) != 0) << parameter.key();
  }
}

TEST(ClimateModel, GradientsMatchDifferences) {
  ClimateModel model = tinyModel();
  ClimateInput input = waves(1);
  input.hidden_BP = everyThird(1, model.grid().patches());
  expectGradientsMatchDifferences(model, [&] {
    const ClimateOutput output = model.forward(input);
    return weighed(output.features_BC) + 0.1 * weighed(output.tokens.values_BTC) +
           0.01 * weighed(output.hidden.levels_NVCL) + 0.01 * weighed(output.hidden.surface_NSC);
  });
}

TEST(ClimateModel, RecordedAttentionIsADistributionAndChangesNothing) {
  ClimateModel model = tinyModel();
  const ClimateInput input = waves(1);
  const torch::Tensor before = model.forward(input).features_BC;
  layers::AttentionRecord record;
  model.recordTo(1, &record);
  EXPECT_TRUE(torch::allclose(model.forward(input).features_BC, before, 1e-9, 1e-10));
  ASSERT_EQ(record.weights_BHTS.sizes(), (std::vector<std::int64_t>{1, 2, 64, 64}));
  EXPECT_TRUE(torch::allclose(record.weights_BHTS.sum(3), torch::ones({1, 2, 64})));
}

TEST(ClimateModel, IsCountedAtFullSizeWithoutMemory) {
  spec::ClimateSpec spec;
  spec.width = 2560;
  spec.heads = 20;
  spec.localBlocks = 6;
  spec.globalBlocks = 24;
  const ClimateModel model(layers::Init(1, torch::TensorOptions(torch::kMeta)), spec);
  double total = 0.0, largest = 0.0;
  for (const torch::Tensor& parameter : model.parameters()) {
    EXPECT_TRUE(parameter.is_meta());
    total += static_cast<double>(parameter.numel());
    largest = std::max(largest, static_cast<double>(parameter.numel()));
  }
  RecordProperty("parameters", std::to_string(total));
  EXPECT_NEAR(total, 2.5e9, 0.02 * 2.5e9);
  EXPECT_LT(largest, 0.05 * total);
}

}  // namespace
}  // namespace ecumene::models::climate
