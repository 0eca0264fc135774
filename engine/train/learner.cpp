// SPDX-License-Identifier: Apache-2.0
#include "engine/train/learner.h"

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <ATen/ops/_foreach_norm.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "data/base/error.h"
#include "engine/train/tensors.h"
#include "models/spec/attention_kind.h"

namespace ecumene::engine::train {
namespace {

using config::kPartNames;
using optim::NamedTensors;

constexpr std::size_t kParts = kPartNames.size();

NamedTensors named(const torch::OrderedDict<std::string, torch::Tensor>& tensors) {
  NamedTensors made;
  for (const auto& item : tensors) made.emplace(item.key(), item.value());
  return made;
}

std::vector<optim::Group> groups(models::unified::UnifiedModel& model, const config::TrainSpec& spec) {
  const auto learns = config::learningParts(spec.parts);
  const config::RateSpec& r = spec.rate;
  const std::array<double, kParts> rates = {r.climate,  r.graph,  r.spectrum, r.scalars,
                                            r.language, r.fusion, r.coupling};
  // Two groups a part: norms, biases and other vectors are not decayed.
  std::vector<optim::Group> made(2 * kParts);
  for (std::size_t part = 0; part < kParts; ++part) {
    made[2 * part].rateFactor = made[2 * part + 1].rateFactor = rates[part];
    made[2 * part].weightDecay = spec.weightDecay;
  }
  for (const auto& item : model.named_parameters()) {
    const std::size_t part = partOf(item.key());
    torch::Tensor parameter = item.value();
    if (!learns[part]) parameter.set_requires_grad(false);
    if (!parameter.requires_grad()) continue;
    made[2 * part + (parameter.dim() < 2 ? 1 : 0)].parameters.emplace_back(item.key(), parameter);
  }
  return made;
}

}  // namespace

std::size_t partOf(std::string_view parameter) {
  const std::string_view module = parameter.substr(0, parameter.find('.'));
  const auto* const found = std::ranges::find(kPartNames, module);
  return found == kPartNames.end() ? kParts - 1 : static_cast<std::size_t>(found - kPartNames.begin());
}

torch::Device deviceOf(const config::TrainSpec& spec) {
  if (spec.device == "cpu" || (spec.device == "auto" && !torch::cuda::is_available())) return {torch::kCPU};
  if (!torch::cuda::is_available()) {
    throw Error("there is no GPU that Torch can use", ErrorKind::kEnvironment)
        .on("train.device = cuda")
        .next("set train.device=cpu, or see whether the driver fits Torch's CUDA");
  }
  return {torch::kCUDA, 0};
}

void prepareTorch(const config::TrainSpec& spec) {
  (void)deviceOf(spec);
  torch::set_num_threads(static_cast<int>(spec.threads));
  at::globalContext().setDeterministicAlgorithms(spec.deterministic, false);
  // Nothing here reads memory that it has not written, so it need not be filled first.
  at::globalContext().setDeterministicFillUninitializedMemory(false);
  at::globalContext().setDeterministicCuDNN(spec.deterministic);
}

Network::Network(const config::RunSpec& spec, const data::batch::TrainingContent& content, const torch::Device& on)
    : device(on),
      model(std::make_shared<models::unified::UnifiedModel>(
          models::layers::Init(static_cast<std::uint64_t>(spec.train.seed)), spec.model,
          toTensors(*content.vocabulary, on))),
      scale(climateScale(content.statistics, on)),
      attention(models::spec::describeLayers(spec.model.language)) {
  model->to(device);
  model->eval();
}

void requireSameAttention(const std::vector<std::string>& kept, const std::vector<std::string>& own) {
  if (kept.empty() || kept == own) return;
  throw Error("the checkpoint's layers were made with other kinds of attention")
      .on("model.language.attention")
      .expected(models::spec::inRuns(kept))
      .found(models::spec::inRuns(own))
      .next("name the kinds in place of auto, whose choice depends on the context length");
}

NamedTensors Network::parameters() const {
  return named(model->named_parameters());
}

NamedTensors Network::buffers() const {
  return named(model->named_buffers());
}

void Network::loadForEvaluation(const checkpoint::Checkpoint& checkpoint) {
  const torch::NoGradGuard noGradients;
  requireSameAttention(checkpoint.attention, attention);
  NamedTensors weights = parameters(), own = buffers();
  optim::copyTensors(checkpoint.model, weights, "the checkpoint's weights");
  optim::copyTensors(checkpoint.buffers, own, "the checkpoint's buffers");
  // Averages are kept of what learns; frozen weights have none.
  for (const auto& [name, average] : checkpoint.averaged) {
    const auto found = weights.find(name);
    if (found == weights.end()) throw Error("the checkpoint averages a weight that the model lacks").on(name);
    found->second.copy_(average);
  }
}

Learner::Learner(const config::RunSpec& spec, const data::batch::TrainingContent& content)
    : network(spec, content, deviceOf(spec.train)),
      optimiser(optim::makeOptimiser(spec.train, groups(*network.model, spec.train))) {
  std::size_t learning = 0;
  for (const optim::Group& group : optimiser->groups()) learning += group.parameters.size();
  if (learning == 0) {
    throw Error("nothing learns: the parts named have no weights that may change")
        .on("train.parts")
        .found(spec.train.parts);
  }
  if (spec.train.ema > 0.0) beginAverages(spec.train.ema);
}

void Learner::beginAverages(double decay) {
  NamedTensors learning;
  for (const optim::Group& group : optimiser->groups()) {
    learning.insert(group.parameters.begin(), group.parameters.end());
  }
  ema.emplace(std::move(learning), decay);
}

void Learner::begin(const NamedTensors& weights, double decay) {
  const torch::NoGradGuard noGradients;
  NamedTensors own = network.parameters();
  for (const auto& [name, weight] : weights) {
    const auto found = own.find(name);
    if (found == own.end() || found->second.sizes() != weight.sizes()) {
      throw Error("a weight of the run to begin with does not fit this model")
          .on("train.begin: " + name)
          .next("give both runs the same model options");
    }
    found->second.copy_(weight);
  }
  if (ema) beginAverages(decay);
}

std::array<double, kParts> Learner::gradientNorms() const {
  const torch::NoGradGuard noGradients;
  std::vector<torch::Tensor> gradients;
  std::vector<std::size_t> parts;
  for (const optim::Group& group : optimiser->groups()) {
    for (const auto& [name, parameter] : group.parameters) {
      if (!parameter.grad().defined()) continue;
      gradients.push_back(parameter.grad());
      parts.push_back(partOf(name));
    }
  }
  std::array<double, kParts> norms{};
  if (gradients.empty()) return norms;
  // One transfer from the device for all of them.
  const torch::Tensor each = torch::stack(at::_foreach_norm(gradients)).to(torch::kCPU, torch::kFloat64);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const double norm = each[static_cast<std::int64_t>(i)].item<double>();
    norms.at(parts[i]) += norm * norm;
  }
  for (double& value : norms) value = std::sqrt(value);
  return norms;
}

void Learner::scaleGradients(double factor) {
  const torch::NoGradGuard noGradients;
  for (const optim::Group& group : optimiser->groups()) {
    for (const auto& [name, parameter] : group.parameters) {
      if (parameter.grad().defined()) parameter.grad().mul_(factor);
    }
  }
}

void Learner::evaluated(const std::function<void()>& work) {
  const torch::NoGradGuard noGradients;
  // Whatever `work` throws, the weights that learn come back.
  struct Restore {
    explicit Restore(Learner& l) : learner(l) {
      learner.network.model->eval();
      if (learner.ema) learner.ema->swap();
    }
    ~Restore() {
      if (learner.ema) learner.ema->swap();
      learner.network.model->train();
    }
    Learner& learner;
  } const restore(*this);
  work();
}

checkpoint::Checkpoint Learner::capture() const {
  checkpoint::Checkpoint checkpoint;
  checkpoint.model = network.parameters();
  checkpoint.buffers = network.buffers();
  checkpoint.attention = network.attention;
  checkpoint.optimiser = optimiser->state();
  if (ema) {
    checkpoint.averaged = ema->averages();
    checkpoint.progress.numbers["ema.steps"] = static_cast<double>(ema->steps());
  }
  return checkpoint;
}

void Learner::restore(const checkpoint::Checkpoint& checkpoint) {
  const torch::NoGradGuard noGradients;
  requireSameAttention(checkpoint.attention, network.attention);
  NamedTensors weights = network.parameters(), buffers = network.buffers();
  optim::copyTensors(checkpoint.model, weights, "the checkpoint's weights");
  optim::copyTensors(checkpoint.buffers, buffers, "the checkpoint's buffers");
  optimiser->load(checkpoint.optimiser);
  if (ema) {
    const auto steps = checkpoint.progress.numbers.find("ema.steps");
    ema->load(checkpoint.averaged,
              steps == checkpoint.progress.numbers.end() ? 0 : static_cast<std::int64_t>(steps->second));
  }
}

Autocast::Autocast(const std::string& precision, const torch::Device& device)
    : on_(precision != "float32"), device_(device.type()) {
  if (!on_) return;
  at::autocast::set_autocast_enabled(device_, true);
  at::autocast::set_autocast_dtype(device_, precision == "float16" ? torch::kFloat16 : torch::kBFloat16);
}

Autocast::~Autocast() {
  if (!on_) return;
  at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(device_, false);
}

}  // namespace ecumene::engine::train
