// SPDX-License-Identifier: Apache-2.0
// Truth: quadrature of the distribution function (SciPy), an ensemble's CRPS (properscoring), closed forms.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/base/random.h"
#include "engine/report/prediction.h"
#include "tests/engine/report/reference.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;

std::vector<double> pointMass(std::size_t at) {
  std::vector<double> probability(22, 0.0);
  probability[at] = 1.0;
  return probability;
}

TEST(SharePrediction, AgreesWithQuadratureOfTheDistributionFunction) {
  for (const auto& item : test::metricsReference("shares")) {
    const SharePrediction share =
        sharePrediction(test::numbers(item.at("probability")), item.at("truth").get<double>());
    EXPECT_NEAR(share.crps, item.at("crps").get<double>(), 1e-5);
    EXPECT_NEAR(share.mean, item.at("mean").get<double>(), 1e-12);
    EXPECT_NEAR(share.low, item.at("low").get<double>(), 1e-5);
    EXPECT_NEAR(share.high, item.at("high").get<double>(), 1e-5);
  }
}

TEST(SharePrediction, OfManyBinsIsTheEnsembleItWasCountedFrom) {
  const auto ensemble = test::metricsReference("ensemble");
  const SharePrediction share =
      sharePrediction(test::numbers(ensemble.at("probability")), ensemble.at("truth").get<double>());
  EXPECT_NEAR(share.crps, ensemble.at("crps").get<double>(), 1e-4);
}

TEST(SharePrediction, OfAPointMassIsTheDistanceToTheTruth) {
  EXPECT_NEAR(sharePrediction(pointMass(0), 0.3).crps, 0.3, 1e-12);
  EXPECT_NEAR(sharePrediction(pointMass(21), 0.3).crps, 0.7, 1e-12);
  EXPECT_EQ(sharePrediction(pointMass(0), 0.0).crps, 0.0);
  EXPECT_EQ(sharePrediction(pointMass(0), 0.0).high, 0.0);
  EXPECT_EQ(sharePrediction(pointMass(21), 1.0).low, 1.0);
}

TEST(SharePrediction, LikelihoodIsMassAtTheEndsAndDensityBetween) {
  std::vector<double> probability(22, 0.0);
  probability[0] = 0.25;
  probability[3] = 0.5;  // [0.10, 0.15)
  probability[21] = 0.25;
  EXPECT_NEAR(sharePrediction(probability, 0.0).nll, -std::log(0.25), 1e-12);
  EXPECT_NEAR(sharePrediction(probability, 1.0).nll, -std::log(0.25), 1e-12);
  EXPECT_NEAR(sharePrediction(probability, 0.12).nll, -std::log(0.5 * 20), 1e-12);
  EXPECT_NEAR(sharePrediction(probability, 0.52).nll, -std::log(1e-7 * 20), 1e-12);
}

TEST(SharePrediction, WithoutALabelHasNoScores) {
  const SharePrediction share = sharePrediction(pointMass(4), kMissing);
  EXPECT_TRUE(std::isnan(share.crps));
  EXPECT_TRUE(std::isnan(share.nll));
  EXPECT_NEAR(share.mean, 0.175, 1e-12);
}

TEST(SharePrediction, RefusesWhatIsNoDistribution) {
  EXPECT_THROW(sharePrediction({0.5, 0.5}, 0.0), Error);
  EXPECT_THROW(sharePrediction({0.5, 0.7, -0.2}, 0.0), Error);
  EXPECT_THROW(sharePrediction({0.5, 0.2, 0.2}, 0.0), Error);
  EXPECT_THROW(sharePrediction({kMissing, 0.5, 0.5}, 0.0), Error);
}

/// Truths drawn of the distribution itself: the share is 0.9 although the closed interval holds far more.
TEST(PitShare, IsTheLevelForACalibratedDistributionWithMasses) {
  std::vector<double> probability(22, 0.2 / 20);
  probability[0] = 0.5;
  probability[21] = 0.3;
  Random random(7, "test");
  double split = 0.0, closed = 0.0;
  constexpr int kDraws = 40000;
  const SharePrediction share = sharePrediction(probability, kMissing);
  for (int i = 0; i < kDraws; ++i) {
    const double u = random.uniform();
    const double truth = u < 0.5 ? 0.0 : u >= 0.7 ? 1.0 : (u - 0.5) / 0.2;
    split += pitShare(probability, truth, 0.05, 0.95);
    closed += truth >= share.low && truth <= share.high ? 1.0 : 0.0;
  }
  EXPECT_NEAR(split / kDraws, 0.9, 0.005);
  EXPECT_EQ(closed, kDraws);
}

TEST(Subsets, AreNamedByTheirViewsAndComeOnce) {
  EXPECT_EQ(subsetName(kAllViews), "climate+graph+spectrum+text+scalars");
  EXPECT_EQ(subsetName(kSpectrum | kScalars), "spectrum+scalars");
  EXPECT_EQ(subsetName(0), "none");
  const std::vector<unsigned> subsets = evaluatedSubsets();
  ASSERT_EQ(subsets.size(), 32U);
  EXPECT_EQ(subsets.front(), kAllViews);
  EXPECT_EQ(subsets[1] & kScalars, unsigned{kScalars});
  EXPECT_EQ(subsets.back(), 0U);
  for (std::size_t i = 0; i < subsets.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(subsets[i], subsets[j]);
  }
  for (const unsigned views : judgedSubsets()) EXPECT_EQ(std::ranges::count(subsets, views), 1);
}

TEST(Subsets, AreWhatIsLeftOfHiddenViews) {
  EXPECT_EQ(subsetName(viewsWithout({})), subsetName(kAllViews));
  EXPECT_EQ(subsetName(viewsWithout({"text", "climate", "text"})), "graph+spectrum+scalars");
  EXPECT_THROW((void)viewsWithout({"smell"}), Error);
}

}  // namespace
