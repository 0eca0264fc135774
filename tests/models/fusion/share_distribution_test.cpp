// SPDX-License-Identifier: Apache-2.0
// Truth: numerical integration and bisection of a distribution function written here with plain loops, closed forms.
#include "models/fusion/share_distribution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace {

using namespace ecumene::models::fusion;

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();
constexpr int kGrid = 20000;  // cells of the numerical integrals; a multiple of the bins

ShareDistribution some(std::int64_t rows) {
  const torch::Tensor place = torch::arange(rows * (kShareBins + 2), torch::kFloat64);
  return {2.5 * torch::sin(place * place * 0.31 + 0.4).view({rows, kShareBins + 2})};
}

/// All mass evenly over (0, 1), or at one end.
ShareDistribution uniform() {
  torch::Tensor logits = torch::zeros({1, kShareBins + 2}, torch::kFloat64);
  logits[0][0] = -1e3;
  logits[0][kShareBins + 1] = -1e3;
  return {logits};
}
ShareDistribution pointMass(bool atOne) {
  torch::Tensor logits = torch::full({1, kShareBins + 2}, -1e3, torch::kFloat64);
  logits[0][atOne ? kShareBins + 1 : 0] = 0.0;
  return {logits};
}

torch::Tensor targets(std::int64_t rows, double value) {
  return torch::full({rows}, value, torch::kFloat64);
}

/// P(share <= x) of one row, 0 <= x < 1.
double distribution(const ShareDistribution& share, std::int64_t row, double x) {
  const torch::Tensor mass = share.logits[row].exp() / share.logits[row].exp().sum();
  double sum = mass[0].item<double>();
  for (std::int64_t bin = 0; bin < kShareBins; ++bin) {
    const double inside = std::clamp(x * static_cast<double>(kShareBins) - static_cast<double>(bin), 0.0, 1.0);
    sum += inside * mass[bin + 1].item<double>();
  }
  return sum;
}

/// The same at the middle of each cell of the grid, with one pass over the bins.
std::vector<double> distributionOnGrid(const ShareDistribution& share, std::int64_t row) {
  std::vector<double> edge;
  for (std::int64_t bin = 0; bin <= kShareBins; ++bin) {
    edge.push_back(distribution(share, row, static_cast<double>(bin) / static_cast<double>(kShareBins)));
  }
  std::vector<double> values;
  for (int cell = 0; cell < kGrid; ++cell) {
    const double at = (cell + 0.5) / kGrid * static_cast<double>(kShareBins);
    const auto bin = static_cast<std::size_t>(at);
    values.push_back(edge[bin] + (edge[bin + 1] - edge[bin]) * (at - static_cast<double>(bin)));
  }
  return values;
}

TEST(ShareDistribution, LikelihoodIntegratesToOne) {
  const ShareDistribution share = some(3);
  constexpr int kCells = 1000;
  torch::Tensor sum = torch::exp(-negativeLogLikelihood(share, targets(3, 0.0))) +
                      torch::exp(-negativeLogLikelihood(share, targets(3, 1.0)));
  for (int cell = 0; cell < kCells; ++cell) {
    sum += torch::exp(-negativeLogLikelihood(share, targets(3, (cell + 0.5) / kCells))) / kCells;
  }
  EXPECT_TRUE(torch::allclose(sum, torch::ones_like(sum), 0.0, 1e-12)) << sum;
}

TEST(ShareDistribution, LikelihoodOfABinIsItsMassOverItsWidth) {
  const ShareDistribution share = some(1);
  const double mass = torch::softmax(share.logits, -1)[0][8].item<double>();  // bin 7: 0.35 to 0.40
  EXPECT_NEAR(negativeLogLikelihood(share, targets(1, 0.37)).item<double>(), -std::log(mass * 20.0), 1e-12);
}

TEST(ShareDistribution, TargetsWithinAMillionthOfAnEndCountAsThatEnd) {
  const ShareDistribution share = some(2);
  const auto at = [&](double target) { return negativeLogLikelihood(share, targets(2, target)); };
  EXPECT_TRUE(torch::equal(at(5e-7), at(0.0)));
  EXPECT_TRUE(torch::equal(at(1.0 - 5e-7), at(1.0)));
  EXPECT_TRUE(torch::equal(at(2e-6), at(0.01)));
  EXPECT_TRUE(torch::equal(at(1.0 - 2e-6), at(0.99)));
  EXPECT_FALSE(torch::allclose(at(0.0), at(0.01)));
  EXPECT_FALSE(torch::allclose(at(1.0), at(0.99)));
}

TEST(ShareDistribution, CrpsIsTheIntegralOfTheSquaredDifference) {
  const ShareDistribution share = some(3);
  for (std::int64_t row = 0; row < 3; ++row) {
    const std::vector<double> below = distributionOnGrid(share, row);
    for (const double target : {0.0, 0.35, 0.4321, 0.99995, 1.0}) {
      double integral = 0.0;
      for (int cell = 0; cell < kGrid; ++cell) {
        const double step = (cell + 0.5) / kGrid >= target ? 1.0 : 0.0;
        integral += std::pow(below[static_cast<std::size_t>(cell)] - step, 2) / kGrid;
      }
      EXPECT_NEAR(crps(share, targets(3, target))[row].item<double>(), integral, 1e-8) << target;
    }
  }
}

TEST(ShareDistribution, CrpsOfAPointMassIsTheDistanceAndOfTheUniformACube) {
  for (const double y : {0.0, 0.12, 0.5, 0.777, 1.0}) {
    EXPECT_NEAR(crps(pointMass(false), targets(1, y)).item<double>(), y, 1e-12);
    EXPECT_NEAR(crps(pointMass(true), targets(1, y)).item<double>(), 1.0 - y, 1e-12);
    EXPECT_NEAR(crps(uniform(), targets(1, y)).item<double>(), (std::pow(y, 3) + std::pow(1.0 - y, 3)) / 3.0, 1e-12);
  }
}

TEST(ShareDistribution, MeanIsTheIntegralOfTheTail) {
  const ShareDistribution share = some(3);
  for (std::int64_t row = 0; row < 3; ++row) {
    double integral = 0.0;
    for (const double below : distributionOnGrid(share, row)) integral += (1.0 - below) / kGrid;
    EXPECT_NEAR(mean(share)[row].item<double>(), integral, 1e-10);
  }
  EXPECT_NEAR(mean(uniform()).item<double>(), 0.5, 1e-12);
  EXPECT_EQ(mean(pointMass(true)).item<double>(), 1.0);
}

TEST(ShareDistribution, QuantileInvertsTheDistribution) {
  const ShareDistribution share = some(3);
  for (std::int64_t row = 0; row < 3; ++row) {
    for (const double p : {0.05, 0.1, 0.5, 0.9, 0.95}) {
      double low = 0.0, high = 1.0;
      for (int halving = 0; halving < 50; ++halving) {
        const double middle = 0.5 * (low + high);
        (distribution(share, row, middle) >= p ? high : low) = middle;
      }
      EXPECT_NEAR(quantile(share, p)[row].item<double>(), high, 1e-9) << row << ' ' << p;
    }
  }
  for (const double p : {0.01, 0.5, 0.99}) {
    EXPECT_NEAR(quantile(uniform(), p).item<double>(), p, 1e-12);
    EXPECT_EQ(quantile(pointMass(false), p).item<double>(), 0.0);
    EXPECT_NEAR(quantile(pointMass(true), p).item<double>(), 1.0, 1e-12);
  }
}

TEST(ShareDistribution, AMissingTargetGivesNanThereAndNoGradient) {
  torch::Tensor logits = some(3).logits.clone().requires_grad_();
  const torch::Tensor target = torch::tensor({0.3, kAbsent, 1.0}, torch::kFloat64);
  for (const bool likelihood : {true, false}) {
    const torch::Tensor score = likelihood ? negativeLogLikelihood({logits}, target) : crps({logits}, target);
    EXPECT_TRUE(torch::equal(score.isnan(), torch::tensor({false, true, false})));
    const torch::Tensor full = likelihood ? negativeLogLikelihood({logits}, torch::nan_to_num(target, 0.3))
                                          : crps({logits}, torch::nan_to_num(target, 0.3));
    EXPECT_TRUE(torch::equal(score[0], full[0]) && torch::equal(score[2], full[2]));
  }
  const torch::Tensor score = negativeLogLikelihood({logits}, target);
  torch::where(target.isnan(), torch::zeros_like(score), score).sum().backward();
  EXPECT_TRUE(logits.grad().isfinite().all().item<bool>());
  EXPECT_TRUE(logits.grad()[1].eq(0).all().item<bool>());
}

}  // namespace
