// SPDX-License-Identifier: Apache-2.0
#include "engine/train/evaluation.h"

#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "engine/train/draws.h"
#include "engine/train/side_by_side.h"
#include "engine/train/tensors.h"

namespace ecumene::engine::train {
namespace {

using models::fusion::Targets;

/// A mean whose pieces have weights.
struct Mean {
  double sum = 0.0, weight = 0.0;
  void add(double value, double by) {
    if (by <= 0.0) return;
    sum += value * by;
    weight += by;
  }
};

/// The targets of the rows, all others missing.
Targets onlyRows(const Targets& targets, const torch::Tensor& rows_B) {
  const torch::Tensor others = rows_B.logical_not();
  const double none = std::numeric_limits<double>::quiet_NaN();
  return {targets.regime_B.masked_fill(others, -1), targets.habitable_B.masked_fill(others, none),
          targets.viable_B.masked_fill(others, none), targets.fHab_B.masked_fill(others, none),
          targets.h050_B.masked_fill(others, none)};
}

/// A view that no training step shows says nothing here either.
unsigned everShown(const config::HideSpec& hide) {
  const std::array<double, models::fusion::kViewCount> shares = {hide.climate, hide.graph, hide.spectrum, hide.text,
                                                                 hide.scalars};
  unsigned views = 0;
  for (std::size_t view = 0; view < shares.size(); ++view) views |= shares.at(view) < 1.0 ? 1U << view : 0U;
  return views;
}

/// Terms of a micro-batch with their weights.
struct Scores {
  std::int64_t samples = 0;
  std::map<std::string, std::pair<double, double>> terms;
};

Scores scoresOf(Network& network, const data::batch::MultiModalBatch& batch, const config::RunSpec& spec) {
  models::unified::UnifiedInput input = toTensors(batch, network.device);
  keepOnly(input, everShown(spec.train.hide));
  const torch::Tensor hidden_B = hideClimateOfHalf(input, batch.sampleIds).to(network.device);
  const Autocast autocast(spec.train.precision, network.device);
  const auto output = network.model->forward(input);
  const auto loss = network.model->loss(input, output, spec.loss, network.scale, 1.0);
  const auto samples = static_cast<double>(batch.size);
  Scores made;
  made.samples = static_cast<std::int64_t>(batch.size);
  made.terms["total"] = {loss.total.item<double>(), samples};
  for (const auto& [name, value] : loss.parts) made.terms[name] = {value.item<double>(), samples};
  for (const bool hidden : {false, true}) {
    const torch::Tensor rows_B = hidden ? hidden_B : hidden_B.logical_not();
    const auto half = supervisedLoss(output.fusion.prediction, onlyRows(input.targets, rows_B), spec.loss);
    made.terms[hidden ? "supervised.without_climate" : "supervised.with_climate"] = {half.total.item<double>(),
                                                                                     rows_B.sum().item<double>()};
  }
  return made;
}

}  // namespace

Evaluation evaluate(Network& network, Feed& feed, const config::RunSpec& spec) {
  std::map<std::string, Mean> means;
  Evaluation made;
  const std::size_t width = sideBySide(spec.train, network.device);
  std::vector<data::batch::MultiModalBatch> batches(width);
  feed.start(0);
  while (const std::size_t count = readSome(feed, batches, width)) {
    std::vector<Scores> several(count);
    runSideBySide(count, spec.train, width, [&](std::size_t i) { several[i] = scoresOf(network, batches[i], spec); });
    for (const Scores& scores : several) {
      made.samples += scores.samples;
      for (const auto& [name, value] : scores.terms) means["validation." + name].add(value.first, value.second);
    }
  }
  for (const auto& [name, mean] : means) {
    if (mean.weight > 0.0) made.metrics[name] = mean.sum / mean.weight;
  }
  const auto score = made.metrics.find(spec.loss.supervised > 0.0 ? "validation.supervised" : "validation.total");
  made.score = score == made.metrics.end() ? std::numeric_limits<double>::quiet_NaN() : score->second;
  return made;
}

}  // namespace ecumene::engine::train
