// SPDX-License-Identifier: Apache-2.0
#include "models/climate/cell_statistics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "tests/models/climate/cubes.h"
#include "tests/models/gradient_check.h"

namespace ecumene::models::climate {
namespace {

constexpr std::int64_t kStatistics = 8;

CellStatistics cellModel() {
  return {layers::Init(4, torch::TensorOptions(torch::kFloat64)), kStatistics};
}

PatchGrid tinyGrid() {
  return PatchGrid(tinySpec());
}

double exactGelu(double x) {
  return 0.5 * x * (1.0 + std::erf(x / std::numbers::sqrt2));
}

/// The formula of the header for one planet and epoch, cell by cell.
std::vector<double> byLoops(CellStatistics& model, const ClimateInput& input) {
  const auto parameters = model.named_parameters();
  const auto number = [&](const char* name, std::int64_t i) { return parameters[name].view(-1)[i].item<double>(); };
  const std::int64_t thresholds = parameters["month_threshold"].size(0), hidden = parameters["cell.weight"].size(0);
  const auto x = input.surface_BSEMYX.accessor<double, 6>();
  const torch::Tensor seen = input.hidden_BP.defined() ? cellsOf(input.hidden_BP).logical_not()
                                                       : torch::ones({1, 1, 12, 32, 64}, torch::kBool);
  const auto visible = seen.accessor<bool, 5>();
  const auto present = input.present_BW.accessor<bool, 2>();
  std::vector<double> month(static_cast<std::size_t>(thresholds)), year(month), cell(static_cast<std::size_t>(hidden));
  double monthArea = 0.0, yearArea = 0.0;
  std::vector<double> at, slope, yearAt, yearSlope, weight, bias;
  for (std::int64_t k = 0; k < thresholds; ++k) {
    at.push_back(number("month_threshold", k));
    slope.push_back(number("month_slope", k));
    yearAt.push_back(number("year_threshold", k));
    yearSlope.push_back(number("year_slope", k));
  }
  for (std::int64_t i = 0; i < hidden * 7; ++i) weight.push_back(number("cell.weight", i));
  for (std::int64_t i = 0; i < hidden; ++i) bias.push_back(number("cell.bias", i));
  const auto sigmoid = [](double z) { return 1.0 / (1.0 + std::exp(-z)); };
  for (std::int64_t y = 0; y < 32; ++y) {
    const double area = input.latitudeWeight_Y[y].item<double>();
    const double polar = std::pow(std::sin(input.latitudeDeg_Y[y].item<double>() * std::numbers::pi / 180.0), 2.0);
    for (std::int64_t column = 0; column < 64; ++column) {
      double mean[6] = {}, months = 0.0;
      for (std::int64_t m = 0; m < 12; ++m) {
        if (!visible[0][0][m][y][column]) continue;
        months += 1.0;
        for (std::int64_t s = 0; s < 6; ++s) mean[s] += present[0][4 + s] ? x[0][s][0][m][y][column] : 0.0;
        const double ts = present[0][4] ? x[0][0][0][m][y][column] : 0.0;
        monthArea += area;
        for (std::size_t k = 0; k < month.size(); ++k) month[k] += area * sigmoid((ts - at[k]) * slope[k]);
      }
      if (months == 0.0) continue;
      for (double& value : mean) value /= months;
      yearArea += area;
      for (std::size_t k = 0; k < year.size(); ++k) year[k] += area * sigmoid((mean[0] - yearAt[k]) * yearSlope[k]);
      for (std::size_t h = 0; h < cell.size(); ++h) {
        double sum = bias[h] + weight[h * 7 + 6] * polar;
        for (std::size_t s = 0; s < 6; ++s) sum += weight[h * 7 + s] * mean[s];
        cell[h] += area * exactGelu(sum);
      }
    }
  }
  std::vector<double> all;
  for (const double value : month) all.push_back((value / monthArea - 0.5) * 3.0);
  for (const double value : year) all.push_back((value / yearArea - 0.5) * 3.0);
  for (const double value : cell) all.push_back(value / yearArea);
  for (std::int64_t s = 0; s < 6; ++s) all.push_back(present[0][4 + s] ? 1.0 : 0.0);
  const torch::Tensor joined = torch::tensor(all, torch::kFloat64);
  const torch::Tensor out =
      torch::mv(parameters["out.out.weight"],
                torch::gelu(torch::mv(parameters["out.in.weight"], joined) + parameters["out.in.bias"])) +
      parameters["out.out.bias"];
  const torch::Tensor numbers = (out / (out.square().mean() + 1e-5).sqrt()).detach().contiguous();
  return {numbers.data_ptr<double>(), numbers.data_ptr<double>() + kStatistics};
}

TEST(CellStatistics, AreMeansOverCellsAndMonthsOfTheFormula) {
  CellStatistics model = cellModel();
  ClimateInput input = waves(1);
  for (const bool partly : {false, true}) {
    if (partly) {
      input.hidden_BP = everyThird(1, tinyGrid().patches());
      input.present_BW[0][6] = false;
    }
    const torch::Tensor found = model.forward(input, tinyGrid());
    ASSERT_EQ(found.sizes(), (std::vector<std::int64_t>{1, 1, kStatistics}));
    const std::vector<double> right = byLoops(model, input);
    for (std::int64_t c = 0; c < kStatistics; ++c) {
      EXPECT_NEAR(found[0][0][c].item<double>(), right[static_cast<std::size_t>(c)], 1e-11) << c;
    }
  }
}

TEST(CellStatistics, DoNotChangeWhenThePlanetIsTurnedMirroredOrBegunLater) {
  CellStatistics model = cellModel();
  ClimateInput input = waves(2, 2);
  input.surface_BSEMYX[1] *= 0.6;
  input.surface_BSEMYX.select(2, 1).mul_(0.8);
  const torch::Tensor before = model.forward(input, tinyGrid());
  EXPECT_FALSE(torch::allclose(before[0], before[1], 1e-6, 1e-6));
  EXPECT_FALSE(torch::allclose(before[0][0], before[0][1], 1e-6, 1e-6));
  ClimateInput moved = input;
  moved.surface_BSEMYX = input.surface_BSEMYX.roll({5, 23}, {3, 5}).flip(4);
  EXPECT_TRUE(torch::allclose(model.forward(moved, tinyGrid()), before, 1e-10, 1e-10));
}

TEST(CellStatistics, WhatIsAbsentOrHiddenReachesNeitherOutputNorGradients) {
  const auto run = [](double filler) {
    CellStatistics model = cellModel();
    ClimateInput input = waves(1);
    input.hidden_BP = everyThird(1, tinyGrid().patches());
    input.present_BW[0][5] = false;
    input.surface_BSEMYX = input.surface_BSEMYX.masked_fill(cellsOf(input.hidden_BP).unsqueeze(1), filler);
    input.surface_BSEMYX.select(1, 1).fill_(filler);
    const torch::Tensor found = model.forward(input, tinyGrid());
    weighed(found).backward();
    std::vector<torch::Tensor> all{found.flatten()};
    for (const torch::Tensor& parameter : model.parameters()) all.push_back(parameter.grad().flatten());
    return torch::cat(all);
  };
  const torch::Tensor clean = run(0.0);
  EXPECT_TRUE(clean.isfinite().all().item<bool>());
  EXPECT_TRUE(torch::equal(clean, run(3.0)));
  EXPECT_TRUE(torch::equal(clean, run(std::numeric_limits<double>::quiet_NaN())));
}

TEST(CellStatistics, GradientsReachEveryParameterAndMatchDifferences) {
  CellStatistics model = cellModel();
  ClimateInput input = waves(1);
  input.hidden_BP = everyThird(1, tinyGrid().patches());
  expectGradientsMatchDifferences(model, [&] { return weighed(model.forward(input, tinyGrid())); });
  for (const auto& parameter : model.named_parameters()) {
    EXPECT_GT(parameter->grad().abs().max().item<double>(), 0.0) << parameter.key();
  }
}

}  // namespace
}  // namespace ecumene::models::climate
