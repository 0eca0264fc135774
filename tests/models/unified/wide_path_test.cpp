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

/// A path that has learned something, in double precision.
WidePath learned() {
  WidePath path(layers::Init(1, torch::TensorOptions(torch::kFloat64)));
  const torch::NoGradGuard noGradients;
  torch::Tensor weight = path.parameters().front();
  weight.copy_((torch::arange(weight.numel(), torch::kFloat64) + 1.0).sin().view(weight.sizes()));
  return path;
}

/// The logit by the header's list of features, each ten times its value.
double byHand(const WidePath& path, const std::vector<double>& scalars, std::int64_t archetype) {
  const auto none = [](double x) { return std::isnan(x); };
  const bool any = !std::ranges::all_of(scalars, none);
  std::vector<double> v, features;
  for (const double x : scalars) v.push_back(none(x) ? 0.0 : std::clamp(x, -3.0, 3.0));
  features = v;
  for (const double x : scalars) features.push_back(any && none(x) ? 1.0 : 0.0);
  for (std::size_t i = 0; i < v.size(); ++i) {
    for (std::size_t j = 0; j <= i; ++j) features.push_back(v[i] * v[j]);
  }
  for (const double hinge : {-1.0, 0.0, 1.0}) {
    for (std::size_t i = 0; i < v.size(); ++i) {
      features.push_back(none(scalars[i]) ? 0.0 : std::max(0.0, v[i] - hinge));
    }
  }
  for (std::int64_t a = 0; a < kArchetypes; ++a) features.push_back(a == archetype ? 1.0 : 0.0);
  for (std::int64_t a = 0; a < kArchetypes; ++a) {
    for (const double x : v) features.push_back(a == archetype ? x : 0.0);
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

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

TEST(WidePath, IsTheSumOfItsFeatures) {
  const WidePath path = learned();
  const std::vector<std::vector<double>> rows{
      {0.3, -0.7, 1.2, kUnknown, 5.0, -4.0, 0.0, 2.5, -1.5, 0.9},
      {-0.2, 0.4, kUnknown, kUnknown, 1.1, 0.6, -2.2, kUnknown, 0.5, 1.0},
      std::vector<double>(kScalars, kUnknown),
      std::vector<double>(kScalars, kUnknown),
  };
  const torch::Tensor archetype = torch::tensor({2, -1, 7, -1}, torch::kInt64);
  const torch::Tensor logits = path.forward(inputOf(rows), archetype);
  ASSERT_EQ(logits.sizes(), (torch::IntArrayRef{4}));
  for (std::int64_t b = 0; b < 4; ++b) {
    EXPECT_NEAR(logits[b].item<double>(), byHand(path, rows[static_cast<std::size_t>(b)], archetype[b].item<int>()),
                1e-9)
        << b;
  }
  EXPECT_EQ(logits[3].item<double>(), 0.0);
}

TEST(WidePath, BeginsAtZeroAndLearns) {
  const WidePath path(layers::Init(1, torch::TensorOptions(torch::kFloat64)));
  const std::vector<std::vector<double>> rows{{0.3, -0.7, 1.2, 0.1, 0.5, -0.4, 0.2, 2.5, -1.5, 0.9}};
  const torch::Tensor logit = path.forward(inputOf(rows), torch::tensor({3}, torch::kInt64));
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
  const torch::Tensor withNan = path.forward(input, archetype);
  input.values_BN[0][4] = 1e30;
  EXPECT_TRUE(torch::equal(withNan, path.forward(input, archetype)));
  EXPECT_TRUE(withNan.isfinite().all().item<bool>());
}

}  // namespace
