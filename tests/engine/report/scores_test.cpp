// SPDX-License-Identifier: Apache-2.0
// Truth: scikit-learn, the textbook standard error of a mean over clusters.
#include "engine/report/scores.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/base/random.h"
#include "tests/engine/report/reference.h"
#include "tests/engine/report/sample_row.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;
using test::numbers;
using test::sampleRow;

const Estimate& of(const std::vector<Score>& scores, std::string_view target, std::string_view name) {
  static const Estimate kNone;
  for (const Score& score : scores) {
    if (score.target == target && score.name == name) return score.estimate;
  }
  ADD_FAILURE() << target << " " << name << " is not there";
  return kNone;
}

Rows pointers(const std::vector<Prediction>& predictions) {
  Rows rows;
  for (const Prediction& row : predictions) rows.push_back(&row);
  return rows;
}

TEST(Bootstrap, IntervalIsThatOfClustersNotOfRows) {
  const auto reference = test::metricsReference("clustered");
  const auto values = numbers(reference.at("value"));
  const auto clusters = reference.at("cluster").get<std::vector<std::string>>();
  const std::vector<std::function<double(Weights)>> metrics{[&](Weights weights) { return mean(values, weights); }};
  const Estimate estimate = estimates(clusters, metrics, 4000).front();
  const double error = reference.at("standard_error").get<double>();
  EXPECT_NEAR(estimate.value, reference.at("mean").get<double>(), 1e-12);
  EXPECT_NEAR(estimate.high - estimate.low, 2 * 1.96 * error, 0.08 * 2 * 1.96 * error);
  EXPECT_EQ(estimate.planets, 80U);
  EXPECT_EQ(estimate.rows, values.size());
}

TEST(Bootstrap, DrawsDependOnThePlanetsAlone) {
  const std::vector<std::string> clusters{"b", "a", "b", "c"}, turned{"c", "b", "b", "a"};
  const std::vector<double> values{1.0, 2.0, 3.0, 4.0}, turnedValues{4.0, 3.0, 1.0, 2.0};
  const auto replicates = [](const std::vector<std::string>& names, const std::vector<double>& numbers) {
    const std::vector<std::function<double(Weights)>> metrics{[&](Weights weights) { return mean(numbers, weights); }};
    return estimates(names, metrics, 50, 3).front().replicates;
  };
  EXPECT_EQ(replicates(clusters, values), replicates(turned, turnedValues));
  std::size_t drawn = 0;
  drawPlanets(clusters, 50, 3, [&](Weights weights) {
    EXPECT_EQ(weights[0], weights[2]);  // one planet
    EXPECT_EQ(weights[0] + weights[1] + weights[3], 3.0);
    ++drawn;
  });
  EXPECT_EQ(drawn, 50U);
}

TEST(Bootstrap, GivesNoIntervalOfOnePlanet) {
  const std::vector<std::function<double(Weights)>> metrics{[](Weights) { return 1.0; }};
  const Estimate estimate = estimates(std::vector<std::string>{"a", "a"}, metrics).front();
  EXPECT_EQ(estimate.value, 1.0);
  EXPECT_TRUE(std::isnan(estimate.low));
}

TEST(Bootstrap, QuantileIsLinearBetweenOrderStatistics) {
  EXPECT_EQ(quantile({4.0, 1.0, 3.0, 2.0}, 0.5), 2.5);
  EXPECT_EQ(quantile({1.0, 2.0}, 1.0), 2.0);
  EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
}

TEST(Scores, OfRegimesAgreeWithScikitLearn) {
  const auto reference = test::metricsReference("regime");
  std::vector<Prediction> predictions;
  for (std::size_t i = 0; i < reference.at("label").size(); ++i) {
    Prediction made = sampleRow(i, 0);
    made.truth.regime = reference.at("label")[i].get<int>();
    const auto probability = numbers(reference.at("probability")[i]);
    std::copy(probability.begin(), probability.end(), made.regime.begin());
    predictions.push_back(made);
  }
  predictions.push_back(sampleRow(1000, 0));  // without a label: takes no part
  const auto scored = scores(pointers(predictions));
  EXPECT_NEAR(of(scored, "regime", "accuracy").value, reference.at("accuracy").get<double>(), 1e-12);
  EXPECT_NEAR(of(scored, "regime", "balanced accuracy").value, reference.at("balanced_accuracy").get<double>(), 1e-12);
  EXPECT_NEAR(of(scored, "regime", "log-loss").value, reference.at("log_loss").get<double>(), 1e-12);
  EXPECT_EQ(of(scored, "regime", "accuracy").rows, 60U);
  for (const Score& score : scored) EXPECT_EQ(score.target, "regime");
  std::size_t counted = 0;
  for (const auto& line : regimeConfusion(pointers(predictions))) {
    for (const std::size_t count : line) counted += count;
  }
  EXPECT_EQ(counted, 60U);
}

TEST(Scores, OfViabilityAgreeWithScikitLearn) {
  const auto reference = test::metricsReference("binary");
  std::vector<Prediction> predictions;
  for (std::size_t i = 0; i < reference.at("label").size(); ++i) {
    Prediction made = sampleRow(i / 4, i);
    made.truth.viable = reference.at("label")[i].get<double>();
    made.viable = reference.at("stated")[i].get<double>();
    predictions.push_back(made);
  }
  const auto scored = scores(pointers(predictions));
  EXPECT_NEAR(of(scored, "viable", "AUROC").value, reference.at("auroc").get<double>(), 1e-12);
  EXPECT_NEAR(of(scored, "viable", "log-loss").value, reference.at("log_loss").get<double>(), 1e-12);
  EXPECT_NEAR(of(scored, "viable", "ECE").value, reference.at("ece").get<double>(), 1e-12);
  EXPECT_EQ(of(scored, "viable", "AUROC").planets, 15U);
  EXPECT_LT(of(scored, "viable", "AUROC").low, of(scored, "viable", "AUROC").value);
  EXPECT_EQ(score(pointers(predictions), "viable", "AUROC").estimate.replicates,
            of(scored, "viable", "AUROC").replicates);
  EXPECT_NEAR(plainScore(pointers(predictions), "viable", "AUROC"), reference.at("auroc").get<double>(), 1e-12);
  EXPECT_TRUE(std::isnan(plainScore(pointers(predictions), "regime", "accuracy")));
  EXPECT_THROW((void)plainScore(pointers(predictions), "viable", "beauty"), Error);
}

TEST(Scores, OfSharesAgreeWithScikitLearn) {
  std::vector<Prediction> predictions;
  double crps = 0.0;
  for (const auto& item : test::metricsReference("shares")) {
    Prediction made = sampleRow(predictions.size(), 0);
    made.truth.fHab = item.at("truth").get<double>();
    made.fHab = sharePrediction(numbers(item.at("probability")), made.truth.fHab);
    crps += item.at("crps").get<double>() / 6.0;
    predictions.push_back(made);
  }
  const auto scored = scores(pointers(predictions));
  std::ifstream file("tests/oracles/reference/metrics.json");
  const auto all = nlohmann::json::parse(file);
  EXPECT_NEAR(of(scored, "f_hab", "CRPS").value, crps, 1e-5);
  EXPECT_NEAR(of(scored, "f_hab", "RMSE").value, all.at("rmse").get<double>(), 1e-12);
  EXPECT_NEAR(of(scored, "f_hab", "MAE").value, all.at("mae").get<double>(), 1e-12);
}

TEST(Difference, IsPairedOverTheSamplesThatBothHave) {
  Random random(5, "test");
  std::vector<Prediction> ours, theirs;
  for (std::size_t i = 0; i < 200; ++i) {
    Prediction made = sampleRow(i / 2, i);
    made.truth.fHab = random.uniform();
    made.fHab.mean = 0.5;
    made.fHab.crps = random.uniform();  // hard and easy samples: far more spread than the difference
    theirs.push_back(made);
    made.fHab.crps -= 0.01;
    if (i >= 20) ours.push_back(made);
  }
  std::reverse(theirs.begin(), theirs.end());
  const Estimate estimate = difference(pointers(ours), pointers(theirs), "f_hab", "CRPS").estimate;
  EXPECT_EQ(estimate.rows, 180U);
  EXPECT_NEAR(estimate.value, -0.01, 1e-12);
  EXPECT_NEAR(estimate.low, -0.01, 1e-12);
  EXPECT_NEAR(estimate.high, -0.01, 1e-12);
  theirs.push_back(theirs.front());
  EXPECT_THROW(difference(pointers(ours), pointers(theirs), "f_hab", "CRPS"), Error);
  EXPECT_EQ(difference({}, {}, "f_hab", "CRPS").estimate.rows, 0U);
}

TEST(Select, LeavesRealPlanetsOut) {
  std::vector<Prediction> predictions{sampleRow(0, 0), sampleRow(1, 0)};
  predictions[1].real = true;
  EXPECT_EQ(select(predictions, "test", "none").size(), 1U);
  EXPECT_TRUE(select(predictions, "validation", "none").empty());
}

}  // namespace
