// SPDX-License-Identifier: Apache-2.0
// Files that leave something out: the ground under the air, a time, a pole, the place of the star. Truth: fields that
// are constant where there is air, and absurd elsewhere.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>

#include "cf_world.h"
#include "data/formats/registry.h"
#include "data/planet/cube.h"
#include "tests/support/import_text.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using planet::VariableId;
using test::CfFixture;
using test::evenly;
using test::read;
using test::refusal;
using test::says;

const planet::Field& field(const planet::Import& import, VariableId id) {
  const planet::Field* found = import.planet.climate->find(id);
  if (found == nullptr) throw std::runtime_error("the climate lacks " + std::string(planet::info(id).name));
  return *found;
}

constexpr double kAirK = 250.0, kNoAirK = 390.0, kGroundHpa = 600.0;

/// Pressure levels that go on below the ground, with values there that no air has.
CfFixture aboveHighGround() {
  CfFixture fixture;
  fixture.levels = {10.0, 100.0, 300.0, 500.0, 700.0, 850.0, 1000.0};
  fixture.levelAttributes = {{"units", "hPa"}};
  fixture.add("ta", "air_temperature", "K", true,
              [](double, double, double hpa, std::size_t) { return hpa < kGroundHpa ? kAirK : kNoAirK; });
  return fixture;
}

void expectAirOnly(const planet::Import& import) {
  for (const float value : field(import, VariableId::kAirTemperature).values) ASSERT_NEAR(value, kAirK, 1e-4);
}

TEST(CfGaps, LevelsBelowTheGroundAreNoAirWhereverTheGroundIsToldOf) {
  CfFixture same = aboveHighGround();
  same.add("ps", "surface_air_pressure", "Pa", false, CfFixture::constant(100.0 * kGroundHpa));
  expectAirOnly(read(same));

  CfFixture shifted = aboveHighGround();
  shifted.more = [](test::NetcdfBuilder& file) {
    const std::vector<double> columns = evenly(2.5, 5.0, 72);
    file.dimension("lon2", columns.size());
    file.put("lon2", {"lon2"}, {{"units", "degrees_east"}}, columns);
    file.put("ps", {"time", "lat", "lon2"}, {{"standard_name", "surface_air_pressure"}, {"units", "Pa"}},
             std::vector<double>(12 * 45 * 72, 100.0 * kGroundHpa));
  };
  expectAirOnly(read(shifted));

  expectAirOnly(read(aboveHighGround(), {{"surface_pressure", "60000"}}));
}

TEST(CfGaps, AMapWithoutATimeStandsForAllMonthsAndLeavesThemToTheOthers) {
  CfFixture fixture;
  const auto season = [](std::size_t step) { return 280.0 + static_cast<double>(step); };
  fixture.add("ts", "surface_temperature", "K", false,
              [&](double, double, double, std::size_t step) { return season(step); });
  fixture.variables.push_back(
      {"ps", "surface_air_pressure", "Pa", false, CfFixture::constant(9e4), "", {"lat", "lon"}});
  fixture.variables.push_back(
      {"ta", "air_temperature", "K", true, CfFixture::constant(250.0), "", {"lev", "lat", "lon"}});
  const planet::Import import = read(fixture);
  const std::vector<float>& ground = field(import, VariableId::kSurfaceTemperature).values;
  const std::size_t cells = ground.size() / planet::kMonths;
  for (std::size_t month = 0; month < planet::kMonths; ++month) {
    EXPECT_NEAR(ground[month * cells], season(month), 1e-4) << month;
    EXPECT_NEAR(field(import, VariableId::kSurfaceAirPressure).values[month * cells], 9e4, 1e-2) << month;
    EXPECT_NEAR(field(import, VariableId::kAirTemperature).values[month * cells * 10], 250.0, 1e-4) << month;
  }
  EXPECT_TRUE(says(import, "ps has no time"));
  EXPECT_TRUE(says(import, "ta has no time"));

  // Where nothing has a time it is still asked for.
  CfFixture still;
  still.time.clear();
  still.add("ts", "surface_temperature", "K", false, CfFixture::constant(280.0));
  EXPECT_NE(refusal(still).find("--set time=constant"), std::string::npos) << refusal(still);
}

TEST(CfGaps, RowsThatEndBeforeThePolesAreNoWholeGlobe) {
  CfFixture fixture;
  fixture.add("ts", "surface_temperature", "K", false, CfFixture::constant(280.0));
  fixture.latitude = evenly(-75.0, 10.0, 16);  // a row is left out at each pole
  EXPECT_NE(refusal(fixture).find("only whole planets"), std::string::npos) << refusal(fixture);
  fixture.latitude = evenly(-87.0, 6.0, 30);
  EXPECT_FALSE(says(read(fixture), "stand for the cap"));
  fixture.latitude = evenly(-88.0, 8.0, 23);
  EXPECT_FALSE(says(read(fixture), "stand for the cap"));
  // A quarter of a row short of the poles: read, and said.
  fixture.latitude = evenly(-84.0, 8.0, 22);
  const planet::Import import = read(fixture);
  EXPECT_TRUE(says(import, "the rows of ts end 2 degrees from a pole"));
  const auto& values = field(import, VariableId::kSurfaceTemperature).values;
  EXPECT_NEAR(values.front(), 280.0, 1e-4);
}

TEST(CfGaps, TheStarsPlaceTellsASynchronousPlanetWithoutPlanetJson) {
  CfFixture fixture;
  fixture.add("ts", "surface_temperature", "K", false, [](double, double longitude, double, std::size_t) {
    return 280.0 + 20.0 * std::cos(test::radians(longitude - 90.0));
  });
  const planet::Import import = read(fixture, {{"substellar_longitude", "90"}});
  const auto& values = field(import, VariableId::kSurfaceTemperature).values;
  EXPECT_NEAR(values[16 * 64 + 32], 300.0, 0.1);  // column 32 is 180 E
  EXPECT_NEAR(values[16 * 64], 260.0, 0.1);
  EXPECT_TRUE(import.planet.truth->bulk.synchronous);
  EXPECT_TRUE(says(import, "synchronous, as --set substellar_longitude implies"));
  // Without the option they stay, which is said with the option.
  const planet::Import plain = read(fixture);
  EXPECT_NEAR(field(plain, VariableId::kSurfaceTemperature).values[16 * 64 + 16], 300.0, 0.1);
  EXPECT_TRUE(says(plain, "--set substellar_longitude="));
}

TEST(CfGaps, TheStarsPlaceOfAPlanetThatTurnsIsRefused) {
  const test::TempFolder folder;
  CfFixture fixture;
  fixture.add("ts", "surface_temperature", "K", false, CfFixture::constant(280.0));
  fixture.write(folder / "world.nc");
  std::ofstream(folder / "planet.json") << R"({"name": "turning", "parameters": {"tidally_locked": false}})";
  const std::string message = test::refusalIn([&] {
    return formats::importFile(folder / "world.nc", {{{"substellar_longitude", "90"}}});
  });
  EXPECT_NE(message.find("not said to be synchronous"), std::string::npos) << message;
}

}  // namespace
