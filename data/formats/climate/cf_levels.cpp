// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/cf_levels.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <sstream>

#include "data/base/checked.h"
#include "data/base/error.h"
#include "data/formats/climate/climate_units.h"
#include "data/formats/common/text_table.h"
#include "data/planet/cube.h"

namespace ecumene::data::formats {
namespace {

using planet::kCanonicalCells;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t kMostLevels = 1000;

std::string unitsOf(const CfFile& cf, const NetcdfVariable& variable) {
  return trim(cf.file().text(variable, "units").value_or(""));
}

/// Values of a variable along the levels, or a single one for all, in Pa, m or 1.
std::vector<double> valuesInSi(const CfFile& cf, const NetcdfVariable& variable, Dimension dimension,
                               std::size_t levels) {
  const std::string units = unitsOf(cf, variable);
  std::vector<double> values = cf.axisValues(variable);
  const std::optional<Unit> unit = findClimateUnit(units);
  if (!unit || unit->dimension != dimension) {
    throw Error("the coordinate of the levels has a unit that does not fit").on(variable.name).found("'" + units + "'");
  }
  for (double& value : values) value = value * unit->toSi + unit->offset;
  if (values.size() == 1) values.resize(levels, values[0]);
  if (values.size() != levels) throw Error("the variable is not one of the levels").on(variable.name);
  return values;
}

NetcdfVariable required(const CfFile& cf, const std::string& name, const std::string& user) {
  std::optional<NetcdfVariable> variable = cf.file().find(name);
  if (!variable) throw Error("the levels name a variable that the file does not have").on(user).found(name);
  return *variable;
}

/// "a: hyam b: hybm p0: P0 ps: PS" as a map.
std::map<std::string, std::string> formulaTerms(const std::string& text) {
  std::map<std::string, std::string> terms;
  std::istringstream words(text);
  for (std::string key, value; words >> key >> value;) {
    if (key.back() == ':') terms[key.substr(0, key.size() - 1)] = value;
  }
  return terms;
}

/// p = a p0 + b ps, or ap + b ps.
CfLevels hybrid(const CfFile& cf, const std::map<std::string, std::string>& terms, const std::string& user,
                std::size_t n) {
  CfLevels levels;
  levels.b = valuesInSi(cf, required(cf, terms.at("b"), user), Dimension::kNumber, n);
  const bool pressure = terms.contains("ap");
  const NetcdfVariable a = required(cf, terms.at(pressure ? "ap" : "a"), user);
  if (pressure) {
    levels.a = valuesInSi(cf, a, Dimension::kPressure, n);
  } else {
    const NetcdfVariable p0 = required(cf, terms.at("p0"), user);
    const double reference = valuesInSi(cf, p0, Dimension::kPressure, 1)[0];
    levels.a = valuesInSi(cf, a, Dimension::kNumber, n);
    for (double& value : levels.a) value *= reference;
  }
  levels.words = fmt::format("hybrid sigma-pressure levels ({}, {})", a.name, terms.at("b"));
  return levels;
}

/// p = ptop + sigma (ps - ptop).
CfLevels sigmaLevels(const CfFile& cf, const NetcdfVariable& sigma, double ptop, std::size_t n) {
  CfLevels levels;
  std::vector<double> values = cf.axisValues(sigma);
  if (values.size() != n) throw Error("the coordinate is not one of the levels").on(sigma.name);
  for (const double value : values) {
    if (!(value >= 0.0 && value <= 1.0 + 1e-6)) {
      throw Error("sigma is outside 0 to 1").on(sigma.name).found(fmt::format("{}", value));
    }
  }
  const auto split = [&](const std::vector<double>& from, std::vector<double>& a, std::vector<double>& b) {
    for (const double value : from) {
      a.push_back(ptop * (1.0 - value));
      b.push_back(value);
    }
  };
  split(values, levels.a, levels.b);
  if (const std::vector<double> bounds = cf.boundsOf(sigma); !bounds.empty())
    split(bounds, levels.boundA, levels.boundB);
  levels.words = "sigma levels (" + sigma.name + ")";
  return levels;
}

CfLevels pressureLevels(const CfFile& cf, const NetcdfVariable& coordinate, std::size_t n) {
  CfLevels levels;
  levels.a = valuesInSi(cf, coordinate, Dimension::kPressure, n);
  levels.b.assign(n, 0.0);
  levels.words = "pressure levels (" + coordinate.name + ")";
  levels.coordinate = coordinate.name;
  levels.boundA = cf.boundsOf(coordinate);
  levels.unitPa = findClimateUnit(unitsOf(cf, coordinate))->toSi;
  for (double& value : levels.boundA) value *= levels.unitPa;
  levels.boundB.assign(levels.boundA.size(), 0.0);
  return levels;
}

/// By what the file says in so many words: formula_terms, or coefficients with the names that CAM and LMD give them.
std::optional<CfLevels> byFormula(const CfFile& cf, const std::vector<NetcdfVariable>& coordinates,
                                  const std::string& dimension, std::size_t n) {
  for (const NetcdfVariable& coordinate : coordinates) {
    const std::map<std::string, std::string> terms =
        formulaTerms(cf.file().text(coordinate, "formula_terms").value_or(""));
    if (terms.contains("b") && (terms.contains("ap") || (terms.contains("a") && terms.contains("p0")))) {
      return hybrid(cf, terms, coordinate.name, n);
    }
    if (!terms.contains("sigma")) continue;
    double ptop = 0.0;
    if (terms.contains("ptop")) {
      ptop = valuesInSi(cf, required(cf, terms.at("ptop"), coordinate.name), Dimension::kPressure, 1)[0];
    }
    return sigmaLevels(cf, required(cf, terms.at("sigma"), coordinate.name), ptop, n);
  }
  const auto has = [&](const char* name) {
    return std::any_of(coordinates.begin(), coordinates.end(), [&](const auto& v) { return v.name == name; });
  };
  if (has("hyam") && has("hybm") && cf.file().find("P0"))
    return hybrid(cf, {{"a", "hyam"}, {"b", "hybm"}, {"p0", "P0"}}, dimension, n);
  if (has("aps") && has("bps")) return hybrid(cf, {{"ap", "aps"}, {"b", "bps"}}, dimension, n);
  if (has("ap") && has("b")) return hybrid(cf, {{"ap", "ap"}, {"b", "b"}}, dimension, n);
  return std::nullopt;
}

bool isSigma(const CfFile& cf, const NetcdfVariable& coordinate) {
  const std::string standard = cf.file().text(coordinate, "standard_name").value_or("");
  if (standard == "atmosphere_sigma_coordinate" || standard == "sigma_coordinate") return true;
  return lower(cf.file().text(coordinate, "long_name").value_or("")).starts_with("sigma at layer");
}

/// Hybrid levels by the pressures that they would have over a ground of the reference pressure.
bool isHybrid(const CfFile& cf, const NetcdfVariable& coordinate) {
  const std::string standard = cf.file().text(coordinate, "standard_name").value_or("");
  if (standard == "atmosphere_hybrid_sigma_pressure_coordinate") return true;
  return lower(cf.file().text(coordinate, "long_name").value_or("")).starts_with("hybrid level");
}

/// Heights of the levels and their bounds, in m; empty if none are stated.
void takeHeights(const CfFile& cf, const std::vector<NetcdfVariable>& coordinates, std::size_t n, CfLevels& levels) {
  for (const NetcdfVariable& coordinate : coordinates) {
    const std::string called = cf.file()
                                   .text(coordinate, "standard_name")
                                   .value_or(cf.file().text(coordinate, "long_name").value_or(coordinate.name));
    const std::optional<Unit> unit = findClimateUnit(unitsOf(cf, coordinate));
    if (!unit || unit->dimension != Dimension::kLength || lower(called).find("height") == std::string::npos) continue;
    levels.heightM = valuesInSi(cf, coordinate, Dimension::kLength, n);
    levels.boundM = cf.boundsOf(coordinate);
    for (double& value : levels.boundM) value *= unit->toSi;
    return;
  }
}

}  // namespace

CfLevels levelsOf(const CfFile& cf, const CfVariable& variable, const std::vector<std::string>& pressures) {
  const std::size_t n = variable.length(AxisKind::kLevel);
  const std::string dimension = variable.dimension(AxisKind::kLevel);
  if (n > kMostLevels)
    throw Error("the file has more levels than any that is read")
        .on(dimension)
        .expected(std::to_string(kMostLevels))
        .found(std::to_string(n));
  const std::vector<NetcdfVariable> coordinates = cf.along(dimension);
  std::optional<CfLevels> levels = byFormula(cf, coordinates, dimension, n);
  for (const NetcdfVariable& coordinate : coordinates) {
    if (levels) break;
    if (isHybrid(cf, coordinate)) continue;
    const std::optional<Unit> unit = findClimateUnit(unitsOf(cf, coordinate));
    if (unit && unit->dimension == Dimension::kPressure) levels = pressureLevels(cf, coordinate, n);
    if (!levels && isSigma(cf, coordinate)) levels = sigmaLevels(cf, coordinate, 0.0, n);
  }
  if (!levels) {
    levels.emplace();
    takeHeights(cf, coordinates, n, *levels);
    for (const std::string& name : pressures) {
      const std::optional<CfVariable> field = cf.map(name);
      if (!field || !field->has(AxisKind::kLevel)) continue;
      const bool same = field->dimension(AxisKind::kLevel) == dimension;
      if (!same && levels->heightM.empty()) continue;
      if (!levels->field.empty() && !same) continue;
      levels->kind = same ? LevelKind::kField : LevelKind::kHeight;
      levels->field = name;
      levels->words =
          same ? "levels of the pressures in " + name
               : fmt::format("{}: pressure by height, ln p linear between the levels of {}", dimension, name);
      if (same) break;
    }
    if (levels->field.empty()) {
      throw Error("the pressure of the levels is not stated")
          .on(dimension)
          .expected("pressures, sigma, hybrid coefficients with formula_terms, or a variable air_pressure");
    }
  }
  levels->count = n;
  return *levels;
}

CfMaps pressureMaps(const CfFile& cf, const std::string& name) {
  const std::optional<CfVariable> variable = cf.map(name);
  const std::string units = unitsOf(cf, variable->variable);
  const std::optional<Unit> unit = findClimateUnit(units);
  if (!unit || unit->dimension != Dimension::kPressure) {
    throw Error("the pressures have a unit that does not fit").on(name).found("'" + units + "'");
  }
  return {cf, {*variable, Quantity::kAirPressure, units, unit->toSi, unit->offset}};
}

bool areCanonical(const CfLevels& levels) {
  constexpr double kTolerance = 1e-3;
  const std::vector<double>& canonical = planet::canonicalGrid().sigma;
  if (levels.kind != LevelKind::kCoefficients || levels.count != canonical.size()) return false;
  std::vector<double> sigma = levels.b;
  std::sort(sigma.begin(), sigma.end());
  const auto isSame = [](double one, double other) { return std::abs(one - other) < kTolerance; };
  return std::all_of(levels.a.begin(), levels.a.end(), [](double pascal) { return pascal == 0.0; }) &&
         std::equal(sigma.begin(), sigma.end(), canonical.begin(), canonical.end(), isSame);
}

std::string unitDoubt(const CfLevels& levels, double groundPa) {
  if (levels.coordinate.empty()) return "";
  constexpr double kLikely = 2.0;
  const double deepest = *std::max_element(levels.a.begin(), levels.a.end());
  constexpr double kHectopascal = 100.0;
  const bool inPascal = levels.unitPa == 1.0;
  const double ratio = (inPascal ? deepest * kHectopascal : deepest / kHectopascal) / groundPa;
  if (!(inPascal || levels.unitPa == kHectopascal) || !(ratio > 1.0 / kLikely && ratio < kLikely)) return "";
  const std::string_view unit = inPascal ? "hPa" : "Pa";
  return fmt::format(
      "the deepest of its levels is at {:g} Pa and the ground at {:g} Pa: if the levels are in {}, say so in the file: "
      "ncatted -a units,{},o,c,{} FILE.nc",
      deepest, groundPa, unit, levels.coordinate, unit);
}

std::optional<std::size_t> groundLevel(const CfLevels& levels) {
  if (levels.kind != LevelKind::kField) return std::nullopt;
  const auto ground = std::find(levels.heightM.begin(), levels.heightM.end(), 0.0);
  if (ground == levels.heightM.end()) return std::nullopt;
  return static_cast<std::size_t>(ground - levels.heightM.begin());
}

LevelPressures::LevelPressures(const CfFile& cf, const CfLevels& levels, const std::vector<std::string>& pressures)
    : levels_(levels),
      cells_(kCanonicalCells),
      logP_(checkedMultiply(levels.count, kCanonicalCells, "levels"), kNone),
      surface_(kCanonicalCells, kNone) {
  if (levels_.kind == LevelKind::kCoefficients) return;
  field_ = std::make_unique<CfMaps>(pressureMaps(cf, levels_.field));
  if (levels_.kind == LevelKind::kHeight) {
    fieldHeight_ = levelsOf(cf, field_->variable(), pressures).heightM;
    if (fieldHeight_.empty()) throw Error("the heights of the pressures are not stated").on(levels_.field);
    fieldLogP_.assign(fieldHeight_.size() * cells_, kNone);
  }
}

double LevelPressures::atHeight(double heightM, std::size_t cell) const {
  std::optional<std::size_t> below;
  std::optional<std::size_t> above;
  for (std::size_t k = 0; k < fieldHeight_.size(); ++k) {
    if (fieldHeight_[k] <= heightM && (!below || fieldHeight_[k] > fieldHeight_[*below])) below = k;
    if (fieldHeight_[k] >= heightM && (!above || fieldHeight_[k] < fieldHeight_[*above])) above = k;
  }
  if (!below || !above) return kNone;
  const double low = fieldLogP_[*below * cells_ + cell];
  if (*below == *above) return low;
  const double weight = (heightM - fieldHeight_[*below]) / (fieldHeight_[*above] - fieldHeight_[*below]);
  return low + weight * (fieldLogP_[*above * cells_ + cell] - low);
}

void LevelPressures::updateFields(std::size_t step) {
  std::vector<double>& into = levels_.kind == LevelKind::kField ? logP_ : fieldLogP_;
  std::vector<double> share(cells_);
  for (std::size_t k = 0; k < into.size() / cells_; ++k) {
    const std::span<double> level = std::span(into).subspan(k * cells_, cells_);
    const std::span<const double> values = field_->at(field_->variable().has(AxisKind::kTime) ? step : 0, k);
    field_->requirePossible();
    field_->grid().map.apply(values, level, share);
    for (std::size_t cell = 0; cell < cells_; ++cell) {
      level[cell] = level[cell] > 0.0 && share[cell] >= kWholeShare ? std::log(level[cell]) : kNone;
    }
  }
}

void LevelPressures::update(std::size_t step, std::span<const double> surfacePressurePa) {
  std::copy(surfacePressurePa.begin(), surfacePressurePa.end(), surface_.begin());
  if (field_) updateFields(step);
  for (std::size_t k = 0; k < levels_.count; ++k) {
    for (std::size_t cell = 0; cell < cells_; ++cell) {
      double& value = logP_[k * cells_ + cell];
      if (levels_.kind == LevelKind::kCoefficients) value = std::log(levels_.a[k] + levels_.b[k] * surface_[cell]);
      if (levels_.kind == LevelKind::kHeight) value = atHeight(levels_.heightM[k], cell);
    }
  }
  if (order_.empty()) sortLevels();
  for (std::size_t i = 1; i < order_.size(); ++i) {
    for (std::size_t cell = 0; cell < cells_; ++cell) {
      if (at(i, cell) > at(i - 1, cell)) continue;
      throw Error("the pressures of the levels do not grow downward")
          .on(fmt::format("levels {} and {}, step {}", order_[i - 1], order_[i], step))
          .found(fmt::format("{:.6g} and {:.6g} Pa", std::exp(at(i - 1, cell)), std::exp(at(i, cell))));
    }
  }
}

void LevelPressures::sortLevels() {
  for (std::size_t k = 0; k < levels_.count; ++k) {
    const auto level = std::span(logP_).subspan(k * cells_, cells_);
    const auto known = std::count_if(level.begin(), level.end(), [](double p) { return std::isfinite(p); });
    if (known == 0) continue;  // sigma 0 and the outermost heights
    if (static_cast<std::size_t>(known) < cells_) {
      throw Error("the level has a pressure in some cells only")
          .on(fmt::format("level {} of {}", k, levels_.words))
          .found(fmt::format("{} of {} cells", known, cells_));
    }
    order_.push_back(k);
  }
  if (order_.empty()) throw Error("no level has a pressure").found(levels_.words);
  std::sort(order_.begin(), order_.end(),
            [&](std::size_t x, std::size_t y) { return logP_[x * cells_] < logP_[y * cells_]; });
}

double LevelPressures::edge(std::size_t level, std::size_t cell, bool top) const {
  double first = kNone;
  double second = kNone;
  if (levels_.kind == LevelKind::kCoefficients && !levels_.boundA.empty()) {
    first = std::log(levels_.boundA[2 * level] + levels_.boundB[2 * level] * surface_[cell]);
    second = std::log(levels_.boundA[2 * level + 1] + levels_.boundB[2 * level + 1] * surface_[cell]);
  } else if (levels_.kind == LevelKind::kHeight && !levels_.boundM.empty()) {
    first = atHeight(levels_.boundM[2 * level], cell);
    second = atHeight(levels_.boundM[2 * level + 1], cell);
  }
  if (std::isnan(first) || std::isnan(second)) return kNone;
  return top ? std::min(first, second) : std::max(first, second);
}

}  // namespace ecumene::data::formats
