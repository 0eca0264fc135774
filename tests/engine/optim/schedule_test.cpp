// SPDX-License-Identifier: Apache-2.0
// Truth: PyTorch's schedulers through tests/oracles/training.py, closed forms.
#include "engine/optim/schedule.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "data/base/error.h"

namespace {

using namespace ecumene;
using engine::config::TrainSpec;
using engine::optim::learningRate;
using nlohmann::json;

TrainSpec specOf(const std::string& schedule, double warmUpShare = 0.0) {
  TrainSpec spec;
  spec.learningRate = 0.02;
  spec.schedule = schedule;
  spec.warmUpShare = warmUpShare;
  spec.finalShare = 0.05;
  return spec;
}

void expectLike(const std::string& key, const TrainSpec& spec, std::int64_t total) {
  std::ifstream file("tests/oracles/reference/training.json");
  const json reference = json::parse(file).at("schedules");
  ASSERT_EQ(reference.at("peak").get<double>(), spec.learningRate);
  std::int64_t step = 0;
  for (const double expected : reference.at(key)) {
    EXPECT_NEAR(learningRate(spec, step, total), expected, 1e-12) << key << ' ' << step;
    ++step;
  }
  EXPECT_GE(step, total - 1);
}

TEST(Schedule, OneCycleIsPyTorchs) {
  expectLike("onecycle_100", specOf("onecycle"), 100);
  expectLike("onecycle_37", specOf("onecycle"), 37);
}

TEST(Schedule, CosineIsPyTorchsWithAndWithoutWarmUp) {
  expectLike("cosine_80", specOf("cosine"), 80);
  expectLike("warm_cosine_100", specOf("cosine", 0.2), 100);
}

TEST(Schedule, RestartsArePyTorchs) {
  TrainSpec spec = specOf("restarts");
  spec.restarts = 4;
  expectLike("restarts_4_by_25", spec, 100);
}

TEST(Schedule, EveryCycleBeginsAtThePeak) {
  for (const std::int64_t cycles : {1, 3, 7, 10}) {
    for (const std::int64_t length : {1, 5, 49, 1234}) {
      TrainSpec spec = specOf("restarts");
      spec.restarts = cycles;
      for (std::int64_t cycle = 0; cycle < cycles; ++cycle) {
        EXPECT_DOUBLE_EQ(learningRate(spec, cycle * length, cycles * length), spec.learningRate)
            << cycles << ' ' << length;
      }
    }
  }
}

TEST(Schedule, ConstantStaysAfterALinearRise) {
  const TrainSpec spec = specOf("constant", 0.1);
  for (std::int64_t step = 0; step < 50; ++step) {
    const double expected = step < 5 ? 0.02 * static_cast<double>(step + 1) / 6.0 : 0.02;
    EXPECT_NEAR(learningRate(spec, step, 50), expected, 1e-15);
  }
}

TEST(Schedule, ShortRunsStayBetweenZeroAndThePeak) {
  for (const char* schedule : {"constant", "cosine", "restarts", "onecycle"}) {
    for (std::int64_t total = 1; total <= 40; ++total) {
      for (std::int64_t step = 0; step < total; ++step) {
        const double rate = learningRate(specOf(schedule, 0.1), step, total);
        EXPECT_TRUE(rate > 0.0 && rate <= 0.02 * (1.0 + 1e-12)) << schedule << ' ' << total << ' ' << step;
      }
    }
  }
}

TEST(Schedule, AnUnknownNameIsRefused) {
  EXPECT_THROW(learningRate(specOf("linear"), 0, 10), Error);
}

}  // namespace
