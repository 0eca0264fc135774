// SPDX-License-Identifier: Apache-2.0
#include "data/physics/text/hints.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace ecumene::data::physics::text {
namespace {

using planet::RedoxScenario;
constexpr int kDraws = 60000;

TEST(Hints, AreRightFourTimesInFive) {
  for (int scenario = 0; scenario < static_cast<int>(RedoxScenario::kUnknown); ++scenario) {
    for (const bool ocean : {false, true}) {
      const auto truth = static_cast<RedoxScenario>(scenario);
      double scenarios = 0, rightScenarios = 0, oceans = 0, rightOceans = 0, both = 0;
      std::array<int, 6> wrong{};
      for (std::uint64_t i = 0; i < kDraws; ++i) {
        Random random(17, "hints", i);
        const Hints hints = drawHints(truth, ocean, random);
        ASSERT_TRUE(hints.scenario || hints.ocean);
        if (hints.scenario && hints.ocean) ++both;
        if (hints.scenario) {
          ++scenarios;
          if (*hints.scenario == truth) ++rightScenarios;
          if (*hints.scenario != truth) ++wrong.at(static_cast<std::size_t>(*hints.scenario));
        }
        if (hints.ocean) {
          ++oceans;
          if (*hints.ocean == ocean) ++rightOceans;
        }
      }
      // Within four and a half binomial standard deviations.
      const auto within = [](double right, double of, double share) {
        EXPECT_NEAR(right / of, share, 4.5 * std::sqrt(share * (1.0 - share) / of));
      };
      within(rightScenarios, scenarios, 0.8);
      within(rightOceans, oceans, 0.8);
      within(both, kDraws, 1.0 / 3.0);
      for (int other = 0; other < 6; ++other) {
        if (other != scenario) within(wrong.at(static_cast<std::size_t>(other)), scenarios, 0.04);
      }
    }
  }
}

TEST(Hints, UnknownCompositionGivesTheOceanAlone) {
  for (std::uint64_t i = 0; i < 200; ++i) {
    Random random(3, "hints", i);
    const Hints hints = drawHints(RedoxScenario::kUnknown, true, random);
    EXPECT_FALSE(hints.scenario);
    EXPECT_TRUE(hints.ocean);
  }
}

}  // namespace
}  // namespace ecumene::data::physics::text
