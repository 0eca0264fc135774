// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/checkpoint/checkpoint.h"
#include "engine/config/run_spec.h"
#include "engine/optim/ema.h"
#include "engine/optim/optimiser.h"
#include "engine/train/adapt_report.h"
#include "engine/train/corpus.h"
#include "models/language/language.h"

namespace ecumene::engine::train {

struct LanguageGradient {
  double loss = 0.0;  ///< nats per scored piece
  double norm = 0.0;  ///< 2-norm before clipping
};

/// The language part alone with its optimiser and averages; parameters are named as in the unified model. Its first
/// weights are those of the unified model of the same seed.
class LanguageLearner {
 public:
  /// Throws Error where the tokeniser has more pieces than the model has rows for them.
  LanguageLearner(const config::RunSpec& spec, const data::batch::Tokeniser& tokeniser);

  /// Other first weights (beginning.h); averages begin with them. Throws Error naming one that does not fit.
  void begin(const std::string& begin, const std::string& tokeniserSha256);
  /// Gradient of one step over sequences, in micro-batches; each scored piece counts alike. Keyed by (seed, step).
  LanguageGradient gradient(const std::vector<const std::vector<std::int64_t>*>& sequences, std::int64_t step,
                            double reach);
  /// One update from the last gradient, which was clipped.
  void update(double learningRate);
  /// With the averaged weights, if there are any.
  HeldOut judge(const Sequences& sequences, std::size_t texts);

  [[nodiscard]] checkpoint::Checkpoint capture() const;
  void restore(const checkpoint::Checkpoint& checkpoint);
  /// The weights that are judged, in place of what learns; no training after it.
  void load(const checkpoint::Checkpoint& checkpoint);
  [[nodiscard]] const models::language::LanguageModel& model() const { return *model_; }
  [[nodiscard]] std::vector<std::string> attention() const;
  [[nodiscard]] torch::Device device() const { return device_; }
  /// Parameters in all, and those that learn.
  [[nodiscard]] std::pair<std::int64_t, std::int64_t> counts() const;

 private:
  [[nodiscard]] models::language::LanguageInput inputOf(const std::vector<const std::vector<std::int64_t>*>& sequences,
                                                        std::size_t first, std::size_t end) const;
  void beginAverages();

  const config::RunSpec spec_;
  torch::Device device_;
  std::int64_t padding_;
  std::shared_ptr<torch::nn::Module> holder_;
  std::shared_ptr<models::language::LanguageModel> model_;
  std::unique_ptr<optim::Optimiser> optimiser_;
  std::optional<optim::Ema> ema_;
};

}  // namespace ecumene::engine::train
