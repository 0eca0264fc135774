// SPDX-License-Identifier: Apache-2.0
#include "tests/models/climate/cubes.h"

#include <numbers>
#include <vector>

namespace ecumene::models::climate {
namespace {

constexpr double kTurn = 2.0 * std::numbers::pi;

/// 0, 1, 2 .. along one of seven dimensions (planet, variable, epoch, month, latitude, longitude, level).
torch::Tensor index(std::int64_t count, std::size_t dimension) {
  std::vector<std::int64_t> shape(7, 1);
  shape[dimension] = count;
  return torch::arange(count, torch::kFloat64).view(shape);
}

torch::Tensor field(std::int64_t batch, std::int64_t variables, std::int64_t epochs, std::int64_t levels,
                    double shift) {
  const torch::Tensor planet = index(batch, 0), variable = index(variables, 1) + shift, epoch = index(epochs, 2);
  const torch::Tensor month = index(kMonths, 3) * (kTurn / 12), longitude = index(kLongitudes, 5) * (kTurn / 64);
  const torch::Tensor latitude = (index(kLatitudes, 4) + 0.5) * (std::numbers::pi / 32);
  const torch::Tensor level = index(levels, 6);
  return torch::sin(planet * 0.7 + variable * 1.3 + epoch * 0.9 + month + latitude * 1.9 + longitude * 2 +
                    level * 0.35) +
         0.4 * torch::cos(longitude * 5 - month * 2 + variable * 0.8 - planet * 1.1) * torch::sin(latitude);
}

}  // namespace

spec::ClimateSpec tinySpec() {
  spec::ClimateSpec spec;
  spec.width = 16;
  spec.heads = 2;
  spec.localBlocks = 2;
  spec.globalBlocks = 2;
  spec.featureWidth = 8;
  return spec;
}

ClimateInput waves(std::int64_t batch, std::int64_t epochs, torch::ScalarType type) {
  ClimateInput input;
  input.levels_BVEMYXL = field(batch, kLevelVariables, epochs, kLevels, 0.0).to(type);
  input.surface_BSEMYX = field(batch, kSurfaceVariables, epochs, 1, 4.0).squeeze(6).to(type);
  input.present_BW = torch::ones({batch, kVariables}, torch::kBool);
  input.keep_B = torch::ones({batch}, torch::kBool);
  const torch::Tensor edges = (torch::arange(kLatitudes + 1, torch::kFloat64) * (180.0 / 32) - 90.0).deg2rad();
  input.latitudeDeg_Y = (torch::arange(kLatitudes, torch::kFloat64) * (180.0 / 32) - 90.0 + 90.0 / 32).to(type);
  input.latitudeWeight_Y = ((edges.slice(0, 1).sin() - edges.slice(0, 0, kLatitudes).sin()) / 2.0).to(type);
  input.sigma_L = ((torch::arange(kLevels, torch::kFloat64) + 0.5) / static_cast<double>(kLevels)).to(type);
  return input;
}

torch::Tensor everyThird(std::int64_t batch, std::int64_t patches) {
  return (torch::arange(patches) % 3 == 1).unsqueeze(0).repeat({batch, 1});
}

torch::Tensor cellsOf(const torch::Tensor& mask) {
  return mask.view({mask.size(0), mask.size(1) / (4 * 8 * 16), 4, 8, 16})
      .repeat_interleave(3, 2)
      .repeat_interleave(4, 3)
      .repeat_interleave(4, 4);
}

ClimateInput copyOf(const ClimateInput& input) {
  ClimateInput copy = input;
  copy.levels_BVEMYXL = input.levels_BVEMYXL.clone();
  copy.surface_BSEMYX = input.surface_BSEMYX.clone();
  copy.present_BW = input.present_BW.clone();
  copy.keep_B = input.keep_B.clone();
  return copy;
}

ClimateScale temperateScale() {
  return {torch::tensor({288.0, -3.0, 0.0, 0.0, 288.0, 5.0, 0.5, 0.1, 240.0, 235.0}, torch::kFloat64),
          torch::tensor({30.0, 1.0, 10.0, 10.0, 30.0, 0.2, 0.2, 0.2, 60.0, 40.0}, torch::kFloat64)};
}

}  // namespace ecumene::models::climate
