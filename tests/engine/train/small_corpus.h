// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "data/base/files.h"
#include "data/base/random.h"
#include "engine/hf/folder.h"
#include "engine/train/adapt.h"
#include "tests/engine/train/small_run.h"

namespace ecumene::test {

/// Sentences of few words in few orders: soon learned.
inline std::string corpusText(int count) {
  Random random(5, "test/corpus");
  std::string text;
  const char* const kWorlds[] = {"ocean", "desert", "ice", "dune", "cloud"};
  for (int i = 0; i < count; ++i) {
    text += "World " + std::to_string(i) + " is an " + kWorlds[random.below(5)] + " world. Its star is a " +
            kWorlds[random.below(5)] + " star, and nobody has seen its " + kWorlds[random.below(5)] + ".\n\n";
  }
  return text;
}

/// A Hugging Face folder of a small random model with a tokeniser, and a corpus.
struct SmallCorpus {
  SmallCorpus() {
    writeFileAtomically(folder / "corpus.txt", corpusText(120));
    const std::vector<std::string> texts = {corpusText(60)};
    (void)data::batch::Tokeniser::train(texts, {.vocabulary = 320}, folder / "tokenizer.model");
    const models::language::LanguageModel model(models::layers::Init(3), nano().model.language);
    engine::hf::saveFolder(model, {2}, folder / "tokenizer.model", folder / "hf");
  }
  [[nodiscard]] engine::config::RunSpec spec(const std::string& from,
                                             const std::vector<std::string>& settings = {}) const {
    engine::config::RunSpec spec = engine::train::adaptationSpec(folder / from, folder / "corpus.txt");
    for (const char* setting : {"train.device=cpu", "train.epochs=3", "train.lr=3e-3", "data.text_length=32"}) {
      engine::config::set(spec, setting);
    }
    for (const std::string& setting : settings) engine::config::set(spec, setting);
    return spec;
  }
  [[nodiscard]] engine::run::RunDirectory make(const std::string& out, const engine::config::RunSpec& spec) const {
    engine::train::newAdaptation(spec, folder / out);
    auto run = engine::run::RunDirectory::open(folder / out);
    run.claim();
    return run;
  }
  [[nodiscard]] nlohmann::json report(const std::string& out) const {
    return nlohmann::json::parse(readFile(folder / out / "report.json")).at("perplexity");
  }
  TempFolder folder;
};

}  // namespace ecumene::test
