// SPDX-License-Identifier: Apache-2.0
// Truth: tests/oracles/training.py (PyTorch's losses and their gradients).
#include "models/fusion/heads.h"

#include <gtest/gtest.h>

#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace {

using namespace ecumene::models;
using namespace ecumene::models::fusion;
using nlohmann::json;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

torch::Tensor tensor(const json& values) {
  if (values.at(0).is_array()) {
    std::vector<torch::Tensor> rows;
    for (const json& row : values) rows.push_back(tensor(row));
    return torch::stack(rows);
  }
  std::vector<double> numbers;
  for (const json& value : values) numbers.push_back(value.is_null() ? kNan : value.get<double>());
  return torch::tensor(numbers, torch::kFloat64);
}

torch::Tensor leaf(const torch::Tensor& values) {
  return values.detach().clone().requires_grad_();
}

/// Logits of `batch` planets, all leaves.
Prediction logitsFor(std::int64_t batch) {
  const auto wave = [](std::int64_t n, double phase) {
    return 2.0 * torch::sin(torch::arange(n, torch::kFloat64).square() * 0.7 + phase);
  };
  const std::int64_t bins = kShareBins + 2;
  return {.regime_BG = leaf(wave(batch * kRegimes, 0.1).view({batch, kRegimes})),
          .habitable_B = leaf(wave(batch, 0.2)),
          .viable_B = leaf(wave(batch, 0.3)),
          .fHab = {leaf(wave(batch * bins, 0.4).view({batch, bins}))},
          .h050 = {leaf(wave(batch * bins, 0.5).view({batch, bins}))}};
}

std::vector<torch::Tensor> leaves(const Prediction& p) {
  return {p.regime_BG, p.habitable_B, p.viable_B, p.fHab.logits, p.h050.logits};
}

Targets missing(std::int64_t batch) {
  const torch::Tensor none = torch::full({batch}, kNan, torch::kFloat64);
  return {torch::full({batch}, -1, torch::kLong), none, none.clone(), none.clone(), none.clone()};
}

class SupervisedLossKinds : public testing::TestWithParam<const char*> {
 protected:
  [[nodiscard]] spec::LossSpec lossSpec() const { return {.classLoss = GetParam()}; }
};

TEST(Heads, GrowthAloneAnswersViableAndThePlanetAllElse) {
  const Heads heads(layers::Init(5, torch::kFloat64), 4);
  const torch::Tensor planet = torch::sin(torch::arange(8, torch::kFloat64)).view({2, 4}), growth = planet.flip(1);
  const Prediction base = heads.forward(planet, growth);
  const Prediction grown = heads.forward(planet, growth + 1.0), moved = heads.forward(planet + 1.0, growth);
  const auto planetary = [](const Prediction& p) {
    return torch::cat({p.regime_BG, p.habitable_B.unsqueeze(1), p.fHab.logits, p.h050.logits}, 1);
  };
  EXPECT_TRUE(torch::equal(planetary(base), planetary(grown)));
  EXPECT_TRUE(torch::equal(base.viable_B, moved.viable_B));
  EXPECT_TRUE(base.viable_B.ne(grown.viable_B).all().item<bool>());
  EXPECT_TRUE(planetary(base).ne(planetary(moved)).all().item<bool>());
}

TEST(SupervisedLossValues, AgreeWithPyTorch) {
  std::ifstream file("tests/oracles/reference/training.json");
  const json reference = json::parse(file).at("losses");
  for (const json& expected : reference.at("cases")) {
    spec::LossSpec spec;
    if (expected.at("smoothing").is_null()) {
      spec.classLoss = "focal";
      spec.focalAlpha = expected.at("alpha");
      spec.focalGamma = expected.at("gamma");
    } else {
      spec.labelSmoothing = expected.at("smoothing");
    }
    // The regime's table has a row fewer than the binary one: each term has its own batch here.
    Prediction prediction = logitsFor(6);
    prediction.regime_BG = leaf(tensor(reference.at("regime_logits")));
    prediction.habitable_B = leaf(tensor(reference.at("binary_logits")));
    prediction.viable_B = leaf(tensor(reference.at("binary_logits")));
    Targets targets = missing(6);
    targets.regime_B = tensor(reference.at("regime_labels")).to(torch::kLong);
    targets.habitable_B = tensor(reference.at("binary_labels"));
    targets.viable_B = targets.habitable_B;
    const SupervisedLoss loss = supervisedLoss(prediction, targets, spec);
    const double regime = expected.at("regime"), binary = expected.at("binary");
    EXPECT_NEAR(loss.regime.item<double>(), regime, 1e-12);
    EXPECT_NEAR(loss.habitable.item<double>(), binary, 1e-12);
    EXPECT_NEAR(loss.viable.item<double>(), binary, 1e-12);
    EXPECT_NEAR(loss.total.item<double>(), (regime + 2.0 * binary) / 3.0, 1e-12);
    loss.total.backward();
    EXPECT_TRUE(torch::allclose(prediction.regime_BG.grad() * 3.0, tensor(expected.at("regime_gradient")), 0.0, 1e-12));
    EXPECT_TRUE(
        torch::allclose(prediction.habitable_B.grad() * 3.0, tensor(expected.at("binary_gradient")), 0.0, 1e-12));
  }
}

TEST_P(SupervisedLossKinds, PlanetsWithoutLabelsChangeNothing) {
  const Prediction all = logitsFor(4);
  Targets targets = missing(4);
  targets.regime_B[0] = 3;
  targets.regime_B[2] = 0;
  targets.habitable_B[2] = 1.0;
  targets.viable_B[0] = 0.0;
  targets.fHab_B[2] = 0.4;
  targets.h050_B[0] = 1.0;
  const SupervisedLoss whole = supervisedLoss(all, targets, lossSpec());
  whole.total.backward();

  // The same planets without the two of no label.
  const torch::Tensor labelled = torch::tensor({0, 2});
  const Prediction few{.regime_BG = leaf(all.regime_BG.index_select(0, labelled)),
                       .habitable_B = leaf(all.habitable_B.index_select(0, labelled)),
                       .viable_B = leaf(all.viable_B.index_select(0, labelled)),
                       .fHab = {leaf(all.fHab.logits.index_select(0, labelled))},
                       .h050 = {leaf(all.h050.logits.index_select(0, labelled))}};
  const Targets fewTargets{targets.regime_B.index_select(0, labelled), targets.habitable_B.index_select(0, labelled),
                           targets.viable_B.index_select(0, labelled), targets.fHab_B.index_select(0, labelled),
                           targets.h050_B.index_select(0, labelled)};
  const SupervisedLoss part = supervisedLoss(few, fewTargets, lossSpec());
  part.total.backward();
  EXPECT_DOUBLE_EQ(whole.total.item<double>(), part.total.item<double>());
  EXPECT_GT(whole.total.item<double>(), 0.0);
  const auto wide = leaves(all), narrow = leaves(few);
  for (std::size_t term = 0; term < wide.size(); ++term) {
    EXPECT_TRUE(torch::allclose(wide[term].grad().index_select(0, labelled), narrow[term].grad(), 0.0, 1e-15)) << term;
    EXPECT_TRUE(wide[term].grad().index_select(0, torch::tensor({1, 3})).eq(0).all().item<bool>()) << term;
  }
}

TEST_P(SupervisedLossKinds, WithoutAnyLabelLossAndGradientsAreZero) {
  const Prediction prediction = logitsFor(3);
  const SupervisedLoss loss = supervisedLoss(prediction, missing(3), lossSpec());
  EXPECT_EQ(loss.total.item<double>(), 0.0);
  loss.total.backward();
  for (const torch::Tensor& logits : leaves(prediction)) EXPECT_TRUE(logits.grad().eq(0).all().item<bool>());
}

TEST_P(SupervisedLossKinds, SurePredictionsHaveFiniteGradients) {
  for (const double size : {30.0, 1e4}) {
    for (const double gamma : {0.0, 0.5, 2.0}) {
      spec::LossSpec spec = lossSpec();
      spec.focalGamma = gamma;
      const Prediction prediction{.regime_BG = leaf(torch::eye(2, kRegimes) * size),
                                  .habitable_B = leaf(torch::tensor({size, -size}, torch::kFloat32)),
                                  .viable_B = leaf(torch::tensor({size, -size}, torch::kFloat32)),
                                  .fHab = {leaf(torch::eye(2, kShareBins + 2) * size)},
                                  .h050 = {leaf(torch::eye(2, kShareBins + 2) * size)}};
      Targets targets = missing(2);
      targets.regime_B = torch::tensor({0, 4});                          // right, wrong
      targets.habitable_B = torch::tensor({1.0, 0.0}, torch::kFloat32);  // right
      targets.viable_B = torch::tensor({0.0, 1.0}, torch::kFloat32);     // wrong
      targets.fHab_B = torch::tensor({0.0, 0.99}, torch::kFloat32);      // right, wrong
      const SupervisedLoss loss = supervisedLoss(prediction, targets, spec);
      loss.total.backward();
      EXPECT_TRUE(loss.total.isfinite().item<bool>()) << size << ' ' << gamma;
      for (const torch::Tensor& logits : leaves(prediction)) {
        EXPECT_TRUE(logits.grad().isfinite().all().item<bool>()) << size << ' ' << gamma;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, SupervisedLossKinds, testing::Values("smooth", "focal"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
