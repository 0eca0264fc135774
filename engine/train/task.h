// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/run/run_directory.h"
#include "engine/train/evaluation.h"
#include "engine/train/learner.h"
#include "engine/train/step.h"

namespace ecumene::engine::train {

/// What a training learns and from what: all that the loop over steps (loop.h) does not know. The spec that functions
/// are given is the run's with its live options as they are now.
class Task {
 public:
  virtual ~Task() = default;

  [[nodiscard]] virtual Learner& learner() = 0;
  /// What there is to learn from, and where: "2680 samples, 2 threads, on cpu".
  [[nodiscard]] virtual std::string about() const = 0;
  /// The same in words that differ wherever anything of it does, or of what it is judged by: contents, not places.
  [[nodiscard]] virtual std::string learnsFrom() const = 0;
  /// The weights that train.begin names. Throws Error where they are numbered otherwise.
  [[nodiscard]] virtual optim::NamedTensors beginning() const = 0;
  /// Whether the first weights are evaluated before any step: the best ones may be those that the run began with.
  [[nodiscard]] virtual bool evaluatesBeginning() const = 0;

  /// Samples of an epoch.
  [[nodiscard]] virtual std::int64_t samples() const = 0;
  /// Keys of the options by which positions in an epoch are numbered: where another value of one gives other samples
  /// before a position.
  [[nodiscard]] virtual std::vector<std::string> orderedBy() const = 0;
  /// What they count: "micro-batches".
  [[nodiscard]] virtual std::string positionUnit() const = 0;
  /// Whether they counted the same in checkpoints of before these said what.
  [[nodiscard]] virtual bool hadThisUnitUnsaid() const = 0;
  /// Begins an epoch at a position.
  virtual void start(std::int64_t epoch, std::int64_t position) = 0;
  /// Where to start() for what follows the last gradient().
  [[nodiscard]] virtual std::int64_t position() const = 0;
  /// Position at the end of the started epoch.
  [[nodiscard]] virtual std::int64_t end() const = 0;
  /// Seconds that steps have waited for data so far.
  [[nodiscard]] virtual double waited() const = 0;

  /// The gradient of the next step, in the learner's parameters; no samples at the end of the epoch.
  virtual StepGradient gradient(const config::RunSpec& spec, const StepKey& key) = 0;
  /// A gradient with the sizes of `spec`, to see whether there is memory for it. Nothing moves on but the gradients.
  virtual void tryGradient(const config::RunSpec& spec, const StepKey& key) = 0;
  /// The weights have moved by it.
  virtual void taken(const StepGradient& gradient) = 0;

  /// The score of the learner's weights, which it is called within Learner::evaluated() for; no samples: there is
  /// nothing to judge by.
  virtual Evaluation evaluate(const config::RunSpec& spec) = 0;
  /// A score in words: "validation 0.8123".
  [[nodiscard]] virtual std::string inWords(const Evaluation& evaluation) const = 0;
  /// What is left to do for a run whose training has finished, for this reason.
  virtual void conclude(run::RunDirectory& run, const std::string& reason) = 0;
};

}  // namespace ecumene::engine::train
