// SPDX-License-Identifier: Apache-2.0
#include "data/formats/catalogue/catalogue_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "data/base/error.h"
#include "data/base/units.h"
#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

using planet::Measurement;
using planet::ScalarId;

/// A quantity, the scalar that it is and the unit that it is held in.
struct CatalogueQuantityInfo {
  std::optional<ScalarId> scalar;  ///< none: used to derive others only
  std::string_view unit;
  double possibleMin = 0.0;  ///< of those without a scalar, in `unit`
  double possibleMax = 0.0;
};
constexpr std::array<CatalogueQuantityInfo, kCatalogueQuantities> kInfo{{
    {ScalarId::kStellarFlux, "S_earth"},
    {ScalarId::kStellarTemperature, "K"},
    {ScalarId::kStellarRadius, "R_sun"},
    {ScalarId::kPlanetRadius, "R_earth"},
    {ScalarId::kOrbitalPeriod, "d"},
    {ScalarId::kEccentricity, "1"},
    // From a tenth of the Moon to a few times the 13 Jupiter masses at which deuterium burns; from the lightest brown
    // dwarfs to the heaviest stars known; from inside any star to where no star holds a planet.
    {std::nullopt, "M_earth", 1e-3, 3e4},
    {std::nullopt, "M_sun", 0.005, 300.0},
    {std::nullopt, "au", 1e-4, 1e6},
}};

const CatalogueQuantityInfo& infoOf(CatalogueQuantity quantity) {
  return kInfo.at(static_cast<std::size_t>(quantity));
}

const std::optional<Measurement>& of(const CatalogueRow& row, CatalogueQuantity quantity) {
  return row.values.at(static_cast<std::size_t>(quantity));
}

bool usable(const std::optional<Measurement>& m) {
  return m && m->limit == 0 && m->value > 0.0;
}

bool isPossible(ScalarId id, double value) {
  const planet::ScalarInfo& info = planet::info(id);
  return value >= info.validMin && value <= info.validMax;
}

}  // namespace

std::vector<std::string> cellsOf(std::string_view row, const std::string& here, std::size_t columns) {
  std::vector<std::string> cells;
  try {
    cells = splitCsv(row);
  } catch (Error& error) {
    throw error.on(here);
  }
  if (columns == 0 || cells.size() == columns) return cells;
  throw Error("the row has another number of cells than the header")
      .on(here)
      .expected(std::to_string(columns))
      .found(std::to_string(cells.size()))
      .next("the file may be cut short or damaged");
}

Measurement measured(double value, std::optional<double> up, std::optional<double> down) {
  const double sigma = up && down ? 0.5 * (std::abs(*up) + std::abs(*down)) : std::abs(up.value_or(down.value_or(0.0)));
  return {value, sigma, 0};
}

void CatalogueRows::set(CatalogueRow& row, CatalogueQuantity quantity, std::string_view column, std::string_view unit,
                        const Measurement& value) {
  const CatalogueQuantityInfo& q = infoOf(quantity);
  double low = convert(q.possibleMin, q.unit, unit);
  double high = convert(q.possibleMax, q.unit, unit);
  if (q.scalar) {
    const planet::ScalarInfo& info = planet::info(*q.scalar);
    low = convert(info.validMin, info.unit, unit);
    high = convert(info.validMax, info.unit, unit);
  }
  if (value.value >= low && value.value <= high) {
    const auto inUnit = [&](double number) { return unit == q.unit ? number : convert(number, unit, q.unit); };
    row.values.at(static_cast<std::size_t>(quantity)) = {inUnit(value.value), inUnit(value.sigma), value.limit};
    return;
  }
  constexpr std::size_t kMostListed = 20;
  if (++refused_ > kMostListed) return;
  const std::string_view written = unit == "1" ? "" : unit;
  assume(fmt::format("refused: {}, {} of '{}': {:g} {}{}is outside {:g} to {:g}; it stays absent", row.place, column,
                     row.names.empty() ? "" : row.names.front(), value.value, written, written.empty() ? "" : " ", low,
                     high));
}

void CatalogueRows::take(CatalogueRow row) {
  if (row.names.empty() || row.names.front().empty()) throw Error("the planet has no name").on(row.place);
  constexpr std::size_t kLongestName = 200;
  std::size_t longest = row.host.size();
  for (const std::string& name : row.names) longest = std::max(longest, name.size());
  if (longest > kLongestName) {
    throw Error("the name is too long").on(row.place).expected(fmt::format("at most {} bytes", kLongestName));
  }
  planet::CatalogueEntry entry{row.names.front(), row.host, {row.names.begin() + 1, row.names.end()}, {}};
  for (std::size_t i = 0; i < kCatalogueQuantities; ++i) {
    const CatalogueQuantityInfo& q = kInfo[i];
    if (!q.scalar || !row.values[i]) continue;
    const std::string_view wanted = planet::info(*q.scalar).unit;
    const auto inUnit = [&](double number) { return convert(number, q.unit, wanted); };
    entry.scalars[*q.scalar] = {inUnit(row.values[i]->value), inUnit(row.values[i]->sigma), row.values[i]->limit};
  }
  deriveGravity(row, entry.scalars);
  deriveFlux(row, entry.scalars);

  const auto [known, isNew] = rowOf_.try_emplace(planet::normalisedName(entry.planet), import_.entries.size());
  if (isNew) {
    import_.entries.push_back(std::move(entry));
    places_.push_back(std::move(row.place));
    return;
  }
  planet::CatalogueEntry& first = import_.entries[known->second];
  for (const planet::ScalarInfo& info : planet::scalars()) {
    std::optional<Measurement>& stated = first.scalars[info.id];
    const std::optional<Measurement>& other = entry.scalars[info.id];
    if (stated && other && *stated != *other) {
      throw Error("the table has several rows of one planet, and they differ")
          .on(row.place)
          .found(fmt::format("{} {:g} of '{}' and, in {}, {:g} of '{}'", info.name, other->value, entry.planet,
                             places_[known->second], stated->value, first.planet))
          .next("export one row a planet: the composite table, or the column default_flag with it");
    }
    if (other) stated = other;
  }
  entry.aliases.insert(entry.aliases.begin(), entry.planet);
  for (std::string& name : entry.aliases) {
    const bool taken =
        name == first.planet || std::find(first.aliases.begin(), first.aliases.end(), name) != first.aliases.end();
    if (!taken) first.aliases.push_back(std::move(name));
  }
  if (first.host.empty()) first.host = entry.host;
  ++joined_;
}

/// g = G M / R^2, relative errors in quadrature.
void CatalogueRows::deriveGravity(CatalogueRow& row, planet::Scalars& scalars) {
  const auto& mass = of(row, CatalogueQuantity::kPlanetMass);
  const auto& radius = of(row, CatalogueQuantity::kPlanetRadius);
  if (!usable(mass) || !usable(radius)) return;
  constexpr double kEarthGm = 3.986004e14;  // IAU 2015 B3, m3 s-2
  const double radiusM = convert(radius->value, "R_earth", "m");
  const double gravity = kEarthGm * mass->value / (radiusM * radiusM);
  if (!isPossible(ScalarId::kGravity, gravity)) return;
  const bool known = mass->sigma > 0.0 && radius->sigma > 0.0;
  const double relative = std::hypot(mass->sigma / mass->value, 2.0 * radius->sigma / radius->value);
  scalars[ScalarId::kGravity] = Measurement{gravity, known ? gravity * relative : 0.0, 0};
  ++gravities_;
}

/// Flux of a black sphere of the star's radius and temperature at the planet's distance, which is stated or given by
/// Kepler's third law: S / S_earth = (R / R_sun)^2 (T / 5772 K)^4 / (a / au)^2, a^3 = M P^2 in suns, years and au.
/// Relative errors in quadrature, where those of radius and temperature are stated.
void CatalogueRows::deriveFlux(CatalogueRow& row, planet::Scalars& scalars) {
  const auto& temperature = of(row, CatalogueQuantity::kStarTemperature);
  const auto& radius = of(row, CatalogueQuantity::kStarRadius);
  if (of(row, CatalogueQuantity::kInsolation) || !usable(temperature) || !usable(radius)) return;
  const auto& axis = of(row, CatalogueQuantity::kSemiMajorAxis);
  const auto& period = of(row, CatalogueQuantity::kPeriod);
  const auto& mass = of(row, CatalogueQuantity::kStarMass);
  const auto relative = [](const Measurement& m) { return m.sigma / m.value; };
  double axisAu = 0.0;
  double axisError = 0.0;  // relative
  if (usable(axis)) {
    axisAu = axis->value;
    axisError = relative(*axis);
  } else if (usable(period) && usable(mass)) {
    const double years = period->value / 365.25;
    axisAu = std::cbrt(mass->value * years * years);
    axisError = std::hypot(relative(*mass) / 3.0, 2.0 * relative(*period) / 3.0);
  } else {
    return;
  }
  const double flux =
      std::pow(radius->value, 2.0) * std::pow(temperature->value / 5772.0, 4.0) / (axisAu * axisAu) * 1361.0;
  if (!isPossible(ScalarId::kStellarFlux, flux)) return;
  const bool known = temperature->sigma > 0.0 && radius->sigma > 0.0;
  const double error = std::hypot(2.0 * relative(*radius), 4.0 * relative(*temperature), 2.0 * axisError);
  scalars[ScalarId::kStellarFlux] = Measurement{flux, known ? flux * error : 0.0, 0};
  ++fluxes_;
}

void CatalogueRows::count(const std::string& what, const std::string& planet) {
  counted_[what].push_back(planet);
}

void CatalogueRows::report() {
  if (gravities_ > 0) {
    assume(fmt::format("gravity of {} planets is derived from mass and radius (G M / R^2); the mass may be M sin i",
                       gravities_));
  }
  if (fluxes_ > 0) {
    assume(
        fmt::format("flux of {} planets is derived from stellar radius and temperature and the planet's distance, "
                    "which is stated or follows from period and stellar mass: the file states no flux of theirs",
                    fluxes_));
  }
  for (const auto& [what, planets] : counted_) {
    constexpr std::size_t kMostNamed = 5;
    std::string names;
    for (std::size_t i = 0; i < std::min(planets.size(), kMostNamed); ++i) names += (i > 0 ? ", " : "") + planets[i];
    if (planets.size() > kMostNamed) names += ", ...";
    assume(fmt::format("{} {}: {}", planets.size(), what, names));
  }
  if (joined_ > 0) {
    assume(fmt::format("{} rows name the planet of an earlier row, which they agree with: joined to it", joined_));
  }
  if (refused_ > 0) assume(fmt::format("refused: {} values in all that cannot be true", refused_));
}

planet::Import CatalogueRows::finish(std::string licence, std::string conversions) {
  report();
  if (import_.entries.empty()) {
    Error error("the table holds no planet");
    if (!counted_.empty()) error.found(import_.assumptions.back());
    throw error;
  }
  import_.provenance.licence = std::move(licence);
  import_.provenance.conversions = std::move(conversions);
  return std::move(import_);
}

}  // namespace ecumene::data::formats
