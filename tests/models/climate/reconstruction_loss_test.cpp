// SPDX-License-Identifier: Apache-2.0
#include "models/climate/reconstruction_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <vector>

#include "tests/models/climate/cubes.h"

namespace ecumene::models::climate {
namespace {

constexpr std::int64_t kHumidity = 1, kPressure = 1, kAbsorbed = 4, kEmitted = 5;  // on levels; on the surface
/// Area share of the 8 southernmost of 32 equal bands: 90 S to 45 S.
const double kCap = (1.0 - std::sqrt(0.5)) / 2.0;
/// Vapour pressure over water at 300 K, Pa: IAPWS-IF97 saturation line.
constexpr double kVapour300 = 3536.8;

class ReconstructionLoss : public testing::Test {
 protected:
  ReconstructionLoss() {
    input = waves(1);
    input.hidden_BP = torch::ones({1, grid.patches()}, torch::kBool);
    input.levels_BVEMYXL.zero_();  // 288 K, q 1e-3, 1e5 Pa, 240 W/m2 in, 235 W/m2 out
    input.surface_BSEMYX.zero_();
    mirror();
  }
  /// The reconstruction is the source.
  void mirror() {
    decoded.levels = input.levels_BVEMYXL.clone();
    decoded.surface = input.surface_BSEMYX.clone();
  }
  ClimateLoss loss() {
    output.hidden =
        grid.gather(decoded.levels, decoded.surface, grid.places(input.hidden_BP & input.keep_B.unsqueeze(1)));
    return reconstructionLoss(input, output, scale, grid);
  }
  /// log10 q over its deviation from the mean, -3 +- 1.
  static torch::Tensor humidity(const torch::Tensor& q) { return torch::log10(q) + 3.0; }
  torch::Tensor saturated300() const { return 0.622 * kVapour300 / (1e5 * input.sigma_L - 0.378 * kVapour300); }

  PatchGrid grid{spec::ClimateSpec{}};
  ClimateScale scale = temperateScale();
  ClimateInput input;
  /// A reconstruction of the whole cube, of which the loss is given the hidden patches.
  struct {
    torch::Tensor levels, surface;
  } decoded;

 private:
  ClimateOutput output;
};

double value(const torch::Tensor& x) {
  return x.item<double>();
}

TEST_F(ReconstructionLoss, IsZeroWhereTheReconstructionIsTheSource) {
  input = waves(2, 2);
  input.levels_BVEMYXL.select(1, kHumidity) += 3.0;  // oversaturated in places
  input.hidden_BP = everyThird(2, grid.patches(2));
  mirror();
  const ClimateLoss terms = loss();
  EXPECT_EQ(value(terms.reconstruction), 0.0);
  EXPECT_EQ(value(terms.energy), 0.0);
  EXPECT_EQ(value(terms.pressure), 0.0);
  EXPECT_EQ(value(terms.saturation), 0.0);
}

TEST_F(ReconstructionLoss, CountsEachPresentVariableAlike) {
  for (std::int64_t w = 0; w < kLevelVariables; ++w) decoded.levels.select(1, w) += static_cast<double>(w);
  for (std::int64_t s = 0; s < kSurfaceVariables; ++s) decoded.surface.select(1, s) += static_cast<double>(4 + s);
  EXPECT_NEAR(value(loss().reconstruction), (0 + 1 + 4 + 9 + 16 + 25 + 36 + 49 + 64 + 81) / 10.0, 1e-10);
  input.hidden_BP = everyThird(1, grid.patches());
  EXPECT_NEAR(value(loss().reconstruction), 28.5, 1e-10);
  input.present_BW[0][9] = false;
  input.present_BW[0][2] = false;
  EXPECT_NEAR(value(loss().reconstruction), (285.0 - 81.0 - 4.0) / 8.0, 1e-10);
  EXPECT_EQ(value(loss().energy), 0.0);  // half of the budget is absent
}

TEST_F(ReconstructionLoss, WeighsCellsByArea) {
  decoded.levels.slice(4, 0, 8) += 2.0;
  decoded.surface.slice(4, 0, 8) += 2.0;
  EXPECT_NEAR(value(loss().reconstruction), 4.0 * kCap, 1e-10);
}

TEST_F(ReconstructionLoss, PhysicsSeesTheCubeWithItsHiddenCellsReplaced) {
  input = waves(1, 2);
  input.hidden_BP = everyThird(1, grid.patches(2));
  mirror();
  decoded.surface = decoded.surface * 0.7 + 0.2;
  const torch::Tensor hidden = cellsOf(input.hidden_BP)[0];
  const torch::Tensor weight = input.latitudeWeight_Y.unsqueeze(1) / static_cast<double>(kLongitudes);
  const auto completed = [&](std::int64_t variable) {
    return torch::where(hidden, decoded.surface[0][variable], input.surface_BSEMYX[0][variable]);
  };
  const auto mean = [&](const torch::Tensor& maps_EMYX) { return (maps_EMYX * weight).sum({2, 3}); };
  const auto net = [&](const torch::Tensor& absorbed, const torch::Tensor& emitted) {
    return mean(absorbed * 60.0 + 240.0 - emitted * 40.0 - 235.0).mean(1);
  };
  const torch::Tensor drift = net(completed(kAbsorbed), completed(kEmitted)) -
                              net(input.surface_BSEMYX[0][kAbsorbed], input.surface_BSEMYX[0][kEmitted]);
  EXPECT_NEAR(value(loss().energy), value((drift / 40.0).square().mean()), 1e-12);
  EXPECT_GT(value(loss().energy), 1e-6);

  const auto mass = [&](const torch::Tensor& logarithm) {
    const torch::Tensor months = mean(torch::pow(10.0, logarithm * 0.2 + 5.0));
    return months / months.mean(1, true);
  };
  const torch::Tensor change = mass(completed(kPressure)) - mass(input.surface_BSEMYX[0][kPressure]);
  EXPECT_NEAR(value(loss().pressure), value((change * 10.0).square().mean()), 1e-10);
  EXPECT_GT(value(loss().pressure), 1e-5);
}

TEST_F(ReconstructionLoss, EnergyIsTheChangeOfTheGlobalBudget) {
  input.surface_BSEMYX.select(1, kAbsorbed) += 0.5;  // a source out of balance by 35 W/m2 is no fault
  mirror();
  EXPECT_EQ(value(loss().energy), 0.0);
  decoded.surface.select(1, kAbsorbed) += 6.0 / 60.0;  // 6 W/m2 more absorbed, in units of 40 W/m2
  EXPECT_NEAR(value(loss().energy), std::pow(6.0 / 40.0, 2), 1e-12);
  decoded.surface.select(1, kEmitted) += 6.0 / 40.0;  // and emitted
  EXPECT_NEAR(value(loss().energy), 0.0, 1e-20);

  mirror();
  decoded.surface.select(1, kEmitted).slice(3, 0, 8) += 1.0;  // 40 W/m2 over the southern cap
  decoded.surface.select(1, kEmitted).slice(2, 0, 3) -= 1.0;  // and 40 less in a quarter of the year
  EXPECT_NEAR(value(loss().energy), std::pow(kCap - 0.25, 2), 1e-12);
}

TEST_F(ReconstructionLoss, EnergyIsMeasuredInEachEpoch) {
  input = waves(1, 2);
  input.hidden_BP = torch::ones({1, grid.patches(2)}, torch::kBool);
  mirror();
  decoded.surface.select(1, kEmitted).select(1, 0) += 1.0;
  decoded.surface.select(1, kEmitted).select(1, 1) -= 1.0;
  EXPECT_NEAR(value(loss().energy), 1.0, 1e-12);  // opposite errors of two epochs do not cancel
}

TEST_F(ReconstructionLoss, PressureIsConstantThroughTheYear) {
  const auto change = [](double share) { return std::log10(1.0 + share) / 0.2; };
  decoded.surface.select(1, kPressure) += change(0.3);  // more air all the year: another planet, the same mass
  EXPECT_NEAR(value(loss().pressure), 0.0, 1e-20);
  mirror();
  decoded.surface.select(1, kPressure).slice(2, 0, 3) += change(0.04);  // 4 % more in a quarter of the year
  const double more = 1.04 / 1.01 - 1.0, less = 1.0 / 1.01 - 1.0;
  EXPECT_NEAR(value(loss().pressure), 1e2 * (more * more / 4 + less * less * 3 / 4), 1e-10);
  mirror();
  decoded.surface.select(1, kPressure).slice(3, 0, 8) += change(0.04);  // air elsewhere, always
  EXPECT_NEAR(value(loss().pressure), 0.0, 1e-20);
}

TEST_F(ReconstructionLoss, SaturationIsTheExcessBeyondTheSourcesOwn) {
  input.levels_BVEMYXL.select(1, 0) = (300.0 - 288.0) / 30.0;
  const torch::Tensor saturated = saturated300();
  const auto column = [&](double factor) { return humidity((saturated * factor).clamp_max(1.0)); };
  input.levels_BVEMYXL.select(1, kHumidity) = column(0.5);
  mirror();
  EXPECT_EQ(value(loss().saturation), 0.0);
  // Bolton's fit and the steam tables agree to a few parts in a thousand.
  decoded.levels.select(1, kHumidity) = column(1.0);
  EXPECT_LT(value(loss().saturation), 1e-5);
  decoded.levels.select(1, kHumidity) = column(1.0) + 0.5;
  EXPECT_NEAR(value(loss().saturation), 0.25, 0.003);
  decoded.levels.select(1, kHumidity).slice(3, 8) = column(1.0);
  EXPECT_NEAR(value(loss().saturation), 0.25 * kCap, 0.003);
  input.levels_BVEMYXL.select(1, kHumidity) = column(1.0) + 0.2;  // the source itself is oversaturated
  decoded.levels.select(1, kHumidity) = column(1.0) + 0.5;
  EXPECT_NEAR(value(loss().saturation), 0.09, 0.002);
  decoded.levels.select(1, kHumidity) = column(1.0) + 0.1;
  EXPECT_EQ(value(loss().saturation), 0.0);
}

TEST_F(ReconstructionLoss, AirThatWouldBoilMayBePureVapour) {
  // 450 K at 1e5 Pa: far above the boiling point.
  input.levels_BVEMYXL.select(1, 0) = (450.0 - 288.0) / 30.0;
  mirror();
  decoded.levels.select(1, kHumidity) = 3.0;  // q = 1
  EXPECT_NEAR(value(loss().saturation), 0.0, 1e-20);
  decoded.levels.select(1, kHumidity) = 3.5;
  EXPECT_NEAR(value(loss().saturation), 0.25, 1e-12);
}

TEST_F(ReconstructionLoss, IsAMeanOverPlanetsThatHaveSomethingHidden) {
  input = waves(3);
  input.levels_BVEMYXL.zero_();
  input.surface_BSEMYX.zero_();
  input.hidden_BP = torch::ones({3, grid.patches()}, torch::kBool);
  mirror();
  decoded.surface[0].select(0, kEmitted) += 1.0;
  decoded.surface[1].select(0, kEmitted) += 2.0;
  decoded.surface[2].select(0, kEmitted) += 3.0;
  EXPECT_NEAR(value(loss().energy), (1.0 + 4.0 + 9.0) / 3.0, 1e-12);
  EXPECT_NEAR(value(loss().reconstruction), (1.0 + 4.0 + 9.0) / 30.0, 1e-12);
  input.keep_B[2] = false;
  EXPECT_NEAR(value(loss().energy), 2.5, 1e-12);
  input.hidden_BP[1] = false;
  EXPECT_NEAR(value(loss().energy), 1.0, 1e-12);
  EXPECT_NEAR(value(loss().reconstruction), 0.1, 1e-12);
  input.keep_B[0] = false;
  for (const torch::Tensor& term : {loss().reconstruction, loss().energy, loss().pressure, loss().saturation}) {
    EXPECT_EQ(value(term), 0.0);
  }
}

TEST_F(ReconstructionLoss, GradientsMatchDifferences) {
  input = waves(1);
  input.levels_BVEMYXL.select(1, kHumidity) += 1.5;  // some of it oversaturated
  input.hidden_BP = everyThird(1, grid.patches());
  const torch::Tensor levels = input.levels_BVEMYXL * 0.8 + 0.3, surface = input.surface_BSEMYX * 0.7 - 0.2;
  levels.select(1, kHumidity) += 1.0;  // and the reconstruction more so
  const auto direction = [](const torch::Tensor& x) {
    return torch::arange(x.numel(), x.options()).mul(1.7).add(0.3).cos().add(0.2).view(x.sizes());
  };
  const torch::Tensor levelsTo = direction(levels), surfaceTo = direction(surface);
  const std::vector<std::function<torch::Tensor(const ClimateLoss&)>> terms{
      [](const ClimateLoss& l) { return l.reconstruction; }, [](const ClimateLoss& l) { return l.energy; },
      [](const ClimateLoss& l) { return l.pressure; }, [](const ClimateLoss& l) { return l.saturation; }};
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const auto at = [&](double step) {
      decoded.levels = levels + levelsTo * step;
      decoded.surface = surface + surfaceTo * step;
      return value(terms[i](loss()));
    };
    const double expected = (at(1e-5) - at(-1e-5)) / 2e-5;
    decoded.levels = levels.clone().requires_grad_();
    decoded.surface = surface.clone().requires_grad_();
    terms[i](loss()).backward();
    double found = 0.0;
    if (decoded.levels.grad().defined()) found += value((decoded.levels.grad() * levelsTo).sum());
    if (decoded.surface.grad().defined()) found += value((decoded.surface.grad() * surfaceTo).sum());
    EXPECT_GT(std::abs(expected), 1e-6) << i;
    EXPECT_NEAR(found, expected, 1e-6 * (1.0 + std::abs(expected))) << i;
  }
}

TEST_F(ReconstructionLoss, IsReckonedInFloat32WhereTheModelRunsInBfloat16) {
  for (torch::Tensor* x : {&input.levels_BVEMYXL, &input.surface_BSEMYX, &input.latitudeWeight_Y, &input.sigma_L,
                           &scale.mean_W, &scale.deviation_W}) {
    *x = x->to(torch::kFloat32);
  }
  mirror();
  decoded.surface.select(1, kEmitted) += 1.0;
  decoded.levels = decoded.levels.to(torch::kBFloat16);
  decoded.surface = decoded.surface.to(torch::kBFloat16);
  EXPECT_EQ(loss().energy.scalar_type(), torch::kFloat32);
  EXPECT_NEAR(static_cast<double>(loss().energy.item<float>()), 1.0, 1e-5);
}

}  // namespace
}  // namespace ecumene::models::climate
