// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/run_program.h"

namespace ecumene::test {

/// A program of ours in a terminal of its own, as a person has it. Killed at the end of life.
class Terminal {
 public:
  explicit Terminal(std::vector<std::string> words) {
    words[0] = programFolder() + "/" + words[0];
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    winsize size{};
    size.ws_row = 50;
    size.ws_col = 160;
    pid_ = ::forkpty(&keys_, nullptr, nullptr, &size);
    if (pid_ < 0) throw std::runtime_error("no terminal");
    if (pid_ > 0) return;
    ::execv(argv[0], argv.data());
    ::_exit(127);
  }
  ~Terminal() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(keys_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  void type(const std::string& keys) const {
    if (::write(keys_, keys.data(), keys.size()) < 0) throw std::runtime_error("the terminal takes no keys");
  }
  /// All that was written on it, so far as it was read.
  [[nodiscard]] const std::string& seen() const { return seen_; }
  /// Reads until this stands somewhere behind `from`; false after 60 s or where the program has ended.
  bool waitFor(const std::string& text, std::size_t from = 0) {
    for (int i = 0; i < 600 && seen_.find(text, from) == std::string::npos; ++i) {
      if (!read(std::chrono::milliseconds(100))) break;
    }
    return seen_.find(text, from) != std::string::npos;
  }
  /// Reads to the end of the program; its exit code, or 128 + signal. None: it has not ended after 20 s.
  std::optional<int> finish() {
    int status = 0;
    for (int i = 0; i < 2000; ++i) {
      if (!read(std::chrono::milliseconds(10))) ::usleep(10000);
      if (::waitpid(pid_, &status, WNOHANG) != pid_) continue;
      pid_ = -1;
      while (read(std::chrono::milliseconds(0))) {
      }
      return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    return std::nullopt;
  }

 private:
  /// False where nobody is there any more to write.
  bool read(std::chrono::milliseconds patience) {
    pollfd wait{keys_, POLLIN, 0};
    if (::poll(&wait, 1, static_cast<int>(patience.count())) <= 0) return pid_ > 0;
    std::array<char, 4096> buffer{};
    const ssize_t got = ::read(keys_, buffer.data(), buffer.size());
    if (got > 0) seen_.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  pid_t pid_ = -1;
  int keys_ = -1;
  std::string seen_;
};

}  // namespace ecumene::test
