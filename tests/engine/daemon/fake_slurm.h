// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "data/base/files.h"
#include "tests/support/temp_folder.h"

namespace ecumene::test {

/// sbatch, squeue, sacct, scancel and sinfo on PATH that behave as Slurm's manual pages say, over a folder of files in
/// place of a controller: jobs/ID holds "STATE|REASON|NAME", accounts/ID "STATE|EXIT:SIGNAL". Nothing runs by itself.
class FakeSlurm {
 public:
  FakeSlurm() : path_(std::getenv("PATH")) {
    for (const char* folder : {"bin", "jobs", "accounts", "scripts"})
      std::filesystem::create_directory(folder_ / folder);
    const std::string all = folder_ / "bin" / "sbatch";
    std::ofstream(all) << "#!/bin/sh\nd='" << folder_.path().string() << "'\n" << kScript;
    std::filesystem::permissions(all, std::filesystem::perms::owner_all);
    for (const char* name : {"squeue", "sacct", "scancel", "sinfo"}) {
      std::filesystem::create_symlink("sbatch", folder_ / "bin" / name);
    }
    ::setenv("PATH", ((folder_ / "bin").string() + ":" + path_).c_str(), 1);
  }
  ~FakeSlurm() { ::setenv("PATH", path_.c_str(), 1); }
  FakeSlurm(const FakeSlurm&) = delete;
  FakeSlurm& operator=(const FakeSlurm&) = delete;

  /// In squeue: "RUNNING|None".
  void setState(const std::string& job, const std::string& state) {
    const std::string old = readFile(folder_ / "jobs" / job);
    writeFileAtomically(folder_ / "jobs" / job, state + "|" + old.substr(old.rfind('|') + 1));
  }
  /// Out of squeue, as some minutes behind the end; into sacct where `account` is not empty: "FAILED|1:0".
  void forget(const std::string& job, const std::string& account) {
    if (!account.empty()) writeFileAtomically(folder_ / "accounts" / job, account + "\n");
    std::filesystem::remove(folder_ / "jobs" / job);
  }
  [[nodiscard]] std::filesystem::path job(const std::string& number) const { return folder_ / "jobs" / number; }
  /// "down": no controller; "no-accounting".
  void is(const std::string& what) { writeFileAtomically(folder_ / what, std::string_view()); }
  void isNot(const std::string& what) { std::filesystem::remove(folder_ / what); }
  [[nodiscard]] std::size_t submitted() const {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder_ / "scripts")) ++count;
    return count;
  }
  [[nodiscard]] std::string words(const std::string& job) const { return readFile(folder_ / "scripts" / job); }
  [[nodiscard]] std::string stateOf(const std::string& job) const {
    const std::filesystem::path file = folder_ / "jobs" / job;
    return std::filesystem::exists(file) ? readFile(file) : std::string();
  }

 private:
  static constexpr const char* kScript = R"sh(
word=$(basename "$0")
if [ -e "$d/down" ]; then
  echo "$word: error: Unable to contact slurm controller (connect failure)" >&2; exit 1
fi
case $word in
sbatch)
  parsable= name=sbatch partition=normal
  for one in "$@"; do
    case $one in
      --parsable) parsable=1;; --job-name=*) name=${one#*=};; --partition=*) partition=${one#*=};;
      --nodes=*|--ntasks=*|--cpus-per-task=*|--no-requeue|--signal=*|--open-mode=append|--chdir=*|--output=*) ;;
      -*) echo "sbatch: unrecognized option '$one'" >&2; exit 1;;
    esac
    script=$one
  done
  case $partition in normal|long) ;; *)
    echo "sbatch: error: invalid partition specified: $partition" >&2
    echo "sbatch: error: Batch job submission failed: Invalid partition name specified" >&2; exit 1;; esac
  head -c 2 "$script" | grep -q '#!' || { echo 'sbatch: error: This does not look like a batch script.' >&2; exit 1; }
  job=$((100 + $(ls "$d/scripts" | wc -l)))
  printf '%s\n' "$@" > "$d/scripts/$job"
  echo "PENDING|Priority|$name" > "$d/jobs/$job"
  [ $parsable ] && echo "$job" || echo "Submitted batch job $job";;
squeue)
  all= name= format=
  for one in "$@"; do
    case $one in --states=all) all=1;; --name=*) name=${one#*=};; --format=*) format=${one#*=};; esac
  done
  for file in "$d"/jobs/*; do
    [ -e "$file" ] || continue
    IFS='|' read -r state reason title < "$file"
    case $state in PENDING|RUNNING|SUSPENDED|CONFIGURING|COMPLETING) ;; *) [ $all ] || continue;; esac
    [ -z "$name" ] || [ "$name" = "$title" ] || continue
    case $format in '%i') basename "$file";; '%i|%T|%r') echo "$(basename "$file")|$state|$reason";; *) exit 1;; esac
  done;;
sacct)
  if [ -e "$d/no-accounting" ]; then echo 'Slurm accounting storage is disabled' >&2; exit 1; fi
  for one in "$@"; do case $one in --jobs=*) jobs=${one#*=};; esac; done
  for job in $(echo "$jobs" | tr , ' '); do
    [ -e "$d/accounts/$job" ] && echo "$job|$(cat "$d/accounts/$job")"
  done; exit 0;;
scancel)
  [ -e "$d/jobs/$1" ] || { echo "scancel: error: Kill job error on job id $1: Invalid job id specified" >&2; exit 1; }
  IFS='|' read -r state reason title < "$d/jobs/$1"
  echo "CANCELLED|None|$title" > "$d/jobs/$1"; echo 'CANCELLED by 1000|0:0' > "$d/accounts/$1";;
sinfo) printf 'long\nnormal*\nnormal*\n';;
esac
)sh";

  TempFolder folder_;
  std::string path_;
};

}  // namespace ecumene::test
