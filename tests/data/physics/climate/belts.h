// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <numbers>
#include <span>
#include <utility>
#include <vector>

#include "data/physics/climate/albedo.h"
#include "data/physics/climate/heat_balance.h"
#include "data/physics/climate/insolation.h"
#include "data/physics/climate/radiation.h"
#include "data/physics/constants.h"

namespace ecumene::data::physics::climate::test {

/// A planet of 90 equal-area belts with one-day steps, as the prototype of science.md 2.5 was; bare numbers, so that
/// the published set-ups can be said as they stand.
struct Belts {
  double fluxWm2 = 1361.0;
  double obliquityDeg = 23.5;
  double periodDays = 365.25;
  bool substellar = false;  ///< belts of substellar angle, star fixed
  double ocean = 0.7;
  std::vector<double> oceanByBelt;  ///< instead of `ocean`
  double co2Bar = 3.3e-4;
  double olrOffset = 0.0;
  double diffusion = 0.58;
  double start = 288.0;
  AlbedoClosure albedo;
  HeatCapacities capacities;
  /// Another radiation than WilliamsKastingRadiation.
  std::function<std::unique_ptr<Radiation>(const SphereGrid&, Insolation)> radiation;
};

struct BeltClimate {
  bool runaway = false;
  double mean = 0.0, equator = 0.0, pole = 0.0;  ///< K; pole: mean of both polar belts
  double fHab = 0.0, h050 = 0.0, ice = 0.0, albedo = 0.0, outgoing = 0.0, imbalance = 0.0;
  std::vector<double> zonal;        ///< annual mean of each belt, K
  std::vector<double> sinLatitude;  ///< of the belts
  std::vector<double> zonalAlbedo;  ///< reflected over received, annual

  [[nodiscard]] bool snowball() const { return ice > 0.99; }
  /// Latitude where the annual mean falls to 263 K (HEXTOR's ice line), deg; 90: nowhere.
  [[nodiscard]] double iceLineDeg(bool north = true) const {
    const std::size_t n = zonal.size();
    for (std::size_t k = n / 2; k < n; ++k) {
      const std::size_t at = north ? k : n - 1 - k;
      if (zonal[at] <= 263.0) return std::abs(std::asin(sinLatitude[at])) * 180.0 / std::numbers::pi;
    }
    return 90.0;
  }
  [[nodiscard]] double shareAbove(double temperatureK) const {
    const auto count = std::count_if(zonal.begin(), zonal.end(), [&](double t) { return t > temperatureK; });
    return static_cast<double>(count) / static_cast<double>(zonal.size());
  }
  [[nodiscard]] double at(double latitudeDeg) const {
    const double x = std::sin(latitudeDeg * std::numbers::pi / 180.0);
    std::size_t best = 0;
    for (std::size_t k = 0; k < zonal.size(); ++k) {
      if (std::abs(sinLatitude[k] - x) < std::abs(sinLatitude[best] - x)) best = k;
    }
    return zonal[best];
  }
};

inline BeltClimate solve(const Belts& set) {
  constexpr std::size_t kBelts = 90;
  const SphereGrid grid = equalAreaGrid(kBelts);
  planet::Orbit orbit;
  orbit.fluxWm2 = set.fluxWm2;
  orbit.periodDays = set.periodDays;
  planet::Bulk bulk;
  bulk.obliquityDeg = set.obliquityDeg;
  const auto days = static_cast<std::size_t>(std::ceil(set.periodDays / 12.0)) * 12;
  const Insolation insolation(grid, set.substellar ? SunMotion::kSubstellarAngle : SunMotion::kDailyMean, orbit, bulk,
                              set.substellar ? 72 : days);
  std::vector<double> ocean = set.oceanByBelt;
  if (ocean.empty()) ocean.assign(kBelts, set.ocean);
  const std::unique_ptr<Radiation> radiation =
      set.radiation ? set.radiation(grid, insolation)
                    : std::make_unique<WilliamsKastingRadiation>(
                          grid, insolation, OutgoingLongwave(set.co2Bar, set.olrOffset), set.albedo, set.co2Bar, ocean);
  const double period = set.periodDays * kDaySeconds;
  HeatBalance heat(grid, set.diffusion, ocean, set.capacities, period, *radiation);
  heat.setTemperature(std::vector<double>(kBelts, set.start));

  const double timeConstant = heat.timeConstant();
  BeltClimate result;
  double seconds = 0.0;
  OrbitRecord record;
  MonthlyMeans months;
  for (int i = 0; i < 300; ++i) {
    record = heat.runOrbits(&months);
    seconds += period;
    if (record.meanTemperatureK >= 400.0) {
      result.runaway = true;
      break;
    }
    const bool spinning = seconds < 12.0 * timeConstant;
    const double leap = spinning ? 0.3 * timeConstant - period : 4.0 * timeConstant;
    if (leap <= 0.0) continue;
    seconds += leap;
    if (heat.leap(leap) < 0.003 && !spinning) break;
  }

  result.runaway = result.runaway || record.absorbed > radiation->largestOutgoing() + 0.3;
  result.mean = record.meanTemperatureK;
  result.outgoing = record.outgoing;
  result.albedo = 1.0 - record.absorbed / (0.25 * set.fluxWm2);
  result.imbalance = record.imbalance();
  result.sinLatitude = grid.sinLatitude;
  result.zonal.assign(kBelts, 0.0);
  std::vector<double> absorbed(kBelts, 0.0);
  std::vector<double> received(kBelts, 0.0);
  for (std::size_t m = 0; m < 12; ++m) {
    for (std::size_t k = 0; k < kBelts; ++k) {
      const double t = months.temperatureK[m * kBelts + k];
      const double share = 1.0 / (12.0 * kBelts);
      result.zonal[k] += t / 12.0;
      absorbed[k] += months.absorbed[m * kBelts + k] / 12.0;
      result.fHab += t >= 273.0 && t <= 373.0 ? share : 0.0;
      result.h050 += t >= 273.15 && t <= 323.15 ? share : 0.0;
      result.ice += share * iceFraction(t);
    }
  }
  std::vector<double> flux(kBelts);
  std::vector<double> cosine(kBelts);
  for (std::size_t s = 0; s < insolation.steps(); ++s) {
    insolation.fill(s, flux, cosine);
    for (std::size_t k = 0; k < kBelts; ++k) received[k] += flux[k] / static_cast<double>(insolation.steps());
  }
  for (std::size_t k = 0; k < kBelts; ++k) {
    result.zonalAlbedo.push_back(received[k] > 0.0 ? 1.0 - absorbed[k] / received[k] : 0.0);
  }
  result.equator = 0.5 * (result.zonal[kBelts / 2 - 1] + result.zonal[kBelts / 2]);
  result.pole = 0.5 * (result.zonal.front() + result.zonal.back());
  return result;
}

/// Surface albedo and longwave by two functions of temperature: the older closures that science.md 2.5 quotes.
class FunctionRadiation final : public Radiation {
 public:
  using Law = std::function<double(double)>;
  FunctionRadiation(Insolation insolation, Law albedo, Law longwave)
      : insolation_(std::move(insolation)), albedo_(std::move(albedo)), longwave_(std::move(longwave)) {}

  void evaluate(std::size_t step, std::span<const double> t, std::span<double> absorbed, std::span<double> outgoing,
                std::span<double> slope) override {
    cosine_.resize(t.size());
    insolation_.fill(step, absorbed, cosine_);
    for (std::size_t k = 0; k < t.size(); ++k) {
      absorbed[k] *= 1.0 - albedo_(t[k]);
      outgoing[k] = longwave_(t[k]);
      slope[k] = (longwave_(t[k] + 0.05) - longwave_(t[k] - 0.05)) / 0.1;
    }
  }
  [[nodiscard]] std::size_t stepsPerOrbit() const override { return insolation_.steps(); }
  [[nodiscard]] std::size_t repeatOrbits() const override { return insolation_.repeatOrbits(); }
  [[nodiscard]] double largestOutgoing() const override { return std::numeric_limits<double>::infinity(); }

 private:
  Insolation insolation_;
  Law albedo_, longwave_;
  std::vector<double> cosine_;
};

/// Spiegel, Menou & Scharf (2008): A = 0.525 - 0.245 tanh((T - 268) / 5).
inline double spiegelAlbedo(double t) {
  return 0.525 - 0.245 * std::tanh((t - 268.0) / 5.0);
}
/// Spiegel, Menou & Scharf (2008): sigma T^4 / (1 + 0.75 tau), tau = 0.79 (T / 273 K)^3.
inline double spiegelLongwave(double t) {
  return kStefanBoltzmann * t * t * t * t / (1.0 + 0.75 * 0.79 * std::pow(t / 273.0, 3.0));
}
/// North (1975) as VPLanet has it: A + B T, T in deg C.
inline double linearLongwave(double t) {
  return 203.3 + 2.09 * (t - kFreezingK);
}

inline Belts withLaws(Belts set, FunctionRadiation::Law albedo, FunctionRadiation::Law longwave) {
  set.radiation = [albedo = std::move(albedo), longwave = std::move(longwave)](const SphereGrid&,
                                                                               Insolation insolation) {
    return std::make_unique<FunctionRadiation>(std::move(insolation), albedo, longwave);
  };
  return set;
}

}  // namespace ecumene::data::physics::climate::test
