// SPDX-License-Identifier: Apache-2.0
// A training that ended anywhere and goes on.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <thread>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/run/commands.h"
#include "engine/train/corpus_task.h"
#include "tests/engine/train/fake_run.h"
#include "tests/engine/train/small_corpus.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::train {
namespace {

using test::events;
using test::FakeRun;
using test::Hooks;
using namespace std::chrono_literals;

TEST(Resume, MetricsOfAnEpochsEndComeOnceAfterAKill) {
  FakeRun fake({"train.epochs=4"});
  Hooks hooks;
  hooks.score = [](double) { return 1.0; };  // the second epoch's is no better: no checkpoint follows it
  hooks.loss = [&](std::int64_t step) {
    if (step == 8) throw std::runtime_error("killed");
    if (step == 7) {
      (void)fake.run.request("checkpoint", "");
      std::this_thread::sleep_for(120ms);  // commands are looked for ten times a second
    }
    return 1.0;
  };
  EXPECT_THROW(fake.train(hooks), std::runtime_error);
  const auto last = test::lastCheckpoint(fake.run).progress;
  ASSERT_EQ(last.step, 8);
  ASSERT_EQ(last.position, 4);  // before the evaluation
  ASSERT_EQ(test::metric(fake.run, "validation.total").count(8), 1U);
  hooks.loss = [](std::int64_t) { return 1.0; };
  EXPECT_EQ(fake.train(hooks).ending, Ending::kFinished);
  EXPECT_EQ(test::metric(fake.run, "validation.total").size(), 4U);
  EXPECT_EQ(test::metric(fake.run, "loss.total").size(), 16U);
}

/// Opens the run anew with settings changed in its run.toml.
run::RunDirectory changed(const FakeRun& fake, const std::vector<std::string>& settings) {
  config::RunSpec spec = fake.run.spec();
  for (const std::string& setting : settings) config::set(spec, setting);
  writeFileAtomically(fake.run.folder() / "run.toml", config::toToml(spec));
  return run::RunDirectory::open(fake.run.folder());
}

TEST(Resume, AnEpochEndsInTheOrderThatItBeganWith) {
  FakeRun fake({"train.micro_batch=2", "train.epochs=1"});
  const Hooks hooks;
  const auto train = [&](run::RunDirectory& run, const TrainOptions& options) {
    return trainOn(run, options,
                   [&](const config::RunSpec& spec) { return std::make_unique<test::FakeTask>(spec, hooks); });
  };
  std::int64_t made = 0;
  TrainOptions twoSteps;
  twoSteps.onStep = [&](const Status& status) { made = status.step; };
  twoSteps.interrupted = [&] { return made == 2; };
  EXPECT_EQ(fake.train(hooks, twoSteps).ending, Ending::kInterrupted);
  {
    run::RunDirectory run = changed(fake, {"train.micro_batch=1"});
    const std::string said = test::messageOf([&] { train(run, {}); });
    EXPECT_NE(said.find("train.micro_batch"), std::string::npos) << said;
    EXPECT_NE(said.find("2 until epoch 1 is done"), std::string::npos) << said;
    EXPECT_NE(said.find("train.begin=" + run.folder().string()), std::string::npos) << said;
  }
  run::RunDirectory back = changed(fake, {"train.micro_batch=2", "train.lr=1e-5"});
  EXPECT_EQ(train(back, {}).step, 4);
  // An epoch that is done has no order any more.
  run::RunDirectory next = changed(fake, {"train.micro_batch=1", "train.epochs=2"});
  EXPECT_EQ(train(next, {}).step, 12);
}

TEST(Resume, AnEpochOfACorpusGoesOnWithOtherMicroBatches) {
  const test::SmallCorpus start;
  const auto learned = [&](const std::string& name, std::int64_t cut, const std::vector<std::string>& before,
                           const std::vector<std::string>& after) {
    const config::RunSpec first = start.spec("hf", before), second = start.spec("hf", after);
    run::RunDirectory run = start.make(name, first);
    CorpusTask one(run, first), other(run, second);
    std::vector<std::string> ids;
    const auto take = [&](CorpusTask& task, const config::RunSpec& spec) {
      const StepGradient made = task.gradient(spec, {});
      ids.insert(ids.end(), made.sampleIds.begin(), made.sampleIds.end());
      return made.samples > 0;
    };
    one.start(0, 0);
    for (std::int64_t step = 0; step < cut; ++step) take(one, first);
    other.start(0, one.position());
    while (take(other, second)) {
    }
    EXPECT_EQ(other.position(), other.end());
    std::ranges::sort(ids);
    return ids;
  };
  const std::vector<std::string> large = {"train.micro_batch=8", "train.accumulate=2"},
                                 small = {"train.micro_batch=3", "train.accumulate=1"};
  const auto whole = learned("whole", 0, large, large);
  EXPECT_GT(whole.size(), 100U);
  EXPECT_EQ(learned("smaller", 2, large, small), whole);
  EXPECT_EQ(learned("larger", 5, small, large), whole);
}

TEST(Resume, SecondsAreThoseOfTheStepsBehindTheWeights) {
  FakeRun fake({"train.epochs=2"});
  Hooks hooks;
  hooks.score = [](double weight) {
    std::this_thread::sleep_for(300ms);
    return weight;
  };
  bool dies = true;
  hooks.loss = [&](std::int64_t step) {
    std::this_thread::sleep_for(20ms);
    if (dies && step == 6) throw std::runtime_error("killed");
    return 1.0;
  };
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_THROW(fake.train(hooks), std::runtime_error);
  const auto first = test::lastCheckpoint(fake.run).progress;
  ASSERT_EQ(first.step, 4);  // of the evaluation
  EXPECT_GE(first.seconds, 4 * 0.02);
  dies = false;
  fake.train(hooks);
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const double seconds = test::lastCheckpoint(fake.run).progress.seconds;
  EXPECT_GE(seconds, first.seconds + 4 * 0.02);
  // Without two evaluations and the three steps that were made twice.
  EXPECT_LE(seconds, wall - 2 * 0.3 - 3 * 0.02);
}

}  // namespace
}  // namespace ecumene::engine::train
