// SPDX-License-Identifier: Apache-2.0
// Truth: the published formulas in double precision, and what rotations must keep.
#include "models/language/rope.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>

#include "tests/models/language/reference.h"

namespace {

using namespace ecumene::models;
using namespace ecumene::models::language;

constexpr std::int64_t kLength = 40;

spec::LanguageSpec scaled(const std::string& kind) {
  spec::LanguageSpec spec;
  spec.headWidth = 16;
  spec.ropeTheta = 500.0;
  spec.ropeScaling = kind;
  if (kind != "none") spec.ropeFactor = 4.0;
  spec.ropeOriginalLength = 32;
  return spec;
}

/// Holds the angles against cos and sin of position times frequency(pair).
void expectFrequencies(const spec::LanguageSpec& spec, const std::function<double(double pair)>& frequency) {
  const Rope::Angles angles = Rope(spec).angles(kLength, torch::kFloat32);
  const std::int64_t half = spec.headWidth / 2;
  ASSERT_EQ(angles.cos.sizes(), (torch::IntArrayRef{kLength, spec.headWidth}));
  for (std::int64_t position = 0; position < kLength; ++position) {
    for (std::int64_t i = 0; i < spec.headWidth; ++i) {
      const double angle = static_cast<double>(position) * frequency(static_cast<double>(i % half));
      EXPECT_NEAR(angles.cos[position][i].item<double>(), std::cos(angle), 1e-5) << position << ", " << i;
      EXPECT_NEAR(angles.sin[position][i].item<double>(), std::sin(angle), 1e-5) << position << ", " << i;
    }
  }
}

double plain(double pair, double theta = 500.0) {
  return std::pow(theta, -2.0 * pair / 16.0);
}

TEST(Rope, PairsTurnAtPowersOfTheta) {
  expectFrequencies(scaled("none"), [](double pair) { return plain(pair); });
}

TEST(Rope, LinearScalingDividesPositions) {
  expectFrequencies(scaled("linear"), [](double pair) { return plain(pair) / 4.0; });
}

TEST(Rope, DynamicScalingRaisesThetaBeyondTheOriginalLength) {
  const double theta = 500.0 * std::pow(4.0 * kLength / 32.0 - 3.0, 16.0 / 14.0);
  expectFrequencies(scaled("dynamic"), [&](double pair) { return plain(pair, theta); });
  const torch::Tensor within = Rope(scaled("dynamic")).angles(32, torch::kFloat32).cos;
  EXPECT_TRUE(torch::equal(within, Rope(scaled("none")).angles(32, torch::kFloat32).cos));
}

TEST(Rope, Llama3ScalingStretchesSlowPairsOnly) {
  expectFrequencies(scaled("llama3"), [](double pair) {
    const double frequency = plain(pair), turns = 32.0 * frequency / (2.0 * std::numbers::pi);
    if (turns < 1.0) return frequency / 4.0;
    if (turns > 4.0) return frequency;
    const double kept = (turns - 1.0) / 3.0;
    return frequency * kept + frequency / 4.0 * (1.0 - kept);
  });
}

TEST(Rope, ScoresDependOnDistanceAlone) {
  const Rope::Angles angles = Rope(scaled("none")).angles(kLength, torch::kFloat64);
  const torch::Tensor q = wave({1, 1, 1, 16}, 0.1).expand({1, 1, kLength, 16});
  const torch::Tensor k = wave({1, 1, 1, 16}, 0.5).expand({1, 1, kLength, 16});
  const torch::Tensor scores = torch::matmul(rotate(q, angles), rotate(k, angles).transpose(2, 3))[0][0];
  const auto near = scores.diagonal(-7);
  EXPECT_LT((near - near[0]).abs().max().item<double>(), 1e-5);
  EXPECT_GT((scores[7][0] - scores[0][0]).abs().item<double>(), 1e-2);
}

TEST(Rope, LastPositionsAloneTurnAsInTheWhole) {
  const Rope::Angles angles = Rope(scaled("llama3")).angles(kLength, torch::kFloat64);
  const torch::Tensor x = wave({2, 3, kLength, 16}, 0.3);
  const torch::Tensor whole = rotate(x, angles).narrow(2, kLength - 5, 5);
  EXPECT_TRUE(torch::equal(rotate(x.narrow(2, kLength - 5, 5), angles), whole));
}

}  // namespace
