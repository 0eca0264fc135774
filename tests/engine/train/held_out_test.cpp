// SPDX-License-Identifier: Apache-2.0
// Truth: made-up planets whose regime, habitability and shares are functions of their climate's temperature alone
// (tests/support/sample_planet); scalars, spectra and texts know nothing of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/base/files.h"
#include "data/batch/collate.h"
#include "data/batch/planet_samples.h"
#include "data/store/store.h"
#include "engine/report/report.h"
#include "engine/train/evaluate_run.h"
#include "engine/train/run_content.h"
#include "engine/train/shuffled_views.h"
#include "engine/train/tensors.h"
#include "models/fusion/heads.h"
#include "tests/engine/train/small_run.h"
#include "tests/support/sample_planet.h"

namespace ecumene::engine::train {
namespace {

using data::planet::Split;

/// So many planets of each split, one a system.
void makeStore(const std::filesystem::path& folder, std::map<Split, int> planets) {
  test::SampleParts parts;
  parts.metabolisms = parts.texts = 1;
  parts.networks = 0;
  data::store::Store store = data::store::Store::open(folder, data::store::Mode::kCreate);
  const auto isMissing = [](const auto& split) { return split.second > 0; };
  test::SampleParts key = parts;
  key.climate = false;  // which is most of the work
  for (std::uint64_t number = 0; std::ranges::any_of(planets, isMissing); ++number) {
    const Split split = data::planet::splitOf(test::samplePlanet(2 * number, key).systemKey);
    if (planets[split]-- > 0) store.add(test::samplePlanet(2 * number, parts));
  }
  store.computeStatistics();
}

/// A run that has learned from such planets, made once a process. Test planets were neither trained on nor asked which
/// weights are the best.
struct Learned {
  Learned()
      : run([this] {
          makeStore(folder / "store", {{Split::kTrain, 20}, {Split::kValidation, 4}, {Split::kTest, 6}});
          // Not test::nano(), which generates planets. Whole cubes, as labels are functions of them.
          config::RunSpec spec = config::preset("nano");
          for (const char* setting : {"train.device=cpu", "train.epochs=24", "train.evaluate_epochs=4",
                                      "train.lr=0.004", "train.hide.climate=0", "train.masked_share=0"}) {
            config::set(spec, setting);
          }
          spec.data.store = (folder / "store").string();
          return test::makeRun(folder / "run", spec);
        }()),
        ending(test::trainHere(run).ending),
        store(storeOf(run.spec())),
        content(loadContent(run, run.spec())),
        network(loadBest(run, run.spec(), content)),
        facts(store) {}

  [[nodiscard]] std::vector<std::string> testPlanets() const {
    data::store::Filter filter;
    filter.split = Split::kTest;
    std::vector<std::string> ids;
    for (const data::store::Row& row : store.list(filter)) ids.push_back(row.id);
    return ids;
  }
  /// Planets with their first metabolism.
  [[nodiscard]] data::batch::MultiModalBatch batchOf(const std::vector<std::string>& planets) const {
    data::loader::Batch samples;
    for (const std::string& planet : planets) {
      samples.samples.push_back(std::move(data::batch::samplesOf(store.get(planet)).front()));
    }
    data::batch::Collator collator(content.statistics, content.tokeniser, content.vocabulary,
                                   {.textLength = static_cast<std::size_t>(run.spec().data.textLength)});
    return collator.collate(samples);
  }
  [[nodiscard]] models::fusion::Prediction said(const models::unified::UnifiedInput& input) const {
    const torch::NoGradGuard noGradients;
    return network.model->forward(input).fusion.prediction;
  }

  test::TempFolder folder;
  run::RunDirectory run;
  Ending ending;
  data::store::Store store;
  data::batch::TrainingContent content;
  Network network;
  PlanetFacts facts;
};

Learned& learned() {
  static Learned made;
  return made;
}

TEST(HeldOutPlanets, AnotherPlanetsClimateHurts) {
  const Learned& run = learned();
  ASSERT_EQ(run.ending, Ending::kFinished);
  const std::vector<std::string> planets = run.testPlanets();
  ASSERT_EQ(planets.size(), 6U);
  const data::batch::MultiModalBatch batch = run.batchOf(planets);
  const models::unified::UnifiedInput own = toTensors(batch, torch::kCPU);
  const auto loss = [&](const models::unified::UnifiedInput& input) {
    return models::fusion::supervisedLoss(run.said(input), input.targets, run.run.spec().loss).total.item<double>();
  };
  double shuffled = 0.0;
  const auto turns = static_cast<std::int64_t>(planets.size());
  for (std::int64_t turn = 1; turn < turns; ++turn) {
    models::unified::UnifiedInput others = own;
    others.climate.levels_BVEMYXL = own.climate.levels_BVEMYXL.roll(turn, 0);
    others.climate.surface_BSEMYX = own.climate.surface_BSEMYX.roll(turn, 0);
    shuffled += loss(others) / static_cast<double>(turns - 1);
  }
  RecordProperty("own", std::to_string(loss(own)));
  RecordProperty("shuffled", std::to_string(shuffled));
  EXPECT_GT(shuffled - loss(own), 0.2);
}

TEST(HeldOutPlanets, OfTwoWhoseViewsAreShuffledEachIsTakenForTheOther) {
  Learned& run = learned();
  const auto rows = predictShuffled(run.network, run.run.spec(), run.content, run.store, run.facts, Split::kTest, 2);
  ASSERT_EQ(rows.size(), 2U);
  ASSERT_NE(rows[0].planet, rows[1].planet);
  for (std::size_t i = 0; i < 2; ++i) {
    const report::Prediction& row = rows[i];
    const data::batch::MultiModalBatch batch = run.batchOf({rows[1 - i].planet});
    const auto other = headRows(batch, run.said(toTensors(batch, torch::kCPU)));
    EXPECT_EQ(row.subset, "shuffled");
    EXPECT_EQ(row.regime, other.front().regime);
    EXPECT_EQ(row.viable, other.front().viable);
    EXPECT_EQ(row.fHab.probability, other.front().fHab.probability);
    // What is true is the planet's own.
    const data::planet::Planet planet = run.store.get(row.planet);
    EXPECT_EQ(row.truth.regime, static_cast<int>(planet.labels->regime));
    EXPECT_NEAR(row.truth.fHab, planet.labels->fHab, 1e-6);
    EXPECT_EQ(row.system, planet.systemKey);
  }
}

TEST(HeldOutPlanets, TheReportHasShuffledViewsThatAreWorse) {
  Learned& run = learned();
  EvaluateOptions options;
  options.splits = {"test"};
  const Evaluated made = evaluateRun(run.run, options);
  const auto report = nlohmann::json::parse(readFile(made.report.string() + ".json"));
  const auto score = [&](const std::string& subset) {
    for (const auto& row : report.at("scores")) {
      if (row.at("predictor") == "model" && row.at("split") == "test" && row.at("subset") == subset &&
          row.at("archetype") == "all" && row.at("target") == "f_hab" && row.at("metric") == "CRPS") {
        EXPECT_EQ(row.at("planets"), 6) << subset;
        return row.at("value").get<double>();
      }
    }
    ADD_FAILURE() << "no score of " << subset;
    return 0.0;
  };
  const double own = score(report::subsetName(report::kAllViews)), shuffled = score(report::kShuffled);
  RecordProperty("own", std::to_string(own));
  RecordProperty("shuffled", std::to_string(shuffled));
  EXPECT_GT(shuffled, 1.5 * own);
  EXPECT_NE(readFile(made.report.string() + ".md").find("| shuffled | "), std::string::npos);
}

}  // namespace
}  // namespace ecumene::engine::train
