// SPDX-License-Identifier: Apache-2.0
#include "tests/models/unified/planets.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include "data/physics/generator/generator.h"
#include "data/quality/quality.h"
#include "data/store/store.h"
#include "engine/train/tensors.h"

namespace ecumene::models::unified {

using data::loader::Sample;

engine::config::RunSpec nano() {
  engine::config::RunSpec spec = engine::config::preset("nano");
  spec.train.hide = {0.0, 0.0, 0.0, 0.0, 0.0};
  return spec;
}

Planets::Planets() {
  data::store::Store store = data::store::Store::open(folder_ / "store", data::store::Mode::kCreate);
  for (const std::uint64_t number : kNumbers) {
    data::planet::Planet planet = data::physics::generator::generatePlanet(42, number);
    planet.quality = data::quality::assess(planet);
    store.add(planet, false);
  }
  store.computeStatistics();
  data::batch::ContentOptions options;
  options.training.vocabulary = static_cast<std::size_t>(nano().model.language.vocabulary);
  options.threads = 1;
  std::filesystem::create_directory(folder_ / "content");
  content_ = data::batch::makeTrainingContent(store, folder_ / "content", options);

  data::loader::LoaderOptions loading;
  loading.threads = 1;
  loading.budget = {kPlanets * kArchetypes, 1U << 20U, 1U << 20U};
  data::loader::Loader loader(store, loading);
  loader.start(0);
  std::vector<Sample> all;
  while (std::optional<data::loader::Batch> batch = loader.next()) {
    for (Sample& sample : batch->samples) all.push_back(std::move(sample));
  }
  std::sort(all.begin(), all.end(), [](const Sample& a, const Sample& b) { return a.id < b.id; });
  for (std::size_t turn = 0; turn < kArchetypes; ++turn) {
    for (std::size_t p = 0; p < kPlanets; ++p) {
      samples_.push_back(std::move(all.at(p * kArchetypes + (turn + p) % kArchetypes)));
    }
  }
}

Planets& Planets::shared() {
  static Planets planets;
  return planets;
}

Batch Planets::batch(const std::vector<std::size_t>& numbers) {
  // Samples cannot be copied: they are lent to the batch.
  data::loader::Batch samples;
  for (const std::size_t number : numbers) samples.samples.push_back(std::move(samples_.at(number)));
  data::batch::CollateOptions options;
  options.textLength = static_cast<std::size_t>(nano().data.textLength);
  data::batch::Collator collator(content_.statistics, content_.tokeniser, content_.vocabulary, options);
  Batch batch{std::make_shared<data::batch::MultiModalBatch>(collator.collate(samples)), {}};
  for (std::size_t i = 0; i < numbers.size(); ++i) samples_[numbers[i]] = std::move(samples.samples[i]);
  batch.input = engine::train::toTensors(*batch.memory, torch::kCPU);
  return batch;
}

UnifiedModel Planets::model(const engine::config::RunSpec& spec, torch::ScalarType type) const {
  graph::ReactionVocabulary vocabulary = engine::train::toTensors(*content_.vocabulary, torch::kCPU);
  for (torch::Tensor* x : {&vocabulary.stoichiometry_MR, &vocabulary.elements_MK, &vocabulary.energy_R}) {
    *x = x->to(type);
  }
  return {layers::Init(1, torch::TensorOptions(type)), spec.model, vocabulary};
}

climate::ClimateScale Planets::scale() const {
  return engine::train::climateScale(content_.statistics, torch::kCPU);
}

UnifiedInput inFloat64(UnifiedInput input) {
  const auto widen = [](std::initializer_list<torch::Tensor*> tensors) {
    for (torch::Tensor* x : tensors) {
      if (x->defined()) *x = x->to(torch::kFloat64);
    }
  };
  climate::ClimateInput& c = input.climate;
  graph::GraphInput& g = input.graph;
  fusion::Targets& t = input.targets;
  widen({&c.levels_BVEMYXL, &c.surface_BSEMYX, &c.latitudeDeg_Y, &c.latitudeWeight_Y, &c.sigma_L});
  widen({&g.nodes_NF, &g.coefficient_E, &g.laplacian_NK, &g.degree_N, &g.randomWalk_NK, &g.noise_BZ, &g.reactions_BR,
         &g.flux_N});
  widen({&input.spectrum.values_BPK, &input.scalars.values_BN, &t.habitable_B, &t.viable_B, &t.fHab_B, &t.h050_B});
  return input;
}

climate::ClimateScale inFloat64(climate::ClimateScale scale) {
  return {scale.mean_W.to(torch::kFloat64), scale.deviation_W.to(torch::kFloat64)};
}

}  // namespace ecumene::models::unified
