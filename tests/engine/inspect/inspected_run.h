// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "engine/inspect/opened_run.h"
#include "tests/engine/train/small_run.h"

namespace ecumene::test {

/// Folder of a run of the preset nano, trained for one epoch on the small store, made once a process.
inline const std::filesystem::path& trainedRun() {
  static const TempFolder folder;
  static const std::filesystem::path trained = [] {
    const std::filesystem::path made = folder / "run";
    engine::run::RunDirectory run = makeRun(made, nano({"train.epochs=1", "train.lr=0.01"}));
    run.claim();
    (void)trainHere(run);
    return made;
  }();
  return trained;
}

inline engine::inspect::OpenedRun& openedRun() {
  static engine::inspect::OpenedRun run(trainedRun());
  return run;
}

inline engine::inspect::Subjects& subjects() {
  static engine::inspect::Subjects all(openedRun());
  return all;
}

/// A generated planet with every view.
inline std::string anyPlanet() {
  return subjects().store().list().front().id;
}

inline std::unique_ptr<engine::inspect::Subject> subject(const std::vector<std::string>& without = {}) {
  return subjects().readOne({anyPlanet(), "", without});
}

}  // namespace ecumene::test
