// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include "app/ecumene-train/commands.h"
#include "engine/hf/generation.h"
#include "engine/hf/words.h"
#include "engine/inspect/run_networks.h"
#include "engine/run/run_directory.h"
#include "engine/train/commands.h"
#include "engine/train/run_content.h"
#include "engine/train/runs.h"

namespace ecumene::ecumene_train {
namespace {

/// A run's best weights with what they are asked by.
struct Opened {
  explicit Opened(const std::string& folder)
      : run(engine::run::RunDirectory::open(folder)),
        spec(prepared(run)),
        content(engine::train::loadContent(run.folder(), spec)),
        network(engine::train::loadBest(run, spec, content)) {}
  static engine::config::RunSpec prepared(const engine::run::RunDirectory& run) {
    engine::config::RunSpec spec = engine::train::currentSpec(run);
    engine::train::prepareTorch(spec.train);
    return spec;
  }
  engine::run::RunDirectory run;
  engine::config::RunSpec spec;
  data::batch::TrainingContent content;
  engine::train::Network network;
};

}  // namespace

int sample(const std::string& folder, std::int64_t networks, std::uint64_t seed) {
  Opened opened(folder);
  const data::store::Store store = engine::train::storeOf(opened.spec);
  engine::inspect::SamplingOptions options;
  options.seed = seed;
  options.networks = networks;
  const auto report = engine::inspect::sampleRun(opened.network, opened.spec, opened.content, store, options);
  std::fputs((engine::inspect::toJson(report, *opened.content.vocabulary) + "\n").c_str(), stdout);
  return 0;
}

int logits(const std::string& folder, const std::string& ids) {
  const auto numbers = engine::hf::parseIds(ids);
  std::fputs((engine::hf::logitsJson(engine::hf::lastLogits(folder, numbers)) + "\n").c_str(), stdout);
  return 0;
}

int generate(const GenerateCommand& command) {
  engine::hf::Sampling sampling;
  sampling.newTokens = command.tokens;
  sampling.temperature = command.temperature;
  sampling.topP = command.topP;
  sampling.seed = command.seed;
  std::string text;
  if (std::filesystem::exists(std::filesystem::path(command.folder) / "config.json")) {
    text = engine::hf::generateFromFolder(command.folder, command.prompt, sampling);
  } else {
    Opened opened(command.folder);
    text = engine::hf::generateText(*opened.network.model->language, *opened.content.tokeniser, command.prompt, {}, {},
                                    sampling);
  }
  std::fputs((command.prompt + text + "\n").c_str(), stdout);
  return 0;
}

}  // namespace ecumene::ecumene_train
