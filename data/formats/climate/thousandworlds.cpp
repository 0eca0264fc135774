// SPDX-License-Identifier: Apache-2.0
#include "data/formats/climate/thousandworlds.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>
#include <sstream>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/base/units.h"
#include "data/formats/climate/climate_import.h"
#include "data/formats/climate/npz_file.h"
#include "data/formats/climate/thousandworlds_fields.h"
#include "data/formats/climate/thousandworlds_tables.h"
#include "data/planet/stated.h"

namespace ecumene::data::formats {
namespace {

using planet::Gas;
using planet::kCanonicalCells;
using planet::ScalarId;

constexpr std::size_t kMostSimulations = 1000000;
constexpr std::size_t kMostFields = 1000;

Sniff sniffThousandworlds(const std::filesystem::path& path, std::string_view head) {
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

/// Identities of the archive's simulations, in its order.
std::vector<long> idsOf(const NpzFile& file) {
  const std::vector<double> numbers = file.numbers("simulation_id", kMostSimulations);
  if (numbers.empty()) throw Error("the archive holds no simulation").on("simulation_id");
  std::vector<long> ids;
  std::set<long> seen;
  for (const double number : numbers) {
    if (!(number >= 0.0 && number <= kLargestSimulationId && std::floor(number) == number)) {
      throw Error("the identity of a simulation is no whole number in its range")
          .on("simulation_id")
          .expected(fmt::format("0 to {:g}", kLargestSimulationId))
          .found(fmt::format("{:g}", number));
    }
    ids.push_back(static_cast<long>(number));
    if (!seen.insert(ids.back()).second) {
      throw Error("two simulations have one identity").on("simulation_id").found(std::to_string(ids.back()));
    }
  }
  return ids;
}

std::vector<std::string> fieldNamesOf(const NpzFile& file, std::size_t simulations) {
  std::vector<std::string> names = file.texts("field_names", kMostFields);
  const std::vector<std::size_t> expected{simulations, names.size(), planet::kCanonicalLatitudes,
                                          planet::kCanonicalLongitudes};
  if (names.empty() || file.header("fields").shape != expected) {
    throw Error("the array has a wrong shape")
        .on("fields")
        .expected(fmt::format("{} simulations x {} fields x 32 x 64", simulations, names.size()));
  }
  return names;
}

/// The simulations asked for, by their places in the archive: all, those named, or those of a split.
std::vector<std::size_t> chosenOf(const std::vector<long>& ids, const ThousandworldsTables& tables,
                                  const ImportOptions& options) {
  std::vector<std::size_t> places(ids.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  const std::string* chosen = options.find("simulation");
  if (chosen == nullptr) return places;
  const auto wrong = [&](const std::string& word) {
    std::string splits;
    for (const std::string& split : thousandworldsSplits()) splits += ", " + split;
    return Error("neither a simulation's identity nor a split", ErrorKind::kUsage)
        .on("--set simulation=" + *chosen)
        .expected("identities (7,1650), or one of" + splits.substr(1))
        .found("'" + word + "'");
  };
  std::set<long> wanted;
  if (chosen->find('/') != std::string::npos) {
    const std::vector<std::string> known = thousandworldsSplits();
    if (std::find(known.begin(), known.end(), *chosen) == known.end()) throw wrong(*chosen);
    for (const auto& [id, splits] : tables.splits) {
      if (std::find(splits.begin(), splits.end(), *chosen) != splits.end()) wanted.insert(id);
    }
    if (wanted.empty())
      throw Error("the table of the split is not beside the archive").on("../subsets/" + *chosen + ".csv");
    std::erase_if(places, [&](std::size_t place) { return !wanted.contains(ids[place]); });
    if (places.empty()) throw Error("the archive has no simulation of the split").on("simulation_id").found(*chosen);
    return places;
  }
  std::istringstream words(*chosen);
  for (std::string word; std::getline(words, word, ',');) {
    const std::optional<double> id = parseNumber(word);
    if (!id || !(*id >= 0.0 && *id <= kLargestSimulationId && std::floor(*id) == *id)) throw wrong(word);
    wanted.insert(static_cast<long>(*id));
    if (std::find(ids.begin(), ids.end(), static_cast<long>(*id)) == ids.end())
      throw Error("the archive has no such simulation").on("simulation_id").found(word);
  }
  if (wanted.empty()) throw wrong("");
  std::erase_if(places, [&](std::size_t place) { return !wanted.contains(ids[place]); });
  return places;
}

/// Gives the planet what the simulation's row of inputs.csv states.
void applyInputs(ClimateImport& c, const ThousandworldsTables& tables, std::size_t row, long id) {
  planet::Planet& p = c.import.planet;
  planet::PlanetTruth& truth = p.truth.emplace(planet::unstatedTruth());
  const auto cell = [&](const char* name) { return tables.input(row, name); };
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
  c.convert(fmt::format("ThousandWorlds simulation {}, planet {}, run by {} ({})", id, cell("planet_id"),
                        cell("gcm_label"), cell("source")));
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

/// The splits that the simulation stands in, each a name by which it is found, and what methods reached on them.
void addSplits(ClimateImport& c, const ThousandworldsTables& tables, long id) {
  const auto entry = tables.splits.find(id);
  if (entry == tables.splits.end()) return;
  planet::Planet& p = c.import.planet;
  std::string all;
  for (const std::string& split : entry->second) {
    all += (all.empty() ? "" : ", ") + split;
    p.aliases.push_back(fmt::format("ThousandWorlds {} {}", split, id));
    const auto scores = tables.scores.find(split);
    if (scores == tables.scores.end()) continue;
    planet::Provenance& from = p.provenance.emplace_back();
    from.part = "scores";
    from.source = "scores_5seeds.csv";
    from.sha256 = tables.scoresSha256;
    from.conversions = scores->second;
  }
  c.convert("ThousandWorlds splits: " + all);
}

planet::Import planetOf(const ThousandworldsFields& fields, const ThousandworldsTables& tables, long id,
                        const ImportOptions& options) {
  ClimateImport c{options};
  planet::Planet& p = c.import.planet;
  p.origin = planet::Origin::kGcm;
  p.climate.emplace().grid = planet::canonicalGrid();
  c.assume("the mean over time stands for all twelve months, as --set time=constant says");
  std::optional<double> surfacePressurePa;
  std::string model;
  if (tables.inputs) {
    const auto row = tables.inputRow.find(id);
    if (row == tables.inputRow.end())
      throw Error("the table has no such simulation").on("inputs.csv").found(std::to_string(id));
    applyInputs(c, tables, row->second, id);
    surfacePressurePa = p.truth->atmosphere.surfacePressurePa;
    model = " " + tables.input(row->second, "gcm_label");
  } else {
    c.assume("there is no ../inputs.csv by the archive: star, orbit and air are not known");
  }
  addSplits(c, tables, id);
  const std::string* name = options.find("planet");
  p.name = name != nullptr ? *name : fmt::format("ThousandWorlds {}{}", id, model);
  applyChoices(c);
  addThousandworldsFields(c, fields, surfacePressurePa);
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

void readThousandworlds(const std::filesystem::path& path, const ImportOptions& options, const TakePart& take) {
  const NpzFile file(path);
  const std::vector<long> ids = idsOf(file);
  const std::string* time = options.find("time");
  if (time == nullptr || *time != "constant") {
    throw Error("the collection holds means over time, and a climate has twelve months")
        .next("if the planets have no seasons, say that their means stand for all of them: --set time=constant");
  }
  const ThousandworldsTables tables = readThousandworldsTables(std::filesystem::absolute(path).parent_path());
  const std::vector<std::size_t> chosen = chosenOf(ids, tables, options);
  if (const std::string* name = options.find("planet"); name != nullptr && chosen.size() > 1) {
    throw Error("one name is given to many planets", ErrorKind::kUsage)
        .on("--set planet=" + *name)
        .found(fmt::format("{} simulations", chosen.size()))
        .next("name one of them too: --set simulation=NUMBER");
  }
  const std::vector<std::string> names = fieldNamesOf(file, ids.size());
  ThousandworldsFields fields;
  for (std::size_t i = 0; i < names.size(); ++i) fields.at.emplace(names[i], i);
  file.verify("fields");
  std::size_t done = 0;
  file.slices("fields", chosen, kMostFields * kCanonicalCells, [&](std::size_t place, std::vector<double> values) {
    ImportedPart part{.name = fmt::format("simulation {}", ids[place]),
                      .at = done++,
                      .of = chosen.size(),
                      .import = {},
                      .refusal = {}};
    fields.values = std::move(values);
    try {
      part.import = planetOf(fields, tables, ids[place], options);
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kUsage) throw;
      part.refusal = error;
    }
    take(std::move(part));
  });
}

}  // namespace

Format thousandworldsFormat() {
  return {.name = "thousandworlds",
          .kind = planet::ImportKind::kClimate,
          .reads = "ThousandWorlds' archives of gridded fields (fields/*.npz), a planet for each simulation",
          .options = {{"simulation",
                       "which simulations of the archive: identities (7,1650), or a split (multi-partial/test); all "
                       "without it"},
                      {"time", "constant: the mean over time stands for all months"},
                      {"levels", "hold: beyond the archive's levels the nearest one's value is taken"},
                      {"tidally_locked", "true or false, which the collection does not state"},
                      {"ocean_fraction", "0 to 1, which the collection does not state"}},
          .beside = thousandworldsTableFiles(),
          .ending = ".npz",
          .sniff = sniffThousandworlds,
          .readParts = readThousandworlds};
}

}  // namespace ecumene::data::formats
