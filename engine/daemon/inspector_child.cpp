// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/inspector_child.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "data/base/error.h"
#include "engine/daemon/launch_spec.h"
#include "engine/daemon/log_end.h"

namespace ecumene::engine::daemon {
namespace {

constexpr int kPollMilliseconds = 100;
/// An answer is a row and a column of attention, or a list of a planet's inputs: far below.
constexpr std::size_t kMostAnswer = std::size_t{256} << 20U;
constexpr std::chrono::seconds kChildLastWords{2};
/// What trains goes first.
constexpr int kNice = 10;

bool isReady(int socket, short events) {
  pollfd waited{socket, events, 0};
  return ::poll(&waited, 1, kPollMilliseconds) > 0;
}

Error givenUp() {
  return Error("the question was given up before it was answered", ErrorKind::kCancelled);
}

}  // namespace

InspectorChild::InspectorChild(const Program& program, std::filesystem::path errors)
    : errors_(std::move(errors)), talking_(startConversing(program, errors_)) {
  [[maybe_unused]] const int ignored = ::setpriority(PRIO_PROCESS, static_cast<id_t>(talking_.process.pid), kNice);
}

InspectorChild::~InspectorChild() {
  end("the daemon has ended it");
}

void InspectorChild::collectCode() {
  int status = 0;
  while (::waitpid(talking_.process.pid, &status, 0) < 0 && errno == EINTR) {
  }
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void InspectorChild::end(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (code_) return;
  why_ = why;
  ::kill(talking_.process.pid, SIGKILL);
  collectCode();
}

bool InspectorChild::hasEnded() {
  const std::lock_guard lock(mutex_);
  if (!code_) code_ = collect(talking_.process.pid);
  return code_.has_value();
}

void InspectorChild::fail(const std::string& printed) {
  const std::lock_guard lock(mutex_);
  // It has closed its output, so its end is near; what it ended with says more than our kill.
  for (const auto until = std::chrono::steady_clock::now() + kChildLastWords; !code_;) {
    code_ = collect(talking_.process.pid);
    if (code_) break;
    if (std::chrono::steady_clock::now() > until) {
      ::kill(talking_.process.pid, SIGKILL);
      collectCode();
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(kPollMilliseconds / 10));
    }
  }
  if (!why_.empty()) throw Error(why_, ErrorKind::kEnvironment).next("ask again");
  throw trainerError({*code_, printed, logEnd(errors_)}, "answering").next("ask again");
}

void InspectorChild::send(const std::string& line, const std::function<bool()>& goesOn) {
  std::string left = line + "\n";
  while (!left.empty()) {
    if (!goesOn()) throw givenUp();
    if (!isReady(talking_.socket.get(), POLLOUT)) continue;
    const ssize_t sent = ::send(talking_.socket.get(), left.data(), left.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent > 0) left.erase(0, static_cast<std::size_t>(sent));
    // Whatever it has printed before it went says why.
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return;
  }
}

std::string InspectorChild::ask(const std::string& line, const std::function<bool()>& goesOn) {
  try {
    send(line, goesOn);
    std::string answer = std::exchange(rest_, {});
    std::array<char, 65536> buffer{};
    while (answer.size() < kMostAnswer) {
      // The Error of one that cannot load is an object of several lines, of which the first is a brace; then it ends.
      const std::size_t end = answer.find('\n');
      if (end != std::string::npos && end > 1) {
        rest_ = answer.substr(end + 1);
        answer.resize(end);
        return answer;
      }
      if (!goesOn()) throw givenUp();
      if (!isReady(talking_.socket.get(), POLLIN)) continue;
      const ssize_t got = ::recv(talking_.socket.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      if (got > 0) answer.append(buffer.data(), static_cast<std::size_t>(got));
      if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) fail(answer);
    }
    throw Error("an answer is too long", ErrorKind::kEnvironment).expected(std::to_string(kMostAnswer) + " bytes");
  } catch (const Error& error) {
    end(error.failure());
    throw;
  }
}

}  // namespace ecumene::engine::daemon
