// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/checkpoint/checkpoint.h"
#include "engine/config/run_spec.h"
#include "engine/optim/ema.h"
#include "engine/optim/optimiser.h"
#include "engine/train/run_content.h"
#include "models/unified/unified.h"

namespace ecumene::engine::train {

/// Index into config::kPartNames of a parameter of the model, by its name.
std::size_t partOf(std::string_view parameter);

/// cpu or cuda as train.device says; "cuda:1" is the second GPU that Torch sees. Throws Error where it asks for a GPU
/// and there is none such.
torch::Device deviceOf(const config::TrainSpec& spec);
/// Sets what Torch keeps for a whole process: threads, deterministic algorithms. Throws as deviceOf() does.
void prepareTorch(const config::TrainSpec& spec);

/// Gives a module the weights that are evaluated: averaged ones where there are some. `attention`: of its language
/// part's layers. Throws Error naming what does not fit, and where layers were made with other kinds of attention.
void loadForEvaluation(const checkpoint::Checkpoint& checkpoint, torch::nn::Module& module,
                       const std::vector<std::string>& attention);

/// Gives a module other first weights, by name. Throws Error naming one that does not fit.
void beginWith(const optim::NamedTensors& weights, torch::nn::Module& module);

/// A model on its device with the constants that its loss needs, ready for evaluation.
struct Network {
  Network(const config::RunSpec& spec, const data::batch::TrainingContent& content, const torch::Device& on);
  void loadForEvaluation(const checkpoint::Checkpoint& checkpoint);

  torch::Device device;
  std::shared_ptr<models::unified::UnifiedModel> model;
  models::climate::ClimateScale scale;
  std::vector<std::string> attention;  ///< of the language part's layers, in words
};

/// What learns: the weights of a module with their optimiser and averages. Parts that train.parts leaves out are
/// frozen.
class Learner {
 public:
  /// Parameters are named as in the unified model; `attention`: of the language part's layers, in words. Throws Error
  /// where nothing learns.
  Learner(std::shared_ptr<torch::nn::Module> module, std::vector<std::string> attention, const config::TrainSpec& spec);

  /// Parameters that learn, in the order of the optimiser.
  [[nodiscard]] std::vector<torch::Tensor> learning() const;
  [[nodiscard]] torch::Device device() const { return learning().front().device(); }
  void zeroGradients() { optimiser_->zeroGradients(); }
  /// 2-norm of the gradient by part, in the order of config::kPartNames.
  [[nodiscard]] std::array<double, config::kPartNames.size()> gradientNorms() const;
  /// Angle in degrees between the gradient of each part and the mean of those before it that the optimiser keeps:
  /// arccos(<g, m> / (|g| |m|)). 90: they have nothing in common; NaN: one of them is zero.
  [[nodiscard]] std::array<double, config::kPartNames.size()> gradientAngles() const;
  /// Multiplies all gradients.
  void scaleGradients(double factor);
  /// One update of weights and averages from the gradients, which are clipped first.
  void update(double learningRate, double clip);
  /// Runs `work` with the averaged weights in place, if there are any, in evaluation mode and without gradients. The
  /// weights that learn come back whatever it throws.
  void evaluated(const std::function<void()>& work);
  [[nodiscard]] const std::vector<std::string>& attention() const { return attention_; }

  /// beginWith(); averages begin with them.
  void begin(const optim::NamedTensors& weights);
  /// The tensors themselves, not copies; progress and runToml are the caller's.
  [[nodiscard]] checkpoint::Checkpoint capture() const;
  /// Throws Error naming what does not fit.
  void restore(const checkpoint::Checkpoint& checkpoint);

 private:
  void beginAverages();

  std::shared_ptr<torch::nn::Module> module_;
  std::vector<std::string> attention_;
  double decay_;
  std::unique_ptr<optim::Optimiser> optimiser_;
  std::optional<optim::Ema> ema_;
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
