// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/history.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "data/physics/climate/climate.h"
#include "data/physics/climate/olr.h"
#include "data/physics/generator/generator.h"
#include "data/physics/generator/system_draw.h"

namespace ecumene::data::physics::generator {
namespace {

using planet::Gas;
using planet::VariableId;

TEST(RelativeLuminosity, IsGoughsForTheSun) {
  // Gough (1981): the Sun began with 1 / 1.4 of its present luminosity; 3.8 Gyr ago it had 1 / (1 + 0.4 x 3.8 / 4.57).
  EXPECT_NEAR(relativeLuminosity(0.0, 4.57, 1.0), 1.0 / 1.4, 1e-12);
  EXPECT_NEAR(relativeLuminosity(4.57 - 3.8, 4.57, 1.0), 1.0 / (1.0 + 0.4 * 3.8 / 4.57), 1e-12);
  EXPECT_DOUBLE_EQ(relativeLuminosity(4.57, 4.57, 1.0), 1.0);
}

TEST(RelativeLuminosity, SmallStarsBrightenLittleAndOldOnesEndTheirLife) {
  EXPECT_GT(relativeLuminosity(0.0, 10.0, 0.1), 0.99);
  EXPECT_LT(relativeLuminosity(0.0, 5.0, 1.2), relativeLuminosity(0.0, 5.0, 0.8));
  // Beyond its main-sequence life a star is at its end: the whole brightening of that life, 1.4 to 0.5247.
  EXPECT_NEAR(relativeLuminosity(0.0, 10.0, 1.5), (1.0 + 0.4 * (1.0 - 10.0 / 4.57)) / 1.4, 1e-12);
}

TEST(Weathered, BalancesOutgassingAndHeat) {
  const Weathered now{3e-4, 289.0};
  double coldest = now.temperatureK, most = now.co2Bar;
  for (const double flux : {0.99, 0.95, 0.9, 0.8}) {
    const Weathered then = weathered(now, flux, 5.0);
    const double rate =
        std::pow(then.co2Bar / now.co2Bar, 0.3) * std::exp((then.temperatureK - now.temperatureK) / 13.7);
    EXPECT_NEAR(rate, 1.0, 1e-9) << flux;
    const auto emitted = [](const Weathered& w) {
      return climate::OutgoingLongwave(w.co2Bar, 5.0).flux(w.temperatureK, 0.0);
    };
    EXPECT_NEAR(emitted(then) / emitted(now), flux, 1e-9) << flux;
    // The fainter the star, the more CO2 and the colder: weathering is a stabiliser, not a thermostat.
    EXPECT_LT(then.temperatureK, coldest);
    EXPECT_GT(then.co2Bar, most);
    coldest = then.temperatureK;
    most = then.co2Bar;
  }
  EXPECT_GT(coldest, now.temperatureK - 30.0);
  EXPECT_NEAR(weathered(now, 1.0, 5.0).co2Bar, now.co2Bar, 1e-9 * now.co2Bar);
}

TEST(Weathered, NeverExceedsTheEndOfTheFit) {
  EXPECT_LE(weathered({2.0, 300.0}, 0.5, 0.0).co2Bar, climate::OutgoingLongwave::kCo2MaxBar);
}

TEST(PastOf, LeadsToThePresentAndKeepsTheOtherGases) {
  const planet::PlanetTruth present = drawSystem(42, 3);
  const std::vector<Moment> past = pastOf(present, 5, 288.0, true);
  ASSERT_EQ(past.size(), 5U);
  EXPECT_EQ(past.back().truth, present);
  for (std::size_t i = 0; i < past.size(); ++i) {
    EXPECT_NEAR(past[i].ageGyr, present.star.ageGyr * static_cast<double>(i + 1) / 5.0, 1e-12);
    const planet::Atmosphere& air = past[i].truth.atmosphere;
    EXPECT_NEAR(std::accumulate(air.mixingRatio.begin(), air.mixingRatio.end(), 0.0), 1.0, 1e-9);
    for (const Gas gas : {Gas::kN2, Gas::kCH4, Gas::kO2}) {
      EXPECT_NEAR(air.partialPressurePa(gas), present.atmosphere.partialPressurePa(gas),
                  1e-9 * present.atmosphere.surfacePressurePa);
    }
    if (i == 0) continue;
    EXPECT_GT(past[i].truth.orbit.fluxWm2, past[i - 1].truth.orbit.fluxWm2);
    EXPECT_LT(air.partialPressurePa(Gas::kCO2), past[i - 1].truth.atmosphere.partialPressurePa(Gas::kCO2));
  }
  for (const Moment& moment : pastOf(present, 3, 288.0, false)) {
    EXPECT_EQ(moment.truth.atmosphere, present.atmosphere);
  }
}

TEST(GeneratePlanet, WithEpochsIsThePlanetWithoutThemButForItsPast) {
  const planet::Planet plain = generatePlanet(42, 3);
  planet::Planet aged = generatePlanet(42, 3, {}, 3);
  planet::validate(aged);
  ASSERT_EQ(aged.climate->grid.epochGyr.size(), 3U);
  EXPECT_EQ(aged.climate->grid.epochGyr.back(), plain.truth->star.ageGyr);
  // Each epoch is a climate of its own, in balance with its star.
  const auto mean = [&](VariableId id, std::size_t epoch) {
    const planet::Field& field = aged.climate->require(id);
    const std::size_t size = field.values.size() / 3;
    const auto first = field.values.begin() + static_cast<std::ptrdiff_t>(epoch * size);
    const planet::Field one{id, {first, first + static_cast<std::ptrdiff_t>(size)}};
    return planet::statistics(*plain.climate, one).areaWeightedMean;
  };
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    EXPECT_NEAR(mean(VariableId::kToaNetShortwave, epoch), mean(VariableId::kToaOutgoingLongwave, epoch), 0.3);
  }
  EXPECT_LT(mean(VariableId::kToaNetShortwave, 0), mean(VariableId::kToaNetShortwave, 2));
  // Taking the past away gives the planet without it.
  for (planet::Field& field : aged.climate->fields) {
    const auto size = static_cast<std::ptrdiff_t>(field.values.size() / 3);
    field.values.erase(field.values.begin(), field.values.end() - size);
  }
  aged.climate->grid.epochGyr.clear();
  EXPECT_EQ(aged.provenance.back().part, "climate/epoch");
  aged.provenance.pop_back();
  EXPECT_EQ(aged, plain);
  EXPECT_NE(parametersText(3), parametersText());
  EXPECT_EQ(parametersText(1), parametersText());
}

}  // namespace
}  // namespace ecumene::data::physics::generator
