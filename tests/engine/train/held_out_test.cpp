// SPDX-License-Identifier: Apache-2.0
// Truth: made-up planets whose regime, habitability and shares are functions of their climate's temperature alone
// (tests/support/sample_planet); scalars, spectra and texts know nothing of it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "data/batch/collate.h"
#include "data/batch/planet_samples.h"
#include "data/store/store.h"
#include "engine/train/run_content.h"
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
  for (std::uint64_t number = 0; std::ranges::any_of(planets, isMissing); ++number) {
    const data::planet::Planet planet = test::samplePlanet(2 * number, parts);
    if (planets[data::planet::splitOf(planet.systemKey)]-- > 0) store.add(planet);
  }
  store.computeStatistics();
}

TEST(HeldOutPlanets, AnotherPlanetsClimateHurts) {
  const test::TempFolder folder;
  makeStore(folder / "store", {{Split::kTrain, 20}, {Split::kValidation, 4}, {Split::kTest, 6}});
  config::RunSpec spec = test::nano({"train.epochs=24", "train.lr=0.004", "train.hide.climate=0"});
  spec.data.store = (folder / "store").string();
  run::RunDirectory run = test::makeRun(folder / "run", spec);
  ASSERT_EQ(test::trainHere(run).ending, Ending::kFinished);

  // Test planets: neither trained on nor asked which weights are the best.
  const data::store::Store store = storeOf(run.spec());
  data::store::Filter filter;
  filter.split = Split::kTest;
  data::loader::Batch samples;
  for (const data::store::Row& row : store.list(filter)) {
    samples.samples.push_back(std::move(data::batch::samplesOf(store.get(row.id)).front()));
  }
  ASSERT_EQ(samples.samples.size(), 6U);
  const data::batch::TrainingContent content = loadContent(run.folder(), run.spec());
  const Network network = loadBest(run, run.spec(), content);
  data::batch::Collator collator(content.statistics, content.tokeniser, content.vocabulary,
                                 {.textLength = static_cast<std::size_t>(spec.data.textLength)});
  const data::batch::MultiModalBatch batch = collator.collate(samples);
  const models::unified::UnifiedInput own = toTensors(batch, torch::kCPU);
  const auto loss = [&](const models::unified::UnifiedInput& input) {
    const torch::NoGradGuard noGradients;
    return models::fusion::supervisedLoss(network.model->forward(input).fusion.prediction, input.targets, spec.loss)
        .total.item<double>();
  };
  double shuffled = 0.0;
  const std::int64_t planets = own.planet_B.size(0);
  for (std::int64_t turn = 1; turn < planets; ++turn) {
    models::unified::UnifiedInput others = own;
    others.climate.levels_BVEMYXL = own.climate.levels_BVEMYXL.roll(turn, 0);
    others.climate.surface_BSEMYX = own.climate.surface_BSEMYX.roll(turn, 0);
    shuffled += loss(others) / static_cast<double>(planets - 1);
  }
  RecordProperty("own", std::to_string(loss(own)));
  RecordProperty("shuffled", std::to_string(shuffled));
  EXPECT_GT(shuffled - loss(own), 0.2);
}

}  // namespace
}  // namespace ecumene::engine::train
