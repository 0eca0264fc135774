// SPDX-License-Identifier: Apache-2.0
#include "data/batch/collate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "data/base/error.h"
#include "tests/data/batch/collate_fixture.h"
#include "tests/data/batch/fed_metabolism.h"

namespace ecumene::data::batch {
namespace {

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

TEST_F(CollateTest, BinsWithoutErrorAreMasked) {
  planet::ModelSpectrum& spectrum = *batch_.samples[0].spectrum;
  spectrum.sigma[500] = 0.0;
  Collator one = collator();
  const MultiModalBatch made = one.collate(batch_);
  EXPECT_EQ(made.binPresent[500], 0);
  EXPECT_EQ(made.spectra[1500], 0.0F);
  EXPECT_EQ(made.binPresent[501], 1);
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
}

TEST_F(CollateTest, LongTextsAreCut) {
  batch_.samples[0].text->body = smallTexts()[0] + " " + smallTexts()[1];
  const std::vector<std::int64_t> whole = tokeniser_->encode(textOf(*batch_.samples[0].text));
  ASSERT_GT(whole.size(), 12U);
  Collator one = collator({12, 0});
  const MultiModalBatch made = one.collate(batch_);
  EXPECT_EQ(made.textLength, 12U);
  EXPECT_TRUE(std::equal(whole.begin(), whole.begin() + 12, made.inputIds.begin()));
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

TEST_F(CollateTest, PartsWithoutAClimateShareOneEmptyCube) {
  loader::Batch batch;
  batch.samples.resize(4);
  const planet::Metabolism& known = batch_.samples[0].metabolism.metabolism;
  batch.samples[0].planet = "network";
  batch.samples[0].network = known.network;
  batch.samples[1].planet = "text";
  batch.samples[1].text = planet::Text{"1", "Of dust", "Grains stick.", "", "", std::nullopt, {}};
  batch.samples[2] = std::move(batch_.samples[1]);
  batch.samples[3].planet = "spectrum";
  batch.samples[3].spectrum = batch.samples[2].spectrum;
  const MultiModalBatch made = collator().collate(batch);
  EXPECT_EQ(made.cube, (std::vector<std::int64_t>{0, 0, 1, 0}));
  EXPECT_EQ(made.variablePresent.size(), 2 * planet::kVariableCount);
  EXPECT_EQ(made.viewPresent, (std::vector<unsigned char>{0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 0}));
  // The network is of no archetype and grows at no known temperature; its reactions are those of the vocabulary.
  EXPECT_EQ(made.graphs.archetype[0], -1);
  EXPECT_NE(made.graphs.archetype[2], -1);
  const NetworkGraph unknown = networkGraph(known.network, std::nan(""), std::nan(""), *vocabulary_);
  ASSERT_GE(made.graphs.nodes.size(), unknown.nodes.size());
  EXPECT_TRUE(std::ranges::equal(unknown.nodes, std::span(made.graphs.nodes).first(unknown.nodes.size())));
  const auto held = std::span(made.graphs.reactions).first(vocabulary_->size());
  EXPECT_EQ(std::ranges::count(held, 1.0F), std::ssize(known.network.reactions));
  for (const std::size_t b : {0U, 1U, 3U}) EXPECT_TRUE(made.regime[b] == -1 && std::isnan(made.viable[b]));
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

}  // namespace
}  // namespace ecumene::data::batch
