// SPDX-License-Identifier: Apache-2.0
#include "engine/inspect/run_networks.h"

#include <memory>
#include <set>

#include "data/batch/collate.h"
#include "engine/train/run_content.h"
#include "engine/train/tensors.h"

namespace ecumene::engine::inspect {

using data::planet::Metabolism;

std::vector<Metabolism> metabolismsOf(const data::store::Store& store, data::planet::Split split, std::size_t most) {
  data::store::Filter filter;
  filter.split = split;
  filter.hasNetwork = true;
  filter.leaveOutExcluded = true;
  std::vector<Metabolism> found;
  std::set<std::string> seen;
  for (const data::store::SampleIndex& index : store.samples(filter, [](std::string_view) { return 0U; })) {
    for (const data::store::SampleIndex::Case& one : index.cases) {
      Metabolism metabolism = store.sample(index, {one.position, std::nullopt, std::nullopt}).metabolism.metabolism;
      if (metabolism.network.reactions.empty() || !seen.insert(metabolism.network.id).second) continue;
      found.push_back(std::move(metabolism));
      if (found.size() == most) return found;
    }
  }
  return found;
}

GraphsOf graphsOf(const data::batch::TrainingContent& content, const torch::Device& device) {
  auto collator = std::make_shared<data::batch::Collator>(content.statistics, content.tokeniser, content.vocabulary);
  // The tensors may be views of the batch, which the next call overwrites.
  auto batch = std::make_shared<data::batch::MultiModalBatch>();
  return [collator, batch, device](std::span<const Metabolism> metabolisms) {
    data::loader::Batch samples;
    for (const Metabolism& metabolism : metabolisms) {
      samples.samples.emplace_back().metabolism.metabolism = metabolism;
    }
    collator->collate(samples, *batch);
    return train::toTensors(*batch, device).graph;
  };
}

SamplingReport sampleRun(train::Network& network, const config::RunSpec& spec,
                         const data::batch::TrainingContent& content, const data::store::Store& store,
                         SamplingOptions options, std::size_t heldOut) {
  std::vector<data::planet::MetabolicNetwork> learned;
  for (Metabolism& metabolism : metabolismsOf(store, train::trainSplit(spec.data))) {
    learned.push_back(std::move(metabolism.network));
  }
  const NetworkReference reference(content.vocabulary, learned);
  const std::vector<Metabolism> unseen = metabolismsOf(store, data::planet::Split::kValidation, heldOut);
  options.latentWidth = spec.model.graph.latentWidth;
  return sampleNetworks(*network.model->graph, reference, unseen, graphsOf(content, network.device), options);
}

}  // namespace ecumene::engine::inspect
