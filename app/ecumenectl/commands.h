// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

/// The words of `ecumenectl`: one function each. They print to stdout (JSON with `json`) and give the exit code. They
/// throw Error where the whole command fails.
namespace ecumene::ecumenectl {

/// What all words share.
struct Common {
  std::string socket;  ///< of the daemon; empty: this user's
  bool json = false;
};

/// Starts the daemon with these words, apart from this terminal. Returns only where it cannot be started.
int startDaemon(const Common& common, const std::vector<std::string>& words);
int stopDaemon(const Common& common);
int showDaemon(const Common& common);

int listRuns(const Common& common);
int showRun(const Common& common, const std::string& run);

struct LaunchCommand {
  std::string run, preset, store, slot;
  std::vector<std::string> settings, beginWith;
  bool noEvaluation = false;
};
int launch(const Common& common, const LaunchCommand& command);

/// Asks a run's trainer and waits so long for its answer. 1 if it is refused, or not answered in time.
int ask(const Common& common, const std::string& run, const std::string& word, const std::string& argument,
        double waitSeconds);
int compare(const Common& common, const std::vector<std::string>& runs);
int listOptions(const Common& common, const std::string& preset);

/// All runs, or the metrics of one, until it is interrupted or the run has ended; on a terminal as a table that is
/// drawn over itself, else as lines. `once`: as it is now.
int watch(const Common& common, const std::string& run, bool once);

/// Writes all metrics of a run: "csv" to a file, "tensorboard" into a folder.
int exportMetrics(const Common& common, const std::string& run, const std::string& format, const std::string& out);

}  // namespace ecumene::ecumenectl
