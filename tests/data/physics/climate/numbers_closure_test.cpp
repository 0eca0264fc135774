// SPDX-License-Identifier: Apache-2.0
// The numbers of science.md 2.1 to 2.4 that need no model run.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "data/physics/climate/albedo.h"
#include "data/physics/climate/climate.h"
#include "data/physics/climate/heat_balance.h"
#include "data/physics/climate/insolation.h"
#include "data/physics/climate/olr.h"
#include "data/physics/climate/transport.h"
#include "data/physics/constants.h"
#include "data/planet/cube.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::climate {
namespace {

using ecumene::test::kNoNumber;
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
  table.add({"2.2", "[V] HEXTOR", "cp of Earth's air, cal g-1 K-1 (4.184 J)", 0.2401, specificHeat(air(1e5)) / 4184.0,
             0.0025});
  const planet::ClimateClosure closure;
  table.add({"2.2", "[V] WK97", "D0, W m-2 K-1, by default", 0.58, closure.diffusionWm2K, 0.0});
  const AlbedoClosure surface;
  table.add({"2.2", "[V] WK97", "albedo of ground, by default", 0.20, surface.land, 0.0});
  table.add({"2.2", "[V] WK97", "albedo of snow and ice, by default", 0.663, surface.ice, 0.0});
  table.add({"2.2", "[V] WK97", "cloud fraction", 0.5, surface.cloudFraction, 0.0});
  table.add({"2.2", "[V] WK97", "frozen ground at mu 0.5: larger of ice and half the clouds' albedo", 0.663,
             surfaceAlbedo(surface, 250.0, 0.5, 0.0), 1e-12});
  AlbedoClosure dark = surface;
  dark.ice = 0.1;
  table.add({"2.2", "[V] WK97", "the same of dark ice (0.1) at mu 0.2", 0.5 * (-0.078 + 0.65 * std::acos(0.2)),
             surfaceAlbedo(dark, 250.0, 0.2, 0.0), 1e-12});
  table.add({"2.4", "[V]", "least albedo, the clip", 0.05, kAlbedoMin, 0.0});
  table.add({"2.4", "[V]", "largest albedo, the clip", 0.85, kAlbedoMax, 0.0});
  table.add({"2.4", "[C]", "blend of the two fits begins, K", 275.0, kBlendLowK, 0.0});
  table.add({"2.4", "[C]", "blend of the two fits ends, K", 285.0, kBlendHighK, 0.0});
  table.add({"2.6", "[C]", "gate on global annual ASR - OLR, W m-2", 0.3, kImbalanceLimitWm2, 0.0});
  table.addRange("2.6", "[C]", "warm start, K", 288.0, 300.0, kWarmStartK);
  table.add({"2.6", "[C]", "cold start, K", 220.0, kColdStartK, 0.0});
  table.add({"1.4", "label", "area mean that counts as runaway, K", 400.0, kRunawayK, 0.0});
  table.add({"2.6", "[C]", "monthly means of the last orbit", 12.0, static_cast<double>(planet::kMonths), 0.0});
  const std::string leaps = "ours counts time constants C/B and leaps (got), since an orbit may last a day or years";
  table.addContext("2.6", "[C]", "orbits until converged, least", 60.0, kSpinUpTimeConstants, leaps);
  table.addContext("2.6", "[C]", "orbits until converged, most", 100.0, kSpinUpTimeConstants, leaps);
  table.finish();
}

// Parameters of other models' closures, which the solver does not have; those that tests feed in are in belts.h.
TEST(ClimateNumbers, OfOtherClosures) {
  NumberTable table("science_2_climate");
  struct Row {
    const char* tag;
    const char* quantity;
    double expected, ours;
    const char* reason;
  };
  const char* const capacity = "ours are Williams & Kasting's, per column and not per kind of surface box";
  const char* const fed = "fed into the runs of 2.5 by the test, no number of the solver";
  const char* const other = "another closure: the solver has one albedo model";
  const HeatCapacities c;
  const AlbedoClosure surface;
  for (const Row& row : {
           Row{"[V] Spiegel", "D0 of its closure, W m-2 K-1", 0.5394, 0.58, fed},
           Row{"[V] North 1981", "D0 of its form, W m-2 K-1", 0.649, 0.58, fed},
           Row{"[V] HEXTOR", "D of FILLET Ben1, W m-2 K-1", 0.38, 0.58, fed},
           Row{"[V] VPLanet", "two-box exchange, W m-2 K-1", 0.8, kNoNumber, "a fractional cell has one temperature"},
           Row{"[V] VPLanet", "heat capacity of land, J m-2 K-1", 1.55e7, c.land, capacity},
           Row{"[V] VPLanet", "heat capacity of water, J m-3 K-1", 4.428e6, kNoNumber, capacity},
           Row{"[V] VPLanet", "depth of the mixed layer, m", 70.0, c.ocean / 4.428e6, capacity},
           Row{"[V] VPLanet", "ice albedo", 0.6, surface.ice, other},
           Row{"[V] VPLanet", "land albedo", 0.363, surface.land, other},
           Row{"[V] VPLanet", "water albedo", 0.263, openOceanAlbedo(0.5), "ours at mu 0.5, without the clouds"},
           Row{"[V] VPLanet", "land fraction of its Earth", 0.34, 0.3, "ours is drawn; tests use 0.3"},
           Row{"[V] North", "A of the linear longwave, W m-2", 203.3, OutgoingLongwave(3.3e-4).flux(273.15, 0.0), fed},
           Row{"[V] North", "B of the linear longwave, W m-2 K-1", 2.09, OutgoingLongwave(3.3e-4).slope(273.15, 0.0),
               fed},
           Row{"[V] North", "Q of the linear model, W m-2", 335.0, 340.25, "ours: a quarter of the flux"},
           Row{"[V] North", "co-albedo of ice-free belts, mean", 0.697, kNoNumber, other},
           Row{"[V] North", "co-albedo of ice-free belts, factor of -P2(x)", 0.0779, kNoNumber, other},
           Row{"[V] North", "co-albedo over ice", 0.38, 1.0 - surface.ice, other},
           Row{"[V] North", "C over B, yr", 0.16, c.land / 2.09 / (kJulianYearDays * kDaySeconds),
               "ours: of land, with B 2.09"},
           Row{"[V] North", "temperature of the ice edge, deg C", -10.0, -10.0, "ours: where f_ice reaches 1"},
           Row{"[V] Spiegel", "albedo 0.525 - 0.245 tanh((T - 268) / 5): mean", 0.525, kNoNumber, fed},
           Row{"[V] Spiegel", "the same: amplitude", 0.245, kNoNumber, fed},
           Row{"[V] Spiegel", "tau of I = sigma T^4 / (1 + 0.75 tau) at 273 K", 0.79, kNoNumber, fed},
           Row{"[V] Spiegel", "variant 0.5 - 0.2 tanh: mean", 0.5, kNoNumber, other},
           Row{"[V] Spiegel", "variant 0.5 - 0.2 tanh: amplitude", 0.2, kNoNumber, other},
           Row{"[V] Spiegel", "variant 0.475 - 0.225 tanh: mean", 0.475, kNoNumber, other},
           Row{"[V] Spiegel", "variant 0.475 - 0.225 tanh: amplitude", 0.225, kNoNumber, other},
           Row{"[V] WK97", "albedo of ground, newer", 0.30, surface.land, "the generator draws it from 0.18 to 0.32"},
           Row{"[V] WK97", "albedo of CO2 frost, least", 0.33, kNoNumber, "CO2 does not freeze here"},
           Row{"[V] WK97", "albedo of CO2 frost, most", 0.35, kNoNumber, "CO2 does not freeze here"},
           Row{"[V]", "constant ocean albedo, least", 0.06, openOceanAlbedo(1.0), "ours is Taylor's: star at zenith"},
           Row{"[V]", "constant ocean albedo, most", 0.2, openOceanAlbedo(0.0), "ours is Taylor's: star at horizon"},
           Row{"[V] HEXTOR", "ocean albedo of its TRAPPIST set", 0.06, kNoNumber, fed},
       }) {
    table.addContext("2.2", row.tag, row.quantity, row.expected, row.ours, row.reason);
  }
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
                 olr.flux(kT[j], 0.0), 0.051});
    }
  }
  const OutgoingLongwave earth(3.3e-4);
  table.add({"2.3", "[V]", "OLR at 95 K over OLR at 190 K", 1.0 / 16.0, earth.flux(95.0, 0.0) / earth.flux(190.0, 0.0),
             1e-12});
  table.add({"2.3", "[V]", "temperature above which the cubic turns over at 3.3e-4 bar, K", 365.0,
             earth.topTemperatureK(), 5.0});
  table.add({"2.3", "[V] VPLanet", "largest OLR at 3.3e-4 bar, W m-2 (clamped at 300)", 300.0, earth.largest(), 3.0});
  const std::string formula = "got: the published formula, written in this test; the solver has the fit of 1997";
  table.addContext("2.3", "[C]", "Haqq-Misra 2016 fit at 330 K, 3.3e-4 bar, W m-2", 259.0,
                   haqqMisraLongwave(330.0, 3.3e-4), formula);
  table.addContext("2.3", "[C]", "Haqq-Misra 2016 fit at 360 K, 3.3e-4 bar, W m-2", 254.0,
                   haqqMisraLongwave(360.0, 3.3e-4), formula);
  table.add({"2.3", "[V]", "coldest of the fit, K", 190.0, OutgoingLongwave::kFitMinK, 0.0});
  table.add({"2.3", "[V]", "hottest of the fit, K", 380.0, OutgoingLongwave::kFitMaxK, 0.0});
  table.add({"2.3", "[V]", "least CO2 of the fit, bar", 1e-5, OutgoingLongwave::kCo2MinBar, 0.0});
  table.add({"2.3", "[V]", "most CO2 of the fit, bar", 10.0, OutgoingLongwave::kCo2MaxBar, 0.0});
  // Every coefficient: row i, column j changes I by phi^i T^j, so all twenty are held by the largest difference.
  constexpr double kPublished[5][4] = {{9.468980, -2.794778, 2.212108e-2, -3.361939e-5},
                                       {-7.714727e-5, -3.244753e-3, 3.088497e-5, -1.679112e-7},
                                       {-3.547406e-4, 2.229142e-3, -2.789815e-5, 6.590999e-8},
                                       {-3.442973e-3, 9.173169e-3, -7.775195e-5, 1.528125e-7},
                                       {-3.367567e-2, -1.631909e-4, 3.663871e-6, -9.255646e-9}};
  double worst = 0.0;
  for (const double co2 : {1e-5, 3.3e-4, 1e-2, 0.3, 1.0, 10.0}) {
    const OutgoingLongwave olr(co2);
    for (double t = 190.0; t <= std::min(360.0, olr.topTemperatureK()); t += 10.0) {
      double sum = 0.0;
      for (int i = 0; i < 5; ++i) {
        for (int j = 0; j < 4; ++j) sum += kPublished[i][j] * std::pow(std::log(co2 / 3.3e-4), i) * std::pow(t, j);
      }
      worst = std::max(worst, std::abs(sum - olr.flux(t, 0.0)));
    }
  }
  table.add({"2.3", "[V] VPLanet", "largest difference to the sum of the 20 coefficients, W m-2", 0.0, worst, 1e-8});
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
  // Every coefficient of the two columns, in the table's order: 1, a, a2, mu, a mu, mu2, p, a p, mu p, p2, T, a T, mu
  // T, p T, T2.
  constexpr double kColumn[2][15] = {
      {-6.891041e-1, 1.046004, 7.323946e-2, -2.889937e-1, 2.012211e-1, 8.121773e-2, -2.837280e-3, -3.741199e-2,
       -6.349855e-3, 6.581704e-4, 7.805398e-3, -1.850840e-3, 1.364872e-4, 9.858050e-5, -1.655457e-5},
      {1.108210, 1.517222, 7.588651e-2, -1.867039e-1, 2.098557e-1, 6.329810e-2, 1.970523e-2, -3.135482e-2, -1.021418e-2,
       -4.132671e-4, -5.79932e-3, -3.709826e-3, -1.133523e-4, 5.371405e-5, 9.269027e-6}};
  for (const bool isWarm : {false, true}) {
    double worst = 0.0;
    for (const double t : {200.0, 250.0, 280.0, 320.0, 360.0}) {
      for (const double mu : {0.0, 0.3, 1.0}) {
        for (const double a : {0.0, 0.2, 0.7}) {
          for (const double p : {1e-4, 0.1, 5.0}) {
            const double terms[15] = {1.0,    a,     a * a, mu,    a * mu, mu * mu, p,    a * p,
                                      mu * p, p * p, t,     a * t, mu * t, p * t,   t * t};
            double sum = 0.0;
            for (int i = 0; i < 15; ++i) sum += kColumn[isWarm ? 1 : 0][i] * terms[i];
            worst = std::max(worst, std::abs(sum - williamsKastingFit(isWarm, t, mu, a, p)));
          }
        }
      }
    }
    table.add({"2.4", "[V]", fmt::format("largest difference to the 15 coefficients, {}", isWarm ? "warm" : "cold"),
               0.0, worst, 1e-12});
  }
  table.addContext("2.4", "[V]", "rms error of the fits, W m-2 (cold)", 7.58, kNoNumber,
                   "against Williams & Kasting's radiative-convective runs, which are not public");
  table.addContext("2.4", "[V]", "rms error of the fits, W m-2 (warm)", 4.66, kNoNumber,
                   "against Williams & Kasting's radiative-convective runs, which are not public");
  table.finish();
}

}  // namespace
}  // namespace ecumene::data::physics::climate
