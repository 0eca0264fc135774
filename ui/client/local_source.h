// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <filesystem>
#include <map>
#include <memory>

#include "data/store/store.h"
#include "engine/run/run_directory.h"
#include "ui/client/source.h"

namespace ecumene::ui::client {

/// Planets of a store and runs of a folder on this machine, read in place. A trainer is a process of its own, started
/// detached and spoken to through its run's journal: it goes on when this process ends.
class LocalSource : public Source {
 public:
  struct Folders {
    std::filesystem::path store;    ///< empty: no planets
    std::filesystem::path runs;     ///< empty: no runs; each sub-folder with a run.toml is one
    std::filesystem::path trainer;  ///< the program ecumene-train
  };
  /// Opens nothing yet: the first question does, on the worker thread.
  explicit LocalSource(Folders folders);
  ~LocalSource() override;

  [[nodiscard]] std::string name() const override;
  std::vector<data::store::Row> planets() override;
  data::planet::Planet planet(const std::string& id) override;
  std::vector<RunRow> runs() override;
  engine::config::RunSpec specOf(const std::string& run) override;
  std::vector<engine::run::MetricRow> metricsAfter(const std::string& run, std::int64_t sequence,
                                                   std::size_t limit) override;
  std::vector<engine::run::Event> eventsAfter(const std::string& run, std::int64_t sequence,
                                              std::size_t limit) override;
  std::vector<engine::run::Command> commands(const std::string& run) override;
  void request(const std::string& run, const std::string& word, const std::string& argument) override;
  std::string launch(const std::string& id, const engine::config::RunSpec& spec) override;
  void resume(const std::string& run) override;
  ModelSize sizeOf(const engine::config::RunSpec& spec) override;

 private:
  data::store::Store& store();
  engine::run::RunDirectory& open(const std::string& run);
  [[nodiscard]] std::filesystem::path folderOf(const std::string& run) const;
  void requireTrainer() const;
  /// What the trainer prints for these words; throws Error with what it said where it refused.
  [[nodiscard]] std::string ask(const QStringList& words, int milliseconds) const;
  void start(const std::filesystem::path& run, const char* word) const;

  Folders folders_;
  std::optional<data::store::Store> store_;
  std::map<std::string, engine::run::RunDirectory> open_;
};

}  // namespace ecumene::ui::client
