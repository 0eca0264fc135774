// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "engine/train/trainer.h"

namespace ecumene::ecumene_train {

/// "1 min 20 s", "45 s", "2 h 3 min".
std::string duration(double seconds);

/// A training as it goes, on stderr: a bar that is drawn over itself on a terminal, else (or if `plain`) a line every
/// few seconds; notes on lines of their own.
class TrainingProgress {
 public:
  explicit TrainingProgress(bool plain);
  ~TrainingProgress();
  TrainingProgress(const TrainingProgress&) = delete;
  TrainingProgress& operator=(const TrainingProgress&) = delete;
  void show(const engine::train::Status& status);
  /// Of other work: `done` of `total` pieces.
  void show(const std::string& what, std::size_t done, std::size_t total);

 private:
  void line(const std::string& text, bool always);

  bool plain_, drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace ecumene::ecumene_train
