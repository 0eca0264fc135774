// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "engine/config/run_spec.h"
#include "engine/daemon/launches.h"
#include "engine/daemon/registry.h"
#include "engine/daemon/slots.h"
#include "engine/daemon/slurm.h"
#include "engine/daemon/stores.h"

namespace ecumene::engine::daemon {

/// What is to be launched, as a client says it: ids, never paths.
struct LaunchRequest {
  std::string run;  ///< empty: made from preset and time
  std::string preset, store;
  std::vector<std::string> settings;   ///< "train.lr=1e-4"
  std::vector<std::string> beginWith;  ///< runs
  std::string slot;                    ///< Slot::text(); empty: the first GPU, else the CPU
  bool evaluate = true;
};

/// A slot that there is, for who chooses one.
struct Place {
  Slot slot;
  std::string words, takenBy;
};

/// What a run is doing, by its journal, its lock and its last launch.
struct Condition {
  std::string state, reason;
  double time = 0.0;       ///< since when, seconds since 1970
  std::int64_t owner = 0;  ///< process that has claimed it; 0: none
  std::string slot;
};

/// Starts trainers, each detached and in a slot of its own, and keeps the queue of those that wait for one; or gives
/// them to Slurm and looks after their jobs. It owns no trainer: what runs is found by lock, process and job again
/// after a restart. Any thread.
class Supervisor {
 public:
  struct Setup {
    std::filesystem::path programs;                ///< folder of ecumene-train
    std::filesystem::path list;                    ///< file of the launches
    std::chrono::milliseconds clusterPause{5000};  ///< between two looks at Slurm's queue
  };

  /// Adopts what runs, and goes on with the queue.
  Supervisor(Registry& registry, const Stores& stores, Setup setup);
  /// Ends no trainer.
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  /// Makes a run and starts or queues it; its id. Throws Error where anything about it is wrong; then there is no run.
  std::string launch(const LaunchRequest& request);
  /// Starts or queues a run again, from its newest checkpoint. Throws Error if something trains it, or it waits
  /// already.
  void resume(const std::string& run);
  /// Takes a run from the queue, ours or Slurm's; false if it is in neither. Throws Error where Slurm keeps it.
  bool unqueue(const std::string& run);

  /// Where a run can train, words for people, and which run is there now (empty: none). May wait for Slurm.
  std::vector<Place> places();
  /// A run that has this slot, or shares a GPU with it; empty: none.
  std::string takenBy(const Slot& slot);

  Condition condition(const std::string& run);
  /// Of a run that is opened already.
  Condition condition(const std::string& id, const run::RunDirectory& run);
  [[nodiscard]] const Stores& stores() const { return stores_; }

 private:
  struct Taken {
    Slot slot;
    std::string run;
  };
  /// A run's job as Slurm told of it last.
  struct ClusterJob {
    slurm::Phase phase = slurm::Phase::kWaiting;
    std::string words;
    int missed = 0;  ///< looks in a row that did not find it
  };

  config::RunSpec specOf(const LaunchRequest& request, const Slot& slot) const;
  std::string freeName(const LaunchRequest& request) const;
  Program trainer(const Launch& launch) const;
  void work(const std::stop_token& stop);
  void collectEnded();
  void startQueued();
  std::vector<Taken> taken();
  void start(Launch launch);
  void queue(const std::string& run, const Slot& slot, bool evaluate);

  // Slurm: supervisor_cluster.cpp. Its programs may wait, so they are called from a thread of their own, unlocked.
  void requireSlurm() const;
  bool isAtWork(const Launch& launch) const;
  void workCluster(const std::stop_token& stop);
  void submitQueued();
  void submit(const Launch& launch);
  void lookAtJobs();
  void takeJobState(Launch launch, const slurm::JobState* state);
  bool unqueueFromCluster(const std::string& run);

  Registry& registry_;
  const Stores& stores_;
  const Setup setup_;
  std::mutex mutex_;  ///< of all below
  Launches launches_;
  std::map<std::string, ClusterJob> cluster_;  ///< by run
  std::set<std::string> inMaking_;
  bool toSubmit_ = false;
  std::condition_variable_any changed_;
  std::jthread thread_, clusterThread_;  ///< last: they use the others
};

}  // namespace ecumene::engine::daemon
