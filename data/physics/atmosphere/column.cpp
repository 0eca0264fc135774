// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/column.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "data/base/error.h"

namespace ecumene::data::physics::atmosphere {
namespace {

constexpr double kLongestStep = 0.15;  // in ln p
constexpr double kNodesPerK = 4.0;

double rungeKutta(const AirProperties& air, Phase phase, double logT, double logP, double step) {
  const auto slope = [&](double t, double p) { return pseudoAdiabatSlope(air, std::exp(t), std::exp(p), phase); };
  const double k1 = slope(logT, logP);
  const double k2 = slope(logT + 0.5 * step * k1, logP + 0.5 * step);
  const double k3 = slope(logT + 0.5 * step * k2, logP + 0.5 * step);
  const double k4 = slope(logT + step * k3, logP + step);
  return logT + step / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4);
}

/// One step upwards. The slope jumps where water freezes, so the step is cut there.
double moistStep(const AirProperties& air, double logT, double logP, double step) {
  static const double logSwitch = std::log(kTripleSwitchK);
  if (logT <= logSwitch) return rungeKutta(air, Phase::kIce, logT, logP, step);
  const double whole = rungeKutta(air, Phase::kLiquid, logT, logP, step);
  if (whole >= logSwitch) return whole;
  const double liquid = step * (logT - logSwitch) / (logT - whole);
  const double middle = rungeKutta(air, Phase::kLiquid, logT, logP, liquid);
  return rungeKutta(air, Phase::kIce, middle, logP + liquid, step - liquid);
}

}  // namespace

double alongAdiabat(const AirProperties& air, Moisture moisture, double temperatureK, double fromPa, double toPa) {
  const double distance = std::log(toPa / fromPa);
  if (moisture == Moisture::kDry) return temperatureK * std::exp(air.gasConstant / air.heatCapacity * distance);
  const int steps = std::max(1, static_cast<int>(std::ceil(-distance / kLongestStep)));
  const double step = distance / steps;
  const double start = std::log(fromPa);
  double logT = std::log(temperatureK);
  for (int i = 0; i < steps; ++i) logT = moistStep(air, logT, start + i * step, step);
  return std::exp(logT);
}

double adiabatPressureAt(const AirProperties& air, Moisture moisture, double temperatureK, double fromPa,
                         double targetK, double lowestPa) {
  if (temperatureK <= targetK) return fromPa;
  if (moisture == Moisture::kDry) {
    return std::max(lowestPa, fromPa * std::pow(targetK / temperatureK, air.heatCapacity / air.gasConstant));
  }
  constexpr double kStep = -0.02;
  const double target = std::log(targetK);
  double logT = std::log(temperatureK);
  double logP = std::log(fromPa);
  const double lowest = std::log(lowestPa);
  while (logP > lowest) {
    const double next = moistStep(air, logT, logP, kStep);
    if (next <= target) return std::max(lowestPa, std::exp(logP + kStep * (logT - target) / (logT - next)));
    logT = next;
    logP += kStep;
  }
  return lowestPa;
}

double saturationMixingRatio(double temperatureK, double pressurePa) {
  return std::min(kMostVapour, saturationPressurePa(temperatureK) / pressurePa);
}

ColumnTable::ColumnTable(const AirProperties& air, Moisture moisture, double surfacePressurePa,
                         std::span<const double> sigma, double minK, double maxK, double stratosphereK)
    : levels_(sigma.size()), firstK_(std::floor(minK * kNodesPerK) / kNodesPerK), stratosphereK_(stratosphereK) {
  // Nodes lie on multiples of the spacing, so that the table of one planet does not hang on its extremes.
  nodes_ = static_cast<std::size_t>(std::floor((maxK - firstK_) * kNodesPerK)) + 2;
  for (const double level : sigma) {
    logPressure_.push_back(std::log(level * surfacePressurePa));
    dryCooling_.push_back(std::pow(level, air.gasConstant / air.heatCapacity));
  }
  temperatureK_.resize(nodes_ * levels_);
  logSaturation_.resize(nodes_ * levels_);
  for (std::size_t n = 0; n < nodes_; ++n) {
    double temperature = firstK_ + static_cast<double>(n) / kNodesPerK;
    double pressure = surfacePressurePa;
    for (std::size_t k = levels_; k-- > 0;) {
      const double next = sigma[k] * surfacePressurePa;
      temperature = alongAdiabat(air, moisture, temperature, pressure, next);
      pressure = next;
      temperatureK_[n * levels_ + k] = temperature;
      logSaturation_[n * levels_ + k] = std::log(saturationMixingRatio(temperature, pressure));
    }
  }
}

void ColumnTable::lookup(double surfaceTemperatureK, double wetBulbK, std::span<double> temperatureK,
                         std::span<double> logSaturation) const {
  const double position = (wetBulbK - firstK_) * kNodesPerK;
  if (!(position >= 0.0 && position < static_cast<double>(nodes_))) {
    throw internalError("the wet-bulb temperature is outside the column table");
  }
  const auto node = std::min(nodes_ - 2, static_cast<std::size_t>(position));
  const double share = position - static_cast<double>(node);
  const double* t = &temperatureK_[node * levels_];
  const double* s = &logSaturation_[node * levels_];
  const double stratosphereK = std::min(stratosphereK_, surfaceTemperatureK);
  const double logStratosphere = std::log(saturationPressurePa(stratosphereK));
  for (std::size_t k = 0; k < levels_; ++k) {
    temperatureK[k] = t[k] + share * (t[k + levels_] - t[k]);
    logSaturation[k] = s[k] + share * (s[k + levels_] - s[k]);
    const double dry = surfaceTemperatureK * dryCooling_[k];
    if (wetBulbK < surfaceTemperatureK && dry > temperatureK[k]) {
      temperatureK[k] = dry;
      logSaturation[k] = std::min(std::log(kMostVapour), std::log(saturationPressurePa(dry)) - logPressure_[k]);
    }
    if (temperatureK[k] >= stratosphereK) continue;
    temperatureK[k] = stratosphereK;
    logSaturation[k] = std::min(std::log(kMostVapour), logStratosphere - logPressure_[k]);
  }
}

}  // namespace ecumene::data::physics::atmosphere
