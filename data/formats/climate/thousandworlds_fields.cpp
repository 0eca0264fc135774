// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/thousandworlds_fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/base/error.h"
#include "data/formats/climate/column_levels.h"
#include "data/formats/climate/possible_values.h"
#include "data/formats/common/text_table.h"
#include "data/planet/cube.h"

namespace ecumene::data::formats {
namespace {

using planet::kCanonicalCells;
using planet::VariableId;

constexpr std::size_t kFileLevels = 10;

void checkWhole(const ThousandworldsFields& fields) {
  for (const auto& [name, at] : fields.at) {
    const auto map = fields.map(at);
    const auto missing = std::count_if(map.begin(), map.end(), [](double v) { return !std::isfinite(v); });
    if (missing != 0 && static_cast<std::size_t>(missing) != kCanonicalCells) {
      throw Error("part of a field is missing, where the collection misses whole fields only")
          .on("fields: " + name)
          .found(fmt::format("{} of {} cells", missing, kCanonicalCells));
    }
  }
}

/// A map, if the archive has it for this simulation.
std::optional<std::size_t> fieldCalled(const ThousandworldsFields& fields, const std::string& name) {
  const auto entry = fields.at.find(name);
  if (entry == fields.at.end() || !std::isfinite(fields.map(entry->second)[0])) return std::nullopt;
  return entry->second;
}

constexpr const char* kDamaged = "the archive is damaged, or is not ThousandWorlds's";

/// Throws ImpossibleValue if one of the map's values is none that the variable can have.
void requirePossible(const ThousandworldsFields& fields, std::size_t field, const std::string& name, VariableId id) {
  const std::span<const double> map = fields.map(field);
  const QuantityInfo& quantity = *quantityCalled(planet::info(id).symbol);
  const std::optional<std::size_t> bad = firstImpossible(map, quantity.possible);
  if (!bad) return;
  throw ImpossibleValue(quantity, fmt::format("fields: {}, cell {}", name, *bad), fmt::format("{:.6g}", map[*bad]),
                        kDamaged);
}

/// The ten sigma levels of a variable; empty, with the reason said, if its levels do not reach.
std::vector<double> columnsOf(ClimateImport& c, const ThousandworldsFields& fields, const std::string& name,
                              VariableId id, double surfacePressurePa, bool hold) {
  const auto count = static_cast<std::size_t>(std::count_if(fields.at.begin(), fields.at.end(), [&](const auto& field) {
    return field.first.starts_with(name + "_") && parseNumber(field.first.substr(name.size() + 1)).has_value();
  }));
  std::vector<std::optional<std::size_t>> level(std::min(count, kFileLevels));  // from the top down
  std::vector<double> logP(level.size());
  for (std::size_t i = 0; i < level.size(); ++i) {
    const std::size_t k = level.size() - 1 - i;  // from the ground up, as the archive counts
    const std::string called = name + "_" + std::to_string(k);
    level[i] = fieldCalled(fields, called);
    if (level[i]) requirePossible(fields, *level[i], called, id);
    constexpr double kTopPa = 1000.0;
    const double x = 1.0 - static_cast<double>(k) / static_cast<double>(kFileLevels - 1);
    const double s = 0.75 * x + 1.75 * x * x * x - 1.5 * x * x * x * x;
    logP[i] = std::log(kTopPa + s * (0.925 * surfacePressurePa - kTopPa));
  }
  if (std::none_of(level.begin(), level.end(), [](const auto& at) { return at.has_value(); })) {
    c.assume("the archive has no " + name + " of this simulation");
    return {};
  }
  if (!std::is_sorted(logP.begin(), logP.end(), std::less_equal<>())) {
    throw Error("the surface pressure is too low for the levels of the collection")
        .on("surface_pressure")
        .found(fmt::format("{:g} Pa", surfacePressurePa));
  }
  LevelTally tally;
  std::vector<double> value(level.size());
  std::vector<double> out;
  for (std::size_t cell = 0; cell < kCanonicalCells; ++cell) {
    for (std::size_t i = 0; i < level.size(); ++i)
      value[i] = level[i] ? fields.map(*level[i])[cell] : std::numeric_limits<double>::quiet_NaN();
    const FileColumn column{logP, value, std::log(surfacePressurePa)};
    for (const double sigma : planet::canonicalGrid().sigma)
      out.push_back(atLevel(column, std::log(sigma * surfacePressurePa), hold, tally));
  }
  if (tally.missing() == 0) return out;
  if (hold && tally.gap == 0) {
    c.assume(fmt::format("{}: {}; the nearest level's value is taken, as --set levels=hold says", name, tally.words()));
    return out;
  }
  c.assume(
      fmt::format("{} stays absent: {}; --set levels=hold takes the nearest level's value there", name, tally.words()));
  return {};
}

void addField(ClimateImport& c, VariableId id, const std::vector<double>& values) {
  if (values.empty()) return;
  checkRange(planet::info(id), values, kDamaged);
  planet::Field field{id, {}};
  for (std::size_t month = 0; month < planet::kMonths; ++month)
    field.values.insert(field.values.end(), values.begin(), values.end());
  c.import.planet.climate->fields.push_back(std::move(field));
}

}  // namespace

std::span<const double> ThousandworldsFields::map(std::size_t field) const {
  return std::span(values).subspan(field * kCanonicalCells, kCanonicalCells);
}

void addThousandworldsFields(ClimateImport& c, const ThousandworldsFields& fields,
                             const std::optional<double>& surfacePressurePa) {
  checkWhole(fields);
  const std::string* levels = c.options.find("levels");
  if (levels != nullptr && *levels != "hold")
    throw Error("unknown choice", ErrorKind::kUsage).on("--set levels=" + *levels).expected("hold");
  const auto column = [&](VariableId id, const char* name) {
    if (surfacePressurePa) addField(c, id, columnsOf(c, fields, name, id, *surfacePressurePa, levels != nullptr));
  };
  const auto surface = [&](VariableId id, std::initializer_list<const char*> names) {
    for (const char* name : names) {
      if (const auto field = fieldCalled(fields, name); field) {
        requirePossible(fields, *field, name, id);
        const auto map = fields.map(*field);
        addField(c, id, {map.begin(), map.end()});
        return;
      }
    }
    c.assume(fmt::format("the archive has no {} of this simulation", *names.begin()));
  };
  column(VariableId::kAirTemperature, "temperature");
  column(VariableId::kSpecificHumidity, "specific_humidity");
  column(VariableId::kEastwardWind, "u");
  column(VariableId::kNorthwardWind, "v");
  surface(VariableId::kSurfaceTemperature, {"surface_temperature"});
  surface(VariableId::kToaNetShortwave, {"asr_cloudy", "asr"});
  surface(VariableId::kToaOutgoingLongwave, {"olr_cloudy", "olr"});
  if (!surfacePressurePa)
    c.assume(
        "without inputs.csv the surface pressure, hence where the levels are, is not known: the variables on levels "
        "are absent");
  c.assume(
      "absent, as the collection has none: surface air pressure, sea ice, total cloud (its cloud fraction is by "
      "level)");
}

}  // namespace ecumene::data::formats
