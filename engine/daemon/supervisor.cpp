// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/supervisor.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "data/base/error.h"
#include "engine/daemon/go_on.h"
#include "engine/daemon/ids.h"
#include "engine/daemon/launch_spec.h"
#include "engine/daemon/log_end.h"
#include "engine/run/owner_lock.h"
#include "engine/transfer/origin.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;
using State = Launch::State;

constexpr std::chrono::milliseconds kSupervisorPause{200};

}  // namespace

Supervisor::Supervisor(Registry& registry, const Stores& stores, Setup setup)
    : registry_(registry), stores_(stores), setup_(std::move(setup)), launches_(setup_.list) {
  collectEnded();
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
  clusterThread_ = std::jthread([this](const std::stop_token& stop) { workCluster(stop); });
}

Supervisor::~Supervisor() = default;

void Supervisor::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    goOn([this] {
      collectEnded();
      startQueued();
    });
    changed_.wait_for(lock, stop, kSupervisorPause, [] { return false; });
  }
}

// --- starting ---

config::RunSpec Supervisor::specOf(const LaunchRequest& request, const Slot& slot) const {
  config::RunSpec spec = launchSpec(request.preset, request.settings);
  for (const std::string& run : request.beginWith) {
    if (!spec.train.begin.empty()) spec.train.begin += ",";
    spec.train.begin += registry_.open(run)->folder().string();
  }
  // The node that Slurm gives has a GPU or has none.
  spec.train.device = slot.slurm ? "auto" : slot.gpus.empty() ? "cpu" : "cuda";
  spec.data.store = stores_.folderOf(request.store).string();
  config::validate(spec);
  return spec;
}

std::string Supervisor::freeName(const LaunchRequest& request) const {
  const auto taken = [this](const std::string& name) {
    return inMaking_.contains(name) || fs::exists(registry_.pathOf(name));
  };
  if (!request.run.empty()) {
    if (!taken(request.run)) return request.run;
    if (inMaking_.contains(request.run)) throw Error("a run of this name is being made").on(request.run);
    throw Error("there is a run of this name").on(request.run).next("choose another name, or resume it");
  }
  const std::string stem =
      fmt::format("{}-{:%Y%m%d-%H%M%S}", request.preset, fmt::gmtime(std::chrono::system_clock::now()));
  std::string name = stem;
  for (int i = 2; taken(name); ++i) name = fmt::format("{}-{}", stem, i);
  return name;
}

std::string Supervisor::launch(const LaunchRequest& request) {
  if (!request.run.empty()) requireId("run", request.run);
  const Slot slot = Slot::asked(request.slot);
  if (slot.slurm) requireSlurm();
  const std::vector<int> gpus = gpusOfThisMachine();
  for (const int gpu : slot.gpus) {
    if (std::find(gpus.begin(), gpus.end(), gpu) != gpus.end()) continue;
    throw Error("the machine has no such GPU", ErrorKind::kUsage)
        .on(slot.text())
        .found(gpus.empty() ? "no GPU at all" : fmt::format("GPUs {}", fmt::join(gpus, ", ")));
  }
  const config::RunSpec spec = specOf(request, slot);
  std::string name;
  {
    const std::lock_guard lock(mutex_);
    name = freeName(request);
    inMaking_.insert(name);
  }
  const auto made = [&](const std::exception_ptr& problem) {
    const std::lock_guard lock(mutex_);
    inMaking_.erase(name);
    if (problem) std::rethrow_exception(problem);
    queue(name, slot, request.evaluate);
  };
  try {
    Program program{
        {(setup_.programs / "ecumene-train").string(), "new", "--json", "--preset", request.preset, "--data",
         spec.data.store, "--out", registry_.pathOf(name).string(), "--set", "train.device=" + spec.train.device},
        {{"OMP_WAIT_POLICY", "passive"}}};
    if (!spec.train.begin.empty()) {
      program.words.insert(program.words.end(), {"--set", "train.begin=" + spec.train.begin});
    }
    for (const std::string& setting : request.settings) {
      program.words.insert(program.words.end(), {"--set", setting});
    }
    const Ended ended = runToEnd(program);
    if (ended.code != 0) throw trainerError(ended, "making the run");
  } catch (...) {
    made(std::current_exception());
  }
  made(nullptr);
  return name;
}

void Supervisor::resume(const std::string& run) {
  const OpenedRun opened = registry_.open(run);
  const std::lock_guard lock(mutex_);
  const auto launch = launches_.of(run);
  if (launch && launch->state == State::kQueued) throw Error("the run waits in the queue already").on(run);
  if (opened->owner() || (launch && launch->state == State::kStarted && isAtWork(*launch))) {
    throw Error("the run is not paused, and a process has it").on(run);
  }
  Slot slot;
  if (launch) {
    slot = Slot::parse(launch->slot);
  } else if (opened->spec().train.device != "cpu") {
    slot = firstSlot();
  }
  queue(run, slot, launch ? launch->evaluate : true);
}

bool Supervisor::unqueue(const std::string& run) {
  {
    const std::lock_guard lock(mutex_);
    const auto launch = launches_.of(run);
    if (!launch) return false;
    if (launch->state == State::kQueued) {
      launches_.remove(run);
      return true;
    }
  }
  return unqueueFromCluster(run);
}

void Supervisor::queue(const std::string& run, const Slot& slot, bool evaluate) {
  launches_.put({run, State::kQueued, slot.text(), evaluate, run::secondsNow(), {}, 0.0, {}, {}});
  cluster_.erase(run);
  toSubmit_ = slot.slurm;
  startQueued();
  changed_.notify_all();
}

std::vector<Supervisor::Taken> Supervisor::taken() {
  std::vector<Taken> taken;
  std::set<std::string> known;
  for (const Launch& launch : launches_.all()) {
    if (launch.state != State::kStarted) continue;
    taken.push_back({Slot::parse(launch.slot), launch.run});
    known.insert(launch.run);
  }
  // Runs that somebody trains by hand take their place too.
  for (const std::string& id : registry_.ids()) {
    if (known.contains(id) || !run::OwnerLock::owner(registry_.pathOf(id))) continue;
    try {
      const std::vector<int> gpus = gpusOfThisMachine();
      const bool onCpu = registry_.open(id)->spec().train.device == "cpu" || gpus.empty();
      taken.push_back({onCpu ? Slot{} : Slot{gpus, false, {}}, id});
    } catch (const Error&) {
      continue;  // Shown as damaged; whoever owns it is none of ours.
    }
  }
  return taken;
}

std::string Supervisor::takenBy(const Slot& slot) {
  const std::lock_guard lock(mutex_);
  for (const Taken& other : taken()) {
    if (other.slot.conflictsWith(slot)) return other.run;
  }
  return {};
}

void Supervisor::startQueued() {
  const std::vector<Launch> launches = launches_.all();
  if (std::none_of(launches.begin(), launches.end(), [](const Launch& l) { return l.state == State::kQueued; })) return;
  std::vector<Taken> before = taken();
  for (const Launch& launch : launches) {
    const Slot slot = Slot::parse(launch.slot);
    if (launch.state != State::kQueued || slot.slurm) continue;
    const bool free =
        std::none_of(before.begin(), before.end(), [&](const Taken& other) { return other.slot.conflictsWith(slot); });
    // Who waits longer for a slot is before us.
    before.push_back({slot, launch.run});
    if (free) start(launch);
  }
}

Program Supervisor::trainer(const Launch& launch) const {
  Program program{
      {(setup_.programs / "ecumene-train").string(), "resume", registry_.pathOf(launch.run).string(), "--plain"},
      {{"OMP_WAIT_POLICY", "passive"}}};
  if (!launch.evaluate) program.words.emplace_back("--no-eval");
  return program;
}

void Supervisor::start(Launch launch) {
  const fs::path folder = registry_.pathOf(launch.run);
  Program program = trainer(launch);
  program.environment.merge(showingGpus(fmt::format("{}", fmt::join(Slot::parse(launch.slot).gpus, ","))));
  launch.time = run::secondsNow();
  try {
    launch.process = startDetached(program, folder / "log", folder / "log");
    launch.state = State::kStarted;
  } catch (const Error& error) {
    launch.state = State::kEnded;
    launch.ended = launch.time;
    launch.ending = error.what();
  }
  launches_.put(launch);
}

// --- what becomes of them ---

void Supervisor::collectEnded() {
  for (Launch launch : launches_.all()) {
    if (launch.state != State::kStarted || !launch.job.empty()) continue;
    const auto ended = endOf(launch.process);
    if (!ended) continue;
    launch.state = State::kEnded;
    launch.ended = run::secondsNow();
    // Of one that a daemon before us had started, nobody saw the code.
    if (ended->code.value_or(0) != 0) launch.ending = endingOf(*ended->code);
    launches_.put(launch);
  }
}

Condition Supervisor::condition(const std::string& run) {
  return condition(run, *registry_.open(run));
}

Condition Supervisor::condition(const std::string& id, const run::RunDirectory& run) {
  std::optional<Launch> launch;
  ClusterJob job;
  {
    const std::lock_guard lock(mutex_);
    launch = launches_.of(id);
    if (const auto found = cluster_.find(id); found != cluster_.end()) job = found->second;
  }
  // First the lock, then the journal: who ends in between has said its state before it let go.
  auto owner = run.owner();
  const run::Status status = run.status();
  const bool active = status.state == run::State::kRunning || status.state == run::State::kPaused;
  // Who began in between has the lock now.
  if (active && !owner) owner = run.owner();
  // The journal says what was before this launch.
  const bool silent = launch && launch->state != State::kQueued && launch->time > status.time;
  const bool inCluster = launch && launch->state == State::kStarted && !launch->job.empty();
  // Of a job that Slurm runs the lock and the journal say more than Slurm, which is asked every few seconds.
  const bool started = inCluster ? job.phase == slurm::Phase::kRunning && silent
                                 : launch && launch->state == State::kStarted && isAlive(launch->process);

  Condition condition{std::string(run::nameOf(status.state)), status.reason, status.time, owner.value_or(0), {}};
  condition.slot = launch ? launch->slot : run.spec().train.device == "cpu" ? "cpu" : "";
  const auto become = [&](const char* state, const std::string& reason, double time) {
    condition.state = state;
    condition.reason = reason;
    condition.time = time;
  };
  if (owner || started) {
    if (!owner || status.state == run::State::kNew || (started && silent)) {
      become("starting", "the trainer loads", launch ? launch->time : status.time);
    } else if (!active) {
      condition.state = status.state == run::State::kFinished ? "evaluating" : "ending";
    }
    return condition;
  }
  if (launch && launch->state == State::kQueued) {
    become("queued", job.words.empty() ? "waits for " + launch->slot : job.words, launch->time);
    return condition;
  }
  if (inCluster && silent) {
    become("queued", fmt::format("Slurm job {}{}", launch->job, job.words.empty() ? "" : ": " + job.words),
           launch->time);
    return condition;
  }
  const bool ended = launch && (launch->state == State::kEnded || launch->state == State::kKilled);
  const std::string ending = ended && !launch->ending.empty() ? launch->ending : "its process ended without a word";
  const auto withLog = [&](const std::string& reason) {
    const std::string line = lastLine(logEnd(run.log()));
    return line.empty() ? reason : reason + ": " + line;
  };
  const auto origin = active ? transfer::originOf(run.folder()) : std::nullopt;
  if (origin &&
      std::find(origin->stateTimes.begin(), origin->stateTimes.end(), status.time) != origin->stateTimes.end()) {
    become("copied", fmt::format("{} of {} was {} when it was last copied", origin->id, origin->host, condition.state),
           status.time);
  } else if (active) {
    // Nobody has it, and it said nothing of an end.
    become("killed", ending, ended ? launch->ended : status.time);
  } else if (ended && silent && (!launch->ending.empty() || status.state == run::State::kNew)) {
    become(launch->state == State::kKilled ? "killed" : "failed", withLog(ending), launch->ended);
  } else if (ended && !silent && !launch->ending.empty() && status.state == run::State::kFinished) {
    condition.reason += withLog("; then its process " + launch->ending);
  }
  return condition;
}

}  // namespace ecumene::engine::daemon
