// SPDX-License-Identifier: Apache-2.0
// Truth: tests/oracles/climate.py (netCDF4 and numpy), the producers' reference_values.json, and small files made here.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/registry.h"
#include "data/planet/stated.h"
#include "exoplasim_fixture.h"
#include "shared_data.h"
#include "tests/support/import_text.h"
#include "tests/support/reference.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using nlohmann::json;
using planet::ScalarId;
using planet::VariableId;
using test::ExoplasimFixture;
using test::replaced;

double share(const planet::ClimateCube& cube, double low, double high) {
  const planet::Field& ts = cube.require(VariableId::kSurfaceTemperature);
  double sum = 0.0;
  for (std::size_t i = 0; i < ts.values.size(); ++i) {
    const double value = static_cast<double>(ts.values[i]);
    if (value >= low && value <= high) sum += cube.grid.cellWeight(i / 64 % 32);
  }
  return sum / 12.0;
}

void expectNear(double got, double expected, const std::string& what) {
  EXPECT_NEAR(got, expected, 1e-3 * std::max(std::abs(expected), 1e-6)) << what;
}

/// Every variable, f_hab and one single value of a file against what numpy gave.
void expectAgreement(const std::filesystem::path& file, const json& expected) {
  const planet::Import import = formats::importFile(file, {});
  const planet::ClimateCube& cube = *import.planet.climate;
  ASSERT_EQ(cube.fields.size(), 10U);
  for (const planet::Field& field : cube.fields) {
    const std::string name(planet::info(field.id).name);
    const json& truth = expected["variables"][name];
    const planet::FieldStatistics got = planet::statistics(cube, field);
    expectNear(got.minimum, truth["min"], name + " min");
    expectNear(got.maximum, truth["max"], name + " max");
    // The mean of a wind is a small difference of large numbers: float32 leaves 1e-6 of its range.
    const double mean = truth["mean"].get<double>();
    EXPECT_NEAR(got.areaWeightedMean, mean, 1e-3 * std::abs(mean) + 1e-6 * (got.maximum - got.minimum)) << name;
    const std::size_t levels = planet::info(field.id).onLevels ? 10 : 1;
    const std::size_t probe = (((3 * 32 + 1) * 64) + 5) * levels + (levels > 1 ? 2 : 0);
    expectNear(static_cast<double>(field.values[probe]), truth["probe"], name + " month 3, second row, column 5");
  }
  EXPECT_NEAR(share(cube, 273.0, 373.0), expected["f_hab"].get<double>(), 1e-3);
  EXPECT_NEAR(share(cube, 273.15, 323.15), expected["h050"].get<double>(), 1e-3);
  EXPECT_NEAR(import.planet.truth->surface.oceanFraction, 1.0 - expected["land"].get<double>(), 1e-3);
}

TEST(Exoplasim, OutsidePlanetsAgreeWithNumpyInMeansExtremesAndHabitability) {
  ECUMENE_NEEDS_SHARED(shared);
  const json reference = test::reference("climate.json");
  ASSERT_EQ(reference.size(), 19U);
  for (const auto& [path, expected] : reference.items()) {
    SCOPED_TRACE(path);
    expectAgreement(*shared / path, expected);
  }
}

TEST(Exoplasim, EmbeddedPlanetsAgreeWithNumpyInMeansExtremesAndHabitability) {
  const json reference = test::reference("climate.json");
  for (const char* name : {"exoplasim/earth_control", "exoplasim/slow_desert_thin", "exoplasim_thousandworlds/tw307",
                           "exoplasim_thousandworlds/tw612"}) {
    SCOPED_TRACE(name);
    const std::filesystem::path folder = std::filesystem::path(name).filename();
    expectAgreement("resources/demo" / folder / "MOST.00001.nc",
                    reference.at("climate/" + std::string(name) + "/MOST.00001.nc"));
  }
}

TEST(Exoplasim, ExtremesAgreeWithTheProducersOwnReferenceValues) {
  ECUMENE_NEEDS_SHARED(shared);
  for (const char* name : {"earth_control", "mdwarf_locked_aqua", "superearth_dense"}) {
    SCOPED_TRACE(name);
    const std::filesystem::path folder = *shared / "climate/exoplasim" / name;
    const json reference = json::parse(readFile(folder / "reference_values.json"));
    const planet::Import import = formats::importFile(folder / "MOST.00001.nc", {});
    for (const planet::Field& field : import.planet.climate->fields) {
      const std::string symbol(planet::info(field.id).symbol);
      const planet::FieldStatistics got = planet::statistics(*import.planet.climate, field);
      const double factor = symbol == "ps" ? 100.0 : 1.0;
      const bool negated = symbol == "rlut";
      const double low = reference[symbol][negated ? "max" : "min"].get<double>() * (negated ? -1.0 : factor);
      const double high = reference[symbol][negated ? "min" : "max"].get<double>() * (negated ? -1.0 : factor);
      expectNear(got.minimum, low, symbol);
      expectNear(got.maximum, high, symbol);
    }
  }
}

/// A folder with a fixture file and its sidecar.
struct Made {
  test::TempFolder folder;
  std::filesystem::path file = folder / "MOST.00001.nc";

  explicit Made(const ExoplasimFixture& fixture = {},
                const std::string& parameters = ExoplasimFixture::plainParameters()) {
    fixture.write(file);
    if (!parameters.empty()) ExoplasimFixture::writeSidecar(folder.path(), parameters);
  }
  [[nodiscard]] planet::Import read(const formats::ImportOptions& options = {}) const {
    return formats::importFile(file, options);
  }
  /// The message of a refusal; empty if the file was read.
  [[nodiscard]] std::string refusal(const formats::ImportOptions& options = {}) const {
    try {
      static_cast<void>(read(options));
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  }
};

bool says(const std::vector<std::string>& assumptions, const std::string& words) {
  return std::any_of(assumptions.begin(), assumptions.end(),
                     [&](const std::string& text) { return text.find(words) != std::string::npos; });
}

TEST(Exoplasim, FlipsLatitudesPutsLevelsLastAndConvertsUnits) {
  const planet::Import import = Made().read();
  const planet::ClimateCube& cube = *import.planet.climate;
  planet::validate(cube);
  EXPECT_EQ(import.planet.origin, planet::Origin::kGcm);
  EXPECT_LT(cube.grid.latitudeDeg.front(), cube.grid.latitudeDeg.back());
  for (const planet::Field& field : cube.fields) {
    const planet::VariableInfo& info = planet::info(field.id);
    const std::string symbol(info.symbol);
    const float factor = symbol == "ps" ? 100.0F : symbol == "rlut" ? -1.0F : 1.0F;
    const std::size_t levels = info.onLevels ? 10 : 1;
    for (const std::size_t month : {0U, 7U}) {
      for (const std::size_t south : {0U, 13U, 31U}) {
        for (const std::size_t column : {0U, 32U, 63U}) {
          for (std::size_t level = 0; level < levels; level += 9) {
            const std::size_t flat = ((month * 32 + south) * 64 + column) * levels + level;
            EXPECT_FLOAT_EQ(field.values[flat],
                            factor * ExoplasimFixture::value(symbol, month, 31 - south, column, level))
                << symbol << " " << month << " " << south << " " << column << " " << level;
          }
        }
      }
    }
  }
  EXPECT_FLOAT_EQ(cube.landFraction[5], 1.0F);
  EXPECT_FLOAT_EQ(cube.landFraction[16], 0.0F);
  EXPECT_NEAR(cube.orographyM[0], 300.0F, 1e-3F);        // southernmost row: (31 - 1) * 98.0665 / 9.80665
  EXPECT_NEAR(cube.orographyM[31 * 64], -10.0F, 1e-3F);  // spectral ripples below zero are kept
}

TEST(Exoplasim, TakesTruthAndScalarsFromTheSidecarAndLeavesTheRestAbsent) {
  const planet::Import import = Made().read();
  const planet::PlanetTruth& truth = *import.planet.truth;
  EXPECT_EQ(import.planet.name, "fixture");
  EXPECT_TRUE(truth.bulk.synchronous);
  EXPECT_DOUBLE_EQ(truth.atmosphere.surfacePressurePa, 1e5);
  EXPECT_DOUBLE_EQ(truth.atmosphere.ratio(planet::Gas::kCO2), 0.1);
  EXPECT_DOUBLE_EQ(truth.atmosphere.ratio(planet::Gas::kN2), 0.9);
  EXPECT_NEAR(truth.surface.oceanFraction, 0.75, 1e-12);  // 48 of 64 columns
  const planet::Scalars& scalars = import.planet.scalars;
  EXPECT_DOUBLE_EQ(scalars[ScalarId::kStellarFlux]->value, 1000.0);
  EXPECT_DOUBLE_EQ(scalars[ScalarId::kPlanetRadius]->value, 1.5);
  EXPECT_DOUBLE_EQ(scalars[ScalarId::kOrbitalPeriod]->value, 5.0);  // synchronous: the rotation period
  EXPECT_FALSE(scalars[ScalarId::kStellarRadius].has_value());
  EXPECT_TRUE(says(import.assumptions, "30 d each"));  // 960 steps of 45 min
}

TEST(Exoplasim, PlanetThatIsNotSynchronousHasNoOrbitalPeriod) {
  const std::string parameters =
      replaced(ExoplasimFixture::plainParameters(), "\"tidally_locked\": true", "\"tidally_locked\": false");
  const planet::Import import = Made({}, parameters).read();
  EXPECT_FALSE(import.planet.scalars[ScalarId::kOrbitalPeriod].has_value());
  EXPECT_TRUE(says(import.assumptions, "orbital period is absent"));
}

TEST(Exoplasim, WhatNeitherFileNorSidecarStatesIsNotKnown) {
  const planet::PlanetTruth stated = *Made().read().planet.truth;
  EXPECT_EQ(planet::synchronous(stated.bulk), true);
  EXPECT_EQ(planet::hasWater(stated.surface), true);
  EXPECT_EQ(stated.orbit.eccentricity, 0.0);

  ExoplasimFixture fixture;
  fixture.units.erase("lsm");
  std::string parameters = replaced(ExoplasimFixture::plainParameters(), "\"tidally_locked\": true, ", "");
  parameters = replaced(parameters, "\"obliquity_deg\": 0.0, \"eccentricity\": 0.0,", "");
  const planet::Import import = Made(fixture, parameters).read();
  const planet::PlanetTruth& truth = *import.planet.truth;
  EXPECT_FALSE(planet::synchronous(truth.bulk).has_value());
  EXPECT_TRUE(says(import.assumptions, "whether the planet is synchronous is not stated"));
  EXPECT_FALSE(planet::hasWater(truth.surface).has_value());
  EXPECT_TRUE(says(import.assumptions, "land and ocean are unknown"));
  EXPECT_TRUE(std::isnan(truth.orbit.eccentricity));
  EXPECT_TRUE(std::isnan(truth.bulk.obliquityDeg));
  EXPECT_TRUE(says(import.assumptions, "does not state eccentricity, obliquity_deg, tidally_locked"));
}

TEST(Exoplasim, RollsTheSubstellarLongitudeTo180East) {
  const std::string parameters = replaced(ExoplasimFixture::plainParameters(), "_deg\": 180.0", "_deg\": 0.0");
  const planet::Import import = Made({}, parameters).read();
  const planet::Field& rst = import.planet.climate->require(VariableId::kToaNetShortwave);
  EXPECT_FLOAT_EQ(rst.values[32], ExoplasimFixture::value("rst", 0, 0, 0, 0));  // 0 E of the file is now at 180 E
  EXPECT_FLOAT_EQ(rst.values[0], ExoplasimFixture::value("rst", 0, 0, 32, 0));
  EXPECT_FLOAT_EQ(import.planet.climate->landFraction[32], 1.0F);
  EXPECT_DOUBLE_EQ(import.planet.truth->bulk.substellarLongitudeDeg, 180.0);
}

TEST(Exoplasim, SynchronousPlanetWithoutItsSubstellarLongitudeIsRefusedUntilTold) {
  const Made made({}, replaced(ExoplasimFixture::plainParameters(), "\"substellar_longitude_deg\": 180.0,", ""));
  EXPECT_NE(made.refusal().find("--set substellar_longitude="), std::string::npos) << made.refusal();
  EXPECT_EQ(made.refusal({{{"substellar_longitude", "180"}}}), "");
}

TEST(Exoplasim, WithoutSidecarTheClimateComesAloneAndSaysSo) {
  const planet::Import import = Made({}, "").read();
  EXPECT_FALSE(import.planet.truth.has_value());
  EXPECT_TRUE(says(import.assumptions, "no planet.json"));
  EXPECT_TRUE(import.planet.climate->orographyM.empty());
  EXPECT_EQ(import.planet.climate->fields.size(), 10U);
}

TEST(Exoplasim, MissingVariableStaysAbsentButWithoutSurfaceTemperatureNothingIsRead) {
  ExoplasimFixture fixture;
  fixture.units.erase("clt");
  const planet::Import import = Made(fixture).read();
  EXPECT_EQ(import.planet.climate->find(VariableId::kCloudAreaFraction), nullptr);
  EXPECT_TRUE(says(import.assumptions, "cloud_area_fraction"));
  fixture.units.erase("ts");
  EXPECT_NE(Made(fixture).refusal().find("no surface temperature"), std::string::npos);
}

TEST(Exoplasim, UnitsAreReadAndNeverGuessed) {
  ExoplasimFixture fixture;
  fixture.units["ps"] = "Pa";
  EXPECT_FLOAT_EQ(Made(fixture).read().planet.climate->require(VariableId::kSurfaceAirPressure).values[0], 931.0F);
  fixture.units["ps"] = "";
  const std::string refusal = Made(fixture).refusal();
  EXPECT_NE(refusal.find("--set units.ps="), std::string::npos) << refusal;
  EXPECT_FLOAT_EQ(
      Made(fixture).read({{{"units.ps", "hPa"}}}).planet.climate->require(VariableId::kSurfaceAirPressure).values[0],
      93100.0F);
  fixture.units["ps"] = "HPA";
  EXPECT_FLOAT_EQ(Made(fixture).read().planet.climate->require(VariableId::kSurfaceAirPressure).values[0], 93100.0F);
  fixture.units["ps"] = "furlong";
  EXPECT_NE(Made(fixture).refusal().find("furlong"), std::string::npos);
  fixture.units["ps"] = "K";
  EXPECT_NE(Made(fixture).refusal().find("ps"), std::string::npos);
}

TEST(Exoplasim, ValueThatIsNotFiniteIsNamedWithItsPlace) {
  for (const float bad : {std::nanf(""), INFINITY, NC_FILL_FLOAT}) {
    ExoplasimFixture fixture;
    fixture.change = [bad](const std::string& name, std::vector<float>& values) {
      if (name == "ua") values[((2 * 10 + 3) * 32 + 4) * 64 + 5] = bad;
    };
    const std::string refusal = Made(fixture).refusal();
    EXPECT_NE(refusal.find("ua[time 2, lev 3, lat 4, lon 5]"), std::string::npos) << refusal;
  }
}

TEST(Exoplasim, ValueThatCannotBeTrueIsNamedWithItsPlace) {
  ExoplasimFixture fixture;
  fixture.change = [](const std::string& name, std::vector<float>& values) {
    if (name == "ta") values[((2 * 10 + 3) * 32 + 4) * 64 + 5] = -9999.0F;
  };
  const std::string refusal = Made(fixture).refusal();
  for (const char* words :
       {"ta, step 2, level 3, latitude 63.6", "longitude 28.125", "found -9999 K", "missing_value,ta,o,d,-9999"})
    EXPECT_NE(refusal.find(words), std::string::npos) << words << " in: " << refusal;
}

TEST(Exoplasim, HumidityThatIsNegativeInTheMeanIsLeftAside) {
  ExoplasimFixture fixture;
  fixture.change = [](const std::string& name, std::vector<float>& values) {
    if (name == "hus") std::fill(values.begin(), values.end(), -0.001F);
  };
  const planet::Import import = Made(fixture).read();
  EXPECT_EQ(import.planet.climate->find(VariableId::kSpecificHumidity), nullptr);
  EXPECT_TRUE(says(import.assumptions, "left aside: hus: its mean is negative"));
}

TEST(Exoplasim, WrongShapesAreRefusedWithWhatWasExpected) {
  for (std::size_t ExoplasimFixture::*member : {&ExoplasimFixture::months, &ExoplasimFixture::latitudes,
                                                &ExoplasimFixture::longitudes, &ExoplasimFixture::levels}) {
    ExoplasimFixture fixture;
    fixture.*member -= 1;
    const std::string refusal = Made(fixture).refusal({{{"format", "exoplasim"}}});
    EXPECT_NE(refusal.find("expected " + std::to_string(fixture.*member + 1)), std::string::npos) << refusal;
  }
}

TEST(Exoplasim, LongwaveOfBothSignsIsRefused) {
  ExoplasimFixture fixture;
  fixture.change = [](const std::string& name, std::vector<float>& values) {
    if (name == "rlut") values[7] = 20.0F;
  };
  EXPECT_NE(Made(fixture).refusal().find("direction"), std::string::npos);
}

TEST(Exoplasim, SidecarWithWrongValuesIsRefused) {
  const std::string plain = ExoplasimFixture::plainParameters();
  for (const auto& [what, with] : std::vector<std::pair<std::string, std::string>>{
           {"\"radius_earth\": 1.5", "\"radius_earth\": -1"},
           {"\"gravity_m_s2\": 9.80665", "\"gravity_m_s2\": \"strong\""},
           {"\"pN2_bar\": 0.9", "\"pN2_bar\": 9.0"},
           {"\"tidally_locked\": true", "\"tidally_locked\": 1"},
           {"\"eccentricity\": 0.0", "\"eccentricity\": 0.0 \"x"},
           {"\"surface_pressure_bar\": 1.0",
            "\"surface_pressure_bar\": 1.0}, \"system_key\": \"two words\", \"x\": {\"y\": 1"}}) {
    EXPECT_NE(Made({}, replaced(plain, what, with)).refusal(), "") << with;
  }
}

TEST(Exoplasim, CutAndFlippedFilesAreRefusedOrReadButNeverCrash) {
  const Made made;
  const std::string whole = readFile(made.file);
  std::size_t refused = 0;
  std::size_t tried = 0;
  for (std::size_t size = 0; size < whole.size(); size += 1 + whole.size() / 40) {
    std::ofstream(made.file, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    ++tried;
    if (!made.refusal().empty()) ++refused;
  }
  EXPECT_EQ(refused, tried) << "a truncated file was taken for whole";
}

}  // namespace
