// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/moisture.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ecumene::data::physics::atmosphere {
namespace {

constexpr double kWaterDensity = 1000.0;       // kg m-3
constexpr double kDecorrelation = 0.2;         // of clouds, in ln p
constexpr double kClosestToSaturation = 1e-9;  // of 1 - humidity: the law is singular there

struct GaussNode {
  double place, weight;
};
// Gauss-Legendre on [0, 1], exact to degree 15.
constexpr std::array<GaussNode, 8> kGauss{{{0.019855071751231884, 0.050614268145188130},
                                           {0.101666761293186630, 0.111190517226687235},
                                           {0.237233795041835507, 0.156853322938943644},
                                           {0.408282678752175098, 0.181341891689180991},
                                           {0.591717321247824902, 0.181341891689180991},
                                           {0.762766204958164493, 0.156853322938943644},
                                           {0.898333238706813370, 0.111190517226687235},
                                           {0.980144928248768116, 0.050614268145188130}}};

}  // namespace

double availableVapourPa(const Ground& ground, double fromSeasPa, double gravity) {
  const double saturation = saturationPressurePa(ground.temperatureK);
  const double soil = kWaterDensity * ground.soilMoistureM * gravity;
  return ground.oceanFraction * saturation + (1.0 - ground.oceanFraction) * std::min(saturation, fromSeasPa + soil);
}

double wetBulbK(const AirProperties& air, double temperatureK, double vapourPa, double pressurePa) {
  if (vapourPa >= saturationPressurePa(temperatureK)) return temperatureK;
  const auto ratio = [&](double pressure) {
    const double limited = std::min(pressure, kMostVapour * pressurePa);
    return air.gasConstant / kVapourGasConstant * limited / (pressurePa - limited);
  };
  const double held = ratio(vapourPa);
  // Dry air of 1000 K with no vapour at all has its wet bulb above 150 K at any pressure that a climate has.
  double low = std::min(100.0, 0.5 * temperatureK);
  double high = temperatureK;
  while (high - low > 1e-3) {
    const double middle = 0.5 * (low + high);
    const double excess = latentHeat(middle) * (ratio(saturationPressurePa(middle)) - held);
    (excess > air.heatCapacity * (temperatureK - middle) ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

double restingHumidity(double sigma, double mostVapour) {
  const double resting = manabeWetheraldHumidity(sigma);
  return resting + (1.0 - resting) * mostVapour;
}

double movingHumidity(double resting, double vertical) {
  const double drying = resting * (vertical > 0.0 ? 1.0 + vertical : 1.0);
  const double moistening = (1.0 - resting) * (vertical < 0.0 ? 1.0 - vertical : 1.0);
  return drying / (drying + moistening);
}

double monthlyCloud(double meanHumidity) {
  if (meanHumidity <= 0.0) return 0.0;
  if (1.0 - meanHumidity < kClosestToSaturation) return 1.0;
  // With s = sqrt((1 - R) / (1 - Rc)) the cover of an hour is 1 - s; by parts, its mean is the integral over s of the
  // chance of a moister hour, 1 - R(s)^r.
  const double r = meanHumidity / (1.0 - meanHumidity);
  double cover = 0.0;
  for (const GaussNode& node : kGauss) {
    cover -= node.weight * std::expm1(r * std::log1p(-(1.0 - kCriticalHumidity) * node.place * node.place));
  }
  return cover;
}

double visibleCloud(double temperatureK, double specificHumidity, double sigma) {
  constexpr double kCondensed = 0.1;
  constexpr double kDepthM = 1000.0;
  constexpr double kIceDensity = 917.0;  // kg m-3
  constexpr double kIceRadiusM = 30e-6;
  constexpr double kLeastDepth = 0.1;  // optical
  const double water = kCondensed * kDepthM * saturationPressurePa(temperatureK) / (kVapourGasConstant * temperatureK);
  const double thick = std::min(1.0, 1.5 * water / (kIceDensity * kIceRadiusM) / kLeastDepth);
  constexpr double kLowClouds = 0.75;  // sigma
  constexpr double kMoistAir = 3e-3;
  constexpr double kLeastShare = 0.15;
  return sigma < kLowClouds ? thick : std::min(thick, std::clamp(specificHumidity / kMoistAir, kLeastShare, 1.0));
}

double totalCloud(std::span<const double> layerCover, std::span<const double> sigma) {
  double clear = 1.0;
  double above = 0.0;
  double path = 0.0;
  for (std::size_t k = 0; k < layerCover.size(); ++k) {
    const double cover = layerCover[k];
    if (cover >= 1.0) return 1.0;
    clear *= (1.0 - std::max(cover, above)) / (1.0 - above);
    if (k > 0) path += 0.5 * (cover + above) * std::log(sigma[k] / sigma[k - 1]) / kDecorrelation;
    above = cover;
  }
  return 1.0 - clear * std::exp(-path);
}

}  // namespace ecumene::data::physics::atmosphere
