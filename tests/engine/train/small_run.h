// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "engine/checkpoint/checkpoint.h"
#include "engine/run/run_directory.h"
#include "engine/train/runs.h"
#include "engine/train/trainer.h"
#include "tests/support/ecumene_data.h"

namespace ecumene::test {

/// A store of six generated planets (three of the train split), made once a process.
inline const std::filesystem::path& smallStore() {
  static const TempFolder folder;
  static const std::filesystem::path store = [] {
    const std::filesystem::path made = folder / "store";
    const Finished finished =
        ecumeneData({"generate", "--planets", "6", "--seed", "42", "--threads", "1", "--store", made.string()});
    if (finished.code != 0) throw std::runtime_error(finished.err);
    return made;
  }();
  return store;
}

/// The preset nano with settings.
inline engine::config::RunSpec nano(const std::vector<std::string>& settings = {}) {
  engine::config::RunSpec spec = engine::config::preset("nano");
  spec.data.store = smallStore().string();
  spec.train.device = "cpu";
  for (const std::string& setting : settings) engine::config::set(spec, setting);
  return spec;
}

/// A new run in `folder`.
inline engine::run::RunDirectory makeRun(const std::filesystem::path& folder, const engine::config::RunSpec& spec) {
  engine::train::newRun(spec, "nano", folder);
  return engine::run::RunDirectory::open(folder);
}

/// Trains it in this process.
inline engine::train::Outcome trainHere(engine::run::RunDirectory& run,
                                        const engine::train::TrainOptions& options = {}) {
  return engine::train::train(run, options);
}

inline engine::checkpoint::Checkpoint lastCheckpoint(const engine::run::RunDirectory& run) {
  return engine::checkpoint::read(engine::checkpoint::newest(run.checkpoints()).value());
}

/// Where a run stands, but for how long it took.
inline engine::checkpoint::Progress timeless(engine::checkpoint::Progress progress) {
  progress.seconds = 0.0;
  return progress;
}

inline void expectSame(const engine::checkpoint::Tensors& a, const engine::checkpoint::Tensors& b, const char* what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (const auto& [name, tensor] : a) EXPECT_TRUE(torch::equal(tensor, b.at(name))) << what << ' ' << name;
}

/// The metrics whose names begin so, by name and step. One that has two values of a step fails the test.
inline std::map<std::pair<std::string, std::int64_t>, double> metrics(const engine::run::RunDirectory& run,
                                                                      const std::string& begin) {
  std::map<std::pair<std::string, std::int64_t>, double> values;
  for (const engine::run::MetricRow& row : run.metricsAfter(0)) {
    if (!row.name.starts_with(begin)) continue;
    const bool isNew = values.emplace(std::pair(row.name, row.step), row.value).second;
    EXPECT_TRUE(isNew) << row.name << " twice at step " << row.step;
  }
  return values;
}

/// One metric's values by step.
inline std::map<std::int64_t, double> metric(const engine::run::RunDirectory& run, const std::string& name) {
  std::map<std::int64_t, double> values;
  for (const auto& [key, value] : metrics(run, name)) {
    if (key.first == name) values[key.second] = value;
  }
  return values;
}

inline std::vector<engine::run::Event> events(const engine::run::RunDirectory& run, const std::string& kind) {
  std::vector<engine::run::Event> found;
  for (const engine::run::Event& event : run.eventsAfter(0)) {
    if (event.kind == kind) found.push_back(event);
  }
  return found;
}

/// Somebody beside a training of this process, who does one thing once the run is in a state. Waits no longer than it
/// lives: a training that throws, or never comes there, ends the test.
class Bystander {
 public:
  void when(engine::run::RunDirectory& run, engine::run::State state, std::function<void()> work) {
    thread_ = std::jthread([&run, state, work = std::move(work)](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        if (run.state() == state) return work();
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
      }
    });
  }
  /// The training has ended.
  void leave() { thread_ = {}; }

 private:
  std::jthread thread_;
};

}  // namespace ecumene::test
