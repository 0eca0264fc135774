// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

#include "cf_fixture.h"
#include "data/formats/registry.h"
#include "data/planet/cube.h"
#include "tests/support/import_text.h"
#include "tests/support/temp_folder.h"

/// A climate with a closed form, written as files of climate models and read again.
namespace ecumene::test {

inline data::planet::Import read(const CfFixture& fixture, const std::map<std::string, std::string>& set = {}) {
  const TempFolder folder;
  fixture.write(folder / "world.nc");
  return data::formats::importFile(folder / "world.nc", {set});
}

inline std::string refusal(const CfFixture& fixture, const std::map<std::string, std::string>& set = {}) {
  return refusalIn([&] { return read(fixture, set); });
}

inline const data::planet::Field* find(const data::planet::Import& import, data::planet::VariableId id) {
  return import.planet.climate->find(id);
}

inline double at(const data::planet::Import& import, data::planet::VariableId id, std::size_t month, std::size_t row,
                 std::size_t column, std::size_t level = 0) {
  const data::planet::Field& field = import.planet.climate->require(id);
  const std::size_t levels = data::planet::info(id).onLevels ? 10 : 1;
  return static_cast<double>(field.values[((month * 32 + row) * 64 + column) * levels + level]);
}

/// A surface and its air: ts by month and place, a profile linear in ln p, a solid-body wind.
inline double groundK(double latitude, double longitude, std::size_t month) {
  return 270.0 + 30.0 * std::cos(radians(latitude)) + 5.0 * std::cos(radians(longitude)) + static_cast<double>(month);
}
inline double airK(double sigma) {
  return 290.0 + 25.0 * std::log(sigma);
}

inline CfFixture plain() {
  CfFixture fixture;
  fixture.add("ts", "surface_temperature", "K", false,
              [](double lat, double lon, double, std::size_t t) { return groundK(lat, lon, t); });
  fixture.add("ps", "surface_air_pressure", "Pa", false,
              [](double lat, double, double, std::size_t) { return 9e4 + 5e3 * std::cos(radians(lat)); });
  fixture.add("ta", "air_temperature", "K", true,
              [](double, double, double sigma, std::size_t) { return airK(sigma); });
  fixture.add("ua", "eastward_wind", "m s-1", true,
              [](double lat, double, double, std::size_t) { return 20.0 * std::cos(radians(lat)); });
  return fixture;
}

inline void expectPlain(const data::planet::Import& import) {
  data::planet::validate(*import.planet.climate);
  const data::planet::Grid& grid = data::planet::canonicalGrid();
  for (const std::size_t row : {0U, 9U, 20U, 31U}) {
    for (const std::size_t column : {0U, 17U, 40U}) {
      for (const std::size_t month : {0U, 11U}) {
        EXPECT_NEAR(at(import, data::planet::VariableId::kSurfaceTemperature, month, row, column),
                    groundK(grid.latitudeDeg[row], grid.longitudeDeg[column], month), 1.2);
      }
      for (std::size_t level = 0; level < 10; ++level) {
        EXPECT_NEAR(at(import, data::planet::VariableId::kAirTemperature, 5, row, column, level),
                    airK(grid.sigma[level]), 1e-4)
            << level;
        EXPECT_NEAR(at(import, data::planet::VariableId::kEastwardWind, 5, row, column, level),
                    20.0 * std::cos(radians(grid.latitudeDeg[row])), 0.8);
      }
    }
  }
}

/// The same climate, written in another way.
inline void expectSame(const CfFixture& fixture) {
  const data::planet::Import expected = read(plain());
  const data::planet::Import got = read(fixture);
  ASSERT_EQ(got.planet.climate->fields.size(), expected.planet.climate->fields.size());
  for (std::size_t f = 0; f < expected.planet.climate->fields.size(); ++f) {
    const auto& a = expected.planet.climate->fields[f].values;
    const auto& b = got.planet.climate->fields[f].values;
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); i += 7)
      ASSERT_NEAR(a[i], b[i], 2e-4F * std::max(1.0F, std::abs(a[i]))) << f << " " << i;
  }
}

}  // namespace ecumene::test
