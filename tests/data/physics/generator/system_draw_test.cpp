// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/system_draw.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "data/base/error.h"
#include "data/physics/generator/composition.h"
#include "data/physics/generator/priors.h"

namespace ecumene::data::physics::generator {
namespace {

using planet::Gas;
using planet::ScalarId;

constexpr std::uint64_t kSeed = 42;
constexpr std::uint64_t kSystems = 4000;

TEST(DrawSystem, GivesTheSharesOfTheDatasetDefinition) {
  std::array<double, 4> types{};
  double synchronous = 0.0;
  for (std::uint64_t i = 0; i < kSystems; ++i) {
    const planet::PlanetTruth truth = drawSystem(kSeed, i);
    types.at(static_cast<std::size_t>(planet::starType(truth.star.temperatureK))) += 1.0 / kSystems;
    synchronous += truth.bulk.synchronous ? 1.0 / kSystems : 0.0;
  }
  // dataset.md: M 50, K 30, G 15, F 5 %, synchronous 30-40 %; four binomial standard errors of 4,000 draws.
  const std::array<double, 4> wanted{0.50, 0.30, 0.15, 0.05};
  for (std::size_t t = 0; t < 4; ++t) {
    EXPECT_NEAR(types[t], wanted[t], 4.0 * std::sqrt(wanted[t] * (1.0 - wanted[t]) / kSystems));
  }
  EXPECT_GT(synchronous, 0.30);
  EXPECT_LT(synchronous, 0.40);
}

TEST(DrawSystem, ObeysKeplerFluxAndMixture) {
  for (std::uint64_t i = 0; i < 500; ++i) {
    const planet::PlanetTruth t = drawSystem(kSeed, i);
    // Kepler in solar units: P^2 = a^3 / M; Earth's sidereal year is 365.256 d.
    const double years = t.orbit.periodDays / 365.2569;
    ASSERT_NEAR(years * years * t.star.massSun, std::pow(t.orbit.semiMajorAxisAu, 3.0),
                2e-5 * std::pow(t.orbit.semiMajorAxisAu, 3.0));
    ASSERT_NEAR(t.orbit.fluxWm2, 1361.0 * t.star.luminositySun / std::pow(t.orbit.semiMajorAxisAu, 2.0),
                1e-6 * t.orbit.fluxWm2);
    ASSERT_NEAR(std::accumulate(t.atmosphere.mixingRatio.begin(), t.atmosphere.mixingRatio.end(), 0.0), 1.0, 1e-12);
    for (const double ratio : t.atmosphere.mixingRatio) ASSERT_GE(ratio, 0.0);
    // The OLR fit holds for 1e-5 < pCO2 < 10 bar.
    ASSERT_GT(t.atmosphere.partialPressurePa(Gas::kCO2), 1.0);
    ASSERT_LT(t.atmosphere.partialPressurePa(Gas::kCO2), 1e6);
    ASSERT_GT(t.bulk.gravity, 4.0);
    ASSERT_LT(t.bulk.gravity, 25.0);
    if (t.bulk.synchronous) {
      ASSERT_EQ(t.bulk.rotationDays, t.orbit.periodDays);
      ASSERT_EQ(t.bulk.obliquityDeg, 0.0);
    }
  }
}

TEST(DrawSystem, SameSeedGivesTheSameSystemAndOthersDiffer) {
  std::set<std::string> keys;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const planet::PlanetTruth truth = drawSystem(kSeed, i);
    ASSERT_EQ(truth, drawSystem(kSeed, i));
    keys.insert(systemKey(truth));
  }
  EXPECT_EQ(keys.size(), 1000U);
  EXPECT_NE(systemKey(drawSystem(kSeed, 0)), systemKey(drawSystem(kSeed + 1, 0)));
}

TEST(SystemKey, IsTheSameForBothStarts) {
  planet::PlanetTruth truth = drawSystem(kSeed, 3);
  truth.start = planet::StartState::kWarm;
  const std::string warm = systemKey(truth);
  truth.start = planet::StartState::kCold;
  EXPECT_EQ(systemKey(truth), warm);
}

TEST(PlaceOf, PairsWarmAndColdStartsOfSystemsWithTwoClimatesAndNoOthers) {
  std::set<std::pair<std::uint64_t, planet::StartState>> seen;
  int twins = 0;
  for (std::uint64_t i = 0; i < 120; i += 2) {
    const PlanetPlace first = placeOf(kSeed, i);
    const PlanetPlace second = placeOf(kSeed, i + 1);
    for (const PlanetPlace& place : {first, second}) {
      ASSERT_TRUE(seen.insert({place.system, place.start}).second) << "planet " << i << " is another one again";
    }
    EXPECT_EQ(first.system, i);
    if (second.system != first.system) continue;
    ++twins;
    EXPECT_EQ(first.start, planet::StartState::kWarm);
    EXPECT_EQ(second.start, planet::StartState::kCold);
    EXPECT_FALSE(drawSystem(kSeed, i).bulk.synchronous);
  }
  EXPECT_GT(twins, 0);
  EXPECT_LT(twins, 30);
}

TEST(DrawSystem, PlanetsInsideTheLockingRadiusSpinAsTidesLeaveThem) {
  int resonant = 0;
  int airTide = 0;
  for (std::uint64_t i = 0; i < kSystems; ++i) {
    const planet::PlanetTruth t = drawSystem(kSeed, i);
    const double inside = lockingRadiusAu(t.star.massSun, t.star.ageGyr);
    if (t.orbit.semiMajorAxisAu >= inside) {
      ASSERT_FALSE(t.bulk.synchronous);
      continue;
    }
    ASSERT_EQ(t.bulk.obliquityDeg, 0.0);
    ASSERT_LE(t.bulk.rotationDays, t.orbit.periodDays);
    if (t.bulk.synchronous) continue;
    if (std::abs(1.5 * t.bulk.rotationDays / t.orbit.periodDays - 1.0) < 1e-12) {
      ++resonant;
      continue;
    }
    ++airTide;
    // Leconte et al. 2015: 0.5 to 0.7 solar masses at 1 bar; a solar day of a month at least.
    if (t.atmosphere.surfacePressurePa <= 1e5) {
      ASSERT_GE(t.star.massSun, 0.5);
    }
    ASSERT_GE(1.0 / (1.0 / t.bulk.rotationDays - 1.0 / t.orbit.periodDays), 30.0 - 1e-6);
  }
  EXPECT_GT(resonant, 100);
  EXPECT_GT(airTide, 100);
}

TEST(LockingRadius, IsThatOfKasting1993) {
  // Their figure 16: about 0.42 AU for one solar mass at 4.5 Gyr; the habitable zone of an M dwarf of 0.1 solar masses
  // (0.02-0.06 AU) lies wholly inside.
  EXPECT_NEAR(lockingRadiusAu(1.0, 4.5), 0.46, 0.05);
  EXPECT_GT(lockingRadiusAu(0.1, 4.5), 0.15);
}

TEST(MainSequence, AgreesWithKnownStars) {
  EXPECT_NEAR(mainSequence(5772.0).radiusSun, 1.0, 0.03);
  EXPECT_NEAR(mainSequence(2566.0).radiusSun, 0.119, 1e-9);  // TRAPPIST-1 (Agol et al. 2021)
  EXPECT_NEAR(mainSequence(5084.0).radiusSun, 0.74, 0.06);   // epsilon Eridani, interferometric
  EXPECT_THROW(mainSequence(2000.0), Error);
  EXPECT_THROW(mainSequence(9000.0), Error);
}

TEST(Observe, IsNoisyUnbiasedAndUsuallySilentAboutTheHidden) {
  const planet::PlanetTruth truth = drawSystem(kSeed, 8);
  int rotation = 0;
  int pressure = 0;
  double meanRadius = 0.0;
  double meanPressure = 0.0;
  constexpr int kDraws = 2000;
  for (int i = 0; i < kDraws; ++i) {
    Random random(kSeed, "scalars", static_cast<std::uint64_t>(i));
    const planet::Scalars s = observe(truth, 1.5e5, random);
    rotation += s[ScalarId::kRotationPeriod] ? 1 : 0;
    if (s[ScalarId::kSurfacePressure]) {
      ++pressure;
      meanPressure += s[ScalarId::kSurfacePressure]->value;
    }
    meanRadius += s[ScalarId::kPlanetRadius]->value / kDraws;
    if (s[ScalarId::kEccentricity]) {
      ASSERT_GE(s[ScalarId::kEccentricity]->value, 0.0);
    }
  }
  EXPECT_LT(rotation, kDraws / 10);
  EXPECT_LT(pressure, kDraws / 10);
  EXPECT_GT(rotation, 0);
  ASSERT_GT(pressure, 0);
  EXPECT_NEAR(meanPressure / pressure, 1.5e5, 4.0 * 0.3 * 1.5e5 / std::sqrt(pressure)) << "vapour included";
  EXPECT_NEAR(meanRadius, truth.bulk.radiusEarth, 4.0 * 0.04 * truth.bulk.radiusEarth / std::sqrt(kDraws));
}

TEST(Priors, EveryRowIsUsableAndUnknownOnesAreRefused) {
  Random random(1, "priors");
  for (const Prior& p : priors()) {
    EXPECT_FALSE(p.source.empty()) << p.name;
    for (int i = 0; i < 100; ++i) {
      const double value = draw(p.name, random);
      if (p.shape == Shape::kUniform || p.shape == Shape::kLogUniform) {
        ASSERT_GE(value, p.low) << p.name;
        ASSERT_LE(value, p.high) << p.name;
      }
      if (p.shape == Shape::kHalfNormal) {
        ASSERT_LE(value, p.high) << p.name;
      }
    }
  }
  EXPECT_THROW(prior("nonsense"), Error);
  double share = 0.0;
  for (const ScenarioPrior& s : scenarioPriors()) share += s.share;
  EXPECT_NEAR(share, 1.0, 1e-12);
}

TEST(Atmosphere, OfTheArcheanIsFreeOfHaze) {
  for (std::uint64_t i = 0; i < 2000; ++i) {
    Random random(kSeed, "air", i);
    const planet::Atmosphere air = drawAtmosphere(random);
    if (air.scenario != planet::RedoxScenario::kArchean) continue;
    ASSERT_LE(air.ratio(Gas::kCH4), 0.1 * air.ratio(Gas::kCO2));  // Arney et al. 2016
  }
}

}  // namespace
}  // namespace ecumene::data::physics::generator
