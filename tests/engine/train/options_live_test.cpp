// SPDX-License-Identifier: Apache-2.0
// Options that are changed while a run goes on: every one is read anew by the next step, and what the loop itself reads
// changes what it does. Closed forms of what the loop alone makes of an option.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>
#include <set>
#include <thread>

#include "engine/train/checkpoint_keeper.h"
#include "tests/engine/train/fake_run.h"

namespace ecumene::engine::train {
namespace {

using models::spec::written;
using test::FakeRun;
using test::Hooks;
using test::metric;

using Settings = std::vector<std::string>;

/// Asks for settings, which the loop then obeys after the step: it looks ten times a second.
void request(run::RunDirectory& run, const Settings& settings) {
  for (const std::string& setting : settings) (void)run.request("set", setting);
  std::this_thread::sleep_for(std::chrono::milliseconds(120));
}

void expectDone(const run::RunDirectory& run) {
  for (const run::Command& command : run.commands()) {
    EXPECT_EQ(command.state, "done") << command.argument << ": " << command.answer;
  }
}

/// A value of a live option that is not `now`.
std::string another(const models::spec::Option& row) {
  const models::spec::OptionValue now = row.get();
  if (const auto* text = std::get_if<std::string>(&now)) {
    return *std::ranges::find_if(row.choiceList, [&](const std::string& choice) { return choice != *text; });
  }
  if (const auto* whole = std::get_if<std::int64_t>(&now)) return std::to_string(*whole + 1);
  return written(std::get<double>(now) == row.high / 2.0 ? row.high / 4.0 : row.high / 2.0);
}

TEST(LiveOptions, EachHoldsFromTheNextStepOn) {
  FakeRun fake;
  config::RunSpec expected = fake.run.spec();
  models::spec::Options options;
  describe(options, expected);
  Settings settings;
  for (const models::spec::Option& row : options.rows()) {
    if (row.isLive) settings.push_back(row.key + "=" + another(row));
  }
  ASSERT_GT(settings.size(), 30U);
  const config::RunSpec before = expected;
  for (const std::string& setting : settings) config::set(expected, setting);
  std::map<std::int64_t, config::RunSpec> seen;
  Hooks hooks;
  hooks.asked = [&](const config::RunSpec& spec, const StepKey& key) { seen[key.step] = spec; };
  hooks.loss = [&](std::int64_t step) {
    if (step == 2) request(fake.run, settings);
    return 1.0;
  };
  fake.train(hooks);
  expectDone(fake.run);
  EXPECT_TRUE(seen.at(2) == before);
  EXPECT_TRUE(seen.at(3) == expected);
}

/// What a run of the loop wrote until a step and after it, with an option set to `value` once that step is made.
struct Told {
  std::string until, after;
};
Told change(const std::string& option, const std::string& value, const Settings& with) {
  constexpr std::int64_t kStep = 5;
  Settings all = {"train.epochs=6", "train.checkpoint_minutes=720", "train.keep_checkpoints=1000"};
  all.insert(all.end(), with.begin(), with.end());
  FakeRun fake(all);
  Hooks hooks;
  std::int64_t evaluations = 0;
  hooks.score = [&](double weight) { return static_cast<double>(++evaluations) + 1e-3 * weight; };
  hooks.gradient = [](std::int64_t step) {
    return step == 18 ? 60.0 : 1.0 + 0.1 * std::sin(static_cast<double>(step));
  };
  Told told;
  hooks.asked = [&](const config::RunSpec& /*spec*/, const StepKey& at) {
    (at.step < kStep ? told.until : told.after) += written(at.klShare) + ' ';
  };
  hooks.loss = [&](std::int64_t step) {
    if (step + 1 == kStep) request(fake.run, {option + "=" + value});
    return 1.0;
  };
  (void)fake.train(hooks);
  expectDone(fake.run);
  for (const run::MetricRow& row : fake.run.metricsAfter(0)) {
    if (test::isOfClock(row.name)) continue;
    (row.step <= kStep ? told.until : told.after) += std::to_string(row.step) + row.name + written(row.value) + '\n';
  }
  std::set<std::string> folders;
  for (const auto& entry : std::filesystem::directory_iterator(fake.run.checkpoints())) {
    folders.insert(entry.path().filename());
  }
  for (const std::string& folder : folders) told.after += folder + '\n';
  return told;
}

struct Case {
  std::string key, before, after;
  Settings with;
};

TEST(LiveOptions, WhatTheLoopReadsChangesWhatFollowsAndNothingBefore) {
  const std::vector<Case> cases = {{"train.lr", "0.001", "0.002", {}},
                                   {"train.schedule", "cosine", "constant", {}},
                                   {"train.warmup_share", "0.05", "0.5", {}},
                                   {"train.final_share", "0.05", "0.5", {}},
                                   {"train.restarts", "1", "3", {"train.schedule=restarts"}},
                                   {"train.clip", "1", "3", {}},
                                   {"train.spike", "50", "0", {}},
                                   {"train.kl_share", "0.2", "0.9", {}},
                                   {"train.evaluate_epochs", "1", "2", {}},
                                   {"train.patience", "20", "1", {}},
                                   {"train.journal_steps", "1", "4", {}},
                                   {"train.keep_checkpoints", "1000", "1", {}}};
  std::map<Settings, Told> usual;
  for (const Case& of : cases) {
    SCOPED_TRACE(of.key);
    // A checkpoint is made at every change, also where the value stays.
    const auto [found, fresh] = usual.try_emplace(of.with);
    if (fresh) found->second = change(of.key, of.before, of.with);
    const Told told = change(of.key, of.after, of.with);
    EXPECT_EQ(told.until, found->second.until);
    EXPECT_TRUE(told.after != found->second.after);
  }
}

TEST(KlShare, RisesFromZeroOverItsShareOfTheSteps) {
  const auto shares = [](const std::string& setting) {
    FakeRun fake({setting});
    std::vector<double> seen;
    Hooks hooks;
    hooks.asked = [&](const config::RunSpec& /*spec*/, const StepKey& key) { seen.push_back(key.klShare); };
    fake.train(hooks);
    return seen;
  };
  // Eight steps.
  EXPECT_EQ(shares("train.kl_share=0.5"), (std::vector<double>{0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 1.0}));
  EXPECT_EQ(shares("train.kl_share=1"), (std::vector<double>{0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875}));
  EXPECT_EQ(shares("train.kl_share=0"), std::vector<double>(8, 1.0));
}

TEST(JournalSteps, ARowIsTheMeanOfTheStepsSinceTheLast) {
  FakeRun fake({"train.journal_steps=3"});
  Hooks hooks;
  hooks.loss = [](std::int64_t step) { return static_cast<double>(step * step); };
  fake.train(hooks);
  EXPECT_EQ(metric(fake.run, "loss.total"), (std::map<std::int64_t, double>{{3, 5.0 / 3.0}, {6, 50.0 / 3.0}}));
}

TEST(Checkpoints, AreDueByTheClockOrByWhatOneCosts) {
  FakeRun fake;
  Answers answers(fake.run);
  CheckpointKeeper keeper(fake.run, answers);
  config::TrainSpec spec = fake.run.spec().train;
  checkpoint::Checkpoint content;
  content.model["weight"] = torch::zeros({1000});
  keeper.save(content, {}, Guard(), LossScale(false), fake.run.spec());
  keeper.wait();
  keeper.collect();
  spec.checkpointMinutes = 1e-9;
  EXPECT_TRUE(keeper.isDue(spec));
  spec.checkpointMinutes = 720.0;
  EXPECT_FALSE(keeper.isDue(spec));
  spec.checkpointMinutes = 0.0;
  // Half a day without failures; with one every 86 seconds about a second, of what was written here.
  spec.failuresPerDay = 0.0;
  config::TrainSpec often = spec;
  often.failuresPerDay = 1000.0;
  bool due = false;
  for (int i = 0; i < 300 && !due; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    due = keeper.isDue(often);
  }
  EXPECT_TRUE(due);
  EXPECT_FALSE(keeper.isDue(spec));
}

}  // namespace
}  // namespace ecumene::engine::train
