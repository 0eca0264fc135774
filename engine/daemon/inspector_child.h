// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "engine/daemon/processes.h"

namespace ecumene::engine::daemon {

/// A warm `ecumene-train inspect --whole --json`: it keeps a model loaded and answers one line with one. It ends with
/// this object, and of itself where the daemon is killed. One thread asks at a time; any thread may end it.
class InspectorChild {
 public:
  /// Starts it; what it writes of failures goes to `errors`, made anew. Throws Error if it cannot be started.
  InspectorChild(const Program& program, std::filesystem::path errors);
  ~InspectorChild();
  InspectorChild(const InspectorChild&) = delete;
  InspectorChild& operator=(const InspectorChild&) = delete;

  /// The answer's line, without its end. `goesOn` is asked several times a second: false gives it up. Throws Error
  /// where the child ends before it has answered, with what it said, or the answer is too long; after that, and after
  /// it was given up, the child has ended.
  std::string ask(const std::string& line, const std::function<bool()>& goesOn);
  /// Kills it. `why` is said to who waits for its answer.
  void end(const std::string& why);
  [[nodiscard]] bool hasEnded();
  [[nodiscard]] pid_t pid() const { return talking_.process.pid; }

 private:
  void send(const std::string& line, const std::function<bool()>& goesOn);
  [[noreturn]] void fail(const std::string& printed);
  void collectCode();

  const std::filesystem::path errors_;
  Conversing talking_;
  std::string rest_;  ///< what it has printed behind the last line
  std::mutex mutex_;  ///< of all below
  std::optional<int> code_;
  std::string why_;
};

}  // namespace ecumene::engine::daemon
