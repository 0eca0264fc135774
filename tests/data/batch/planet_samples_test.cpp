// SPDX-License-Identifier: Apache-2.0
#include "data/batch/planet_samples.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "data/batch/collate.h"
#include "data/batch/training_content.h"
#include "tests/data/batch/small_texts.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::batch {
namespace {

using store::Mode;
using store::Store;

TEST(PlanetSamples, AreWhatTheLoaderGives) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  const planet::Planet added = test::samplePlanet(3, {true, 4, 8, 1, 3, 0, 1});
  store.add(added);
  std::map<std::string, loader::Sample> samples;
  for (loader::Sample& s : samplesOf(store.get(added.id))) samples.emplace(s.id, std::move(s));
  EXPECT_EQ(samples.size(), 3U);
  loader::Loader loader(store, {});
  loader.start(0);
  const loader::Batch batch = *loader.next();
  ASSERT_EQ(batch.samples.size(), 3U);
  for (const loader::Sample& expected : batch.samples) {
    const loader::Sample& found = samples.at(expected.id);
    EXPECT_TRUE(std::ranges::equal(found.cube.values(), expected.cube.values()));
    EXPECT_EQ(found.planet, expected.planet);
    EXPECT_EQ(found.scalars, expected.scalars);
    EXPECT_EQ(found.truth, expected.truth);
    EXPECT_EQ(found.labels, expected.labels);
    EXPECT_EQ(found.metabolism, expected.metabolism);
    EXPECT_EQ(found.spectrum->value, expected.spectrum->value);
    EXPECT_EQ(found.instrument, expected.instrument);
    EXPECT_EQ(found.text, expected.text);
  }
}

TEST(PlanetSamples, SpectrumIsTheOneThatCoversMost) {
  planet::Planet p = test::samplePlanet(1, {true, 4, 8, 3, 1, 0, 1});
  for (std::size_t i = 0; i < 3; ++i) p.spectra[i].instrument = std::to_string(i);
  const auto keepFirst = [](planet::Spectrum& s, std::size_t points) {
    for (auto* values : {&s.wavelengthUm, &s.lowerEdgeUm, &s.upperEdgeUm, &s.value, &s.sigmaLower, &s.sigmaUpper}) {
      values->resize(points);
    }
  };
  keepFirst(p.spectra[0], 10);
  keepFirst(p.spectra[1], 20);
  // The widest has no errors, so no model can weigh it.
  p.spectra[2].sigmaLower.clear();
  p.spectra[2].sigmaUpper.clear();
  EXPECT_EQ(samplesOf(p).at(0).instrument, "1");
}

TEST(PlanetSamples, TextsAreThoseOfTheirMetabolism) {
  planet::Planet p = test::samplePlanet(1, {true, 4, 8, 1, 2, 0, 2});
  p.texts[0].metabolism = 1;
  p.texts[1].metabolism = 0;
  const std::vector<loader::Sample> samples = samplesOf(p);
  EXPECT_EQ(samples.at(0).text, p.texts[1]);
  EXPECT_EQ(samples.at(1).text, p.texts[0]);
}

TEST(PlanetSamples, ObservedPlanetIsAskedAboutEveryArchetype) {
  planet::Planet observed = test::samplePlanet(1, {false, 4, 8, 1, 0, 0, 1});
  observed.origin = planet::Origin::kObserved;
  observed.truth.reset();
  loader::Batch batch;
  batch.samples = samplesOf(observed);
  ASSERT_EQ(batch.samples.size(), planet::kArchetypeCount);
  const test::TempFolder folder;
  ReactionVocabularyBuilder builder;
  builder.add(batch.samples[0].metabolism.metabolism.network);
  store::Statistics statistics;
  statistics.scalars.fill({3.0, 0.2, 5});
  statistics.referenceSigma = 1e-5;
  statistics.normalisedDepth = statistics.log10Sigma = statistics.log10WavelengthUm = {0.0, 1.0, 5};
  Collator collator(statistics,
                    std::make_shared<const Tokeniser>(Tokeniser::train(smallTexts(), {400}, folder / "t.model")),
                    std::make_shared<const ReactionVocabulary>(builder.build()));
  const MultiModalBatch made = collator.collate(batch);
  for (std::size_t b = 0; b < planet::kArchetypeCount; ++b) {
    const auto has = [&](std::size_t view) { return made.viewPresent[b * MultiModalBatch::kViews + view]; };
    EXPECT_EQ(has(MultiModalBatch::kClimate), 0);
    EXPECT_EQ(has(MultiModalBatch::kGraph), 1);
    EXPECT_EQ(has(MultiModalBatch::kSpectrum), 1);
    EXPECT_EQ(has(MultiModalBatch::kText), 1);
    EXPECT_EQ(made.graphs.archetype[b], static_cast<std::int64_t>(b));
    EXPECT_EQ(made.regime[b], -1);
    EXPECT_EQ(made.paramPresent[b * planet::kScalarCount], 1);
  }
  EXPECT_TRUE(std::ranges::all_of(made.levels, [](float x) { return x == 0.0F; }));
  EXPECT_TRUE(std::ranges::all_of(made.graphs.fluxKnown, [](unsigned char known) { return known == 0; }));
}

}  // namespace
}  // namespace ecumene::data::batch
