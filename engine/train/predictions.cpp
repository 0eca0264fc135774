// SPDX-License-Identifier: Apache-2.0
#include "engine/train/predictions.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "data/base/error.h"
#include "engine/train/append.h"
#include "engine/train/draws.h"
#include "engine/train/network_rows.h"
#include "engine/train/side_by_side.h"
#include "engine/train/tensors.h"

namespace ecumene::engine::train {
namespace {

using data::batch::MultiModalBatch;
using models::unified::UnifiedInput;
using models::unified::UnifiedOutput;
using report::Prediction;

std::vector<double> row(const torch::Tensor& plain_BK, std::int64_t b) {
  const double* begin = plain_BK.data_ptr<double>() + b * plain_BK.size(1);
  return {begin, begin + plain_BK.size(1)};
}

/// The views that a sample has.
unsigned viewsOf(const MultiModalBatch& batch, std::size_t b) {
  unsigned views = 0;
  for (std::size_t view = 0; view < MultiModalBatch::kViews; ++view) {
    if (batch.viewPresent[b * MultiModalBatch::kViews + view] != 0) views |= 1U << view;
  }
  const auto* scalars = batch.paramPresent.data() + b * data::planet::kScalarCount;
  const bool any = std::any_of(scalars, scalars + data::planet::kScalarCount, [](unsigned char p) { return p != 0; });
  return any ? views | report::kScalars : views;
}

std::vector<report::NetworkRow> networksOf(const MultiModalBatch& batch, const UnifiedInput& input,
                                           const UnifiedOutput& encoded, const PlanetFacts& facts) {
  std::vector<report::NetworkRow> made = networkRows(input.graph, encoded.graph);
  for (std::size_t i = 0; i < made.size(); ++i) {
    const data::store::Row& planet = facts.of(batch.planetIds[i]);
    made[i].split = data::planet::name(planet.split);
    made[i].system = planet.systemKey;
  }
  return made;
}

Predictions predictBatch(Network& network, const MultiModalBatch& batch, const PlanetFacts& facts,
                         const PredictOptions& options) {
  Predictions made;
  const Autocast autocast(options.train.precision, network.device);
  const UnifiedInput input = toTensors(batch, network.device);
  const UnifiedOutput encoded = network.model->encode(input);
  made.networks = networksOf(batch, input, encoded, facts);
  const std::vector<unsigned> hullSubsets = report::hullSubsets();
  for (const unsigned subset : options.subsets) {
    UnifiedInput shown = input;
    keepOnly(shown, subset);
    UnifiedOutput output = encoded;
    network.model->couple(shown, output);
    std::vector<Prediction> rows = rowsOf(batch, output.fusion.prediction, subset, facts);
    if (std::ranges::count(hullSubsets, subset) != 0) addEmbeddings(output.fusion.embedding_BE, rows);
    if (subset == report::kAllViews) addLanguage(network, shown, output, rows);
    append(made.fusion, std::move(rows));
    if ((subset & report::kText) != 0) append(made.reasoning, rowsOf(batch, output.reasoning, subset, facts));
  }
  return made;
}

}  // namespace

PlanetFacts::PlanetFacts(const data::store::Store& store) {
  for (data::store::Row& planet : store.list()) {
    std::string id = planet.id;
    rows_.emplace(std::move(id), std::move(planet));
  }
}

const data::store::Row& PlanetFacts::of(const std::string& planet) const {
  const auto found = rows_.find(planet);
  if (found == rows_.end()) throw internalError("a batch has a planet that the store does not list");
  return found->second;
}

std::vector<Prediction> headRows(const MultiModalBatch& batch, const models::fusion::Prediction& said) {
  const torch::Tensor regime_BG = plain(torch::softmax(said.regime_BG.to(torch::kFloat64), 1));
  const torch::Tensor habitable_B = plain(torch::sigmoid(said.habitable_B.to(torch::kFloat64)));
  const torch::Tensor viable_B = plain(torch::sigmoid(said.viable_B.to(torch::kFloat64)));
  const torch::Tensor fHab_BK = plain(torch::softmax(said.fHab.logits.to(torch::kFloat64), 1));
  const torch::Tensor h050_BK = plain(torch::softmax(said.h050.logits.to(torch::kFloat64), 1));
  std::vector<Prediction> rows(batch.size);
  for (std::size_t i = 0; i < batch.size; ++i) {
    const auto b = static_cast<std::int64_t>(i);
    Prediction& made = rows[i];
    made.sample = batch.sampleIds[i];
    made.planet = batch.planetIds[i];
    made.archetype = static_cast<int>(batch.graphs.archetype[i]);
    const std::vector<double> regime = row(regime_BG, b);
    std::copy(regime.begin(), regime.end(), made.regime.begin());
    made.habitable = habitable_B[b].item<double>();
    made.viable = viable_B[b].item<double>();
    made.truth = {static_cast<int>(batch.regime[i]), batch.habitable[i], batch.viable[i], batch.fHab[i], batch.h050[i]};
    made.fHab = report::sharePrediction(row(fHab_BK, b), made.truth.fHab);
    made.h050 = report::sharePrediction(row(h050_BK, b), made.truth.h050);
  }
  return rows;
}

std::vector<Prediction> rowsOf(const MultiModalBatch& batch, const models::fusion::Prediction& said, unsigned subset,
                               const PlanetFacts& facts) {
  std::vector<Prediction> rows = headRows(batch, said);
  for (std::size_t b = 0; b < rows.size(); ++b) {
    Prediction& row = rows[b];
    const data::store::Row& planet = facts.of(row.planet);
    row.system = planet.systemKey;
    row.split = data::planet::name(planet.split);
    row.subset = report::subsetName(subset);
    const unsigned given = subset & viewsOf(batch, b);
    if (given != subset) row.given = report::subsetName(given);
    row.real = planet.origin != data::planet::Origin::kGenerated;
  }
  return rows;
}

void addLanguage(const Network& network, const UnifiedInput& input, const UnifiedOutput& output,
                 std::vector<Prediction>& rows) {
  for (std::int64_t b = 0; b < input.planet_B.size(0); ++b) {
    models::language::LanguageInput text;
    text.ids_BT = input.text.ids_BT.narrow(0, b, 1);
    text.keep_BT = input.text.keep_BT.narrow(0, b, 1);
    text.labels_BT = input.text.labels_BT.narrow(0, b, 1);
    models::language::LanguageOutput hidden;
    hidden.hidden_BTC = output.text.hidden_BTC.narrow(0, b, 1);
    const auto loss = models::language::languageLoss(*network.model->language, text, hidden);
    if (loss.scored == 0) continue;
    Prediction& row = rows[static_cast<std::size_t>(b)];
    row.tokens = loss.scored;
    row.languageNll = loss.loss.item<double>() * static_cast<double>(loss.scored);
  }
}

void addEmbeddings(const torch::Tensor& embedding_BE, std::vector<Prediction>& rows) {
  const torch::Tensor values_BE = embedding_BE.detach().to(torch::kCPU, torch::kFloat32).contiguous();
  const float* value = values_BE.data_ptr<float>();
  for (Prediction& row : rows) {
    row.embedding.assign(value, value + values_BE.size(1));
    value += values_BE.size(1);
  }
}

Predictions predict(Network& network, Feed& feed, const PlanetFacts& facts, const PredictOptions& options) {
  const torch::NoGradGuard noGradients;
  Predictions made;
  const std::size_t width = sideBySide(options.train, network.device);
  std::vector<MultiModalBatch> batches(width);
  std::size_t samples = 0;
  feed.start(0);
  while (options.mostSamples == 0 || samples < options.mostSamples) {
    const std::size_t count = readSome(feed, batches, width);
    if (count == 0) break;
    std::vector<Predictions> several(count);
    runSideBySide(count, options.train, width,
                  [&](std::size_t i) { several[i] = predictBatch(network, batches[i], facts, options); });
    for (std::size_t i = 0; i < count; ++i) {
      append(made.fusion, std::move(several[i].fusion));
      append(made.reasoning, std::move(several[i].reasoning));
      append(made.networks, std::move(several[i].networks));
      samples += batches[i].size;
    }
    if (options.progress) options.progress(samples);
  }
  return made;
}

}  // namespace ecumene::engine::train
