// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/optim/optimiser.h"

namespace ecumene::engine::optim {

/// Exponential moving average of weights: after each step average = d average + (1 - d) weight, with d the smaller of
/// `decay` and (1 + n) / (10 + n) after n steps, so that early averages are not dominated by the first weights.
class Ema {
 public:
  /// Each weight fills its storage, in order, as parameters do.
  Ema(NamedTensors weights, double decay);
  void update();
  /// Puts the averages into the weights and the weights aside, or back, bit for bit: for evaluation. While the weights
  /// are aside, update() and load() are internal errors, and averages() holds the weights. The tensors exchange their
  /// memory: nothing is allocated or copied.
  void swap() noexcept;
  [[nodiscard]] const NamedTensors& averages() const { return averages_; }
  [[nodiscard]] std::int64_t steps() const { return steps_; }
  /// `steps`: updates made so far. Throws Error naming a tensor that is missing, unknown or of another shape or type;
  /// then nothing has changed.
  void load(const NamedTensors& averages, std::int64_t steps);

 private:
  NamedTensors weights_, averages_;
  double decay_;
  std::int64_t steps_ = 0;
  bool aside_ = false;
};

}  // namespace ecumene::engine::optim
