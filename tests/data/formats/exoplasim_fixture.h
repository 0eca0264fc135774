// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <netcdf.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "data/planet/cube.h"

namespace ecumene::test {

/// A file as ExoPlaSim writes it, with values that tell where they belong: value(month, file row, column, level) is
/// known in closed form, so that a wrong flip, roll or order shows. Each test changes what it is about.
struct ExoplasimFixture {
  std::size_t months = 12, latitudes = 32, longitudes = 64, levels = 10;
  std::map<std::string, std::string> units{{"ts", "K"},      {"ta", "K"},       {"hus", "1"}, {"ua", "m s-1"},
                                           {"va", "m s-1"},  {"ps", "hPa"},     {"clt", "1"}, {"sic", "1"},
                                           {"rst", "W m-2"}, {"rlut", "W m-2"}, {"lsm", "1"}, {"sg", "m2 s-2"}};
  bool withComplexType = true;
  /// Changes values before they are written: variable, flat values.
  std::function<void(const std::string&, std::vector<float>&)> change;

  static bool onLevels(const std::string& name) {
    return name == "ta" || name == "hus" || name == "ua" || name == "va";
  }
  /// Value in the file's units at a file row counted from the north.
  static float value(const std::string& name, std::size_t month, std::size_t row, std::size_t column,
                     std::size_t level) {
    const auto m = static_cast<float>(month);
    const auto r = static_cast<float>(row);
    const auto c = static_cast<float>(column);
    const auto l = static_cast<float>(level);
    if (name == "ts") return 250.0F + m + r + 0.25F * c;
    if (name == "ta") return 150.0F + m + r + 0.25F * c + 8.0F * l;
    if (name == "hus") return 1e-5F * (1.0F + l);
    if (name == "ua" || name == "va") return -10.0F + r - 0.5F * l;
    if (name == "ps") return 900.0F + r;
    if (name == "clt" || name == "sic") return c / 64.0F;
    if (name == "rst") return 100.0F + c;
    if (name == "rlut") return -(200.0F + c);
    if (name == "lsm") return column < 16 ? 1.0F : 0.0F;
    if (name == "sg") return 98.0665F * (r - 1.0F);
    throw std::runtime_error("no such variable in the fixture: " + name);
  }

  void write(const std::filesystem::path& path) const {
    int file = 0;
    check(nc_create(path.c_str(), NC_NETCDF4 | NC_CLOBBER, &file));
    if (withComplexType) {
      nc_type type = 0;
      check(nc_def_compound(file, 8, "complex64", &type));
      check(nc_insert_compound(file, type, "real", 0, NC_FLOAT));
      check(nc_insert_compound(file, type, "imag", 4, NC_FLOAT));
    }
    int time = 0;
    int lev = 0;
    int lat = 0;
    int lon = 0;
    check(nc_def_dim(file, "time", months, &time));
    check(nc_def_dim(file, "lev", levels, &lev));
    check(nc_def_dim(file, "lat", latitudes, &lat));
    check(nc_def_dim(file, "lon", longitudes, &lon));
    const ecumene::data::planet::Grid& grid = ecumene::data::planet::canonicalGrid();
    std::vector<float> axis(latitudes);
    for (std::size_t i = 0; i < latitudes; ++i) {
      axis[i] = i < 32 ? static_cast<float>(grid.latitudeDeg[31 - i]) : -90.0F - static_cast<float>(i);
    }
    writeVariable(file, "lat", {lat}, "deg", axis);
    axis.resize(longitudes);
    for (std::size_t i = 0; i < longitudes; ++i) axis[i] = 5.625F * static_cast<float>(i);
    writeVariable(file, "lon", {lon}, "deg", axis);
    axis.resize(levels);
    for (std::size_t i = 0; i < levels; ++i) axis[i] = i < 10 ? static_cast<float>(grid.sigma[i]) : 1.0F;
    writeVariable(file, "lev", {lev}, "nondimensional", axis);
    axis.resize(months);
    for (std::size_t i = 0; i < months; ++i) axis[i] = 559.0F + 960.0F * static_cast<float>(i);
    writeVariable(file, "time", {time}, "timesteps", axis);
    for (const auto& [name, unit] : units) {
      std::vector<float> values;
      for (std::size_t m = 0; m < months; ++m) {
        for (std::size_t l = 0; l < (onLevels(name) ? levels : 1); ++l) {
          for (std::size_t r = 0; r < latitudes; ++r) {
            for (std::size_t c = 0; c < longitudes; ++c) values.push_back(value(name, m, r, c, l));
          }
        }
      }
      std::vector<int> dimensions{time, lat, lon};
      if (onLevels(name)) dimensions.insert(dimensions.begin() + 1, lev);
      writeVariable(file, name, dimensions, unit, values);
    }
    check(nc_close(file));
  }

  /// planet.json of a planet with round numbers; `edit` may replace text in it.
  static void writeSidecar(const std::filesystem::path& folder, const std::string& parameters) {
    std::ofstream file(folder / "planet.json");
    file << R"({"name": "fixture", "parameters": {)" << parameters
         << R"(}, "run": {"model": "ExoPlaSim", "timestep_minutes": 45}})";
  }
  static std::string plainParameters() {
    return R"("stellar_flux_W_m2": 1000.0, "star_temperature_K": 4000.0, "rotation_period_earth_days": 5.0,
      "tidally_locked": true, "substellar_longitude_deg": 180.0, "obliquity_deg": 0.0, "eccentricity": 0.0,
      "radius_earth": 1.5, "gravity_m_s2": 9.80665, "pN2_bar": 0.9, "pCO2_bar": 0.1, "surface_pressure_bar": 1.0)";
  }

 private:
  static void check(int status) {
    if (status != NC_NOERR) throw std::runtime_error(nc_strerror(status));
  }
  void writeVariable(int file, const std::string& name, const std::vector<int>& dimensions, const std::string& unit,
                     std::vector<float> values) const {
    int id = 0;
    if (change) change(name, values);
    check(nc_def_var(file, name.c_str(), NC_FLOAT, static_cast<int>(dimensions.size()), dimensions.data(), &id));
    if (!unit.empty()) check(nc_put_att_text(file, id, "units", unit.size(), unit.c_str()));
    check(nc_def_var_deflate(file, id, 1, 1, 4));
    check(nc_put_var_float(file, id, values.data()));
  }
};

}  // namespace ecumene::test
