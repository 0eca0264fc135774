// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/exoplasim.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/formats/climate/climate_import.h"
#include "data/formats/climate/climate_units.h"
#include "data/formats/climate/possible_values.h"
#include "data/formats/common/netcdf_file.h"

namespace ecumene::data::formats {
namespace {

using planet::kCanonicalCells;
using planet::kCanonicalLevels;
using planet::VariableId;

constexpr std::size_t kLatitudes = planet::kCanonicalLatitudes;
constexpr std::size_t kLongitudes = planet::kCanonicalLongitudes;
constexpr double kGridToleranceDeg = 1e-3;
constexpr double kSigmaTolerance = 1e-3;

Sniff sniffExoplasim(const std::filesystem::path& path, std::string_view head) {
  if (!looksLikeNetcdf(head)) return {Match::kNo, "not a NetCDF file"};
  try {
    const NetcdfFile file(path);
    const auto length = [&](const char* name) {
      const auto variable = file.find(name);
      return variable && variable->shape.size() == 1 ? variable->shape[0] : 0;
    };
    if (length("lat") == 0 || length("lon") == 0 || length("time") == 0) {
      return {Match::kNear, "NetCDF without lat, lon and time"};
    }
    const auto known = std::count_if(planet::variables().begin(), planet::variables().end(),
                                     [&](const auto& row) { return file.find(std::string(row.symbol)).has_value(); });
    // Two of its short names beside its coordinates: other models' files use CF names or other letters.
    if (known < 2) return {Match::kNear, "NetCDF without ExoPlaSim's variables (ts, ta, hus, ...)"};
    // Its postprocessor writes no attribute of the file; other shapes are read as any model's (cf_netcdf.h).
    const bool shaped = length("lat") == kLatitudes && length("lon") == kLongitudes &&
                        length("time") == planet::kMonths && (!file.find("lev") || length("lev") == kCanonicalLevels);
    if (!shaped) return {Match::kNear, "not of T21 with 10 levels and 12 means"};
    if (file.text("Conventions")) return {Match::kNear, "names its conventions, as ExoPlaSim's files do not"};
    return {Match::kCertain, "ExoPlaSim's variables"};
  } catch (const Error& error) {
    return {Match::kNear, error.what()};
  }
}

/// What a read knows while it goes on.
struct Reading : ClimateImport {
  const NetcdfFile& file;
  bool northFirst = true;  ///< rows of the file go from north to south
  std::size_t roll = 0;    ///< canonical column j is the file's column (j + roll) mod 64

  [[nodiscard]] std::size_t fileRow(std::size_t lat) const { return northFirst ? kLatitudes - 1 - lat : lat; }
  [[nodiscard]] std::size_t fileColumn(std::size_t lon) const { return (lon + roll) % kLongitudes; }
};

std::vector<double> coordinate(const NetcdfFile& file, const std::string& name, std::size_t length) {
  const auto variable = file.find(name);
  if (!variable) throw Error("the coordinate is missing").on(name);
  if (variable->shape != std::vector<std::size_t>{length}) {
    std::string found;
    for (const std::size_t n : variable->shape) found += (found.empty() ? "" : " x ") + std::to_string(n);
    throw Error("the coordinate has another length than the T21 grid with 10 levels and 12 months")
        .on(name)
        .expected(std::to_string(length))
        .found(found.empty() ? "a single number" : found);
  }
  return file.values(*variable, length);
}

void readGrid(Reading& r) {
  // The file rounds the coordinates; all planets have the grid's own.
  const planet::Grid& canonical = r.import.planet.climate->grid = planet::canonicalGrid();
  planet::Grid grid;
  grid.latitudeDeg = coordinate(r.file, "lat", kLatitudes);
  r.northFirst = grid.latitudeDeg.front() > grid.latitudeDeg.back();
  if (r.northFirst) {
    std::reverse(grid.latitudeDeg.begin(), grid.latitudeDeg.end());
    r.convert("latitudes turned from north-south to south-north");
  }
  for (std::size_t i = 0; i < kLatitudes; ++i) {
    if (!(std::abs(grid.latitudeDeg[i] - canonical.latitudeDeg[i]) < kGridToleranceDeg)) {
      throw Error("the latitudes are not the Gaussian latitudes of T21")
          .on("lat, row " + std::to_string(i) + " from the south")
          .expected(fmt::format("{:.4f}", canonical.latitudeDeg[i]))
          .found(fmt::format("{:.4f}", grid.latitudeDeg[i]));
    }
  }
  grid.longitudeDeg = coordinate(r.file, "lon", kLongitudes);
  for (std::size_t i = 0; i < kLongitudes; ++i) {
    if (!(std::abs(grid.longitudeDeg[i] - canonical.longitudeDeg[i]) < kGridToleranceDeg)) {
      throw Error("the longitudes do not ascend from 0 E by 5.625")
          .on("lon, column " + std::to_string(i))
          .expected(fmt::format("{:.4f}", canonical.longitudeDeg[i]))
          .found(fmt::format("{:.4f}", grid.longitudeDeg[i]));
    }
  }
  if (r.file.find("lev")) {
    grid.sigma = coordinate(r.file, "lev", kCanonicalLevels);
    for (std::size_t i = 0; i < kCanonicalLevels; ++i) {
      if (!(std::abs(grid.sigma[i] - canonical.sigma[i]) < kSigmaTolerance)) {
        throw Error("the levels are not ExoPlaSim's ten sigma levels from the top down")
            .on("lev, level " + std::to_string(i))
            .expected(fmt::format("{:.4f}", canonical.sigma[i]))
            .found(fmt::format("{:.4f}", grid.sigma[i]));
      }
    }
  } else {
    r.assume("the file has no sigma levels: the variables on levels are absent");
  }
  coordinate(r.file, "time", planet::kMonths);
}

std::string unitOf(Reading& r, const NetcdfVariable& variable, const std::string& wanted) {
  const std::string key = "units." + variable.name;
  const std::optional<std::string> stated = r.file.text(variable, "units");
  std::string unit = stated.value_or("");
  if (const std::string* chosen = r.options.find(key); chosen != nullptr) {
    if (stated && *stated != *chosen) {
      r.assume(variable.name + " read in " + *chosen + " as --set " + key + " says, not in the file's " + *stated);
    }
    unit = *chosen;
  } else if (!stated || stated->empty()) {
    throw Error("the variable states no unit").on(variable.name).next("give it: --set " + key + "=" + wanted);
  }
  const std::optional<Unit> from = findClimateUnit(unit);
  const Dimension dimension = findClimateUnit(wanted)->dimension;
  if (!from || from->dimension != dimension) {
    throw Error("the unit does not fit the variable")
        .on(variable.name)
        .expected("one that converts to '" + wanted + "'")
        .found("'" + unit + "'")
        .next(fmt::format("state the unit that the numbers are in: --set {}=UNIT, such as {}", key,
                          unitExamples(dimension)));
  }
  return unit;
}

/// Throws ImpossibleValue if one of the values, in the file's order and `unit`, is none that the quantity can have.
void requirePossible(const Reading& r, const NetcdfVariable& variable, std::span<const double> values,
                     const std::string& unit, std::span<const double> stored) {
  const QuantityInfo* quantity = quantityCalled(variable.name);
  if (quantity == nullptr) return;
  const std::optional<std::size_t> bad = firstImpossible(values, quantity->possible);
  if (!bad) return;
  const planet::Grid& grid = r.import.planet.climate->grid;
  const std::size_t map = *bad / kCanonicalCells;
  const std::size_t levels = variable.shape.size() == 4 ? kCanonicalLevels : 1;
  std::string place = fmt::format("{}, step {}", variable.name, map / levels);
  if (levels > 1) place += fmt::format(", level {}", map % levels);
  place += fmt::format(", latitude {:.6g}, longitude {:.6g}",
                       grid.latitudeDeg[r.fileRow(*bad % kCanonicalCells / kLongitudes)],
                       grid.longitudeDeg[*bad % kLongitudes]);
  const NetcdfPacking packing = r.file.packing(variable);
  throw ImpossibleValue(*quantity, place, valueWords(stored[*bad], unit),
                        missingAdvice(variable.name, (stored[*bad] - packing.offset) / packing.scale) +
                            fmt::format("; if the file's unit is another, say so: --set units.{}=UNIT", variable.name));
}

/// Values of a variable in the file's order and in `wanted`, its shape checked.
std::vector<double> read(Reading& r, const NetcdfVariable& variable, bool onLevels, const std::string& wanted) {
  std::vector<std::string> dimensions{"time", "lat", "lon"};
  std::vector<std::size_t> shape{planet::kMonths, kLatitudes, kLongitudes};
  if (onLevels) {
    dimensions.insert(dimensions.begin() + 1, "lev");
    shape.insert(shape.begin() + 1, kCanonicalLevels);
  }
  if (variable.dimensions != dimensions || variable.shape != shape) {
    std::string expected;
    std::string found;
    for (std::size_t i = 0; i < shape.size(); ++i) expected += fmt::format("{} {}, ", dimensions[i], shape[i]);
    for (std::size_t i = 0; i < variable.shape.size(); ++i) {
      found += fmt::format("{} {}, ", variable.dimensions[i], variable.shape[i]);
    }
    throw Error("the variable has a wrong shape")
        .on(variable.name)
        .expected(expected.substr(0, expected.size() - 2))
        .found(found.substr(0, found.empty() ? 0 : found.size() - 2));
  }
  requireScale(r.file, variable);
  const std::vector<double> stored = r.file.values(variable, planet::kMonths * kCanonicalCells * kCanonicalLevels);
  const std::string unit = unitOf(r, variable, wanted);
  const Unit from = *findClimateUnit(unit);
  const Unit to = *findClimateUnit(wanted);
  std::vector<double> values = stored;
  if (from.toSi != to.toSi || from.offset != to.offset) {
    for (double& value : values) value = (value * from.toSi + from.offset - to.offset) / to.toSi;
    r.convert(variable.name + " from " + unit + " to " + wanted);
  }
  requirePossible(r, variable, values, unit, stored);
  return values;
}

void readFields(Reading& r) {
  planet::ClimateCube& cube = *r.import.planet.climate;
  for (const planet::VariableInfo& info : planet::variables()) {
    const std::string symbol(info.symbol);
    const auto variable = r.file.find(symbol);
    if (!variable) {
      if (info.id == VariableId::kSurfaceTemperature) {
        throw Error("the file has no surface temperature")
            .on(symbol)
            .next("a climate without ts has no labels; add the variable to the output");
      }
      r.assume("the file has no " + symbol + ": " + std::string(info.name) + " stays absent");
      continue;
    }
    std::vector<double> values = read(r, *variable, info.onLevels, std::string(info.unit));
    if (info.id == VariableId::kToaOutgoingLongwave) makeOutgoing(r, "rlut", values);
    if (const auto wrong = negativeMean(info, values); wrong) {
      r.assume("left aside: " + symbol + ": " + *wrong);
      continue;
    }
    checkRange(info, values,
               "if the file's unit is another, say so: --set units." + symbol + "=UNIT, such as " +
                   std::string(unitExamples(findClimateUnit(info.unit)->dimension)));
    planet::Field field{info.id, {}};
    field.values.reserve(values.size());
    const std::size_t levels = info.onLevels ? kCanonicalLevels : 1;
    for (std::size_t t = 0; t < planet::kMonths; ++t) {
      for (std::size_t lat = 0; lat < kLatitudes; ++lat) {
        for (std::size_t lon = 0; lon < kLongitudes; ++lon) {
          const std::size_t cell = r.fileRow(lat) * kLongitudes + r.fileColumn(lon);
          for (std::size_t lev = 0; lev < levels; ++lev) {
            field.values.push_back(static_cast<float>(values[(t * levels + lev) * kCanonicalCells + cell]));
          }
        }
      }
    }
    cube.fields.push_back(std::move(field));
  }
}

/// Mean over months of a surface variable in `wanted`, on the canonical grid.
std::vector<double> surfaceMap(Reading& r, const NetcdfVariable& variable, const std::string& wanted) {
  const std::vector<double> values = read(r, variable, false, wanted);
  std::vector<double> map(kCanonicalCells, 0.0);
  for (std::size_t t = 0; t < planet::kMonths; ++t) {
    for (std::size_t lat = 0; lat < kLatitudes; ++lat) {
      for (std::size_t lon = 0; lon < kLongitudes; ++lon) {
        map[lat * kLongitudes + lon] += values[t * kCanonicalCells + r.fileRow(lat) * kLongitudes + r.fileColumn(lon)] /
                                        static_cast<double>(planet::kMonths);
      }
    }
  }
  return map;
}

void readSurface(Reading& r, const std::optional<double>& gravity) {
  planet::ClimateCube& cube = *r.import.planet.climate;
  planet::Planet& planet = r.import.planet;
  std::vector<double> land;
  if (const auto lsm = r.file.find("lsm"); lsm) {
    land = surfaceMap(r, *lsm, "1");
    double ocean = 0.0;
    for (std::size_t c = 0; c < kCanonicalCells; ++c) {
      if (land[c] < 0.0 || land[c] > 1.0) {
        throw Error("the land mask is outside 0 to 1").on("lsm").found(fmt::format("{}", land[c]));
      }
      cube.landFraction.push_back(static_cast<float>(land[c]));
      ocean += (1.0 - land[c]) * cube.grid.cellWeight(c / kLongitudes);
    }
    if (planet.truth) planet.truth->surface.oceanFraction = std::min(ocean, 1.0);
  } else {
    const bool oceanStated = planet.truth && !std::isnan(planet.truth->surface.oceanFraction);
    r.assume(std::string("the file has no lsm: ") +
             (oceanStated ? "where its land lies is unknown" : "land and ocean are unknown"));
  }
  if (const auto mrso = r.file.find("mrso"); mrso && !land.empty() && planet.truth) {
    const std::vector<double> moisture = surfaceMap(r, *mrso, "m");
    double water = 0.0;
    double area = 0.0;
    for (std::size_t c = 0; c < kCanonicalCells; ++c) {
      const double weight = land[c] * cube.grid.cellWeight(c / kLongitudes);
      water += weight * moisture[c];
      area += weight;
    }
    planet.truth->surface.soilMoistureM = area > 0.0 ? water / area : 0.0;
  }
  if (const auto sg = r.file.find("sg"); sg && gravity) {
    for (const double geopotential : surfaceMap(r, *sg, "m2 s-2")) {
      cube.orographyM.push_back(static_cast<float>(geopotential / *gravity));
    }
    r.convert("orography from sg by the planet's gravity");
  } else if (sg) {
    r.assume("surface heights stay absent: sg needs the planet's gravity");
  }
}

void noteMonths(Reading& r, const std::optional<double>& stepsMinutes) {
  const std::vector<double> time = coordinate(r.file, "time", planet::kMonths);
  const double steps = (time.back() - time.front()) / static_cast<double>(planet::kMonths - 1);
  std::string length;
  if (stepsMinutes && r.file.text(*r.file.find("time"), "units") == "timesteps")
    length = fmt::format(" of {:g} d each", steps * *stepsMinutes / (24.0 * 60.0));
  r.assume("months are the file's own twelfths of its model year" + length);
}

planet::Import readExoplasim(const std::filesystem::path& path, const ImportOptions& options) {
  const NetcdfFile file(path);
  Reading r{{options}, file};
  planet::Planet& planet = r.import.planet;
  planet.origin = planet::Origin::kGcm;
  planet.climate.emplace();
  readGrid(r);

  const std::optional<ExoplasimSidecar> sidecar = sidecarBeside(path);
  if (sidecar) {
    applySidecar(r, *sidecar, path);
    if (planet.truth) r.roll = settleLongitude(r, sidecar->substellarLongitudeDeg);
  } else {
    r.assume(
        "there is no planet.json beside the file: scalars and composition are absent, longitudes stay as they are");
  }
  if (const std::string* name = options.find("planet"); name != nullptr) planet.name = *name;
  if (planet.name.empty()) {
    planet.name = std::filesystem::absolute(path).parent_path().filename().string();
    r.assume("the planet is named after its folder, '" + planet.name + "'");
  }
  noteMonths(r, sidecar ? sidecar->stepsMinutes : std::nullopt);
  readFields(r);
  readSurface(r, sidecar ? sidecar->gravity : std::nullopt);
  r.convert("[time, lev, lat, lon] reordered to [time, lat, lon, lev]");
  r.import.provenance.conversions = r.conversions;
  return std::move(r.import);
}

}  // namespace

Format exoplasimFormat() {
  return {.name = "exoplasim",
          .kind = planet::ImportKind::kClimate,
          .reads = "NetCDF output of ExoPlaSim, T21 with 10 levels and 12 means, with planet.json beside it",
          .options = {{"units.ta", "unit of ta, for want of the file's attribute or against it"},
                      {"units.hus", "unit of hus, for want of the file's attribute or against it"},
                      {"units.ua", "unit of ua, for want of the file's attribute or against it"},
                      {"units.va", "unit of va, for want of the file's attribute or against it"},
                      {"units.ts", "unit of ts, for want of the file's attribute or against it"},
                      {"units.ps", "unit of ps, for want of the file's attribute or against it"},
                      {"units.clt", "unit of clt, for want of the file's attribute or against it"},
                      {"units.sic", "unit of sic, for want of the file's attribute or against it"},
                      {"units.rst", "unit of rst, for want of the file's attribute or against it"},
                      {"units.rlut", "unit of rlut, for want of the file's attribute or against it"},
                      {"units.lsm", "unit of lsm, for want of the file's attribute or against it"},
                      {"units.sg", "unit of sg, for want of the file's attribute or against it"},
                      {"units.mrso", "unit of mrso, for want of the file's attribute or against it"},
                      {"substellar_longitude", "degrees east under the star of a synchronous planet"}},
          .beside = {"planet.json"},
          .sniff = sniffExoplasim,
          .read = readExoplasim};
}

}  // namespace ecumene::data::formats
