// SPDX-License-Identifier: Apache-2.0
#include "engine/train/run_content.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/loader/parts.h"
#include "engine/run/events.h"

namespace ecumene::engine::train {
namespace {

using data::batch::TrainingContent;

void requireFits(const TrainingContent& content, const config::RunSpec& spec, const std::string& folder) {
  const std::size_t pieces = content.tokeniser->pieces();
  if (pieces <= static_cast<std::size_t>(spec.model.language.vocabulary)) return;
  throw Error("the tokeniser has more pieces than the model has rows for them")
      .on(spec.data.tokeniser.empty() ? folder : spec.data.tokeniser)
      .expected("at most model.language.vocabulary = " + std::to_string(spec.model.language.vocabulary))
      .found(std::to_string(pieces))
      .next("set model.language.vocabulary=" + std::to_string(pieces));
}

/// Names the option by which a vocabulary is chosen.
TrainingContent made(const data::store::Store& store, const std::filesystem::path& folder,
                     const data::batch::ContentOptions& options) {
  try {
    return data::batch::makeTrainingContent(store, folder, options);
  } catch (Error& error) {
    if (error.kind() == ErrorKind::kUsage) error.on("model.language.vocabulary");
    throw;
  }
}

[[noreturn]] void refuseAdaptation(const std::filesystem::path& folder) {
  const std::filesystem::path exported = folder / "hf";
  const bool isThere = std::filesystem::exists(exported / "config.json");
  throw Error("the run is an adaptation: its language part has learned a corpus, and knows no planets")
      .on(folder.string())
      .expected("a run on the planets of a store")
      .next(isThere ? "to have it write, ecumene-train generate --hf " + exported.string()
                    : "a new run takes its language part by train.begin=" + folder.string());
}

/// Numbers are read by these files: with others the weights would answer otherwise, and nobody would see it.
void requireAsMade(const run::RunDirectory& run) {
  const std::vector<run::Event> made = run::eventsOf(run, {"content"});
  if (made.empty()) return;
  const std::string now = contentHashes(run.folder());
  if (made.back().text == now) return;
  throw Error("the run's files are not those that it was made with")
      .on(run.folder().string())
      .expected(made.back().text)
      .found(now)
      .next("bring them back from a copy of the run");
}

}  // namespace

data::planet::Split trainSplit(const config::DataSpec& spec) {
  return spec.split == "real" ? data::planet::Split::kReal : data::planet::Split::kTrain;
}

bool learnsFromParts(const config::DataSpec& spec) {
  return trainSplit(spec) == data::planet::Split::kReal;
}

data::store::Filter filterOf(data::planet::Split split) {
  data::store::Filter filter;
  filter.split = split;
  filter.leaveOutExcluded = true;
  return filter;
}

TrainingContent makeContent(const data::store::Store& store, const config::RunSpec& spec,
                            const std::filesystem::path& folder) {
  data::batch::ContentOptions options;
  options.split = trainSplit(spec.data);
  options.parts = learnsFromParts(spec.data);
  options.training.vocabulary = static_cast<std::size_t>(spec.model.language.vocabulary);
  options.tokeniser = spec.data.tokeniser;
  requireNetworksFit(store, spec);
  TrainingContent content = made(store, folder, options);
  requireFits(content, spec, folder.string());
  return content;
}

void requireNetworksFit(const data::store::Store& store, const config::RunSpec& spec) {
  using data::planet::Split;
  const auto require = [&](std::uint32_t nodes, const std::string& sample) {
    if (nodes <= spec.data.graphNodes) return;
    throw Error("a network alone has more nodes than a micro-batch may have")
        .on("data.graph_nodes")
        .expected("at least " + std::to_string(nodes) + ", for " + sample)
        .found(std::to_string(spec.data.graphNodes))
        .next("raise data.graph_nodes");
  };
  for (const Split split : std::set{trainSplit(spec.data), Split::kValidation, Split::kTest}) {
    for (const auto& planet : store.samples(filterOf(split), [](std::string_view) { return 0U; })) {
      for (const auto& one : planet.cases) require(one.nodes, planet.cube.id + "/" + std::string(name(one.archetype)));
    }
  }
  if (!learnsFromParts(spec.data)) return;
  for (const data::loader::Part& part : data::loader::partsOf(store)) require(data::loader::nodesOf(part), part.id);
}

std::string contentHashes(const std::filesystem::path& folder) {
  std::string said;
  for (const char* name : kContentFiles) {
    said += (said.empty() ? "" : ", ") + std::string(name) + " SHA-256 " + sha256OfFile(folder / name);
  }
  return said;
}

TrainingContent loadContent(const run::RunDirectory& run, const config::RunSpec& spec) {
  if (!spec.data.corpus.empty()) refuseAdaptation(run.folder());
  TrainingContent content = data::batch::loadTrainingContent(run.folder());
  requireAsMade(run);
  requireFits(content, spec, run.folder().string());
  return content;
}

}  // namespace ecumene::engine::train
