// SPDX-License-Identifier: Apache-2.0
#include "models/climate/cell_statistics.h"

#include <numbers>

namespace ecumene::models::climate {

using layers::add;

namespace {

constexpr std::int64_t kThresholds = 24, kCellWidth = 64;
/// In deviations of the surface temperature (about 40 K): thresholds begin evenly spaced from -kReach to kReach, and
/// one rises from 0.1 to 0.9 within 15 K.
constexpr double kSlope = 12.0, kReach = 2.5;
/// Shares in [0, 1] are brought to numbers of mean and deviation about 0 and 1, which an MLP learns from sooner.
constexpr double kShareGain = 3.0;
/// Cells are told apart by sharper functions than a layer's usual first weights give.
constexpr double kCellGain = 3.0;
constexpr std::int64_t kOutIn = 2 * kThresholds + kCellWidth + kSurfaceVariables;

/// Mean of values [N, C, K] over cells with weights [N, C] that sum to 1.
torch::Tensor areaMean(const torch::Tensor& values, const torch::Tensor& weight) {
  return torch::bmm(weight.unsqueeze(1).to(values.scalar_type()), values).squeeze(1);
}

torch::Tensor areaShares(const torch::Tensor& weight_NC) {
  return weight_NC / weight_NC.sum(1, true).clamp_min(1e-12);
}

/// The mask of patches on the cells: [B, P] -> [B, E, M, Y, X].
torch::Tensor onMap(const torch::Tensor& mask_BP, const PatchGrid& grid, std::int64_t epochs) {
  const std::int64_t batch = mask_BP.size(0), m = grid.months(), y = grid.latitudes(), x = grid.longitudes();
  return mask_BP.view({batch, epochs, m, 1, y, 1, x, 1})
      .expand({-1, -1, -1, kMonths / m, -1, kLatitudes / y, -1, kLongitudes / x})
      .reshape({batch, epochs, kMonths, kLatitudes, kLongitudes});
}

}  // namespace

CellStatistics::CellStatistics(const layers::Init& init, std::int64_t width)
    : cell_(add<layers::Linear>(*this, init, "cell", kSurfaceVariables + 1, kCellWidth, true, kCellGain)),
      out_(add<layers::GeluMlp>(*this, init, "out", kOutIn, 2 * kCellWidth, width)),
      norm_(add<layers::RmsNorm>(*this, init, "norm", width)) {
  const auto even = [&] { return torch::linspace(-kReach, kReach, kThresholds, init.options()); };
  monthThreshold_K_ = register_parameter("month_threshold", even());
  monthSlope_K_ = register_parameter("month_slope", init.constant({kThresholds}, kSlope));
  yearThreshold_K_ = register_parameter("year_threshold", even());
  yearSlope_K_ = register_parameter("year_slope", init.constant({kThresholds}, kSlope));
}

torch::Tensor CellStatistics::forward(const ClimateInput& input, const PatchGrid& grid) const {
  const std::int64_t batch = input.surface_BSEMYX.size(0), epochs = input.surface_BSEMYX.size(2);
  const std::int64_t count = batch * epochs, columns = kLatitudes * kLongitudes;
  const torch::Tensor present_BS = input.present_BW.narrow(1, kLevelVariables, kSurfaceVariables);
  const torch::Tensor visible_BEMYX =
      input.hidden_BP.defined() ? onMap(input.hidden_BP.logical_not(), grid, epochs)
                                : torch::ones({batch, epochs, kMonths, kLatitudes, kLongitudes}, present_BS.options());
  const torch::Tensor shown = visible_BEMYX.unsqueeze(1) & present_BS.view({batch, kSurfaceVariables, 1, 1, 1, 1});
  const torch::Tensor x = input.surface_BSEMYX.masked_fill(shown.logical_not(), 0.0);
  const auto type = x.scalar_type();
  const torch::Tensor area_Y1 = input.latitudeWeight_Y.to(type).unsqueeze(1);

  const auto thresholds = [](const torch::Tensor& ts_NC, const torch::Tensor& at_K, const torch::Tensor& slope_K) {
    return torch::sigmoid((ts_NC.unsqueeze(2) - at_K) * slope_K);
  };
  constexpr std::int64_t kTemperature = 0;  // among the surface variables
  const torch::Tensor months = areaMean(
      thresholds(x.select(1, kTemperature).reshape({count, kMonths * columns}), monthThreshold_K_, monthSlope_K_),
      areaShares((visible_BEMYX.to(type) * area_Y1).reshape({count, kMonths * columns})));

  const torch::Tensor seen_BEYX = visible_BEMYX.to(type).sum(2);
  const torch::Tensor year_BESYX = x.sum(3) / seen_BEYX.unsqueeze(1).clamp_min(1.0);
  const torch::Tensor year_NCS = year_BESYX.permute({0, 2, 3, 4, 1}).reshape({count, columns, kSurfaceVariables});
  const torch::Tensor inYear = areaShares(((seen_BEYX > 0).to(type) * area_Y1).reshape({count, columns}));
  const torch::Tensor years =
      areaMean(thresholds(year_NCS.select(2, kTemperature), yearThreshold_K_, yearSlope_K_), inYear);
  const torch::Tensor polar = (input.latitudeDeg_Y * (std::numbers::pi / 180.0)).sin().square().to(type);
  const torch::Tensor polar_NC1 =
      polar.view({1, kLatitudes, 1}).expand({count, -1, kLongitudes}).reshape({count, columns, 1});
  const torch::Tensor cells = areaMean(torch::gelu(cell_->forward(torch::cat({year_NCS, polar_NC1}, 2))), inYear);

  const torch::Tensor flags =
      present_BS.to(type).unsqueeze(1).expand({-1, epochs, -1}).reshape({count, kSurfaceVariables});
  const torch::Tensor shares = (torch::cat({months, years}, 1) - 0.5) * kShareGain;
  return norm_->forward(out_->forward(torch::cat({shares, cells, flags}, 1))).view({batch, epochs, -1});
}

}  // namespace ecumene::models::climate
