// SPDX-License-Identifier: Apache-2.0
#include "engine/train/tensors.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "data/batch/training_content.h"
#include "engine/train/feed.h"
#include "engine/train/run_content.h"
#include "tests/engine/train/small_run.h"

namespace ecumene::engine::train {
namespace {

using data::batch::MultiModalBatch;

struct Read {
  Read() : spec(test::nano()), store(storeOf(spec)) {
    content = makeContent(store, spec, folder.path());
    Feed feed(store, content, spec, ofSplit(data::planet::Split::kTrain, spec));
    feed.start(0);
    MultiModalBatch batch;
    while (feed.next(batch)) batches.push_back(batch);
    EXPECT_EQ(static_cast<std::int64_t>(batches.size()), feed.batches());
    EXPECT_EQ(feed.position(), feed.batches());
    samples = feed.samples();
  }
  test::TempFolder folder;
  config::RunSpec spec;
  data::store::Store store;
  data::batch::TrainingContent content;
  std::vector<MultiModalBatch> batches;
  std::size_t samples = 0;
};

TEST(Feed, GivesEverySampleOnceAndGoesOnAnywhere) {
  Read read;
  std::set<std::string> ids;
  for (const MultiModalBatch& batch : read.batches) ids.insert(batch.sampleIds.begin(), batch.sampleIds.end());
  EXPECT_EQ(ids.size(), read.samples);
  Feed feed(read.store, read.content, read.spec, ofSplit(data::planet::Split::kTrain, read.spec));
  MultiModalBatch batch;
  for (const std::int64_t from : {1, 0}) {
    feed.start(0, from);
    ASSERT_TRUE(feed.next(batch));
    EXPECT_EQ(feed.position(), from + 1);
    const MultiModalBatch& expected = read.batches[static_cast<std::size_t>(from)];
    EXPECT_EQ(batch.sampleIds, expected.sampleIds);
    EXPECT_EQ(batch.inputIds, expected.inputIds);
    EXPECT_EQ(batch.levels, expected.levels);
  }
}

TEST(ToTensors, AreTheBatchsOwnMemoryInTheModelsShapes) {
  const Read read;
  const MultiModalBatch& batch = read.batches.front();
  const auto input = toTensors(batch, torch::kCPU);
  EXPECT_EQ(input.climate.levels_BVEMYXL.data_ptr<float>(), batch.levels.data());
  EXPECT_EQ(input.spectrum.values_BPK.data_ptr<float>(), batch.spectra.data());
  EXPECT_EQ(input.graph.nodes_NF.data_ptr<float>(), batch.graphs.nodes.data());
  EXPECT_EQ(input.text.ids_BT.data_ptr<std::int64_t>(), batch.inputIds.data());
  // A cube for each planet of the batch.
  const auto cubes =
      static_cast<std::int64_t>(std::set<std::string>(batch.planetIds.begin(), batch.planetIds.end()).size());
  ASSERT_GE(cubes, 2);
  EXPECT_EQ(input.climate.levels_BVEMYXL.sizes(), (std::vector<std::int64_t>{cubes, 4, 1, 12, 32, 64, 10}));
  EXPECT_EQ(input.climate.surface_BSEMYX.sizes(), (std::vector<std::int64_t>{cubes, 6, 1, 12, 32, 64}));
  for (std::size_t a = 0; a < batch.size; ++a) {
    for (std::size_t b = 0; b < batch.size; ++b) {
      EXPECT_EQ(batch.planetIds[a] == batch.planetIds[b],
                input.climate.cube_B[static_cast<std::int64_t>(a)].item<std::int64_t>() ==
                    input.climate.cube_B[static_cast<std::int64_t>(b)].item<std::int64_t>());
    }
  }
  EXPECT_EQ(input.graph.edgeIndex_2E.size(1), static_cast<std::int64_t>(batch.graphs.edgeSource.size()));
  // One element far inside: cube 1, variable 2, month 7, latitude 5, longitude 60, level 3.
  EXPECT_EQ(input.climate.levels_BVEMYXL[1][2][0][7][5][60][3].item<float>(),
            batch.levels[((((1 * 4 + 2) * 12 + 7) * 32 + 5) * 64 + 60) * 10 + 3]);
  EXPECT_EQ(input.climate.surface_BSEMYX[1][5][0][11][31][63].item<float>(),
            batch.surface[(((1 * 6 + 5) * 12 + 11) * 32 + 31) * 64 + 63]);
  EXPECT_TRUE(input.climate.keep_B.all().item<bool>());
  EXPECT_NEAR(input.climate.latitudeWeight_Y.sum().item<double>(), 1.0, 1e-6);
  for (std::size_t b = 0; b < batch.size; ++b) {
    const auto i = static_cast<std::int64_t>(b);
    EXPECT_EQ(input.targets.regime_B[i].item<std::int64_t>(), batch.regime[b]);
    EXPECT_EQ(input.graph.distance[b].numel(), static_cast<std::int64_t>(batch.graphs.distance[b].size()));
  }
}

TEST(ToTensors, PlanetsHaveOneNumberInAllBatches) {
  const Read read;
  std::map<std::string, std::int64_t> numbers;
  std::set<std::int64_t> distinct;
  for (const MultiModalBatch& batch : read.batches) {
    const auto input = toTensors(batch, torch::kCPU);
    for (std::size_t b = 0; b < batch.size; ++b) {
      const auto number = input.planet_B[static_cast<std::int64_t>(b)].item<std::int64_t>();
      EXPECT_GE(number, 0);
      EXPECT_EQ(numbers.try_emplace(batch.planetIds[b], number).first->second, number);
      distinct.insert(number);
    }
  }
  EXPECT_EQ(distinct.size(), numbers.size());
  EXPECT_GE(numbers.size(), 2U);
}

TEST(ToTensors, VocabularyBalancesElements) {
  const Read read;
  const auto& rows = *read.content.vocabulary;
  const auto tensors = toTensors(rows, torch::kCPU);
  const torch::Tensor dense_MR = tensors.stoichiometry_MR.to_dense().to(torch::kFloat64);
  ASSERT_EQ(dense_MR.size(1), static_cast<std::int64_t>(rows.size()));
  // Reactions of known formulae make nothing out of nothing; exchanges, of one metabolite, do.
  const torch::Tensor made_KR = torch::mm(tensors.elements_MK.to(torch::kFloat64).nan_to_num().t(), dense_MR);
  std::int64_t balanced = 0, inner = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto& row = rows.rows()[r];
    const auto i = static_cast<std::int64_t>(r);
    EXPECT_EQ((dense_MR.select(1, i) != 0).sum().item<std::int64_t>(),
              static_cast<std::int64_t>(row.stoichiometry.size()));
    EXPECT_EQ(tensors.reversible_R[i].item<bool>(), row.reversible);
    EXPECT_EQ(std::isnan(tensors.energy_R[i].item<float>()), !row.energyKJ.has_value());
    if (row.isBoundary()) continue;
    ++inner;
    if (made_KR.select(1, i).abs().max().item<double>() < 1e-3) ++balanced;
  }
  EXPECT_GT(inner, 10);
  // Biomass is made of formulae that do not sum up.
  EXPECT_GE(balanced, inner - 10);
}

}  // namespace
}  // namespace ecumene::engine::train
