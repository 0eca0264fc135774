// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/habitable_zone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "data/base/error.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::atmosphere {
namespace {

constexpr std::array<double, 5> kTemperatures{2600.0, 3042.0, 3800.0, 5780.0, 7200.0};

struct FluxRow {
  HzFamily family;
  HzLimit limit;
  std::array<double, 5> expected;
};

// science.md 1.3, "Test values".
constexpr std::array<FluxRow, 7> kFluxes{{
    {HzFamily::k2014, HzLimit::kRecentVenus, {1.4645, 1.4804, 1.5082, 1.776, 2.0797}},
    {HzFamily::k2014, HzLimit::kRunawayGreenhouse, {0.9129, 0.9228, 0.9400, 1.107, 1.2964}},
    {HzFamily::k2014, HzLimit::kMaximumGreenhouse, {0.2228, 0.2341, 0.2567, 0.356, 0.4356}},
    {HzFamily::k2014, HzLimit::kEarlyMars, {0.2002, 0.2104, 0.2308, 0.320, 0.3916}},
    {HzFamily::k2014, HzLimit::kRunaway5Earth, {0.9802, 0.9906, 1.0088, 1.188, 1.3918}},
    {HzFamily::k2014, HzLimit::kRunaway01Earth, {0.8109, 0.8202, 0.8369, 0.99, 1.1618}},
    {HzFamily::k2013, HzLimit::kMoistGreenhouse, {0.8443, 0.8561, 0.8834, 1.0146, 1.1195}},
}};

std::string label(HzFamily family, HzLimit limit) {
  return std::string(family == HzFamily::k2013 ? "2013 " : "2014 ") + std::string(name(limit));
}

TEST(HabitableZone, GivesTheTabulatedFluxesAndDistances) {
  test::NumberTable table("atmosphere");
  for (const FluxRow& row : kFluxes) {
    for (std::size_t i = 0; i < kTemperatures.size(); ++i) {
      table.add({"1.3", "[C]", "S_eff " + label(row.family, row.limit) + fmt::format(", {} K", kTemperatures[i]),
                 row.expected[i], effectiveFlux(row.family, row.limit, kTemperatures[i]), 5.5e-5});
    }
  }
  const auto distance = [&](HzFamily family, HzLimit limit, double expected, double tolerance, std::string tag,
                            std::string differs = {}) {
    table.add({"1.3", std::move(tag), "distance " + label(family, limit) + " of the Sun, AU", expected,
               limitDistanceAu(family, limit, 5780.0, 1.0), tolerance, std::move(differs)});
  };
  distance(HzFamily::k2014, HzLimit::kRecentVenus, 0.7504, 5.5e-5, "[C]");
  distance(HzFamily::k2014, HzLimit::kRunawayGreenhouse, 0.9504, 5.5e-5, "[C]");
  distance(HzFamily::k2014, HzLimit::kMaximumGreenhouse, 1.6760, 5.5e-5, "[C]");
  distance(HzFamily::k2014, HzLimit::kEarlyMars, 1.7678, 5.5e-5, "[C]");
  distance(HzFamily::k2013, HzLimit::kRunawayGreenhouse, 0.9813, 5.5e-5, "[C]");
  distance(HzFamily::k2013, HzLimit::kMoistGreenhouse, 0.9928, 5.5e-5, "[C]");
  distance(HzFamily::k2013, HzLimit::kMaximumGreenhouse, 1.6886, 5.5e-5, "[C]");
  distance(HzFamily::k2013, HzLimit::kMoistGreenhouse, 0.99, 0.005, "[V] erratum");
  distance(HzFamily::k2013, HzLimit::kMaximumGreenhouse, 1.70, 0.005, "[V] erratum",
           "the paper's rounded 1.70 is not what its own erratum coefficients give");
  distance(HzFamily::k2013, HzLimit::kMaximumGreenhouse, 1.67, 0.005, "[M] first abstract",
           "the abstract before the erratum");
  table.finish();
}

// Every coefficient of science.md 1.3: S_sun is the limit at 5780 K, and all five are held by the largest difference to
// the published polynomial over its range.
TEST(HabitableZone, HasThePublishedCoefficients) {
  struct Row {
    HzFamily family;
    HzLimit limit;
    double sun, a, b, c, d;
  };
  constexpr auto kPublished = std::to_array<Row>({
      {HzFamily::k2014, HzLimit::kRecentVenus, 1.776, 2.136e-4, 2.533e-8, -1.332e-11, -3.097e-15},
      {HzFamily::k2014, HzLimit::kRunawayGreenhouse, 1.107, 1.332e-4, 1.580e-8, -8.308e-12, -1.931e-15},
      {HzFamily::k2014, HzLimit::kMaximumGreenhouse, 0.356, 6.171e-5, 1.698e-9, -3.198e-12, -5.575e-16},
      {HzFamily::k2014, HzLimit::kEarlyMars, 0.320, 5.547e-5, 1.526e-9, -2.874e-12, -5.011e-16},
      {HzFamily::k2014, HzLimit::kRunaway5Earth, 1.188, 1.433e-4, 1.707e-8, -8.968e-12, -2.084e-15},
      {HzFamily::k2014, HzLimit::kRunaway01Earth, 0.99, 1.209e-4, 1.404e-8, -7.418e-12, -1.713e-15},
      {HzFamily::k2013, HzLimit::kRecentVenus, 1.7763, 1.4335e-4, 3.3954e-9, -7.6364e-12, -1.1950e-15},
      {HzFamily::k2013, HzLimit::kRunawayGreenhouse, 1.0385, 1.2456e-4, 1.4612e-8, -7.6345e-12, -1.7511e-15},
      {HzFamily::k2013, HzLimit::kMoistGreenhouse, 1.0146, 8.1884e-5, 1.9394e-9, -4.3618e-12, -6.8260e-16},
      {HzFamily::k2013, HzLimit::kMaximumGreenhouse, 0.3507, 5.9578e-5, 1.6707e-9, -3.0058e-12, -5.1925e-16},
      {HzFamily::k2013, HzLimit::kEarlyMars, 0.3207, 5.4471e-5, 1.5275e-9, -2.1709e-12, -3.8282e-16},
  });
  test::NumberTable table("atmosphere");
  for (const Row& row : kPublished) {
    double worst = 0.0;
    for (double t = 2600.0; t <= 7200.0; t += 200.0) {
      const double x = t - 5780.0;
      const double published = row.sun + row.a * x + row.b * x * x + row.c * x * x * x + row.d * x * x * x * x;
      worst = std::max(worst, std::abs(effectiveFlux(row.family, row.limit, t) - published));
    }
    const std::string who = label(row.family, row.limit);
    table.add({"1.3", "[V] Kopparapu", "S_sun " + who, row.sun, effectiveFlux(row.family, row.limit, 5780.0), 0.0});
    table.add({"1.3", "[V] Kopparapu",
               who + fmt::format(", a {:g} b {:g} c {:g} d {:g}: largest difference", row.a, row.b, row.c, row.d), 0.0,
               worst, 1e-12});
    table.addContext("1.3", "[V] Kopparapu", "distance " + who + " of the Sun, AU", std::sqrt(1.0 / row.sun),
                     limitDistanceAu(row.family, row.limit, 5780.0, 1.0),
                     "1/sqrt(S_sun); compared above where printed");
  }
  const auto runaway = [](double t) { return effectiveFlux(HzFamily::k2013, HzLimit::kRunawayGreenhouse, t); };
  const std::string trap = "a number in circulation that is not to be used";
  table.addContext("1.3", "[V] trap", "S_sun of the 2013 runaway before the erratum", 1.0512, runaway(5780.0), trap);
  table.addContext("1.3", "[V] trap", "a of the 2013 runaway before the erratum", 1.3242e-4,
                   0.5 * (runaway(5781.0) - runaway(5779.0)), trap);
  table.addContext("1.3", "[V] trap", "d of the 5-Earth-mass runaway in one port", -2.048e-15, -2.084e-15, trap);
  table.finish();
}

TEST(HabitableZone, DistanceGoesWithTheRootOfLuminosity) {
  const double sun = limitDistanceAu(HzFamily::k2014, HzLimit::kRunawayGreenhouse, 3000.0, 1.0);
  const double dim = limitDistanceAu(HzFamily::k2014, HzLimit::kRunawayGreenhouse, 3000.0, 0.01);
  EXPECT_NEAR(dim, 0.1 * sun, 1e-12);
}

TEST(HabitableZone, LimitsKeepTheirOrderForEveryStar) {
  for (double t = 2600.0; t <= 7200.0; t += 50.0) {
    const auto flux = [&](HzLimit limit) { return effectiveFlux(HzFamily::k2014, limit, t); };
    EXPECT_GT(flux(HzLimit::kRecentVenus), flux(HzLimit::kRunaway5Earth)) << t;
    EXPECT_GT(flux(HzLimit::kRunaway5Earth), flux(HzLimit::kRunawayGreenhouse)) << t;
    EXPECT_GT(flux(HzLimit::kRunawayGreenhouse), flux(HzLimit::kRunaway01Earth)) << t;
    EXPECT_GT(flux(HzLimit::kRunaway01Earth), flux(HzLimit::kMaximumGreenhouse)) << t;
    EXPECT_GT(flux(HzLimit::kMaximumGreenhouse), flux(HzLimit::kEarlyMars)) << t;
  }
}

TEST(HabitableZone, PlacesKnownPlanets) {
  // Fluxes of Earth's: Venus 1.91, Mars 0.43 (1/a^2); TRAPPIST-1d to g 1.12, 0.646, 0.373, 0.252 (Agol et al. 2021).
  const auto at = [](double flux, double star) { return hzMembership(flux, star); };
  EXPECT_TRUE(at(1.0, 5780.0).inside);
  EXPECT_FALSE(at(1.91, 5780.0).optimistic);
  EXPECT_TRUE(at(0.43, 5780.0).inside);
  EXPECT_FALSE(at(1.12, 2600.0).inside);
  EXPECT_TRUE(at(1.12, 2600.0).optimistic);
  for (const double flux : {0.646, 0.373, 0.252}) EXPECT_TRUE(at(flux, 2600.0).inside) << flux;
  EXPECT_FALSE(at(0.21, 2600.0).inside);
  EXPECT_TRUE(at(0.21, 2600.0).optimistic);
  const HzMembership sun = at(1.0, 5780.0);  // science.md 1.3
  EXPECT_DOUBLE_EQ(sun.recentVenus, 1.776);
  EXPECT_DOUBLE_EQ(sun.runaway, 1.107);
  EXPECT_DOUBLE_EQ(sun.maximum, 0.356);
  EXPECT_DOUBLE_EQ(sun.earlyMars, 0.320);
  EXPECT_THROW(at(0.0, 5780.0), Error);
  EXPECT_THROW(at(1.0, 2566.0), Error);
}

TEST(HabitableZone, RefusesStarsAndLimitsOutsideTheFit) {
  EXPECT_NO_THROW(effectiveFlux(HzFamily::k2014, HzLimit::kEarlyMars, 2600.0));
  EXPECT_NO_THROW(effectiveFlux(HzFamily::k2014, HzLimit::kEarlyMars, 7200.0));
  for (const double t : {2599.9, 7200.1, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW(effectiveFlux(HzFamily::k2014, HzLimit::kEarlyMars, t), Error) << t;
  }
  EXPECT_THROW(effectiveFlux(HzFamily::k2014, HzLimit::kMoistGreenhouse, 5780.0), Error);
  EXPECT_THROW(effectiveFlux(HzFamily::k2013, HzLimit::kRunaway5Earth, 5780.0), Error);
  // A logarithm handed in for a luminosity is the common mistake.
  EXPECT_THROW(limitDistanceAu(HzFamily::k2014, HzLimit::kEarlyMars, 3000.0, -2.5), Error);
  EXPECT_THROW(limitDistanceAu(HzFamily::k2014, HzLimit::kEarlyMars, 3000.0, 0.0), Error);
}

}  // namespace
}  // namespace ecumene::data::physics::atmosphere
