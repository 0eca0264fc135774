// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/heat_balance.h"

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/physics/climate/albedo.h"
#include "data/physics/constants.h"
#include "data/planet/cube.h"

namespace ecumene::data::physics::climate {
namespace {

constexpr double kFrozenK = kFreezingK - 10.0;  // heat content is counted from here
constexpr double kLargestLeapK = 10.0;
constexpr double kSmallestSlope = 0.3;  // W m-2 K-1, in the estimate of the time constant

}  // namespace

HeatBalance::HeatBalance(const SphereGrid& grid, double diffusionWm2K, std::span<const double> oceanFraction,
                         HeatCapacities capacities, double periodSeconds, Radiation& radiation)
    : grid_(grid), diffusion_(grid, diffusionWm2K), radiation_(radiation), period_(periodSeconds) {
  const std::size_t cells = grid_.cells();
  if (oceanFraction.size() != cells) throw internalError("ocean fractions do not fit the grid");
  for (const double f : oceanFraction) {
    coldC_.push_back((1.0 - f) * capacities.land + f * capacities.ice);
    meltC_.push_back((1.0 - f) * capacities.land + f * capacities.meltingIce);
    openC_.push_back((1.0 - f) * capacities.land + f * capacities.ocean);
  }
  for (auto* field : {&heat_, &temperature_, &capacity_, &absorbed_, &outgoing_, &slope_, &diagonal_, &change_,
                      &heatBefore_, &sumCapacity_, &sumSlope_}) {
    field->assign(cells, 0.0);
  }
}

void HeatBalance::setTemperature(std::span<const double> temperatureK) {
  for (std::size_t k = 0; k < heat_.size(); ++k) {
    const double t = temperatureK[k];
    heat_[k] = t < kFrozenK     ? coldC_[k] * (t - kFrozenK)
               : t < kFreezingK ? meltC_[k] * (t - kFrozenK)
                                : meltC_[k] * (kFreezingK - kFrozenK) + openC_[k] * (t - kFreezingK);
  }
  updateTemperature();
  heatBefore_ = heat_;
  std::fill(sumCapacity_.begin(), sumCapacity_.end(), 0.0);
  std::fill(sumSlope_.begin(), sumSlope_.end(), 0.0);
  stepsSince_ = 0;
}

void HeatBalance::updateTemperature() {
  for (std::size_t k = 0; k < heat_.size(); ++k) {
    const double melted = meltC_[k] * (kFreezingK - kFrozenK);
    const double c = heat_[k] < 0.0 ? coldC_[k] : heat_[k] < melted ? meltC_[k] : openC_[k];
    const double baseHeat = heat_[k] < melted ? 0.0 : melted;
    const double base = heat_[k] < melted ? kFrozenK : kFreezingK;
    capacity_[k] = c;
    temperature_[k] = base + (heat_[k] - baseHeat) / c;
  }
}

double HeatBalance::timeConstant() {
  radiation_.evaluate(step_, temperature_, absorbed_, outgoing_, slope_);
  return grid_.mean(openC_) / std::max(kSmallestSlope, grid_.mean(slope_));
}

void HeatBalance::step(double seconds) {
  radiation_.evaluate(step_, temperature_, absorbed_, outgoing_, slope_);
  ++step_;
  diffusion_.apply(temperature_, change_);
  const std::size_t cells = heat_.size();
  for (std::size_t k = 0; k < cells; ++k) {
    slope_[k] = std::max(0.0, slope_[k]);
    change_[k] = absorbed_[k] - outgoing_[k] - change_[k];
    diagonal_[k] = capacity_[k] / seconds + slope_[k];
    sumCapacity_[k] += capacity_[k];
    sumSlope_[k] += slope_[k];
  }
  ++stepsSince_;
  diffusion_.solveStep(diagonal_, change_);
  for (std::size_t k = 0; k < cells; ++k) {
    heat_[k] += capacity_[k] * change_[k];
    outgoing_[k] += slope_[k] * change_[k];
  }
  updateTemperature();
}

double HeatBalance::runSeconds() const {
  return period_ * static_cast<double>(radiation_.repeatOrbits());
}

OrbitRecord HeatBalance::runOrbits(MonthlyMeans* months) {
  const std::size_t steps = radiation_.stepsPerOrbit();
  const std::size_t all = steps * radiation_.repeatOrbits();
  const std::size_t cells = heat_.size();
  const double seconds = period_ / static_cast<double>(steps);
  if (months != nullptr) {
    if (steps % planet::kMonths != 0) throw internalError("steps of an orbit are no multiple of 12");
    for (auto* field : {&months->temperatureK, &months->absorbed, &months->outgoing, &months->iceFraction}) {
      field->assign(planet::kMonths * cells, 0.0);
    }
  }
  const double share = static_cast<double>(planet::kMonths) / static_cast<double>(all);
  OrbitRecord record;
  const double part = 1.0 / static_cast<double>(all);
  for (std::size_t s = 0; s < all; ++s) {
    step(seconds);
    record.meanTemperatureK += part * grid_.mean(temperature_);
    record.absorbed += part * grid_.mean(absorbed_);
    record.outgoing += part * grid_.mean(outgoing_);
    if (months == nullptr) continue;
    const std::size_t offset = s % steps * planet::kMonths / steps * cells;
    for (std::size_t k = 0; k < cells; ++k) {
      months->temperatureK[offset + k] += share * temperature_[k];
      months->absorbed[offset + k] += share * absorbed_[k];
      months->outgoing[offset + k] += share * outgoing_[k];
      months->iceFraction[offset + k] += share * iceFraction(temperature_[k]);
    }
  }
  if (!std::isfinite(record.meanTemperatureK)) throw internalError("the energy balance model left the finite numbers");
  return record;
}

double HeatBalance::leap(double seconds, double gain) {
  if (stepsSince_ == 0) throw internalError("a leap needs an orbit before it");
  const std::size_t cells = heat_.size();
  const auto count = static_cast<double>(stepsSince_);
  const double elapsed = period_ * count / static_cast<double>(radiation_.stepsPerOrbit());
  for (std::size_t k = 0; k < cells; ++k) {
    sumCapacity_[k] /= count;
    diagonal_[k] = sumCapacity_[k] / seconds + sumSlope_[k] / count;
    change_[k] = (heat_[k] - heatBefore_[k]) / elapsed;
  }
  diffusion_.solve(diagonal_, change_, 1e-6);
  double square = 0.0;
  for (std::size_t k = 0; k < cells; ++k) {
    const double change = std::clamp(gain * change_[k], -kLargestLeapK, kLargestLeapK);
    square += grid_.share[k / grid_.longitudes] * change * change;
    heat_[k] += sumCapacity_[k] * change;
  }
  updateTemperature();
  heatBefore_ = heat_;
  std::fill(sumCapacity_.begin(), sumCapacity_.end(), 0.0);
  std::fill(sumSlope_.begin(), sumSlope_.end(), 0.0);
  stepsSince_ = 0;
  return std::sqrt(square / static_cast<double>(grid_.longitudes));
}

}  // namespace ecumene::data::physics::climate
