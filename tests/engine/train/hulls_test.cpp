// SPDX-License-Identifier: Apache-2.0
#include "engine/train/hulls.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/base/files.h"
#include "data/base/random.h"
#include "engine/train/calibration.h"
#include "engine/train/evaluate_run.h"
#include "tests/engine/train/small_run.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::train {
namespace {

using report::Prediction;

const std::string kAll = report::subsetName(report::kAllViews);
const std::string kWithoutClimate = report::subsetName(report::kAllViews & ~unsigned{report::kClimate});

/// Rows of systems of their own around one direction; an embedding against it is far from all of them.
std::vector<Prediction> rows(const std::string& views, std::uint64_t seed, int count) {
  Random random(seed, views);
  std::vector<Prediction> made;
  for (int i = 0; i < count; ++i) {
    Prediction& row = made.emplace_back();
    row.system = std::to_string(seed) + "/" + std::to_string(i);
    row.subset = views;
    for (int k = 0; k < 4; ++k) row.embedding.push_back(static_cast<float>(1.0 + 0.01 * random.normal()));
  }
  return made;
}

Prediction asked(const std::string& views, float sign) {
  Prediction row;
  row.subset = views;
  row.embedding = {sign, sign, sign, sign};
  return row;
}

report::Quantities nothing() {
  report::Quantities values;
  values.fill(report::kMissing);
  return values;
}

/// The one train planet has 1.
report::Quantities known(double flux) {
  report::Quantities values = nothing();
  values.front() = flux;
  return values;
}

Hulls fitted(std::initializer_list<std::string> kinds, int validationSystems = 20) {
  std::vector<Prediction> train, validation;
  for (const std::string& views : kinds) {
    for (Prediction& row : rows(views, 1, 40)) train.push_back(std::move(row));
    for (Prediction& row : rows(views, 2, validationSystems)) validation.push_back(std::move(row));
  }
  return Hulls::fit(train, validation, {{"planet", {known(1.0)}}});
}

TEST(Hulls, MeasureDistanceOfExactlyTheViewsThatTheyAreOf) {
  const Hulls hulls = fitted({kAll, kWithoutClimate});
  for (const std::string& views : {kAll, kWithoutClimate}) {
    Prediction inside = asked(views, 1.0F), outside = asked(views, -1.0F);
    hulls.judge(known(1.0), inside);
    hulls.judge(known(1.0), outside);
    EXPECT_FALSE(inside.hull.value().outside);
    EXPECT_TRUE(outside.hull.value().outside);
    EXPECT_GT(outside.hull->distance, outside.hull->limit);
    EXPECT_EQ(outside.hull->thresholdFrom, "validation");
    EXPECT_EQ(inside.notJudged, "");
  }
  // Of other views, also those of a planet that lacks one of them, ranges alone decide.
  Prediction lacking = asked(kAll, -1.0F);
  lacking.given = "climate+graph+spectrum+scalars";
  Prediction subset = asked("graph+spectrum+scalars", -1.0F);
  for (Prediction* row : {&lacking, &subset}) {
    hulls.judge(known(1.0), *row);
    EXPECT_FALSE(row->hull.value().outside);
    EXPECT_TRUE(std::isnan(row->hull->distance));
    EXPECT_EQ(row->hull->thresholdFrom, "");
    hulls.judge(known(1.1), *row);
    EXPECT_TRUE(row->hull.value().outside);
    EXPECT_EQ(row->hull->broken.at(0).quantity, "stellar_flux");
  }
  // What was hidden of a planet is not held against its answer.
  Prediction hidden = asked("graph+spectrum", -1.0F);
  hulls.judge(known(1.1), hidden);
  EXPECT_FALSE(hidden.hull);
  EXPECT_NE(hidden.notJudged, "");
}

TEST(Hulls, TakeTheThresholdFromTrainPlanetsWhereValidationPlanetsAreFew) {
  const Hulls hulls = fitted({kAll}, 9);
  for (const float sign : {1.0F, -1.0F}) {
    Prediction row = asked(kAll, sign);
    hulls.judge(known(1.0), row);
    EXPECT_EQ(row.hull.value().outside, sign < 0.0F);
    EXPECT_EQ(row.hull->thresholdFrom, "training");
  }
  const std::vector<std::string> words = hulls.words();
  ASSERT_EQ(words.size(), 4U);
  EXPECT_NE(words[0].find("40 training samples of 40 systems, each held against other systems, as fewer than 10"),
            std::string::npos)
      << words[0];
  EXPECT_NE(words[1].find("ranges alone"), std::string::npos) << words[1];
}

TEST(Hulls, OfRowsThatLackViewsAreNone) {
  std::vector<Prediction> train = rows(kAll, 1, 40);
  for (Prediction& row : train) row.given = "climate+graph+spectrum+scalars";
  const Hulls hulls = Hulls::fit(train, rows(kAll, 2, 20), {{"planet", {known(1.0)}}});
  Prediction row = asked(kAll, -1.0F);
  hulls.judge(known(1.0), row);
  EXPECT_EQ(row.hull.value().thresholdFrom, "");
}

TEST(Hulls, NeverCallAPlanetInsideOfWhichNoScalarIsKnown) {
  const Hulls hulls = fitted({kAll});
  Prediction near = asked(kAll, 1.0F), far = asked(kAll, -1.0F);
  hulls.judge(nothing(), near);
  hulls.judge(nothing(), far);
  EXPECT_FALSE(near.hull.has_value());
  EXPECT_NE(near.notJudged.find("scalars"), std::string::npos) << near.notJudged;
  EXPECT_TRUE(far.hull.value().outside);
}

TEST(Hulls, AreKeptForTheWeightsThatTheyAreOf) {
  const test::TempFolder folder;
  const WeightsId weights{12, "0123456789abcdef"};
  fitted({kAll, kWithoutClimate}).save(folder.path(), weights);
  for (const float sign : {1.0F, -1.0F}) {
    Prediction row = asked(kAll, sign);
    Hulls::load(folder.path(), weights).judge(known(1.0), row);
    EXPECT_EQ(row.hull.value().outside, sign < 0.0F);
  }
  for (const WeightsId& other : {WeightsId{13, weights.manifest}, WeightsId{12, "fedcba9876543210"}}) {
    const Hulls stale = Hulls::load(folder.path(), other);
    EXPECT_TRUE(stale.empty());
    Prediction row = asked(kAll, 1.0F);
    stale.judge(known(1.0), row);
    EXPECT_FALSE(row.hull.has_value());
    EXPECT_NE(row.notJudged.find("step 12 (manifest 01234567), these are of step " + std::to_string(other.step)),
              std::string::npos)
        << row.notJudged;
  }
  Prediction row = asked(kAll, 1.0F);
  Hulls::load(folder / "none", weights).judge(known(1.0), row);
  EXPECT_NE(row.notJudged.find("not evaluated"), std::string::npos) << row.notJudged;
  writeFileAtomically(folder / "hull.json", std::string_view(R"({"hulls":[]})"));
  Hulls::load(folder.path(), weights).judge(known(1.0), row);
  EXPECT_NE(row.notJudged.find("earlier version"), std::string::npos) << row.notJudged;
  for (const char* damaged : {"3", "", R"({"format":1,"step":12,"manifest":"0123456789abcdef","content":{}})"}) {
    writeFileAtomically(folder / "hull.json", std::string_view(damaged));
    EXPECT_NE(test::messageOf([&] { (void)Hulls::load(folder.path(), weights); }).find("hull.json"), std::string::npos);
  }
}

TEST(Calibration, IsKeptForTheWeightsThatItIsOf) {
  const test::TempFolder folder;
  const WeightsId weights{12, "0123456789abcdef"};
  Calibration({{kAll, "f_hab", 0.1, 30}, {kAll, "h050", 0.1, 30}}, {1.5, 40}).save(folder.path(), weights);
  std::vector<Prediction> made(1);
  made[0].subset = kAll;
  made[0].fHab.low = made[0].h050.low = 0.4;
  made[0].fHab.high = made[0].h050.high = 0.6;
  made[0].fluxes.resize(1);
  std::vector<Prediction> other = made, none = made, few = made;
  Calibration::load(folder.path(), weights).apply(made);
  EXPECT_NEAR(made[0].fHab.conformalLow, 0.3, 1e-12);
  EXPECT_EQ(made[0].fluxFactor, 1.5);
  EXPECT_EQ(made[0].fluxesNotCalibrated, "");
  Calibration::load(folder.path(), {13, weights.manifest}).apply(other);
  EXPECT_TRUE(std::isnan(other[0].fHab.conformalLow));
  EXPECT_NE(other[0].notCalibrated.find("step 12 (manifest 01234567), these are of step 13"), std::string::npos)
      << other[0].notCalibrated;
  EXPECT_TRUE(std::isnan(other[0].fluxFactor));
  EXPECT_NE(other[0].fluxesNotCalibrated.find("these are of step 13"), std::string::npos)
      << other[0].fluxesNotCalibrated;
  Calibration::load(folder / "none", weights).apply(none);
  EXPECT_NE(none[0].notCalibrated.find("not evaluated"), std::string::npos) << none[0].notCalibrated;
  EXPECT_NE(none[0].fluxesNotCalibrated.find("not evaluated"), std::string::npos) << none[0].fluxesNotCalibrated;
  Calibration({}, {report::kMissing, 4}).save(folder.path(), weights);
  Calibration::load(folder.path(), weights).apply(few);
  EXPECT_TRUE(std::isnan(few[0].fluxFactor));
  EXPECT_NE(few[0].fluxesNotCalibrated.find("too few"), std::string::npos) << few[0].fluxesNotCalibrated;
  writeFileAtomically(folder / "conformal.json", std::string_view("[]"));
  EXPECT_NE(test::messageOf([&] { (void)Calibration::load(folder.path(), weights); }).find("conformal.json"),
            std::string::npos);
}

TEST(Artifacts, OfOtherWeightsAreRemovedBeforeAnEvaluation) {
  const test::TempFolder folder;
  const WeightsId weights{12, "0123456789abcdef"};
  const auto fill = [&] {
    fitted({kAll}).save(folder.path(), weights);
    Calibration({}, {}).save(folder.path(), weights);
    for (const char* file : {kAttentionFile, "predictions.h5", "predictions-test.h5"}) {
      writeFileAtomically(folder / file, std::string_view("x"));
    }
  };
  const auto there = [&] {
    int count = 0;
    for (const char* file :
         {kHullFile, kConformalFile, kFluxFile, kAttentionFile, "predictions.h5", "predictions-test.h5"}) {
      count += std::filesystem::exists(folder / file) ? 1 : 0;
    }
    return count;
  };
  fill();
  removeStale(folder.path(), weights);
  EXPECT_EQ(there(), 6);
  removeStale(folder.path(), {13, weights.manifest});
  EXPECT_EQ(there(), 0);
  fill();
  writeFileAtomically(folder / "hull.json", std::string_view("no JSON"));
  removeStale(folder.path(), weights);
  EXPECT_EQ(there(), 0);
}

TEST(Hulls, OfARunThatWasTrainedOnDoNotJudge) {
  const test::TempFolder folder;
  auto run = test::makeRun(folder / "run", test::nano({"train.epochs=2"}));
  int steps = 0;
  TrainOptions cut;
  cut.onStep = [&](const Status&) { ++steps; };
  cut.interrupted = [&] { return steps >= 2; };
  const Outcome first = test::trainHere(run, cut);
  EvaluateOptions options;
  options.splits = {"validation"};
  evaluateRun(run, options);
  const std::string planet = storeOf(run.spec()).list().front().id;
  const auto judged = predictPlanets(run, {planet, {}});
  EXPECT_TRUE(judged.front().hull.has_value()) << judged.front().notJudged;
  (void)test::trainHere(run);
  const auto after = predictPlanets(run, {planet, {}});
  EXPECT_FALSE(after.front().hull.has_value());
  EXPECT_NE(after.front().notCalibrated.find("of step " + std::to_string(first.step) + " "), std::string::npos)
      << after.front().notCalibrated;
  EXPECT_NE(after.front().notJudged.find("of step " + std::to_string(first.step) + " "), std::string::npos)
      << after.front().notJudged;
}

}  // namespace
}  // namespace ecumene::engine::train
