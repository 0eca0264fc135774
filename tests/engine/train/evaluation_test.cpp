// SPDX-License-Identifier: Apache-2.0
// Truth: the report, which predicts the same planets by another path.
#include "engine/train/evaluation.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "data/base/files.h"
#include "engine/report/report.h"
#include "engine/train/evaluate_run.h"
#include "tests/engine/train/small_run.h"

namespace ecumene::engine::train {
namespace {

using nlohmann::json;

TEST(Evaluation, JournalsTheMetricsOfTheReport) {
  const test::TempFolder folder;
  // The cube is hidden from all, so that one subset of the report is what the evaluation saw.
  auto run = test::makeRun(folder / "run", test::nano({"train.epochs=1", "train.hide.climate=1"}));
  std::vector<std::string> notes;
  TrainOptions options;
  options.onStep = [&](const Status& status) {
    if (!status.note.empty()) notes.push_back(status.note);
  };
  (void)test::trainHere(run, options);
  EvaluateOptions evaluation;
  evaluation.splits = {"validation"};
  evaluateRun(run, evaluation);
  const json report = json::parse(readFile(run.folder() / "report.json"));
  const std::pair<const char*, std::pair<const char*, const char*>> kept[] = {
      {"regime.accuracy", {"regime", "accuracy"}}, {"habitable.accuracy", {"habitable", "accuracy"}},
      {"viable.auroc", {"viable", "AUROC"}},       {"f_hab.crps", {"f_hab", "CRPS"}},
      {"f_hab.rmse", {"f_hab", "RMSE"}},           {"regime.ece", {"regime", "ECE"}},
      {"habitable.ece", {"habitable", "ECE"}},     {"viable.ece", {"viable", "ECE"}}};
  int found = 0;
  for (const json& score : report.at("scores")) {
    if (score.at("predictor") != "model" || score.at("subset") != report::cubeHidden() ||
        score.at("archetype") != "all") {
      continue;
    }
    for (const auto& [key, metric] : kept) {
      if (score.at("target") != metric.first || score.at("metric") != metric.second || score.at("value").is_null()) {
        continue;
      }
      ++found;
      const auto journalled = test::metric(run, std::string("validation.") + key);
      ASSERT_EQ(journalled.size(), 1U) << key;
      EXPECT_NEAR(journalled.begin()->second, score.at("value").get<double>(), 1e-4) << key;
      EXPECT_EQ(test::metric(run, "validation.samples").begin()->second, score.at("rows").get<double>());
    }
  }
  EXPECT_GE(found, 7);
  // The report has perplexities with all views: not what the evaluation saw. The language term is a mean over texts
  // of each micro-batch's mean over pieces, so it is the same where all texts weigh alike.
  const double perplexity = test::metric(run, "validation.text.perplexity").begin()->second;
  EXPECT_NEAR(std::log(perplexity), test::metric(run, "validation.language").begin()->second, 0.05);
  const double half = test::metric(run, "validation.samples.without_climate").begin()->second;
  EXPECT_EQ(half + test::metric(run, "validation.samples.with_climate").begin()->second,
            test::metric(run, "validation.samples").begin()->second);
  ASSERT_FALSE(notes.empty());
  EXPECT_NE(notes.front().find("f_hab CRPS 0."), std::string::npos) << notes.front();
}

}  // namespace
}  // namespace ecumene::engine::train
