// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fstream>

#include "engine/run/run_directory.h"
#include "tests/ui/window.h"

namespace ecumene::test {

/// The window with its Runs workspace in front, over a daemon of this process.
struct OpenRuns {
  /// Over sample planets. With text, the daemon's `ecumene-train` is a shell script of it.
  explicit OpenRuns(const std::string& trainer = "", std::uint64_t planets = 2)
      : store(memory / "store"), served(store, programs(trainer)), station(memory / "memory") {
    makeStore(store, planets);
    begin();
  }
  /// Over a store that is there, with programs that are there.
  OpenRuns(const std::filesystem::path& planets, const std::filesystem::path& bin)
      : store(planets), served(store, bin), station(memory / "memory") {
    begin();
  }
  engine::config::RunSpec nano() const {
    engine::config::RunSpec spec = engine::config::preset("nano");
    spec.data.store = store.string();
    spec.train.device = "cpu";
    return spec;
  }
  engine::run::RunDirectory make(const std::string& id) const {
    return engine::run::RunDirectory::create(served.runs() / id, nano());
  }
  /// The daemon once more, with another store of this name beside its own.
  void openWith(const std::string& id) {
    makeStore(memory / id, 1);
    served.settings.stores.emplace(id, memory / id);
    served.daemon.reset();
    ASSERT_TRUE(waitFor([this] { return !station.client.isUp(); }));
    served.begin();
    ASSERT_TRUE(waitFor([this] { return station.client.hello().stores_size() == 2; }));
  }
  template <class T>
  T* child(const char* name) {
    return station.window->findChild<T*>(name);
  }
  void trigger(const char* action) {
    for (QAction* one : station.window->allActions()) {
      if (one->objectName() == action) return one->trigger();
    }
    ADD_FAILURE() << "no action " << action;
  }

  TempFolder memory;
  std::filesystem::path store;
  Served served;
  Workstation station;

 private:
  void begin() {
    if (!station.show()) ADD_FAILURE() << "the window was not exposed";
    EXPECT_TRUE(station.open(served));
    station.window->showWorkspace("runs");
  }
  std::filesystem::path programs(const std::string& trainer) const {
    if (trainer.empty()) return "/nonexistent";
    const std::filesystem::path folder = memory / "bin";
    std::filesystem::create_directory(folder);
    std::ofstream(folder / "ecumene-train") << "#!/bin/sh\n" << trainer;
    std::filesystem::permissions(folder / "ecumene-train", std::filesystem::perms::owner_all);
    return folder;
  }
};

}  // namespace ecumene::test
