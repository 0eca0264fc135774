// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ecumene::test {

/// store_writer as a child process, its output read through pipes.
class WriterProcess {
 public:
  /// `inChild` runs between fork and exec.
  WriterProcess(
      const std::filesystem::path& store, std::size_t first, std::size_t count, unsigned threads,
      const std::function<void()>& inChild = [] {}) {
    const char* program = std::getenv("ECUMENE_STORE_WRITER");
    if (program == nullptr) throw std::runtime_error("ECUMENE_STORE_WRITER is not set: run the test through ctest");
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (pipe(out.data()) != 0 || pipe(err.data()) != 0) throw std::runtime_error("no pipe");
    const std::array<std::string, 5> words{program, store.string(), std::to_string(first), std::to_string(count),
                                           std::to_string(threads)};
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
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
  ~WriterProcess() {
    if (!ended_) {
      kill(pid_, SIGKILL);
      wait();
    }
    close(out_);
    close(err_);
  }
  WriterProcess(const WriterProcess&) = delete;
  WriterProcess& operator=(const WriterProcess&) = delete;

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
  /// Ids whose add had returned; after wait().
  [[nodiscard]] std::vector<std::string> acknowledged() const {
    std::vector<std::string> ids;
    std::size_t begin = 0;
    for (std::size_t end = text_.find('\n'); end != std::string::npos; end = text_.find('\n', begin)) {
      const std::string line = text_.substr(begin, end - begin);
      if (line != "open") ids.push_back(line);
      begin = end + 1;
    }
    return ids;
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
