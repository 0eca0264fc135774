// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "engine/checkpoint/checkpoint.h"
#include "engine/config/run_spec.h"
#include "engine/optim/ema.h"
#include "engine/optim/optimiser.h"
#include "engine/train/run_content.h"
#include "models/unified/unified.h"

namespace ecumene::engine::train {

/// Index into config::kPartNames of a parameter of the model, by its name.
std::size_t partOf(std::string_view parameter);

/// cpu or cuda as train.device says. Throws Error where it asks for a GPU and there is none.
torch::Device deviceOf(const config::TrainSpec& spec);
/// Sets what Torch keeps for a whole process: threads, deterministic algorithms. Throws as deviceOf() does.
void prepareTorch(const config::TrainSpec& spec);

/// A model on its device with the constants that its loss needs, ready for evaluation.
struct Network {
  Network(const config::RunSpec& spec, const data::batch::TrainingContent& content, const torch::Device& on);
  [[nodiscard]] optim::NamedTensors parameters() const;
  [[nodiscard]] optim::NamedTensors buffers() const;
  /// The weights that are evaluated: averaged ones where there are some. Throws Error naming what does not fit.
  void loadForEvaluation(const checkpoint::Checkpoint& checkpoint);

  torch::Device device;
  std::shared_ptr<models::unified::UnifiedModel> model;
  models::climate::ClimateScale scale;
  std::vector<std::string> attention;  ///< of the language part's layers, in words
};

/// Throws Error where the layers were made with other kinds of attention than the model has; `kept` empty: not known.
void requireSameAttention(const std::vector<std::string>& kept, const std::vector<std::string>& own);

/// What learns: the network with its optimiser and averaged weights. Parts that train.parts leaves out are frozen.
class Learner {
 public:
  Learner(const config::RunSpec& spec, const data::batch::TrainingContent& content);

  Network network;
  std::unique_ptr<optim::Optimiser> optimiser;
  std::optional<optim::Ema> ema;

  /// 2-norm of the gradient by part, in the order of config::kPartNames.
  [[nodiscard]] std::array<double, config::kPartNames.size()> gradientNorms() const;
  /// Multiplies all gradients.
  void scaleGradients(double factor);
  /// Runs `work` with the averaged weights in place, if there are any, in evaluation mode and without gradients.
  void evaluated(const std::function<void()>& work);

  /// Other first weights, by name; averages of this decay begin with them. Throws Error naming one that does not fit.
  void begin(const optim::NamedTensors& weights, double decay);
  /// The tensors themselves, not copies; progress and runToml are the caller's.
  [[nodiscard]] checkpoint::Checkpoint capture() const;
  /// Throws Error naming what does not fit.
  void restore(const checkpoint::Checkpoint& checkpoint);

 private:
  void beginAverages(double decay);
};

/// Matrix products in a narrower type on one device, for the life of this object; nothing for float32.
class Autocast {
 public:
  Autocast(const std::string& precision, const torch::Device& device);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  bool on_ = false;
  torch::DeviceType device_;
};

}  // namespace ecumene::engine::train
