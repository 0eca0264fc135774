// SPDX-License-Identifier: Apache-2.0
// The loop over steps on a task that is none: two weights whose gradients the test chooses.
#include "engine/train/loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <new>
#include <optional>
#include <thread>

#include "data/base/error.h"
#include "data/sql/sql.h"
#include "engine/train/model_memory.h"
#include "tests/engine/train/fake_run.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::train {
namespace {

namespace fs = std::filesystem;
using test::events;
using test::FakeRun;
using test::Hooks;

/// Not for ever: a test that is wrong must end.
bool waitForPause(const run::RunDirectory& run) {
  for (int i = 0; i < 500 && run.state() != run::State::kPaused; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return run.state() == run::State::kPaused;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Loop, MakesEveryStepOnceEvaluatesAndConcludes) {
  FakeRun fake({"train.ema=0.9"});
  const Outcome outcome = fake.train({});
  EXPECT_EQ(outcome.ending, Ending::kFinished);
  EXPECT_EQ(outcome.step, 8);
  EXPECT_EQ(test::metric(fake.run, "loss.total").size(), 8U);
  EXPECT_EQ(test::metric(fake.run, "validation.total").size(), 2U);
  EXPECT_EQ(events(fake.run, "concluded").size(), 1U);
  EXPECT_EQ(fake.run.state(), run::State::kFinished);
}

TEST(Loop, JudgesTheWeightsItBeginsWithWhereTheTaskAsks) {
  FakeRun fake({"train.begin=somewhere"});
  Hooks hooks;
  hooks.evaluatesBeginning = true;
  hooks.score = [](double weight) { return -weight; };  // learning lowers the weights: no step is better
  fake.train(hooks);
  EXPECT_EQ(test::metric(fake.run, "validation.total").at(0), -5.0);
  EXPECT_EQ(test::lastCheckpoint(fake.run).progress.bestStep, 0);
}

TEST(Loop, APauseAndItsEndAskedForTogetherHoldNothing) {
  FakeRun fake;
  Hooks hooks;
  hooks.loss = [&](std::int64_t step) {
    if (step == 1) {
      for (const char* word : {"pause", "resume", "checkpoint"}) (void)fake.run.request(word, "");
      std::this_thread::sleep_for(std::chrono::milliseconds(120));
    }
    return 1.0;
  };
  EXPECT_EQ(fake.train(hooks).ending, Ending::kFinished);
  for (const run::Command& command : fake.run.commands()) EXPECT_EQ(command.state, "done") << command.word;
}

TEST(Loop, WritesACheckpointOfOneMomentOnce) {
  FakeRun fake;
  Hooks hooks;
  TrainOptions options;
  options.onStep = [&](const Status& status) {
    if (status.step != 1) return;
    (void)fake.run.request("checkpoint", "");
    (void)fake.run.request("stop", "");
  };
  EXPECT_EQ(fake.train(hooks, options).ending, Ending::kStopped);
  std::string steps;
  for (const run::Event& event : events(fake.run, "checkpoint")) steps += std::to_string(event.step) + " ";
  EXPECT_EQ(steps, "0 1 ");
}

TEST(Loop, BadStepsAreSkippedThenRolledBackThenEndIt) {
  FakeRun fake({"train.epochs=20"});
  Hooks hooks;
  hooks.loss = [](std::int64_t step) { return step < 2 ? 1.0 : std::numeric_limits<double>::quiet_NaN(); };
  EXPECT_TRUE(contains(test::messageOf([&] { fake.train(hooks); }), "after 3 rollbacks"));
  EXPECT_EQ(events(fake.run, "rolled_back").size(), 3U);
  EXPECT_EQ(events(fake.run, "failed").front().step, 14);  // two good ones, and four times three bad ones
  EXPECT_EQ(fake.run.state(), run::State::kFailed);
}

/// Keeps checkpoints from the disk as a full one does: a link that leads nowhere but to itself is in their place.
class Obstacle {
 public:
  Obstacle(fs::path place, fs::path aside) : place_(std::move(place)), aside_(std::move(aside)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));  // a write in flight ends
    fs::rename(place_, aside_);
    fs::create_symlink(place_, place_);
  }
  void remove() const {
    fs::remove(place_);
    fs::rename(aside_, place_);
  }

 private:
  fs::path place_, aside_;
};

TEST(Loop, WaitsUntilACheckpointCanBeWritten) {
  FakeRun fake({"train.epochs=2"});
  std::optional<Obstacle> obstacle;
  Hooks hooks;
  hooks.loss = [&](std::int64_t step) {
    if (step == 1) {
      obstacle.emplace(fake.run.checkpoints(), fake.folder / "aside");
      (void)fake.run.request("checkpoint", "");
    }
    return 1.0;
  };
  std::string why;
  std::int64_t stepsMeanwhile = 0;
  std::jthread person([&] {
    if (!waitForPause(fake.run)) return;
    why = fake.run.status().reason;
    const auto before = test::metric(fake.run, "loss.total").size();
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    stepsMeanwhile = static_cast<std::int64_t>(test::metric(fake.run, "loss.total").size() - before);
    obstacle->remove();
  });
  EXPECT_EQ(fake.train(hooks).ending, Ending::kFinished);
  person.join();
  EXPECT_TRUE(contains(why, "checkpoints")) << why;
  EXPECT_EQ(stepsMeanwhile, 0);
  EXPECT_EQ(events(fake.run, "checkpoint_failed").size(), 1U);  // tried more than once, said once
  EXPECT_EQ(events(fake.run, "continued").size(), 1U);
  EXPECT_EQ(fake.run.commands().front().state, "done");  // the checkpoint that was asked for was written in the end
}

TEST(Loop, DoesNotWriteAgainWhatIsBeingWritten) {
  FakeRun fake;
  std::optional<Obstacle> obstacle;
  Hooks hooks;
  hooks.loss = [&](std::int64_t step) {
    if (step == 1) {
      obstacle.emplace(fake.run.checkpoints(), fake.folder / "aside");
      (void)fake.run.request("checkpoint", "");
    }
    return 1.0;
  };
  // A checkpoint waits for the journal, which nobody else can write to while this transaction lasts: longer than two
  // tries.
  std::jthread person([&] {
    if (!waitForPause(fake.run)) return;
    data::sql::Connection connection(fake.run.folder() / "run.sqlite", data::sql::Access::kWrite);
    const data::sql::Transaction transaction(connection);
    fake.run.event(0, "note", "has to be in the journal first");
    obstacle->remove();
    std::this_thread::sleep_for(std::chrono::milliseconds(3500));
  });
  EXPECT_EQ(fake.train(hooks).ending, Ending::kFinished);
  const auto written = events(fake.run, "checkpoint");
  EXPECT_EQ(std::ranges::count(written, events(fake.run, "paused").front().step, &run::Event::step), 1);
}

TEST(Loop, ASignalEndsTheWaitAndSaysThatTheLastCheckpointIsMissing) {
  FakeRun fake;
  std::optional<Obstacle> obstacle;
  Hooks hooks;
  hooks.loss = [&](std::int64_t step) {
    if (step == 0) obstacle.emplace(fake.run.checkpoints(), fake.folder / "aside");
    return 1.0;
  };
  TrainOptions options;
  options.interrupted = [&] { return fake.run.state() == run::State::kPaused; };
  const std::string said = test::messageOf([&] { fake.train(hooks, options); });
  EXPECT_TRUE(contains(said, "the last checkpoint")) << said;
  EXPECT_EQ(fake.run.state(), run::State::kFailed);
}

TEST(Loop, SaysWhatToSetWhereMemoryIsShort) {
  Hooks hooks;
  const auto message = [&](const std::vector<std::string>& settings) {
    FakeRun fake(settings);
    const std::string said = test::messageOf([&] { fake.train(hooks); });
    EXPECT_EQ(fake.run.status().reason, said);
    EXPECT_EQ(fake.run.state(), run::State::kFailed);
    return said;
  };
  hooks.loss = [](std::int64_t) -> double { throw std::bad_alloc(); };
  hooks.tried = [](const config::RunSpec& spec) {
    if (spec.train.microBatch > 2) throw std::bad_alloc();
  };
  const std::string step = message({"train.micro_batch=8"});
  EXPECT_TRUE(contains(step, "train.micro_batch=2 with train.accumulate=4 fits (tried)")) << step;

  // Within an epoch that the micro-batch orders, run.toml may not change it.
  {
    FakeRun within({"train.micro_batch=4"});
    const auto fails = hooks;
    hooks.loss = [](std::int64_t) { return 1.0; };
    TrainOptions options;
    options.interrupted = [] { return true; };
    (void)within.train(hooks, options);
    const std::string said = test::messageOf([&] { within.train(fails); });
    EXPECT_TRUE(contains(said, "makes the same steps, in a new run") &&
                contains(said, "train.begin=" + within.run.folder().string()))
        << said;
  }
  hooks = {};
  hooks.score = [](double) -> double { throw std::bad_alloc(); };
  const std::string aside = message({"train.side_by_side=2", "train.threads=2"});
  EXPECT_TRUE(contains(aside, "not enough memory for an evaluation") && contains(aside, "train.side_by_side=1"));
  const std::string large = message({"train.micro_batch=64"});
  EXPECT_TRUE(contains(large, "train.micro_batch=32")) << large;

  FakeRun fake({"train.ema=0.9"});
  const auto none = [](const config::RunSpec&) -> std::unique_ptr<Task> { throw std::bad_alloc(); };
  const std::string model = test::messageOf([&] { trainOn(fake.run, {}, none); });
  EXPECT_TRUE(contains(model, "not enough memory for the model") && contains(model, "train.ema=0 needs")) << model;
  EXPECT_EQ(fake.run.status().reason, model);
}

TEST(Learner, GivesTheWeightsThatLearnBackWhenAnEvaluationThrows) {
  config::RunSpec spec = config::preset("nano");
  spec.train.ema = 0.5;
  const auto module = std::make_shared<torch::nn::Module>();
  torch::Tensor weight = module->register_parameter("fusion", torch::ones({3, 3}));
  Learner learner(module, {}, spec.train);
  weight.mutable_grad() = torch::ones_like(weight);
  learner.update(0.1, 0.0);
  const torch::Tensor learned = weight.detach().clone();
  torch::Tensor judged;
  const auto evaluation = [&] {
    judged = weight.detach().clone();
    throw std::bad_alloc();
  };
  EXPECT_THROW(learner.evaluated(evaluation), std::bad_alloc);
  EXPECT_FALSE(torch::equal(judged, learned));
  EXPECT_TRUE(torch::equal(weight.detach(), learned));
  EXPECT_TRUE(module->is_training());
  EXPECT_TRUE(torch::GradMode::is_enabled());
}

}  // namespace
}  // namespace ecumene::engine::train
