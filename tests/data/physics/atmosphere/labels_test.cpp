// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/labels.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "data/base/error.h"
#include "data/base/random.h"
#include "data/physics/atmosphere/cube_builder.h"
#include "data/physics/atmosphere/escape.h"
#include "tests/data/physics/atmosphere/fixtures.h"

namespace ecumene::data::physics::atmosphere {
namespace {

const LabelContext kOcean{.oceanFraction = 0.7};

planet::ClimateLabels labelsOf(const Pattern& temperature, const LabelContext& context = kOcean) {
  return computeLabels(surfaceCube(temperature), context);
}
planet::ClimateLabels labelsOfUniform(double kelvin, const LabelContext& context = kOcean) {
  return labelsOf([&](double, double, std::size_t) { return kelvin; }, context);
}

TEST(Labels, BoundsAreInclusive) {
  const float below = std::nextafter(273.0F, 0.0F);
  const float above = std::nextafter(373.0F, 1000.0F);
  EXPECT_EQ(labelsOfUniform(273.0).fHab, 1.0);
  EXPECT_EQ(labelsOfUniform(373.0).fHab, 1.0);
  EXPECT_EQ(labelsOfUniform(static_cast<double>(below)).fHab, 0.0);
  EXPECT_EQ(labelsOfUniform(static_cast<double>(above)).fHab, 0.0);
  EXPECT_EQ(labelsOfUniform(273.15).h050, 1.0);
  EXPECT_EQ(labelsOfUniform(323.15).h050, 1.0);
  EXPECT_EQ(labelsOfUniform(273.1).h050, 0.0);
  EXPECT_EQ(labelsOfUniform(323.2).h050, 0.0);
}

TEST(Labels, OpenMeansWarmerThan263K15) {
  EXPECT_EQ(labelsOfUniform(263.15).openFraction, 0.0);
  EXPECT_EQ(labelsOfUniform(263.2).openFraction, 1.0);
  // The orbit's mean counts, not its months: eleven cold months and a warm one.
  const auto mostlyCold = [](double, double, std::size_t month) { return month == 0 ? 320.0 : 255.0; };
  EXPECT_EQ(labelsOf(mostlyCold).openFraction, 0.0);
  const auto barely = [](double, double, std::size_t month) { return month == 0 ? 360.0 : 255.0; };
  EXPECT_EQ(labelsOf(barely).openFraction, 1.0);
}

TEST(Labels, MeansExtremesAndIceHaveClosedForms) {
  const auto labels = labelsOf([](double lat, double, std::size_t) { return lat > 0.0 ? 300.0 : 268.15; });
  EXPECT_NEAR(labels.tMeanK, 284.075, 1e-5);
  EXPECT_NEAR(labels.tMinK, 268.15, 1e-5);
  EXPECT_EQ(labels.tMaxK, 300.0);
  EXPECT_NEAR(labels.fHab, 0.5, 1e-12);
  EXPECT_NEAR(labels.iceFraction, 0.5 * (1.0 - std::exp(-0.5)), 1e-6);
  // Mean of P2 over the sphere is zero: Gaussian weights integrate it exactly.
  EXPECT_NEAR(labelsOf([](double lat, double, std::size_t) { return 280.0 - 30.0 * p2(lat); }).tMeanK, 280.0, 1e-5);
}

TEST(Labels, MonthsAndLongitudesCountEqually) {
  // Three months of twelve, 16 longitudes of 64.
  const auto labels =
      labelsOf([](double, double lon, std::size_t month) { return month < 3 && lon < 90.0 ? 290.0 : 250.0; });
  EXPECT_NEAR(labels.fHab, 0.25 * 0.25, 1e-12);
  // The indicator comes before the average: the mean of 200 and 340 K is habitable, neither half of the year... is.
  const auto swinging = labelsOf([](double, double, std::size_t month) { return month % 2 == 0 ? 200.0 : 380.0; });
  EXPECT_EQ(swinging.fHab, 0.0);
}

TEST(Labels, EachRegimeHasItsPlanet) {
  const LabelContext locked{.synchronous = true, .oceanFraction = 0.7};
  const LabelContext runaway{.runaway = true, .oceanFraction = 0.7};
  const auto caps = [](double lat, double, std::size_t) { return std::abs(lat) > 60.0 ? 240.0 : 290.0; };
  const auto belt = [](double lat, double, std::size_t) { return std::abs(lat) < 25.0 ? 240.0 : 290.0; };
  const auto eye = [](double lat, double lon, std::size_t) { return substellarCosine(lat, lon) > 0.6 ? 290.0 : 220.0; };
  EXPECT_EQ(labelsOf(caps).regime, planet::Regime::kCaps);
  EXPECT_EQ(labelsOf(belt).regime, planet::Regime::kBelt);
  EXPECT_EQ(labelsOf(eye, locked).regime, planet::Regime::kEyeball);
  EXPECT_EQ(labelsOfUniform(230.0).regime, planet::Regime::kSnowball);
  EXPECT_EQ(labelsOfUniform(290.0).regime, planet::Regime::kIceFree);
  EXPECT_EQ(labelsOfUniform(350.0, runaway).regime, planet::Regime::kRunaway);
}

TEST(Labels, RegimesAreAskedInTheirOrder) {
  const LabelContext locked{.synchronous = true, .oceanFraction = 0.7};
  EXPECT_EQ(labelsOfUniform(230.0, locked).regime, planet::Regime::kSnowball);
  EXPECT_EQ(labelsOfUniform(290.0, locked).regime, planet::Regime::kIceFree);
  const auto belt = [](double lat, double, std::size_t) { return std::abs(lat) < 25.0 ? 240.0 : 290.0; };
  EXPECT_EQ(labelsOf(belt, locked).regime, planet::Regime::kEyeball);
  const LabelContext frozenRunaway{.synchronous = true, .runaway = true, .oceanFraction = 0.7};
  EXPECT_EQ(labelsOfUniform(230.0, frozenRunaway).regime, planet::Regime::kRunaway);
  // As open in the tropics as elsewhere is no belt: half of the longitudes, everywhere.
  const auto stripes = [](double, double lon, std::size_t) { return lon < 180.0 ? 290.0 : 240.0; };
  EXPECT_EQ(labelsOf(stripes).regime, planet::Regime::kCaps);
}

TEST(Labels, SnowballAndIceFreeLeaveOnePerCent) {
  // The outermost row is 0.35 % of the area, the two outermost 1.2 %.
  const auto polar = [](double edge, double inside, double outside) {
    return labelsOf([=](double lat, double, std::size_t) { return lat > edge ? inside : outside; });
  };
  EXPECT_NEAR(polar(85.0, 290.0, 240.0).openFraction, 0.0035, 0.0001);
  EXPECT_EQ(polar(85.0, 290.0, 240.0).regime, planet::Regime::kSnowball);
  EXPECT_EQ(polar(79.0, 290.0, 240.0).regime, planet::Regime::kBelt);
  EXPECT_EQ(polar(85.0, 240.0, 290.0).regime, planet::Regime::kIceFree);
  EXPECT_EQ(polar(79.0, 240.0, 290.0).regime, planet::Regime::kCaps);
}

TEST(Labels, RunawayIsTheSolversWordOrHeatOrExcessFlux) {
  EXPECT_EQ(labelsOfUniform(399.9).regime, planet::Regime::kIceFree);
  EXPECT_EQ(labelsOfUniform(400.0).regime, planet::Regime::kRunaway);
  const auto labels = labelsOfUniform(350.0, {.runaway = true, .oceanFraction = 1.0});
  EXPECT_EQ(labels.fHab, 0.0);
  EXPECT_EQ(labels.h050, 0.0);
  EXPECT_FALSE(labels.habitable);
  EXPECT_EQ(labels.tMeanK, 350.0);

  planet::ClimateCube cube = surfaceCube([](double, double, std::size_t) { return 330.0; });
  const auto withAbsorbed = [&](double wm2) {
    cube.fields.resize(1);
    cube.fields.push_back({planet::VariableId::kToaNetShortwave,
                           std::vector<float>(cube.fields[0].values.size(), static_cast<float>(wm2))});
    return computeLabels(cube, {.oceanFraction = 0.7, .largestOlrWm2 = 300.0});
  };
  EXPECT_NEAR(*withAbsorbed(280.0).runawayMarginWm2, 20.0, 1e-9);
  EXPECT_EQ(withAbsorbed(300.25).regime, planet::Regime::kIceFree);
  EXPECT_EQ(withAbsorbed(300.5).regime, planet::Regime::kRunaway);
  EXPECT_NEAR(*withAbsorbed(310.0).runawayMarginWm2, -10.0, 1e-9);
  EXPECT_FALSE(computeLabels(cube, kOcean).runawayMarginWm2.has_value());
}

TEST(Labels, HabitableNeedsWaterAndOnePerCent) {
  EXPECT_TRUE(labelsOfUniform(290.0).habitable);
  EXPECT_FALSE(labelsOfUniform(290.0, {}).habitable);
  EXPECT_TRUE(labelsOfUniform(290.0, {.soilMoistureM = 0.01}).habitable);
  // One month on 8 of 64 longitudes: 1/96 > 0.01; on 7: 7/768 < 0.01.
  const auto share = [](double longitudes) {
    return labelsOf(
        [=](double, double lon, std::size_t month) { return month == 4 && lon < 5.625 * longitudes ? 280.0 : 250.0; });
  };
  EXPECT_TRUE(share(8.0).habitable);
  EXPECT_FALSE(share(7.0).habitable);
}

TEST(Labels, AgreeWithASlowIndependentReference) {
  Random random(20260611, "labels_test", 0);
  planet::ClimateCube cube = surfaceCube([&](double, double, std::size_t) { return random.uniform(200.0, 400.0); });
  const auto labels = computeLabels(cube, kOcean);
  // Area of a latitude row from the definition of the weights: integral of its Lagrange polynomial is what Gaussian
  // weights are; here the sums are run cell by cell in long double, in another order, with counts kept apart.
  long double area = 0, hab = 0, complex = 0, ice = 0, temperature = 0, open = 0;
  for (std::size_t lon = 64; lon-- > 0;) {
    for (std::size_t lat = 32; lat-- > 0;) {
      const long double w = cube.grid.latitudeWeight[lat];
      long double orbit = 0;
      for (std::size_t month = 12; month-- > 0;) {
        const double t = static_cast<double>(cube.fields[0].values[month * 2048 + lat * 64 + lon]);
        area += w;
        temperature += w * t;
        orbit += t / 12.0L;
        if (!(t < 273.0) && !(t > 373.0)) hab += w;
        if (!(t < 273.15) && !(t > 323.15)) complex += w;
        ice += w * (t > 273.15 ? 0.0L : t < 263.15 ? 1.0L : 1.0L - std::exp((t - 273.15L) / 10.0L));
      }
      if (orbit > 263.15L) open += 12.0L * w;
    }
  }
  EXPECT_NEAR(labels.fHab, static_cast<double>(hab / area), 1e-12);
  EXPECT_NEAR(labels.h050, static_cast<double>(complex / area), 1e-12);
  EXPECT_NEAR(labels.iceFraction, static_cast<double>(ice / area), 1e-9);
  EXPECT_NEAR(labels.tMeanK, static_cast<double>(temperature / area), 1e-9);
  EXPECT_NEAR(labels.openFraction, static_cast<double>(open / area), 1e-12);
}

TEST(Labels, StratosphericWaterNeedsAProfileAirAndWater) {
  planet::PlanetTruth truth = earthTruth();
  // Dry air of one bar at the ground, as in science.md 2.7: vapour has 17 hPa there and weighs 2.
  truth.atmosphere.surfacePressurePa = 1.015e5;
  const planet::ClimateCube cube = buildCube(makeClimate([](double, double, std::size_t) { return 288.0; }), truth);
  const auto labels = computeLabels(cube, {.oceanFraction = 0.7, .atmosphere = truth.atmosphere});
  ASSERT_TRUE(labels.stratosphericH2O.has_value());
  EXPECT_NEAR(*labels.stratosphericH2O, 8.1e-6, 0.3e-6);  // science.md 2.7
  EXPECT_NEAR(*labels.oceanLossGyr, 3.9 * 3e-3 / *labels.stratosphericH2O, 0.02 * *labels.oceanLossGyr);
  // Methane and hydrogen of the air carry hydrogen up too: science.md 1.4, f_H = 2 f(H2O) + 4 f(CH4) + 2 f(H2).
  planet::Atmosphere reducing = truth.atmosphere;
  reducing.ratio(planet::Gas::kCH4) = 1e-3;
  reducing.ratio(planet::Gas::kH2) = 2e-3;
  reducing.ratio(planet::Gas::kN2) -= 3e-3;
  const auto fast = computeLabels(cube, {.oceanFraction = 0.7, .atmosphere = reducing});
  EXPECT_NEAR(*fast.oceanLossGyr, 3.9 * 3e-3 / (*fast.stratosphericH2O + 4e-3), 0.02 * *fast.oceanLossGyr);
  EXPECT_FALSE(computeLabels(cube, kOcean).stratosphericH2O.has_value());
  EXPECT_FALSE(computeLabels(cube, {.atmosphere = truth.atmosphere}).stratosphericH2O.has_value());
  EXPECT_FALSE(computeLabels(surfaceCube([](double, double, std::size_t) { return 288.0; }),
                             {.oceanFraction = 0.7, .atmosphere = truth.atmosphere})
                   .stratosphericH2O.has_value());
}

TEST(Labels, AColdTrapAboveTheLevelsIsLabelledOnlyWhereItIsKnown) {
  // At 340 K the air has not cooled to 200 K at the topmost level, sigma 0.04 (science.md 2.7: 1.4 hPa).
  const planet::PlanetTruth truth = earthTruth();
  const planet::ClimateCube cube = buildCube(makeClimate([](double, double, std::size_t) { return 340.0; }), truth);
  const auto known =
      computeLabels(cube, {.oceanFraction = 0.7, .atmosphere = truth.atmosphere, .stratosphereAbove = true});
  EXPECT_GT(known.stratosphericH2O.value(), 5e-4);
  const auto other = computeLabels(cube, {.oceanFraction = 0.7, .atmosphere = truth.atmosphere});
  EXPECT_FALSE(other.stratosphericH2O.has_value());
  EXPECT_FALSE(other.oceanLossGyr.has_value());
}

TEST(Labels, EpochsAreLabelledOneByOne) {
  planet::ClimateCube cube = surfaceCube([](double, double, std::size_t) { return 290.0; });
  cube.grid.epochGyr = {1.0, 2.0};
  auto& ts = cube.fields[0].values;
  ts.resize(2 * ts.size(), 230.0F);
  EXPECT_EQ(computeLabels(cube, kOcean).fHab, 1.0);
  EXPECT_EQ(computeLabels(cube, {.oceanFraction = 0.7, .epoch = 1}).fHab, 0.0);
  EXPECT_THROW(computeLabels(cube, {.epoch = 2}), Error);
}

TEST(Labels, RefuseACubeWithoutSurfaceTemperature) {
  planet::ClimateCube cube;
  cube.grid = planet::canonicalGrid();
  EXPECT_THROW(computeLabels(cube, kOcean), Error);
  cube.fields.push_back({planet::VariableId::kSurfaceTemperature, std::vector<float>(7, 280.0F)});
  EXPECT_THROW(computeLabels(cube, kOcean), Error);
}

}  // namespace
}  // namespace ecumene::data::physics::atmosphere
