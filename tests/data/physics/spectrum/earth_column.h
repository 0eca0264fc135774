// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <vector>

#include "data/physics/constants.h"
#include "data/physics/surface_climate.h"
#include "data/planet/system.h"

/// The Earth as published: US Standard Atmosphere 1976 (temperature, pressure) with the water vapour of the AFGL
/// standard atmosphere (Anderson et al. 1986, AFGL-TR-86-0110, table 1f).
namespace ecumene::data::physics::spectrum::test {

inline Column earthColumn() {
  struct Layer {
    double heightKm, temperatureK, lapseKKm;
  };
  constexpr std::array<Layer, 7> kStandard{{{0.0, 288.15, -6.5},
                                            {11.0, 216.65, 0.0},
                                            {20.0, 216.65, 1.0},
                                            {32.0, 228.65, 2.8},
                                            {47.0, 270.65, 0.0},
                                            {51.0, 270.65, -2.8},
                                            {71.0, 214.65, -2.0}}};
  struct Water {
    double heightKm, ppmv;
  };
  constexpr auto kWater = std::to_array<Water>(
      {{0, 7745},  {1, 6071},  {2, 4631},   {3, 3182},   {4, 2158},   {5, 1397},   {6, 925.4},  {7, 572},
       {8, 366.7}, {9, 158.3}, {10, 69.96}, {11, 36.13}, {12, 19.06}, {13, 10.85}, {14, 5.927}, {15, 5.0},
       {20, 3.9},  {25, 4.4},  {30, 4.725}, {40, 5.1},   {50, 5.25},  {60, 4.75},  {70, 3.4},   {84, 1.0}});
  constexpr double kMolarMass = 0.0289644;
  Column column;
  double pressure = 101325.0;
  for (int half = 0; half <= 168; ++half) {
    const double z = 0.5 * half;  // geopotential km
    std::size_t layer = kStandard.size() - 1;
    while (z < kStandard[layer].heightKm) --layer;
    const double t = kStandard[layer].temperatureK + kStandard[layer].lapseKKm * (z - kStandard[layer].heightKm);
    if (half > 0) {
      const double middle = 0.5 * (t + column.temperatureK.back());
      pressure *= std::exp(-kMolarMass * kEarthGravity * 500.0 / (kGasConstant * middle));
    }
    std::size_t w = 0;
    while (w + 2 < kWater.size() && z > kWater[w + 1].heightKm) ++w;
    const double share = (z - kWater[w].heightKm) / (kWater[w + 1].heightKm - kWater[w].heightKm);
    column.pressurePa.push_back(pressure);
    column.temperatureK.push_back(t);
    column.h2oMixingRatio.push_back(
        1e-6 * std::exp((1 - share) * std::log(kWater[w].ppmv) + share * std::log(kWater[w + 1].ppmv)));
  }
  return column;
}

inline planet::PlanetTruth earthTruth() {
  using planet::Gas;
  planet::PlanetTruth truth;
  truth.star = {5772.0, 1.0, 1.0, 1.0, 4.57};
  truth.orbit.fluxWm2 = kEarthFlux;
  truth.bulk.radiusEarth = 6.371e6 / kEarthRadius;
  truth.bulk.gravity = kEarthGravity;
  truth.atmosphere.surfacePressurePa = 101325.0;
  truth.atmosphere.ratio(Gas::kO2) = 0.2095;
  truth.atmosphere.ratio(Gas::kCO2) = 3.9e-4;
  truth.atmosphere.ratio(Gas::kCH4) = 1.8e-6;
  truth.atmosphere.ratio(Gas::kN2O) = 3.2e-7;
  truth.atmosphere.ratio(Gas::kO3) = 3.75e-7;  // 300 Dobson units over the whole column
  truth.atmosphere.ratio(Gas::kCO) = 1.0e-7;
  double rest = 1.0;
  for (const double ratio : truth.atmosphere.mixingRatio) rest -= ratio;
  truth.atmosphere.ratio(Gas::kN2) = rest;
  return truth;
}

/// Isothermal and dry, on a few levels.
inline Column isothermalColumn(double temperatureK, double surfacePressurePa, double water = 0.0) {
  Column column;
  for (int i = 0; i < 20; ++i) {
    column.pressurePa.push_back(surfacePressurePa * std::exp(-0.5 * i));
    column.temperatureK.push_back(temperatureK);
    column.h2oMixingRatio.push_back(water);
  }
  return column;
}

}  // namespace ecumene::data::physics::spectrum::test
