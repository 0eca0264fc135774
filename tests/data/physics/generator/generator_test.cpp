// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/generator.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "data/base/error.h"
#include "data/base/parallel.h"
#include "data/physics/generator/system_draw.h"
#include "data/planet/codec.h"

namespace ecumene::data::physics::generator {
namespace {

using planet::VariableId;

TEST(GeneratePlanet, IsTheSameBytesEachTimeAndOnAnyThread) {
  const std::vector<std::byte> first = planet::encode(generatePlanet(9, 2));
  std::vector<std::vector<std::byte>> others(3);
  parallelFor(others.size(), 3, [&](std::size_t i) { others[i] = planet::encode(generatePlanet(9, 2)); });
  for (const auto& other : others) EXPECT_EQ(other, first);
  EXPECT_NE(planet::encode(generatePlanet(10, 2)), first);
}

TEST(GeneratePlanet, HoldsEveryPartAndClosesItsEnergy) {
  for (std::uint64_t i = 0; i < 8; ++i) {
    const planet::Planet p = generatePlanet(21, i);
    planet::validate(p);
    ASSERT_EQ(p.climate->fields.size(), planet::kVariableCount) << p.id;
    ASSERT_EQ(p.metabolisms.size(), 16U);
    ASSERT_EQ(p.texts.size(), p.metabolisms.size() * kTextsPerCase);
    ASSERT_EQ(p.spectra.size(), static_cast<std::size_t>(kInstrumentsPerPlanet));
    std::set<std::string> instruments;
    for (const planet::Spectrum& s : p.spectra) instruments.insert(s.instrument);
    EXPECT_EQ(instruments.size(), p.spectra.size()) << "an instrument is drawn once";
    if (p.climateFlags->runaway) {
      EXPECT_EQ(p.labels->regime, planet::Regime::kRunaway);
      EXPECT_EQ(p.labels->fHab, 0.0);
    } else {
      // The cube's own fluxes, not the solver's word.
      const auto mean = [&](VariableId id) {
        return planet::statistics(*p.climate, p.climate->require(id)).areaWeightedMean;
      };
      EXPECT_LT(std::abs(mean(VariableId::kToaNetShortwave) - mean(VariableId::kToaOutgoingLongwave)), 0.3) << p.id;
    }
    for (const planet::MetabolismCase& c : p.metabolisms) {
      ASSERT_TRUE(c.viability.has_value());
      if (p.labels->fHab == 0.0) {
        EXPECT_FALSE(c.viability->viable) << p.id;
      }
    }
  }
}

TEST(GeneratePlanet, TwinsOfOneSystemShareObservationsAndKey) {
  std::uint64_t first = 0;
  while (placeOf(21, first + 1).system != first) first += 2;
  const planet::Planet warm = generatePlanet(21, first);
  const planet::Planet cold = generatePlanet(21, first + 1);
  EXPECT_EQ(warm.systemKey, cold.systemKey);
  for (const planet::ScalarInfo& row : planet::scalars()) {
    if (row.id == planet::ScalarId::kSurfacePressure) continue;  // has the vapour of the climate
    EXPECT_EQ(warm.scalars[row.id], cold.scalars[row.id]) << row.name;
  }
  EXPECT_EQ(warm.truth->start, planet::StartState::kWarm);
  EXPECT_EQ(cold.truth->start, planet::StartState::kCold);
  EXPECT_NE(warm.id, cold.id);
}

TEST(GeneratePlanet, ClosesTheMassOfAnAirThatTurnsAtOnce) {
  // Secants alone go round between two surface pressures 16 Pa apart for ever.
  const planet::Planet hot = generatePlanet(4096, 793);
  planet::validate(hot);
  EXPECT_GT(hot.labels->tMeanK, 300.0);
}

TEST(GeneratePlanet, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  EXPECT_THROW(generatePlanet(1, 0, source.get_token()), Error);
}

}  // namespace
}  // namespace ecumene::data::physics::generator
