// SPDX-License-Identifier: Apache-2.0
#include "data/formats/nasa_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "data/base/error.h"
#include "data/base/units.h"
#include "data/formats/text_file.h"
#include "data/formats/text_table.h"

namespace ecumene::data::formats {
namespace {

using planet::Measurement;
using planet::ScalarId;

constexpr std::size_t kLargestFile = std::size_t{512} << 20U;

/// A column of the archive, its unit (by the archive's definition of its columns) and how its header comments write it.
struct ArchiveColumn {
  std::string_view name;
  std::optional<ScalarId> scalar;  ///< none: used to derive others only
  std::string_view unit;
  std::string_view stated;   ///< the bracket of its COLUMN comment, lower case
  double possibleMin = 0.0;  ///< of columns without a scalar, in `unit`
  double possibleMax = 0.0;
};
constexpr std::size_t kMass = 6;
constexpr std::size_t kStarMass = 7;
constexpr auto kColumns = std::to_array<ArchiveColumn>({
    {"pl_insol", ScalarId::kStellarFlux, "S_earth", "earth flux"},
    {"st_teff", ScalarId::kStellarTemperature, "K", "k"},
    {"st_rad", ScalarId::kStellarRadius, "R_sun", "solar radius"},
    {"pl_rade", ScalarId::kPlanetRadius, "R_earth", "earth radius"},
    {"pl_orbper", ScalarId::kOrbitalPeriod, "d", "days"},
    {"pl_orbeccen", ScalarId::kEccentricity, "1", ""},
    // From a tenth of the Moon to a few times the 13 Jupiter masses at which deuterium burns; from the lightest brown
    // dwarfs to the heaviest stars known.
    {"pl_bmasse", std::nullopt, "M_earth", "earth mass", 1e-3, 3e4},
    {"st_mass", std::nullopt, "M_sun", "solar mass", 0.005, 300.0},
});

Sniff sniff(const std::filesystem::path&, std::string_view head) {
  if (!looksLikeText(head)) return {Match::kNo, "not text"};
  while (head.starts_with("#")) {
    const std::size_t end = head.find('\n');
    if (end == std::string_view::npos) return {Match::kNo, "comments only"};
    head.remove_prefix(end + 1);
  }
  try {
    const std::vector<std::string> names = splitCsv(head.substr(0, head.find('\n')));
    if (std::find(names.begin(), names.end(), "pl_name") != names.end()) return {Match::kCertain, "a pl_name column"};
  } catch (const Error& error) {
    return {Match::kNo, error.what()};
  }
  return {head.substr(0, head.find('\n')).find(',') == std::string_view::npos ? Match::kNo : Match::kNear,
          "no pl_name column"};
}

/// Positions of one archive column and its companions in the file.
struct Place {
  std::optional<std::size_t> value, upperError, lowerError, limit;
};

struct Reading {
  std::string_view text;
  std::size_t line = 0;
  std::map<std::string, std::string> stated{};  ///< column name -> unit in brackets of its COLUMN comment
  std::vector<std::string> names{};
  std::array<Place, kColumns.size()> places{};
  planet::Import import{};
  std::map<std::string, std::size_t> rowOf{};  ///< normalised name -> index of its entry
  std::vector<std::size_t> lines{};            ///< of the entries
  std::size_t refused = 0, joined = 0, gravities = 0, fluxes = 0, notDefault = 0;

  std::optional<std::string_view> next() {
    if (text.empty()) return std::nullopt;
    const std::size_t end = text.find('\n');
    std::string_view row = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (row.ends_with('\r')) row.remove_suffix(1);
    ++line;
    return row;
  }
  [[nodiscard]] std::string here() const { return "line " + std::to_string(line); }
};

void readComment(Reading& r, std::string_view row) {
  const std::string comment = trim(row.substr(1));
  if (!comment.starts_with("COLUMN ")) return;
  const std::size_t colon = comment.find(':');
  if (colon == std::string::npos) return;
  const std::string name = trim(std::string_view(comment).substr(7, colon - 7));
  const std::size_t open = comment.rfind('[');
  const bool bracket = open != std::string::npos && comment.back() == ']';
  r.stated[name] = bracket ? lower(std::string_view(comment).substr(open + 1, comment.size() - open - 2)) : "";
}

void readHeader(Reading& r) {
  const auto find = [&](const std::string& name) -> std::optional<std::size_t> {
    const auto at = std::find(r.names.begin(), r.names.end(), name);
    if (at == r.names.end()) return std::nullopt;
    if (std::find(at + 1, r.names.end(), name) != r.names.end()) {
      throw Error("the column stands twice").on(name).next("remove one of them");
    }
    return static_cast<std::size_t>(at - r.names.begin());
  };
  for (const char* name : {"pl_name", "hostname", "default_flag"}) (void)find(name);
  std::string defined;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    const std::string name(kColumns[i].name);
    r.places[i] = {find(name), find(name + "err1"), find(name + "err2"), find(name + "lim")};
    if (!r.places[i].value) continue;
    const auto stated = r.stated.find(name);
    if (stated == r.stated.end()) {
      if (kColumns[i].unit != "1")
        defined += fmt::format("{}{} in {}", defined.empty() ? "" : ", ", name, kColumns[i].unit);
    } else if (stated->second != kColumns[i].stated) {
      throw Error("the column has another unit than the archive's")
          .on(name)
          .expected("'" + std::string(kColumns[i].stated) + "'")
          .found("'" + stated->second + "'");
    }
  }
  if (!defined.empty()) {
    r.import.assumptions.push_back("the file states no units; read as the archive defines its columns: " + defined);
  }
  if (r.places[0].value) r.import.assumptions.push_back("pl_insol in units of 1361 W m-2");
}

std::optional<double> numberAt(const Reading& r, const std::vector<std::string>& cells,
                               const std::optional<std::size_t>& column) {
  if (!column || cells[*column].empty()) return std::nullopt;
  const std::optional<double> value = parseNumber(cells[*column]);
  if (!value || !std::isfinite(*value)) {
    throw Error("the cell is not a number").on(r.here() + ", " + r.names[*column]).found("'" + cells[*column] + "'");
  }
  return value;
}

/// Value with error and limit flag, in the archive's unit.
std::optional<Measurement> measurement(const Reading& r, const std::vector<std::string>& cells, const Place& place) {
  const std::optional<double> value = numberAt(r, cells, place.value);
  if (!value) return std::nullopt;
  const std::optional<double> up = numberAt(r, cells, place.upperError);
  const std::optional<double> down = numberAt(r, cells, place.lowerError);
  const double sigma = up && down ? 0.5 * (std::abs(*up) + std::abs(*down)) : std::abs(up.value_or(down.value_or(0.0)));
  const double limit = numberAt(r, cells, place.limit).value_or(0.0);
  return Measurement{*value, sigma, limit > 0.0 ? 1 : limit < 0.0 ? -1 : 0};
}

bool usable(const std::optional<Measurement>& m) {
  return m && m->limit == 0 && m->value > 0.0;
}

/// Whether the number can be true. One that cannot is refused with its place; the rest of its row is taken.
bool possible(Reading& r, std::size_t column, const Measurement& m, const std::string& planet) {
  const ArchiveColumn& c = kColumns[column];
  double low = c.possibleMin;
  double high = c.possibleMax;
  if (c.scalar) {
    const planet::ScalarInfo& info = planet::info(*c.scalar);
    low = convert(info.validMin, info.unit, c.unit);
    high = convert(info.validMax, info.unit, c.unit);
  }
  if (m.value >= low && m.value <= high) return true;
  constexpr std::size_t kMostListed = 20;
  if (++r.refused <= kMostListed) {
    const std::string_view unit = c.unit == "1" ? "" : c.unit;
    r.import.assumptions.push_back(
        fmt::format("refused: {}, {} of '{}': {:g} {}{}is outside {:g} to {:g}; it stays absent", r.here(), c.name,
                    planet, m.value, unit, unit.empty() ? "" : " ", low, high));
  }
  return false;
}

Measurement inScalarUnit(std::size_t column, const Measurement& m) {
  const std::string_view unit = kColumns[column].unit;
  const std::string_view wanted = planet::info(*kColumns[column].scalar).unit;
  return {convert(m.value, unit, wanted), convert(m.sigma, unit, wanted), m.limit};
}

/// Takes the entry, or joins it to that of an earlier row that names the same planet, in whatever spelling.
void takeEntry(Reading& r, planet::CatalogueEntry entry) {
  const auto [row, isNew] = r.rowOf.try_emplace(planet::normalisedName(entry.planet), r.import.entries.size());
  if (isNew) {
    r.import.entries.push_back(std::move(entry));
    r.lines.push_back(r.line);
    return;
  }
  planet::CatalogueEntry& first = r.import.entries[row->second];
  for (const planet::ScalarInfo& info : planet::scalars()) {
    std::optional<Measurement>& known = first.scalars[info.id];
    const std::optional<Measurement>& other = entry.scalars[info.id];
    if (known && other && *known != *other) {
      throw Error("the table has several rows of one planet, and they differ")
          .on(r.here())
          .found(fmt::format("{} {:g} of '{}' and, in line {}, {:g} of '{}'", info.name, other->value, entry.planet,
                             r.lines[row->second], known->value, first.planet))
          .next("export one row a planet: the composite table, or the column default_flag with it");
    }
    if (other) known = other;
  }
  if (entry.planet != first.planet) first.aliases.push_back(entry.planet);
  if (first.host.empty()) first.host = entry.host;
  ++r.joined;
}

/// g = G M / R^2, relative errors in quadrature.
void deriveGravity(planet::Scalars& scalars, Reading& r, const std::optional<Measurement>& mass,
                   const std::optional<Measurement>& radius) {
  if (!usable(mass) || !usable(radius)) return;
  constexpr double kEarthGm = 3.986004e14;  // IAU 2015 B3, m3 s-2
  const double radiusM = convert(radius->value, "R_earth", "m");
  const double gravity = kEarthGm * mass->value / (radiusM * radiusM);
  const planet::ScalarInfo& info = planet::info(ScalarId::kGravity);
  if (gravity < info.validMin || gravity > info.validMax) return;
  const bool known = mass->sigma > 0.0 && radius->sigma > 0.0;
  const double relative = std::hypot(mass->sigma / mass->value, 2.0 * radius->sigma / radius->value);
  scalars[ScalarId::kGravity] = Measurement{gravity, known ? gravity * relative : 0.0, 0};
  ++r.gravities;
}

/// Flux of a black sphere of the star's radius and temperature at the distance that Kepler's third law gives:
/// S / S_earth = (R / R_sun)^2 (T / 5772 K)^4 / (a / au)^2, a^3 = M P^2 in suns, years and au.
void deriveFlux(planet::Scalars& scalars, Reading& r,
                const std::array<std::optional<Measurement>, kColumns.size()>& m) {
  if (m[0] || !usable(m[1]) || !usable(m[2]) || !usable(m[4]) || !usable(m[kStarMass])) return;
  const double years = m[4]->value / 365.25;
  const double axisAu = std::cbrt(m[kStarMass]->value * years * years);
  const double flux = std::pow(m[2]->value, 2.0) * std::pow(m[1]->value / 5772.0, 4.0) / (axisAu * axisAu) * 1361.0;
  const planet::ScalarInfo& info = planet::info(ScalarId::kStellarFlux);
  if (flux < info.validMin || flux > info.validMax) return;
  scalars[ScalarId::kStellarFlux] = Measurement{flux, 0.0, 0};
  ++r.fluxes;
}

void readRow(Reading& r, std::string_view row) {
  std::vector<std::string> cells;
  try {
    cells = splitCsv(row);
  } catch (Error& error) {
    throw error.on(r.here());
  }
  if (cells.size() != r.names.size()) {
    throw Error("the row has another number of cells than the header")
        .on(r.here())
        .expected(std::to_string(r.names.size()))
        .found(std::to_string(cells.size()))
        .next("the file may be cut short or damaged");
  }
  const auto cell = [&](const char* name) -> std::string {
    const auto at = std::find(r.names.begin(), r.names.end(), name);
    return at == r.names.end() ? "" : cells[static_cast<std::size_t>(at - r.names.begin())];
  };
  if (const std::string flag = cell("default_flag"); !flag.empty() && flag != "1") {
    ++r.notDefault;
    return;
  }
  planet::CatalogueEntry entry;
  entry.planet = cell("pl_name");
  entry.host = cell("hostname");
  if (entry.planet.empty()) throw Error("the planet has no name").on(r.here());
  constexpr std::size_t kLongestName = 200;
  if (std::max(entry.planet.size(), entry.host.size()) > kLongestName) {
    throw Error("the name is too long").on(r.here()).expected(fmt::format("at most {} bytes", kLongestName));
  }
  std::array<std::optional<Measurement>, kColumns.size()> values;
  for (std::size_t i = 0; i < kColumns.size(); ++i) {
    values[i] = measurement(r, cells, r.places[i]);
    if (values[i] && !possible(r, i, *values[i], entry.planet)) values[i].reset();
    if (values[i] && kColumns[i].scalar) entry.scalars[*kColumns[i].scalar] = inScalarUnit(i, *values[i]);
  }
  deriveGravity(entry.scalars, r, values[kMass], values[3]);
  deriveFlux(entry.scalars, r, values);
  takeEntry(r, std::move(entry));
}

void report(Reading& r) {
  auto& assumptions = r.import.assumptions;
  if (r.gravities > 0) {
    assumptions.push_back(fmt::format(
        "gravity of {} planets is derived from mass and radius (G M / R^2); the mass column may hold M sin i",
        r.gravities));
  }
  if (r.fluxes > 0) {
    assumptions.push_back(fmt::format(
        "flux of {} planets is derived from stellar radius, temperature and mass and the period, for want of pl_insol",
        r.fluxes));
  }
  if (r.notDefault > 0) {
    assumptions.push_back(fmt::format("{} rows whose default_flag is not 1 are left out", r.notDefault));
  }
  if (r.joined > 0) {
    assumptions.push_back(
        fmt::format("{} rows name the planet of an earlier row, which they agree with: joined to it", r.joined));
  }
  if (r.refused > 0) assumptions.push_back(fmt::format("refused: {} values in all that cannot be true", r.refused));
}

planet::Import readNasa(const std::filesystem::path& path, const ImportOptions&) {
  const std::string content = readTextFile(path, kLargestFile);
  Reading r{.text = content};
  while (const auto row = r.next()) {
    if (trim(*row).empty()) continue;
    if (row->front() == '#') {
      readComment(r, *row);
    } else if (r.names.empty()) {
      r.names = splitCsv(*row);
      if (std::find(r.names.begin(), r.names.end(), "pl_name") == r.names.end()) {
        throw Error("the table has no pl_name column").on(r.here());
      }
      readHeader(r);
    } else {
      readRow(r, *row);
    }
  }
  if (r.import.entries.empty()) throw Error("the table holds no planet");
  report(r);
  r.import.provenance.licence = "NASA Exoplanet Archive: public, acknowledgement asked (doi 10.26133/NEA13)";
  r.import.provenance.conversions = "to the units of planet_params; empty cells stay absent";
  return std::move(r.import);
}

}  // namespace

Format nasaCsvFormat() {
  return {.name = "nasa_csv",
          .kind = planet::ImportKind::kCatalogue,
          .reads = "CSV tables of the NASA Exoplanet Archive",
          .options = {},
          .sniff = sniff,
          .read = readNasa};
}

}  // namespace ecumene::data::formats
