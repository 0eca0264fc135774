// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/base/files.h"

namespace ecumene::engine::daemon {

/// A process that stays the same one when its number is used again: by its start time and the machine's boot.
struct ProcessId {
  pid_t pid = 0;
  std::uint64_t started = 0;  ///< clock ticks since boot: /proc/PID/stat, field 22
  std::string boot;           ///< /proc/sys/kernel/random/boot_id
  bool operator==(const ProcessId&) const = default;
};
/// None if there is no such process, or it has ended and waits to be collected.
std::optional<ProcessId> identify(pid_t pid);
bool isAlive(const ProcessId& process);

struct Program {
  std::vector<std::string> words;                  ///< path of the program, arguments
  std::map<std::string, std::string> environment;  ///< on top of ours
  std::filesystem::path folder = {};               ///< that it works in; empty: ours
};

/// Starts a program in a session of its own, so that it outlives us: input empty, output and errors appended to files
/// (which may be one), no descriptor of ours. Throws Error if it cannot be started.
ProcessId startDetached(const Program& program, const std::filesystem::path& out, const std::filesystem::path& err);

/// A program whose input is a pipe of ours, so that it sees the end of it when we end, however that is. Its output and
/// errors are in memory, for contentOf().
struct Attached {
  ProcessId process;
  FileDescriptor input, out, err;
};
/// Throws Error if it cannot be started.
Attached startAttached(const Program& program);
/// A program whose input and output are one socket of ours, to be asked and answered by; it sees the end of its input
/// when we end, however that is. What it writes of errors goes to a file, made anew.
struct Conversing {
  ProcessId process;
  FileDescriptor socket;
};
/// Throws Error if it cannot be started.
Conversing startConversing(const Program& program, const std::filesystem::path& err);
/// What a program has written so far; at most 16 MiB.
std::string contentOf(const FileDescriptor& file);

/// What a child of ours ended with: its exit code, or 128 + signal; none while it runs. Asked again after the end, or
/// of a process that is no child of ours: none.
std::optional<int> collect(pid_t pid);

/// The end of a process; none while it runs.
struct End {
  std::optional<int> code;  ///< as of collect(); none where nobody can know it
};
std::optional<End> endOf(const ProcessId& process);

struct Ended {
  int code = 0;  ///< exit code, or 128 + signal
  std::string out, err;
};
/// Runs a program to its end; at most 16 MiB of either stream are kept.
Ended runToEnd(const Program& program);

}  // namespace ecumene::engine::daemon
