// SPDX-License-Identifier: Apache-2.0
#include "engine/train/best_checkpoint.h"

#include <algorithm>
#include <vector>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/run/events.h"

namespace ecumene::engine::train {
namespace {

namespace fs = std::filesystem;

/// What a journal says of a run's checkpoints.
struct Told {
  std::int64_t last = -1;             ///< step of the newest one; -1: none
  std::vector<std::string> passedBy;  ///< what was said of those that a resumed training could not read
};

Told toldOf(const run::RunDirectory& run) {
  Told told;
  for (const run::Event& event : run::eventsOf(run, {"checkpoint", "rewound", "checkpoint_damaged"})) {
    if (event.kind == "checkpoint_damaged") {
      told.passedBy.push_back(event.text);
    } else {
      told.last = event.step;
    }
  }
  return told;
}

bool isWhole(const fs::path& folder) {
  try {
    checkpoint::verify(folder);
    return true;
  } catch (const Error&) {
    return false;
  }
}

constexpr const char* kFromCopy = "bring it back from a copy";

std::string advice(const run::RunDirectory& run) {
  std::string said = kFromCopy;
  said += ", or train from the one before it: ecumene-train resume ";
  said += run.folder().string();
  return said;
}

/// The checkpoint's last file holds it, as sha256sum writes it.
std::string manifestHash(const fs::path& checkpoint) {
  const std::string text = readFile(checkpoint / "manifest.sha256");
  return text.substr(0, text.find(' '));
}

/// Damage that it finds is an Error with this advice.
template <class Read>
auto withAdvice(const std::string& what, Read read) {
  try {
    return read();
  } catch (Error& error) {
    throw error.next(what);
  }
}

checkpoint::Checkpoint readBest(const run::RunDirectory& run, Loaded& loaded) {
  const fs::path last = lastCheckpoint(run);
  const checkpoint::Progress progress =
      withAdvice(advice(run), [&] { return checkpoint::readManifest(last).progress; });
  const std::int64_t step = progress.bestStep < 0 ? progress.step : progress.bestStep;
  const fs::path best = checkpoint::folderOf(run.checkpoints(), step);
  // Training goes on behind a damaged newest one; for the best there is no other.
  return withAdvice(best == last ? advice(run) : kFromCopy, [&] {
    if (!fs::is_directory(best)) throw Error("the run's best checkpoint is gone").on(best.string());
    loaded = {step, progress.step, progress.epoch, manifestHash(best)};
    return checkpoint::read(best, checkpoint::Extent::kWeights);
  });
}

}  // namespace

fs::path lastCheckpoint(const run::RunDirectory& run) {
  const Told told = toldOf(run);
  const std::vector<std::int64_t> steps = checkpoint::steps(run.checkpoints());
  if (steps.empty()) {
    const std::string word = run.lastMetric() > 0 ? "resume " : "run ";
    throw Error("the run has no checkpoint")
        .on(run.folder().string())
        .next("train it: ecumene-train " + word + run.folder().string());
  }
  for (auto step = steps.rbegin(); step != steps.rend() && *step >= told.last; ++step) {
    const fs::path folder = checkpoint::folderOf(run.checkpoints(), *step);
    const bool passedBy = std::ranges::any_of(told.passedBy, [&](const std::string& what) {
      return what.find(folder.filename().string()) != std::string::npos;
    });
    if (!passedBy || isWhole(folder)) return folder;
  }
  throw Error("the run's newest checkpoint is gone")
      .on(checkpoint::folderOf(run.checkpoints(), told.last).string())
      .next(advice(run));
}

checkpoint::Checkpoint bestCheckpoint(const run::RunDirectory& run, Loaded& loaded) {
  while (true) {
    const std::vector<std::int64_t> before = checkpoint::steps(run.checkpoints());
    try {
      return readBest(run, loaded);
    } catch (const Error&) {
      // A trainer at work may have replaced what was to be read.
      if (checkpoint::steps(run.checkpoints()) == before) throw;
    }
  }
}

}  // namespace ecumene::engine::train
