// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "data/physics/ice.h"

namespace ecumene::data::physics::climate {

/// iceFraction as the albedo sees it, with the jump at 263.15 K drawn out linearly over the 2 K above it. Through the
/// jump each cell would hold its ice against its neighbours, and the equilibrium found would depend on grid and
/// history.
double iceCover(double temperatureK);

/// Albedo of open ocean at cosine `mu` of the zenith angle: 0.037 / (1.1 mu^1.4 + 0.15) (Taylor et al. 1996, QJRMS
/// 122, 1727).
double openOceanAlbedo(double mu);

/// Albedo of clouds, -0.078 + 0.65 Z, Z = acos(mu) in rad, not below 0 (Williams & Kasting 1997).
double cloudAlbedo(double mu);

/// Broadband albedo of snow and ice under a star of this temperature: 0.663 under the Sun (Williams & Kasting 1997),
/// 0.25 under TRAPPIST-1 (2566 K; Shields et al. 2013 and HEXTOR's TRAPPIST runs), linear in temperature between, held
/// outside. Ice absorbs the near infrared that most of a cool star's light is.
double typicalIceAlbedo(double starTemperatureK);

/// Mean Rayleigh scattering of a star's light relative to the Sun's: the mean of lambda^-4 over a Planck spectrum goes
/// as T^4, so (T / 5772 K)^4.
double rayleighFactor(double starTemperatureK);

/// Albedo at the top of a cloud-free N2-CO2-H2O atmosphere over a surface of albedo `a`: the two fits of Williams &
/// Kasting (1997, eq. A13-A15) for T below and above 280 K, both blended linearly over 275 to 285 K, since they differ
/// by 0.015 there and the jump would make a solver chatter. Not clipped.
double williamsKastingAlbedo(double temperatureK, double mu, double a, double co2Bar);
/// One of the two fits, unblended.
double williamsKastingFit(bool warm, double temperatureK, double mu, double a, double co2Bar);

/// Fit coefficients folded for one CO2 pressure, for loops over cells:
/// A = base + baseMu mu + mu2 mu^2 + t (T) + tMu mu T + t2 T^2 + a (aBase + aMu mu + aT T) + a2 a^2.
struct AlbedoFit {
  double base, baseMu, mu2, t, tMu, t2, aBase, aMu, aT, a2;
  [[nodiscard]] double operator()(double temperatureK, double mu, double a) const {
    return base + mu * (baseMu + mu * mu2) + temperatureK * (t + tMu * mu + t2 * temperatureK) +
           a * (aBase + aMu * mu + aT * temperatureK + a2 * a);
  }
};
AlbedoFit foldedFit(bool warm, double co2Bar);

inline constexpr double kBlendLowK = 275.0;
inline constexpr double kBlendHighK = 285.0;
inline constexpr double kAlbedoMin = 0.05;
inline constexpr double kAlbedoMax = 0.85;

/// The closure's choices. Surface under the sky of a cell at T with ocean share f, i = iceCover(T), cloud share fc:
///   open = (1 - f) land + f ocean(mu)
///   a    = max((1 - i) open + i ice, (1 - fc) (1 - i) open + fc cloud(mu))
/// Above freezing the right side wins (Williams & Kasting's mixing of ground and clouds); with i = 1 it is their rule
/// max(ice, fc cloud) of frozen ground; between, the ground between the clouds fades with the ice, so that the albedo
/// is continuous at 273 K where the published rule jumps.
struct AlbedoClosure {
  double land = 0.2;
  double ice = 0.663;
  std::optional<double> ocean;  ///< constant; absent: openOceanAlbedo(mu)
  double cloudFraction = 0.5;
  /// Of the star, relative to the Sun. The fit holds for sunlight; with R = A(a = 0) its atmospheric part and the
  /// adding formula dA/dR = (1 - a)^2 to first order, A becomes A - (1 - factor) R (1 - a)^2.
  double rayleigh = 1.0;
};

/// Surface albedo a of the closure.
double surfaceAlbedo(const AlbedoClosure& closure, double temperatureK, double mu, double oceanFraction);

}  // namespace ecumene::data::physics::climate
