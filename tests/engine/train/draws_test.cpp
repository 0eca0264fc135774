// SPDX-License-Identifier: Apache-2.0
#include "engine/train/draws.h"

#include <gtest/gtest.h>

#include "models/climate/patches.h"

namespace ecumene::engine::train {
namespace {

using models::fusion::kClimate;
using models::fusion::kScalars;
using models::fusion::kText;
using models::unified::UnifiedInput;

/// Everything is there; the values play no part.
UnifiedInput whole(std::int64_t size) {
  UnifiedInput input;
  input.planet_B = torch::zeros({size}, torch::kInt64);
  input.climate.levels_BVEMYXL = torch::zeros({1, 4, 1, 12, 32, 64, 10}).expand({size, 4, 1, 12, 32, 64, 10});
  for (torch::Tensor* keep : {&input.climate.keep_B, &input.graph.keep_B, &input.spectrum.keep_B}) {
    *keep = torch::ones({size}, torch::kBool);
  }
  input.text.keep_BT = torch::ones({size, 3}, torch::kBool);
  input.text.labels_BT = torch::full({size, 3}, 7, torch::kInt64);
  input.scalars.present_BN = torch::ones({size, 10}, torch::kBool);
  input.scalars.values_BN = torch::zeros({size, 10});
  return input;
}

std::vector<std::string> names(std::int64_t count) {
  std::vector<std::string> ids;
  for (std::int64_t i = 0; i < count; ++i) ids.push_back("planet-" + std::to_string(i) + "/methanogen");
  return ids;
}

config::RunSpec often() {
  config::RunSpec spec = config::preset("nano");
  spec.train.hide = {0.5, 0.5, 0.5, 0.5, 0.5};
  return spec;
}

/// All that was drawn for one sample, in one row.
torch::Tensor drawn(const UnifiedInput& input, std::int64_t b) {
  return torch::cat({input.climate.keep_B[b].reshape(1), input.graph.keep_B[b].reshape(1),
                     input.spectrum.keep_B[b].reshape(1), input.text.keep_BT[b], input.scalars.present_BN[b],
                     input.climate.hidden_BP[b], input.graph.noise_BZ[b], input.scalars.values_BN[b]});
}

TEST(Draws, DependOnSeedStepAndSampleAloneNotOnTheBatch) {
  const config::RunSpec spec = often();
  const std::vector<std::string> ids = names(6);
  UnifiedInput together = whole(6);
  drawForTraining(together, ids, spec, 3);
  for (std::int64_t b = 0; b < 6; ++b) {
    UnifiedInput alone = whole(1);
    drawForTraining(alone, {ids[static_cast<std::size_t>(b)]}, spec, 3);
    EXPECT_TRUE(torch::equal(drawn(alone, 0), drawn(together, b))) << b;
  }
  UnifiedInput later = whole(6), other = whole(6);
  drawForTraining(later, ids, spec, 4);
  EXPECT_FALSE(torch::equal(later.graph.noise_BZ, together.graph.noise_BZ));
  EXPECT_FALSE(torch::equal(later.climate.hidden_BP, together.climate.hidden_BP));
  config::RunSpec seed = spec;
  seed.train.seed = 2;
  drawForTraining(other, ids, seed, 3);
  EXPECT_FALSE(torch::equal(other.graph.noise_BZ, together.graph.noise_BZ));
}

TEST(Draws, OneOptionDoesNotMoveAnothersDraws) {
  const config::RunSpec spec = often();
  config::RunSpec changed = spec;
  changed.train.hide.climate = 0.0;
  UnifiedInput a = whole(32), b = whole(32);
  drawForTraining(a, names(32), spec, 0);
  drawForTraining(b, names(32), changed, 0);
  EXPECT_TRUE(b.climate.keep_B.all().item<bool>());
  EXPECT_FALSE(a.climate.keep_B.all().item<bool>());
  EXPECT_TRUE(torch::equal(a.graph.keep_B, b.graph.keep_B));
  EXPECT_TRUE(torch::equal(a.text.keep_BT, b.text.keep_BT));
  EXPECT_TRUE(torch::equal(a.climate.hidden_BP, b.climate.hidden_BP));
}

TEST(Draws, SamplesThatShareACubeHideTheSamePatches) {
  config::RunSpec spec = often();
  UnifiedInput shared = whole(3), apart = whole(3);
  shared.climate.levels_BVEMYXL = shared.climate.levels_BVEMYXL.slice(0, 0, 2);
  shared.climate.cube_B = torch::tensor({0, 1, 0}, torch::kInt64);
  const std::vector<std::string> ids{"planet-0/methanogen", "planet-1/methanogen", "planet-0/phototroph"};
  std::int64_t some = 0;
  for (std::int64_t step = 0; step < 8; ++step) {
    drawForTraining(shared, ids, spec, step);
    drawForTraining(apart, ids, spec, step);
    EXPECT_EQ(shared.climate.hidden_BP.size(0), 2);
    EXPECT_TRUE(torch::equal(shared.climate.hidden_BP.index_select(0, shared.climate.cube_B), apart.climate.hidden_BP));
    some += shared.climate.hidden_BP.any(1).sum().item<std::int64_t>();
  }
  EXPECT_GT(some, 0);
  EXPECT_LT(some, 16);
}

TEST(Draws, SharesAreThoseAskedFor) {
  config::RunSpec spec = config::preset("nano");
  spec.train.hide = {0.4, 0.0, 0.1, 1.0, 0.25};
  const std::int64_t count = 2000;
  UnifiedInput many = whole(count);
  drawForTraining(many, names(count), spec, 0);
  const auto hidden = [&](const torch::Tensor& keep) { return 1.0 - keep.to(torch::kFloat64).mean().item<double>(); };
  // Four standard deviations of a share of 2,000 draws.
  EXPECT_NEAR(hidden(many.climate.keep_B), 0.4, 0.044);
  EXPECT_EQ(hidden(many.graph.keep_B), 0.0);
  EXPECT_NEAR(hidden(many.spectrum.keep_B), 0.1, 0.027);
  EXPECT_EQ(hidden(many.text.keep_BT), 1.0);
  EXPECT_NEAR(hidden(many.scalars.present_BN), 0.25, 0.039);
  const torch::Tensor share_B = many.climate.hidden_BP.to(torch::kFloat64).mean(1);
  const models::climate::PatchGrid grid(spec.model.climate);
  EXPECT_EQ(many.climate.hidden_BP.size(1), grid.patches());
  // Half of the samples have exactly the share hidden, the others nothing.
  const torch::Tensor some_B = share_B > 0.0;
  EXPECT_NEAR(some_B.to(torch::kFloat64).mean().item<double>(), 0.5, 0.045);
  EXPECT_TRUE((share_B.masked_select(some_B) == 0.5).all().item<bool>());
  EXPECT_NEAR(many.graph.noise_BZ.mean().item<double>(), 0.0, 0.02);
  EXPECT_NEAR(many.graph.noise_BZ.std().item<double>(), 1.0, 0.02);
}

TEST(Draws, ScalarsAreMeasuredAgainWhereTheyAreKnown) {
  const config::RunSpec spec = config::preset("nano");
  UnifiedInput input = whole(400);
  input.scalars.values_BN += 2.0;
  input.scalars.present_BN.select(1, 4).fill_(false);
  const UnifiedInput before = input;
  drawForTraining(input, names(400), spec, 0);
  const torch::Tensor error_BN = input.scalars.values_BN - before.scalars.values_BN;
  EXPECT_TRUE(error_BN.select(1, 4).eq(0.0).all().item<bool>());
  EXPECT_TRUE(before.scalars.values_BN.eq(2.0).all().item<bool>());
  // Four standard deviations of mean and deviation of 400 numbers.
  EXPECT_NEAR(error_BN.select(1, 3).mean().item<double>(), 0.0, 0.03);
  EXPECT_NEAR(error_BN.select(1, 3).std().item<double>(), 0.15, 0.022);
  EXPECT_LT((error_BN.select(1, 3) * error_BN.select(1, 7)).mean().abs().item<double>(), 4 * 0.15 * 0.15 / 20);
  // As large as data.scalar_error says, and nothing else.
  config::RunSpec twice = spec, none = spec;
  twice.data.scalarError = 0.3;
  none.data.scalarError = 0.0;
  UnifiedInput larger = before, exact = before;
  drawForTraining(larger, names(400), twice, 0);
  drawForTraining(exact, names(400), none, 0);
  EXPECT_TRUE(torch::allclose(larger.scalars.values_BN - before.scalars.values_BN, 2.0 * error_BN, 1e-4, 1e-5));
  EXPECT_TRUE(torch::equal(exact.scalars.values_BN, before.scalars.values_BN));
}

TEST(Hide, TakesViewsAwayAndLeavesTheTextUnscored) {
  UnifiedInput input = whole(2);
  Hidden hidden;
  for (torch::Tensor& view : hidden) view = torch::zeros({2}, torch::kBool);
  hidden[kText] = torch::tensor({true, false});
  hidden[kScalars] = torch::tensor({false, true});
  hide(input, hidden);
  EXPECT_TRUE(input.climate.keep_B.all().item<bool>());
  EXPECT_FALSE(input.text.keep_BT[0].any().item<bool>());
  EXPECT_TRUE(input.text.keep_BT[1].all().item<bool>());
  EXPECT_TRUE((input.text.labels_BT[0] == models::language::kNotScored).all().item<bool>());
  EXPECT_TRUE((input.text.labels_BT[1] == 7).all().item<bool>());
  EXPECT_TRUE(input.scalars.present_BN[0].all().item<bool>());
  EXPECT_FALSE(input.scalars.present_BN[1].any().item<bool>());
}

TEST(KeepOnly, LeavesTheViewsOfTheSubset) {
  UnifiedInput input = whole(2);
  input.spectrum.keep_B = torch::tensor({true, false});
  keepOnly(input, 4U | 16U);
  EXPECT_FALSE(input.climate.keep_B.any().item<bool>());
  EXPECT_FALSE(input.graph.keep_B.any().item<bool>());
  // What a sample lacks it does not get.
  EXPECT_TRUE(torch::equal(input.spectrum.keep_B, torch::tensor({true, false})));
  EXPECT_FALSE(input.text.keep_BT.any().item<bool>());
  EXPECT_TRUE(input.scalars.present_BN.all().item<bool>());
}

TEST(HideClimateOfHalf, IsTheSameEachTime) {
  UnifiedInput a = whole(400), b = whole(400);
  const torch::Tensor first = hideClimateOfHalf(a, names(400)), second = hideClimateOfHalf(b, names(400));
  EXPECT_TRUE(torch::equal(first, second));
  EXPECT_TRUE(torch::equal(a.climate.keep_B, first.logical_not()));
  EXPECT_NEAR(first.to(torch::kFloat64).mean().item<double>(), 0.5, 0.1);
  EXPECT_TRUE(a.spectrum.keep_B.all().item<bool>());
}

}  // namespace
}  // namespace ecumene::engine::train
