// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/run/run_directory.h"

namespace ecumene::engine::train {

/// What became of a run's commands, for those who asked. An answer that a full disk does not take waits for the next
/// try: what was done is done, and no reason to end a training.
class Answers {
 public:
  explicit Answers(run::RunDirectory& run) : run_(run) {}
  /// `state`: done or refused. Throws Error as RunDirectory::answer() does, but for a full disk.
  void give(std::int64_t command, const std::string& state, const std::string& text);
  /// Gives those that wait, as far as the disk takes them.
  void giveWaiting();

 private:
  struct Answer {
    std::int64_t command;
    std::string state, text;
  };
  run::RunDirectory& run_;
  std::vector<Answer> waiting_;
};

}  // namespace ecumene::engine::train
