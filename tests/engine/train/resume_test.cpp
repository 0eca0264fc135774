// SPDX-License-Identifier: Apache-2.0
// A training that ended anywhere and goes on.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <thread>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/run/commands.h"
#include "engine/train/best_checkpoint.h"
#include "engine/train/changed_options.h"
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

TEST(Resume, IsRefusedWithinAnEpochWhosePositionsCountSomethingElse) {
  FakeRun fake({"train.epochs=1"});
  Hooks hooks;
  std::int64_t made = 0;
  TrainOptions twoSteps;
  twoSteps.onStep = [&](const Status& status) { made = status.step; };
  twoSteps.interrupted = [&] { return made == 2; };
  EXPECT_EQ(fake.train(hooks, twoSteps).ending, Ending::kInterrupted);
  hooks.positionUnit = "sequences";
  const std::string said = test::messageOf([&] { fake.train(hooks); });
  EXPECT_NE(said.find("step-0000000002: "), std::string::npos) << said;
  EXPECT_NE(said.find("expected sequences, found micro-batches"), std::string::npos) << said;
  EXPECT_NE(said.find("train.begin=" + fake.run.folder().string()), std::string::npos) << said;
  hooks.positionUnit = "micro-batches";
  checkpoint::Checkpoint unsaid = test::lastCheckpoint(fake.run);
  unsaid.progress.positionUnit.clear();
  checkpoint::write(fake.run.checkpoints(), unsaid);
  EXPECT_NE(test::messageOf([&] { fake.train(hooks); }).find("found a checkpoint that does not say"),
            std::string::npos);
  hooks.hadThisUnitUnsaid = true;
  EXPECT_EQ(fake.train(hooks).step, 4);
  // Where an epoch begins there is nothing to misread.
  hooks.positionUnit = "sequences";
  run::RunDirectory next = changed(fake, {"train.epochs=2"});
  (void)trainOn(next, {}, [&](const config::RunSpec& spec) { return std::make_unique<test::FakeTask>(spec, hooks); });
  EXPECT_EQ(test::lastCheckpoint(next).progress.positionUnit, "sequences");
}

TEST(Resume, IsRefusedWhereThereIsOtherDataToLearnFrom) {
  FakeRun fake({"train.epochs=2"});
  Hooks hooks;
  std::int64_t made = 0;
  TrainOptions options;
  options.onStep = [&](const Status& status) { made = status.step; };
  options.interrupted = [&] { return made == 4; };  // an epoch's end: nothing of it is left
  hooks.learnsFrom = "8 samples";
  EXPECT_EQ(fake.train(hooks, options).ending, Ending::kInterrupted);
  hooks.learnsFrom = "7 samples";
  const std::string said = test::messageOf([&] { fake.train(hooks); });
  for (const char* part : {"not what the run began with", "8 samples", "7 samples", "train.begin="}) {
    EXPECT_NE(said.find(part), std::string::npos) << said;
  }
  EXPECT_EQ(test::lastCheckpoint(fake.run).progress.step, 4);
  hooks.learnsFrom = "8 samples";
  EXPECT_EQ(fake.train(hooks).step, 8);
  EXPECT_EQ(events(fake.run, "learns_from").size(), 1U);
}

TEST(Resume, APlanetThatIsTakenOutOfTheStoreIsNoticed) {
  const test::TempFolder folder;
  const auto store = folder / "store";
  std::filesystem::copy(test::smallStore(), store, std::filesystem::copy_options::recursive);
  config::RunSpec spec = test::nano({"train.epochs=2"});
  spec.data.store = store.string();
  run::RunDirectory run = test::makeRun(folder / "run", spec);
  std::int64_t made = 0;
  TrainOptions options;
  options.onStep = [&](const Status& status) { made = status.step; };
  options.interrupted = [&] { return made >= 1; };
  EXPECT_EQ(test::trainHere(run, options).ending, Ending::kInterrupted);
  data::store::Filter filter;
  filter.split = data::planet::Split::kTrain;
  std::string gone;
  {
    data::store::Store open = data::store::Store::open(store, data::store::Mode::kWrite);
    gone = open.list(filter).front().id;
  }
  ASSERT_EQ(test::ecumeneData({"remove", gone, "--store", store.string()}).code, 0);
  const std::string said = test::messageOf([&] { (void)test::trainHere(run); });
  EXPECT_NE(said.find("3 planets to learn from"), std::string::npos) << said;
  EXPECT_NE(said.find("2 planets to learn from"), std::string::npos) << said;
}

/// What a training that goes on says before its first step, with steps that are lost.
std::string saidOnResuming(FakeRun& fake, const std::function<void(const std::filesystem::path& checkpoint)>& harm) {
  Hooks hooks;
  std::int64_t made = 0;
  TrainOptions options;
  options.onStep = [&](const Status& status) { made = status.step; };
  options.interrupted = [&] { return made == 6; };
  EXPECT_EQ(fake.train(hooks, options).ending, Ending::kInterrupted);
  harm(checkpoint::folderOf(fake.run.checkpoints(), 6));
  std::string said;
  options.onStep = [&](const Status& status) {
    if (said.empty()) said = status.note.empty() ? "nothing" : status.note;
  };
  options.interrupted = nullptr;
  EXPECT_EQ(fake.train(hooks, options).step, 8);
  return said;
}

TEST(Resume, ADamagedNewestCheckpointIsSaidToWhoWatches) {
  const auto cut = [](const std::filesystem::path& checkpoint) {
    std::filesystem::resize_file(checkpoint / "model-00001.safetensors", 9);
  };
  FakeRun damaged, gone, none, whole;
  const std::string said = saidOnResuming(damaged, cut);
  EXPECT_NE(said.find("step-0000000006"), std::string::npos) << said;
  EXPECT_NE(said.find("going on from step 4: 2 steps are trained again"), std::string::npos) << said;
  EXPECT_EQ(events(damaged.run, "checkpoint_damaged").size(), 1U);
  const std::string lost =
      saidOnResuming(gone, [](const std::filesystem::path& checkpoint) { std::filesystem::remove_all(checkpoint); });
  EXPECT_NE(lost.find("the checkpoint of step 6 is gone\ngoing on from step 4"), std::string::npos) << lost;
  const std::string again = saidOnResuming(none, [&](const std::filesystem::path& checkpoint) {
    for (const auto& one : std::filesystem::directory_iterator(checkpoint.parent_path()))
      std::filesystem::remove_all(one.path());
  });
  EXPECT_NE(again.find("training begins again: 6 steps are lost"), std::string::npos) << again;
  EXPECT_EQ(saidOnResuming(whole, [](const std::filesystem::path&) {}), "nothing");
}

TEST(Resume, StopsWhereNoCheckpointCanBeRead) {
  FakeRun fake;
  const std::string refused = test::messageOf([&] {
    (void)saidOnResuming(fake, [&](const std::filesystem::path& checkpoint) {
      for (const auto& one : std::filesystem::directory_iterator(checkpoint.parent_path()))
        std::filesystem::resize_file(one.path() / "model-00001.safetensors", 9);
    });
  });
  EXPECT_NE(refused.find("none of the run's checkpoints can be read"), std::string::npos) << refused;
  EXPECT_FALSE(std::filesystem::is_empty(fake.run.checkpoints()));
}

/// Trains until `last` steps are made.
void trainTo(FakeRun& fake, const Hooks& hooks, std::int64_t last) {
  std::int64_t made = 0;
  TrainOptions options;
  options.onStep = [&](const Status& status) { made = status.step; };
  options.interrupted = [&] { return made == last; };
  ASSERT_EQ(fake.train(hooks, options).ending, Ending::kInterrupted);
}

void damage(const FakeRun& fake, std::int64_t step) {
  std::filesystem::resize_file(checkpoint::folderOf(fake.run.checkpoints(), step) / "model-00001.safetensors", 9);
}

TEST(Resume, DamagedCheckpointsAheadTakeNoNewOnesPlace) {
  FakeRun fake({"train.epochs=4", "train.keep_checkpoints=2"});
  const Hooks hooks;  // each evaluation is the best so far
  trainTo(fake, hooks, 10);
  trainTo(fake, hooks, 11);
  damage(fake, 10);
  damage(fake, 11);
  trainTo(fake, hooks, 9);
  EXPECT_EQ(lastCheckpoint(fake.run), checkpoint::folderOf(fake.run.checkpoints(), 9));
  trainTo(fake, hooks, 13);
  std::string from;
  for (const run::Event& event : events(fake.run, "resumed")) from += event.text + "; ";
  EXPECT_EQ(from, "from step-0000000010; from step-0000000008; from step-0000000009; ");
  EXPECT_EQ(fake.train(hooks).step, 16);
  EXPECT_EQ(test::metric(fake.run, "loss.total").size(), 16U);
}

TEST(Resume, ABestCheckpointThatIsGoneIsNotTheBest) {
  FakeRun fake({"train.epochs=4", "train.keep_checkpoints=3"});
  const Hooks hooks;
  trainTo(fake, hooks, 6);
  trainTo(fake, hooks, 9);  // that of step 8 has taken the place of step 4's
  ASSERT_FALSE(std::filesystem::exists(checkpoint::folderOf(fake.run.checkpoints(), 4)));
  damage(fake, 8);
  damage(fake, 9);
  trainTo(fake, hooks, 7);
  EXPECT_EQ(test::lastCheckpoint(fake.run).progress.bestStep, -1);
  EXPECT_EQ(events(fake.run, "best_gone").size(), 1U);
  Loaded loaded;
  (void)bestCheckpoint(fake.run, loaded);
  EXPECT_EQ(loaded.step, 7);
  trainTo(fake, hooks, 10);
  (void)bestCheckpoint(fake.run, loaded);
  EXPECT_EQ(loaded.step, 8);
}

TEST(Resume, OptionsThatAreNoMoreDoNotHideWhatWentWrong) {
  const auto work = [] { throw Error("the first that went wrong"); };
  const std::string said = test::messageOf([&] { withChangesNamed("[train]\nno_such = 1\n", test::nano(), work); });
  EXPECT_NE(said.find("the first that went wrong"), std::string::npos) << said;
}

TEST(Resume, AnotherModelInRunTomlIsNamed) {
  const test::TempFolder folder;
  config::RunSpec spec = test::nano({"train.epochs=1"});
  {
    run::RunDirectory run = test::makeRun(folder / "run", spec);
    (void)test::trainHere(run);
  }
  const std::int64_t was = spec.model.fusion.width;
  config::set(spec, "model.fusion.width=" + std::to_string(2 * was));
  writeFileAtomically(folder / "run" / "run.toml", config::toToml(spec));
  run::RunDirectory run = run::RunDirectory::open(folder / "run");
  for (const std::string& said : {test::messageOf([&] { (void)test::trainHere(run); }), test::messageOf([&] {
                                    (void)predictPlanets(run, {"all", {}});
                                  })}) {
    EXPECT_NE(said.find("run.toml: model.fusion.width"), std::string::npos) << said;
    EXPECT_NE(said.find("expected " + std::to_string(was) + ","), std::string::npos) << said;
    EXPECT_NE(said.find("found " + std::to_string(2 * was)), std::string::npos) << said;
  }
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
