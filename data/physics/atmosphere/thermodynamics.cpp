// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/thermodynamics.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "data/base/error.h"
#include "data/physics/constants.h"

namespace ecumene::data::physics::atmosphere {
namespace {

// J mol-1 K-1 at 298.15 K (Chase 1998), order of planet::Gas.
constexpr std::array<double, planet::kGasCount> kMolarHeatCapacity{29.124, 37.129, 33.590, 35.639, 29.376,
                                                                   39.238, 38.617, 29.142, 28.836, 34.192};

bool isIce(double temperatureK, Phase phase) {
  return phase == Phase::kIce || (phase == Phase::kStable && temperatureK < kTripleSwitchK);
}

}  // namespace

AirProperties airProperties(const planet::Atmosphere& atmosphere) {
  double total = 0.0;
  double mass = 0.0;
  double heat = 0.0;
  for (std::size_t i = 0; i < planet::kGasCount; ++i) {
    const auto gas = static_cast<planet::Gas>(i);
    const double ratio = atmosphere.ratio(gas);
    if (!std::isfinite(ratio) || ratio < 0.0) {
      throw Error("a mixing ratio is not a share")
          .on(std::string(planet::name(gas)))
          .expected("0 to 1")
          .found(std::to_string(ratio));
    }
    total += ratio;
    mass += ratio * planet::molarMass(gas);
    heat += ratio * kMolarHeatCapacity[i];
  }
  if (std::abs(total - 1.0) > 1e-3) {
    throw Error("the dry mixing ratios do not sum to one").on("atmosphere").expected("1").found(std::to_string(total));
  }
  AirProperties air;
  air.molarMassGMol = mass / total;
  air.gasConstant = 1e3 * kGasConstant * total / mass;
  air.heatCapacity = 1e3 * heat / mass;
  return air;
}

double saturationPressurePa(double temperatureK, Phase phase) {
  if (isIce(temperatureK, phase)) {
    return std::exp(9.550426 - 5723.265 / temperatureK + 3.53068 * std::log(temperatureK) - 0.00728332 * temperatureK);
  }
  const double celsius = temperatureK - kFreezingK;
  return 611.2 * std::exp(17.67 * celsius / (celsius + 243.5));
}

double saturationSlope(double temperatureK, Phase phase) {
  if (isIce(temperatureK, phase)) return 5723.265 / temperatureK + 3.53068 - 0.00728332 * temperatureK;
  const double shifted = temperatureK - kFreezingK + 243.5;
  return temperatureK * 17.67 * 243.5 / (shifted * shifted);
}

double latentHeat(double temperatureK, Phase phase) {
  return isIce(temperatureK, phase) ? 2.834e6 : 2.501e6 - 2361.0 * (temperatureK - kFreezingK);
}

namespace {

struct Slope {
  double perLogPressure = 0.0;  ///< d ln T / d ln p
  double dryPressurePa = 0.0;
  double vapourPressurePa = 0.0;
};

Slope pseudoAdiabat(const AirProperties& air, double temperatureK, double pressurePa, Phase phase) {
  const double saturation = saturationPressurePa(temperatureK, phase);
  if (saturation >= kMostVapour * pressurePa) {
    const double vapourMass = kMostVapour * kVapourMolarMassGMol;
    const double dryMass = (1.0 - kMostVapour) * air.molarMassGMol;
    const double heat = vapourMass * kVapourHeatCapacity + dryMass * air.heatCapacity;
    return {1e3 * kGasConstant / heat, (1.0 - kMostVapour) * pressurePa, kMostVapour * pressurePa};
  }
  const double dry = pressurePa - saturation;
  const double latent = latentHeat(temperatureK, phase);
  const double ratio = air.gasConstant / kVapourGasConstant * saturation / dry;
  const double numerator = 1.0 + latent * ratio / (air.gasConstant * temperatureK);
  const double denominator =
      1.0 + (kVapourHeatCapacity / air.heatCapacity +
             (latent / (kVapourGasConstant * temperatureK) - 1.0) * latent / (air.heatCapacity * temperatureK)) *
                ratio;
  const double perLogDry = air.gasConstant / air.heatCapacity * numerator / denominator;
  // dp = dp_dry + de_s along the path.
  const double perLogPressure =
      perLogDry * pressurePa / (dry + saturation * saturationSlope(temperatureK, phase) * perLogDry);
  return {perLogPressure, dry, saturation};
}

}  // namespace

double pseudoAdiabatSlope(const AirProperties& air, double temperatureK, double pressurePa, Phase phase) {
  return pseudoAdiabat(air, temperatureK, pressurePa, phase).perLogPressure;
}

double moistLapseRate(const AirProperties& air, double temperatureK, double pressurePa, double gravity, Phase phase) {
  const Slope slope = pseudoAdiabat(air, temperatureK, pressurePa, phase);
  const double density =
      (slope.dryPressurePa / air.gasConstant + slope.vapourPressurePa / kVapourGasConstant) / temperatureK;
  return density * gravity * slope.perLogPressure * temperatureK / pressurePa;
}

double manabeWetheraldHumidity(double sigma) {
  return std::clamp(0.77 * (sigma - 0.02) / 0.98, 0.0, 1.0);
}

double sundqvistCloud(double relativeHumidity) {
  if (relativeHumidity <= kCriticalHumidity) return 0.0;
  return 1.0 - std::sqrt(std::max(0.0, 1.0 - relativeHumidity) / (1.0 - kCriticalHumidity));
}

double specificHumidity(double mixingRatio, const AirProperties& air) {
  const double vapour = mixingRatio * kVapourMolarMassGMol;
  return vapour / (vapour + (1.0 - mixingRatio) * air.molarMassGMol);
}

double vapourMixingRatio(double humidity, const AirProperties& air) {
  const double vapour = humidity / kVapourMolarMassGMol;
  return vapour / (vapour + (1.0 - humidity) / air.molarMassGMol);
}

double skinTemperatureK(double outgoingLongwaveWm2) {
  return std::pow(outgoingLongwaveWm2 / (2.0 * kStefanBoltzmann), 0.25);
}

}  // namespace ecumene::data::physics::atmosphere
