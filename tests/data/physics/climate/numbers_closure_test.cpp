// SPDX-License-Identifier: Apache-2.0
// The numbers of science.md 2.1 to 2.4 that need no model run.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "data/physics/climate/albedo.h"
#include "data/physics/climate/heat_balance.h"
#include "data/physics/climate/insolation.h"
#include "data/physics/climate/olr.h"
#include "data/physics/climate/transport.h"
#include "data/physics/constants.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::climate {
namespace {

using ecumene::test::NumberTable;

planet::Atmosphere air(double pressurePa) {
  planet::Atmosphere atmosphere;
  atmosphere.surfacePressurePa = pressurePa;
  atmosphere.ratio(planet::Gas::kN2) = 0.7901;
  atmosphere.ratio(planet::Gas::kO2) = 0.2095;
  atmosphere.ratio(planet::Gas::kCO2) = 4e-4;
  return atmosphere;
}

// Haqq-Misra et al. (2016, ApJ 827, 120) as VPLanet's POISE has it; W m-2.
double haqqMisraLongwave(double temperatureK, double co2Bar) {
  const double t = std::log10(temperatureK);
  const double p = std::log10(co2Bar);
  const double f = 9.12805643869791438760 * std::pow(t, 4) + 4.58408794768168803557 * std::pow(t, 3) * p -
                   84.7261075643147449910 * std::pow(t, 3) + 0.435517381112690282752 * std::pow(t * p, 2) -
                   28.6355036260417961103 * t * t * p + 296.626642498045896446 * t * t -
                   0.0601082900358299240806 * t * std::pow(p, 3) - 2.60414691486954641420 * t * p * p +
                   56.9812976563675661623 * t * p - 462.596100127381816947 * t +
                   0.00218159373001564722491 * std::pow(p, 4) + 0.161456772400726950023 * std::pow(p, 3) +
                   3.75623788187470086797 * p * p - 35.3347289223180354156 * p + 275.011005409836684521;
  return std::pow(10.0, f) / 1000.0;
}

TEST(ClimateNumbers, OfInsolationAndParameters) {
  NumberTable table("science_2_climate");
  // S2 of the annual mean insolation: s(x) = 1 + S2 P2(x), North (1975) quotes -0.482.
  double s2 = 0.0;
  constexpr int kX = 2000;
  constexpr int kDays = 360;
  for (int i = 0; i < kX; ++i) {
    const double x = -1.0 + (2.0 * i + 1.0) / kX;
    double annual = 0.0;
    for (int d = 0; d < kDays; ++d) {
      annual += dailyMean(x, declination(23.45, 2.0 * std::numbers::pi * d / kDays)).share / kDays;
    }
    s2 += 2.5 * 4.0 * annual * 0.5 * (3.0 * x * x - 1.0) * 2.0 / kX;
  }
  table.add({"2.2", "[V] North", "S2 of annual mean insolation at obliquity 23.45", -0.482, s2, 0.006});
  const HeatCapacities c;
  table.add({"2.2", "[V]", "heat capacity of land, J m-2 K-1", 5.25e6, c.land, 0.0});
  table.add({"2.2", "[V]", "heat capacity of ocean over land", 40.0, c.ocean / c.land, 1e-9});
  table.add({"2.2", "[V]", "heat capacity of ice over land", 2.0, c.ice / c.land, 1e-9});
  table.add({"2.2", "[V]", "heat capacity of ice at 263-273 K over land", 9.2, c.meltingIce / c.land, 1e-9});
  table.add({"2.2", "[V] HEXTOR", "f_ice at 273.15 K", 0.0, iceFraction(273.15), 0.0});
  table.add({"2.2", "[V] HEXTOR", "f_ice at 268.15 K", 1.0 - std::exp(-0.5), iceFraction(268.15), 1e-12});
  table.add({"2.2", "[V] HEXTOR", "f_ice at 263.15 K, before its jump", 1.0 - std::exp(-1.0), iceFraction(263.1500001),
             1e-6});
  table.add({"2.2", "[V] HEXTOR", "f_ice below 263.15 K", 1.0, iceFraction(263.1499999), 0.0});
  table.add({"2.2", "[V]", "cloud albedo at zenith angle 60 deg", -0.078 + 0.65 * std::numbers::pi / 3.0,
             cloudAlbedo(0.5), 1e-12});
  table.add({"2.2", "[V]", "open ocean albedo at mu 1 (Taylor)", 0.037 / 1.25, openOceanAlbedo(1.0), 1e-12});
  table.add({"2.2", "[V]", "open ocean albedo at mu 0 (Taylor)", 0.037 / 0.15, openOceanAlbedo(0.0), 1e-12});
  table.add({"2.4", "[V] HEXTOR", "ice albedo under TRAPPIST-1 (2566 K)", 0.25, typicalIceAlbedo(2566.0), 1e-12});
  table.add({"2.2", "[V]", "ice albedo under the Sun", 0.663, typicalIceAlbedo(5772.0), 1e-12});
  const double day = 2.0 * std::numbers::pi / 7.27e-5 / 86400.0;
  const double earth = heatTransport(air(1e5), day, 0.58).diffusionWm2K;
  table.add({"2.2", "[V] HEXTOR", "D of Earth's air at 1 bar and 7.27e-5 rad/s, W m-2 K-1", 0.58, earth, 0.006});
  table.add({"2.2", "[V] HEXTOR", "cp of Earth's air, J kg-1 K-1", 1005.0, specificHeat(air(1e5)), 10.0});
  table.add({"2.2", "[V] HEXTOR", "molar mass of Earth's air, g mol-1", 28.89, meanMolarMass(air(1e5)), 0.1});
  table.add({"2.2", "[V]", "D at 2 bar over D at 1 bar", 2.0, heatTransport(air(2e5), day, 0.58).diffusionWm2K / earth,
             1e-12});
  table.add({"2.6", "[C]", "D at three times the rotation over D", 1.0 / 9.0,
             heatTransport(air(1e5), day / 3.0, 0.58).diffusionWm2K / earth, 1e-12});
  table.add({"2.2", "[C]", "D of a 6.1 d rotator, capped, over D0", 10.0,
             heatTransport(air(1e5), 6.1, 0.58).diffusionWm2K / 0.58, 1e-12});
  table.addContext("2.2", "[V] VPLanet", "two-box exchange, W m-2 K-1", 0.8, 0.0,
                   "not used: a fractional cell has one temperature");
  table.addContext("2.2", "[V] VPLanet", "land fraction of its Earth", 0.34, 0.3, "ours is drawn; tests use 0.3");
  table.addContext("2.2", "[V] North", "Q of the linear model, W m-2", 335.0, 340.25, "a quarter of North's flux");
  table.finish();
}

TEST(ClimateNumbers, OfOutgoingLongwave) {
  NumberTable table("science_2_climate");
  constexpr double kT[] = {200, 230, 260, 273.15, 288, 300, 330, 360};
  constexpr double kCo2[] = {3.3e-4, 1e-2, 0.1, 1.0, 10.0};
  constexpr double kOlr[5][8] = {{66.4, 127.8, 187.3, 211.4, 236.3, 254.2, 288.0, 301.7},
                                 {60.8, 117.5, 173.5, 196.6, 220.9, 238.9, 275.0, 295.0},
                                 {53.5, 99.1, 147.0, 168.2, 191.8, 210.6, 255.2, 294.6},
                                 {47.7, 73.5, 103.7, 118.7, 137.1, 153.3, 199.7, 255.6},
                                 {51.6, 50.1, 47.5, 47.5, 49.3, 52.4, 69.4, 104.3}};
  for (std::size_t i = 0; i < 5; ++i) {
    const OutgoingLongwave olr(kCo2[i]);
    for (std::size_t j = 0; j < 8; ++j) {
      table.add({"2.3", "[C]", fmt::format("OLR at pCO2 {:g} bar, {:g} K, W m-2", kCo2[i], kT[j]), kOlr[i][j],
                 olr.flux(kT[j]), 0.051});
    }
  }
  const OutgoingLongwave earth(3.3e-4);
  table.add({"2.3", "[V]", "OLR at 95 K over OLR at 190 K", 1.0 / 16.0, earth.flux(95.0) / earth.flux(190.0), 1e-12});
  table.add({"2.3", "[V]", "temperature above which the cubic turns over at 3.3e-4 bar, K", 365.0,
             earth.topTemperatureK(), 5.0});
  table.add({"2.3", "[V] VPLanet", "largest OLR at 3.3e-4 bar, W m-2 (clamped at 300)", 300.0, earth.largest(), 3.0});
  table.add(
      {"2.3", "[C]", "Haqq-Misra 2016 fit at 330 K, 3.3e-4 bar, W m-2", 259.0, haqqMisraLongwave(330.0, 3.3e-4), 0.51});
  table.add(
      {"2.3", "[C]", "Haqq-Misra 2016 fit at 360 K, 3.3e-4 bar, W m-2", 254.0, haqqMisraLongwave(360.0, 3.3e-4), 0.51});
  table.finish();
}

TEST(ClimateNumbers, OfTopOfAtmosphereAlbedo) {
  NumberTable table("science_2_climate");
  constexpr double kCo2 = 3.3e-4;
  table.add({"2.4", "[C]", "albedo, 260 K, a 0.6, mu 0.5", 0.5403, williamsKastingAlbedo(260, 0.5, 0.6, kCo2), 1e-4});
  table.add({"2.4", "[C]", "albedo, 288 K, a 0.1, mu 0.5", 0.1691, williamsKastingAlbedo(288, 0.5, 0.1, kCo2), 1e-4});
  table.add({"2.4", "[C]", "albedo, 288 K, a 0.3, mu 0.5", 0.2859, williamsKastingAlbedo(288, 0.5, 0.3, kCo2), 1e-4});
  const double cold = williamsKastingFit(false, 280, 0.5, 0.2, kCo2);
  const double warm = williamsKastingFit(true, 280, 0.5, 0.2, kCo2);
  table.add({"2.4", "[C]", "cold fit at 280 K, a 0.2, mu 0.5", 0.2220, cold, 1e-4});
  table.add({"2.4", "[C]", "warm fit at 280 K, a 0.2, mu 0.5", 0.2374, warm, 1e-4});
  table.add({"2.4", "[C]", "difference of the fits at 280 K", 0.015, warm - cold, 5.1e-4});
  table.add({"2.4", "[C]", "blend at 280 K: half way", 0.5 * (cold + warm), williamsKastingAlbedo(280, 0.5, 0.2, kCo2),
             1e-12});
  table.addContext("2.4", "[V]", "rms error of the fits, W m-2 (cold)", 7.58, 0.0,
                   "against Williams & Kasting's radiative-convective runs, which are not public");
  table.addContext("2.4", "[V]", "rms error of the fits, W m-2 (warm)", 4.66, 0.0,
                   "against Williams & Kasting's radiative-convective runs, which are not public");
  table.finish();
}

}  // namespace
}  // namespace ecumene::data::physics::climate
