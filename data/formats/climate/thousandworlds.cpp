// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/thousandworlds.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "data/base/units.h"
#include "data/formats/climate/climate_import.h"
#include "data/formats/climate/column_levels.h"
#include "data/formats/climate/npz_file.h"
#include "data/formats/common/text_table.h"
#include "data/planet/stated.h"

namespace ecumene::data::formats {
namespace {

using planet::Gas;
using planet::ScalarId;
using planet::VariableId;

constexpr std::size_t kCells = planet::kCanonicalLatitudes * planet::kCanonicalLongitudes;
constexpr std::size_t kMostSimulations = 1000000;
constexpr std::size_t kMostFields = 1000;
constexpr std::size_t kFileLevels = 10;
constexpr std::size_t kLargestTable = std::size_t{16} << 20U;

constexpr const char* kInputs = "../inputs.csv";
constexpr auto kSplitFiles = std::to_array<std::string_view>({
    "../subsets/single-complete/train.csv",
    "../subsets/single-complete/test.csv",
    "../subsets/multi-complete/train.csv",
    "../subsets/multi-complete/test.csv",
    "../subsets/multi-complete/test_shared_planets_only.csv",
    "../subsets/multi-complete/held_out_aux.csv",
    "../subsets/multi-partial/train.csv",
    "../subsets/multi-partial/test.csv",
    "../subsets/multi-partial/test_shared_planets_only.csv",
    "../subsets/multi-partial/held_out_aux.csv",
});

Sniff sniff(const std::filesystem::path& path, std::string_view head) {
  if (!looksLikeZip(head)) return {Match::kNo, "not a NumPy archive"};
  try {
    const NpzFile file(path);
    if (file.has("fields") && file.has("field_names") && file.has("simulation_id")) {
      return {Match::kCertain, "fields by name and simulation"};
    }
    if (file.has("coefficients")) return {Match::kNear, "spectral coefficients: give the grids, fields/all-obs.npz"};
    if (file.has("predictions")) return {Match::kNear, "predictions of a model, which are no simulations"};
    if (file.names().empty()) return {Match::kNo, "a zip without NumPy arrays"};
    return {Match::kNear, "a NumPy archive without fields, field_names and simulation_id"};
  } catch (const Error& error) {
    // A damaged zip of another name may be a spreadsheet.
    return {path.extension() == ".npz" ? Match::kNear : Match::kNo, error.what()};
  }
}

/// Where the simulation stands in the archive; the user names it, as an archive holds many.
std::size_t chooseSimulation(const NpzFile& file, ClimateImport& c, long& id) {
  const std::vector<double> ids = file.numbers("simulation_id", kMostSimulations);
  if (ids.empty()) throw Error("the archive holds no simulation").on("simulation_id");
  constexpr double kLargestId = 1e9;
  const auto wrong = std::find_if(ids.begin(), ids.end(),
                                  [](double i) { return !(i >= 0.0 && i <= kLargestId && std::floor(i) == i); });
  if (wrong != ids.end()) {
    throw Error("the identity of a simulation is no whole number in its range")
        .on("simulation_id")
        .expected(fmt::format("0 to {:g}", kLargestId))
        .found(fmt::format("{:g}", *wrong));
  }
  const std::optional<double> chosen =
      numberOption(c.options, "simulation", 0.0, kLargestId, "an identity of inputs.csv");
  if (!chosen && ids.size() > 1) {
    const auto [low, high] = std::minmax_element(ids.begin(), ids.end());
    throw Error("the archive holds many simulations, and a planet is one")
        .found(fmt::format("{} of them, {:g} to {:g}", ids.size(), *low, *high))
        .next("name one: --set simulation=NUMBER");
  }
  const auto at = std::find(ids.begin(), ids.end(), chosen.value_or(ids[0]));
  if (at == ids.end())
    throw Error("the archive has no such simulation").on("simulation_id").found(fmt::format("{:g}", *chosen));
  id = static_cast<long>(*at);
  return static_cast<std::size_t>(at - ids.begin());
}

TextTable readTable(const std::filesystem::path& path) {
  return parseTextTable(readFile(path, kLargestTable));
}

/// Column of exactly this name.
std::size_t columnOf(const TextTable& table, const std::string& name) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return i;
  }
  throw Error("the table has no such column").on(name);
}

std::optional<std::size_t> rowOf(const TextTable& table, long id) {
  const std::size_t column = columnOf(table, "simulation_id");
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (parseNumber(table.rows[row][column]) == static_cast<double>(id)) return row;
  }
  return std::nullopt;
}

/// "multi-partial test, single-complete train".
std::string splitsOf(const std::filesystem::path& folder, long id) {
  std::string text;
  for (const std::string_view name : kSplitFiles) {
    const std::filesystem::path path = folder / name;
    if (!std::filesystem::exists(path) || !rowOf(readTable(path), id)) continue;
    text += (text.empty() ? "" : ", ") + path.parent_path().filename().string() + " " + path.stem().string();
  }
  return text;
}

/// What the row of inputs.csv states.
struct Inputs {
  double surfacePressurePa = 0.0;
  std::string model;
};

Inputs applyInputs(ClimateImport& c, const TextTable& table, std::size_t row, long id) {
  planet::Planet& p = c.import.planet;
  planet::PlanetTruth& truth = p.truth.emplace(planet::unstatedTruth());
  const auto cell = [&](const char* name) { return table.rows[row][columnOf(table, name)]; };
  const auto number = [&](const char* name, double low, double high) {
    const std::optional<double> value = parseNumber(cell(name));
    if (!value || !(*value >= low && *value <= high)) {
      throw Error("the value is not a number in its range")
          .on(fmt::format("inputs.csv, simulation {}: {}", id, name))
          .expected(fmt::format("{:g} to {:g}", low, high))
          .found(cell(name));
    }
    return *value;
  };
  const auto take = [&](const char* name, ScalarId scalar, double& member, double factor = 1.0) {
    const planet::ScalarInfo& info = planet::info(scalar);
    member = number(name, info.validMin / factor, info.validMax / factor) * factor;
    p.scalars[scalar] = planet::Measurement{member, 0.0, 0};
  };
  take("stellar_flux", ScalarId::kStellarFlux, truth.orbit.fluxWm2);
  take("stellar_temperature", ScalarId::kStellarTemperature, truth.star.temperatureK);
  take("radius", ScalarId::kPlanetRadius, truth.bulk.radiusEarth, convert(1.0, "m", "R_earth"));
  take("gravity", ScalarId::kGravity, truth.bulk.gravity);
  take("rotation_period", ScalarId::kRotationPeriod, truth.bulk.rotationDays);
  take("surface_pressure", ScalarId::kSurfacePressure, truth.atmosphere.surfacePressurePa);
  const double co2 = number("co2", 0.0, 1.0);
  const double ch4 = number("ch4", 0.0, 1.0 - co2 + 1e-9);
  truth.atmosphere.ratio(Gas::kCO2) = co2;
  truth.atmosphere.ratio(Gas::kCH4) = ch4;
  truth.atmosphere.ratio(Gas::kN2) = std::max(0.0, 1.0 - co2 - ch4);
  c.assume("the air beside CO2 and CH4 is taken as N2: inputs.csv names no other gas");
  constexpr std::size_t kKeyLength = 16;
  p.systemKey = sha256("ThousandWorlds planet " + cell("planet_id")).substr(0, kKeyLength);
  const std::string model = cell("gcm_label");
  c.convert(fmt::format("ThousandWorlds simulation {}, planet {}, run by {} ({})", id, cell("planet_id"), model,
                        cell("source")));
  return {truth.atmosphere.surfacePressurePa, model};
}

/// What no file of the collection states, from the user.
void applyChoices(ClimateImport& c) {
  if (!c.import.planet.truth) return;
  planet::PlanetTruth& truth = *c.import.planet.truth;
  // Column j of the archive is put at the canonical column j, so that nothing is blended; the star, between columns 31
  // and 32 of the archive, comes to stand there.
  constexpr double kSubstellarDeg = 31.5 * 5.625;
  if (const std::string* locked = c.options.find("tidally_locked"); locked != nullptr) {
    if (*locked != "true" && *locked != "false") {
      throw Error("unknown choice", ErrorKind::kUsage).on("--set tidally_locked=" + *locked).expected("true or false");
    }
    planet::stateSynchronous(truth.bulk, *locked == "true");
    if (truth.bulk.synchronous) {
      truth.bulk.substellarLongitudeDeg = kSubstellarDeg;
      truth.orbit.periodDays = truth.bulk.rotationDays;
      c.import.planet.scalars[ScalarId::kOrbitalPeriod] = planet::Measurement{truth.orbit.periodDays, 0.0, 0};
      c.assume(fmt::format("the orbital period is the rotation period, {:g} d: the planet is synchronous",
                           truth.orbit.periodDays));
    }
    c.assume("tidally locked: " + *locked + ", as --set tidally_locked says");
  } else {
    c.assume(
        "whether the planet is tidally locked is not stated: there are no labels without --set tidally_locked=true");
  }
  if (const auto ocean = numberOption(c.options, "ocean_fraction", 0.0, 1.0, "share of the surface"); ocean) {
    truth.surface.oceanFraction = *ocean;
    if (*ocean == 0.0) truth.surface.soilMoistureM = 0.0;
    c.assume(fmt::format("{:g} of the surface is ocean, as --set ocean_fraction says", *ocean));
  } else {
    c.assume("whether there is an ocean is not stated: there are no labels without --set ocean_fraction=1");
  }
}

struct Fields {
  std::map<std::string, std::size_t> at;  ///< by name
  std::vector<double> values;             ///< [field][cell]

  [[nodiscard]] std::span<const double> map(std::size_t field) const {
    return std::span(values).subspan(field * kCells, kCells);
  }
};

Fields readMaps(const NpzFile& file, std::size_t simulation) {
  Fields fields;
  const std::vector<std::string> names = file.texts("field_names", kMostFields);
  const std::vector<std::size_t> shape = file.header("fields").shape;
  if (shape.size() != 4 || shape[1] != names.size() || shape[2] != planet::kCanonicalLatitudes ||
      shape[3] != planet::kCanonicalLongitudes) {
    throw Error("the array has a wrong shape")
        .on("fields")
        .expected(fmt::format("simulations x {} x 32 x 64", names.size()));
  }
  for (std::size_t i = 0; i < names.size(); ++i) fields.at.emplace(names[i], i);
  fields.values = file.slice("fields", simulation, kMostFields * kCells);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto map = fields.map(i);
    const auto missing = std::count_if(map.begin(), map.end(), [](double v) { return !std::isfinite(v); });
    if (missing != 0 && static_cast<std::size_t>(missing) != kCells) {
      throw Error("part of a field is missing, where the collection misses whole fields only")
          .on("fields: " + names[i])
          .found(fmt::format("{} of {} cells", missing, kCells));
    }
  }
  return fields;
}

/// A map, if the archive has it for this simulation.
std::optional<std::size_t> fieldCalled(const Fields& fields, const std::string& name) {
  const auto entry = fields.at.find(name);
  if (entry == fields.at.end() || !std::isfinite(fields.map(entry->second)[0])) return std::nullopt;
  return entry->second;
}

/// The ten sigma levels of a variable; empty, with the reason said, if its levels do not reach.
std::vector<double> columnsOf(ClimateImport& c, const Fields& fields, const std::string& name, double surfacePressurePa,
                              bool hold) {
  const auto count = static_cast<std::size_t>(std::count_if(fields.at.begin(), fields.at.end(), [&](const auto& field) {
    return field.first.starts_with(name + "_") && parseNumber(field.first.substr(name.size() + 1)).has_value();
  }));
  std::vector<std::optional<std::size_t>> level(std::min(count, kFileLevels));  // from the top down
  std::vector<double> logP(level.size());
  for (std::size_t i = 0; i < level.size(); ++i) {
    const std::size_t k = level.size() - 1 - i;  // from the ground up, as the archive counts
    level[i] = fieldCalled(fields, name + "_" + std::to_string(k));
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
  for (std::size_t cell = 0; cell < kCells; ++cell) {
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
  checkRange(planet::info(id), values, "the archive is damaged, or is not ThousandWorlds's");
  planet::Field field{id, {}};
  for (std::size_t month = 0; month < planet::kMonths; ++month)
    field.values.insert(field.values.end(), values.begin(), values.end());
  c.import.planet.climate->fields.push_back(std::move(field));
}

void addFields(ClimateImport& c, const Fields& fields, const std::optional<double>& surfacePressurePa) {
  const std::string* levels = c.options.find("levels");
  if (levels != nullptr && *levels != "hold")
    throw Error("unknown choice", ErrorKind::kUsage).on("--set levels=" + *levels).expected("hold");
  const auto column = [&](VariableId id, const char* name) {
    if (surfacePressurePa) addField(c, id, columnsOf(c, fields, name, *surfacePressurePa, levels != nullptr));
  };
  const auto surface = [&](VariableId id, std::initializer_list<const char*> names) {
    for (const char* name : names) {
      if (const auto field = fieldCalled(fields, name); field) {
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

planet::Import readThousandworlds(const std::filesystem::path& path, const ImportOptions& options) {
  ClimateImport c{options};
  planet::Planet& p = c.import.planet;
  p.origin = planet::Origin::kGcm;
  p.climate.emplace().grid = planet::canonicalGrid();
  const NpzFile file(path);
  long id = 0;
  const std::size_t simulation = chooseSimulation(file, c, id);
  const std::string* time = options.find("time");
  if (time == nullptr || *time != "constant") {
    throw Error("the collection holds means over time, and a climate has twelve months")
        .next("if the planet has no seasons, say that its mean stands for all of them: --set time=constant");
  }
  c.assume("the mean over time stands for all twelve months, as --set time=constant says");
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  std::optional<double> surfacePressurePa;
  std::string model;
  if (std::filesystem::exists(folder / kInputs)) {
    const TextTable table = readTable(folder / kInputs);
    const std::optional<std::size_t> row = rowOf(table, id);
    if (!row) throw Error("the table has no such simulation").on("inputs.csv").found(std::to_string(id));
    const Inputs inputs = applyInputs(c, table, *row, id);
    surfacePressurePa = inputs.surfacePressurePa;
    model = inputs.model;
  } else {
    c.assume("there is no ../inputs.csv by the archive: star, orbit and air are not known");
  }
  if (const std::string splits = splitsOf(folder, id); !splits.empty()) c.convert("ThousandWorlds splits: " + splits);
  const std::string* name = options.find("planet");
  p.name = name != nullptr ? *name : fmt::format("ThousandWorlds {}{}{}", id, model.empty() ? "" : " ", model);
  applyChoices(c);
  addFields(c, readMaps(file, simulation), surfacePressurePa);
  if (p.climate->fields.empty())
    throw Error("no field of the simulation makes a climate").on("fields").found(std::to_string(id));
  c.convert("rows from the south and columns as the archive has them; the star over the middle of the map");
  c.import.provenance.conversions = c.conversions;
  if (options.find("licence") == nullptr) {
    c.import.provenance.licence = "CC-BY-4.0";
    c.assume("licence CC-BY-4.0, that of the published collection");
  }
  return std::move(c.import);
}

}  // namespace

Format thousandworldsFormat() {
  Format format{.name = "thousandworlds",
                .kind = planet::ImportKind::kClimate,
                .reads = "ThousandWorlds' archives of gridded fields (fields/*.npz), one simulation at a time",
                .options = {{"simulation", "identity of the simulation in the archive"},
                            {"time", "constant: the mean over time stands for all months"},
                            {"levels", "hold: beyond the archive's levels the nearest one's value is taken"},
                            {"tidally_locked", "true or false, which the collection does not state"},
                            {"ocean_fraction", "0 to 1, which the collection does not state"}},
                .beside = {kInputs},
                .sniff = sniff,
                .read = readThousandworlds};
  format.beside.insert(format.beside.end(), kSplitFiles.begin(), kSplitFiles.end());
  return format;
}

}  // namespace ecumene::data::formats
