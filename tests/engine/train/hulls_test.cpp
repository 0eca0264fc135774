// SPDX-License-Identifier: Apache-2.0
#include "engine/train/hulls.h"

#include <gtest/gtest.h>

#include "data/base/files.h"
#include "data/base/random.h"
#include "engine/train/evaluate_run.h"
#include "tests/engine/train/small_run.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::train {
namespace {

using report::Prediction;

const std::string kAll = report::subsetName(report::kAllViews);
const std::string kWithoutClimate = report::subsetName(report::kAllViews & ~unsigned{report::kClimate});

/// Rows around one direction; an embedding against it is far from all of them.
std::vector<Prediction> rows(const std::string& views, std::uint64_t seed, int count) {
  Random random(seed, views);
  std::vector<Prediction> made;
  for (int i = 0; i < count; ++i) {
    Prediction& row = made.emplace_back();
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

report::ScalarValues noScalars() {
  report::ScalarValues values;
  values.fill(report::kMissing);
  return values;
}

/// Those of the one train planet.
report::ScalarValues scalars() {
  report::ScalarValues values = noScalars();
  values.front() = 1.0;
  return values;
}

Hulls fitted(std::initializer_list<std::string> kinds) {
  std::vector<Prediction> train, validation;
  for (const std::string& views : kinds) {
    for (Prediction& row : rows(views, 1, 40)) train.push_back(std::move(row));
    for (Prediction& row : rows(views, 2, 20)) validation.push_back(std::move(row));
  }
  return Hulls::fit(train, validation, {{"planet", scalars()}});
}

TEST(Hulls, JudgeExactlyTheViewsThatTheyAreOf) {
  const Hulls hulls = fitted({kAll, kWithoutClimate});
  for (const std::string& views : {kAll, kWithoutClimate}) {
    Prediction inside = asked(views, 1.0F), outside = asked(views, -1.0F);
    hulls.judge(scalars(), inside);
    hulls.judge(scalars(), outside);
    EXPECT_EQ(inside.outOfHull, false);
    EXPECT_EQ(outside.outOfHull, true);
    EXPECT_EQ(inside.notJudged, "");
  }
  for (const char* views : {"climate+graph+spectrum+scalars", "climate", "graph+spectrum+scalars", "scalars", "none"}) {
    Prediction row = asked(views, 1.0F);
    hulls.judge(scalars(), row);
    EXPECT_FALSE(row.outOfHull.has_value()) << views;
    EXPECT_EQ(row.notJudged,
              std::string("training hulls are of all views and of all but the climate, not of ") + views);
  }
  Prediction row = asked(kAll, 1.0F);
  fitted({kWithoutClimate}).judge(scalars(), row);
  EXPECT_FALSE(row.outOfHull.has_value());
  EXPECT_NE(row.notJudged.find("no training hull"), std::string::npos) << row.notJudged;
}

TEST(Hulls, NeverCallAPlanetInsideOfWhichNoScalarIsKnown) {
  const Hulls hulls = fitted({kAll});
  Prediction near = asked(kAll, 1.0F), far = asked(kAll, -1.0F);
  hulls.judge(noScalars(), near);
  hulls.judge(noScalars(), far);
  EXPECT_FALSE(near.outOfHull.has_value());
  EXPECT_NE(near.notJudged.find("scalars"), std::string::npos) << near.notJudged;
  EXPECT_EQ(far.outOfHull, true);
}

TEST(Hulls, AreKeptForTheWeightsThatTheyAreOf) {
  const test::TempFolder folder;
  const WeightsId weights{12, "0123456789abcdef"};
  fitted({kAll, kWithoutClimate}).save(folder.path(), weights);
  for (const float sign : {1.0F, -1.0F}) {
    Prediction row = asked(kAll, sign);
    Hulls::load(folder.path(), weights).judge(scalars(), row);
    EXPECT_EQ(row.outOfHull, sign < 0.0F);
  }
  for (const WeightsId& other : {WeightsId{13, weights.manifest}, WeightsId{12, "fedcba9876543210"}}) {
    const Hulls stale = Hulls::load(folder.path(), other);
    EXPECT_TRUE(stale.empty());
    Prediction row = asked(kAll, 1.0F);
    stale.judge(scalars(), row);
    EXPECT_FALSE(row.outOfHull.has_value());
    EXPECT_NE(row.notJudged.find("step 12 (manifest 01234567), these are of step " + std::to_string(other.step)),
              std::string::npos)
        << row.notJudged;
  }
  // A hull that was not fitted leaves no file of another evaluation.
  fitted({kAll}).save(folder.path(), weights);
  EXPECT_TRUE(std::filesystem::exists(folder / "hull.json"));
  EXPECT_FALSE(std::filesystem::exists(folder / "hull_without_climate.json"));
  writeFileAtomically(folder / "hull.json", "{}");
  EXPECT_NE(test::messageOf([&] { (void)Hulls::load(folder.path(), weights); }).find("hull.json"), std::string::npos);
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
  EXPECT_TRUE(judged.front().outOfHull.has_value()) << judged.front().notJudged;
  (void)test::trainHere(run);
  const auto after = predictPlanets(run, {planet, {}});
  EXPECT_FALSE(after.front().outOfHull.has_value());
  EXPECT_NE(after.front().notJudged.find("of step " + std::to_string(first.step) + " "), std::string::npos)
      << after.front().notJudged;
}

}  // namespace
}  // namespace ecumene::engine::train
