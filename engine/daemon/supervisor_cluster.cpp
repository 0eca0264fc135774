// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <utility>

#include "data/base/error.h"
#include "engine/daemon/go_on.h"
#include "engine/daemon/supervisor.h"
#include "engine/run/commands.h"
#include "engine/run/owner_lock.h"

namespace ecumene::engine::daemon {
namespace {

using State = Launch::State;

/// Looks that must not find a job before it is said to be gone.
constexpr int kMisses = 2;

/// Magic numbers of statfs(2) and linux/magic.h, and those that Lustre, GPFS and BeeGFS give.
bool isShared(const std::filesystem::path& folder) {
  constexpr auto kShared = std::to_array<std::uint64_t>(
      {0x6969, 0x517B, 0xFF534D42, 0xFE534D42, 0x00C36400, 0x5346414F, 0x0BD00BD0, 0x47504653, 0x19830326});
  struct statfs system {};
  if (::statfs(folder.c_str(), &system) != 0) return false;
  return std::ranges::find(kShared, static_cast<std::uint64_t>(system.f_type) & 0xFFFFFFFFU) != kShared.end();
}

}  // namespace

std::vector<Place> Supervisor::places() {
  std::vector<Place> places = {{{}, "CPU", {}}};
  for (const int gpu : gpusOfThisMachine()) {
    places.push_back({{{gpu}, false, {}}, fmt::format("GPU {}", gpu), {}});
  }
  for (Place& place : places) place.takenBy = takenBy(place.slot);
  if (!slurm::isHere()) return places;
  places.push_back({{{}, true, {}}, "Slurm", {}});
  try {
    for (const std::string& name : slurm::partitions()) {
      const Slot slot = Slot::parse("slurm:" + name);
      places.push_back({slot, "Slurm, partition " + name, {}});
    }
  } catch (const Error&) {
    // Without its partitions the default one is left.
  }
  return places;
}

void Supervisor::requireSlurm() const {
  if (!slurm::isHere()) {
    throw Error("there is no Slurm here", ErrorKind::kEnvironment).on("slurm").expected("sbatch on the daemon's PATH");
  }
  if (isShared(registry_.folder())) {
    throw Error("a run's journal cannot be shared between machines", ErrorKind::kEnvironment)
        .on(registry_.folder().string())
        .found("a network file system")
        .next("keep the runs on a disk of the machine that Slurm trains on, and serve them from there");
  }
}

bool Supervisor::isAtWork(const Launch& launch) const {
  return launch.job.empty() ? isAlive(launch.process) : true;
}

void Supervisor::workCluster(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    goOn([this] {
      submitQueued();
      lookAtJobs();
    });
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, stop, setup_.clusterPause, [this] { return toSubmit_; });
    toSubmit_ = false;
  }
}

void Supervisor::submitQueued() {
  std::vector<Launch> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting = launches_.all();
  }
  std::erase_if(waiting, [](const Launch& l) { return l.state != State::kQueued || !Slot::parse(l.slot).slurm; });
  for (const Launch& launch : waiting) submit(launch);
}

void Supervisor::submit(const Launch& launch) {
  Launch next = launch;
  std::string problem;
  try {
    const OpenedRun run = registry_.open(launch.run);
    const config::RunSpec spec = run::currentSpec(*run);
    next.job = slurm::submit({fmt::format("ecumene-{}-{:.0f}", launch.run, 1000.0 * launch.time),
                              Slot::parse(launch.slot).partition, trainer(launch), run->folder(), run->log(),
                              std::max(spec.train.threads, spec.data.threads)});
    next.state = State::kStarted;
    next.time = run::secondsNow();
  } catch (const Error& error) {
    problem = error.what();
    if (error.kind() != ErrorKind::kEnvironment) {
      next.state = State::kEnded;
      next.ended = next.time = run::secondsNow();
      next.ending = problem;
    }
  }
  {
    const std::lock_guard lock(mutex_);
    const auto now = launches_.of(launch.run);
    if (now && now->state == State::kQueued && now->time == launch.time) {
      // Where Slurm does not answer it stays in our queue, and says why.
      cluster_[launch.run] = {slurm::Phase::kWaiting, next.state == State::kQueued ? problem : std::string(), 0};
      launches_.put(next);
      return;
    }
  }
  // Taken from the queue meanwhile.
  if (!next.job.empty()) slurm::cancel(next.job);
}

void Supervisor::lookAtJobs() {
  std::vector<Launch> given;
  {
    const std::lock_guard lock(mutex_);
    given = launches_.all();
  }
  std::erase_if(given, [](const Launch& l) { return l.state != State::kStarted || l.job.empty(); });
  if (given.empty()) return;
  std::vector<std::string> jobs;
  for (const Launch& launch : given) jobs.push_back(launch.job);
  const std::map<std::string, slurm::JobState> states = slurm::statesOf(jobs);
  for (const Launch& launch : given) {
    const auto found = states.find(launch.job);
    takeJobState(launch, found == states.end() ? nullptr : &found->second);
  }
}

void Supervisor::takeJobState(Launch launch, const slurm::JobState* state) {
  const bool owned = run::OwnerLock::owner(registry_.pathOf(launch.run)).has_value();
  const std::lock_guard lock(mutex_);
  const auto now = launches_.of(launch.run);
  if (!now || now->state != State::kStarted || now->job != launch.job) return;
  ClusterJob& job = cluster_[launch.run];
  job.missed = state == nullptr ? job.missed + 1 : 0;
  if (state != nullptr) {
    job.phase = state->phase;
    job.words = state->words;
  }
  const bool gone = job.missed >= kMisses;
  const bool over =
      state != nullptr && state->phase != slurm::Phase::kWaiting && state->phase != slurm::Phase::kRunning;
  // Who has the run's lock trains it, whatever Slurm says.
  if (owned || (!gone && !over)) return;
  launch.ended = run::secondsNow();
  launch.state = gone || state->phase == slurm::Phase::kKilled ? State::kKilled : State::kEnded;
  if (gone) {
    launch.ending = fmt::format("Slurm job {} is gone: neither squeue nor sacct knows it", launch.job);
  } else if (state->phase != slurm::Phase::kDone) {
    launch.ending = fmt::format("Slurm job {}: {}", launch.job, state->words);
  }
  launches_.put(launch);
  cluster_.erase(launch.run);
}

bool Supervisor::unqueueFromCluster(const std::string& run) {
  std::string job;
  {
    const std::lock_guard lock(mutex_);
    const auto launch = launches_.of(run);
    if (!launch || launch->state != State::kStarted || launch->job.empty()) return false;
    const auto known = cluster_.find(run);
    if (known != cluster_.end() && known->second.phase != slurm::Phase::kWaiting) return false;
    job = launch->job;
  }
  if (run::OwnerLock::owner(registry_.pathOf(run))) return false;
  slurm::cancel(job);
  const std::lock_guard lock(mutex_);
  const auto launch = launches_.of(run);
  if (launch && launch->job == job) launches_.remove(run);
  cluster_.erase(run);
  return true;
}

}  // namespace ecumene::engine::daemon
