// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <functional>
#include <numbers>
#include <string>
#include <vector>

#include "netcdf_builder.h"

namespace ecumene::test {

/// Evenly spaced centres: first + i * step.
inline std::vector<double> evenly(double first, double step, std::size_t n) {
  std::vector<double> values(n);
  for (std::size_t i = 0; i < n; ++i) values[i] = first + step * static_cast<double>(i);
  return values;
}

/// A file of a climate model on some grid, whose values are a function of place and time. Each test says what is
/// different from the plainest file: 12 monthly means on 4-degree cells, sigma levels, CF names.
struct CfFixture {
  using Value = std::function<double(double latitude, double longitude, double level, std::size_t step)>;
  struct Variable {
    std::string name, standardName, units;
    bool onLevels = false;
    Value value;
    std::string longName{};
    std::vector<std::string> dimensions{};  ///< empty: time, lev, lat, lon
  };

  std::vector<double> latitude = evenly(-88.0, 4.0, 45), longitude = evenly(0.0, 5.0, 72);
  std::vector<double> levels{0.01, 0.05, 0.15, 0.3, 0.5, 0.7, 0.85, 0.95, 0.99};
  std::map<std::string, std::string> levelAttributes{{"standard_name", "atmosphere_sigma_coordinate"}, {"units", "1"}};
  std::vector<double> time = evenly(15.0, 30.0, 12);
  std::map<std::string, std::string> timeAttributes{
      {"standard_name", "time"}, {"units", "days since 0001-01-01"}, {"calendar", "360_day"}};
  std::vector<Variable> variables;
  int mode = NC_NETCDF4;
  /// Adds what the plain file has not, after its dimensions (time, lev, lat, lon).
  std::function<void(NetcdfBuilder&)> more = [](NetcdfBuilder&) {};

  void add(const std::string& name, const std::string& standardName, const std::string& units, bool onLevels,
           Value value) {
    variables.push_back({name, standardName, units, onLevels, std::move(value)});
  }
  static Value constant(double value) {
    return [value](double, double, double, std::size_t) { return value; };
  }

  void write(const std::filesystem::path& path) const {
    NetcdfBuilder file(path, mode);
    const auto axis = [&](const std::string& name, const std::vector<double>& values,
                          const std::map<std::string, std::string>& attributes) {
      if (values.empty()) return;
      file.dimension(name, values.size());
      file.put(name, {name}, attributes, values);
    };
    axis("time", time, timeAttributes);
    axis("lev", levels, levelAttributes);
    axis("lat", latitude, {{"standard_name", "latitude"}, {"units", "degrees_north"}});
    axis("lon", longitude, {{"standard_name", "longitude"}, {"units", "degrees_east"}});
    more(file);
    for (const Variable& v : variables) {
      std::map<std::string, std::string> attributes;
      if (!v.standardName.empty()) attributes["standard_name"] = v.standardName;
      if (!v.longName.empty()) attributes["long_name"] = v.longName;
      if (!v.units.empty()) attributes["units"] = v.units;
      std::vector<std::string> dimensions = v.dimensions;
      if (dimensions.empty()) {
        if (!time.empty()) dimensions.push_back("time");
        if (v.onLevels) dimensions.push_back("lev");
        dimensions.insert(dimensions.end(), {"lat", "lon"});
      }
      file.put(v.name, dimensions, attributes, valuesOf(v, dimensions));
    }
  }

 private:
  std::vector<double> valuesOf(const Variable& v, const std::vector<std::string>& dimensions) const {
    std::vector<double> values;
    std::map<std::string, std::size_t> at{{"time", 0}, {"lev", 0}, {"lat", 0}, {"lon", 0}};
    const std::map<std::string, std::size_t> length{
        {"time", time.size()}, {"lev", levels.size()}, {"lat", latitude.size()}, {"lon", longitude.size()}};
    const std::function<void(std::size_t)> fill = [&](std::size_t d) {
      if (d == dimensions.size()) {
        const double level = v.onLevels ? levels[at["lev"]] : 0.0;
        values.push_back(v.value(latitude[at["lat"]], longitude[at["lon"]], level, at["time"]));
        return;
      }
      std::size_t& i = at[dimensions[d]];
      for (i = 0; i < length.at(dimensions[d]); ++i) fill(d + 1);
      i = 0;
    };
    fill(0);
    return values;
  }
};

inline double radians(double degrees) {
  return degrees * std::numbers::pi / 180.0;
}

}  // namespace ecumene::test
