// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>

#include "engine/run/run_directory.h"
#include "tests/app/machine.h"

namespace ecumene::test {

/// A store of six generated planets, made once a process.
inline const std::string& sixPlanets() {
  static const TempFolder folder;
  static const std::string store = [] {
    const std::string made = (folder / "store").string();
    const Finished finished =
        runProgram({"ecumene-data", "generate", "--planets", "6", "--seed", "42", "--threads", "1", "--store", made});
    if (finished.code != 0) throw std::runtime_error(finished.err);
    return made;
  }();
  return store;
}

/// A machine whose trainers end with it: they are detached, so each is asked to stop.
class Session : public Machine {
 public:
  Session() : Machine(sixPlanets()) { EXPECT_EQ(start().code, 0); }
  ~Session() {
    for (const std::string& id : launched_) {
      std::error_code ignored;
      if (!std::filesystem::exists(runs() / id / "run.toml", ignored)) continue;
      if (const auto owner = engine::run::RunDirectory::open(runs() / id).owner()) {
        ::kill(static_cast<pid_t>(*owner), SIGKILL);
      }
    }
  }
  Json launch(const std::string& id, const std::string& epochs) {
    launched_.push_back(id);
    return json({"launch", "--preset", "nano", "--name", id, "--slot", "cpu", "--no-eval", "--set",
                 "train.epochs=" + epochs, "--set", "train.threads=1"});
  }
  Json waitForStep(const std::string& id, std::int64_t step) const {
    return waitFor(id, [&](const Json& run) { return run.at("state") == "running" && run.at("step") >= step; });
  }

 private:
  std::vector<std::string> launched_;
};

}  // namespace ecumene::test
