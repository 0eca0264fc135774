// SPDX-License-Identifier: Apache-2.0
#include "engine/train/learner.h"

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <ATen/ops/_foreach_norm.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
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

NamedTensors parametersOf(const torch::nn::Module& module) {
  return named(module.named_parameters());
}

NamedTensors buffersOf(const torch::nn::Module& module) {
  return named(module.named_buffers());
}

/// `kept`: what the checkpoint's layers were made as; empty: not known.
void requireSameAttention(const std::vector<std::string>& kept, const std::vector<std::string>& own) {
  if (kept.empty() || kept == own) return;
  throw Error("the checkpoint's layers were made with other kinds of attention")
      .on("model.language.attention, model.climate.attention")
      .expected(models::spec::inRuns(kept))
      .found(models::spec::inRuns(own))
      .next("name the kinds in place of auto, whose choice depends on the context length");
}

/// Gives a module the weights and buffers of a checkpoint; its weights.
NamedTensors copyModule(const checkpoint::Checkpoint& checkpoint, torch::nn::Module& module,
                        const std::vector<std::string>& attention) {
  requireSameAttention(checkpoint.attention, attention);
  NamedTensors weights = parametersOf(module), buffers = buffersOf(module);
  optim::copyTensors(checkpoint.model, weights, "the checkpoint's weights");
  optim::copyTensors(checkpoint.buffers, buffers, "the checkpoint's buffers");
  return weights;
}

std::vector<optim::Group> groups(torch::nn::Module& module, const config::TrainSpec& spec) {
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
  for (const auto& item : module.named_parameters()) {
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
        .on("train.device = " + spec.device)
        .next("ask for cpu, or see whether the driver fits Torch's CUDA");
  }
  const std::size_t colon = spec.device.find(':');
  const int index = colon == std::string::npos ? 0 : std::stoi(spec.device.substr(colon + 1));
  if (index >= static_cast<int>(torch::cuda::device_count())) {
    throw Error("there is no such GPU", ErrorKind::kEnvironment)
        .on(spec.device)
        .found(std::to_string(torch::cuda::device_count()) + " that Torch can use");
  }
  return {torch::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

void prepareTorch(const config::TrainSpec& spec) {
  const torch::Device device = deviceOf(spec);
  // What is made without a number lies on the same GPU.
  if (device.is_cuda()) c10::impl::VirtualGuardImpl(device.type()).setDevice(device);
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
      attention(models::spec::describeAttention(spec.model)) {
  model->to(device);
  model->eval();
}

void loadForEvaluation(const checkpoint::Checkpoint& checkpoint, torch::nn::Module& module,
                       const std::vector<std::string>& attention) {
  const torch::NoGradGuard noGradients;
  const NamedTensors weights = copyModule(checkpoint, module, attention);
  // Averages are kept of what learns; frozen weights have none.
  for (const auto& [name, average] : checkpoint.averaged) {
    const auto found = weights.find(name);
    if (found == weights.end()) throw Error("the checkpoint averages a weight that the model lacks").on(name);
    torch::Tensor(found->second).copy_(average);
  }
}

void beginWith(const NamedTensors& weights, torch::nn::Module& module) {
  const torch::NoGradGuard noGradients;
  NamedTensors own = parametersOf(module);
  for (const auto& [name, weight] : weights) {
    const auto found = own.find(name);
    if (found == own.end() || found->second.sizes() != weight.sizes()) {
      throw Error("a weight of the model to begin with does not fit this one")
          .on("train.begin: " + name)
          .next("give both the same model options");
    }
    found->second.copy_(weight);
  }
}

void Network::loadForEvaluation(const checkpoint::Checkpoint& checkpoint) {
  train::loadForEvaluation(checkpoint, *model, attention);
}

Learner::Learner(std::shared_ptr<torch::nn::Module> module, std::vector<std::string> attention,
                 const config::TrainSpec& spec)
    : module_(std::move(module)),
      attention_(std::move(attention)),
      decay_(spec.ema),
      optimiser_(optim::makeOptimiser(spec, groups(*module_, spec))) {
  if (learning().empty()) {
    throw Error("nothing learns: the parts named have no weights that may change").on("train.parts").found(spec.parts);
  }
  beginAverages();
}

void Learner::beginAverages() {
  if (decay_ <= 0.0) return;
  NamedTensors weights;
  for (const optim::Group& group : optimiser_->groups()) {
    weights.insert(group.parameters.begin(), group.parameters.end());
  }
  ema_.emplace(std::move(weights), decay_);
}

void Learner::begin(const NamedTensors& weights) {
  beginWith(weights, *module_);
  beginAverages();
}

std::vector<torch::Tensor> Learner::learning() const {
  std::vector<torch::Tensor> parameters;
  for (const optim::Group& group : optimiser_->groups()) {
    for (const auto& [name, parameter] : group.parameters) parameters.push_back(parameter);
  }
  return parameters;
}

std::array<double, kParts> Learner::gradientNorms() const {
  const torch::NoGradGuard noGradients;
  std::vector<torch::Tensor> gradients;
  std::vector<std::size_t> parts;
  for (const optim::Group& group : optimiser_->groups()) {
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

std::array<double, kParts> Learner::gradientAngles() const {
  const torch::NoGradGuard noGradients;
  const NamedTensors state = optimiser_->state();
  std::vector<torch::Tensor> gradients, means, products;
  std::vector<std::size_t> parts;
  for (const optim::Group& group : optimiser_->groups()) {
    for (const auto& [name, parameter] : group.parameters) {
      if (!parameter.grad().defined()) continue;
      gradients.push_back(parameter.grad());
      means.push_back(state.at("exp_avg/" + name));
      products.push_back(torch::dot(gradients.back().reshape(-1), means.back().reshape(-1)));
      parts.push_back(partOf(name));
    }
  }
  std::array<double, kParts> angles;
  angles.fill(std::numeric_limits<double>::quiet_NaN());
  if (gradients.empty()) return angles;
  const torch::Tensor numbers = torch::stack({torch::stack(products), torch::stack(at::_foreach_norm(gradients)),
                                              torch::stack(at::_foreach_norm(means))})
                                    .to(torch::kCPU, torch::kFloat64);
  std::array<double, kParts> product{}, gradient{}, mean{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto at = [&](std::int64_t row) { return numbers[row][static_cast<std::int64_t>(i)].item<double>(); };
    product.at(parts[i]) += at(0);
    gradient.at(parts[i]) += at(1) * at(1);
    mean.at(parts[i]) += at(2) * at(2);
  }
  for (std::size_t part = 0; part < kParts; ++part) {
    const double lengths = std::sqrt(gradient[part] * mean[part]);
    if (!(lengths > 0.0)) continue;
    // Rounding may take the cosine of parallel ones beyond 1.
    angles[part] = std::acos(std::clamp(product[part] / lengths, -1.0, 1.0)) * 180.0 / std::numbers::pi;
  }
  return angles;
}

void Learner::scaleGradients(double factor) {
  const torch::NoGradGuard noGradients;
  for (const optim::Group& group : optimiser_->groups()) {
    for (const auto& [name, parameter] : group.parameters) {
      if (parameter.grad().defined()) parameter.grad().mul_(factor);
    }
  }
}

void Learner::update(double learningRate, double clip) {
  (void)optim::clipGradients(optimiser_->groups(), clip);
  optimiser_->step(learningRate);
  if (ema_) ema_->update();
}

void Learner::evaluated(const std::function<void()>& work) {
  const torch::NoGradGuard noGradients;
  struct InPlace {
    explicit InPlace(Learner& l) : learner(l) {
      learner.module_->eval();
      if (learner.ema_) learner.ema_->swap();
    }
    ~InPlace() {
      if (learner.ema_) learner.ema_->swap();
      learner.module_->train();
    }
    Learner& learner;
  } const averages(*this);
  work();
}

checkpoint::Checkpoint Learner::capture() const {
  checkpoint::Checkpoint checkpoint;
  checkpoint.model = parametersOf(*module_);
  checkpoint.buffers = buffersOf(*module_);
  checkpoint.attention = attention_;
  checkpoint.optimiser = optimiser_->state();
  if (ema_) {
    checkpoint.averaged = ema_->averages();
    checkpoint.progress.numbers["ema.steps"] = static_cast<double>(ema_->steps());
  }
  return checkpoint;
}

void Learner::restore(const checkpoint::Checkpoint& checkpoint) {
  const torch::NoGradGuard noGradients;
  (void)copyModule(checkpoint, *module_, attention_);
  optimiser_->load(checkpoint.optimiser);
  if (!ema_) return;
  const auto steps = checkpoint.progress.numbers.find("ema.steps");
  ema_->load(checkpoint.averaged,
             steps == checkpoint.progress.numbers.end() ? 0 : static_cast<std::int64_t>(steps->second));
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
