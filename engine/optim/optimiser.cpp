// SPDX-License-Identifier: Apache-2.0
#include "engine/optim/optimiser.h"

#include <ATen/ops/_fused_adamw.h>

#include <cmath>
#include <set>

#include "data/base/error.h"

namespace ecumene::engine::optim {
namespace {

/// AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101) by ATen's fused kernel.
class AdamW : public Optimiser {
 public:
  AdamW(const config::TrainSpec& spec, std::vector<Group> groups)
      : Optimiser(std::move(groups), {"exp_avg", "exp_avg_sq"}), beta1_(spec.beta1), beta2_(spec.beta2) {}

  void step(double learningRate) override {
    const torch::NoGradGuard noGradients;
    for (std::size_t group = 0; group < entries_.size(); ++group) {
      std::vector<torch::Tensor> parameters, gradients, averages, squares, steps;
      for (Entry& entry : entries_[group]) {
        if (!entry.parameter.grad().defined()) continue;
        entry.steps += 1;
        parameters.push_back(entry.parameter);
        gradients.push_back(entry.parameter.grad());
        averages.push_back(entry.slots[0]);
        squares.push_back(entry.slots[1]);
        steps.push_back(entry.steps);
      }
      if (parameters.empty()) continue;
      at::_fused_adamw_(parameters, gradients, averages, squares, {}, steps, learningRate * groups()[group].rateFactor,
                        beta1_, beta2_, groups()[group].weightDecay, 1e-8, false, false);
    }
  }

 private:
  double beta1_, beta2_;
};

/// Lion (Chen et al. 2023, arXiv 2302.06675, algorithm 2): the sign of an interpolated momentum.
class Lion : public Optimiser {
 public:
  Lion(const config::TrainSpec& spec, std::vector<Group> groups)
      : Optimiser(std::move(groups), {"exp_avg"}), beta1_(spec.beta1), beta2_(spec.beta2) {}

  void step(double learningRate) override {
    const torch::NoGradGuard noGradients;
    for (std::size_t group = 0; group < entries_.size(); ++group) {
      const double rate = learningRate * groups()[group].rateFactor;
      for (Entry& entry : entries_[group]) {
        const torch::Tensor gradient = entry.parameter.grad();
        if (!gradient.defined()) continue;
        entry.steps += 1;
        torch::Tensor& momentum = entry.slots[0];
        const torch::Tensor direction = (momentum * beta1_ + gradient * (1.0 - beta1_)).sign_();
        entry.parameter.mul_(1.0 - rate * groups()[group].weightDecay).sub_(direction, rate);
        momentum.mul_(beta2_).add_(gradient, 1.0 - beta2_);
      }
    }
  }

 private:
  double beta1_, beta2_;
};

/// Sophia (Liu et al. 2023, arXiv 2305.14342, algorithm 3) with the diagonal of the empirical Fisher matrix as the
/// curvature, which the step's own gradient gives: h = beta2 h + (1 - beta2) B g^2 every kEvery steps, with B the
/// samples of a step; update clipped to one in each coordinate.
class Sophia : public Optimiser {
 public:
  Sophia(const config::TrainSpec& spec, std::vector<Group> groups)
      : Optimiser(std::move(groups), {"exp_avg", "curvature"}),
        beta1_(spec.beta1),
        beta2_(spec.beta2),
        samples_(static_cast<double>(spec.microBatch * spec.accumulate)) {}

  void step(double learningRate) override {
    const torch::NoGradGuard noGradients;
    for (std::size_t group = 0; group < entries_.size(); ++group) {
      const double rate = learningRate * groups()[group].rateFactor;
      for (Entry& entry : entries_[group]) {
        const torch::Tensor gradient = entry.parameter.grad();
        if (!gradient.defined()) continue;
        torch::Tensor& momentum = entry.slots[0];
        torch::Tensor& curvature = entry.slots[1];
        momentum.mul_(beta1_).add_(gradient, 1.0 - beta1_);
        if (std::fmod(entry.steps.item<double>(), kEvery) == 0.0) {
          curvature.mul_(beta2_).addcmul_(gradient, gradient, samples_ * (1.0 - beta2_));
        }
        entry.steps += 1;
        const torch::Tensor update = (momentum / (curvature * kRho + 1e-15)).clamp_(-1.0, 1.0);
        entry.parameter.mul_(1.0 - rate * groups()[group].weightDecay).sub_(update, rate);
      }
    }
  }

 private:
  static constexpr double kRho = 0.04;    ///< the paper's rho for its own step scale
  static constexpr double kEvery = 10.0;  ///< its k
  double beta1_, beta2_, samples_;
};

}  // namespace

Optimiser::Optimiser(std::vector<Group> groups, std::vector<std::string> slots)
    : groups_(std::move(groups)), slots_(std::move(slots)) {
  std::set<std::string> names;
  for (const Group& group : groups_) {
    auto& entries = entries_.emplace_back();
    for (const auto& [name, parameter] : group.parameters) {
      if (!names.insert(name).second) throw internalError("optimiser: two parameters are called " + name);
      Entry entry{
          name, parameter, {}, torch::zeros({}, torch::TensorOptions(parameter.device()).dtype(torch::kFloat32))};
      for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        entry.slots.push_back(torch::zeros_like(parameter).detach());
      }
      entries.push_back(std::move(entry));
    }
  }
}

void Optimiser::zeroGradients() {
  for (const Group& group : groups_) {
    for (const auto& [name, parameter] : group.parameters) {
      if (parameter.grad().defined()) parameter.mutable_grad().reset();
    }
  }
}

NamedTensors Optimiser::state() const {
  NamedTensors state;
  for (const auto& entries : entries_) {
    for (const Entry& entry : entries) {
      for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
        state[slots_[slot] + "/" + entry.name] = entry.slots[slot];
      }
      state["steps/" + entry.name] = entry.steps;
    }
  }
  return state;
}

void Optimiser::load(const NamedTensors& given) {
  NamedTensors own = state();
  copyTensors(given, own, "the optimiser's tensors");
}

std::unique_ptr<Optimiser> makeOptimiser(const config::TrainSpec& spec, std::vector<Group> groups) {
  if (spec.optimiser == "adamw") return std::make_unique<AdamW>(spec, std::move(groups));
  if (spec.optimiser == "lion") return std::make_unique<Lion>(spec, std::move(groups));
  if (spec.optimiser == "sophia") return std::make_unique<Sophia>(spec, std::move(groups));
  throw Error("there is no such optimiser")
      .on("train.optimiser")
      .expected("adamw, lion or sophia")
      .found(spec.optimiser);
}

double clipGradients(const std::vector<Group>& groups, double clip) {
  const torch::NoGradGuard noGradients;
  std::vector<torch::Tensor> gradients, norms;
  for (const Group& group : groups) {
    for (const auto& [name, parameter] : group.parameters) {
      if (!parameter.grad().defined()) continue;
      gradients.push_back(parameter.grad());
      const torch::ScalarType wide = c10::promoteTypes(parameter.grad().scalar_type(), torch::kFloat32);
      norms.push_back(at::linalg_vector_norm(parameter.grad(), 2, {}, false, wide).to(torch::kFloat64));
    }
  }
  if (gradients.empty()) return 0.0;
  const double norm = torch::stack(norms).norm().item<double>();
  if (clip > 0.0 && norm > clip && std::isfinite(norm)) {
    for (torch::Tensor& gradient : gradients) gradient.mul_(clip / norm);
  }
  return norm;
}

}  // namespace ecumene::engine::optim
