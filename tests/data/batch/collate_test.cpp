// SPDX-License-Identifier: Apache-2.0
#include "data/batch/collate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/batch/normalise.h"
#include "data/batch/planet_samples.h"
#include "tests/data/batch/collate_fixture.h"

namespace ecumene::data::batch {
namespace {

using planet::VariableId;
using store::Mode;
using store::Store;

constexpr std::size_t kFlat = 24576;  // 12 months, 32 latitudes, 64 longitudes
constexpr std::size_t kLevels = 10, kSamples = 4;

TEST_F(CollateTest, NormalisationComesBackToTheCube) {
  const MultiModalBatch made = collator().collate(batch_);
  ASSERT_EQ(made.size, 4U);
  ASSERT_EQ(made.epochs, 1U);
  ASSERT_EQ(made.levels.size(), kSamples * 4 * kFlat * kLevels);
  ASSERT_EQ(made.surface.size(), kSamples * 6 * kFlat);
  for (std::size_t b = 0; b < 4; ++b) {
    for (std::size_t v = 0; v < 10; ++v) {
      const VariableId id = planet::variables()[v].id;
      const auto cube = batch_.samples[b].cube.variable(id);
      const float* found = v < 4 ? &made.levels[(b * 4 + v) * kFlat * kLevels] : &made.surface[(b * 6 + v - 4) * kFlat];
      EXPECT_EQ(made.variablePresent[b * 10 + v], 1);
      const store::Moments& moments = statistics_.variables.at(v);
      double worst = 0.0;
      for (std::size_t i = 0; i < cube.size(); ++i) {
        const double back = static_cast<double>(found[i]) * moments.deviation + moments.mean;
        worst = std::max(worst, std::abs(back - store::modelValue(id, static_cast<double>(cube[i]))));
      }
      EXPECT_LT(worst, 3e-6 * std::max(std::abs(moments.mean), moments.deviation)) << planet::variables()[v].name;
    }
  }
}

TEST_F(CollateTest, BroadcastRepeatsSurfaceVariablesOnEveryLevel) {
  const MultiModalBatch made = collator().collate(batch_);
  const std::vector<float> cubes = climateCubes(made);
  ASSERT_EQ(cubes.size(), kSamples * 10 * kFlat * kLevels);
  for (const std::size_t b : {0U, 3U}) {
    for (std::size_t i = 0; i < kFlat; i += 97) {
      for (std::size_t l = 0; l < kLevels; ++l) {
        EXPECT_EQ(cubes[((b * 10 + 1) * kFlat + i) * kLevels + l],
                  made.levels[((b * 4 + 1) * kFlat + i) * kLevels + l]);
        EXPECT_EQ(cubes[((b * 10 + 9) * kFlat + i) * kLevels + l], made.surface[(b * 6 + 5) * kFlat + i]);
      }
    }
  }
}

TEST_F(CollateTest, SamplesOfOnePlanetShareItsCube) {
  const MultiModalBatch apart = collator().collate(batch_);
  EXPECT_EQ(apart.cube, (std::vector<std::int64_t>{0, 1, 2, 3}));
  loader::Batch mixed;
  for (const std::uint64_t number : {5U, 6U}) {
    for (loader::Sample& sample : samplesOf(test::samplePlanet(number, {true, 32, 64, 1, 2, 0, 1}))) {
      mixed.samples.push_back(std::move(sample));
    }
  }
  ASSERT_EQ(mixed.samples.size(), 4U);
  std::swap(mixed.samples[1], mixed.samples[2]);
  const MultiModalBatch shared = collator().collate(mixed);
  EXPECT_EQ(shared.cube, (std::vector<std::int64_t>{0, 1, 0, 1}));
  EXPECT_EQ(shared.levels.size(), 2 * 4 * kFlat * kLevels);
  EXPECT_EQ(shared.variablePresent.size(), 20U);
  // Each sample's broadcast form is that of a batch in which nothing is shared.
  const std::vector<float> whole = climateCubes(shared);
  for (std::size_t b = 0; b < 4; ++b) mixed.samples[b].planet = "own-" + std::to_string(b);
  const MultiModalBatch own = collator().collate(mixed);
  EXPECT_EQ(own.levels.size(), 4 * 4 * kFlat * kLevels);
  EXPECT_EQ(whole, climateCubes(own));
  EXPECT_EQ(shared.viewPresent, own.viewPresent);
}

TEST_F(CollateTest, SampleWithEverythingMissingIsMaskedThroughout) {
  Collator one = collator();
  MultiModalBatch into = one.collate(batch_);  // memory that holds other values
  loader::Batch empty;
  empty.samples.resize(1);
  empty.samples[0].id = "nothing";
  one.collate(empty, into);
  EXPECT_EQ(into.size, 1U);
  const auto zero = [](const auto& values) { return std::ranges::all_of(values, [](auto x) { return x == 0; }); };
  EXPECT_EQ(into.levels.size(), 4 * kFlat * kLevels);
  EXPECT_TRUE(zero(into.levels) && zero(into.surface) && zero(into.variablePresent));
  EXPECT_TRUE(zero(into.spectra) && zero(into.binPresent));
  EXPECT_TRUE(zero(into.planetParams) && zero(into.paramPresent));
  EXPECT_TRUE(zero(into.attentionMask) && zero(into.viewPresent) && zero(into.graphs.reactions));
  EXPECT_EQ(into.textLength, 1U);
  EXPECT_EQ(into.labels, std::vector<std::int64_t>{kNotScored});
  EXPECT_EQ(into.graphs.first, (std::vector<std::int64_t>{0, 0}));
  EXPECT_TRUE(into.graphs.nodes.empty() && into.graphs.edgeSource.empty());
  EXPECT_EQ(into.graphs.archetype, std::vector<std::int64_t>{-1});
  EXPECT_EQ(into.regime, std::vector<std::int64_t>{-1});
  for (const auto* label : {&into.habitable, &into.viable, &into.fHab, &into.h050})
    EXPECT_TRUE(std::isnan((*label)[0]));
  EXPECT_EQ(into.qualityScores, std::vector<float>{1.0F});
}

TEST_F(CollateTest, ReusedMemoryGivesTheSameBatch) {
  Collator one = collator();
  MultiModalBatch into;
  loader::Batch empty;
  empty.samples.resize(2);
  one.collate(empty, into);
  one.collate(batch_, into);
  const MultiModalBatch fresh = collator().collate(batch_);
  EXPECT_EQ(into.levels, fresh.levels);
  EXPECT_EQ(into.spectra, fresh.spectra);
  EXPECT_EQ(into.inputIds, fresh.inputIds);
  EXPECT_EQ(into.graphs.nodes, fresh.graphs.nodes);
  EXPECT_EQ(into.viewPresent, fresh.viewPresent);
}

TEST_F(CollateTest, WhatHasNoStatisticsIsMasked) {
  statistics_.variables[3].count = 0;
  statistics_.referenceSigma = 0.0;
  Collator one = collator();
  const MultiModalBatch made = one.collate(batch_);
  EXPECT_EQ(made.variablePresent[3], 0);
  EXPECT_EQ(made.levels[3 * kFlat * kLevels + 5], 0.0F);
  EXPECT_EQ(made.viewPresent[MultiModalBatch::kClimate], 1);
  EXPECT_EQ(made.viewPresent[MultiModalBatch::kSpectrum], 0);
}

/// The planet with its climate at two ages, the second one warmer.
planet::Planet aged(planet::Planet p) {
  p.climate->grid.epochGyr = {1.0, 4.0};
  for (planet::Field& field : p.climate->fields) {
    std::vector<float> later = field.values;
    if (field.id == VariableId::kSurfaceTemperature) {
      for (float& value : later) value += 5.0F;
    }
    field.values.insert(field.values.end(), later.begin(), later.end());
  }
  return p;
}

TEST_F(CollateTest, EpochsStandBeforeTheMonths) {
  loader::Batch batch;
  batch.samples = samplesOf(aged(test::samplePlanet(5, {true, 32, 64, 1, 2, 0, 1})));
  ASSERT_EQ(batch.samples.size(), 2U);
  batch.samples[1].planet = "another";  // else the two would share a cube
  const MultiModalBatch made = collator().collate(batch);
  ASSERT_EQ(made.epochs, 2U);
  ASSERT_EQ(made.levels.size(), 2 * 4 * 2 * kFlat * kLevels);
  ASSERT_EQ(made.surface.size(), 2 * 6 * 2 * kFlat);
  const auto warming = static_cast<float>(5.0 / statistics_.variables[4].deviation);
  for (std::size_t i = 0; i < kFlat; i += 53) {
    // Surface temperature is the first of the variables of the surface, of sample 1 here.
    const float* one = &made.surface[(1 * 6 + 0) * 2 * kFlat];
    EXPECT_NEAR(one[kFlat + i] - one[i], warming, 1e-4F * warming);
    const float* air = &made.levels[(1 * 4 + 0) * 2 * kFlat * kLevels];
    EXPECT_EQ(air[(kFlat + i) * kLevels], air[i * kLevels]);
  }
  const std::vector<float> cubes = climateCubes(made);
  ASSERT_EQ(cubes.size(), 2 * 10 * 2 * kFlat * kLevels);
  EXPECT_EQ(cubes[(((1 * 10 + 4) * 2 + 1) * kFlat + 7) * kLevels + 3], made.surface[(1 * 6 * 2 + 1) * kFlat + 7]);
}

TEST_F(CollateTest, ClimatesWithAndWithoutEpochsDoNotMix) {
  const planet::Planet plain = test::samplePlanet(5, {true, 32, 64, 1, 1, 0, 1});
  loader::Batch batch;
  batch.samples = samplesOf(plain);
  std::vector<loader::Sample> other = samplesOf(aged(plain));
  batch.samples.push_back(std::move(other.front()));
  EXPECT_THROW(static_cast<void>(collator().collate(batch)), Error);
}

TEST(QuickLog10, AgreesWithTheLibrary) {
  for (double x = 1e-8; x < 1e8; x *= 1.0137) {
    const auto value = static_cast<float>(x);
    const double expected = std::log10(static_cast<double>(value));
    EXPECT_NEAR(static_cast<double>(quickLog10(value)), expected, 2e-7 * std::max(1.0, std::abs(expected))) << x;
  }
}

TEST_F(CollateTest, CubesOffTheCanonicalGridAreRefused) {
  const test::TempFolder other;
  Store store = Store::open(other / "s", Mode::kCreate);
  store.add(test::samplePlanet(1, test::smallParts()));
  loader::Loader loader(store, {});
  loader.start(0);
  const loader::Batch small = *loader.next();
  try {
    static_cast<void>(collator().collate(small));
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.object().find(small.samples[0].id), std::string::npos);
  }
}

}  // namespace
}  // namespace ecumene::data::batch
