// SPDX-License-Identifier: Apache-2.0
// Truth: scikit-learn's Ridge and LogisticRegression through tests/oracles/metrics.py; rules a tree must find.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/base/random.h"
#include "engine/report/boosted_trees.h"
#include "engine/report/neighbour_labels.h"
#include "engine/report/prediction.h"
#include "engine/report/ridge.h"
#include "tests/engine/report/reference.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;
using test::numbers;

Matrix matrix(const nlohmann::json& json) {
  Matrix result{json.size(), json.at(0).size(), {}};
  for (const auto& line : json) {
    for (const auto& value : line) result.values.push_back(value.get<double>());
  }
  return result;
}

Matrix oneHot(const nlohmann::json& labels, std::size_t classes) {
  Matrix result{labels.size(), classes, std::vector<double>(labels.size() * classes, 0.0)};
  for (std::size_t i = 0; i < labels.size(); ++i) result.values[i * classes + labels[i].get<std::size_t>()] = 1.0;
  return result;
}

void expectNear(const std::vector<double>& got, const std::vector<double>& wanted, double tolerance) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], wanted[i], tolerance) << i;
}

TEST(Ridge, AgreesWithScikitLearnAndItsLeftOutFits) {
  const auto reference = test::metricsReference("regression");
  const Matrix x = matrix(reference.at("x"));
  const Ridge ridge = Ridge::fit(x, numbers(reference.at("y")), reference.at("penalty").get<double>());
  expectNear(ridge.predict(x), numbers(reference.at("predicted")), 1e-10);
  expectNear(ridge.leftOut(), numbers(reference.at("left_out")), 1e-10);
}

TEST(RidgeClassifier, AgreesWithScikitLearn) {
  const auto reference = test::metricsReference("regression");
  const Matrix x = matrix(reference.at("x"));
  const double penalty = reference.at("penalty").get<double>();
  const Matrix three = RidgeClassifier::fit(x, oneHot(reference.at("three"), 3), penalty).predict(x);
  expectNear(three.values, matrix(reference.at("three_probability")).values, 1e-3);
  const RidgeClassifier two = RidgeClassifier::fit(x, oneHot(reference.at("two"), 2), penalty);
  expectNear(two.predict(x).values, matrix(reference.at("two_probability")).values, 1e-3);
  const Matrix again = RidgeClassifier::fit(x, oneHot(reference.at("two"), 2), penalty, &two).predict(x);
  expectNear(again.values, two.predict(x).values, 1e-6);
}

TEST(RidgeClassifier, KeepsAClassWithoutRowsFinite) {
  const auto reference = test::metricsReference("regression");
  const Matrix p = RidgeClassifier::fit(matrix(reference.at("x")), oneHot(reference.at("two"), 3), 1.0)
                       .predict(matrix(reference.at("x")));
  for (std::size_t i = 0; i < p.rows; ++i) {
    EXPECT_GT(p.row(i)[2], 0.0);
    EXPECT_LT(p.row(i)[2], 0.01);
  }
}

/// A rule with a gap: y = 1 where x0 > 0.3, or where x1 is missing.
Matrix gaps(Random& random, std::size_t rows, std::vector<double>& y) {
  Matrix x{rows, 2, {}};
  for (std::size_t i = 0; i < rows; ++i) {
    const double first = random.uniform();
    const bool missing = random.chance(0.3);
    x.values.push_back(first);
    x.values.push_back(missing ? kMissing : random.uniform());
    y.push_back(first > 0.3 || missing ? 1.0 : 0.0);
  }
  return x;
}

TEST(BoostedTrees, FindARuleWithMissingValues) {
  Random random(3, "test");
  std::vector<double> y, validationY, testY;
  const Matrix x = gaps(random, 400, y), validationX = gaps(random, 100, validationY), testX = gaps(random, 200, testY);
  const BoostedTrees trees =
      BoostedTrees::fit(x, y, validationX, validationY, {TreeObjective::kProbability, 0, 3, 0.3, 60, 10});
  const Matrix p = trees.predict(testX);
  ASSERT_EQ(p.values.size(), 200U);
  double right = 0.0;
  for (std::size_t i = 0; i < 200; ++i) right += (p.values[i] > 0.5) == (testY[i] > 0.5) ? 1.0 : 0.0;
  EXPECT_GT(right / 200, 0.97);
  EXPECT_LT(trees.validationLoss(), 0.1);
  EXPECT_LE(trees.rounds(), 60);
}

TEST(BoostedTrees, AreTheSameFromTheSameRows) {
  Random random(4, "test");
  std::vector<double> y, validationY;
  const Matrix x = gaps(random, 200, y), validationX = gaps(random, 60, validationY);
  const auto predicted = [&](TreeObjective objective, int classes) {
    return BoostedTrees::fit(x, y, validationX, validationY, {objective, classes, 4, 0.2, 20, 5}).predict(x).values;
  };
  EXPECT_EQ(predicted(TreeObjective::kNumber, 0), predicted(TreeObjective::kNumber, 0));
  const auto classes = predicted(TreeObjective::kClasses, 3);
  EXPECT_EQ(classes, predicted(TreeObjective::kClasses, 3));
  ASSERT_EQ(classes.size(), 600U);
  for (std::size_t i = 0; i < 200; ++i) {
    EXPECT_NEAR(classes[3 * i] + classes[3 * i + 1] + classes[3 * i + 2], 1.0, 1e-5);
  }
}

TEST(BoostedTrees, StopWhereValidationGetsNoBetter) {
  Random random(5, "test");
  std::vector<double> y, validationY;
  Matrix x{100, 1, {}}, validationX{50, 1, {}};
  for (int i = 0; i < 150; ++i) {  // nothing to learn
    (i < 100 ? x : validationX).values.push_back(random.uniform());
    (i < 100 ? y : validationY).push_back(random.uniform());
  }
  const BoostedTrees trees =
      BoostedTrees::fit(x, y, validationX, validationY, {TreeObjective::kNumber, 0, 4, 0.3, 400, 5});
  EXPECT_LT(trees.rounds(), 50);
}

TEST(NeighbourLabels, AreThoseOfTheNearestPredictions) {
  const NeighbourLabels neighbours(std::vector{0.1, 0.2, 0.5, 0.9, 0.95}, std::vector{0.0, 0.0, 0.505, 1.0, 1.0});
  const auto near = [&](double predicted, std::size_t k) { return neighbours.probability(predicted, k); };
  EXPECT_NEAR(near(0.0, 2).front(), (2 + 0.5 / 102) / 2.5, 1e-12);
  EXPECT_NEAR(near(2.0, 2).back(), (2 + 0.5 / 102) / 2.5, 1e-12);
  EXPECT_NEAR(near(0.55, 1)[1 + 50], (1 + 0.5 / 102) / 1.5, 1e-12);
  const auto all = near(0.4, 50);
  EXPECT_NEAR(all.front(), (2 + 0.5 / 102) / 5.5, 1e-12);
  double sum = 0.0;
  for (const double p : all) sum += p;
  EXPECT_NEAR(sum, 1.0, 1e-12);
}

}  // namespace
