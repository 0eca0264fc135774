// SPDX-License-Identifier: Apache-2.0
// Truth: the labels' definition applied to what the store gives back.
#include <gtest/gtest.h>

#include <cmath>

#include "data/physics/atmosphere/labels.h"
#include "data/physics/generator/generator.h"
#include "data/planet/kept_temperature.h"
#include "data/store/packing.h"
#include "data/store/store.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::store {
namespace {

using planet::VariableId;

TEST(KeptTemperature, IsTheNextMultipleAndSurvivesPackingWhateverTheRange) {
  EXPECT_EQ(planet::keptTemperatureK(273.15), 273.1484375F);  // 34963 / 128
  EXPECT_EQ(planet::keptTemperatureK(272.99609), 272.9921875F);
  // Halfway: the even multiple, whatever offset the rest of the field asks for.
  EXPECT_EQ(planet::keptTemperatureK(272.99609375), 273.0F);
  for (const float other : {250.0F, 250.0078125F, 301.3F}) {
    const std::vector<float> values{272.99609375F, other};
    EXPECT_EQ(unpack(*pack(VariableId::kSurfaceTemperature, values))[0], 273.0F) << other;
  }
}

TEST(KeptTemperature, LabelsOfTheStoredCubeAreTheStoredLabels) {
  const ecumene::test::TempFolder folder;
  Store store = Store::open(folder.path() / "store", Mode::kCreate);
  for (std::uint64_t index = 0; index < 12; ++index) {
    const planet::Planet made = physics::generator::generatePlanet(42, index);
    store.add(made);
    const planet::Planet kept = store.get(made.id);
    EXPECT_EQ(kept.climate->require(VariableId::kSurfaceTemperature).values,
              made.climate->require(VariableId::kSurfaceTemperature).values);
    physics::atmosphere::LabelContext context;
    context.synchronous = made.truth->bulk.synchronous;
    // The margin's other half is the solver's: the largest longwave that the planet can emit.
    context.runaway = made.climateFlags->runaway || *made.labels->runawayMarginWm2 < -0.3;
    context.oceanFraction = made.truth->surface.oceanFraction;
    context.soilMoistureM = made.truth->surface.soilMoistureM;
    const planet::ClimateLabels again = physics::atmosphere::computeLabels(*kept.climate, context);
    const planet::ClimateLabels& labels = *kept.labels;
    EXPECT_EQ(again.fHab, labels.fHab) << made.id;
    EXPECT_EQ(again.h050, labels.h050) << made.id;
    EXPECT_EQ(again.tMinK, labels.tMinK) << made.id;
    EXPECT_EQ(again.tMaxK, labels.tMaxK) << made.id;
    EXPECT_EQ(again.tMeanK, labels.tMeanK) << made.id;
    EXPECT_EQ(again.iceFraction, labels.iceFraction) << made.id;
    EXPECT_EQ(again.openFraction, labels.openFraction) << made.id;
    EXPECT_EQ(again.regime, labels.regime) << made.id;
  }
}

}  // namespace
}  // namespace ecumene::data::store
