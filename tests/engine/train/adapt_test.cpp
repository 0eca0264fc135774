// SPDX-License-Identifier: Apache-2.0
#include "engine/train/adapt.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "data/base/files.h"
#include "data/base/random.h"
#include "engine/hf/folder.h"
#include "tests/engine/train/small_run.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::train {
namespace {

using nlohmann::json;
using run::RunDirectory;

/// Sentences of few words in few orders: soon learned.
std::string corpusText(int count) {
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
struct Start {
  Start() {
    writeFileAtomically(folder / "corpus.txt", corpusText(120));
    const std::vector<std::string> texts = {corpusText(60)};
    (void)data::batch::Tokeniser::train(texts, {.vocabulary = 320}, folder / "tokenizer.model");
    const models::language::LanguageModel model(models::layers::Init(3), test::nano().model.language);
    hf::saveFolder(model, {2}, folder / "tokenizer.model", folder / "hf");
  }
  [[nodiscard]] config::RunSpec spec(const std::string& from, const std::vector<std::string>& settings = {}) const {
    config::RunSpec spec = adaptationSpec(folder / from, folder / "corpus.txt");
    for (const char* setting : {"train.device=cpu", "train.epochs=3", "train.lr=3e-3", "data.text_length=32"}) {
      config::set(spec, setting);
    }
    for (const std::string& setting : settings) config::set(spec, setting);
    return spec;
  }
  [[nodiscard]] RunDirectory make(const std::string& out, const config::RunSpec& spec) const {
    newAdaptation(spec, folder / out);
    RunDirectory run = RunDirectory::open(folder / out);
    run.claim();
    return run;
  }
  [[nodiscard]] json report(const std::string& out) const {
    return json::parse(readFile(folder / out / "report.json")).at("perplexity");
  }
  test::TempFolder folder;
};

TEST(Adapt, TeachesAHuggingFaceModelAndSaysHowMuch) {
  const Start start;
  RunDirectory run = start.make("out", start.spec("hf"));
  EXPECT_EQ(adapt(run, {}).ending, Ending::kFinished);
  EXPECT_EQ(run.state(), run::State::kFinished);
  const json perplexity = start.report("out");
  const double before = perplexity.at("before").at("value"), after = perplexity.at("after").at("value");
  // A random model knows about nothing of its 320 pieces.
  EXPECT_NEAR(std::log(before), std::log(512.0), 0.5);
  EXPECT_LT(after, 0.3 * before);
  EXPECT_NEAR(perplexity.at("ratio").at("value"), after / before, 1e-9);
  EXPECT_LT(perplexity.at("ratio").at("high"), 1.0);
  const auto journal = test::metric(run, "validation.perplexity");
  EXPECT_NEAR(journal.at(0), before, 1e-6 * before);
  EXPECT_EQ(journal.size(), 4U);
  ASSERT_EQ(test::events(run, "perplexity").size(), 1U);
  EXPECT_EQ(test::events(run, "attention").front().text, "layers 0-1: flash");
  EXPECT_NE(readFile(start.folder / "out" / "report.md").find("held out"), std::string::npos);

  // What it leaves is what it says: another adaptation that begins with either finds the perplexity that was reached.
  for (const char* from : {"out/hf", "out"}) {
    const std::string out = std::string("again-") + (from[3] == '/' ? "hf" : "run");
    RunDirectory again = start.make(out, start.spec(from, {"train.epochs=1", "train.lr=0"}));
    adapt(again, {});
    EXPECT_NEAR(start.report(out).at("before").at("value"), after, 1e-4 * after) << from;
  }
}

TEST(Adapt, ACutAdaptationThatGoesOnGivesTheWeightsOfOneThatWasNot) {
  const Start start;
  const auto spec = start.spec("hf", {"train.ema=0.9", "model.language.dropout=0.1", "train.rope_share=0.5",
                                      "train.accumulate=2", "train.micro_batch=4"});
  RunDirectory whole = start.make("whole", spec), cut = start.make("cut", spec);
  adapt(whole, {});
  int parts = 0;
  for (Outcome outcome{Ending::kInterrupted, 0, ""}; outcome.ending == Ending::kInterrupted; ++parts) {
    ASSERT_LT(parts, 30);
    std::int64_t made = 0;
    TrainOptions options;
    options.onStep = [&](const Status& status) { made += status.note.empty() ? 1 : 0; };
    options.interrupted = [&] { return made >= 17; };
    outcome = adapt(cut, options);
  }
  EXPECT_GE(parts, 3);
  const auto a = test::lastCheckpoint(whole), b = test::lastCheckpoint(cut);
  EXPECT_TRUE(a.progress == b.progress);
  test::expectSame(a.model, b.model, "weights");
  test::expectSame(a.optimiser, b.optimiser, "optimiser");
  test::expectSame(a.averaged, b.averaged, "averages");
  EXPECT_EQ(start.report("whole"), start.report("cut"));
}

TEST(Adapt, WithLoraOnlyItsFactorsLearnBesideWhatIsNotProjected) {
  const Start start;
  RunDirectory run = start.make("out", start.spec("hf", {"model.language.lora_rank=4"}));
  adapt(run, {});
  const auto perplexity = start.report("out");
  EXPECT_LT(perplexity.at("after").at("value").get<double>(), perplexity.at("before").at("value").get<double>());
  const auto first = hf::loadFolder(start.folder / "hf"), merged = hf::loadFolder(start.folder / "out" / "hf");
  const auto trained = test::lastCheckpoint(run);
  const auto before = first.model->named_parameters(), after = merged.model->named_parameters();
  const std::string projection = "model.layers.0.self_attn.q_proj.weight";
  EXPECT_TRUE(torch::equal(trained.model.at("language." + projection), before[projection]));  // frozen
  EXPECT_FALSE(torch::equal(after[projection], before[projection]));                          // merged
}

TEST(Adapt, RefusesAnotherCorpusAndAnotherTokeniser) {
  const Start start;
  RunDirectory run = start.make("out", start.spec("hf"));
  std::int64_t made = 0;
  TrainOptions options;
  options.onStep = [&](const Status&) { ++made; };
  options.interrupted = [&] { return made >= 2; };
  adapt(run, options);
  writeFileAtomically(start.folder / "corpus.txt", corpusText(130));
  EXPECT_NE(test::messageOf([&] { adapt(run, {}); }).find("not what the run began with"), std::string::npos);
  EXPECT_EQ(run.state(), run::State::kFailed);

  RunDirectory other = start.make("other", start.spec("hf"));
  const std::vector<std::string> texts = {"Other words make other pieces."};
  (void)data::batch::Tokeniser::train(texts, {.vocabulary = 300}, other.folder() / "tokenizer.model");
  EXPECT_NE(test::messageOf([&] { adapt(other, {}); }).find("text pieces"), std::string::npos);
  config::RunSpec all = start.spec("hf");
  all.train.parts = "all";
  EXPECT_NE(test::messageOf([&] { config::validate(all); }).find("train.parts"), std::string::npos);
}

TEST(Adapt, GivesAndTakesTheLanguagePartOfARun) {
  const Start start;
  RunDirectory joint = test::makeRun(start.folder / "joint", test::nano({"train.epochs=1"}));
  joint.claim();
  test::trainHere(joint);
  RunDirectory adapted = start.make("adapted", start.spec("joint", {"train.epochs=1"}));
  adapt(adapted, {});
  const auto perplexity = start.report("adapted");
  EXPECT_LT(perplexity.at("after").at("value").get<double>(), perplexity.at("before").at("value").get<double>());

  // A run that begins with the joint one, and the adapted language part over it, and learns nothing but fusion.
  RunDirectory next = test::makeRun(
      start.folder / "next",
      test::nano({"train.epochs=1", "train.parts=fusion",
                  "train.begin=" + joint.folder().string() + ":climate+language," + adapted.folder().string()}));
  next.claim();
  test::trainHere(next);
  const auto now = test::lastCheckpoint(next), was = test::lastCheckpoint(joint), its = test::lastCheckpoint(adapted);
  for (const auto& [name, weight] : now.model) {
    if (name.starts_with("language.")) {
      EXPECT_TRUE(torch::equal(weight, its.model.at(name))) << name;
    }
    if (name.starts_with("climate.")) {
      EXPECT_TRUE(torch::equal(weight, was.model.at(name))) << name;
    }
  }
  const std::string graph = "graph.";
  bool differs = false;
  for (const auto& [name, weight] : now.model) {
    differs = differs || (name.starts_with(graph) && !torch::equal(weight, was.model.at(name)));
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace ecumene::engine::train
