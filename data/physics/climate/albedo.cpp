// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/albedo.h"

#include <algorithm>
#include <cmath>

#include "data/physics/constants.h"

namespace ecumene::data::physics::climate {
namespace {

// Williams & Kasting (1997), table of the albedo fits: powers of surface albedo a, mean cosine mu, CO2 pressure p, T.
struct Coefficients {
  double one, a, a2, mu, aMu, mu2, p, aP, muP, p2, t, aT, muT, pT, t2;
};
constexpr Coefficients kCold = {-6.891041e-1, 1.046004,     7.323946e-2,  -2.889937e-1, 2.012211e-1,
                                8.121773e-2,  -2.837280e-3, -3.741199e-2, -6.349855e-3, 6.581704e-4,
                                7.805398e-3,  -1.850840e-3, 1.364872e-4,  9.858050e-5,  -1.655457e-5};
constexpr Coefficients kWarm = {1.108210,    1.517222,     7.588651e-2,  -1.867039e-1, 2.098557e-1,
                                6.329810e-2, 1.970523e-2,  -3.135482e-2, -1.021418e-2, -4.132671e-4,
                                -5.79932e-3, -3.709826e-3, -1.133523e-4, 5.371405e-5,  9.269027e-6};

constexpr double kTrappist1K = 2566.0;  // Agol et al. 2021
constexpr double kSunIceAlbedo = 0.663;
constexpr double kTrappist1IceAlbedo = 0.25;

}  // namespace

double iceCover(double temperatureK) {
  constexpr double kWidthK = 2.0;
  const double above = temperatureK - (kFreezingK - 10.0);
  if (above < 0.0 || above >= kWidthK) return iceFraction(temperatureK);
  const double end = iceFraction(kFreezingK - 10.0 + kWidthK);
  return 1.0 - above / kWidthK * (1.0 - end);
}

double openOceanAlbedo(double mu) {
  return 0.037 / (1.1 * std::pow(mu, 1.4) + 0.15);
}

double cloudAlbedo(double mu) {
  return std::max(0.0, -0.078 + 0.65 * std::acos(std::clamp(mu, 0.0, 1.0)));
}

double typicalIceAlbedo(double starTemperatureK) {
  const double x = std::clamp((starTemperatureK - kTrappist1K) / (kSunTemperature - kTrappist1K), 0.0, 1.0);
  return kTrappist1IceAlbedo + x * (kSunIceAlbedo - kTrappist1IceAlbedo);
}

double rayleighFactor(double starTemperatureK) {
  const double ratio = starTemperatureK / kSunTemperature;
  return ratio * ratio * ratio * ratio;
}

AlbedoFit foldedFit(bool warm, double p) {
  const Coefficients& c = warm ? kWarm : kCold;
  return {.base = c.one + p * (c.p + p * c.p2),
          .baseMu = c.mu + p * c.muP,
          .mu2 = c.mu2,
          .t = c.t + p * c.pT,
          .tMu = c.muT,
          .t2 = c.t2,
          .aBase = c.a + p * c.aP,
          .aMu = c.aMu,
          .aT = c.aT,
          .a2 = c.a2};
}

double williamsKastingFit(bool warm, double temperatureK, double mu, double a, double co2Bar) {
  return foldedFit(warm, co2Bar)(temperatureK, mu, a);
}

double williamsKastingAlbedo(double temperatureK, double mu, double a, double co2Bar) {
  const double weight = std::clamp((temperatureK - kBlendLowK) / (kBlendHighK - kBlendLowK), 0.0, 1.0);
  return (1.0 - weight) * williamsKastingFit(false, temperatureK, mu, a, co2Bar) +
         weight * williamsKastingFit(true, temperatureK, mu, a, co2Bar);
}

double surfaceAlbedo(const AlbedoClosure& closure, double temperatureK, double mu, double oceanFraction) {
  const double ocean = closure.ocean.value_or(openOceanAlbedo(mu));
  const double cloud = closure.cloudFraction * cloudAlbedo(mu);
  const double open = (1.0 - oceanFraction) * closure.land + oceanFraction * ocean;
  const double ice = iceCover(temperatureK);
  const double unfrozen = (1.0 - ice) * open;
  return std::max(unfrozen + ice * closure.ice, (1.0 - closure.cloudFraction) * unfrozen + cloud);
}

}  // namespace ecumene::data::physics::climate
