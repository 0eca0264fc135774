// SPDX-License-Identifier: Apache-2.0
#include "engine/train/beginning.h"

#include <algorithm>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/batch/content_files.h"
#include "data/batch/reaction_vocabulary.h"
#include "data/batch/tokeniser.h"
#include "engine/hf/folder.h"
#include "engine/run/commands.h"
#include "engine/train/runs.h"

namespace ecumene::engine::train {
namespace {

namespace fs = std::filesystem;
using optim::NamedTensors;
using Parts = std::array<bool, config::kPartNames.size()>;

constexpr std::size_t kGraph = 1, kLanguage = 4;
static_assert(config::kPartNames[kGraph] == "graph" && config::kPartNames[kLanguage] == "language");

/// "FOLDER" or "FOLDER:climate+graph"; a colon that no parts follow belongs to the folder.
struct Source {
  std::string folder;
  std::optional<Parts> parts;
};
Source sourceOf(const std::string& word) {
  const std::size_t colon = word.rfind(':');
  if (colon == std::string::npos) return {word, std::nullopt};
  std::string names = word.substr(colon + 1);
  std::ranges::replace(names, '+', ',');
  try {
    return {word.substr(0, colon), config::learningParts(names)};
  } catch (const Error&) {
    return {word, std::nullopt};
  }
}

void requireSame(const std::string& found, const std::string& expected, const fs::path& file, const char* what) {
  if (found == expected) return;
  throw Error(std::string("the model to begin with numbers its ") + what + " otherwise")
      .on("train.begin: " + file.string())
      .next("make both runs on the same store with the same tokeniser (data.tokeniser)");
}

std::vector<Source> sourcesOf(const std::string& begin) {
  std::vector<Source> made;
  std::istringstream words(begin);
  for (std::string word; std::getline(words, word, ',');) made.push_back(sourceOf(word));
  return made;
}

run::RunDirectory openRun(const std::string& folder) {
  try {
    return run::RunDirectory::open(folder);
  } catch (Error& error) {
    throw error.on("train.begin: " + error.object());
  }
}

Parts partsOf(const Source& source, const run::RunDirectory& run) {
  return source.parts ? *source.parts : config::learningParts(run::currentSpec(run).train.parts);
}

void requireFits(const Source& source, const std::string& tokeniser, const std::string& vocabulary) {
  if (isHuggingFace(source.folder)) {
    const fs::path file = fs::path(source.folder) / data::batch::kTokeniserFile;
    if (!fs::exists(file)) {
      throw Error("the folder has no tokeniser").on("train.begin: " + source.folder).expected(file.filename().string());
    }
    requireSame(data::batch::Tokeniser::load(file).sha256(), tokeniser, file, "text pieces");
    return;
  }
  const run::RunDirectory run = openRun(source.folder);
  const Parts parts = partsOf(source, run);
  if (parts[kLanguage]) {
    const fs::path file = run.folder() / data::batch::kTokeniserFile;
    requireSame(data::batch::Tokeniser::load(file).sha256(), tokeniser, file, "text pieces");
  }
  if (parts[kGraph]) {
    const fs::path file = run.folder() / data::batch::kReactionsFile;
    requireSame(data::batch::ReactionVocabulary::load(file).sha256(), vocabulary, file, "reactions");
  }
}

NamedTensors ofRun(const Source& source) {
  const run::RunDirectory run = openRun(source.folder);
  const Parts parts = partsOf(source, run);
  Loaded loaded;
  checkpoint::Checkpoint best = bestCheckpoint(run, loaded);
  for (auto& [name, average] : best.averaged) best.model[name] = average;
  std::erase_if(best.model, [&](const auto& weight) { return !parts.at(partOf(weight.first)); });
  return best.model;
}

NamedTensors ofHuggingFace(const std::string& folder) {
  const hf::LoadedModel loaded = hf::loadFolder(folder);
  NamedTensors weights;
  for (const auto& weight : loaded.model->named_parameters()) weights["language." + weight.key()] = weight.value();
  return weights;
}

}  // namespace

bool isHuggingFace(const fs::path& folder) {
  return fs::exists(folder / "config.json");
}

fs::path firstFolder(const std::string& begin) {
  return sourceOf(begin.substr(0, begin.find(','))).folder;
}

void requireBeginning(const std::string& begin, const std::string& tokeniserSha256,
                      const std::string& vocabularySha256) {
  for (const Source& source : sourcesOf(begin)) requireFits(source, tokeniserSha256, vocabularySha256);
}

NamedTensors beginningWeights(const std::string& begin, const std::string& tokeniserSha256,
                              const std::string& vocabularySha256) {
  NamedTensors weights;
  for (const Source& source : sourcesOf(begin)) {
    requireFits(source, tokeniserSha256, vocabularySha256);
    NamedTensors its = isHuggingFace(source.folder) ? ofHuggingFace(source.folder) : ofRun(source);
    if (its.empty()) {
      throw Error("the folder has weights of none of the parts to begin with").on("train.begin: " + source.folder);
    }
    for (auto& [name, weight] : its) weights[name] = weight;
  }
  return weights;
}

}  // namespace ecumene::engine::train
