// SPDX-License-Identifier: Apache-2.0
#include "engine/train/runs.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "data/base/error.h"
#include "data/batch/collate.h"
#include "data/batch/planet_samples.h"
#include "engine/checkpoint/checkpoint.h"
#include "engine/train/commands.h"
#include "engine/train/draws.h"
#include "engine/train/hulls.h"
#include "engine/train/predictions.h"
#include "engine/train/run_content.h"
#include "engine/train/tensors.h"

namespace ecumene::engine::train {
namespace {

namespace fs = std::filesystem;
using report::Prediction;

constexpr std::array kContentFiles = {"statistics.json", "reactions.json", "tokenizer.model"};

unsigned subsetWithout(const std::vector<std::string>& views) {
  unsigned subset = report::kAllViews;
  for (const std::string& name : views) {
    unsigned view = 0;
    while (view < models::fusion::kViewCount && models::fusion::name(static_cast<models::fusion::View>(view)) != name) {
      ++view;
    }
    if (view == models::fusion::kViewCount) {
      throw Error("there is no such view", ErrorKind::kUsage)
          .on("--without " + name)
          .expected("one of climate, graph, spectrum, text, scalars");
    }
    subset &= ~(1U << view);
  }
  return subset;
}

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

/// The best checkpoint without the optimiser's state, else the newest whole one.
checkpoint::Checkpoint bestCheckpoint(const run::RunDirectory& run, Loaded& loaded) {
  const auto newest = checkpoint::newest(run.checkpoints());
  if (!newest) throw Error("the run has no checkpoint").on(run.folder().string()).next("train it: ecumene-train run");
  checkpoint::Checkpoint last = checkpoint::read(*newest, checkpoint::Extent::kWeights);
  loaded = {last.progress.step, last.progress.step, last.progress.epoch};
  if (last.progress.bestStep < 0 || last.progress.bestStep == last.progress.step) return last;
  loaded.step = last.progress.bestStep;
  return checkpoint::read(checkpoint::folderOf(run.checkpoints(), loaded.step), checkpoint::Extent::kWeights);
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
  const data::store::Store store = storeOf(spec);
  spec.data.store = fs::absolute(spec.data.store).lexically_normal().string();
  if (!spec.data.tokeniser.empty()) spec.data.tokeniser = fs::absolute(spec.data.tokeniser).lexically_normal().string();
  spec.train.begin = absolute(spec.train.begin);
  // The slow and doubtful part comes first, beside the run, so that a store that cannot be used leaves nothing.
  fs::path staging = fs::absolute(folder).lexically_normal();
  if (staging.filename().empty()) staging = staging.parent_path();
  staging += ".incomplete";
  fs::remove_all(staging);
  fs::create_directories(staging);
  try {
    (void)makeContent(store, spec, staging);
    run::RunDirectory run = run::RunDirectory::create(folder, spec);
    run.event(0, "made", preset);
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
  network.loadForEvaluation(best);
  if (loaded != nullptr) *loaded = found;
  return network;
}

optim::NamedTensors trainedParts(const config::RunSpec& spec, const data::batch::TrainingContent& content) {
  optim::NamedTensors weights;
  std::istringstream folders(spec.train.begin);
  for (std::string folder; std::getline(folders, folder, ',');) {
    const run::RunDirectory run = run::RunDirectory::open(folder);
    const config::RunSpec other = currentSpec(run);
    const data::batch::TrainingContent its = loadContent(run.folder(), other);
    if (its.tokeniser->sha256() != content.tokeniser->sha256() ||
        its.vocabulary->sha256() != content.vocabulary->sha256()) {
      throw Error("the run to begin with numbers its text pieces or reactions otherwise")
          .on("train.begin: " + folder)
          .next("make both runs on the same store with the same tokeniser");
    }
    Loaded loaded;
    checkpoint::Checkpoint best = bestCheckpoint(run, loaded);
    for (const auto& [name, average] : best.averaged) best.model[name] = average;
    const auto trained = config::learningParts(other.train.parts);
    for (const auto& [name, weight] : best.model) {
      if (trained.at(partOf(name))) weights[name] = weight;
    }
  }
  return weights;
}

std::vector<Prediction> predictPlanets(const run::RunDirectory& run, const Asked& asked, const Progress& progress) {
  const unsigned subset = subsetWithout(asked.without);
  const config::RunSpec spec = currentSpec(run);
  prepareTorch(spec.train);
  const data::store::Store store = storeOf(spec);
  const std::vector<std::string> planets = planetsOf(store, asked.planet);
  const data::batch::TrainingContent content = loadContent(run.folder(), spec);
  Network network = loadBest(run, spec, content);
  const PlanetFacts facts(store);
  const Hulls hulls = Hulls::load(run.artifacts());
  data::batch::Collator collator(content.statistics, content.tokeniser, content.vocabulary,
                                 {.textLength = static_cast<std::size_t>(spec.data.textLength)});
  const torch::NoGradGuard noGradients;
  std::vector<Prediction> made;
  for (std::size_t p = 0; p < planets.size(); ++p) {
    data::loader::Batch samples;
    const data::planet::Planet planet = store.get(planets[p]);
    samples.samples = data::batch::samplesOf(planet);
    const data::batch::MultiModalBatch batch = collator.collate(samples);
    models::unified::UnifiedInput input = toTensors(batch, network.device);
    keepOnly(input, subset);
    const Autocast autocast(spec.train.precision, network.device);
    const models::unified::UnifiedOutput output = network.model->forward(input);
    std::vector<Prediction> rows = rowsOf(batch, output.fusion.prediction, subset, facts);
    addEmbeddings(output.fusion.embedding_BC, rows);
    for (Prediction& row : rows) hulls.judge(report::scalarValues(planet.scalars), row);
    made.insert(made.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
    if (progress) progress(p + 1, planets.size(), planets[p]);
  }
  return made;
}

}  // namespace ecumene::engine::train
