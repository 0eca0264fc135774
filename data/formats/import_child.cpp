// SPDX-License-Identifier: Apache-2.0
// The parent's side: starts the child, reads its frames under limits, and decides what its end means.
#include "data/formats/import_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/import_wire.h"
#include "data/planet/planet.h"

namespace ecumene::data::formats {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPipeInChild = 3;
constexpr std::size_t kLongestWords = 65536;  // of a stage, an error or of stderr that is kept
constexpr int kPollMilliseconds = 50;

struct Pipe {
  FileDescriptor readEnd, writeEnd;
};

Pipe makePipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw systemError("cannot make a pipe", "pipe2", errno);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// A started child: killed and waited for at the end of its life, whatever happens.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    kill();
    wait();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  void kill() const {
    if (!status_) ::kill(pid_, SIGKILL);
  }
  /// Wait status of the child.
  int wait() {
    if (!status_) {
      int status = 0;
      while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
      status_ = status;
    }
    return *status_;
  }

 private:
  pid_t pid_;
  std::optional<int> status_;
};

pid_t spawn(const std::filesystem::path& program, const std::vector<std::string>& words, int pipe, int standardError) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, standardError, 2);
  // Should the pipe be descriptor 3 already, this action still makes it survive the exec.
  posix_spawn_file_actions_adddup2(&actions, pipe, kPipeInChild);
  // The child must answer signals by dying, whatever the parent ignores or blocks.
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  // A group of its own: Ctrl-C at a terminal reaches us alone, and we end the child, so that its death by a signal
  // always speaks of the file.
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  std::vector<char*> argv;
  argv.reserve(words.size() + 1);
  for (const std::string& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  // No inherited environment: a variable may name plug-ins for HDF5 or a pre-loaded library.
  std::array<char*, 1> environment{nullptr};
  pid_t pid = 0;
  const int result = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, argv.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (result != 0) throw systemError("cannot start the importing process", program.string(), result);
  return pid;
}

/// Collects frames from the pipe's bytes; throws Error as soon as a length is over its limit.
class Inbox {
 public:
  explicit Inbox(std::uint64_t resultBytes) : resultBytes_(resultBytes) {}

  void take(std::span<const std::byte> bytes) {
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
    while (buffer_.size() >= kFrameHeader) {
      std::uint64_t length = 0;
      std::memcpy(&length, buffer_.data() + 1, sizeof length);
      const auto kind = static_cast<FrameKind>(buffer_[0]);
      const bool words = kind == FrameKind::kStage || kind == FrameKind::kError;
      if (!words && kind != FrameKind::kResult) throw Error("it sent what is no message");
      if (length > (words ? kLongestWords : resultBytes_)) throw Error("it sent more than an import may hold");
      if (buffer_.size() - kFrameHeader < length) return;
      const auto body = buffer_.begin() + static_cast<std::ptrdiff_t>(kFrameHeader);
      const auto end = body + static_cast<std::ptrdiff_t>(length);
      if (kind == FrameKind::kResult) {
        if (result) throw Error("it sent two results");
        result.emplace(body, end);
      } else {
        std::string text(length, '\0');
        std::memcpy(text.data(), buffer_.data() + kFrameHeader, length);
        (kind == FrameKind::kStage ? stage : error) = text;
      }
      buffer_.erase(buffer_.begin(), end);
    }
  }
  [[nodiscard]] bool partial() const { return !buffer_.empty(); }

  std::string stage = "starting", error;
  std::optional<std::vector<std::byte>> result;

 private:
  std::uint64_t resultBytes_;
  std::vector<std::byte> buffer_;
};

std::string howItEnded(int status) {
  if (WIFSIGNALED(status)) {
    if (WTERMSIG(status) == SIGXCPU) return "it took more processor time than an import may";
    return std::string("its process was ended by ") + ::strsignal(WTERMSIG(status));
  }
  return "its process ended with status " + std::to_string(WEXITSTATUS(status));
}

Error hostile(const std::string& file, const std::string& why, const Inbox& inbox, const std::string& said) {
  Error error("the file is damaged or hostile");
  error.on(file).found(why + " while " + inbox.stage);
  if (!said.empty()) error.within("it said: " + said);
  error.next("nothing of it was kept; fetch the file again from its source");
  return error;
}

/// Reads both pipes until they close.
void listen(Child& child, const Pipe& messages, const Pipe& complaints, const ImportLimits& limits,
            const std::stop_token& stop, Inbox& inbox, std::string& said, const std::string& file) {
  const Clock::time_point deadline = Clock::now() + limits.wallTime;
  std::array<pollfd, 2> sources{pollfd{messages.readEnd.get(), POLLIN, 0}, pollfd{complaints.readEnd.get(), POLLIN, 0}};
  std::vector<std::byte> piece(std::size_t{1} << 18U);
  while (sources[0].fd >= 0 || sources[1].fd >= 0) {
    if (stop.stop_requested()) {
      child.kill();
      child.wait();
      throw Error("the import was cancelled", ErrorKind::kCancelled).on(file);
    }
    if (Clock::now() >= deadline) {
      child.kill();
      child.wait();
      throw hostile(file, "it took longer than an import may", inbox, said);
    }
    const int ready = ::poll(sources.data(), sources.size(), kPollMilliseconds);
    if (ready < 0 && errno != EINTR) throw systemError("cannot listen to the importing process", "poll", errno);
    if (ready <= 0) continue;
    for (pollfd& source : sources) {
      if (source.fd < 0 || source.revents == 0) continue;
      const ssize_t got = ::read(source.fd, piece.data(), piece.size());
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) {
        source.fd = -1;
        continue;
      }
      const auto bytes = std::span<const std::byte>(piece).first(static_cast<std::size_t>(got));
      if (source.fd == messages.readEnd.get()) {
        inbox.take(bytes);
      } else if (said.size() < kLongestWords) {
        said.append(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kLongestWords - said.size()));
      }
    }
  }
}

void checkFile(const std::filesystem::path& path, const ImportLimits& limits) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw systemError("cannot open the file", path.string(), errno);
  if (!S_ISREG(status.st_mode)) {
    throw Error("this is not a plain file").on(path.string()).next("name the files inside a folder one by one");
  }
  if (static_cast<std::uint64_t>(status.st_size) > limits.fileBytes) {
    throw Error("the file is larger than an import may be")
        .on(path.filename().string())
        .expected("at most " + std::to_string(limits.fileBytes) + " bytes")
        .found(std::to_string(status.st_size));
  }
}

}  // namespace

planet::Import runImportChild(const std::filesystem::path& program, const std::filesystem::path& path,
                              const ImportOptions& options, const ImportLimits& limits, std::stop_token stop) {
  const std::string file = path.filename().string();
  checkFile(path, limits);
  Pipe messages = makePipe();
  Pipe complaints = makePipe();
  std::vector<std::string> words{program.string(),
                                 kImportChildWord,
                                 std::to_string(kPipeInChild),
                                 std::to_string(::getpid()),
                                 std::to_string(limits.memoryBytes),
                                 std::to_string(limits.cpuSeconds),
                                 std::filesystem::absolute(path).string()};
  for (const auto& [key, value] : options.set) words.push_back(key + "=" + value);
  Child child(spawn(program, words, messages.writeEnd.get(), complaints.writeEnd.get()));
  messages.writeEnd.close();
  complaints.writeEnd.close();

  Inbox inbox(limits.resultBytes);
  std::string said;
  try {
    listen(child, messages, complaints, limits, stop, inbox, said, file);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kInput && error.object().empty()) throw hostile(file, error.failure(), inbox, said);
    throw;
  }
  const int status = child.wait();
  const bool clean = WIFEXITED(status) && !inbox.partial();
  if (clean && WEXITSTATUS(status) == 1 && !inbox.error.empty()) throw decodeError(inbox.error);
  if (!clean || WEXITSTATUS(status) != 0 || !inbox.result) throw hostile(file, howItEnded(status), inbox, said);
  try {
    planet::Import import = planet::decodeImport(*inbox.result);
    planet::validate(import.planet);
    return import;
  } catch (const Error& error) {
    throw hostile(file, error.what(), inbox, said);
  }
}

}  // namespace ecumene::data::formats
