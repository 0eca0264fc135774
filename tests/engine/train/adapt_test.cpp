// SPDX-License-Identifier: Apache-2.0
#include "engine/train/adapt.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "data/base/files.h"
#include "engine/hf/folder.h"
#include "engine/train/corpus_task.h"
#include "tests/engine/train/small_corpus.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::train {
namespace {

using nlohmann::json;
using run::RunDirectory;

TEST(Adapt, TeachesAHuggingFaceModelAndSaysHowMuch) {
  const test::SmallCorpus start;
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
  const test::SmallCorpus start;
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
  EXPECT_TRUE(test::timeless(a.progress) == test::timeless(b.progress));
  test::expectSame(a.model, b.model, "weights");
  test::expectSame(a.optimiser, b.optimiser, "optimiser");
  test::expectSame(a.averaged, b.averaged, "averages");
  EXPECT_EQ(start.report("whole"), start.report("cut"));
}

TEST(Adapt, ObeysTheCommandsOfATrainer) {
  const test::SmallCorpus start;
  RunDirectory run = start.make("out", start.spec("hf", {"train.epochs=2"}));
  std::map<std::string, std::int64_t> asked;
  test::Bystander client;
  TrainOptions options;
  options.onStep = [&](const Status& status) {
    if (!status.note.empty()) return;
    if (status.step <= 2) std::this_thread::sleep_for(std::chrono::milliseconds(120));
    if (status.step == 1) {
      asked["set"] = run.request("set", "train.lr=0");
      asked["extend"] = run.request("extend", "epochs=3");
      asked["bad"] = run.request("set", "train.micro_batch=1");
      asked["checkpoint"] = run.request("checkpoint", "");
      asked["pause"] = run.request("pause", "");
      client.when(run, run::State::kPaused, [&] { asked["resume"] = run.request("resume", ""); });
    }
  };
  const Outcome outcome = adapt(run, options);
  client.leave();
  EXPECT_EQ(outcome.ending, Ending::kFinished);
  std::map<std::int64_t, run::Command> commands;
  for (const run::Command& command : run.commands()) commands[command.id] = command;
  for (const char* word : {"set", "extend", "checkpoint", "pause", "resume"}) {
    EXPECT_EQ(commands[asked[word]].state, "done") << word << ": " << commands[asked[word]].answer;
  }
  EXPECT_EQ(commands[asked["bad"]].state, "refused");
  EXPECT_EQ(test::metric(run, "learning_rate").at(2), 0.0);
  EXPECT_EQ(test::metric(run, "validation.perplexity").size(), 4U);  // at first, and after three epochs
  EXPECT_EQ(test::events(run, "paused").size(), 1U);
  // The report says what the run went by in the end.
  EXPECT_NE(readFile(start.folder / "out" / "report.md").find("epochs = 3"), std::string::npos);

  RunDirectory stopped = start.make("stopped", start.spec("hf"));
  options.onStep = [&](const Status& status) {
    if (status.step == 1 && status.note.empty()) (void)stopped.request("stop", "");
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
  };
  EXPECT_EQ(adapt(stopped, options).ending, Ending::kStopped);
  EXPECT_EQ(stopped.state(), run::State::kStopped);
  EXPECT_FALSE(std::filesystem::exists(start.folder / "stopped" / "report.json"));
}

TEST(Adapt, TriesForMemoryWithoutMovingOn) {
  const test::SmallCorpus start;
  const auto spec = start.spec("hf", {"train.micro_batch=4", "train.accumulate=2"});
  config::RunSpec smaller = spec;
  smaller.train.microBatch = 2;
  std::vector<double> norms;
  for (const bool tries : {false, true}) {
    RunDirectory run = start.make(tries ? "b" : "a", spec);
    CorpusTask task(run, spec);
    task.start(0, 3);
    if (tries) task.tryGradient(smaller, {});
    const StepGradient made = task.gradient(spec, {});
    EXPECT_EQ(made.samples, 8);
    EXPECT_EQ(task.position(), 11);
    norms.push_back(made.norm);
  }
  EXPECT_EQ(norms[0], norms[1]);
}

TEST(Adapt, LearnsInFloat16WithAScaleOfItsLoss) {
  const test::SmallCorpus start;
  RunDirectory run = start.make("out", start.spec("hf", {"train.epochs=1", "train.precision=float16"}));
  EXPECT_EQ(adapt(run, {}).ending, Ending::kFinished);
  EXPECT_EQ(test::metric(run, "loss_scale").begin()->second, 65536.0);
  // Norms are of the gradient itself, not of the scaled one.
  EXPECT_LT(test::metric(run, "gradient.norm").begin()->second, 100.0);
  const auto perplexity = start.report("out");
  EXPECT_LT(perplexity.at("after").at("value").get<double>(), perplexity.at("before").at("value").get<double>());
}

TEST(Adapt, WithLoraOnlyItsFactorsLearnBesideWhatIsNotProjected) {
  const test::SmallCorpus start;
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
  const test::SmallCorpus start;
  RunDirectory run = start.make("out", start.spec("hf"));
  std::int64_t made = 0;
  TrainOptions options;
  options.onStep = [&](const Status&) { ++made; };
  options.interrupted = [&] { return made >= 2; };
  adapt(run, options);
  writeFileAtomically(start.folder / "corpus.txt", test::corpusText(130));
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
  const test::SmallCorpus start;
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
