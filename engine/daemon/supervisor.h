// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "ecumene.pb.h"
#include "engine/config/run_spec.h"
#include "engine/daemon/launches.h"
#include "engine/daemon/registry.h"
#include "engine/daemon/slots.h"
#include "engine/daemon/stores.h"

namespace ecumene::engine::daemon {

/// What is to be launched, as a client says it: ids, never paths.
struct LaunchRequest {
  std::string run;  ///< empty: made from preset and time
  std::string preset, store;
  std::vector<std::string> settings;   ///< "train.lr=1e-4"
  std::vector<std::string> beginWith;  ///< runs
  std::string slot;                    ///< empty: the first GPU, else the CPU
  bool evaluate = true;
};

/// What a run is doing, by its journal, its lock and its last launch.
struct Condition {
  std::string state, reason;
  double time = 0.0;       ///< since when, seconds since 1970
  std::int64_t owner = 0;  ///< process that has claimed it; 0: none
  std::string slot;
};

/// Starts trainers, each detached and in a slot of its own, and keeps the queue of those that wait for one. It owns no
/// trainer: what runs is found by lock and process again after a restart. Any thread.
class Supervisor {
 public:
  struct Setup {
    std::filesystem::path programs;  ///< folder of ecumene-train
    std::filesystem::path list;      ///< file of the launches
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
  /// Takes a run from the queue; false if it is not there.
  bool unqueue(const std::string& run);

  /// What would be trained with these options, counted by `ecumene-train params`. Throws Error where they are wrong.
  [[nodiscard]] wire::PlanReply plan(const std::string& preset, const std::vector<std::string>& settings) const;

  Condition condition(const std::string& run);
  /// Of a run that is opened already.
  Condition condition(const std::string& id, const run::RunDirectory& run);
  [[nodiscard]] const Stores& stores() const { return stores_; }

 private:
  config::RunSpec specOf(const LaunchRequest& request, const Slot& slot) const;
  std::string freeName(const LaunchRequest& request) const;
  void work(const std::stop_token& stop);
  void collectEnded();
  void startQueued();
  std::vector<Slot> takenSlots();
  void start(Launch launch);
  void queue(const std::string& run, const Slot& slot, bool evaluate);

  Registry& registry_;
  const Stores& stores_;
  const Setup setup_;
  std::mutex mutex_;  ///< of all below
  Launches launches_;
  std::set<std::string> inMaking_;
  std::condition_variable_any changed_;
  std::jthread thread_;  ///< last: it uses the others
};

}  // namespace ecumene::engine::daemon
