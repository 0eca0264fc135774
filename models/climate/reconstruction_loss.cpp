// SPDX-License-Identifier: Apache-2.0
#include "models/climate/reconstruction_loss.h"

#include <numbers>
#include <vector>

#include "models/layers/precision.h"

namespace ecumene::models::climate {

using layers::atLeastFloat32;

namespace {

enum Variable {
  kTemperature,
  kHumidity,
  kEast,
  kNorth,
  kSurfaceTemperature,
  kPressure,
  kCloud,
  kIce,
  kAbsorbed,
  kEmitted
};

/// The mass of the air is compared in tenths of itself, so that a term begins near one, as the others do.
constexpr double kTenth = 10.0;

/// The source's values of hidden patches, absent variables at zero: what stands in their place may be no number at all,
/// and a product with a mask of zeros would carry that into the gradients of the others.
PatchValues sourceOf(const ClimateInput& input, const PatchGrid& grid, const PatchPlaces& at) {
  const PatchValues given = grid.gather(input.levels_BVEMYXL, input.surface_BSEMYX, at);
  const torch::Tensor absent = input.present_BW.logical_not().index_select(0, at.planet_H).unsqueeze(2);
  return {atLeastFloat32(given.levels_NVCL).masked_fill(absent.narrow(1, 0, kLevelVariables).unsqueeze(3), 0.0),
          atLeastFloat32(given.surface_NSC).masked_fill(absent.narrow(1, kLevelVariables, kSurfaceVariables), 0.0)};
}

/// [H, C] of the surface, [H, C, L] on levels, in physical units.
torch::Tensor physical(const PatchValues& patches, const ClimateScale& scale, Variable variable) {
  const torch::Tensor x = variable < kLevelVariables ? patches.levels_NVCL.select(1, variable)
                                                     : patches.surface_NSC.select(1, variable - kLevelVariables);
  return x * scale.deviation_W[variable] + scale.mean_W[variable];
}

/// Pa, of log10 Pa within what any air can weigh.
torch::Tensor pressurePa(const torch::Tensor& logarithm) {
  return torch::exp(logarithm.clamp(-2.0, 10.0) * std::numbers::ln10);
}

/// Sums of x over the patches of each group: [H, ..] -> [groups, ..].
torch::Tensor sumInto(const torch::Tensor& x, const torch::Tensor& group_H, std::int64_t groups) {
  std::vector<std::int64_t> shape = x.sizes().vec();
  shape.front() = groups;
  return torch::zeros(shape, x.options()).index_add(0, group_H, x);
}

/// Mean over planets of which `counts` says so; [B] each.
torch::Tensor over(const torch::Tensor& perPlanet, const torch::Tensor& counts) {
  return torch::where(counts, perPlanet, torch::zeros_like(perPlanet)).sum() / counts.sum().clamp_min(1);
}

/// max(0, log10 q - log10 q_s(T, sigma p_s)), [H, C, L].
torch::Tensor excess(const PatchValues& patches, const ClimateScale& scale, const torch::Tensor& sigma) {
  const torch::Tensor celsius = physical(patches, scale, kTemperature).clamp(120.0, 700.0) - 273.15;
  const torch::Tensor vapour = 611.2 * torch::exp(17.67 * celsius / (celsius + 243.5));
  const torch::Tensor pressure = pressurePa(physical(patches, scale, kPressure)).unsqueeze(-1) * sigma;
  // Air that would boil is pure vapour at saturation.
  const torch::Tensor saturated = (0.622 * vapour / (pressure - 0.378 * vapour).clamp_min(1e-3)).clamp(1e-12, 1.0);
  return torch::relu(physical(patches, scale, kHumidity) - torch::log10(saturated));
}

/// What the completed cube, with hidden cells from the reconstruction, has more than the source: sums over hidden
/// cells.
class Comparison {
 public:
  Comparison(const ClimateInput& input, const ClimateOutput& output, const ClimateScale& scale, const PatchGrid& grid)
      : input_(input),
        scale_(scale),
        grid_(grid),
        batch_(input.present_BW.size(0)),
        epochs_(input.levels_BVEMYXL.size(2)),
        at_(grid.places(input.hidden_BP & input.keep_B.unsqueeze(1))),
        source_(sourceOf(input, grid, at_)),
        decoded_{atLeastFloat32(output.hidden.levels_NVCL), atLeastFloat32(output.hidden.surface_NSC)},
        weight_HC_(grid.onCells(atLeastFloat32(input.latitudeWeight_Y), at_)) {}

  /// Mean squared error of each variable over hidden cells, weighted by area, levels alike: [B, W].
  torch::Tensor squaredError() const {
    const torch::Tensor onLevels = (decoded_.levels_NVCL - source_.levels_NVCL).square().mean(3);
    const torch::Tensor onSurface = (decoded_.surface_NSC - source_.surface_NSC).square();
    const torch::Tensor error = (torch::cat({onLevels, onSurface}, 1) * weight_HC_.unsqueeze(1)).sum(2);
    return sumInto(error, at_.planet_H, batch_) /
           sumInto(weight_HC_.sum(1, true), at_.planet_H, batch_).clamp_min(1e-12);
  }

  /// Change of the global annual mean of absorbed minus emitted radiation, [B, E], W/m2.
  torch::Tensor energy() const {
    const torch::Tensor change = (physical(decoded_, scale_, kAbsorbed) - physical(source_, scale_, kAbsorbed)) -
                                 (physical(decoded_, scale_, kEmitted) - physical(source_, scale_, kEmitted));
    const torch::Tensor sum = sumInto((change * weight_HC_).sum(1), inEpoch(), batch_ * epochs_);
    return sum.view({batch_, epochs_}) / static_cast<double>(kMonths * kLongitudes);
  }

  /// Change of each month's mean surface pressure relative to the year's, [B, E, M].
  torch::Tensor seasonalMass() const {
    const torch::Tensor change =
        pressurePa(physical(decoded_, scale_, kPressure)) - pressurePa(physical(source_, scale_, kPressure));
    const std::int64_t months = grid_.patchMonths();
    const torch::Tensor perMonth = (change * weight_HC_).view({change.size(0), months, grid_.cells() / months}).sum(2);
    const torch::Tensor changed =
        sumInto(perMonth, inEpoch() * grid_.months() + at_.month_H, batch_ * epochs_ * grid_.months())
            .view({batch_, epochs_, kMonths}) /
        static_cast<double>(kLongitudes);
    const torch::Tensor absent =
        (input_.present_BW.select(1, kPressure) & input_.keep_B).logical_not().view({batch_, 1, 1, 1, 1});
    const torch::Tensor logarithm =
        atLeastFloat32(input_.surface_BSEMYX.select(1, kPressure - kLevelVariables)) * scale_.deviation_W[kPressure] +
        scale_.mean_W[kPressure];
    const torch::Tensor source =
        (pressurePa(logarithm.masked_fill(absent, 0.0)).mean(4) * atLeastFloat32(input_.latitudeWeight_Y)).sum(3);
    const torch::Tensor whole = source + changed;
    return whole / whole.mean(2, true) - source / source.mean(2, true);
  }

  /// Area and time mean of the squared excess over saturation beyond the source's own, [B].
  torch::Tensor saturation() const {
    const torch::Tensor beyond =
        torch::relu(excess(decoded_, scale_, input_.sigma_L) - excess(source_, scale_, input_.sigma_L));
    const torch::Tensor sum = sumInto((beyond.square().mean(2) * weight_HC_).sum(1), at_.planet_H, batch_);
    return sum / static_cast<double>(epochs_ * kMonths * kLongitudes);
  }

 private:
  torch::Tensor inEpoch() const { return at_.planet_H * epochs_ + at_.epoch_H; }

  const ClimateInput& input_;
  const ClimateScale& scale_;
  const PatchGrid& grid_;
  std::int64_t batch_, epochs_;
  PatchPlaces at_;
  PatchValues source_, decoded_;
  torch::Tensor weight_HC_;
};

}  // namespace

ClimateLoss reconstructionLoss(const ClimateInput& given, const ClimateOutput& output, const ClimateScale& scale,
                               const PatchGrid& grid) {
  const ClimateInput input = perCube(given);
  const torch::Tensor counts = input.keep_B & input.hidden_BP.any(1);
  const auto has = [&](Variable variable) { return counts & input.present_BW.select(1, variable); };
  const Comparison comparison(input, output, scale, grid);
  ClimateLoss loss;

  // Each present variable counts alike.
  const torch::Tensor error = comparison.squaredError();
  const torch::Tensor present = (input.present_BW & counts.unsqueeze(1)).to(error.scalar_type());
  const torch::Tensor perPlanet =
      torch::where(present > 0, error, torch::zeros_like(error)).sum(1) / present.sum(1).clamp_min(1.0);
  loss.reconstruction = over(perPlanet, counts & input.present_BW.any(1));

  const torch::Tensor drift = comparison.energy() / scale.deviation_W[kEmitted];
  loss.energy = over(drift.square().mean(1), has(kAbsorbed) & has(kEmitted));
  loss.pressure = over((comparison.seasonalMass() * kTenth).square().mean({1, 2}), has(kPressure));
  loss.saturation = over(comparison.saturation(), has(kTemperature) & has(kHumidity) & has(kPressure));
  return loss;
}

}  // namespace ecumene::models::climate
