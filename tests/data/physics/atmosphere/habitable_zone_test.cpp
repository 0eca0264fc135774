// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/habitable_zone.h"

#include <gtest/gtest.h>

#include <array>
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
