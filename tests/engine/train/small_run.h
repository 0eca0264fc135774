// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <stdexcept>
#include <string>
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
  const auto store = engine::train::storeOf(run.spec());
  return engine::train::train(run, store, options);
}

inline engine::checkpoint::Checkpoint lastCheckpoint(const engine::run::RunDirectory& run) {
  return engine::checkpoint::read(engine::checkpoint::newest(run.checkpoints()).value());
}

inline void expectSame(const engine::checkpoint::Tensors& a, const engine::checkpoint::Tensors& b, const char* what) {
  ASSERT_EQ(a.size(), b.size()) << what;
  for (const auto& [name, tensor] : a) EXPECT_TRUE(torch::equal(tensor, b.at(name))) << what << ' ' << name;
}

/// A metric's values by step.
inline std::map<std::int64_t, double> metric(const engine::run::RunDirectory& run, const std::string& name) {
  std::map<std::int64_t, double> values;
  for (const engine::run::MetricRow& row : run.metricsAfter(0)) {
    if (row.name == name) values[row.step] = row.value;
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

}  // namespace ecumene::test
