// SPDX-License-Identifier: Apache-2.0
#include "engine/train/trainer.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/train/learner.h"
#include "engine/train/run_content.h"
#include "tests/engine/train/small_run.h"

namespace ecumene::engine::train {
namespace {

using test::events;
using test::lastCheckpoint;
using test::makeRun;
using test::metric;
using test::nano;
using test::trainHere;

/// Ends a training after so many of its steps.
TrainOptions endingAfter(std::int64_t steps, std::int64_t& made) {
  TrainOptions options;
  options.onStep = [&made](const Status& status) {
    if (status.note.empty()) ++made;
  };
  options.interrupted = [&made, steps] { return made >= steps; };
  return options;
}

TEST(Trainer, ACutRunThatGoesOnGivesTheWeightsOfOneThatWasNot) {
  const test::TempFolder folder;
  // Everything that has a state: averages, dropout, draws, the contrast bank, steps of several micro-batches.
  const config::RunSpec spec = nano({"train.ema=0.9", "train.accumulate=2", "model.fusion.dropout=0.1",
                                     "model.language.dropout=0.1", "train.epochs=2"});
  run::RunDirectory whole = makeRun(folder / "whole", spec), cut = makeRun(folder / "cut", spec);
  const Outcome finished = trainHere(whole);
  EXPECT_EQ(finished.ending, Ending::kFinished);
  EXPECT_EQ(whole.state(), run::State::kFinished);
  int parts = 0;
  for (Outcome outcome{Ending::kInterrupted, 0, ""}; outcome.ending == Ending::kInterrupted; ++parts) {
    ASSERT_LT(parts, 20);
    std::int64_t made = 0;
    outcome = trainHere(cut, endingAfter(2, made));
  }
  EXPECT_GE(parts, 3);
  const checkpoint::Checkpoint a = lastCheckpoint(whole), b = lastCheckpoint(cut);
  EXPECT_EQ(a.progress.step, finished.step);
  EXPECT_EQ(a.progress.epoch, 2);
  EXPECT_TRUE(test::timeless(a.progress) == test::timeless(b.progress));
  test::expectSame(a.model, b.model, "weights");
  test::expectSame(a.optimiser, b.optimiser, "optimiser");
  test::expectSame(a.averaged, b.averaged, "averages");
  test::expectSame(a.buffers, b.buffers, "buffers");
  // The journal holds every step once, and the same losses.
  EXPECT_EQ(metric(whole, "loss.total").size(), static_cast<std::size_t>(finished.step));
  EXPECT_EQ(metric(whole, "loss.total"), metric(cut, "loss.total"));
  EXPECT_EQ(metric(whole, "validation.supervised"), metric(cut, "validation.supervised"));
}

TEST(Trainer, MicroBatchesSideBySideGiveTheWeightsOfOneAfterAnother) {
  const test::TempFolder folder;
  const auto weights = [&](const std::string& name, const std::vector<std::string>& settings) {
    config::RunSpec spec = nano({"train.micro_batch=3", "train.accumulate=4", "train.epochs=2", "data.together=2",
                                 "model.fusion.dropout=0.1", "model.language.dropout=0.1"});
    for (const std::string& setting : settings) config::set(spec, setting);
    run::RunDirectory run = makeRun(folder / name, spec);
    (void)trainHere(run);
    return lastCheckpoint(run);
  };
  const checkpoint::Checkpoint one = weights("one", {"train.threads=1"});
  const checkpoint::Checkpoint three = weights("three", {"train.threads=3", "train.side_by_side=3"});
  test::expectSame(one.model, three.model, "weights");
  test::expectSame(one.buffers, three.buffers, "buffers");
  const checkpoint::Checkpoint other = weights("other", {"train.threads=1", "data.together=1"});
  EXPECT_FALSE(torch::equal(one.model.begin()->second, other.model.begin()->second));
}

TEST(Trainer, LossFallsOnAHandfulOfPlanets) {
  const test::TempFolder folder;
  run::RunDirectory run =
      makeRun(folder / "run", nano({"train.epochs=12", "train.lr=0.003", "train.hide.climate=0", "train.hide.graph=0",
                                    "train.hide.spectrum=0", "train.hide.text=0", "train.hide.scalars=0"}));
  (void)trainHere(run);
  const auto mean = [&](const std::string& name, bool end) {
    const auto values = metric(run, name);
    double sum = 0.0;
    const std::int64_t steps = static_cast<std::int64_t>(values.size()), share = steps / 6;
    for (const auto& [step, value] : values) {
      if (end ? step > steps - share : step <= share) sum += value;
    }
    return sum / static_cast<double>(share);
  };
  EXPECT_LT(mean("loss.supervised.regime", true), 0.6 * mean("loss.supervised.regime", false));
  EXPECT_LT(mean("loss.language", true), 0.8 * mean("loss.language", false));
  EXPECT_LT(mean("loss.graph", true), 0.8 * mean("loss.graph", false));
  // Every part learns: it has a gradient in every step.
  for (const std::string_view part : config::kPartNames) {
    for (const auto& [step, norm] : metric(run, "gradient." + std::string(part))) EXPECT_GT(norm, 0.0) << part;
  }
}

TEST(Trainer, FrozenPartsKeepTheirWeights) {
  const test::TempFolder folder;
  const config::RunSpec spec = nano({"train.parts=fusion,graph", "train.epochs=1"});
  run::RunDirectory run = makeRun(folder / "run", spec);
  (void)trainHere(run);
  const checkpoint::Checkpoint first = checkpoint::read(checkpoint::folderOf(run.checkpoints(), 0)),
                               last = lastCheckpoint(run);
  std::map<std::string, bool> changed;
  for (const auto& [name, tensor] : first.model) {
    const bool same = torch::equal(tensor, last.model.at(name));
    const std::string part(config::kPartNames.at(partOf(name)));
    EXPECT_TRUE(same || part == "fusion" || part == "graph") << name;
    if (!same) changed[part] = true;
  }
  EXPECT_EQ(changed.size(), 2U);
  for (const auto& [name, tensor] : last.optimiser) {
    EXPECT_TRUE(name.find("/fusion.") != std::string::npos || name.find("/graph.") != std::string::npos) << name;
  }
}

TEST(Trainer, BeginsWithThePartsThatOthersTrained) {
  const test::TempFolder folder;
  run::RunDirectory graph = makeRun(folder / "graph", nano({"train.parts=graph", "train.epochs=1", "train.ema=0.5"}));
  run::RunDirectory fused = makeRun(folder / "fused", nano({"train.parts=fusion", "train.epochs=1", "train.seed=2",
                                                            "train.begin=" + (folder / "graph").string()}));
  (void)trainHere(graph);
  (void)trainHere(fused);
  const checkpoint::Checkpoint trained = lastCheckpoint(graph), last = lastCheckpoint(fused);
  for (const auto& [name, average] : trained.averaged) EXPECT_TRUE(torch::equal(average, last.model.at(name))) << name;
  // Another seed: what the other run has not trained is not taken.
  EXPECT_FALSE(
      torch::equal(trained.model.at("climate.patch_levels.weight"), last.model.at("climate.patch_levels.weight")));
}

TEST(Trainer, ObeysCommandsAndAnswersThem) {
  const test::TempFolder folder;
  run::RunDirectory run = makeRun(folder / "run", nano({"train.epochs=3", "train.keep_checkpoints=9"}));
  const std::int64_t stale = run.request("stop", "");
  std::map<std::string, std::int64_t> asked;
  test::Bystander client;
  TrainOptions options;
  options.onStep = [&](const Status& status) {
    if (!status.note.empty()) return;
    // Commands are looked for ten times a second.
    std::this_thread::sleep_for(std::chrono::milliseconds(120));
    if (status.step == 1) {
      asked["set"] = run.request("set", "train.lr=0");
      asked["bad"] = run.request("set", "train.seed=5");
      asked["checkpoint"] = run.request("checkpoint", "");
      asked["early"] = run.request("resume", "");
      asked["pause"] = run.request("pause", "");
      client.when(run, run::State::kPaused, [&] { asked["resume"] = run.request("resume", ""); });
    }
    if (status.step == 3) asked["extend"] = run.request("extend", "epochs=+4");
    if (status.step == 4) asked["stop"] = run.request("stop", "");
  };
  const Outcome outcome = trainHere(run, options);
  client.leave();
  EXPECT_EQ(outcome.ending, Ending::kStopped);
  EXPECT_EQ(run.state(), run::State::kStopped);
  EXPECT_EQ(outcome.step, 4);
  std::map<std::int64_t, run::Command> commands;
  for (const run::Command& command : run.commands()) commands[command.id] = command;
  EXPECT_EQ(commands[stale].state, "refused");
  for (const char* word : {"set", "checkpoint", "pause", "resume", "extend", "stop"}) {
    EXPECT_EQ(commands[asked[word]].state, "done") << word << ": " << commands[asked[word]].answer;
  }
  for (const char* word : {"bad", "early"}) EXPECT_EQ(commands[asked[word]].state, "refused") << word;
  EXPECT_NE(commands[asked["bad"]].answer.find("train.seed"), std::string::npos);
  const auto rate = metric(run, "learning_rate");
  EXPECT_GT(rate.at(1), 0.0);
  EXPECT_EQ(rate.at(2), 0.0);
  // A rate of zero changes no weight.
  const auto first = checkpoint::read(checkpoint::folderOf(run.checkpoints(), 1)), last = lastCheckpoint(run);
  test::expectSame(first.model, last.model, "weights");
  EXPECT_EQ(config::fromToml(last.runToml, "checkpoint").train.epochs, 7);
  EXPECT_EQ(config::fromToml(last.runToml, "checkpoint").train.learningRate, 0.0);
}

TEST(Trainer, AFinishedRunThatIsExtendedGoesOn) {
  const test::TempFolder folder;
  for (const bool patience : {false, true}) {
    SCOPED_TRACE(patience ? "out of patience" : "all epochs done");
    const std::vector<std::string> settings =
        patience ? std::vector<std::string>{"train.epochs=9", "train.patience=1", "train.lr=0"}
                 : std::vector<std::string>{"train.epochs=1"};
    run::RunDirectory run = makeRun(folder / (patience ? "patience" : "epochs"), nano(settings));
    const Outcome first = trainHere(run);
    ASSERT_EQ(first.ending, Ending::kFinished);
    // Asked for while nothing trains, and so held for the next start.
    const std::int64_t asked = run.request("extend", "epochs=+1");
    const std::int64_t slower = run.request("set", "train.lr=0");
    const Outcome second = trainHere(run);
    EXPECT_EQ(second.ending, Ending::kFinished);
    EXPECT_GT(second.step, first.step);
    for (const run::Command& command : run.commands()) {
      if (command.id != asked && command.id != slower) continue;
      EXPECT_EQ(command.state, "done") << command.answer;
    }
    EXPECT_EQ(metric(run, "learning_rate").at(first.step + 1), 0.0);
    EXPECT_EQ(config::fromToml(lastCheckpoint(run).runToml, "checkpoint").train.epochs, patience ? 10 : 2);
    // Nothing is pending: it is as finished as before.
    EXPECT_EQ(trainHere(run).step, second.step);
  }
}

/// Samples that show their stellar flux become poison: it is infinite.
void poison(run::RunDirectory& run) {
  const std::filesystem::path file = run.folder() / "statistics.json";
  nlohmann::json statistics = nlohmann::json::parse(readFile(file));
  ASSERT_TRUE(statistics.contains("scalars"));
  statistics["scalars"][static_cast<std::size_t>(data::planet::ScalarId::kStellarFlux)]["deviation"] = 1e-300;
  writeFileAtomically(file, statistics.dump());
  run.event(0, "content", contentHashes(run.folder()));  // as if it had been made with them
  run.flush();
}

TEST(Trainer, PoisonedSamplesNeverReachTheWeights) {
  const test::TempFolder folder;
  const config::RunSpec spec = nano({"train.epochs=5", "train.micro_batch=1", "train.checkpoint_minutes=0.0001"});
  run::RunDirectory run = makeRun(folder / "run", spec);
  poison(run);
  // Scalars are hidden from a fifth of the samples: most steps are bad, so that the run goes back three times and then
  // stops; the others change the weights.
  EXPECT_THROW((void)trainHere(run), Error);
  EXPECT_EQ(run.state(), run::State::kFailed);
  ASSERT_GE(events(run, "skipped").size(), 12U);
  EXPECT_EQ(events(run, "rolled_back").size(), 3U);
  EXPECT_NE(events(run, "skipped").front().text.find("samples "), std::string::npos);
  EXPECT_NE(events(run, "skipped").front().text.find("/"), std::string::npos);
  EXPECT_GT(lastCheckpoint(run).progress.step, 0);
  for (const auto& [name, tensor] : lastCheckpoint(run).model) {
    EXPECT_TRUE(torch::isfinite(tensor).all().item<bool>()) << name;
  }
  for (const auto& [name, tensor] : lastCheckpoint(run).buffers) {
    EXPECT_TRUE(tensor.is_floating_point() ? torch::isfinite(tensor).all().item<bool>() : true) << name;
  }
}

TEST(Trainer, StopsWhereNoEvaluationIsBetter) {
  const test::TempFolder folder;
  // Without learning no later score is better than the first.
  run::RunDirectory run = makeRun(folder / "run", nano({"train.epochs=9", "train.patience=2", "train.lr=0"}));
  const Outcome outcome = trainHere(run);
  EXPECT_EQ(outcome.ending, Ending::kFinished);
  EXPECT_NE(outcome.reason.find("no better score"), std::string::npos);
  EXPECT_EQ(metric(run, "validation.supervised").size(), 3U);
  EXPECT_EQ(lastCheckpoint(run).progress.epoch, 3);
}

}  // namespace
}  // namespace ecumene::engine::train
