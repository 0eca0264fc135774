// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ecumene::test {

/// A program made for one test, running, its output read through pipes: to be killed at some point and asked what it
/// had acknowledged. Killed at the end of life.
class ChildProcess {
 public:
  /// `variable` of the environment holds the program's path. `inChild` runs between fork and exec.
  ChildProcess(
      const char* variable, std::vector<std::string> words, const std::function<void()>& inChild = [] {}) {
    const char* program = std::getenv(variable);
    if (program == nullptr) throw std::runtime_error(std::string(variable) + " is not set: run the test through ctest");
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (pipe(out.data()) != 0 || pipe(err.data()) != 0) throw std::runtime_error("no pipe");
    words.insert(words.begin(), program);
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = fork();
    if (pid_ == 0) {
      dup2(out[1], 1);
      dup2(err[1], 2);
      for (const int fd : {out[0], out[1], err[0], err[1]}) close(fd);
      inChild();
      execv(program, arguments.data());
      _exit(127);
    }
    close(out[1]);
    close(err[1]);
    out_ = out[0];
    err_ = err[0];
  }
  ~ChildProcess() {
    if (!ended_) {
      kill(pid_, SIGKILL);
      wait();
    }
    close(out_);
    close(err_);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  void killNow() { kill(pid_, SIGKILL); }
  /// Blocks until the child has printed something.
  void waitForOutput() { readSome(out_, text_); }
  /// Reads to the end and reaps; the status as of waitpid.
  int wait() {
    while (readSome(out_, text_)) {
    }
    while (readSome(err_, errors_)) {
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    ended_ = true;
    return status;
  }
  /// Whole lines that it printed, so far as they were read.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> lines;
    std::size_t begin = 0;
    for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n', begin)) {
      lines.push_back(text_.substr(begin, end - begin));
      begin = end + 1;
    }
    return lines;
  }
  [[nodiscard]] const std::string& errors() const { return errors_; }

 private:
  static bool readSome(int fd, std::string& text) {
    std::array<char, 4096> buffer{};
    const ssize_t got = read(fd, buffer.data(), buffer.size());
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0;
  }

  pid_t pid_ = -1;
  int out_ = -1, err_ = -1;
  bool ended_ = false;
  std::string text_, errors_;
};

}  // namespace ecumene::test
