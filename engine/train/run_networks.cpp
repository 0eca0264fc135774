// SPDX-License-Identifier: Apache-2.0
#include "engine/train/run_networks.h"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <set>

#include "data/batch/collate.h"
#include "engine/report/markdown.h"
#include "engine/train/run_content.h"
#include "engine/train/tensors.h"

namespace ecumene::engine::train {
namespace {

using data::planet::Metabolism;
using networks::NetworkVerdict;
using report::Weights;

template <class Item>
report::GraphScore meanScore(const std::string& which, const char* name, const std::string& meaning,
                             const std::vector<Item>& items, const std::function<double(const Item&)>& over,
                             const std::function<double(const Item&)>& under, const char* counted) {
  std::vector<std::string> clusters;
  std::vector<double> above, below;
  double count = 0.0;
  for (const Item& item : items) {
    clusters.push_back(std::to_string(clusters.size()));
    above.push_back(over(item));
    below.push_back(under(item));
    count += below.back();
  }
  const std::function<double(Weights)> ratio = [&](Weights weights) {
    return report::mean(above, weights) / report::mean(below, weights);
  };
  return {which, name, meaning, report::counted(static_cast<std::int64_t>(count)) + " " + counted,
          std::move(report::estimates(clusters, std::array{ratio}).front())};
}

template <class Item>
double one(const Item&) {
  return 1.0;
}

}  // namespace

std::vector<Metabolism> metabolismsOf(const data::store::Store& store, data::planet::Split split, std::size_t most) {
  data::store::Filter filter = filterOf(split);
  filter.hasNetwork = true;
  const auto indices = store.samples(filter, [](std::string_view) { return 0U; });
  std::size_t rounds = 0;
  for (const data::store::SampleIndex& index : indices) rounds = std::max(rounds, index.cases.size());
  std::vector<Metabolism> found;
  std::set<std::string> seen;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const auto& cases = indices[i].cases;
      if (round >= cases.size()) continue;
      // Cases come by archetype, each as often: the next planet's is of the next one.
      const std::size_t step = std::max<std::size_t>(cases.size() / data::planet::kArchetypeCount, 1);
      const std::uint32_t position = cases[(i * step + round) % cases.size()].position;
      Metabolism metabolism = store.sample(indices[i], {position, std::nullopt, std::nullopt}).metabolism.metabolism;
      if (metabolism.network.reactions.empty() || !seen.insert(metabolism.network.id).second) continue;
      found.push_back(std::move(metabolism));
      if (found.size() == most) return found;
    }
  }
  return found;
}

networks::GraphsOf graphsOf(const data::batch::TrainingContent& content, const torch::Device& device) {
  auto collator = std::make_shared<data::batch::Collator>(content.statistics, content.tokeniser, content.vocabulary);
  // The tensors may be views of the batch, which the next call overwrites.
  auto batch = std::make_shared<data::batch::MultiModalBatch>();
  return [collator, batch, device](std::span<const Metabolism> metabolisms) {
    data::loader::Batch samples;
    for (const Metabolism& metabolism : metabolisms) {
      samples.samples.emplace_back().metabolism.metabolism = metabolism;
    }
    collator->collate(samples, *batch);
    return toTensors(*batch, device).graph;
  };
}

networks::SamplingReport sampleRun(Network& network, const config::RunSpec& spec,
                                   const data::batch::TrainingContent& content, const data::store::Store& store,
                                   networks::SamplingOptions options, const NetworkChoice& choice) {
  std::vector<data::planet::MetabolicNetwork> learned;
  for (Metabolism& metabolism : metabolismsOf(store, trainSplit(spec.data), choice.learned)) {
    learned.push_back(std::move(metabolism.network));
  }
  const networks::NetworkReference reference(content.vocabulary, learned);
  const std::vector<Metabolism> unseen = metabolismsOf(store, choice.split, choice.heldOut);
  options.latentWidth = spec.model.graph.latentWidth;
  networks::SamplingReport said =
      networks::sampleNetworks(*network.model->graph, reference, unseen, graphsOf(content, network.device), options);
  said.learned = learned.size();
  return said;
}

std::vector<report::GraphScore> samplingScores(const networks::SamplingReport& said, data::planet::Split split) {
  std::vector<report::GraphScore> made;
  const auto drawn = [&](const char* name, const std::string& meaning,
                         const std::function<double(const NetworkVerdict&)>& of) {
    made.push_back(
        meanScore<NetworkVerdict>("drawn", name, meaning, said.verdicts, of, one<NetworkVerdict>, "networks"));
  };
  if (!said.verdicts.empty()) {
    made.push_back(meanScore<NetworkVerdict>(
        "drawn", "balanced", "share of their reactions of known formulas that keep every element and the charge",
        said.verdicts, [](const NetworkVerdict& v) { return static_cast<double>(v.balanced); },
        [](const NetworkVerdict& v) { return static_cast<double>(v.judged); }, "reactions"));
    drawn("feasible", "share that makes biomass in a medium without limits",
          [](const NetworkVerdict& v) { return v.feasible ? 1.0 : 0.0; });
    drawn("thermodynamically consistent", "share that does so without a reaction uphill by more than 22.8 kJ/mol",
          [](const NetworkVerdict& v) { return v.consistent ? 1.0 : 0.0; });
    const std::string learned = report::counted(static_cast<std::int64_t>(said.learned)) + " training networks";
    drawn("novel", "share that is the set of none of " + learned,
          [](const NetworkVerdict& v) { return v.novel ? 1.0 : 0.0; });
    drawn("nearest F1", "mean F1 with the nearest of " + learned, [](const NetworkVerdict& v) { return v.nearestF1; });
  }
  using networks::Recovery;
  const auto recovered = [&](const char* name, const char* meaning, const std::function<double(const Recovery&)>& of) {
    made.push_back(meanScore<Recovery>(std::string(data::planet::name(split)), name, meaning, said.recoveries, of,
                                       one<Recovery>, "networks"));
  };
  if (!said.recoveries.empty()) {
    recovered("recovery AUROC", "chance that a removed reaction is ranked above one that never was there",
              [](const Recovery& r) { return r.auroc; });
    recovered("recovery, top share", "removed reactions among as many highest ranked",
              [](const Recovery& r) { return r.topShare; });
    recovered("recovery, by chance", "the same of a ranking that knows nothing",
              [](const Recovery& r) { return r.chance; });
  }
  return made;
}

}  // namespace ecumene::engine::train
