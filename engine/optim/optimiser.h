// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/run_spec.h"
#include "engine/optim/named_tensors.h"

namespace ecumene::engine::optim {

/// Parameters that share a factor on the learning rate and a weight decay.
struct Group {
  std::vector<std::pair<std::string, torch::Tensor>> parameters;
  double rateFactor = 1.0, weightDecay = 0.0;
};

/// Changes parameters in place from their gradients. Its state is tensors by name ("exp_avg/<parameter>"), so that
/// checkpoints and other layouts can read it. Parameters without a gradient are left alone. Names are unique.
class Optimiser {
 public:
  virtual ~Optimiser() = default;
  /// One update; the gradients stay as they are.
  virtual void step(double learningRate) = 0;
  void zeroGradients();
  /// The tensors themselves, not copies: the next step changes them.
  [[nodiscard]] NamedTensors state() const;
  /// Throws Error naming the tensor that is missing, unknown (the state of another kind of optimiser), or of another
  /// shape or type; then nothing has changed.
  void load(const NamedTensors& state);
  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }

 protected:
  /// `slots`: names of the tensors that are kept for each parameter, of its shape, beginning at zero.
  Optimiser(std::vector<Group> groups, std::vector<std::string> slots);
  struct Entry {
    std::string name;
    torch::Tensor parameter;
    std::vector<torch::Tensor> slots;
    torch::Tensor steps;  ///< updates so far, one float32 number
  };
  std::vector<std::vector<Entry>> entries_;  ///< by group

 private:
  std::vector<Group> groups_;
  std::vector<std::string> slots_;
};

/// adamw, lion or sophia, as the spec says; throws Error at another name.
std::unique_ptr<Optimiser> makeOptimiser(const config::TrainSpec& spec, std::vector<Group> groups);

/// 2-norm of all gradients of the groups together. If it exceeds `clip` > 0, all gradients are scaled so that it is
/// `clip` (Pascanu et al. 2013, arXiv 1211.5063). Returns the norm before; if that is NaN or infinite, since a gradient
/// is, the gradients stay as they are.
double clipGradients(const std::vector<Group>& groups, double clip);

}  // namespace ecumene::engine::optim
