// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/cf_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/base/checked.h"
#include "data/base/error.h"
#include "data/formats/climate/climate_units.h"
#include "data/formats/climate/possible_values.h"
#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

constexpr std::size_t kMostAlong = std::size_t{1} << 20U;  ///< values of one axis
constexpr std::size_t kMostCells = std::size_t{1} << 25U;  ///< cells of one map
constexpr std::size_t kChunkCache = std::size_t{256} << 20U;

bool oneOf(const std::string& word, std::initializer_list<std::string_view> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

AxisKind kindByName(const std::string& called) {
  const std::string name = lower(called);
  if (name.starts_with("lat") || oneOf(name, {"slat", "nav_lat"})) return AxisKind::kLatitude;
  if (name.starts_with("lon") || oneOf(name, {"slon", "nav_lon"})) return AxisKind::kLongitude;
  if (name.starts_with("time")) return AxisKind::kTime;
  if (name.starts_with("lev") || name.starts_with("plev") ||
      oneOf(name, {"plm", "sigma", "altitude", "height", "pfull", "pressure", "model_level_number", "isobaric", "z"})) {
    return AxisKind::kLevel;
  }
  return AxisKind::kNone;
}

/// What a coordinate says that it is.
AxisKind kindOf(const NetcdfFile& file, const NetcdfVariable& variable) {
  const std::string standard = file.text(variable, "standard_name").value_or("");
  const std::string units = trim(file.text(variable, "units").value_or(""));
  const std::string axis = file.text(variable, "axis").value_or("");
  if (standard.starts_with("grid_") || standard.starts_with("projection_")) {
    throw Error("the grid is rotated or projected")
        .on(variable.name)
        .found(standard)
        .next("regrid the file to latitudes and longitudes");
  }
  if (standard == "latitude" ||
      oneOf(units, {"degrees_north", "degree_north", "degrees_N", "degree_N", "degreesN", "degreeN"}))
    return AxisKind::kLatitude;
  if (standard == "longitude" ||
      oneOf(units, {"degrees_east", "degree_east", "degrees_E", "degree_E", "degreesE", "degreeE"}))
    return AxisKind::kLongitude;
  if (standard == "time" || axis == "T" || units.find(" since ") != std::string::npos || units.starts_with("day as "))
    return AxisKind::kTime;
  if (axis == "Z" || file.text(variable, "positive").has_value() ||
      oneOf(standard, {"air_pressure", "height", "altitude", "model_level_number", "atmosphere_sigma_coordinate",
                       "atmosphere_hybrid_sigma_pressure_coordinate"})) {
    return AxisKind::kLevel;
  }
  if (axis == "Y") return AxisKind::kLatitude;
  if (axis == "X") return AxisKind::kLongitude;
  const std::optional<Unit> unit = units.empty() ? std::nullopt : findClimateUnit(units);
  if (unit && unit->dimension == Dimension::kPressure) return AxisKind::kLevel;
  return AxisKind::kNone;
}

}  // namespace

std::size_t CfVariable::length(AxisKind kind) const {
  const auto& index = axis[static_cast<std::size_t>(kind)];
  return index ? variable.shape[*index] : 1;
}

std::string CfVariable::dimension(AxisKind kind) const {
  const auto& index = axis[static_cast<std::size_t>(kind)];
  return index ? variable.dimensions[*index] : "";
}

CfFile::CfFile(const NetcdfFile& file, double shiftDeg) : file_(file), shiftDeg_(shiftDeg) {
  for (const std::string& name : file_.variables()) {
    const std::optional<NetcdfVariable> variable = file_.find(name);
    if (!variable) continue;
    if (variable->dimensions.size() == 1) {
      std::vector<NetcdfVariable>& list = along_[variable->dimensions[0]];
      list.insert(name == variable->dimensions[0] ? list.begin() : list.end(), *variable);
    }
    for (const std::string& dimension : variable->dimensions) kinds_.emplace(dimension, AxisKind::kNone);
  }
  for (auto& [dimension, kind] : kinds_) {
    for (const auto& tell : {+[](const NetcdfFile&f, const NetcdfVariable&v) { return kindOf(f, v); },
                             +[](const NetcdfFile&, const NetcdfVariable&v) { return kindByName(v.name); }}) {
      for (const NetcdfVariable& variable : along_[dimension]) {
        if (kind == AxisKind::kNone && (kind = tell(file_, variable)) != AxisKind::kNone) axes_[dimension] = variable;
      }
    }
    if (kind == AxisKind::kNone) kind = kindByName(dimension);
  }
}

void CfFile::requireKeptChunks(const CfVariable& variable) const {
  const std::size_t rank = variable.variable.shape.size();
  const auto& time = variable.axis[static_cast<std::size_t>(AxisKind::kTime)];
  const std::size_t needed = file_.keepChunks(variable.variable, time.value_or(rank), kChunkCache);
  if (needed <= kChunkCache) return;
  const std::vector<std::size_t> chunk = file_.chunks(variable.variable);
  bool many = false;
  std::string wanted;
  for (std::size_t d = 0; d < chunk.size(); ++d) {
    const bool ofMap = d == variable.axis[static_cast<std::size_t>(AxisKind::kLatitude)] ||
                       d == variable.axis[static_cast<std::size_t>(AxisKind::kLongitude)];
    many = many || (!ofMap && chunk[d] > 1);
    wanted += fmt::format("{}{}/{}", wanted.empty() ? "" : ",", variable.variable.dimensions[d],
                          ofMap ? variable.variable.shape[d] : 1);
  }
  if (!many) return;
  throw Error("the chunks that one map needs are too large to be kept, and would be unpacked anew for each map")
      .on(variable.variable.name)
      .expected(fmt::format("at most {} MiB", kChunkCache >> 20U))
      .found(fmt::format("{} MiB", needed >> 20U))
      .next("write the file in other chunks: nccopy -c " + wanted + " OLD.nc NEW.nc");
}

std::optional<CfVariable> CfFile::map(const std::string& name) const {
  const std::optional<NetcdfVariable> variable = file_.find(name);
  if (!variable) return std::nullopt;
  CfVariable out;
  out.variable = *variable;
  for (std::size_t d = 0; d < variable->dimensions.size(); ++d) {
    const AxisKind kind = kinds_.at(variable->dimensions[d]);
    auto& index = out.axis[static_cast<std::size_t>(kind)];
    if (kind != AxisKind::kNone && !index) {
      index = d;
    } else if (variable->shape[d] != 1) {
      return std::nullopt;
    }
  }
  if (!out.has(AxisKind::kLatitude) || !out.has(AxisKind::kLongitude)) return std::nullopt;
  return out;
}

std::vector<NetcdfVariable> CfFile::along(const std::string& dimension) const {
  const auto found = along_.find(dimension);
  return found == along_.end() ? std::vector<NetcdfVariable>{} : found->second;
}

std::vector<double> CfFile::axisValues(const NetcdfVariable& variable) const {
  return file_.values(variable, kMostAlong);
}

std::vector<double> CfFile::boundsOf(const NetcdfVariable& coordinate) const {
  const std::optional<std::string> name = file_.text(coordinate, "bounds");
  const std::optional<NetcdfVariable> bounds = name ? file_.find(trim(*name)) : std::nullopt;
  if (!bounds || bounds->shape != std::vector<std::size_t>{coordinate.shape.at(0), 2}) return {};
  return file_.values(*bounds, 2 * kMostAlong);
}

const CfGrid& CfFile::grid(const CfVariable& variable) const {
  const std::string latitude = variable.dimension(AxisKind::kLatitude);
  const std::string longitude = variable.dimension(AxisKind::kLongitude);
  std::unique_ptr<CfGrid>& grid = grids_[latitude + "\n" + longitude];
  if (grid) return *grid;
  const auto axis = [&](const std::string& dimension) {
    const auto found = axes_.find(dimension);
    if (found == axes_.end()) {
      throw Error("the dimension has no coordinate of one dimension")
          .on(dimension)
          .next("only grids of latitude and longitude are read: regrid the file");
    }
    Axis out{found->second.name, axisValues(found->second), boundsOf(found->second)};
    const std::string units = trim(file_.text(found->second, "units").value_or("degrees"));
    if (units == "radians" || units == "rad") {
      constexpr double kDegrees = 57.29577951308232;
      for (std::vector<double>* values : {&out.centres, &out.bounds}) {
        for (double& value : *values) value *= kDegrees;
      }
    }
    return out;
  };
  const Axis rows = axis(latitude);
  Axis columns = axis(longitude);
  const bool cyclic = columns.centres.size() > 2 &&
                      std::abs(std::abs(columns.centres.back() - columns.centres.front()) - kAroundDeg) < kSameDeg;
  if (cyclic) {
    columns.centres.pop_back();
    if (!columns.bounds.empty()) columns.bounds.resize(columns.bounds.size() - 2);
  }
  if (checkedMultiply(rows.centres.size(), columns.centres.size() + 1, variable.variable.name) > kMostCells) {
    throw Error("the grid has more cells than any that is read")
        .on(variable.variable.name)
        .expected(std::to_string(kMostCells))
        .found(fmt::format("{} x {}", rows.centres.size(), columns.centres.size()));
  }
  LatLonCells cells = cellsOf(rows, columns);
  ConservativeMap map(cells, shiftDeg_);
  grid = std::make_unique<CfGrid>(CfGrid{std::move(cells), std::move(map), cyclic});
  return *grid;
}

std::string CfFile::placeOf(const CfVariable& variable, std::size_t level, std::size_t row, std::size_t column) const {
  std::string place;
  const auto add = [&](AxisKind kind, const std::string& word, std::size_t index) {
    const auto axis = axes_.find(variable.dimension(kind));
    const std::vector<double> values = axis == axes_.end() ? std::vector<double>{} : axisValues(axis->second);
    if (!place.empty()) place += ", ";
    if (kind == AxisKind::kLevel) {
      place += fmt::format("{} {}", word, index);
      if (index < values.size()) place += fmt::format(" ({} {:.6g})", axis->second.name, values[index]);
    } else {
      place +=
          index < values.size() ? fmt::format("{} {:.6g}", word, values[index]) : fmt::format("{} {}", word, index);
    }
  };
  if (variable.has(AxisKind::kLevel)) add(AxisKind::kLevel, "level", level);
  add(AxisKind::kLatitude, "latitude", row);
  add(AxisKind::kLongitude, "longitude", column);
  return place;
}

CfMaps::CfMaps(const CfFile& cf, CfSource source)
    : cf_(cf),
      source_(std::move(source)),
      grid_(cf.grid(source_.variable)),
      packing_(cf.file().packing(source_.variable.variable)),
      stored_(source_.variable.length(AxisKind::kLatitude) * source_.variable.length(AxisKind::kLongitude)),
      values_(grid_.map.sourceCells()) {
  const NetcdfVariable& variable = source_.variable.variable;
  const auto& time = source_.variable.axis[static_cast<std::size_t>(AxisKind::kTime)];
  cf_.file().keepChunks(variable, time.value_or(variable.shape.size()), kChunkCache);
  keptChunks_ = {&cf_.file(), DropChunks{variable}};
}

std::size_t CfMaps::storedAt(std::size_t row, std::size_t column) const {
  const auto& axis = source_.variable.axis;
  const bool columnsLast =
      axis[static_cast<std::size_t>(AxisKind::kLatitude)] < axis[static_cast<std::size_t>(AxisKind::kLongitude)];
  return columnsLast ? row * source_.variable.length(AxisKind::kLongitude) + column
                     : column * source_.variable.length(AxisKind::kLatitude) + row;
}

std::span<double> CfMaps::at(std::size_t step, std::size_t level) {
  const CfVariable& variable = source_.variable;
  const std::size_t rank = variable.variable.shape.size();
  std::vector<std::size_t> start(rank, 0);
  std::vector<std::size_t> count(rank, 1);
  const auto set = [&](AxisKind kind, std::size_t from, std::size_t length) {
    const auto& index = variable.axis[static_cast<std::size_t>(kind)];
    if (!index) return;
    start[*index] = from;
    count[*index] = length;
  };
  const std::size_t rows = variable.length(AxisKind::kLatitude);
  const std::size_t stored = variable.length(AxisKind::kLongitude);
  set(AxisKind::kTime, step, 1);
  set(AxisKind::kLevel, level, 1);
  set(AxisKind::kLatitude, 0, rows);
  set(AxisKind::kLongitude, 0, stored);
  cf_.file().read(variable.variable, packing_, start, count, stored_);
  step_ = step;
  level_ = level;
  const std::size_t columns = stored - (grid_.cyclic ? 1 : 0);
  const std::size_t along = storedAt(0, 1) - storedAt(0, 0);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t first = storedAt(row, 0);
    for (std::size_t column = 0; column < columns; ++column) {
      values_[row * columns + column] = stored_[first + column * along] * source_.factor + source_.offset;
    }
  }
  return values_;
}

void CfMaps::requirePossible(Quantity quantity) const {
  const QuantityInfo& row = info(quantity);
  const std::optional<std::size_t> bad = firstImpossible(values_, row.possible);
  if (!bad) return;
  const CfVariable& variable = source_.variable;
  const std::string& name = variable.variable.name;
  const std::size_t columns = variable.length(AxisKind::kLongitude) - (grid_.cyclic ? 1 : 0);
  const double inFile = stored_[storedAt(*bad / columns, *bad % columns)];
  std::string found = valueWords(inFile, source_.unit);
  if (quantity != source_.quantity || source_.factor != 1.0 || source_.offset != 0.0)
    found += fmt::format(", which makes {:.6g} {} of {}", values_[*bad], row.unit, row.key);
  std::string advice = missingAdvice(name, (inFile - packing_.offset) / packing_.scale);
  if (source_.quantity != Quantity::kAirPressure) {
    const std::string_view key = info(source_.quantity).key;
    advice += fmt::format("; if the file's unit is another, say so: --set units.{}=UNIT; without it: --set leave={}",
                          key, key);
  }
  std::string place = name;
  if (variable.has(AxisKind::kTime)) place += fmt::format(", step {}", step_);
  place += ", " + cf_.placeOf(variable, level_, *bad / columns, *bad % columns);
  throw ImpossibleValue(row, place, found, advice);
}

}  // namespace ecumene::data::formats
