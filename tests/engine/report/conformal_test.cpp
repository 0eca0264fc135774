// SPDX-License-Identifier: Apache-2.0
// Truth: exact coverage of conformal prediction, and intervals moved by hand.
#include "engine/report/conformal.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/base/error.h"
#include "data/base/random.h"
#include "tests/engine/report/sample_row.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;
using test::sampleRow;

/// Planets of 1 to 8 samples whose intervals are too narrow by a factor.
std::vector<Prediction> narrow(std::size_t planets, const std::string& split, Random& random) {
  std::vector<Prediction> made;
  for (std::size_t p = 0; p < planets; ++p) {
    const double truth = std::clamp(0.5 + 0.15 * random.normal(), 0.0, 1.0);
    for (std::size_t s = 0; s <= p % 8; ++s) {
      Prediction prediction = sampleRow(p, s);
      prediction.split = split;
      prediction.planet = split + prediction.planet;
      prediction.truth.fHab = truth;
      prediction.fHab.mean = 0.5;
      prediction.fHab.low = 0.45;
      prediction.fHab.high = 0.55;
      made.push_back(prediction);
    }
  }
  return made;
}

TEST(Conformal, CoversNineInTenPlanetsWhateverTheIntervalsWere) {
  double covered = 0.0;
  constexpr int kRepeats = 300, kValidation = 19;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    Random random(11, "test", static_cast<std::uint64_t>(repeat));
    std::vector<Prediction> predictions = narrow(kValidation, "validation", random);
    for (Prediction& prediction : narrow(40, "test", random)) predictions.push_back(prediction);
    const auto steps = conformalise(predictions);
    ASSERT_EQ(steps.size(), 1U);
    EXPECT_EQ(steps[0].planets, static_cast<std::size_t>(kValidation));
    double inside = 0.0, planets = 0.0;
    for (const Prediction& prediction : predictions) {
      if (prediction.split != "test" || !prediction.sample.ends_with("/0")) continue;
      const SharePrediction& share = prediction.fHab;
      planets += 1.0;
      inside += prediction.truth.fHab >= share.conformalLow && prediction.truth.fHab <= share.conformalHigh ? 1.0 : 0.0;
    }
    covered += inside / planets / kRepeats;
  }
  // Exactly 18 / 20 for 19 exchangeable planets without ties.
  EXPECT_NEAR(covered, 0.9, 0.015);
}

TEST(Conformal, NarrowsIntervalsThatAreTooWide) {
  std::vector<Prediction> predictions;
  for (std::size_t p = 0; p < 99; ++p) {
    Prediction made = sampleRow(p, 0);
    made.split = "validation";
    made.truth.h050 = 0.3 + 0.4 * static_cast<double>(p) / 98.0;
    made.h050.low = 0.1;
    made.h050.high = 0.9;
    predictions.push_back(made);
  }
  const auto steps = conformalise(predictions);
  ASSERT_EQ(steps.size(), 1U);
  EXPECT_EQ(steps[0].target, "h050");
  EXPECT_LT(steps[0].shift, -0.2);
  EXPECT_NEAR(predictions[0].h050.conformalLow, 0.1 - steps[0].shift, 1e-12);
}

TEST(Conformal, KeepsEndsAtZeroAndOneAndSaysWhenPlanetsAreTooFew) {
  std::vector<Prediction> predictions;
  for (std::size_t p = 0; p < 8; ++p) {
    Prediction made = sampleRow(p, 0);
    made.split = "validation";
    made.truth.fHab = 0.1;
    made.fHab.low = 0.0;
    made.fHab.high = 0.4;
    predictions.push_back(made);
  }
  EXPECT_TRUE(std::isinf(conformalise(predictions).at(0).shift));  // ceil(9 * 0.9) > 8
  EXPECT_EQ(predictions[0].fHab.conformalLow, 0.0);
  EXPECT_EQ(predictions[0].fHab.conformalHigh, 1.0);
  predictions.push_back(predictions.back());
  predictions.back().planet = "p9";
  EXPECT_NEAR(conformalise(predictions).at(0).shift, -0.3, 1e-12);
  EXPECT_EQ(predictions[0].fHab.conformalLow, 0.0);
  EXPECT_NEAR(predictions[0].fHab.conformalHigh, 0.1, 1e-12);
}

/// A step for "none" of both shares.
std::vector<ConformalStep> steps(double shift) {
  return {{"none", "f_hab", shift, 30}, {"none", "h050", shift / 2.0, 30}};
}

Prediction asked() {
  Prediction made = sampleRow(1, 0);
  made.fHab.low = made.h050.low = 0.3;
  made.fHab.high = made.h050.high = 0.9;
  return made;
}

TEST(Conformal, MovesSinglePredictionsAsItMovedTheSet) {
  std::vector<Prediction> set;
  for (std::size_t p = 0; p < 40; ++p) {
    Prediction made = asked();
    made.planet = "p" + std::to_string(p);
    made.split = "validation";
    made.truth.fHab = made.truth.h050 = 0.02 * static_cast<double>(p);
    set.push_back(made);
  }
  const std::vector<ConformalStep> fitted = conformalise(set);
  Prediction one = asked();
  applySteps(stepsFromJson(toJson(fitted)), one);
  EXPECT_FALSE(std::isnan(one.fHab.conformalLow));
  EXPECT_EQ(one.fHab.conformalLow, set[0].fHab.conformalLow);
  EXPECT_EQ(one.h050.conformalHigh, set[0].h050.conformalHigh);
  EXPECT_EQ(one.notCalibrated, "");
}

TEST(Conformal, MovesOnlyWhatWasGivenTheViewsOfAStep) {
  Prediction same = asked(), other = asked(), lacking = asked();
  applySteps(steps(0.2), same);
  EXPECT_NEAR(same.fHab.conformalLow, 0.1, 1e-12);
  EXPECT_NEAR(same.fHab.conformalHigh, 1.0, 1e-12);
  EXPECT_NEAR(same.h050.conformalLow, 0.2, 1e-12);
  other.subset = "scalars";
  lacking.subset = "none";
  lacking.given = "text";
  for (Prediction* one : {&other, &lacking}) {
    applySteps(steps(0.2), *one);
    EXPECT_TRUE(std::isnan(one->fHab.conformalLow));
    EXPECT_EQ(one->notCalibrated, "no conformal step was fitted for " + viewsGiven(*one));
  }
  // Nor does the set's own step move such a row, or count it.
  std::vector<Prediction> set;
  for (std::size_t p = 0; p < 20; ++p) {
    set.push_back(asked());
    set.back().planet = "p" + std::to_string(p);
    set.back().split = "validation";
    set.back().truth.fHab = 0.5;
  }
  set.push_back(lacking);
  set.back().split = "validation";
  set.back().truth.fHab = 0.0;
  Prediction fewer = asked();  // has no text
  fewer.subset = "text";
  fewer.given = "none";
  set.push_back(fewer);
  const std::vector<ConformalStep> fitted = conformalise(set);
  EXPECT_EQ(fitted.at(0).planets, 20U);
  EXPECT_TRUE(std::isnan(set[20].fHab.conformalLow));
  // A row is moved as a single prediction of the same views is.
  applySteps(fitted, fewer);
  EXPECT_FALSE(std::isnan(fewer.fHab.conformalLow));
  EXPECT_EQ(set[21].fHab.conformalLow, fewer.fHab.conformalLow);
}

TEST(Conformal, OfTooFewPlanetsCalibratesNothing) {
  Prediction one = asked();
  const auto few = steps(std::numeric_limits<double>::infinity());
  const auto again = stepsFromJson(toJson(few));
  EXPECT_EQ(again, few);
  applySteps(again, one);
  EXPECT_TRUE(std::isnan(one.fHab.conformalLow));
  EXPECT_EQ(one.notCalibrated, "the conformal step had too few validation systems for 90 %: 30");
  EXPECT_EQ(stepsFromJson(toJson(steps(-0.05))), steps(-0.05));
  for (const char* damaged :
       {"", "3", "{\"a\":1}", "[{}]", R"([{"subset":1,"target":"f_hab","shift":0,"planets":3}])"}) {
    EXPECT_THROW(stepsFromJson(damaged), Error) << damaged;
  }
}

}  // namespace
