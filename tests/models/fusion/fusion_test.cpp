// SPDX-License-Identifier: Apache-2.0
// Truth: finite differences, bit-equality under changes that may not be seen, sums that must be one.
#include "models/fusion/fusion.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace {

using namespace ecumene::models;
using namespace ecumene::models::fusion;
using layers::Init;
using torch::indexing::Slice;

constexpr std::int64_t kBatch = 3;
constexpr std::array<std::int64_t, kViewCount> kWidths{6, 5, 4, 7, 3}, kTokens{4, 3, 5, 2, 6};
constexpr std::int64_t kAllTokens = 20;
const spec::FusionSpec kSpec{.width = 16, .heads = 2, .layers = 2, .queries = 3, .dropout = 0.0};

FusionModel model(const torch::TensorOptions& options = torch::kFloat64) {
  FusionModel model(Init(5, options), kSpec, kWidths);
  model.eval();
  return model;
}

/// All samples have all views; each view's last token is padding.
Views allViews() {
  Views views;
  for (std::size_t view = 0; view < kViewCount; ++view) {
    const torch::Tensor place = torch::arange(kBatch * kTokens[view] * kWidths[view], torch::kFloat64);
    views[view].values_BTC =
        torch::sin(place * place * 0.37 + static_cast<double>(view)).view({kBatch, kTokens[view], kWidths[view]});
    views[view].keep_BT = torch::ones({kBatch, kTokens[view]}, torch::kBool);
    views[view].keep_BT.index_put_({Slice(), -1}, false);
  }
  return views;
}

void hide(Views& views, std::size_t view, std::int64_t sample) {
  views[view].keep_BT[sample].fill_(false);
}

/// All outputs of a sample in one row.
torch::Tensor outputs(FusionModel& model, const Views& views) {
  const FusionOutput out = model.forward(views);
  return torch::cat(
      {out.prediction.regime_BG, out.prediction.habitable_B.unsqueeze(1), out.prediction.viable_B.unsqueeze(1),
       out.prediction.fHab.logits, out.prediction.h050.logits, out.embedding_BE, out.viewWeight_BM},
      1);
}

/// A smooth number that depends on every output.
torch::Tensor objective(FusionModel& model, const Views& views) {
  const torch::Tensor out = outputs(model, views);
  return (out * torch::cos(torch::arange(out.numel(), torch::kFloat64)).view(out.sizes())).sum();
}

TEST(Fusion, EverySubsetOfViewsGivesFiniteOutput) {
  FusionModel fusion = model();
  const torch::NoGradGuard noGradients;
  std::vector<torch::Tensor> seen;
  for (unsigned subset = 1; subset < 1U << kViewCount; ++subset) {
    Views views = allViews();
    for (std::size_t view = 0; view < kViewCount; ++view) {
      if ((subset >> view & 1U) == 0) views[view] = {};
    }
    const torch::Tensor out = outputs(fusion, views);
    EXPECT_TRUE(out.isfinite().all().item<bool>()) << subset;
    // Each view changes the answer: no two subsets give the same.
    for (const torch::Tensor& other : seen) EXPECT_FALSE(torch::allclose(out, other, 1e-6, 1e-6)) << subset;
    seen.push_back(out);
  }
}

TEST(Fusion, ASampleWithoutAnyViewIsFiniteAndLeavesGradientsFinite) {
  FusionModel fusion = model();
  Views views = allViews();
  for (std::size_t view = 0; view < kViewCount; ++view) {
    hide(views, view, 1);
    views[view].values_BTC[1].fill_(std::numeric_limits<double>::quiet_NaN());
    views[view].values_BTC.requires_grad_();
  }
  const torch::Tensor out = outputs(fusion, views);
  EXPECT_TRUE(out.isfinite().all().item<bool>());
  EXPECT_TRUE(fusion.forward(views).viewWeight_BM[1].eq(0).all().item<bool>());
  objective(fusion, views).backward();
  for (const auto& item : fusion.named_parameters()) {
    EXPECT_TRUE(item.value().grad().isfinite().all().item<bool>()) << item.key();
  }
  for (const layers::Tokens& view : views) {
    EXPECT_TRUE(view.values_BTC.grad()[1].eq(0).all().item<bool>());
    EXPECT_TRUE(view.values_BTC.grad()[0].abs().sum().item<double>() > 0.0);
  }
}

TEST(Fusion, TokensThatAreNotKeptNeverReachTheOutput) {
  FusionModel fusion = model();
  const torch::NoGradGuard noGradients;
  Views views = allViews();
  hide(views, kGraph, 0);
  hide(views, kText, 2);
  const torch::Tensor before = outputs(fusion, views);
  for (const double other :
       {-7.0, 1e200, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    Views changed = views;
    for (layers::Tokens& view : changed) {
      view.values_BTC = view.values_BTC.masked_fill(view.keep_BT.logical_not().unsqueeze(-1), other);
    }
    EXPECT_TRUE(torch::equal(outputs(fusion, changed), before)) << other;
  }
}

TEST(Fusion, AViewThatSomeLackChangesNothingForThem) {
  FusionModel fusion = model();
  const torch::NoGradGuard noGradients;
  for (std::size_t view = 0; view < kViewCount; ++view) {
    Views without = allViews();
    without[view] = {};
    Views with = allViews();
    hide(with, view, 0);
    hide(with, view, 2);
    const torch::Tensor plain = outputs(fusion, without), mixed = outputs(fusion, with);
    EXPECT_TRUE(torch::allclose(plain[0], mixed[0], 0.0, 1e-12)) << view;
    EXPECT_TRUE(torch::allclose(plain[2], mixed[2], 0.0, 1e-12)) << view;
    EXPECT_FALSE(torch::allclose(plain[1], mixed[1], 1e-6, 1e-6)) << view;
  }
}

TEST(Fusion, WeightsOfThePresentViewsSumToOne) {
  FusionModel fusion = model();
  const torch::NoGradGuard noGradients;
  Views views = allViews();
  views[kSpectrum] = {};
  hide(views, kClimate, 1);
  for (const std::size_t view : {kClimate, kGraph, kText}) hide(views, view, 2);
  const torch::Tensor weight = fusion.forward(views).viewWeight_BM;
  EXPECT_TRUE(torch::allclose(weight.sum(1), torch::ones({kBatch}, torch::kFloat64), 0.0, 1e-14));
  EXPECT_TRUE(torch::equal(weight.gt(0), torch::tensor({{1, 1, 0, 1, 1}, {0, 1, 0, 1, 1}, {0, 0, 0, 0, 1}}).gt(0)));
}

TEST(Fusion, GradientsAgreeWithFiniteDifferencesAndNoParameterIsLeftOut) {
  FusionModel fusion = model();
  Views views = allViews();
  hide(views, kGraph, 1);
  for (layers::Tokens& view : views) view.values_BTC.requires_grad_();
  objective(fusion, views).backward();
  std::vector<std::pair<std::string, torch::Tensor>> leaves;
  for (const auto& item : fusion.named_parameters()) leaves.emplace_back(item.key(), item.value());
  for (std::size_t view = 0; view < kViewCount; ++view) leaves.emplace_back("view", views[view].values_BTC);

  const torch::NoGradGuard noGradients;
  constexpr double kStep = 1e-5;
  for (auto& [name, leaf] : leaves) {
    ASSERT_TRUE(leaf.grad().defined()) << name;
    EXPECT_GT(leaf.grad().abs().max().item<double>(), 1e-8) << name;
    torch::Tensor flat = leaf.detach().view(-1);
    for (const std::int64_t at : {std::int64_t{0}, flat.numel() / 2}) {
      const double kept = flat[at].item<double>();
      flat[at] = kept + kStep;
      const double above = objective(fusion, views).item<double>();
      flat[at] = kept - kStep;
      const double below = objective(fusion, views).item<double>();
      flat[at] = kept;
      const double expected = (above - below) / (2.0 * kStep), found = leaf.grad().view(-1)[at].item<double>();
      EXPECT_NEAR(found, expected, 1e-6 * std::max(1.0, std::abs(expected))) << name << '[' << at << ']';
    }
  }
}

TEST(Fusion, RecordedWeightsRunOverTheTokensOfTheDefinedViews) {
  FusionModel fusion = model();
  const torch::NoGradGuard noGradients;
  Views views = allViews();
  const torch::Tensor fused = outputs(fusion, views);
  layers::AttentionRecord record;
  fusion.recordTo(1, &record);
  EXPECT_TRUE(torch::allclose(outputs(fusion, views), fused, 0.0, 1e-12));
  const torch::Tensor weights = record.weights_BHTS;
  EXPECT_EQ(weights.sizes(), (torch::IntArrayRef{kBatch, kSpec.heads, kSpec.queries, kAllTokens}));
  EXPECT_TRUE(torch::allclose(weights.sum(-1), torch::ones({kBatch, kSpec.heads, kSpec.queries}), 0.0, 1e-6));
  std::vector<torch::Tensor> keeps;
  for (const layers::Tokens& view : views) keeps.push_back(view.keep_BT);
  const torch::Tensor hidden = torch::cat(keeps, 1).logical_not().view({kBatch, 1, 1, kAllTokens});
  EXPECT_TRUE(weights.masked_select(hidden).eq(0).all().item<bool>());
  views[kClimate] = {};
  fusion.forward(views);
  EXPECT_EQ(record.weights_BHTS.size(3), kAllTokens - kTokens[kClimate]);
  record.weights_BHTS.reset();
  fusion.recordTo(1, nullptr);
  fusion.forward(views);
  EXPECT_FALSE(record.weights_BHTS.defined());
}

TEST(Fusion, OrderOfAViewsTokensDoesNotMatter) {
  FusionModel fusion = model();
  const torch::NoGradGuard noGradients;
  Views views = allViews();
  const torch::Tensor before = outputs(fusion, views);
  for (layers::Tokens& view : views) view = {view.values_BTC.flip(1), view.keep_BT.flip(1)};
  EXPECT_TRUE(torch::allclose(outputs(fusion, views), before, 0.0, 1e-12));
}

TEST(Fusion, OnMetaNothingIsAllocatedAndTheCountIsTheSame) {
  const auto count = [](const FusionModel& of) {
    std::int64_t sum = 0;
    for (const torch::Tensor& parameter : of.parameters()) sum += parameter.numel();
    return sum;
  };
  const FusionModel meta = model(torch::TensorOptions(torch::kMeta));
  for (const torch::Tensor& parameter : meta.parameters()) EXPECT_TRUE(parameter.is_meta());
  EXPECT_EQ(count(meta), count(model()));
}

}  // namespace
