// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ecumene.pb.h"
#include "engine/daemon/job_list.h"
#include "engine/daemon/monitor.h"
#include "engine/daemon/registry.h"
#include "engine/daemon/stores.h"
#include "engine/daemon/supervisor.h"

namespace ecumene::engine::daemon {

/// The spec without what changes nothing about how long a step takes or what memory it needs: specs with one of these
/// are equally fast.
config::RunSpec costOf(config::RunSpec spec);

/// What does not fit into `available` bytes, and what would make it fit; empty where it fits or is not known. `needed`:
/// bytes, `what` they are for: "GPU 0".
std::string misfit(std::int64_t needed, std::int64_t available, const std::string& what);

/// What a launch would train and need, before it is made. Nothing of it is guessed: sizes are counted, rates are those
/// that were measured on this machine. Any thread.
class Plans {
 public:
  Plans(Registry& registry, Stores& stores, Supervisor& supervisor, JobList& jobs, Monitor& monitor,
        std::filesystem::path programs)
      : registry_(registry),
        stores_(stores),
        supervisor_(supervisor),
        jobs_(jobs),
        monitor_(monitor),
        programs_(std::move(programs)) {}

  /// Throws Error where the options are wrong.
  wire::PlanReply plan(const wire::PlanRequest& request);
  /// Throws Error where the options are wrong, or a run has the slot: half of its time would be measured.
  Job measure(const wire::PlanRequest& request);

 private:
  void count(const wire::PlanRequest& request, wire::PlanReply& plan) const;
  void addSteps(const wire::PlanRequest& request, const config::RunSpec& spec, wire::PlanReply& plan);
  void addMachine(const Slot& slot, wire::PlanReply& plan);
  void addRates(const std::string& store, const config::RunSpec& spec, const Slot& slot, wire::PlanReply& plan);
  std::optional<wire::MeasuredRate> rateOf(const Job& job, const std::string& wanted, const Slot& slot);
  std::optional<wire::MeasuredRate> rateOfRun(const std::string& id, const std::string& store,
                                              const std::string& wanted, const Slot& slot);

  Registry& registry_;
  Stores& stores_;
  Supervisor& supervisor_;
  JobList& jobs_;
  Monitor& monitor_;
  const std::filesystem::path programs_;
};

}  // namespace ecumene::engine::daemon
