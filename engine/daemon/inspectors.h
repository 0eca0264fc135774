// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "engine/daemon/inspector_child.h"
#include "engine/daemon/monitor.h"
#include "engine/daemon/registry.h"
#include "engine/daemon/stores.h"
#include "engine/daemon/supervisor.h"

namespace ecumene::engine::daemon {

/// A question to a trained model.
struct ModelQuestion {
  std::string run;
  std::string json;           ///< engine/inspect/README.md
  std::string store;          ///< id of the store that the run learned from; empty: where it was then
  double seconds = kSeconds;  ///< for the answer, all waiting included
  static constexpr double kSeconds = 120.0, kMostSeconds = 600.0;
};

/// Keeps the models that were asked last loaded, each in a process of its own (InspectorChild), and has one question at
/// a time answered by each, in the order in which they came. A model is loaded anew where its run has another
/// checkpoint or evaluation by then. It lies on a GPU that nobody trains on, else in memory that is available; a
/// training that takes the GPU ends it. Any thread.
class Inspectors {
 public:
  static constexpr std::size_t kMostWarm = 3;                        ///< processes
  static constexpr std::size_t kMostQuestions = 32;                  ///< that wait or are answered
  static constexpr std::size_t kMostBytes = std::size_t{60} << 10U;  ///< of a question: fits a line of the child
  static constexpr std::chrono::minutes kIdle{5};                    ///< then a process ends

  struct Setup {
    std::filesystem::path programs;         ///< folder of ecumene-train
    std::filesystem::path logs;             ///< folder for what the processes say of failures
    std::optional<std::int64_t> mostBytes;  ///< of memory that a process may take; none: what is available
    std::chrono::milliseconds idle = kIdle;
  };
  Inspectors(Registry& registry, const Stores& stores, Supervisor& supervisor, Monitor& monitor, Setup setup);
  /// end().
  ~Inspectors();
  Inspectors(const Inspectors&) = delete;
  Inspectors& operator=(const Inspectors&) = delete;

  /// Told what the question waits for, where that changes; asked several times a second whether somebody still wants
  /// the answer (then with an empty text).
  using Wanted = std::function<bool(const std::string& waitsFor)>;
  /// The answer, as `ecumene-train inspect --whole` gives it, byte for byte. Throws Error: what the model's process
  /// answers as one; a question that is none, or too long; too little memory, naming bytes needed and there; too many
  /// questions; not answered in time; given up (kCancelled).
  std::string ask(const ModelQuestion& question, const Wanted& wanted);
  /// Ends all processes; who waits gets an Error.
  void end();

 private:
  using Clock = std::chrono::steady_clock;
  /// A run, with the store that it is asked from.
  struct Model {
    std::string run, store;
    std::deque<const void*> line;  ///< who waits for it, the first has it
    std::shared_ptr<InspectorChild> child;
    std::string loaded;  ///< versionOf() the child's
    int gpu = -1;        ///< that the child computes on; -1: the CPU
    Clock::time_point used;
  };
  class Turn;
  class Waiting;
  class Loading;

  void work(const std::stop_token& stop);
  void look();
  std::shared_ptr<InspectorChild> warm(Model& model, const Waiting& waiting);
  void makeRoom(const Model& model, const Waiting& waiting);
  bool endIdle(const Model* but);
  int place(const Model& model, std::int64_t need);
  std::int64_t needOf(const Model& model);
  [[nodiscard]] Program program(const Model& model, const std::string& word, int gpu) const;
  [[nodiscard]] std::string versionOf(const std::string& run) const;
  [[nodiscard]] std::int64_t memoryForUs() const;
  [[nodiscard]] std::string trainedOn(int gpu) const;

  Registry& registry_;
  const Stores& stores_;
  Supervisor& supervisor_;
  Monitor& monitor_;
  const Setup setup_;
  std::mutex mutex_;  ///< of all below
  std::condition_variable_any changed_;
  std::map<std::string, std::shared_ptr<Model>> models_;
  std::map<std::string, std::int64_t> needs_;  ///< bytes, by run and what its run.toml was then
  std::size_t questions_ = 0;
  bool ended_ = false;
  bool loading_ = false;  ///< one at a time, so that no memory is counted twice
  std::jthread thread_;   ///< last: it uses the others
};

}  // namespace ecumene::engine::daemon
