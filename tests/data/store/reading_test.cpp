// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>

#include "data/base/error.h"
#include "data/store/store.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::store {
namespace {

using planet::Planet;
using planet::VariableId;
using test::samplePlanet;
using test::smallParts;

TEST(CubeReader, GivesWhatGetGives) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  Planet hot = samplePlanet(3, smallParts());
  hot.climate->fields[8].values[0] = 15000.0F;  // Beyond int16: this variable stays float32.
  Planet few = samplePlanet(4, smallParts());
  few.climate->fields.erase(few.climate->fields.begin());
  for (const Planet& planet : {samplePlanet(1), hot, few}) store.add(planet);
  CubeReader reader;
  const std::vector<CubeIndex> cubes = store.cubes();
  ASSERT_EQ(cubes.size(), 3U);
  EXPECT_EQ(cubes[0].count(), 4U * 245760U + 6U * 24576U);
  for (const CubeIndex& cube : cubes) {
    std::vector<float> flat(cube.count());
    reader.read(cube, flat);
    std::vector<float> expected;
    const Planet planet = store.get(cube.id);
    for (const planet::Field& field : planet.climate->fields) {
      expected.insert(expected.end(), field.values.begin(), field.values.end());
    }
    EXPECT_EQ(flat, expected) << cube.id;
  }
  EXPECT_FALSE(cubes[1].variables[8]->packed);
  EXPECT_EQ(store.getVariable("s3", VariableId::kToaNetShortwave)[0], 15000.0F);
}

TEST(Packing, KeepsTheEnergyBalanceOfAPlanet) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  const auto balance = [](const planet::ClimateCube& cube) {
    return statistics(cube, cube.require(VariableId::kToaNetShortwave)).areaWeightedMean -
           statistics(cube, cube.require(VariableId::kToaOutgoingLongwave)).areaWeightedMean;
  };
  // Fields where every value is rounded to the same side: the worst case for a mean.
  Planet worst = samplePlanet(2, smallParts());
  for (float& value : worst.climate->fields[8].values) value = 200.0F + 0.0078F;
  for (float& value : worst.climate->fields[9].values) value = 200.0F - 0.0078F;
  worst.climate->fields[8].values[0] = 300.0F;
  worst.climate->fields[9].values[0] = 300.0F;
  for (const Planet& planet : {samplePlanet(1), worst}) {
    store.add(planet);
    EXPECT_LT(std::abs(balance(*store.get(planet.id).climate) - balance(*planet.climate)), 0.01) << planet.id;
  }
}

/// Plain two-pass mean and deviation over every value of the train planets, in double.
TEST(Statistics, EqualAPlainCalculation) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  for (std::uint64_t i = 0; i < 16; ++i) store.add(samplePlanet(i, smallParts()), i == 0);
  EXPECT_FALSE(store.statistics());
  const Statistics got = store.computeStatistics({}, 3);
  EXPECT_EQ(store.statistics(), got);
  EXPECT_EQ(store.computeStatistics({}, 1), got);

  Filter filter;
  filter.split = planet::Split::kTrain;
  filter.leaveOutExcluded = true;
  std::vector<Planet> train;
  for (const Row& row : store.list(filter)) train.push_back(store.get(row.id));
  ASSERT_GT(train.size(), 3U);
  EXPECT_EQ(got.planets, train.size());
  for (const VariableId id : {VariableId::kAirTemperature, VariableId::kSpecificHumidity,
                              VariableId::kSurfaceAirPressure, VariableId::kToaNetShortwave}) {
    double weight = 0.0;
    double sum = 0.0;
    double squares = 0.0;
    for (const bool second : {false, true}) {
      const double mean = second ? sum / weight : 0.0;
      for (const Planet& planet : train) {
        const planet::Grid& grid = planet.climate->grid;
        const planet::Field& field = planet.climate->require(id);
        const std::size_t row = field.values.size() / (planet::kMonths * grid.latitudeDeg.size());
        for (std::size_t i = 0; i < field.values.size(); ++i) {
          double value = static_cast<double>(field.values[i]);
          if (id == VariableId::kSpecificHumidity) value = std::log10(std::max(value, 1e-8));
          if (id == VariableId::kSurfaceAirPressure) value = std::log10(value);
          const double w = grid.latitudeWeight[(i / row) % grid.latitudeDeg.size()];
          if (second) {
            squares += w * (value - mean) * (value - mean);
          } else {
            weight += w;
            sum += w * value;
          }
        }
      }
    }
    const Moments& moments = got.variables.at(static_cast<std::size_t>(id));
    EXPECT_NEAR(moments.mean, sum / weight, 1e-10 * std::abs(sum / weight)) << info(id).name;
    EXPECT_NEAR(moments.deviation, std::sqrt(squares / weight), 1e-9 * std::sqrt(squares / weight)) << info(id).name;
  }
  // A scalar that is only known as a limit has no statistics.
  EXPECT_EQ(got.scalars.at(static_cast<std::size_t>(planet::ScalarId::kObliquity)).count, 0U);
  EXPECT_EQ(got.scalars.at(static_cast<std::size_t>(planet::ScalarId::kStellarFlux)).count, train.size());
  double logarithms = 0.0;
  for (const Planet& p : train) logarithms += std::log10(p.scalars[planet::ScalarId::kStellarFlux]->value);
  EXPECT_NEAR(got.scalars[0].mean, logarithms / static_cast<double>(train.size()), 1e-12);
  // Errors are 2e-5 (1 + u), bins of the sample's 40 points are 25 model bins wide: sigma times sqrt(25).
  EXPECT_NEAR(got.referenceSigma, 5.0 * 3e-5, 1e-5);
}

TEST(ModelValue, OfScalarsIsALogarithmWhereTheyCannotBeNegative) {
  EXPECT_EQ(modelValue(planet::ScalarId::kOrbitalPeriod, 100.0), 2.0);
  EXPECT_EQ(modelValue(planet::ScalarId::kSurfacePressure, 0.0), -3.0);
  EXPECT_EQ(modelValue(planet::ScalarId::kEccentricity, 0.0), 0.0);
  EXPECT_EQ(modelValue(planet::ScalarId::kObliquity, 23.0), 23.0);
}

TEST(Statistics, AreForgottenWhenTheSetChanges) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  store.add(samplePlanet(1, smallParts()));
  const auto changes = [&](const std::function<void()>& change) {
    (void)store.computeStatistics();
    EXPECT_TRUE(store.statistics());
    change();
    EXPECT_FALSE(store.statistics());
  };
  changes([&] { store.add(samplePlanet(2, smallParts())); });
  changes([&] { store.remove("s1"); });
}

TEST(Statistics, OfAnEmptySetAreNeutral) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  const Statistics got = store.computeStatistics();
  EXPECT_EQ(got.variables[0], Moments{});
  EXPECT_EQ(got.referenceSigma, 0.0);
}

}  // namespace
}  // namespace ecumene::data::store
