// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/processes.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>

#include "data/base/error.h"
#include "data/base/files.h"

namespace ecumene::engine::daemon {
namespace {

constexpr std::size_t kMostOutput = std::size_t{16} << 20U;

std::string bootId() {
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::string id;
  std::getline(file, id);
  return id;
}

std::vector<std::string> environmentOf(const Program& program) {
  std::vector<std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    if (!program.environment.contains(std::string(text.substr(0, text.find('='))))) environment.emplace_back(text);
  }
  for (const auto& [name, value] : program.environment) environment.push_back(name + "=" + value);
  return environment;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// Starts it with these descriptors as output and errors, and as input; -1: an empty one.
pid_t spawn(const Program& program, int out, int err, bool detached, int in = -1) {
  std::vector<std::string> words = program.words;
  std::vector<std::string> environment = environmentOf(program);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (in >= 0) {
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  if (!program.folder.empty()) posix_spawn_file_actions_addchdir_np(&actions, program.folder.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // Signals as a shell would give them: those that we block or ignore are not the child's business.
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  const int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | (detached ? POSIX_SPAWN_SETSID : 0);
  posix_spawnattr_setflags(&attributes, static_cast<short>(flags));
  pid_t pid = 0;
  const int problem = posix_spawn(&pid, words.at(0).c_str(), &actions, &attributes, pointers(words).data(),
                                  pointers(environment).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (problem != 0) throw systemError("cannot start the program", words.at(0), problem);
  return pid;
}

int codeOf(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// A file in memory, so that a child never waits for us to read.
FileDescriptor memoryFile() {
  FileDescriptor file(::memfd_create("output", MFD_CLOEXEC));
  if (!file.valid()) throw systemError("cannot keep a program's output", "memory", errno);
  return file;
}

}  // namespace

std::optional<ProcessId> identify(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (pid <= 0 || !std::getline(file, line)) return std::nullopt;
  // The name, field 2, may hold anything; the state, field 3, stands behind its last bracket.
  const std::size_t name = line.rfind(')');
  if (name == std::string::npos || name + 2 >= line.size()) return std::nullopt;
  std::istringstream rest(line.substr(name + 2));
  const std::vector<std::string> fields(std::istream_iterator<std::string>(rest), {});
  constexpr std::size_t kState = 0, kThreads = 17, kStarted = 19;  // fields 3, 20 and 22
  if (fields.size() <= kStarted || fields[kState] == "X") return std::nullopt;
  // A first thread that has ended before others reads as one that waits to be collected, and cannot be collected yet.
  if (fields[kState] == "Z" && fields[kThreads] == "1") return std::nullopt;
  ProcessId process{pid, 0, bootId()};
  const std::string& started = fields[kStarted];
  std::from_chars(started.data(), started.data() + started.size(), process.started);
  return process;
}

bool isAlive(const ProcessId& process) {
  return identify(process.pid) == process;
}

ProcessId startDetached(const Program& program, const std::filesystem::path& out, const std::filesystem::path& err) {
  const auto open = [](const std::filesystem::path& path) {
    FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (!file.valid()) throw systemError("cannot write the log", path.string(), errno);
    return file;
  };
  const FileDescriptor outFile = open(out);
  const FileDescriptor errFile = open(err);
  const pid_t pid = spawn(program, outFile.get(), errFile.get(), true);
  return identify(pid).value_or(ProcessId{pid, 0, {}});
}

std::optional<int> collect(pid_t pid) {
  int status = 0;
  if (::waitpid(pid, &status, WNOHANG) != pid) return std::nullopt;
  return codeOf(status);
}

std::optional<End> endOf(const ProcessId& process) {
  // In this order: who ends in between is collected.
  const bool alive = isAlive(process);
  const auto code = collect(process.pid);
  if (alive && !code) return std::nullopt;
  return End{code};
}

std::string contentOf(const FileDescriptor& file) {
  std::string content(std::min(static_cast<std::size_t>(::lseek(file.get(), 0, SEEK_END)), kMostOutput), '\0');
  const ssize_t got = ::pread(file.get(), content.data(), content.size(), 0);
  content.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return content;
}

Attached startAttached(const Program& program) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw systemError("cannot make a pipe", program.words.at(0), errno);
  const FileDescriptor theirs(ends[0]);
  Attached attached{{}, FileDescriptor(ends[1]), memoryFile(), memoryFile()};
  const pid_t pid = spawn(program, attached.out.get(), attached.err.get(), false, theirs.get());
  attached.process = identify(pid).value_or(ProcessId{pid, 0, {}});
  return attached;
}

Conversing startConversing(const Program& program, const std::filesystem::path& err) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    throw systemError("cannot make a socket", program.words.at(0), errno);
  }
  const FileDescriptor theirs(ends[0]);
  Conversing conversing{{}, FileDescriptor(ends[1])};
  const FileDescriptor errFile(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!errFile.valid()) throw systemError("cannot write the log", err.string(), errno);
  const pid_t pid = spawn(program, theirs.get(), errFile.get(), true, theirs.get());
  conversing.process = identify(pid).value_or(ProcessId{pid, 0, {}});
  return conversing;
}

Ended runToEnd(const Program& program) {
  const FileDescriptor out = memoryFile();
  const FileDescriptor err = memoryFile();
  const pid_t pid = spawn(program, out.get(), err.get(), false);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return {codeOf(status), contentOf(out), contentOf(err)};
}

}  // namespace ecumene::engine::daemon
