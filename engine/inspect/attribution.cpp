// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/attribution.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "data/base/error.h"
#include "data/base/random.h"
#include "engine/inspect/attention.h"
#include "engine/inspect/removal.h"
#include "engine/inspect/values.h"

namespace ecumene::engine::inspect {
namespace {

using models::fusion::View;
using models::unified::UnifiedInput;

constexpr const char* kEmbedding = "language.model.embed_tokens.weight";

/// Values of maps [1, V, E, M, Y, X, ..] summed over the patches of a grid of `tokens` [E, m, y, x] of them.
torch::Tensor perPatch(const torch::Tensor& maps, const models::climate::PatchGrid& grid) {
  const torch::Tensor map = (maps.dim() == 7 ? maps.sum(-1) : maps)[0].sum(0);
  const std::int64_t months = grid.months() / 2, rows = grid.latitudes() / 2, columns = grid.longitudes() / 2;
  return map
      .reshape({map.size(0), months, map.size(1) / months, rows, map.size(2) / rows, columns, map.size(3) / columns})
      .sum({2, 4, 6})
      .flatten();
}

}  // namespace

Target::Target(const std::string& name) : name_(name) {
  if (name == "viable") return;
  if (name == "habitable") {
    kind_ = Kind::kHabitable;
  } else if (name == "f_hab") {
    kind_ = Kind::kFHab;
  } else if (name == "h050") {
    kind_ = Kind::kH050;
  } else {
    kind_ = Kind::kRegime;
    const auto count = static_cast<std::int64_t>(data::planet::kRegimeCount);
    while (regime_ < count &&
           "regime:" + std::string(data::planet::name(static_cast<data::planet::Regime>(regime_))) != name) {
      ++regime_;
    }
    if (regime_ == count) {
      throw Error("the model says nothing that is called so", ErrorKind::kUsage)
          .on(name)
          .expected("viable, habitable, f_hab, h050, or regime: with a regime's name");
    }
  }
}

torch::Tensor Target::of(const models::fusion::Prediction& said) const {
  switch (kind_) {
    case Kind::kViable:
      return said.viable_B[0];
    case Kind::kHabitable:
      return said.habitable_B[0];
    case Kind::kRegime:
      return torch::log_softmax(said.regime_BG, 1)[0][regime_];
    case Kind::kFHab:
      return models::fusion::mean(said.fHab)[0];
    case Kind::kH050:
      return models::fusion::mean(said.h050)[0];
  }
  throw internalError("a target that there is not");
}

std::string Target::unit() const {
  if (kind_ == Kind::kViable || kind_ == Kind::kHabitable) return "logit";
  return kind_ == Kind::kRegime ? "ln probability" : "share";
}

Inputs inputsOf(const OpenedRun& run, const Subject& subject) {
  using Batch = data::batch::MultiModalBatch;
  const Batch& batch = subject.batch;
  Inputs inputs;
  const auto add = [&](const Token& token, std::int64_t index, bool shown) {
    inputs.tokens.push_back(token);
    inputs.index.push_back(index);
    inputs.shown.push_back(shown);
  };
  const auto shown = [&](View view) { return (subject.views >> static_cast<unsigned>(view) & 1U) != 0U; };
  const auto begin = [&](View view) { inputs.first.at(static_cast<std::size_t>(view)) = inputs.tokens.size(); };
  const auto addAll = [&](const std::vector<Token>& tokens, View view) {
    for (std::size_t i = 0; i < tokens.size(); ++i) add(tokens[i], static_cast<std::int64_t>(i), shown(view));
  };

  begin(models::fusion::kClimate);
  if (batch.viewPresent.at(Batch::kClimate) != 0) {
    addAll(tokensOf(Part::kClimate, run, subject), models::fusion::kClimate);
  }
  begin(models::fusion::kGraph);
  if (batch.viewPresent.at(Batch::kGraph) != 0) addAll(tokensOf(Part::kGraph, run, subject), models::fusion::kGraph);
  begin(models::fusion::kSpectrum);
  if (batch.viewPresent.at(Batch::kSpectrum) != 0) {
    const std::vector<Token> tokens = tokensOf(Part::kSpectrum, run, subject);
    const auto points = static_cast<std::ptrdiff_t>(run.spec.model.spectrum.patchPoints);
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      const auto bins = batch.binPresent.begin() + static_cast<std::ptrdiff_t>(i) * points;
      const bool seen = std::any_of(bins, bins + points, [](unsigned char present) { return present != 0; });
      if (seen) add(tokens[i], static_cast<std::int64_t>(i), shown(models::fusion::kSpectrum));
    }
  }
  begin(models::fusion::kText);
  std::vector<std::int64_t> pieces;
  for (std::size_t t = 0; t < batch.textLength; ++t) {
    const std::int64_t id = batch.inputIds.at(t);
    if (batch.attentionMask.at(t) == 0 || std::ranges::find(pieces, id) != pieces.end()) continue;
    pieces.push_back(id);
    add({std::string(models::fusion::name(models::fusion::kText)), "piece", run.content.tokeniser->piece(id), {}}, id,
        shown(models::fusion::kText));
  }
  begin(models::fusion::kScalars);
  for (std::size_t s = 0; s < data::planet::kScalarCount; ++s) {
    if (batch.paramPresent.at(s) == 0) continue;
    add({std::string(models::fusion::name(models::fusion::kScalars)),
         "scalar",
         std::string(data::planet::scalars()[s].name),
         {}},
        static_cast<std::int64_t>(s), shown(models::fusion::kScalars));
  }
  inputs.first.back() = inputs.tokens.size();
  return inputs;
}

namespace {

/// What a view's own numbering says of its inputs, put where they stand among all.
void put(const Inputs& inputs, View view, const torch::Tensor& values, std::vector<float>& into) {
  const std::vector<float> all = valuesOf(values);
  const auto v = static_cast<std::size_t>(view);
  for (std::size_t i = inputs.first.at(v); i < inputs.first.at(v + 1); ++i) {
    into[i] = all.at(static_cast<std::size_t>(inputs.index[i]));
  }
}

}  // namespace

std::vector<float> gradientTimesInput(OpenedRun& run, const Subject& subject, const Inputs& inputs,
                                      const Target& target) {
  models::unified::UnifiedModel& model = *run.network.model;
  const auto leaf = [](torch::Tensor& tensor) {
    tensor = tensor.detach().clone();
    tensor.set_requires_grad(true);
    return tensor;
  };
  UnifiedInput input = subject.input;
  torch::Tensor embedding = model.named_parameters()[kEmbedding];
  const bool learned = embedding.requires_grad();
  embedding.set_requires_grad(true);
  const std::vector<torch::Tensor> leaves{leaf(input.climate.levels_BVEMYXL),
                                          leaf(input.climate.surface_BSEMYX),
                                          leaf(input.graph.nodes_NF),
                                          leaf(input.spectrum.values_BPK),
                                          embedding,
                                          leaf(input.scalars.values_BN)};
  const torch::Tensor said = target.of(model.forward(input).fusion.prediction);
  const auto gradients = torch::autograd::grad({said}, leaves, {}, false, false, true);
  embedding.set_requires_grad(learned);
  const auto product = [&](std::size_t i) {
    return gradients[i].defined() ? leaves[i].detach() * gradients[i] : torch::zeros_like(leaves[i]);
  };
  std::vector<float> made(inputs.tokens.size(), 0.0F);
  put(inputs, models::fusion::kClimate,
      perPatch(product(0), model.climate->grid()) + perPatch(product(1), model.climate->grid()), made);
  put(inputs, models::fusion::kGraph, product(2).sum(1), made);
  put(inputs, models::fusion::kSpectrum, product(3)[0].sum(1).view({-1, run.spec.model.spectrum.patchPoints}).sum(1),
      made);
  put(inputs, models::fusion::kText, product(4).sum(1), made);
  put(inputs, models::fusion::kScalars, product(5)[0], made);
  return made;
}

namespace {

/// Records how the graph part's tokens read its nodes while it lives.
struct PoolingRecording {
  explicit PoolingRecording(models::graph::GraphModel& graph) : model(graph) { model.recordPoolingTo(&record); }
  ~PoolingRecording() { model.recordPoolingTo(nullptr); }
  PoolingRecording(const PoolingRecording&) = delete;
  PoolingRecording& operator=(const PoolingRecording&) = delete;

  models::graph::GraphModel& model;
  models::layers::AttentionRecord record;
};

}  // namespace

std::vector<float> fusionAttention(OpenedRun& run, const Subject& subject, const Inputs& inputs) {
  const torch::NoGradGuard noGradients;
  models::unified::UnifiedModel& model = *run.network.model;
  const PoolingRecording pooling(*model.graph);
  const std::int64_t layers = layerCount(Part::kFusion, run.spec.model);
  const Recording recording(model, Part::kFusion, 0, layers);
  model.forward(subject.input);
  torch::Tensor read_T = torch::zeros({1});
  for (std::size_t i = 0; i < recording.size(); ++i) {
    read_T = read_T + recording.weights(i)[0].mean(0).mean(0).to(torch::kCPU) / static_cast<double>(layers);
  }
  std::vector<Token> read = tokensOf(Part::kFusion, run, subject);
  read.erase(read.begin(), read.begin() + run.spec.model.fusion.queries);
  std::vector<float> made(inputs.tokens.size(), 0.0F);
  std::int64_t first = 0;
  for (std::size_t v = 0; v < models::fusion::kViewCount; ++v) {
    const auto view = static_cast<View>(v);
    const std::string called(models::fusion::name(view));
    const std::int64_t count = std::ranges::count(read, called, &Token::view);
    torch::Tensor own = read_T.narrow(0, first, count);
    first += count;
    if (inputs.first.at(v) == inputs.first.at(v + 1)) continue;
    if (view == models::fusion::kGraph) {
      if (!pooling.record.weights_BHTS.defined()) continue;  // a hidden network is not read
      own = torch::mv(pooling.record.weights_BHTS[0].mean(0).to(torch::kCPU).t(), own);
    }
    if (view == models::fusion::kText) {
      const std::int64_t rows = run.spec.model.language.vocabulary;
      own = torch::zeros({rows}).index_add(0, subject.input.text.ids_BT[0].to(torch::kCPU), own);
    }
    put(inputs, view, own, made);
  }
  return made;
}

double withoutInputs(OpenedRun& run, const Subject& subject, const Inputs& inputs,
                     const std::vector<std::size_t>& removed, const Target& target) {
  const torch::NoGradGuard noGradients;
  std::array<std::vector<std::int64_t>, models::fusion::kViewCount> gone;
  for (const std::size_t i : removed) {
    std::size_t view = 0;
    while (i >= inputs.first.at(view + 1)) ++view;
    gone.at(view).push_back(inputs.index.at(i));
  }
  UnifiedInput input = subject.input;
  removePatches(input.climate, run.network.model->climate->grid(), gone[models::fusion::kClimate]);
  removeNodes(input.graph, gone[models::fusion::kGraph]);
  removeBins(input.spectrum, run.spec.model.spectrum.patchPoints, gone[models::fusion::kSpectrum]);
  removePieces(input.text, gone[models::fusion::kText]);
  removeScalars(input.scalars, gone[models::fusion::kScalars]);
  return target.of(run.network.model->forward(input).fusion.prediction).item<double>();
}

Deletion deletionTest(OpenedRun& run, const Subject& subject, const Inputs& inputs, const Target& target,
                      const std::vector<float>& ranking, std::size_t k, std::size_t draws, std::uint64_t seed) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < inputs.shown.size(); ++i) {
    if (inputs.shown[i]) shown.push_back(i);
  }
  if (shown.empty()) throw Error("every view is hidden").on(subject.batch.sampleIds.front());
  k = std::min(k, shown.size());
  const std::vector<float> attribution = gradientTimesInput(run, subject, inputs, target);
  Deletion made;
  made.removed = shown;
  std::ranges::stable_sort(made.removed,
                           [&](std::size_t a, std::size_t b) { return std::abs(ranking[a]) > std::abs(ranking[b]); });
  made.removed.resize(k);
  for (const std::size_t i : made.removed) made.expectedChange -= static_cast<double>(attribution[i]);
  made.before = withoutInputs(run, subject, inputs, {}, target);
  made.after = withoutInputs(run, subject, inputs, made.removed, target);
  for (std::size_t d = 0; d < draws; ++d) {
    Random random(seed, "deletion/" + subject.batch.sampleIds.front(), d);
    std::vector<std::size_t> order = shown;
    for (std::size_t i = 0; i < k; ++i) {
      std::swap(order[i], order[i + random.below(static_cast<std::uint32_t>(order.size() - i))]);
    }
    order.resize(k);
    made.random.push_back(withoutInputs(run, subject, inputs, order, target));
  }
  return made;
}

}  // namespace ecumene::engine::inspect
