// SPDX-License-Identifier: Apache-2.0
// Truth: scikit-learn through tests/oracles/metrics.py, closed forms.
#include "engine/report/metrics.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/engine/report/reference.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;
using test::numbers;

std::vector<double> ones(std::size_t count) {
  return std::vector<double>(count, 1.0);
}

TEST(Auroc, AgreesWithScikitLearnWithTiesAndWeights) {
  const auto reference = test::metricsReference("binary");
  const auto stated = numbers(reference.at("stated")), label = numbers(reference.at("label"));
  const Auroc auroc(stated, label);
  EXPECT_NEAR(auroc(ones(label.size())), reference.at("auroc").get<double>(), 1e-12);
  EXPECT_NEAR(auroc(numbers(reference.at("weight"))), reference.at("auroc_weighted").get<double>(), 1e-12);
}

TEST(Auroc, IsHalfWhereAllIsTiedAndUndefinedForOneClass) {
  EXPECT_EQ(Auroc(std::vector{0.4, 0.4, 0.4}, std::vector{1.0, 0.0, 1.0})(ones(3)), 0.5);
  EXPECT_EQ(Auroc(std::vector{0.1, 0.9}, std::vector{0.0, 1.0})(ones(2)), 1.0);
  EXPECT_TRUE(std::isnan(Auroc(std::vector{0.1, 0.9}, std::vector{1.0, 1.0})(ones(2))));
  EXPECT_TRUE(std::isnan(Auroc(std::vector{0.1, 0.9}, std::vector{0.0, 1.0})(std::vector{1.0, 0.0})));
}

TEST(BalancedAccuracy, AgreesWithScikitLearnWithWeights) {
  const auto reference = test::metricsReference("binary");
  const auto stated = numbers(reference.at("stated"));
  const auto label = reference.at("label").get<std::vector<int>>();
  std::vector<double> hit;
  for (std::size_t i = 0; i < label.size(); ++i) hit.push_back((stated[i] >= 0.5) == (label[i] == 1) ? 1.0 : 0.0);
  EXPECT_NEAR(balancedAccuracy(label, hit, ones(label.size())), reference.at("balanced_accuracy").get<double>(), 1e-12);
  EXPECT_NEAR(balancedAccuracy(label, hit, numbers(reference.at("weight"))),
              reference.at("balanced_accuracy_weighted").get<double>(), 1e-12);
  EXPECT_NEAR(mean(hit, ones(label.size())), reference.at("accuracy").get<double>(), 1e-12);
}

TEST(Calibration, ErrorAgreesWithScikitLearnsCurve) {
  const auto reference = test::metricsReference("binary");
  const auto stated = numbers(reference.at("stated")), label = numbers(reference.at("label"));
  EXPECT_NEAR(calibrationError(stated, label, ones(label.size())), reference.at("ece").get<double>(), 1e-12);
}

TEST(Calibration, BinsHoldTheirEdges) {
  const auto bins = reliability(std::vector{0.0, 0.1, 1.0, 0.95}, std::vector{0.0, 1.0, 1.0, 0.0}, ones(4));
  ASSERT_EQ(bins.size(), kReliabilityBins);
  EXPECT_EQ(bins[0].weight, 1.0);
  EXPECT_EQ(bins[1].weight, 1.0);
  EXPECT_EQ(bins[9].weight, 2.0);
  EXPECT_NEAR(bins[9].stated, 0.975, 1e-12);
  EXPECT_EQ(bins[9].happened, 0.5);
  EXPECT_TRUE(std::isnan(bins[5].stated));
}

TEST(Perplexity, OfUniformGuessesIsTheirNumber) {
  const double tokens = 7.0;
  EXPECT_NEAR(perplexity(std::vector{tokens * std::log(32.0), std::log(32.0)}, std::vector{tokens, 1.0}, ones(2)), 32.0,
              1e-9);
  EXPECT_TRUE(std::isnan(perplexity(std::vector{0.0}, std::vector{0.0}, ones(1))));
}

TEST(WeightedMean, CountsARowAsOftenAsItsWeight) {
  EXPECT_EQ(mean(std::vector{1.0, 5.0}, std::vector{3.0, 1.0}), 2.0);
  EXPECT_TRUE(std::isnan(mean(std::vector{1.0}, std::vector{0.0})));
  EXPECT_NEAR(rootMean(std::vector{9.0, 16.0}, ones(2)), std::sqrt(12.5), 1e-12);
}

}  // namespace
