// SPDX-License-Identifier: Apache-2.0
#include "data/physics/metabolism/environment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "data/base/error.h"
#include "data/physics/constants.h"
#include "data/physics/metabolism/vocabulary.h"
#include "tests/data/physics/metabolism/small_planet.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::metabolism {
namespace {

using planet::Archetype;
using planet::Gas;

double bound(const ArchetypeRow& row, const Environment& environment, const std::string& exchange) {
  for (const UptakeBound& b : uptakeBounds(row, environment)) {
    if (b.exchange == exchange) return b.uptake;
  }
  ADD_FAILURE() << "no bound of " << exchange;
  return -1.0;
}

TEST(Environment, HenryConstantsAreThePlans) {
  test::NumberTable table("metabolism_environment");
  const auto add = [&](Gas gas, double expected) {
    table.add({"4.5", "[M] Sander 2015", "Henry constant of " + std::string(planet::name(gas)) + " at 298.15 K, M/atm",
               expected, henryMPerBar(gas, 298.15) * 1.01325, 0.01 * expected});
  };
  add(Gas::kH2, 7.8e-4);
  add(Gas::kCO2, 3.4e-2);
  add(Gas::kCH4, 1.4e-3);
  add(Gas::kO2, 1.3e-3);
  add(Gas::kCO, 9.5e-4);
  add(Gas::kN2, 6.1e-4);
  add(Gas::kH2S, 0.10);
  // CO2 at 0 C: 0.0770 M/atm (Weiss 1974, fresh water).
  table.add({"4.5", "[M] Weiss 1974", "Henry constant of CO2 at 273.15 K, M/atm", 0.0770,
             henryMPerBar(Gas::kCO2, 273.15) * 1.01325, 0.006});
  table.finish();
  EXPECT_THROW((void)henryMPerBar(Gas::kH2O, 298.15), Error);
}

TEST(Environment, WindowAndItsMeansComeFromTheCellsInside) {
  auto climate = test::uniformClimate(250.0, 100.0);
  auto truth = test::planetWithAir();
  // The northern half at 290 K with 300 W/m2 in even months only.
  for (std::size_t month = 0; month < 12; month += 2) test::setNorth(climate, month, 290.0, 300.0);
  const Environment e = environmentOf(climate, truth, 280.0, 310.0);
  EXPECT_NEAR(e.window, 0.25, 1e-9);
  EXPECT_NEAR(e.windowTemperatureK, 290.0, 1e-9);
  EXPECT_NEAR(e.absorbedWm2, 300.0, 1e-9);
  EXPECT_NEAR(e.pressureBar(Gas::kN2), 1.0, 1e-12);
  // The range 273..373 K cuts the window: nothing below it counts.
  EXPECT_EQ(environmentOf(climate, truth, 240.0, 260.0).window, 0.0);
  climate.fields.pop_back();
  EXPECT_THROW((void)environmentOf(climate, truth, 280.0, 310.0), Error);
}

TEST(Environment, UptakeIsMichaelisMentenOnTheDissolvedGas) {
  const ArchetypeRow& row = archetype(Archetype::kMethanogen);
  const Uptake& h2 = row.uptakes.front();
  Environment e = favourableEnvironment(Archetype::kMethanogen, 298.0);
  e.pressureBar(Gas::kH2) = h2.km / henryMPerBar(Gas::kH2, 298.0);  // S = Km
  EXPECT_NEAR(bound(row, e, "EX_h2_e"), 0.5 * h2.vmax, 1e-9);
  e.pressureBar(Gas::kH2) = 0.0;
  EXPECT_EQ(bound(row, e, "EX_h2_e"), 0.0);
  // As much oxygen as inhibits by half.
  e.pressureBar(Gas::kH2) = h2.km / henryMPerBar(Gas::kH2, 298.0);
  e.pressureBar(Gas::kO2) = row.oxygenInhibitionM / henryMPerBar(Gas::kO2, 298.0);
  EXPECT_NEAR(bound(row, e, "EX_h2_e"), 0.25 * h2.vmax, 1e-9);
}

TEST(Environment, WithoutLiquidWaterEveryBoundIsZero) {
  for (const ArchetypeRow& row : archetypes()) {
    Environment dry = favourableEnvironment(row.archetype, 295.0);
    dry.water = false;
    Environment frozen = favourableEnvironment(row.archetype, 295.0);
    frozen.window = frozen.windowTemperatureK = 0.0;
    for (const Environment& e : {dry, frozen}) {
      for (const UptakeBound& b : uptakeBounds(row, e)) EXPECT_EQ(b.uptake, 0.0) << b.exchange;
    }
  }
}

TEST(Environment, RatesDoubleInAboutTenKelvin) {
  EXPECT_NEAR(rateFactor(298.0), 1.0, 1e-12);
  EXPECT_NEAR(rateFactor(308.0) / rateFactor(298.0), 2.27, 0.02);  // exp(0.65 eV/k (1/298 - 1/308))
}

// All photons of a blackbody: 1.52046e15 T3 m-2 s-1.
TEST(Environment, PhotonsOfTheWholeSpectrumAreThoseOfPlancksLaw) {
  for (const double t : {2600.0, 5772.0}) {
    double sum = 0.0;
    for (double low = 50.0; low < 4e5; low *= 1.2) sum += photonsPerJoule(t, low, 1.2 * low);
    const double expected = 1e6 * 1.52046e15 * t * t * t / kAvogadro / (kStefanBoltzmann * std::pow(t, 4));
    EXPECT_NEAR(sum / expected, 1.0, 2e-3) << t;
  }
}

TEST(Environment, SunlightHasItsPhotosyntheticShare) {
  // 37 % of a 5772 K blackbody lies in 400-700 nm, at 4.57 umol/J there.
  EXPECT_NEAR(photonsPerJoule(5772.0, 400.0, 700.0), 0.367 * 4.57, 0.05);
  // TRAPPIST-1's star gives several times less.
  EXPECT_LT(photonsPerJoule(2566.0, 400.0, 700.0), 0.25 * photonsPerJoule(5772.0, 400.0, 700.0));
}

TEST(Environment, PlanktonGetsTheMeanLightOfItsLayer) {
  EXPECT_EQ(meanLightShare(0.0), 1.0);
  EXPECT_NEAR(meanLightShare(0.01), 1.0 - 0.5 * 0.00121, 1e-6);  // first order in k z
  // Midpoint sum over the layer, against the closed form.
  double sum = 0.0;
  for (int i = 0; i < 120000; ++i) sum += std::exp(-0.121 * (i + 0.5) * 1e-3) / 120000.0;
  EXPECT_NEAR(meanLightShare(120.0), sum, 1e-6);
}

TEST(Environment, BelowTheLeastPhotonFluxItIsDark) {
  const ArchetypeRow& row = archetype(Archetype::kOxygenicPhototroph);
  Environment e = favourableEnvironment(Archetype::kOxygenicPhototroph, 295.0);
  const double wattsAtLimit =
      kDarkUmol / meanLightShare(row.light.mixedLayerM) / photonsPerJoule(e.starTemperatureK, 400.0, 700.0);
  e.absorbedWm2 = 1.01 * wattsAtLimit;
  EXPECT_GT(bound(row, e, "EX_photon_e"), 0.0);
  EXPECT_LT(catabolicEnergyKJ(row, e).value(), -500.0);
  e.absorbedWm2 = 0.99 * wattsAtLimit;
  EXPECT_EQ(bound(row, e, "EX_photon_e"), 0.0);
  EXPECT_GT(catabolicEnergyKJ(row, e).value(), 400.0);
}

TEST(Environment, WithoutASubstrateThereIsNoCatabolicEnergy) {
  for (const ArchetypeRow& row : archetypes()) {
    const Environment rich = favourableEnvironment(row.archetype, 295.0);
    ASSERT_TRUE(catabolicEnergyKJ(row, rich)) << planet::name(row.archetype);
    Environment airless = rich;
    airless.partialPressureBar = {};
    EXPECT_FALSE(catabolicEnergyKJ(row, airless)) << planet::name(row.archetype);
  }
  // One of two alternatives is enough: the anoxygenic phototroph on H2 alone.
  const ArchetypeRow& row = archetype(Archetype::kAnoxygenicPhototroph);
  Environment e = favourableEnvironment(Archetype::kAnoxygenicPhototroph, 295.0);
  e.pressureBar(Gas::kH2S) = 0.0;
  EXPECT_TRUE(catabolicEnergyKJ(row, e));
  e.pressureBar(Gas::kH2) = 0.0;
  EXPECT_FALSE(catabolicEnergyKJ(row, e));
}

TEST(Environment, CatabolismOfTheArchetypesKeepsElementsAndCharge) {
  const auto contents = [](std::string_view name) -> std::pair<std::string, double> {
    for (const Species& s : baseSpecies()) {
      if (s.id == formation(name).vocabularyId && !s.id.empty()) return {std::string(s.formula), s.charge};
    }
    return {"", 0.0};
  };
  for (const ArchetypeRow& row : archetypes()) {
    for (const Catabolism& c : row.catabolisms) {
      planet::ElementCounts sum{};
      double charge = 0.0;
      for (const Participant& p : c.participants) {
        const auto [formula, z] = contents(p.formation);
        const auto counts = planet::parseFormula(formula);
        ASSERT_TRUE(counts) << p.formation;
        sum.c += p.coefficient * counts->c;
        sum.h += p.coefficient * counts->h;
        sum.o += p.coefficient * counts->o;
        sum.s += p.coefficient * counts->s;
        sum.other += p.coefficient * counts->other;
        charge += p.coefficient * z;
      }
      for (const double excess : {sum.c, sum.h, sum.o, sum.s, sum.other, charge}) {
        EXPECT_NEAR(excess, 0.0, 1e-12) << c.equation;
      }
    }
  }
}

}  // namespace
}  // namespace ecumene::data::physics::metabolism
