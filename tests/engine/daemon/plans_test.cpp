// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/plans.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/engine/daemon/served.h"
#include "tests/support/sample_planet.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::daemon {
namespace {

TEST(Plans, SpecsAreEquallyFastWhereOnlyTheScheduleDiffers) {
  const config::RunSpec nano = config::preset("nano");
  for (const char* same :
       {"train.epochs=99", "train.seed=7", "train.lr=0.5", "train.patience=3", "data.store=elsewhere"}) {
    config::RunSpec other = nano;
    config::set(other, same);
    EXPECT_EQ(costOf(other), costOf(nano)) << same;
  }
  for (const char* different : {"train.micro_batch=3", "train.threads=3", "train.optimiser=lion", "data.threads=2",
                                "train.ema=0.9", "data.text_length=64"}) {
    config::RunSpec other = nano;
    config::set(other, different);
    EXPECT_NE(costOf(other), costOf(nano)) << different;
  }
}

TEST(Plans, WhatDoesNotFitIsSaid) {
  EXPECT_EQ(misfit(9'000'000'000, 10'000'000'000, "GPU 0"), "");
  EXPECT_EQ(misfit(12'500'000'000, 10'000'000'000, "GPU 0"), "GPU 0 has 10 GB free, and this needs 12.5 GB");
  EXPECT_EQ(misfit(12, 0, "GPU 0"), "");  // not known
}

/// A daemon whose `ecumene-train` is a script.
class Planned : public ::testing::Test {
 protected:
  void write(const std::string& script) {
    std::filesystem::create_directories(programs_);
    std::filesystem::remove(programs_ / "ecumene-train");
    writeFileAtomically(programs_ / "ecumene-train", "#!/bin/sh\n" + script);
    std::filesystem::permissions(programs_ / "ecumene-train", std::filesystem::perms::owner_all);
  }
  Job waitForEnd(std::int64_t id) {
    for (int i = 0; i < 200; ++i) {
      const Job job = jobs_.find(id);
      if (job.state != "queued" && job.state != "running") return job;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    ADD_FAILURE() << "the job did not end";
    return jobs_.find(id);
  }
  static wire::PlanRequest request() {
    wire::PlanRequest request;
    request.set_preset("nano");
    request.set_store("main");
    request.set_slot("cpu");
    return request;
  }

  test::TempFolder folder_;
  const std::filesystem::path programs_ = folder_ / "programs";
  Registry registry_{folder_ / "runs"};
  Stores stores_{{{"main", folder_ / "store"}}};
  Supervisor supervisor_{registry_, stores_, {programs_, folder_ / "launches.sqlite", std::chrono::seconds(5)}};
  transfer::Uploads uploads_{folder_ / "uploads"};
  JobList jobs_{stores_, uploads_, {programs_, folder_ / "jobs"}};
  Monitor monitor_{registry_, supervisor_, {folder_ / "alerts.sqlite", "", folder_ / "told"}};
  Plans plans_{registry_, stores_, supervisor_, jobs_, monitor_, programs_};
};

constexpr const char* kCounts =
    R"sh(echo '{"parts": {"language": 30, "fusion": 12}, "total": 42, "memory": {"weights": 168, "gradients": 120,
 "optimiser": 240, "averages": 0, "checkpoint": 408}}')sh";

TEST_F(Planned, CountsWhatTheTrainerAndTheStoreSay) {
  write(kCounts);
  auto store = data::store::Store::open(folder_ / "store", data::store::Mode::kCreate);
  std::int64_t samples = 0;
  for (std::uint64_t i = 0; i < 12; ++i) {
    // Of the variants of an archetype an epoch draws one.
    auto planet = test::samplePlanet(i);
    for (int variant = 100; variant < 102; ++variant) {
      planet.metabolisms.push_back(planet.metabolisms.front());
      planet.metabolisms.back().metabolism.variant = variant;
    }
    std::set<data::planet::Archetype> archetypes;
    for (const auto& one : planet.metabolisms) archetypes.insert(one.metabolism.archetype);
    const auto id = store.add(planet).id;
    data::store::Filter train;
    train.split = data::planet::Split::kTrain;
    for (const auto& row : store.list(train)) {
      if (row.id == id) samples += static_cast<std::int64_t>(archetypes.size());
    }
  }
  const wire::PlanReply plan = plans_.plan(request());
  EXPECT_EQ(plan.parameters(), 42);
  EXPECT_EQ(plan.optimiser_bytes(), 240);
  EXPECT_GT(samples, 0);
  EXPECT_EQ(plan.samples(), samples);
  const auto nano = config::preset("nano").train;
  const std::int64_t perStep = nano.microBatch * nano.accumulate;
  EXPECT_EQ(plan.steps_per_epoch(), (samples + perStep - 1) / perStep);
  EXPECT_EQ(plan.epochs(), nano.epochs);
  EXPECT_GT(plan.machine_bytes(), 0);
  EXPECT_EQ(plan.rates_size(), 0);
  EXPECT_EQ(plan.warnings_size(), 0);
}

TEST_F(Planned, CountsWhatRunsOnRealPlanetsDrawWithoutAClimate) {
  write(kCounts);
  auto store = data::store::Store::open(folder_ / "store", data::store::Mode::kCreate);
  data::planet::Planet networks = test::samplePlanet(1, {false, 0, 0, 0, 0, 2, 0});
  networks.origin = data::planet::Origin::kNetworkOnly;
  networks.truth.reset();
  store.add(networks);
  wire::PlanRequest request = Planned::request();
  EXPECT_EQ(plans_.plan(request).samples(), 0);
  request.add_settings("data.split=real");
  const wire::PlanReply plan = plans_.plan(request);
  EXPECT_EQ(plan.samples(), 2);
  EXPECT_EQ(plan.warnings_size(), 0);
}

TEST_F(Planned, WarnsWhereAModelDoesNotFit) {
  write(R"sh(echo '{"parts": {}, "total": 1, "memory": {"weights": 1, "gradients": 1, "optimiser": 1, "averages": 0,
 "checkpoint": 4000000000000000}}')sh");
  data::store::Store::open(folder_ / "store", data::store::Mode::kCreate);
  const wire::PlanReply plan = plans_.plan(request());
  ASSERT_EQ(plan.warnings_size(), 2);
  EXPECT_NE(plan.warnings(0).find("nothing to train on"), std::string::npos) << plan.warnings(0);
  EXPECT_NE(plan.warnings(1).find("this needs 8e+06 GB: a smaller preset"), std::string::npos) << plan.warnings(1);
}

TEST_F(Planned, AMeasurementIsAJobWhoseRateThePlanThenHas) {
  data::store::Store::open(folder_ / "store", data::store::Mode::kCreate);
  config::RunSpec measured = config::preset("nano");
  measured.data.store = "/anywhere";
  writeFileAtomically(folder_ / "spec.json", [&] {
    std::string text;
    for (const char c : config::toToml(measured)) {
      text += c == '\n' ? "\\n" : c == '"' ? "\\\"" : std::string(1, c);
    }
    return "{\"spec\": \"" + text + "\", \"gpus\": \"\", \"samples_per_second\": 20.0, \"seconds_per_step\": 0.8, " +
           "\"peak_bytes\": 5000, \"gpu_peak_bytes\": 0}";
  }());
  write("if [ $1 = params ]; then " + std::string(kCounts) + "\nexit; fi\necho \"$@\" > '" +
        (folder_ / "words").string() + "'\necho \"GPUs:$CUDA_VISIBLE_DEVICES\" >> '" + (folder_ / "words").string() +
        "'\necho 'progress 3 8 steps' >&2\ncat '" + (folder_ / "spec.json").string() + "'\n");
  wire::PlanRequest asked = request();
  asked.add_settings("train.epochs=77");
  const Job begun = plans_.measure(asked);
  EXPECT_EQ(begun.kind, "measure");
  const Job ended = waitForEnd(begun.id);
  EXPECT_EQ(ended.state, "done") << ended.reason;
  EXPECT_EQ(ended.done, 3U);
  EXPECT_EQ(ended.total, 8U);
  const std::string words = readFile(folder_ / "words");
  EXPECT_EQ(words.find("measure --json --data " + (folder_ / "store").string() +
                       " --preset nano --set train.epochs=77 --set train.device=cpu --scratch "),
            0U)
      << words;
  EXPECT_NE(words.find("\nGPUs:\n"), std::string::npos) << words;
  const wire::PlanReply plan = plans_.plan(asked);
  ASSERT_EQ(plan.rates_size(), 1);
  EXPECT_EQ(plan.rates(0).from(), "measurement 1");
  EXPECT_EQ(plan.rates(0).seconds_per_step(), 0.8);
  EXPECT_EQ(plan.rates(0).peak_bytes(), 5000);
  // Of other steps it says nothing.
  asked.add_settings("train.micro_batch=3");
  EXPECT_EQ(plans_.plan(asked).rates_size(), 0);
}

TEST_F(Planned, AMeasurementCanBeCancelledAndLeavesNothing) {
  write(
      "trap 'exit 1' TERM; mkdir \"$(eval echo \\${$#})\"; echo 'progress 1 8 steps' >&2; while :; do sleep 0.1; done");
  const Job begun = plans_.measure(request());
  const auto scratch = folder_ / "jobs" / "1.scratch";
  for (int i = 0; i < 200 && !std::filesystem::exists(scratch); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  EXPECT_TRUE(std::filesystem::exists(scratch));
  (void)jobs_.cancel(begun.id);
  EXPECT_EQ(waitForEnd(begun.id).state, "cancelled");
  EXPECT_FALSE(std::filesystem::exists(scratch));
}

TEST_F(Planned, IsNotMeasuredBesideARunNorForSlurm) {
  config::RunSpec spec = config::preset("nano");
  spec.train.device = "cpu";
  auto run = run::RunDirectory::create(registry_.folder() / "r", spec);
  run.claim();
  EXPECT_NE(test::messageOf([&] { (void)plans_.measure(request()); }).find("run r"), std::string::npos);
  wire::PlanRequest cluster = request();
  cluster.set_slot("slurm");
  EXPECT_NE(test::messageOf([&] { (void)plans_.measure(cluster); }).find("Slurm"), std::string::npos);
}

TEST_F(Planned, AnEarlierRunWithTheSameOptionsTellsItsRate) {
  write(kCounts);
  data::store::Store::open(folder_ / "store", data::store::Mode::kCreate);
  config::RunSpec spec = config::preset("nano");
  spec.train.device = "cpu";
  spec.data.store = (folder_ / "store").string();
  {
    auto run = run::RunDirectory::create(registry_.folder() / "earlier", spec);
    for (int step = 1; step <= 5; ++step) run.metrics(step, {{"samples_per_s", step == 1 ? 1.0 : 30.0 + step}});
    run.flush();
  }
  const wire::PlanReply plan = plans_.plan(request());
  ASSERT_EQ(plan.rates_size(), 1);
  EXPECT_EQ(plan.rates(0).from(), "run earlier");
  EXPECT_EQ(plan.rates(0).samples_per_second(), 33.0);  // the median of 1, 32, 33, 34, 35
  EXPECT_DOUBLE_EQ(plan.rates(0).seconds_per_step(),
                   static_cast<double>(spec.train.microBatch * spec.train.accumulate) / 33.0);
  EXPECT_EQ(plan.rates(0).peak_bytes(), 0);
}

}  // namespace
}  // namespace ecumene::engine::daemon
