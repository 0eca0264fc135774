// SPDX-License-Identifier: Apache-2.0
#include "engine/train/step.h"

#include <algorithm>
#include <cmath>

#include "data/base/random.h"
#include "engine/train/draws.h"
#include "engine/train/rope_warm_up.h"
#include "engine/train/tensors.h"

namespace ecumene::engine::train {
namespace {

using data::batch::MultiModalBatch;
using models::unified::UnifiedInput;
using models::unified::UnifiedLoss;

/// Sums of a step's terms, on the device until the step is over.
class Terms {
 public:
  void add(const UnifiedLoss& loss, std::int64_t samples) {
    add("", loss.total, samples);
    for (const auto& [name, value] : loss.parts) add(name, value, samples);
  }

  /// Means over `samples`; the total's name is empty.
  [[nodiscard]] std::map<std::string, double> means(std::int64_t samples) const {
    std::vector<torch::Tensor> values;
    for (const auto& [name, sum] : sums_) values.push_back(sum);
    const torch::Tensor all = (torch::stack(values) / static_cast<double>(samples)).to(torch::kCPU);
    std::map<std::string, double> means;
    std::int64_t index = 0;
    for (const auto& [name, sum] : sums_) means[name] = all[index++].item<double>();
    return means;
  }

 private:
  void add(const std::string& name, const torch::Tensor& value, std::int64_t samples) {
    const torch::Tensor weighted = value.detach().to(torch::kFloat64) * static_cast<double>(samples);
    const auto [found, fresh] = sums_.try_emplace(name, weighted);
    if (!fresh) found->second = found->second + weighted;
  }

  std::map<std::string, torch::Tensor> sums_;
};

}  // namespace

StepGradient takeGradient(Learner& learner, Feed& feed, const config::RunSpec& spec, const StepKey& key,
                          MultiModalBatch& batch) {
  Network& network = learner.network;
  const auto nominal = static_cast<double>(spec.train.microBatch * spec.train.accumulate);
  StepGradient made;
  Terms terms;
  learner.optimiser->zeroGradients();
  const ReachGuard reach(*network.model->language, key.ropeReach);
  for (std::int64_t micro = 0; micro < spec.train.accumulate && feed.next(batch); ++micro) {
    const auto samples = static_cast<std::int64_t>(batch.size);
    // Torch's own generator draws dropout alone.
    Random seeds(static_cast<std::uint64_t>(spec.train.seed), "torch/" + std::to_string(micro),
                 static_cast<std::uint64_t>(key.step));
    torch::manual_seed(static_cast<std::uint64_t>(seeds.bits()) << 32U | seeds.bits());
    UnifiedInput input = toTensors(batch, network.device);
    drawForTraining(input, batch.sampleIds, spec, key.step);
    cutTexts(input.text, textAtReach(key.ropeReach, spec.data.textLength));
    UnifiedLoss loss;
    {
      const Autocast autocast(spec.train.precision, network.device);
      const auto output = network.model->forward(input);
      loss = network.model->loss(input, output, spec.loss, network.scale, key.klShare);
    }
    const double weight = static_cast<double>(samples) / nominal * key.lossScale;
    if (loss.total.requires_grad()) (loss.total * weight).backward();
    terms.add(loss, samples);
    made.samples += samples;
    made.tokens += std::count(batch.attentionMask.begin(), batch.attentionMask.end(), static_cast<unsigned char>(1));
    made.sampleIds.insert(made.sampleIds.end(), batch.sampleIds.begin(), batch.sampleIds.end());
  }
  if (made.samples == 0) return made;
  const double left = nominal / static_cast<double>(made.samples) / key.lossScale;
  if (left != 1.0) learner.scaleGradients(left);
  made.parts = terms.means(made.samples);
  made.loss = made.parts.at("");
  made.parts.erase("");
  made.partNorms = learner.gradientNorms();
  for (const double norm : made.partNorms) made.norm += norm * norm;
  made.norm = std::sqrt(made.norm);
  return made;
}

}  // namespace ecumene::engine::train
