// SPDX-License-Identifier: Apache-2.0
#include "data/batch/collate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/base/median.h"
#include "data/batch/training_content.h"

namespace ecumene::data::batch {
namespace {

using loader::Sample;

constexpr std::size_t kChannels = 3;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr double kMissingK = std::numeric_limits<double>::quiet_NaN();

double scaled(double value, const store::Moments& moments) {
  return (value - moments.mean) / moments.deviation;
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

float shareOf(const std::vector<planet::QualityCheck>& checks) {
  if (checks.empty()) return 1.0F;
  const auto passed = std::ranges::count_if(checks, &planet::QualityCheck::passed);
  return static_cast<float>(passed) / static_cast<float>(checks.size());
}

std::int64_t numberOf(const std::string& planet) {
  constexpr std::size_t kDigits = 16;
  return static_cast<std::int64_t>(std::stoull(sha256(planet).substr(0, kDigits), nullptr, 16) >> 1U);
}

void labels(const loader::Batch& batch, MultiModalBatch& into) {
  const std::size_t size = batch.samples.size();
  into.regime.assign(size, -1);
  for (auto* label : {&into.habitable, &into.viable, &into.fHab, &into.h050}) label->assign(size, kMissing);
  into.sampleIds.clear();
  into.planetIds.clear();
  into.planet.clear();
  into.qualityScores.clear();
  for (std::size_t b = 0; b < size; ++b) {
    const Sample& sample = batch.samples[b];
    if (sample.labels) {
      into.regime[b] = static_cast<std::int64_t>(sample.labels->regime);
      into.habitable[b] = sample.labels->habitable ? 1.0F : 0.0F;
      into.fHab[b] = static_cast<float>(sample.labels->fHab);
      into.h050[b] = static_cast<float>(sample.labels->h050);
    }
    if (sample.metabolism.viability) into.viable[b] = sample.metabolism.viability->viable ? 1.0F : 0.0F;
    into.sampleIds.push_back(sample.id);
    into.planetIds.push_back(sample.planet);
    into.planet.push_back(numberOf(sample.planet));
    into.qualityScores.push_back(shareOf(sample.quality));
  }
}

}  // namespace

Collator::Collator(const store::Statistics& statistics, std::shared_ptr<const Tokeniser> tokeniser,
                   std::shared_ptr<const ReactionVocabulary> vocabulary, const CollateOptions& options)
    : statistics_(statistics),
      tokeniser_(std::move(tokeniser)),
      vocabulary_(std::move(vocabulary)),
      vocabularySha256_(vocabulary_->sha256()),
      options_(options),
      graphs_(vocabulary_, options.graphCacheBytes),
      fluxes_(options.fluxCacheBytes) {
  if (options.textLength < 2) {
    throw Error("no text fits so few pieces", ErrorKind::kUsage)
        .on("text length")
        .expected("at least 2, the begin and one more")
        .found(std::to_string(options.textLength));
  }
}

MultiModalBatch Collator::collate(const loader::Batch& batch) {
  MultiModalBatch made;
  collate(batch, made);
  return made;
}

void Collator::collate(const loader::Batch& batch, MultiModalBatch& into) {
  into.size = batch.samples.size();
  into.position = batch.position;
  into.tokeniserSha256 = tokeniser_->sha256();
  into.vocabularySha256 = vocabularySha256_;
  into.viewPresent.assign(into.size * MultiModalBatch::kViews, 0);
  climate(batch, into);
  graphs(batch, into);
  spectra(batch, into);
  scalars(batch, into);
  texts(batch, into);
  labels(batch, into);
}

void Collator::graphs(const loader::Batch& batch, MultiModalBatch& into) {
  MultiModalBatch::Graphs& g = into.graphs;
  g = {};
  g.first.assign(1, 0);
  g.distance.resize(into.size);
  g.archetype.assign(into.size, -1);
  g.reactions.assign(into.size * vocabulary_->size(), 0.0F);
  for (std::size_t b = 0; b < into.size; ++b) {
    const Sample& sample = batch.samples[b];
    const planet::Metabolism& metabolism = sample.metabolism.metabolism;
    const planet::MetabolicNetwork& network = sample.network ? *sample.network : metabolism.network;
    const std::int64_t offset = g.first.back();
    if (network.reactions.empty()) {
      g.first.push_back(offset);
      continue;
    }
    const auto graph = sample.network ? graphs_.get(network, kMissingK, kMissingK)
                                      : graphs_.get(network, metabolism.growthMinK, metabolism.growthMaxK);
    append(g.nodes, graph->nodes);
    append(g.coefficient, graph->coefficient);
    append(g.laplacian, graph->laplacian);
    append(g.randomWalk, graph->randomWalk);
    append(g.degree, graph->degree);
    append(g.kind, graph->kind);
    append(g.vocabularyRow, graph->vocabularyRow);
    for (const std::int64_t node : graph->edgeSource) g.edgeSource.push_back(offset + node);
    for (const std::int64_t node : graph->edgeTarget) g.edgeTarget.push_back(offset + node);
    g.distance[b] = graph->distance;
    if (!sample.network) g.archetype[b] = static_cast<std::int64_t>(metabolism.archetype);
    for (const std::int64_t row : graph->vocabularyRow) {
      if (row >= 0) g.reactions[b * vocabulary_->size() + static_cast<std::size_t>(row)] = 1.0F;
    }
    const auto fluxes = fluxes_.get(sample.metabolism, sample.truth);
    g.flux.resize(g.nodes.size() / kNodeFeatures, 0.0F);
    g.fluxKnown.resize(g.flux.size(), 0);
    if (fluxes) {
      const std::size_t first = network.metabolites.size();
      for (std::size_t r = 0; r < fluxes->size(); ++r) {
        const std::size_t node = static_cast<std::size_t>(offset) + first + r;
        g.flux[node] = (*fluxes)[r] * graph->rowScale[first + r];
        g.fluxKnown[node] = 1;
      }
    }
    g.first.push_back(offset + static_cast<std::int64_t>(graph->size));
    into.viewPresent[b * MultiModalBatch::kViews + MultiModalBatch::kGraph] = 1;
  }
}

void Collator::spectra(const loader::Batch& batch, MultiModalBatch& into) {
  into.spectra.assign(into.size * planet::kModelPoints * kChannels, 0.0F);
  into.binPresent.assign(into.size * planet::kModelPoints, 0);
  const auto edges = planet::modelEdgesUm();
  const bool scalable = statistics_.referenceSigma > 0.0 && statistics_.log10Sigma.count > 0;
  for (std::size_t b = 0; b < into.size; ++b) {
    const std::optional<planet::ModelSpectrum>& spectrum = batch.samples[b].spectrum;
    if (!spectrum) continue;
    std::vector<double> depths;
    for (std::size_t i = 0; i < planet::kModelPoints; ++i) {
      if (spectrum->present[i] != 0) depths.push_back(spectrum->value[i]);
    }
    if (depths.empty()) continue;
    if (!scalable) continue;
    const double middle = median(std::move(depths));
    for (std::size_t i = 0; i < planet::kModelPoints; ++i) {
      // A depth without its error cannot be weighed.
      if (spectrum->present[i] == 0 || spectrum->sigma[i] <= 0.0) continue;
      const double depth = (spectrum->value[i] - middle) / statistics_.referenceSigma;
      const double wavelength = 0.5 * (std::log10(edges[i]) + std::log10(edges[i + 1]));
      float* bin = into.spectra.data() + (b * planet::kModelPoints + i) * kChannels;
      bin[0] = static_cast<float>(scaled(depth, statistics_.normalisedDepth));
      bin[1] = static_cast<float>(scaled(std::log10(spectrum->sigma[i]), statistics_.log10Sigma));
      bin[2] = static_cast<float>(scaled(wavelength, statistics_.log10WavelengthUm));
      into.binPresent[b * planet::kModelPoints + i] = 1;
      into.viewPresent[b * MultiModalBatch::kViews + MultiModalBatch::kSpectrum] = 1;
    }
  }
}

void Collator::scalars(const loader::Batch& batch, MultiModalBatch& into) {
  into.planetParams.assign(into.size * planet::kScalarCount, 0.0F);
  into.paramPresent.assign(into.size * planet::kScalarCount, 0);
  for (std::size_t b = 0; b < into.size; ++b) {
    for (std::size_t s = 0; s < planet::kScalarCount; ++s) {
      const std::optional<planet::Measurement>& measured = batch.samples[b].scalars.values.at(s);
      if (!measured || measured->limit != 0) continue;
      if (statistics_.scalars.at(s).count == 0) continue;
      into.planetParams[b * planet::kScalarCount + s] = static_cast<float>(
          scaled(store::modelValue(static_cast<planet::ScalarId>(s), measured->value), statistics_.scalars.at(s)));
      into.paramPresent[b * planet::kScalarCount + s] = 1;
    }
  }
}

void Collator::texts(const loader::Batch& batch, MultiModalBatch& into) {
  std::vector<std::vector<std::int64_t>> ids(into.size);
  into.textDescriptions.assign(into.size, "");
  into.textLength = 1;
  for (std::size_t b = 0; b < into.size; ++b) {
    if (!batch.samples[b].text) continue;
    into.textDescriptions[b] = textOf(*batch.samples[b].text);
    if (into.textDescriptions[b].empty()) continue;
    ids[b] = tokeniser_->encode(into.textDescriptions[b]);
    if (ids[b].size() > options_.textLength) ids[b].resize(options_.textLength);
    into.textLength = std::max(into.textLength, ids[b].size());
    into.viewPresent[b * MultiModalBatch::kViews + MultiModalBatch::kText] = 1;
  }
  into.inputIds.assign(into.size * into.textLength, tokeniser_->padding());
  into.labels.assign(into.size * into.textLength, kNotScored);
  into.attentionMask.assign(into.size * into.textLength, 0);
  for (std::size_t b = 0; b < into.size; ++b) {
    const auto row = static_cast<std::ptrdiff_t>(b * into.textLength);
    std::ranges::copy(ids[b], into.inputIds.begin() + row);
    std::ranges::copy(ids[b], into.labels.begin() + row);
    std::fill_n(into.attentionMask.begin() + row, ids[b].size(), static_cast<unsigned char>(1));
  }
}

}  // namespace ecumene::data::batch
