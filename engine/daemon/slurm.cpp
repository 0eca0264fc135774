// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/slurm.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <set>
#include <sstream>
#include <utility>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/daemon/log_end.h"

namespace ecumene::engine::daemon::slurm {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPatience = "60";  ///< seconds for an answer
constexpr int kTimedOut = 124;           ///< of timeout(1)
/// Seconds before its time limit at which a job is told, so that it writes a checkpoint.
constexpr const char* kWarning = "B:TERM@120";

/// Output of one of Slurm's programs.
Ended ask(std::vector<std::string> words) {
  Program program{{"/usr/bin/env", "timeout", kPatience}, {}};
  program.words.insert(program.words.end(), words.begin(), words.end());
  return runToEnd(program);
}

Error failed(const std::string& word, const Ended& ended) {
  const std::string said = lastLine(ended.err.empty() ? ended.out : ended.err);
  // What sbatch refuses it will refuse again; an answer that did not come may come later.
  const bool refused =
      word == "sbatch" && ended.code != kTimedOut && said.find("Unable to contact") == std::string::npos;
  return Error("Slurm's " + word + " failed", refused ? ErrorKind::kInput : ErrorKind::kEnvironment)
      .found(ended.code == kTimedOut ? std::string("no answer in ") + kPatience + " s"
             : said.empty()          ? "code " + std::to_string(ended.code)
                                     : said)
      .next("try it by hand: " + word);
}

std::string outputOf(std::vector<std::string> words) {
  const std::string word = words.front();
  Ended ended = ask(std::move(words));
  if (ended.code != 0) throw failed(word, ended);
  return std::move(ended.out);
}

std::string quoted(const std::string& word) {
  std::string made = "'";
  for (const char c : word) made += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return made + "'";
}

/// sbatch replaces %j and the like in names of files; %% is the sign itself.
std::string withoutPatterns(const std::string& path) {
  std::string made;
  for (const char c : path) made += c == '%' ? std::string("%%") : std::string(1, c);
  return made;
}

std::vector<std::string> linesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> fieldsOf(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, '|');) fields.push_back(field);
  return fields;
}

bool isNumber(const std::string& text) {
  return !text.empty() && text.size() < 20 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

struct Row {
  const char* state;
  Phase phase;
};
/// JOB STATE CODES of squeue(1) and sacct(1).
constexpr auto kStates = std::to_array<Row>(
    {{"PENDING", Phase::kWaiting},      {"CONFIGURING", Phase::kWaiting},  {"REQUEUED", Phase::kWaiting},
     {"REQUEUE_FED", Phase::kWaiting},  {"REQUEUE_HOLD", Phase::kWaiting}, {"RESV_DEL_HOLD", Phase::kWaiting},
     {"SPECIAL_EXIT", Phase::kWaiting}, {"RUNNING", Phase::kRunning},      {"COMPLETING", Phase::kRunning},
     {"RESIZING", Phase::kRunning},     {"SIGNALING", Phase::kRunning},    {"STAGE_OUT", Phase::kRunning},
     {"STOPPED", Phase::kRunning},      {"SUSPENDED", Phase::kRunning},    {"COMPLETED", Phase::kDone},
     {"FAILED", Phase::kFailed},        {"BOOT_FAIL", Phase::kKilled},     {"CANCELLED", Phase::kKilled},
     {"DEADLINE", Phase::kKilled},      {"LAUNCH_FAILED", Phase::kKilled}, {"NODE_FAIL", Phase::kKilled},
     {"OUT_OF_MEMORY", Phase::kKilled}, {"PREEMPTED", Phase::kKilled},     {"RECONFIG_FAIL", Phase::kKilled},
     {"REVOKED", Phase::kKilled},       {"TIMEOUT", Phase::kKilled}});

/// Of "CANCELLED by 1000" and "CANCELLED+" the name.
std::string nameOf(const std::string& state) {
  return state.substr(0, state.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_"));
}

void addFromQueue(std::map<std::string, JobState>& states, const std::set<std::string>& wanted) {
  for (const std::string& line :
       linesOf(outputOf({"squeue", "--noheader", "--me", "--states=all", "--format=%i|%T|%r"}))) {
    const std::vector<std::string> fields = fieldsOf(line);
    if (fields.size() < 2 || !wanted.contains(fields[0])) continue;
    const auto phase = phaseOf(fields[1]);
    if (!phase) continue;
    const std::string reason = fields.size() > 2 && fields[2] != "None" ? " (" + fields[2] + ")" : "";
    states[fields[0]] = {*phase, fields[1] + reason};
  }
}

void addFromAccounts(std::map<std::string, JobState>& states, const std::vector<std::string>& jobs) {
  std::string list;
  for (const std::string& job : jobs) list += (list.empty() ? "" : ",") + job;
  const Ended ended = ask(
      {"sacct", "--noheader", "--parsable2", "--allocations", "--jobs=" + list, "--format=JobIDRaw,State,ExitCode"});
  if (ended.code != 0) return;
  for (const std::string& line : linesOf(ended.out)) {
    const std::vector<std::string> fields = fieldsOf(line);
    if (fields.size() < 3 || std::ranges::find(jobs, fields[0]) == jobs.end()) continue;
    if (const auto phase = phaseOf(fields[1])) states[fields[0]] = {*phase, fields[1] + ", exit code " + fields[2]};
  }
}

}  // namespace

std::string script(const Program& program) {
  std::string text = "#!/bin/sh\n";
  for (const auto& [name, value] : program.environment) text += "export " + name + "=" + quoted(value) + "\n";
  text += "exec";
  for (const std::string& word : program.words) text += " " + quoted(word);
  return text + "\n";
}

std::string submit(const Submission& submission) {
  const std::string name = "--name=" + submission.name;
  for (const std::string& job : linesOf(outputOf({"squeue", "--noheader", "--me", name, "--format=%i"}))) {
    if (isNumber(job)) return job;
  }
  const fs::path file = submission.folder / "slurm.sh";
  writeFileAtomically(file, script(submission.program));
  std::vector<std::string> words = {"sbatch",
                                    "--parsable",
                                    "--job-name=" + submission.name,
                                    "--nodes=1",
                                    "--ntasks=1",
                                    "--cpus-per-task=" + std::to_string(submission.cpus),
                                    "--no-requeue",
                                    std::string("--signal=") + kWarning,
                                    "--open-mode=append",
                                    "--chdir=" + submission.folder.string(),
                                    "--output=" + withoutPatterns(submission.log.string())};
  if (!submission.partition.empty()) words.push_back("--partition=" + submission.partition);
  words.push_back(file.string());
  // "123", or "123;cluster".
  const std::string said = outputOf(std::move(words));
  const std::string job = said.substr(0, said.find_first_of(";\n"));
  if (isNumber(job)) return job;
  throw Error("Slurm's sbatch gave no number of a job", ErrorKind::kEnvironment).found(said.substr(0, 200));
}

std::optional<Phase> phaseOf(const std::string& state) {
  const std::string name = nameOf(state);
  const auto* found = std::ranges::find_if(kStates, [&](const Row& row) { return name == row.state; });
  return found == kStates.end() ? std::nullopt : std::optional(found->phase);
}

std::map<std::string, JobState> statesOf(const std::vector<std::string>& jobs) {
  std::map<std::string, JobState> states;
  if (jobs.empty()) return states;
  addFromQueue(states, {jobs.begin(), jobs.end()});
  std::vector<std::string> forgotten;
  for (const std::string& job : jobs) {
    if (!states.contains(job)) forgotten.push_back(job);
  }
  if (!forgotten.empty()) addFromAccounts(states, forgotten);
  return states;
}

void cancel(const std::string& job) {
  outputOf({"scancel", job});
}

bool isHere() {
  const char* path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (!folder.empty() && ::access((fs::path(folder) / "sbatch").c_str(), X_OK) == 0) return true;
  }
  return false;
}

std::vector<std::string> partitions() {
  std::vector<std::string> names;
  // The default one has an asterisk behind its name.
  for (std::string name : linesOf(outputOf({"sinfo", "--noheader", "--format=%P"}))) {
    const bool isDefault = name.ends_with('*');
    if (isDefault) name.pop_back();
    if (std::ranges::find(names, name) == names.end()) names.insert(isDefault ? names.begin() : names.end(), name);
  }
  return names;
}

}  // namespace ecumene::engine::daemon::slurm
