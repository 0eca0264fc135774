// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/attention.h"

#include <string>
#include <tuple>
#include <utility>

#include "data/base/error.h"
#include "engine/inspect/values.h"
#include "models/spec/attention_kind.h"

namespace ecumene::engine::inspect {
namespace {

void requireBelow(std::int64_t value, std::int64_t count, const char* what) {
  if (value >= 0 && value < count) return;
  throw Error(std::string("there is no such ") + what)
      .on(what + (" " + std::to_string(value)))
      .expected("0 to " + std::to_string(count - 1));
}

void requireAttention(const models::spec::LanguageSpec& spec, std::int64_t first, std::int64_t last) {
  const auto kinds = models::spec::layerAttention(spec);
  for (std::int64_t layer = first; layer < last; ++layer) {
    if (kinds.at(static_cast<std::size_t>(layer)).kind != models::spec::AttentionKind::kMamba) continue;
    throw Error("a Mamba layer has no attention").on("language layer " + std::to_string(layer));
  }
}

void requireAttention(const models::spec::ClimateSpec& spec) {
  if (models::spec::climateAttention(spec) != models::spec::ClimateAttention::kLinformer) return;
  throw Error("Linformer's attention has no weights by place").on("model.climate.attention = linformer");
}

void requireView(Part part, const Subject& subject) {
  const models::unified::UnifiedInput& input = subject.input;
  const auto require = [&](const torch::Tensor& keep_B) {
    if (keep_B[0].item<bool>()) return;
    throw Error("the planet has no such view, or it is hidden")
        .on(subject.batch.sampleIds.front())
        .expected(std::string(name(part)));
  };
  if (part == Part::kClimate) require(input.climate.keep_B);
  if (part == Part::kGraph) require(input.graph.keep_B);
  if (part == Part::kSpectrum) require(input.spectrum.keep_B);
}

/// One layer's weights as a square matrix over all tokens of the part: fusion's queries come first, and what they read
/// reads nothing.
torch::Tensor square(const torch::Tensor& weights_BHTS, const std::optional<std::int64_t>& head) {
  const torch::Tensor heads = weights_BHTS[0].to(torch::kCPU);
  const torch::Tensor weights = head ? heads[*head] : heads.mean(0);
  const std::int64_t queries = weights.size(0), keys = weights.size(1);
  if (queries == keys) return weights;
  const torch::Tensor all = torch::zeros({queries + keys, queries + keys});
  all.narrow(0, 0, queries).narrow(1, queries, keys).copy_(weights);
  return all;
}

}  // namespace

Recording::Recording(models::unified::UnifiedModel& model, Part part, std::int64_t first, std::int64_t last)
    : model_(model), part_(part), first_(first), records_(static_cast<std::size_t>(last - first)) {
  set(true);
}

Recording::~Recording() {
  set(false);
}

void Recording::set(bool on) {
  for (std::size_t i = 0; i < records_.size(); ++i) {
    models::layers::AttentionRecord* record = on ? &records_[i] : nullptr;
    const std::size_t layer = static_cast<std::size_t>(first_) + i;
    switch (part_) {
      case Part::kClimate:
        model_.climate->recordTo(layer, record);
        break;
      case Part::kGraph:
        model_.graph->recordTo(layer, record);
        break;
      case Part::kSpectrum:
        model_.spectrum->recordTo(layer, record);
        break;
      case Part::kLanguage:
        model_.language->recordTo(layer, record);
        break;
      case Part::kFusion:
        model_.fusion->recordTo(layer, record);
        break;
    }
  }
}

const torch::Tensor& Recording::weights(std::size_t index) const {
  const torch::Tensor& weights = records_.at(index).weights_BHTS;
  if (weights.defined()) return weights;
  throw Error("the layer gave no attention").on(std::string(name(part_)) + " layer " + std::to_string(index));
}

std::int64_t layerCount(Part part, const models::spec::ModelSpec& spec) {
  switch (part) {
    case Part::kClimate:
      return spec.climate.globalBlocks;
    case Part::kGraph:
      return spec.graph.layers;
    case Part::kSpectrum:
      return spec.spectrum.blocks;
    case Part::kLanguage:
      return spec.language.layers;
    case Part::kFusion:
      return spec.fusion.layers;
  }
  throw internalError("a part of the model that there is not");
}

std::int64_t headCount(Part part, const models::spec::ModelSpec& spec) {
  switch (part) {
    case Part::kClimate:
      return spec.climate.heads;
    case Part::kGraph:
      return spec.graph.heads;
    case Part::kSpectrum:
      return spec.spectrum.heads;
    case Part::kLanguage:
      return spec.language.heads;
    case Part::kFusion:
      return spec.fusion.heads;
  }
  throw internalError("a part of the model that there is not");
}

std::pair<torch::Tensor, torch::Tensor> rollout(std::span<const torch::Tensor> weights_NN, std::int64_t token) {
  // A row and a column need products of matrices with vectors alone.
  const std::int64_t count = weights_NN.front().size(0);
  torch::Tensor row_N = torch::zeros({count});
  row_N[token] = 1.0;
  torch::Tensor column_N = row_N.clone();
  std::vector<torch::Tensor> mixed;
  for (const torch::Tensor& weights : weights_NN) {
    const torch::Tensor half = 0.5 * (weights + torch::eye(count));
    mixed.push_back(half / half.sum(1, true));
    column_N = torch::mv(mixed.back(), column_N);
  }
  for (auto layer = mixed.rbegin(); layer != mixed.rend(); ++layer) row_N = torch::mv(layer->t(), row_N);
  return {row_N, column_N};
}

Attention attend(OpenedRun& run, const Subject& subject, const AttentionQuestion& question) {
  const Part part = question.part;
  const std::int64_t layers = layerCount(part, run.spec.model);
  if (question.layer) requireBelow(*question.layer, layers, "layer");
  if (layers == 0) throw Error("the part has no layer with attention").on(std::string(name(part)));
  const std::int64_t first = question.layer.value_or(0), last = question.layer ? first + 1 : layers;
  if (part == Part::kLanguage) requireAttention(run.spec.model.language, first, last);
  if (part == Part::kClimate) requireAttention(run.spec.model.climate);
  requireView(part, subject);
  Attention made;
  made.tokens = tokensOf(part, run, subject);
  requireBelow(question.token, static_cast<std::int64_t>(made.tokens.size()), "token");

  const torch::NoGradGuard noGradients;
  const Recording recording(*run.network.model, part, first, last);
  {
    const train::Autocast autocast(run.spec.train.precision, run.network.device);
    run.network.model->forward(subject.input);
  }
  if (question.head) requireBelow(*question.head, recording.weights(0).size(1), "head");
  std::vector<torch::Tensor> weights_NN;
  for (std::size_t i = 0; i < recording.size(); ++i) {
    weights_NN.push_back(square(recording.weights(i), question.head));
    if (weights_NN.back().size(0) != static_cast<std::int64_t>(made.tokens.size())) {
      throw internalError("a part's attention is among other tokens than are named");
    }
  }
  torch::Tensor row_N, column_N;
  if (question.layer) {
    row_N = weights_NN.front()[question.token];
    column_N = weights_NN.front().select(1, question.token);
  } else {
    std::tie(row_N, column_N) = rollout(weights_NN, question.token);
  }
  const bool fusion = part == Part::kFusion;
  const bool query = fusion && question.token < run.spec.model.fusion.queries;
  if (!fusion || query) made.attendsTo = valuesOf(row_N);
  if (!query) made.attendedBy = valuesOf(column_N);
  return made;
}

}  // namespace ecumene::engine::inspect
