// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/daemon/processes.h"

/// Slurm's own programs, asked as its manual pages say (sbatch, squeue, sacct, scancel, sinfo of Slurm 20.02 and
/// later). They may wait for its controller: no call from under a lock. Throw Error (kEnvironment) where a program is
/// not there, fails, or has not answered in a minute; kInput where sbatch refuses a job.
namespace ecumene::engine::daemon::slurm {

/// What is to be run. Account, time limit, GPUs and the like are the user's: sbatch takes them from SBATCH_ACCOUNT,
/// SBATCH_TIMELIMIT, SBATCH_GPUS, ... in the daemon's environment.
struct Submission {
  std::string name;       ///< of the job; must not be another's
  std::string partition;  ///< empty: the default one
  Program program;
  std::filesystem::path folder, log;
  std::int64_t cpus = 1;
};
/// Shell script that becomes the program; every word is quoted.
std::string script(const Program& program);
/// Writes the script into the folder as slurm.sh and submits it; the job's number. A job of this name that is there
/// already, since a daemon was killed behind its submission, is taken in place of a second one.
std::string submit(const Submission& submission);

enum class Phase {
  kWaiting,  ///< PENDING, REQUEUED, ...
  kRunning,  ///< RUNNING, COMPLETING, SUSPENDED, ...
  kDone,     ///< COMPLETED
  kFailed,   ///< FAILED: by its own exit code
  kKilled    ///< TIMEOUT, OUT_OF_MEMORY, CANCELLED, NODE_FAIL, ...
};
struct JobState {
  Phase phase = Phase::kWaiting;
  std::string words;  ///< "PENDING (Resources)", "FAILED, exit code 1:0"
};
/// What Slurm says of a state's name; none of one that it does not have.
std::optional<Phase> phaseOf(const std::string& state);
/// States of these jobs, by squeue, then, of those that it has forgotten, by sacct; a job that neither knows is not in
/// it. Throws Error only where squeue does: without accounting sacct has nothing to say.
std::map<std::string, JobState> statesOf(const std::vector<std::string>& jobs);

void cancel(const std::string& job);

/// Whether there is an sbatch on PATH.
bool isHere();
/// Names of the partitions, the default one first.
std::vector<std::string> partitions();

}  // namespace ecumene::engine::daemon::slurm
