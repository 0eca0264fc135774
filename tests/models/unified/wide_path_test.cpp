// SPDX-License-Identifier: Apache-2.0
// Truth: the features written out for one sample, sums by hand, bit-equality under changes that may not be seen.
#include "models/unified/wide_path.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace {

using namespace ecumene::models;
using spectrum::ScalarInput;
using unified::WidePath;

constexpr std::int64_t kScalars = 10, kArchetypes = 8;
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

/// A path that has learned something, in double precision.
WidePath learned() {
  WidePath path(layers::Init(1, torch::TensorOptions(torch::kFloat64)));
  const torch::NoGradGuard noGradients;
  torch::Tensor weight = path.parameters().front();
  weight.copy_((torch::arange(weight.numel(), torch::kFloat64) + 1.0).sin().view(weight.sizes()));
  return path;
}

/// Answers about `count` planets, no two alike.
fusion::Prediction someAnswers(std::int64_t count) {
  const auto logits = [&](std::int64_t width, double phase) {
    return (torch::arange(count * width, torch::kFloat64) * 1.3 + phase).sin().mul(2.0).view({count, width});
  };
  return {.regime_BG = logits(fusion::kRegimes, 0.1),
          .habitable_B = logits(1, 0.2).squeeze(1),
          .viable_B = torch::full({count}, kUnknown, torch::kFloat64),  // not read
          .fHab = {logits(fusion::kShareBins + 2, 0.3)},
          .h050 = {logits(fusion::kShareBins + 2, 0.4)}};
}

std::vector<double> softmax(const torch::Tensor& logits) {
  std::vector<double> p;
  double sum = 0.0;
  for (std::int64_t i = 0; i < logits.size(0); ++i) sum += p.emplace_back(std::exp(logits[i].item<double>()));
  for (double& x : p) x /= sum;
  return p;
}

/// Regime, habitable, and of f_hab and h050 the masses at 0 and 1 and the mean (bins by their middle).
std::vector<double> answersByHand(const fusion::Prediction& planet, std::int64_t b) {
  std::vector<double> all = softmax(planet.regime_BG[b]);
  all.push_back(1.0 / (1.0 + std::exp(-planet.habitable_B[b].item<double>())));
  for (const torch::Tensor& logits : {planet.fHab.logits[b], planet.h050.logits[b]}) {
    const std::vector<double> mass = softmax(logits);
    double mean = mass.back();
    for (std::size_t i = 1; i + 1 < mass.size(); ++i) mean += mass[i] * (static_cast<double>(i) - 0.5) / 20.0;
    all.insert(all.end(), {mass.front(), mass.back(), mean});
  }
  return all;
}

/// The logit by the header's list of features, each ten times its value.
double byHand(const WidePath& path, const std::vector<double>& scalars, std::int64_t archetype,
              const std::vector<double>& answers) {
  const auto none = [](double x) { return std::isnan(x); };
  const bool any = !std::ranges::all_of(scalars, none);
  std::vector<double> v, features;
  for (const double x : scalars) v.push_back(none(x) ? 0.0 : std::clamp(x, -3.0, 3.0));
  features = v;
  for (const double x : scalars) features.push_back(any && none(x) ? 1.0 : 0.0);
  for (std::size_t i = 0; i < v.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) features.push_back(v[i] * v[j]);
  }
  features.insert(features.end(), answers.begin(), answers.end());
  for (const double hinge : {-1.0, 0.0, 1.0}) {
    for (std::size_t i = 0; i < v.size(); ++i) {
      features.push_back(none(scalars[i]) ? 0.0 : std::max(0.0, v[i] - hinge));
    }
  }
  for (std::int64_t a = 0; a < kArchetypes; ++a) {
    const double is = a == archetype ? 1.0 : 0.0;
    features.push_back(is);
    for (const double x : v) features.push_back(is * x);
    for (const double x : answers) features.push_back(is * x);
  }
  const torch::Tensor weight = path.parameters().front().flatten();
  EXPECT_EQ(weight.numel(), static_cast<std::int64_t>(features.size()));
  double sum = 0.0;
  for (std::size_t i = 0; i < features.size(); ++i) {
    sum += 10.0 * features[i] * weight[static_cast<std::int64_t>(i)].item<double>();
  }
  return sum;
}

ScalarInput inputOf(const std::vector<std::vector<double>>& rows) {
  const auto count = static_cast<std::int64_t>(rows.size());
  ScalarInput input{torch::zeros({count, kScalars}, torch::kFloat64), torch::zeros({count, kScalars}, torch::kBool)};
  for (std::int64_t b = 0; b < count; ++b) {
    for (std::int64_t n = 0; n < kScalars; ++n) {
      const double value = rows[static_cast<std::size_t>(b)][static_cast<std::size_t>(n)];
      input.values_BN[b][n] = value;
      input.present_BN[b][n] = !std::isnan(value);
    }
  }
  return input;
}

TEST(WidePath, IsTheSumOfItsFeatures) {
  const WidePath path = learned();
  const std::vector<std::vector<double>> rows{
      {0.3, -0.7, 1.2, kUnknown, 5.0, -4.0, 0.0, 2.5, -1.5, 0.9},
      {-0.2, 0.4, kUnknown, kUnknown, 1.1, 0.6, -2.2, kUnknown, 0.5, 1.0},
      std::vector<double>(kScalars, kUnknown),
      std::vector<double>(kScalars, kUnknown),
  };
  const torch::Tensor archetype = torch::tensor({2, -1, 7, -1}, torch::kInt64);
  const fusion::Prediction planets = someAnswers(4);
  const torch::Tensor logits = path.forward(inputOf(rows), archetype, planets);
  ASSERT_EQ(logits.sizes(), (torch::IntArrayRef{4}));
  for (std::int64_t b = 0; b < 4; ++b) {
    const double expected =
        byHand(path, rows[static_cast<std::size_t>(b)], archetype[b].item<std::int64_t>(), answersByHand(planets, b));
    EXPECT_NEAR(logits[b].item<double>(), expected, 1e-9) << b;
  }
}

TEST(WidePath, BeginsAtZeroAndLearns) {
  const WidePath path(layers::Init(1, torch::TensorOptions(torch::kFloat64)));
  const std::vector<std::vector<double>> rows{{0.3, -0.7, 1.2, 0.1, 0.5, -0.4, 0.2, 2.5, -1.5, 0.9}};
  const torch::Tensor logit = path.forward(inputOf(rows), torch::tensor({3}, torch::kInt64), someAnswers(1));
  EXPECT_EQ(logit.item<double>(), 0.0);
  logit.sum().backward();
  const torch::Tensor gradient = path.parameters().front().grad();
  // A linear path: its gradient is the features, of which only one archetype's are not zero.
  EXPECT_NEAR(gradient[0][0].item<double>(), 3.0, 1e-12);
  EXPECT_GT((gradient != 0.0).sum().item<std::int64_t>(), 70);
}

TEST(WidePath, AbsentScalarsAreNeverRead) {
  const WidePath path = learned();
  std::vector<double> row(kScalars, 0.4);
  row[4] = kUnknown;
  ScalarInput input = inputOf({row});
  const torch::Tensor archetype = torch::tensor({1}, torch::kInt64);
  const fusion::Prediction planet = someAnswers(1);
  const torch::Tensor withNan = path.forward(input, archetype, planet);
  input.values_BN[0][4] = 1e30;
  EXPECT_TRUE(torch::equal(withNan, path.forward(input, archetype, planet)));
  EXPECT_TRUE(withNan.isfinite().all().item<bool>());
}

}  // namespace
