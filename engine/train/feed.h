// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "data/batch/batch.h"
#include "data/loader/loader.h"
#include "data/store/store.h"
#include "engine/train/run_content.h"

namespace ecumene::engine::train {

/// The rows of a store that a pass reads.
struct FeedOptions {
  data::store::Filter filter;  ///< of planets; those without climate are left out in any case
  std::int64_t microBatch = 1;
  std::int64_t together = 1;  ///< samples of a planet that follow each other
  bool parts = false;         ///< data::loader::LoaderOptions::parts
};
/// Those of a split that are not excluded, in micro-batches as a training has them.
FeedOptions ofSplit(data::planet::Split split, const config::RunSpec& spec);
/// What the run trains on: its split, and parts where it learns from them.
FeedOptions forTraining(const config::RunSpec& spec);
/// A split for an evaluation: all samples of a planet in one micro-batch.
FeedOptions forEvaluation(data::planet::Split split, const config::RunSpec& spec);

/// Micro-batches of a store, read and collated by threads ahead of the one that trains. What comes depends on seed,
/// epoch, position and the spec's sizes alone.
class Feed {
 public:
  /// Store and content must outlive it.
  Feed(const data::store::Store& store, const data::batch::TrainingContent& content, const config::RunSpec& spec,
       FeedOptions options);
  ~Feed();
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  [[nodiscard]] std::size_t samples() const;
  /// Begins an epoch at a position.
  void start(std::int64_t epoch, std::int64_t position = 0);
  /// Micro-batches of the started epoch.
  [[nodiscard]] std::int64_t batches() const;
  /// Puts the next micro-batch into `batch`, whose memory is used again for later ones; false at the end of the epoch.
  /// Throws what reading or collating threw.
  bool next(data::batch::MultiModalBatch& batch);
  /// Where to start() for what follows the last one that next() gave.
  [[nodiscard]] std::int64_t position() const;
  /// Seconds that next() has waited so far.
  [[nodiscard]] double waited() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ecumene::engine::train
