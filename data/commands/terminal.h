// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "data/base/error.h"
#include "data/base/progress.h"

namespace ecumene::data::commands {

/// A progress bar on stderr with rate and time left. Where stderr is no terminal it is silent, so that logs stay clean;
/// with ECUMENE_PROGRESS set in the environment, each step is a line "progress DONE TOTAL WHAT", for who watches.
class ProgressBar {
 public:
  explicit ProgressBar(std::string what);
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// To be given to a long work; may be called from any thread.
  Progress progress();

 private:
  void update(std::size_t done, std::size_t total, std::string_view what);

  std::string what_;
  bool onTerminal_, inLines_;
  bool drawn_ = false;
  std::chrono::steady_clock::time_point start_, last_;
  std::size_t first_ = 0;
  bool started_ = false;
  std::mutex mutex_;
};

/// A stop token that SIGINT, SIGTERM and SIGHUP trip, where they are not ignored (nohup); the same signal once more
/// ends the program at once.
std::stop_token stopOnSignals();

/// What every word says when it was stopped: kind kCancelled.
Error cancelledError();

/// Rows with columns padded to their widest cell, two blanks between; numbers (cells that start with a digit, '-' or
/// '+') stand to the right.
std::string formatTable(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows);

/// "1 min 20 s", "45 s", "2 h 3 min".
std::string formatDuration(double seconds);

}  // namespace ecumene::data::commands
