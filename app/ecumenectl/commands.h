// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
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

struct AttachCommand {
  std::string host, program = "ecumenectl";  ///< as in engine/attach/tunnel.h
  std::string sshConfig;                     ///< file for ssh -F; empty: the user's own
};
/// Holds the way to the daemon of another machine until it is interrupted, and finds it again where it was cut.
int attach(const Common& common, const AttachCommand& command);

int listRuns(const Common& common);
int showRun(const Common& common, const std::string& run);
int showLog(const Common& common, const std::string& run);

struct LaunchCommand {
  std::string run, preset, store, slot;
  std::vector<std::string> settings, beginWith;
  bool noEvaluation = false;
};
int launch(const Common& common, const LaunchCommand& command);

struct PlanCommand {
  std::string preset, store, slot;
  std::vector<std::string> settings;
  bool measure = false;  ///< first makes a few steps
};
/// What a launch would train and need, and how fast it was.
int plan(const Common& common, const PlanCommand& command);
/// Where runs can train.
int listSlots(const Common& common);

/// Asks a run's trainer and waits so long for its answer. 1 if it is refused, or not answered in time.
int ask(const Common& common, const std::string& run, const std::string& word, const std::string& argument,
        double waitSeconds);
int compare(const Common& common, const std::vector<std::string>& runs);
int listOptions(const Common& common, const std::string& preset);

/// All runs, or the metrics of one, until it is interrupted or the run has ended; on a terminal as a table that is
/// drawn over itself, else as lines. `once`: as it is now.
int watch(const Common& common, const std::string& run, bool once);

/// Writes all metrics of a run: "csv" to a file, "tensorboard" into a folder, "wandb" to a project of the user's.
int exportMetrics(const Common& common, const std::string& run, const std::string& format, const std::string& out);

struct PlanetsCommand {
  std::string store, split, origin, star, regime, name;  ///< empty: all
  std::vector<std::string> with, without;                ///< "climate", "spectrum", "network"
  std::string habitable;                                 ///< "yes", "no"; empty: all
  bool leaveOutExcluded = false;
};
int listPlanets(const Common& common, const PlanetsCommand& command);

// Jobs: unless told otherwise they are waited for, and 1 says that the store took only some of it, or nothing.
struct GenerateCommand {
  std::string store;
  std::uint32_t planets = 512, epochs = 1;
  std::uint64_t seed = 42;
  bool noWait = false;
};
int generatePlanets(const Common& common, const GenerateCommand& command);
struct ImportCommand {
  std::string store;
  std::vector<std::string> files, settings;
  bool noWait = false;
};
/// Sends files and folders, as the tree that they are, to the daemon, which reads them into the store as one job. What
/// could not be read here is said on stderr, and gives 1.
int importFiles(const Common& common, const ImportCommand& command);
/// All jobs, or one, which is waited for.
int listJobs(const Common& common, std::int64_t id);
int cancelJob(const Common& common, std::int64_t id);

// Copies between the daemon's machine and this one. Cut or interrupted anywhere, the same words go on from there.
struct CopyCommand {
  /// To pull: "RUN", "RUN/step-0000001234", "RUN/newest", "RUN/best", "STORE" or "STORE/PLANET" of the daemon's; to
  /// push: the same as folders of this machine; to mirror: "RUN".
  std::string what;
  std::string to;  ///< a folder of this machine; of a push the id over there, empty: the same, or the only store
  bool follow = false;
};
int pull(const Common& common, const CopyCommand& command);
int push(const Common& common, const CopyCommand& command);
/// Once, or with `follow` until the run has ended; what the way, the machine or the disk refuse is tried again.
int mirror(const Common& common, const CopyCommand& command);

/// Readings of the daemon's machine, and the alerts that hold.
int showSystem(const Common& common);
/// All alerts, the last 1,000; or with `rules` what is looked for.
int listAlerts(const Common& common, bool rules);

}  // namespace ecumene::ecumenectl
