// SPDX-License-Identifier: Apache-2.0
#include "engine/train/runs.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/batch/content_files.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/run/commands.h"
#include "engine/train/ask_planets.h"
#include "engine/train/beginning.h"
#include "engine/train/calibration.h"
#include "engine/train/changed_options.h"
#include "engine/train/memory.h"
#include "engine/train/run_content.h"

namespace ecumene::engine::train {
namespace {

namespace fs = std::filesystem;
using report::Prediction;

std::vector<std::string> planetsOf(const data::store::Store& store, const std::string& asked) {
  if (asked != "all") {
    if (!store.contains(asked)) {
      throw Error("there is no such planet").on(asked).next("ecumene-data list --store " + store.folder().string());
    }
    return {asked};
  }
  std::vector<std::string> ids;
  for (const data::store::Row& row : store.list()) {
    if (row.hasClimate || row.spectra > 0) ids.push_back(row.id);
  }
  return ids;
}

/// Paths with commas between, from the root.
std::string absolute(const std::string& paths) {
  std::string made;
  std::istringstream words(paths);
  for (std::string path; std::getline(words, path, ',');) {
    made += (made.empty() ? "" : ",") + fs::absolute(path).lexically_normal().string();
  }
  return made;
}

}  // namespace

data::store::Store storeOf(const config::RunSpec& spec) {
  if (spec.data.store.empty()) {
    throw Error("no store is given").on("data.store").next("give a folder made by ecumene-data");
  }
  return data::store::Store::open(spec.data.store, data::store::Mode::kRead);
}

void newRun(config::RunSpec spec, const std::string& preset, const fs::path& folder) {
  config::validate(spec);
  (void)deviceOf(spec.train);
  const data::store::Store store = storeOf(spec);
  spec.data.store = fs::absolute(spec.data.store).lexically_normal().string();
  if (!spec.data.tokeniser.empty()) spec.data.tokeniser = fs::absolute(spec.data.tokeniser).lexically_normal().string();
  if (!spec.data.corpus.empty()) spec.data.corpus = fs::absolute(spec.data.corpus).lexically_normal().string();
  spec.train.begin = absolute(spec.train.begin);
  // The slow and doubtful part comes first, beside the run, so that a store that cannot be used leaves nothing.
  fs::path staging = fs::absolute(folder).lexically_normal();
  if (staging.filename().empty()) staging = staging.parent_path();
  staging += ".incomplete";
  fs::remove_all(staging);
  fs::create_directories(staging);
  try {
    const data::batch::TrainingContent content = makeContent(store, spec, staging);
    requireBeginning(spec.train.begin, content.tokeniser->sha256(), content.vocabulary->sha256());
    run::RunDirectory run = run::RunDirectory::create(folder, spec);
    run.event(0, "made", preset);
    run.event(0, "content", contentHashes(staging));
    for (const char* name : kContentFiles) fs::rename(staging / name, run.folder() / name);
    run.flush();
  } catch (...) {
    fs::remove_all(staging);
    throw;
  }
  fs::remove_all(staging);
}

Network loadBest(const run::RunDirectory& run, const config::RunSpec& spec, const data::batch::TrainingContent& content,
                 Loaded* loaded) {
  Loaded found;
  const checkpoint::Checkpoint best = bestCheckpoint(run, found);
  Network network(spec, content, deviceOf(spec.train));
  // Where it is asked is no change of the run.
  withChangesNamed(best.runToml, currentSpec(run), [&] { network.loadForEvaluation(best); });
  if (loaded != nullptr) *loaded = found;
  return network;
}

std::vector<Prediction> predictPlanets(const run::RunDirectory& run, const Asked& asked, const Progress& progress) {
  const unsigned subset = report::viewsWithout(asked.without);
  const config::RunSpec spec = specAt(run, asked.place);
  const data::batch::TrainingContent content = loadContent(run, spec);
  const data::store::Store store = storeOf(spec);
  const std::vector<std::string> planets = planetsOf(store, asked.planet);
  config::RunSpec single = spec;  // planets are asked one by one
  single.train.microBatch = single.train.sideBySide = 1;
  return withAdvice(single, [&] {
    Loaded loaded;
    Network network = loadBest(run, spec, content, &loaded);
    const Hulls hulls = Hulls::load(run.artifacts(), loaded.weights());
    std::vector<Prediction> rows =
        Asker{spec, content, store, hulls, network, asked.fluxes}.ask(planets, subset, progress);
    Calibration::load(run.artifacts(), loaded.weights()).apply(rows);
    return rows;
  });
}

}  // namespace ecumene::engine::train
