// SPDX-License-Identifier: Apache-2.0
// A bad number put into one step of a training.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <limits>

#include "data/base/random.h"
#include "tests/engine/train/fake_run.h"
#include "tests/support/counts.h"

namespace ecumene {
namespace {

using engine::train::Ending;
using test::FakeRun;
using test::Hooks;

TEST(Injected, ABadNumberIsCaughtInItsStepWhereverItComes) {
  constexpr std::uint64_t kSeed = 29;
  constexpr std::int64_t kSteps = 24;
  const double none = std::numeric_limits<double>::quiet_NaN(), infinite = std::numeric_limits<double>::infinity();
  Random random(kSeed, "injected");
  const int tries = test::tries(5, 100);
  for (int i = 0; i < tries; ++i) {
    const std::int64_t bad = random.below(kSteps);
    // Norms are compared once there are enough of them.
    const std::uint32_t kind = random.below(bad >= static_cast<std::int64_t>(engine::train::Guard::kLeast) ? 4U : 3U);
    SCOPED_TRACE("step " + std::to_string(bad) + ", kind " + std::to_string(kind));
    FakeRun fake({"train.epochs=6", "train.spike=20", "train.ema=0.9"});
    Hooks hooks;
    hooks.loss = [&](std::int64_t step) { return step == bad && kind == 0 ? none : 1.0; };
    hooks.gradient = [&](std::int64_t step) {
      if (step != bad || kind == 0) return 1.0;
      return kind == 1 ? none : kind == 2 ? infinite : 1000.0;
    };
    EXPECT_EQ(fake.train(hooks).ending, Ending::kFinished);
    const auto skipped = test::events(fake.run, "skipped");
    ASSERT_EQ(skipped.size(), 1U);
    EXPECT_EQ(skipped.front().step, bad + 1);
    EXPECT_NE(skipped.front().text.find("sample"), std::string::npos) << skipped.front().text;
    const auto losses = test::metric(fake.run, "loss.total");
    EXPECT_EQ(losses.size(), static_cast<std::size_t>(kSteps - 1));
    EXPECT_EQ(losses.count(bad + 1), 0U);
    const auto last = test::lastCheckpoint(fake.run);
    for (const auto& [name, tensor] : last.model) EXPECT_TRUE(torch::isfinite(tensor).all().item<bool>()) << name;
    for (const auto& [name, tensor] : last.averaged) EXPECT_TRUE(torch::isfinite(tensor).all().item<bool>()) << name;
  }
  std::printf("%d bad numbers, each caught in its step; seed %llu\n", tries, static_cast<unsigned long long>(kSeed));
}

}  // namespace
}  // namespace ecumene
