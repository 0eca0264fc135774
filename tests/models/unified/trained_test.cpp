// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <vector>

#include "engine/train/draws.h"
#include "tests/models/unified/planets.h"

namespace ecumene::models::unified {
namespace {

/// Samples `first` .. of all, each `turn` places further (another planet, another archetype).
std::vector<std::size_t> numbers(std::size_t first, std::size_t count, std::size_t turn = 0) {
  const std::size_t all = Planets::kPlanets * Planets::kArchetypes;
  std::vector<std::size_t> result(count);
  for (std::size_t i = 0; i < count; ++i) result[i] = (first + i + turn) % all;
  return result;
}

double supervised(UnifiedModel& model, const UnifiedInput& input, const spec::LossSpec& weights) {
  const torch::NoGradGuard noGradients;
  return fusion::supervisedLoss(model.forward(input).fusion.prediction, input.targets, weights).total.item<double>();
}

constexpr std::size_t kAll = Planets::kPlanets * Planets::kArchetypes;

/// A model that has seen all samples often, with views hidden as often as `hide` says.
UnifiedModel trained(const engine::config::HideSpec& hide, std::int64_t steps) {
  constexpr std::size_t kBatch = 8;
  engine::config::RunSpec spec = nano();
  spec.train.hide = hide;
  UnifiedModel model = Planets::shared().model(spec, torch::kFloat32);
  torch::optim::AdamW optimiser(model.parameters(), torch::optim::AdamWOptions(4e-3));
  const climate::ClimateScale scale = Planets::shared().scale();
  std::vector<Batch> batches;
  for (std::size_t first = 0; first < kAll; first += kBatch) {
    batches.push_back(Planets::shared().batch(numbers(first, kBatch)));
  }
  model.train();
  for (std::int64_t step = 0; step < steps; ++step) {
    const Batch& batch = batches[static_cast<std::size_t>(step) % batches.size()];
    UnifiedInput input = batch.input;
    engine::train::drawForTraining(input, batch.ids(), spec, step);
    optimiser.zero_grad();
    model.loss(input, model.forward(input), spec.loss, scale, 1.0).total.backward();
    torch::nn::utils::clip_grad_norm_(model.parameters(), 1.0);
    optimiser.step();
  }
  model.eval();
  return model;
}

/// By how much the supervised loss grows when each sample gets this view of another planet and metabolism, with only
/// the views `given` (bits of fusion::View) to go by.
double hurt(UnifiedModel& model, fusion::View view, unsigned given) {
  const Batch whole = Planets::shared().batch(numbers(0, kAll)), others = Planets::shared().batch(numbers(0, kAll, 1));
  UnifiedInput own = whole.input, shuffled = whole.input;
  if (view == fusion::kClimate) shuffled.climate = others.input.climate;
  if (view == fusion::kGraph) shuffled.graph = others.input.graph;
  if (view == fusion::kSpectrum) shuffled.spectrum = others.input.spectrum;
  if (view == fusion::kText) shuffled.text = others.input.text;
  if (view == fusion::kScalars) shuffled.scalars = others.input.scalars;
  engine::train::keepOnly(own, given);
  engine::train::keepOnly(shuffled, given);
  const spec::LossSpec weights = nano().loss;
  return supervised(model, shuffled, weights) - supervised(model, own, weights);
}

TEST(TrainedModel, AnotherPlanetsViewHurts) {
  UnifiedModel model = trained({0.5, 0.5, 0.5, 0.5, 0.5}, 140);
  for (const fusion::View view : {fusion::kClimate, fusion::kSpectrum, fusion::kText, fusion::kScalars}) {
    const double found = hurt(model, view, 1U << view);
    RecordProperty(std::string(fusion::name(view)), std::to_string(found));
    EXPECT_GT(found, 0.2) << fusion::name(view);
  }
}

/// A network tells no planet from another, and the text names the metabolism: what a network adds is seen beside the
/// scalars, by a model that had these two alone.
TEST(TrainedModel, AnotherMetabolismsNetworkHurts) {
  UnifiedModel model = trained({1.0, 0.0, 1.0, 1.0, 0.0}, 240);
  const double found = hurt(model, fusion::kGraph, 1U << fusion::kGraph | 1U << fusion::kScalars);
  RecordProperty("graph", std::to_string(found));
  EXPECT_GT(found, 0.1);
}

}  // namespace
}  // namespace ecumene::models::unified
