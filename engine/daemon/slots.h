// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace ecumene::engine::daemon {

/// Where a run trains: the CPU, a GPU, or what Slurm gives it. One run at a time trains in a slot of this machine, and
/// slots that share a GPU exclude each other; Slurm has a queue of its own.
struct Slot {
  /// Ascending; empty: the CPU. Several: of a training by hand, or of a launch of before one GPU was asked for.
  std::vector<int> gpus;
  bool slurm = false;
  std::string partition;  ///< of Slurm; empty: its default

  /// "cpu", "gpu:0,1", "slurm", "slurm:PARTITION". Throws Error (kUsage) at anything else.
  static Slot parse(const std::string& text);
  /// Of what is to be launched: also throws at several GPUs, since a run computes on one. Empty: firstSlot().
  static Slot asked(const std::string& text);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool conflictsWith(const Slot& other) const;
};

/// Numbers of this machine's GPUs, as CUDA in the order of the PCI bus and NVML count them: from 0 on, one for each of
/// the driver's files nvidia0, nvidia1, ... that is in the folder `devices`.
std::vector<int> gpusOfThisMachine(const std::filesystem::path& devices = "/dev");
/// What makes a process see these GPUs ("1", "0,1", empty: none), by those numbers.
std::map<std::string, std::string> showingGpus(const std::string& gpus);
/// The first of them, else the CPU.
Slot firstSlot();

}  // namespace ecumene::engine::daemon
