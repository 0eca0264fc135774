// SPDX-License-Identifier: Apache-2.0
// A plan with a real daemon and a real trainer: what it says is what the launch then does.
#include <gtest/gtest.h>

#include "engine/config/run_spec.h"
#include "tests/app/machine.h"

namespace ecumene {
namespace {

using test::Finished;
using test::Json;
using test::Machine;

const std::vector<std::string> kNano = {"--preset",        "nano",  "--slot",        "cpu", "--set",
                                        "train.threads=1", "--set", "train.epochs=1"};

std::vector<std::string> with(std::vector<std::string> words, const std::vector<std::string>& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// A machine with six generated planets, of which some are to be trained on.
struct Planning : Machine {
  Planning() {
    EXPECT_EQ(start().code, 0);
    const Finished made = ctl({"data", "generate", "--planets", "6", "--seed", "42"});
    EXPECT_EQ(made.code, 0) << made.err;
  }
};

TEST(Plan, TellsTheStepsThatALaunchMakesAndTheRateThatWasMeasured) {
  const Planning machine;
  const Json before = machine.json(with({"plan"}, kNano));
  EXPECT_TRUE(before.at("rates").empty());
  EXPECT_GT(before.at("weight_bytes").get<double>(), 0.0);
  // 4 bytes each in float32; adamw keeps two more of each, and nano all of them learns.
  EXPECT_EQ(before.at("weight_bytes").get<double>(), 4.0 * before.at("parameters").get<double>());
  EXPECT_EQ(before.at("optimiser_bytes").get<double>(), 8.0 * before.at("parameters").get<double>());

  const Json measured = machine.json(with({"plan", "--measure"}, kNano));
  ASSERT_EQ(measured.at("rates").size(), 1U);
  const Json& rate = measured.at("rates").at(0);
  const double perStep = rate.at("seconds_per_step");
  EXPECT_GT(perStep, 0.0);
  const auto nano = engine::config::preset("nano").train;
  EXPECT_NEAR(rate.at("samples_per_second").get<double>() * perStep,
              static_cast<double>(nano.microBatch * nano.accumulate), 1e-6);
  EXPECT_GT(rate.at("peak_bytes").get<double>(), measured.at("weight_bytes").get<double>());
  EXPECT_TRUE(machine.json({"runs"}).at("runs").empty());
  EXPECT_FALSE(std::filesystem::exists(machine.runs() / ".daemon" / "jobs" / "2.scratch"));

  EXPECT_EQ(machine.ctl(with({"launch", "--name", "a", "--no-eval"}, kNano)).code, 0);
  const Json run = machine.waitForState("a", "finished");
  EXPECT_EQ(run.at("step"), measured.at("steps_per_epoch"));
}

TEST(Plan, AMeasurementCanBeCancelled) {
  const Planning machine;
  test::Running measuring(with({"ecumenectl", "--socket", machine.socket(), "plan", "--measure"}, kNano));
  const auto job = [&] { return machine.json({"jobs"}).at("jobs").at(0); };
  for (int i = 0; i < 600 && (job().at("kind") != "measure" || job().at("state") != "running"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_EQ(machine.ctl({"cancel", "2"}).code, 0);
  const Finished ended = measuring.finish();
  EXPECT_EQ(ended.code, 1) << ended.out;
  EXPECT_NE(ended.err.find("cancelled"), std::string::npos) << ended.err;
  EXPECT_TRUE(machine.json(with({"plan"}, kNano)).at("rates").empty());
}

TEST(Plan, ATrainerOfALauncherWithSeveralProcessesIsRefused) {
  const Planning machine;
  EXPECT_EQ(machine.ctl(with({"launch", "--name", "a", "--no-eval"}, kNano)).code, 0);
  machine.waitForState("a", "finished");
  const auto resumed = [&](const char* world) {
    ::setenv("WORLD_SIZE", world, 1);
    ::setenv("RANK", "0", 1);
    const Finished finished =
        test::runProgram({"ecumene-train", "resume", (machine.runs() / "a").string(), "--plain", "--no-eval"});
    ::unsetenv("WORLD_SIZE");
    ::unsetenv("RANK");
    return finished;
  };
  const Finished refused = resumed("2");
  EXPECT_EQ(refused.code, 2);
  EXPECT_NE(refused.err.find("one process"), std::string::npos) << refused.err;
  EXPECT_EQ(machine.state("a"), "finished");
  const Finished one = resumed("1");
  EXPECT_EQ(one.code, 0) << one.err;
}

}  // namespace
}  // namespace ecumene
