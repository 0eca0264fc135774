// SPDX-License-Identifier: Apache-2.0
// The numbers of science.md 1.2, 1.4 and 2.7 beside ours (those of 1.3: habitable_zone_test.cpp).
#include <gtest/gtest.h>

#include <array>
#include <functional>

#include "data/physics/atmosphere/column.h"
#include "data/physics/atmosphere/escape.h"
#include "data/physics/atmosphere/labels.h"
#include "data/physics/atmosphere/thermodynamics.h"
#include "data/physics/constants.h"
#include "tests/data/physics/atmosphere/fixtures.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::atmosphere {
namespace {

// Dry air as the plan's numbers were made with.
constexpr AirProperties kDryAir{28.97, 287.0, 1004.0};

double bisect(double low, double high, double wanted, const std::function<double(double)>& rising) {
  for (int i = 0; i < 60; ++i) {
    const double middle = 0.5 * (low + high);
    (rising(middle) < wanted ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

/// 1 bar of dry air plus saturated vapour over a ground of this temperature.
double trapPressurePa(double groundK) {
  return adiabatPressureAt(kDryAir, Moisture::kSaturated, groundK, 1e5 + saturationPressurePa(groundK), kStratosphereK,
                           1e-6);
}
double trapMixingRatio(double groundK) {
  return saturationMixingRatio(kStratosphereK, trapPressurePa(groundK));
}

TEST(Numbers, TemperatureRangesOfTheLabels) {
  test::NumberTable table("atmosphere");
  const auto labels = [](double groundK) {
    return computeLabels(surfaceCube([=](double, double, std::size_t) { return groundK; }), {.oceanFraction = 1.0});
  };
  // Just inside is 1, just outside 0: the bounds themselves are inside.
  table.add({"1.1", "[V] Spiegel 2008", "f_hab of a ground at 273.0 K", 1.0, labels(273.0).fHab, 1e-6});
  table.add({"1.1", "[V] Spiegel 2008", "f_hab of a ground at 272.9 K", 0.0, labels(272.9).fHab, 0.0});
  table.add({"1.1", "[V] Spiegel 2008", "f_hab of a ground at 373.0 K", 1.0, labels(373.0).fHab, 1e-6});
  table.add({"1.1", "[V] Spiegel 2008", "f_hab of a ground at 373.1 K", 0.0, labels(373.1).fHab, 0.0});
  table.add({"1.2", "[V] Silva 2017", "h050 of a ground at 0 deg C", 1.0, labels(273.15).h050, 1e-6});
  table.add({"1.2", "[V] Silva 2017", "h050 of a ground at -0.1 deg C", 0.0, labels(273.05).h050, 0.0});
  table.add({"1.2", "[V] Silva 2017", "h050 of a ground at 50 deg C", 1.0, labels(323.15).h050, 1e-6});
  table.add({"1.2", "[V] Silva 2017", "h050 of a ground at 50.1 deg C", 0.0, labels(323.25).h050, 0.0});
  table.addContext("1.5", "[V] HEXTOR", "zonal temperature of the ice line, K", 263.0, 263.15,
                   "ours: openFraction's bound, where f_ice reaches 1");
  table.add({"1.5", "[V] HEXTOR", "open area of a ground at 263.1 K", 0.0, labels(263.1).openFraction, 0.0});
  table.add({"1.5", "[V] HEXTOR", "open area of a ground at 263.2 K", 1.0, labels(263.2).openFraction, 1e-6});
  table.finish();
}

TEST(Numbers, WaterLoss) {
  test::NumberTable table("atmosphere");
  table.add({"1.4", "[C]", "diffusion-limited escape at f(H2O) = 3e-3, 1e11 H cm-2 s-1", 1.5,
             hydrogenEscapePerM2S(3e-3, 0.0, 0.0) * 1e-15, 0.005});
  table.add({"1.4", "[C]", "hydrogen of an Earth ocean, 1e28 H cm-2", 1.84, earthOceanHydrogenPerM2() * 1e-32, 0.006});
  table.add(
      {"1.4", "[C]", "time to lose an Earth ocean at f(H2O) = 3e-3, Gyr", 3.9, oceanLossGyr(3e-3, 0.0, 0.0), 0.05});
  table.addContext("1.4", "[V] Leconte 2013", "mean insolation at 1.10 S0, W m-2", 375.0, 1.10 * kEarthFlux / 4.0,
                   "a conversion of theirs; no threshold of ours");
  table.addContext("1.4", "[V] Kopparapu et al. 2017", "stratospheric H2O of a moist greenhouse, above", 1e-3,
                   trapMixingRatio(bisect(300.0, 360.0, 1e-3, trapMixingRatio)),
                   "f_strat is a label of its own, without a threshold; got: the mixing ratio our cold trap passes");
  table.addContext("1.4", "[C]", "ground temperature at which our cold trap passes 1e-3, K", test::kNoNumber,
                   bisect(300.0, 360.0, 1e-3, trapMixingRatio), "beside the row above; the source's are about 280 K");
  table.addContext("1.4", "[V] Wordsworth & P. 2013", "absorbed below which < 1 ocean is lost over a life, W m-2",
                   270.0, test::kNoNumber,
                   "needs a cold upper atmosphere of CO2; ours is diffusion-limited at any flux");
  table.addContext("1.4", "[M] Kopparapu et al. 2016", "period at which the substellar deck weakens, d (about)", 5.0,
                   test::kNoNumber, "no substellar cloud feedback here");
  table.finish();
}

TEST(Numbers, BoilingPoints) {
  test::NumberTable table("atmosphere");
  const auto boiling = [](double pressurePa) {
    return bisect(300.0, 500.0, pressurePa, [](double t) { return saturationPressurePa(t); });
  };
  table.add({"1.2", "[M]", "boiling point at 0.5 bar, K", 354.0, boiling(5e4), 1.0});
  table.add({"1.2", "[M]", "boiling point at 5 bar, K", 425.0, boiling(5e5), 1.0,
             "Bolton's fit is for -35 to 35 C and is 6 to 10 % high beyond 400 K"});
  table.finish();
}

TEST(Numbers, LapseRates) {
  test::NumberTable table("atmosphere");
  const std::array<std::array<double, 2>, 5> rows{
      {{250.0, 8.81}, {273.0, 6.50}, {288.0, 4.82}, {300.0, 3.80}, {310.0, 3.25}}};
  const auto lapse = [](double kelvin, Phase phase) {
    const double pressure = 101325.0 + saturationPressurePa(kelvin, phase);
    return 1e3 * moistLapseRate(kDryAir, kelvin, pressure, 9.81, phase);
  };
  for (const auto& [kelvin, expected] : rows) {
    table.add({"2.7", "[C]", fmt::format("moist lapse rate at {} K and 1 atm of dry air, over liquid, K/km", kelvin),
               expected, lapse(kelvin, Phase::kLiquid), 0.02});
  }
  table.add({"2.7", "[C]", "moist lapse rate at 250 K and 1 atm of dry air, over ice, K/km", 8.81,
             lapse(250.0, Phase::kStable), 0.02});
  table.add({"2.7", "[C]", "moist lapse rate at 273 K and 1 atm of dry air, stable phase, K/km", 6.50,
             lapse(273.0, Phase::kStable), 0.02, "the plan's value is over liquid; the columns freeze below 273.15 K"});
  table.add({"2.7", "[C]", "dry lapse rate (no vapour: 150 K), K/km", 9.77,
             1e3 * moistLapseRate(kDryAir, 150.0, 101325.0, 9.81), 0.005});
  table.finish();
}

TEST(Numbers, ColdTrap) {
  test::NumberTable table("atmosphere");
  struct Row {
    double groundK, hPa, hPaTolerance, mixingRatio, ratioTolerance;
  };
  const std::array<Row, 6> rows{{{273.0, 292.0, 3.0, 5.5e-6, 1e-7},
                                 {288.0, 198.0, 2.0, 8.1e-6, 1.5e-7},
                                 {300.0, 123.0, 1.0, 1.3e-5, 5e-7},
                                 {320.0, 29.0, 0.5, 5.6e-5, 1e-6},
                                 {340.0, 1.4, 0.05, 1.2e-3, 5e-5},
                                 {350.0, 0.14, 0.005, 1.1e-2, 5e-4}}};
  for (const Row& row : rows) {
    table.add({"2.7", "[C]", fmt::format("200-K level over a ground of {} K, hPa", row.groundK), row.hPa,
               trapPressurePa(row.groundK) / 100.0, row.hPaTolerance});
    table.add({"2.7", "[C]", fmt::format("water at the cold trap over a ground of {} K", row.groundK), row.mixingRatio,
               trapMixingRatio(row.groundK), row.ratioTolerance});
  }
  table.add({"2.7", "[C]", "ground temperature at which the cold trap passes 3e-3 of water, K", 344.0,
             bisect(300.0, 360.0, 3e-3, trapMixingRatio), 1.0});
  table.add({"1.4", "[M] Kasting 1993", "the same, K", 340.0, bisect(300.0, 360.0, 3e-3, trapMixingRatio), 5.0});
  table.finish();
}

TEST(Numbers, Closures) {
  test::NumberTable table("atmosphere");
  table.add({"2.7", "[C]", "skin temperature of Earth (OLR 238 W m-2), K", 214.0, skinTemperatureK(238.0), 0.5});
  table.add({"2.7", "[M]", "relative humidity at the ground", 0.77, manabeWetheraldHumidity(1.0), 1e-12});
  table.add({"2.7", "[M]", "relative humidity at sigma = 0.02", 0.0, manabeWetheraldHumidity(0.02), 1e-12});
  table.add({"2.7", "[M] Sundqvist", "cloud cover at RH = 0.8", 0.0, sundqvistCloud(0.8), 1e-12});
  table.add({"2.7", "[M] Sundqvist", "cloud cover at RH = 0.95", 0.5, sundqvistCloud(0.95), 1e-12});
  table.add({"2.7", "[M] Sundqvist", "cloud cover at RH = 1", 1.0, sundqvistCloud(1.0), 1e-12});
  table.finish();
}

}  // namespace
}  // namespace ecumene::data::physics::atmosphere
