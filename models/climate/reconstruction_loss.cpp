// SPDX-License-Identifier: Apache-2.0
#include "models/climate/reconstruction_loss.h"

#include <cmath>

namespace ecumene::models::climate {
namespace {

using torch::indexing::Slice;

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

struct Cubes {
  torch::Tensor levels, surface;
};

/// At least float32: sums over a cube lose too much in narrower types.
torch::Tensor wide(const torch::Tensor& x) {
  return x.to(c10::promoteTypes(x.scalar_type(), torch::kFloat32));
}

/// The given cube, absent variables and planets at zero: what stands in their place may be no number at all, and a
/// product with a mask of zeros would carry that into the gradients of the others.
Cubes given(const ClimateInput& input) {
  const torch::Tensor real = (input.present_BW & input.keep_B.unsqueeze(1)).view({-1, kVariables, 1, 1, 1, 1});
  const torch::Tensor levels = wide(input.levels_BVEMYXL), surface = wide(input.surface_BSEMYX);
  const torch::Tensor zero = torch::zeros({}, levels.options());
  return {torch::where(real.narrow(1, 0, kLevelVariables).unsqueeze(-1), levels, zero),
          torch::where(real.narrow(1, kLevelVariables, kSurfaceVariables), surface, zero)};
}

/// Hidden cells from the reconstruction, the others as they are.
Cubes completed(const Cubes& source, const Cubes& decoded, const torch::Tensor& hidden_BEMYX) {
  const torch::Tensor onMap = hidden_BEMYX.unsqueeze(1);
  return {torch::where(onMap.unsqueeze(-1), decoded.levels, source.levels),
          torch::where(onMap, decoded.surface, source.surface)};
}

torch::Tensor physical(const Cubes& cubes, const ClimateScale& scale, Variable variable) {
  const torch::Tensor x = variable < kLevelVariables ? cubes.levels.select(1, variable)
                                                     : cubes.surface.select(1, variable - kLevelVariables);
  return x * scale.deviation_W[variable] + scale.mean_W[variable];
}

/// Area mean of [B, E, M, Y, X] -> [B, E, M].
torch::Tensor areaMean(const torch::Tensor& x, const torch::Tensor& weight) {
  return (x.mean(4) * weight).sum(3);
}

/// Mean over planets of which `counts` says so; [B] each.
torch::Tensor over(const torch::Tensor& perPlanet, const torch::Tensor& counts) {
  return torch::where(counts, perPlanet, torch::zeros_like(perPlanet)).sum() / counts.sum().clamp_min(1);
}

torch::Tensor imbalance(const Cubes& cubes, const ClimateScale& scale, const torch::Tensor& weight) {
  const torch::Tensor net = physical(cubes, scale, kAbsorbed) - physical(cubes, scale, kEmitted);
  return areaMean(net, weight).mean(2);
}

/// Surface pressure of each month relative to the year's mean, [B, E, M].
torch::Tensor seasonalMass(const Cubes& cubes, const ClimateScale& scale, const torch::Tensor& weight) {
  const torch::Tensor pressure = torch::pow(10.0, physical(cubes, scale, kPressure).clamp(-2.0, 10.0));
  const torch::Tensor months = areaMean(pressure, weight);
  return months / months.mean(2, true);
}

/// max(0, log10 q - log10 q_s(T, sigma p_s)), [B, E, M, Y, X, L].
torch::Tensor excess(const Cubes& cubes, const ClimateScale& scale, const torch::Tensor& sigma) {
  const torch::Tensor celsius = physical(cubes, scale, kTemperature).clamp(120.0, 700.0) - 273.15;
  const torch::Tensor vapour = 611.2 * torch::exp(17.67 * celsius / (celsius + 243.5));
  const torch::Tensor pressure =
      torch::pow(10.0, physical(cubes, scale, kPressure).clamp(-2.0, 10.0)).unsqueeze(-1) * sigma;
  // Air that would boil is pure vapour at saturation.
  const torch::Tensor saturated = (0.622 * vapour / (pressure - 0.378 * vapour).clamp_min(1e-3)).clamp(1e-12, 1.0);
  return torch::relu(physical(cubes, scale, kHumidity) - torch::log10(saturated));
}

}  // namespace

ClimateLoss reconstructionLoss(const ClimateInput& input, const ClimateOutput& output, const ClimateScale& scale,
                               const PatchGrid& grid) {
  const torch::Tensor hidden = grid.spread(input.hidden_BP);
  const torch::Tensor counts = input.keep_B & input.hidden_BP.any(1);
  const auto has = [&](Variable variable) { return counts & input.present_BW.select(1, variable); };
  const torch::Tensor& weight_Y = input.latitudeWeight_Y;
  ClimateLoss loss;

  // Hidden cells weighted by area; each present variable counts alike, levels share theirs.
  const Cubes source = given(input);
  const Cubes decoded{wide(output.levels_BVEMYXL), wide(output.surface_BSEMYX)};
  const torch::Tensor cell = hidden.to(source.levels.scalar_type()) * weight_Y.view({1, 1, 1, -1, 1});
  const torch::Tensor total = cell.sum({1, 2, 3, 4}).clamp_min(1e-12).unsqueeze(1);
  const torch::Tensor onLevels = (decoded.levels - source.levels).square().mean(6);
  const torch::Tensor onSurface = (decoded.surface - source.surface).square();
  const torch::Tensor error = (torch::cat({onLevels, onSurface}, 1) * cell.unsqueeze(1)).sum({2, 3, 4, 5}) / total;
  const torch::Tensor present = (input.present_BW & counts.unsqueeze(1)).to(error.scalar_type());
  const torch::Tensor perPlanet =
      torch::where(present > 0, error, torch::zeros_like(error)).sum(1) / present.sum(1).clamp_min(1.0);
  loss.reconstruction = over(perPlanet, counts & input.present_BW.any(1));

  const Cubes whole = completed(source, decoded, hidden);
  const torch::Tensor drift =
      (imbalance(whole, scale, weight_Y) - imbalance(source, scale, weight_Y)) / scale.deviation_W[kEmitted];
  loss.energy = over(drift.square().mean(1), has(kAbsorbed) & has(kEmitted));
  const torch::Tensor mass = (seasonalMass(whole, scale, weight_Y) - seasonalMass(source, scale, weight_Y)) * 100.0;
  loss.pressure = over(mass.square().mean({1, 2}), has(kPressure));
  const torch::Tensor beyond = torch::relu(excess(whole, scale, input.sigma_L) - excess(source, scale, input.sigma_L));
  const torch::Tensor weighted = beyond.square().mean(5).mean(4) * weight_Y;
  loss.saturation = over(weighted.sum(3).mean({1, 2}), has(kTemperature) & has(kHumidity) & has(kPressure));
  return loss;
}

}  // namespace ecumene::models::climate
