// SPDX-License-Identifier: Apache-2.0
// Truth: rotary angles by loops over positions and pairs, and the wavelengths that follow from them.
#include "engine/train/rope_warm_up.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "models/language/rope.h"
#include "tests/engine/train/small_run.h"

namespace ecumene {
namespace {

using engine::train::ropeReach;
using engine::train::textAtReach;

TEST(RopeWarmUp, GrowsOverItsShareOfTheSteps) {
  engine::config::TrainSpec spec;
  EXPECT_EQ(ropeReach(spec, 0, 100), 1.0);  // none, as at first
  spec.ropeShare = 0.5;
  spec.ropeBegin = 0.2;
  EXPECT_DOUBLE_EQ(ropeReach(spec, 0, 100), 0.2);
  EXPECT_DOUBLE_EQ(ropeReach(spec, 25, 100), 0.6);
  EXPECT_DOUBLE_EQ(ropeReach(spec, 50, 100), 1.0);
  EXPECT_DOUBLE_EQ(ropeReach(spec, 99, 100), 1.0);
  EXPECT_EQ(textAtReach(0.2, 160), 32);
  EXPECT_EQ(textAtReach(0.01, 48), 2);
  EXPECT_EQ(textAtReach(1.0, 48), 48);
}

TEST(RopeWarmUp, ShortensTheLongestWavelengthAndKeepsTheShortest) {
  models::spec::LanguageSpec spec;
  spec.headWidth = 8;
  spec.ropeTheta = 500000.0;
  models::language::Rope rope(spec);
  constexpr double kReach = 0.25;
  rope.setReach(kReach);
  const auto angles = rope.angles(50, torch::kFloat32);
  // Wavelengths of the pairs are a geometric series from 2 pi to reach times the longest of the full reach.
  const double longest = 2.0 * std::numbers::pi * std::pow(spec.ropeTheta, 6.0 / 8.0) * kReach;
  for (int position = 0; position < 50; ++position) {
    for (int pair = 0; pair < 4; ++pair) {
      const double wavelength =
          2.0 * std::numbers::pi * std::pow(longest / (2.0 * std::numbers::pi), static_cast<double>(pair) / 3.0);
      const double turn = 2.0 * std::numbers::pi * position / wavelength;
      EXPECT_NEAR(angles.cos[position][pair].item<double>(), std::cos(turn), 1e-5) << position << ' ' << pair;
      EXPECT_NEAR(angles.sin[position][pair + 4].item<double>(), std::sin(turn), 1e-5) << position << ' ' << pair;
    }
  }
  rope.setReach(1.0);
  EXPECT_TRUE(
      torch::equal(rope.angles(50, torch::kFloat32).cos, models::language::Rope(spec).angles(50, torch::kFloat32).cos));
}

TEST(RopeWarmUp, CutsTextsAndGivesTheFullReachBack) {
  models::language::LanguageInput text;
  text.ids_BT = torch::arange(12, torch::kInt64).view({2, 6});
  text.keep_BT = torch::ones({2, 6}, torch::kBool);
  text.labels_BT = text.ids_BT.clone();
  engine::train::cutTexts(text, 4);
  EXPECT_TRUE(torch::equal(text.labels_BT, torch::tensor({0, 1, 2, 3, 6, 7, 8, 9}, torch::kInt64).view({2, 4})));
  EXPECT_EQ(text.keep_BT.size(1), 4);
  engine::train::cutTexts(text, 9);
  EXPECT_EQ(text.ids_BT.size(1), 4);

  const auto spec = test::nano();
  models::language::LanguageModel model(models::layers::Init(1), spec.model.language);
  const auto hidden = [&] { return model.forward(text).hidden_BTC; };
  const torch::NoGradGuard noGradients;
  const torch::Tensor full = hidden();
  {
    const engine::train::ReachGuard reach(model, 0.5);
    EXPECT_FALSE(torch::allclose(hidden(), full));
  }
  EXPECT_TRUE(torch::equal(hidden(), full));
}

TEST(RopeWarmUp, ChangesARunsFirstStepsAlone) {
  const auto losses = [](const std::string& share) {
    const test::TempFolder folder;
    auto run = test::makeRun(folder / "run", test::nano({"train.epochs=1", "train.hide.text=0",
                                                         "train.rope_share=" + share, "train.rope_begin=0.1"}));
    run.claim();
    test::trainHere(run);
    return test::metric(run, "loss.language");
  };
  EXPECT_NE(losses("0").begin()->second, losses("1").begin()->second);
}

}  // namespace
}  // namespace ecumene
