// SPDX-License-Identifier: Apache-2.0
#include "engine/train/step.h"

#include <algorithm>
#include <cmath>

#include "data/base/random.h"
#include "engine/train/draws.h"
#include "engine/train/rope_warm_up.h"
#include "engine/train/side_by_side.h"
#include "engine/train/tensors.h"
#include "models/layers/dropout.h"

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

/// What one micro-batch gave. Its gradient lies in the parameters if it was the first of those side by side, else here.
struct Micro {
  std::int64_t samples = 0;
  UnifiedLoss loss;
  std::vector<torch::Tensor> gradients;
};

/// `number` counts the micro-batches of a step.
Micro compute(Network& network, const MultiModalBatch& batch, const config::RunSpec& spec, const StepKey& key,
              std::int64_t number, const std::vector<torch::Tensor>& parameters, bool first) {
  // Dropout alone draws from it; on a GPU, where nothing runs side by side, from Torch's own.
  const std::uint64_t seed = dropoutSeed(spec.train.seed, key.step, number);
  const models::layers::DropoutNumbers numbers(seed);
  if (!network.device.is_cpu()) torch::manual_seed(seed);
  Micro made;
  made.samples = static_cast<std::int64_t>(batch.size);
  UnifiedInput input = toTensors(batch, network.device);
  drawForTraining(input, batch.sampleIds, spec, key.step);
  cutTexts(input.text, textAtReach(key.ropeReach, spec.data.textLength));
  {
    const Autocast autocast(spec.train.precision, network.device);
    const auto output = network.model->forward(input);
    made.loss = network.model->loss(input, output, spec.loss, network.scale, key.klShare);
  }
  const auto nominal = static_cast<double>(spec.train.microBatch * spec.train.accumulate);
  const double weight = static_cast<double>(made.samples) / nominal * key.lossScale;
  if (!made.loss.total.requires_grad()) return made;
  const torch::Tensor weighted = made.loss.total * weight;
  if (first) {
    weighted.backward();
  } else {
    made.gradients = torch::autograd::grad({weighted}, parameters, {}, false, false, true);
  }
  return made;
}

/// The order is that in which one after another would be summed.
void addGradients(const std::vector<torch::Tensor>& parameters, const std::vector<torch::Tensor>& gradients) {
  const torch::NoGradGuard noGradients;
  for (std::size_t i = 0; i < gradients.size(); ++i) {
    if (!gradients[i].defined()) continue;
    torch::Tensor& sum = parameters[i].mutable_grad();
    if (sum.defined()) {
      sum.add_(gradients[i]);
    } else {
      sum = gradients[i];
    }
  }
}

}  // namespace

std::uint64_t dropoutSeed(std::int64_t seed, std::int64_t step, std::int64_t number) {
  Random seeds(static_cast<std::uint64_t>(seed), "torch/" + std::to_string(number), static_cast<std::uint64_t>(step));
  return static_cast<std::uint64_t>(seeds.bits()) << 32U | seeds.bits();
}

void measureGradient(const Learner& learner, StepGradient& made) {
  made.partNorms = learner.gradientNorms();
  made.norm = 0.0;
  for (const double norm : made.partNorms) made.norm += norm * norm;
  made.norm = std::sqrt(made.norm);
}

StepGradient takeGradient(Network& network, Learner& learner, Feed& feed, const config::RunSpec& spec,
                          const StepKey& key, std::vector<MultiModalBatch>& batches) {
  const std::size_t width = sideBySide(spec.train, network.device);
  const std::vector<torch::Tensor> parameters = learner.learning();
  batches.resize(width);
  StepGradient made;
  Terms terms;
  learner.zeroGradients();
  network.model->setDropout(spec.model);
  const ReachGuard reach(*network.model->language, key.ropeReach);
  for (std::int64_t micro = 0; micro < spec.train.accumulate;) {
    const std::size_t count = readSome(feed, batches, static_cast<std::size_t>(spec.train.accumulate - micro));
    if (count == 0) break;
    std::vector<Micro> several(count);
    runSideBySide(count, spec.train, width, [&](std::size_t i) {
      several[i] = compute(network, batches[i], spec, key, micro + static_cast<std::int64_t>(i), parameters, i == 0);
    });
    for (std::size_t i = 0; i < count; ++i) {
      const MultiModalBatch& batch = batches[i];
      addGradients(parameters, several[i].gradients);
      terms.add(several[i].loss, several[i].samples);
      made.seen.push_back(std::move(several[i].loss.seen));
      made.samples += several[i].samples;
      made.tokens += std::count(batch.attentionMask.begin(), batch.attentionMask.end(), static_cast<unsigned char>(1));
      made.sampleIds.insert(made.sampleIds.end(), batch.sampleIds.begin(), batch.sampleIds.end());
    }
    micro += static_cast<std::int64_t>(count);
  }
  if (made.samples == 0) return made;
  const auto nominal = static_cast<double>(spec.train.microBatch * spec.train.accumulate);
  const double left = nominal / static_cast<double>(made.samples) / key.lossScale;
  if (left != 1.0) learner.scaleGradients(left);
  made.parts = terms.means(made.samples);
  made.loss = made.parts.at("");
  made.parts.erase("");
  measureGradient(learner, made);
  return made;
}

}  // namespace ecumene::engine::train
