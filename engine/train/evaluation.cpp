// SPDX-License-Identifier: Apache-2.0
#include "engine/train/evaluation.h"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <iterator>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/report/scores.h"
#include "engine/train/draws.h"
#include "engine/train/predictions.h"
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

/// A metric that the journal has after each evaluation.
struct Journalled {
  const char* key;
  std::string_view target, metric;
  std::string_view words;  ///< in the line for who watches; empty: not there
};
constexpr std::array kJournalled = {Journalled{"regime.accuracy", "regime", "accuracy", "regime accuracy"},
                                    Journalled{"habitable.accuracy", "habitable", "accuracy", "habitable accuracy"},
                                    Journalled{"viable.auroc", "viable", "AUROC", "viable AUROC"},
                                    Journalled{"f_hab.crps", "f_hab", "CRPS", "f_hab CRPS"},
                                    Journalled{"f_hab.rmse", "f_hab", "RMSE", "f_hab RMSE"},
                                    Journalled{"regime.ece", "regime", "ECE", ""},
                                    Journalled{"habitable.ece", "habitable", "ECE", ""},
                                    Journalled{"viable.ece", "viable", "ECE", ""},
                                    Journalled{"text.perplexity", "text", "perplexity", ""}};
constexpr const char* kWithout = ".without_climate";
constexpr const char* kWith = ".with_climate";

void addMetrics(Evaluation& made, const report::Rows& rows, const std::string& half) {
  if (rows.empty()) return;
  made.metrics["validation.samples" + half] = static_cast<double>(rows.size());
  for (const Journalled& one : kJournalled) {
    const double value = report::plainScore(rows, one.target, one.metric);
    if (std::isfinite(value)) made.metrics["validation." + std::string(one.key) + half] = value;
  }
}

struct Scores {
  std::int64_t samples = 0;
  std::vector<report::Prediction> rows;  ///< with climate or without, as `hidden` says
  std::vector<bool> hidden;
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
    made.terms[std::string("supervised") + (hidden ? kWithout : kWith)] = {half.total.item<double>(),
                                                                           rows_B.sum().item<double>()};
  }
  // Of weights that give no numbers there are no probabilities; the score says so.
  if (!std::isfinite(made.terms.at("total").first)) return made;
  made.rows = headRows(batch, output.fusion.prediction);
  addLanguage(network, input, output, made.rows);
  for (std::int64_t b = 0; b < hidden_B.size(0); ++b) made.hidden.push_back(hidden_B[b].item<bool>());
  return made;
}

}  // namespace

Evaluation evaluate(Network& network, Feed& feed, const config::RunSpec& spec) {
  std::map<std::string, Mean> means;
  Evaluation made;
  const std::size_t width = sideBySide(spec.train, network.device);
  std::vector<data::batch::MultiModalBatch> batches(width);
  std::vector<report::Prediction> predicted;
  std::vector<bool> hidden;
  feed.start(0);
  while (const std::size_t count = readSome(feed, batches, width)) {
    std::vector<Scores> several(count);
    runSideBySide(count, spec.train, width, [&](std::size_t i) { several[i] = scoresOf(network, batches[i], spec); });
    for (Scores& scores : several) {
      std::move(scores.rows.begin(), scores.rows.end(), std::back_inserter(predicted));
      hidden.insert(hidden.end(), scores.hidden.begin(), scores.hidden.end());
      made.samples += scores.samples;
      for (const auto& [name, value] : scores.terms) means["validation." + name].add(value.first, value.second);
    }
  }
  for (const auto& [name, mean] : means) {
    if (mean.weight > 0.0) made.metrics[name] = mean.sum / mean.weight;
  }
  report::Rows all, without, with;
  for (std::size_t i = 0; i < predicted.size(); ++i) {
    all.push_back(&predicted[i]);
    (hidden[i] ? without : with).push_back(&predicted[i]);
  }
  addMetrics(made, all, "");
  addMetrics(made, without, kWithout);
  addMetrics(made, with, kWith);
  const auto score = made.metrics.find(spec.loss.supervised > 0.0 ? "validation.supervised" : "validation.total");
  made.score = score == made.metrics.end() ? std::numeric_limits<double>::quiet_NaN() : score->second;
  return made;
}

std::string Evaluation::words() const {
  std::string said;
  for (const Journalled& one : kJournalled) {
    const auto found = metrics.find("validation." + std::string(one.key) + kWithout);
    if (one.words.empty() || found == metrics.end()) continue;
    said += fmt::format("{}{} {:.3f}", said.empty() ? "" : ", ", one.words, found->second);
  }
  if (said.empty()) return said;
  return fmt::format("cube hidden, {:.0f} samples: {}", metrics.at(std::string("validation.samples") + kWithout), said);
}

}  // namespace ecumene::engine::train
