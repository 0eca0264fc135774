// SPDX-License-Identifier: Apache-2.0
#include "data/batch/collate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/base/error.h"
#include "data/batch/normalise.h"
#include "data/batch/planet_samples.h"
#include "data/batch/training_content.h"
#include "tests/data/batch/fed_metabolism.h"
#include "tests/data/batch/small_texts.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::batch {
namespace {

using planet::VariableId;
using store::Mode;
using store::Store;

constexpr std::size_t kFlat = 12 * 32 * 64, kLevels = 10;

constexpr std::size_t kPlanets = 4;

/// A store of planets of the train split on the canonical grid with everything, and what is made of it.
struct Set {
  test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  store::Statistics statistics;
  std::shared_ptr<const ReactionVocabulary> vocabulary;
  std::shared_ptr<const Tokeniser> tokeniser;
  Set() {
    std::uint64_t added = 0;
    for (std::uint64_t number = 0; added < kPlanets; ++number) {
      planet::Planet p = test::samplePlanet(number, {true, 32, 64, 1, 2, 0, 2});
      if (planet::splitOf(p.origin, p.systemKey) != planet::Split::kTrain) continue;
      store.add(p);
      ++added;
    }
    statistics = store.computeStatistics();
    vocabulary = std::make_shared<const ReactionVocabulary>(splitContent(store, planet::Split::kTrain).vocabulary);
    tokeniser = std::make_shared<const Tokeniser>(Tokeniser::train(smallTexts(), {400}, folder / "t.model"));
  }
};

class CollateTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { set_ = std::make_unique<Set>(); }
  static void TearDownTestSuite() { set_.reset(); }
  void SetUp() override {
    loader::LoaderOptions options;
    options.budget.samples = 4;
    options.threads = 1;
    loader::Loader loader(set_->store, options);
    loader.start(0);
    batch_ = *loader.next();
  }
  [[nodiscard]] Collator collator(const CollateOptions& options = {}) const {
    return Collator(statistics_, tokeniser_, vocabulary_, options);
  }

  static inline std::unique_ptr<Set> set_;
  store::Statistics statistics_ = set_->statistics;
  const std::shared_ptr<const ReactionVocabulary> vocabulary_ = set_->vocabulary;
  const std::shared_ptr<const Tokeniser> tokeniser_ = set_->tokeniser;
  loader::Batch batch_;
};

TEST_F(CollateTest, NormalisationComesBackToTheCube) {
  const MultiModalBatch made = collator().collate(batch_);
  ASSERT_EQ(made.size, 4U);
  ASSERT_EQ(made.epochs, 1U);
  ASSERT_EQ(made.levels.size(), 4 * 4 * kFlat * kLevels);
  ASSERT_EQ(made.surface.size(), 4 * 6 * kFlat);
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
  ASSERT_EQ(cubes.size(), 4 * 10 * kFlat * kLevels);
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

TEST_F(CollateTest, SpectraComeBackToDepthAndError) {
  const MultiModalBatch made = collator().collate(batch_);
  const planet::ModelSpectrum& spectrum = *batch_.samples[1].spectrum;
  std::vector<double> depths;
  std::vector<std::size_t> bins;
  for (std::size_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(made.binPresent[1000 + i], spectrum.present[i]);
    if (spectrum.present[i] == 0) continue;
    bins.push_back(i);
    const float* bin = &made.spectra[(1000 + i) * 3];
    const auto back = [&](int channel, const store::Moments& m) {
      return static_cast<double>(bin[channel]) * m.deviation + m.mean;
    };
    EXPECT_NEAR(back(1, statistics_.log10Sigma), std::log10(spectrum.sigma[i]), 1e-5);
    // Log-spaced bins from 0.6 to 12 um.
    const double wavelength = std::log10(0.6) + (static_cast<double>(i) + 0.5) / 1000.0 * std::log10(20.0);
    EXPECT_NEAR(back(2, statistics_.log10WavelengthUm), wavelength, 1e-5);
    depths.push_back(back(0, statistics_.normalisedDepth) * statistics_.referenceSigma);
  }
  ASSERT_GT(bins.size(), 900U);
  // The median was taken off: differences between bins are those of the depths.
  for (std::size_t i = 1; i < bins.size(); ++i) {
    EXPECT_NEAR(depths[i] - depths[0], spectrum.value[bins[i]] - spectrum.value[bins[0]], 1e-9);
  }
}

TEST_F(CollateTest, BinsWithoutErrorAreMaskedAndCounted) {
  planet::ModelSpectrum& spectrum = *batch_.samples[0].spectrum;
  spectrum.sigma[500] = 0.0;
  Collator one = collator();
  const MultiModalBatch made = one.collate(batch_);
  EXPECT_EQ(made.binPresent[500], 0);
  EXPECT_EQ(made.spectra[500 * 3], 0.0F);
  EXPECT_EQ(made.binPresent[501], 1);
  EXPECT_EQ(one.counts().binsWithoutSigma, 1U);
}

TEST_F(CollateTest, ScalarsAreMeasurementsAndNeverLimits) {
  const MultiModalBatch made = collator().collate(batch_);
  for (std::size_t b = 0; b < 4; ++b) {
    const auto& flux = batch_.samples[b].scalars[planet::ScalarId::kStellarFlux];
    const store::Moments& moments = statistics_.scalars[0];
    EXPECT_EQ(made.paramPresent[b * 10], 1);
    EXPECT_NEAR(std::pow(10.0, static_cast<double>(made.planetParams[b * 10]) * moments.deviation + moments.mean),
                flux->value, 1e-4 * flux->value);
    // The sample planets' obliquity is an upper limit, their gravity unknown.
    for (const planet::ScalarId id : {planet::ScalarId::kObliquity, planet::ScalarId::kGravity}) {
      EXPECT_EQ(made.paramPresent[b * 10 + static_cast<std::size_t>(id)], 0);
      EXPECT_EQ(made.planetParams[b * 10 + static_cast<std::size_t>(id)], 0.0F);
    }
  }
}

TEST_F(CollateTest, TextsArePaddedMaskedAndScoredWhereTheyAre) {
  batch_.samples[0].text->body += " " + smallTexts()[0];
  batch_.samples[2].text.reset();
  Collator one = collator();
  const MultiModalBatch made = one.collate(batch_);
  std::size_t longest = 0;
  for (std::size_t b = 0; b < 4; ++b) {
    const auto& text = batch_.samples[b].text;
    const auto expected = text ? tokeniser_->encode(text->title + "\n" + text->body) : std::vector<std::int64_t>{};
    longest = std::max(longest, expected.size());
    EXPECT_EQ(made.textDescriptions[b], text ? text->title + "\n" + text->body : "");
    EXPECT_EQ(made.viewPresent[b * 4 + MultiModalBatch::kText], text ? 1 : 0);
    for (std::size_t t = 0; t < made.textLength; ++t) {
      const std::size_t i = b * made.textLength + t;
      EXPECT_EQ(made.attentionMask[i], t < expected.size() ? 1 : 0);
      EXPECT_EQ(made.labels[i], t < expected.size() ? expected[t] : kNotScored);
      EXPECT_EQ(made.inputIds[i], t < expected.size() ? expected[t] : tokeniser_->padding());
    }
  }
  EXPECT_EQ(made.textLength, longest);
  EXPECT_EQ(one.counts().texts, 3U);
  EXPECT_EQ(one.counts().textsCut, 0U);
}

TEST_F(CollateTest, LongTextsAreCutAndCounted) {
  batch_.samples[0].text->body = smallTexts()[0] + " " + smallTexts()[1];
  const std::size_t whole = tokeniser_->encode(textOf(*batch_.samples[0].text)).size();
  Collator one = collator({12, 0});
  const MultiModalBatch made = one.collate(batch_);
  EXPECT_EQ(made.textLength, 12U);
  EXPECT_GE(one.counts().textsCut, 1U);
  EXPECT_GE(one.counts().piecesCut, whole - 12);
  EXPECT_THROW(static_cast<void>(collator({1, 0})), Error);
}

TEST_F(CollateTest, GraphsFollowOneAnotherWithoutPadding) {
  const MultiModalBatch made = collator().collate(batch_);
  const auto& g = made.graphs;
  ASSERT_EQ(g.first.size(), 5U);
  for (std::size_t b = 0; b < 4; ++b) {
    const auto& metabolism = batch_.samples[b].metabolism.metabolism;
    const NetworkGraph alone =
        networkGraph(metabolism.network, metabolism.growthMinK, metabolism.growthMaxK, *vocabulary_);
    const auto first = static_cast<std::size_t>(g.first[b]);
    ASSERT_EQ(static_cast<std::size_t>(g.first[b + 1]) - first, alone.size);
    EXPECT_TRUE(std::equal(alone.nodes.begin(), alone.nodes.end(), g.nodes.begin() + g.first[b] * 64));
    EXPECT_EQ(g.distance[b], alone.distance);
    EXPECT_EQ(g.archetype[b], static_cast<std::int64_t>(metabolism.archetype));
    double held = 0.0;
    for (std::size_t r = 0; r < vocabulary_->size(); ++r) held += g.reactions[b * vocabulary_->size() + r];
    EXPECT_EQ(held, static_cast<double>(metabolism.network.reactions.size()));
  }
  for (std::size_t e = 0; e < g.edgeSource.size(); ++e) {
    const auto graphAt = [&](std::int64_t node) {
      return std::upper_bound(g.first.begin(), g.first.end(), node) - g.first.begin();
    };
    EXPECT_EQ(graphAt(g.edgeSource[e]), graphAt(g.edgeTarget[e]));
  }
  EXPECT_EQ(static_cast<std::int64_t>(g.fluxKnown.size()), g.first.back());
  // Without air and star of the sample planets' truth nothing is known of their fluxes.
}

TEST_F(CollateTest, FluxesStandAtTheirReactions) {
  const FedMetabolism fed = fedMethanogen();
  batch_.samples[2].metabolism = fed.metabolism;
  batch_.samples[2].truth = fed.truth;
  Collator one = collator();
  const MultiModalBatch made = one.collate(batch_);
  const auto& g = made.graphs;
  const auto fluxes = FluxTargets(0).get(fed.metabolism, fed.truth);
  ASSERT_NE(fluxes, nullptr);
  const std::size_t first = static_cast<std::size_t>(g.first[2]) + fed.metabolism.metabolism.network.metabolites.size();
  for (std::size_t n = 0; n < g.flux.size(); ++n) {
    const bool known = n >= first && n < first + fluxes->size();
    EXPECT_EQ(g.fluxKnown[n], known ? 1 : 0);
    EXPECT_EQ(g.flux[n], known ? (*fluxes)[n - first] : 0.0F);
  }
  EXPECT_EQ(one.counts().networksWithoutFlux, 3U);
}

TEST_F(CollateTest, LabelsAndIdentityAreThoseOfTheSamples) {
  batch_.samples[1].labels.reset();
  batch_.samples[2].metabolism.viability.reset();
  batch_.samples[3].quality = {{"a", 1.0, 2.0, true, ""}, {"b", 3.0, 2.0, false, "too much"}};
  const MultiModalBatch made = collator().collate(batch_);
  EXPECT_EQ(made.regime[0], static_cast<std::int64_t>(batch_.samples[0].labels->regime));
  EXPECT_EQ(made.fHab[0], static_cast<float>(batch_.samples[0].labels->fHab));
  EXPECT_EQ(made.regime[1], -1);
  EXPECT_TRUE(std::isnan(made.h050[1]) && std::isnan(made.habitable[1]) && !std::isnan(made.viable[1]));
  EXPECT_TRUE(std::isnan(made.viable[2]));
  EXPECT_EQ(made.qualityScores[3], 0.5F);
  for (std::size_t a = 0; a < 4; ++a) {
    EXPECT_EQ(made.sampleIds[a], batch_.samples[a].id);
    EXPECT_GE(made.planet[a], 0);
    for (std::size_t b = 0; b < 4; ++b) {
      EXPECT_EQ(made.planet[a] == made.planet[b], batch_.samples[a].planet == batch_.samples[b].planet);
    }
  }
  // In other batches the same planets have the same numbers.
  batch_.samples.erase(batch_.samples.begin());
  EXPECT_EQ(collator().collate(batch_).planet, std::vector(made.planet.begin() + 1, made.planet.end()));
  EXPECT_EQ(made.tokeniserSha256, tokeniser_->sha256());
  EXPECT_EQ(made.vocabularySha256, vocabulary_->sha256());
}

TEST_F(CollateTest, WhatHasNoStatisticsIsMaskedAndCounted) {
  statistics_.variables[3].count = 0;
  statistics_.referenceSigma = 0.0;
  Collator one = collator();
  const MultiModalBatch made = one.collate(batch_);
  EXPECT_EQ(made.variablePresent[3], 0);
  EXPECT_EQ(made.levels[3 * kFlat * kLevels + 5], 0.0F);
  EXPECT_EQ(made.viewPresent[MultiModalBatch::kClimate], 1);
  EXPECT_EQ(made.viewPresent[MultiModalBatch::kSpectrum], 0);
  EXPECT_EQ(one.takeCounts().withoutStatistics, 8U);
  EXPECT_EQ(one.counts(), CollateCounts{});
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
