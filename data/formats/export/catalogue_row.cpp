// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <array>

#include "data/base/units.h"
#include "data/formats/export/writers.h"

namespace ecumene::data::formats {
namespace {

using planet::ScalarId;

/// Columns of the archive's composite table with their units as its header comments write them.
struct Column {
  ScalarId id;
  const char *name, *unit, *stated;
};
constexpr auto kColumns = std::to_array<Column>({
    {ScalarId::kOrbitalPeriod, "pl_orbper", "d", "Orbital Period [days]"},
    {ScalarId::kPlanetRadius, "pl_rade", "R_earth", "Planet Radius [Earth Radius]"},
    {ScalarId::kEccentricity, "pl_orbeccen", "1", "Eccentricity"},
    {ScalarId::kStellarFlux, "pl_insol", "S_earth", "Insolation Flux [Earth Flux]"},
    {ScalarId::kStellarTemperature, "st_teff", "K", "Stellar Effective Temperature [K]"},
    {ScalarId::kStellarRadius, "st_rad", "R_sun", "Stellar Radius [Solar Radius]"},
});

std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

}  // namespace

std::optional<std::string> catalogueRow(const planet::Planet& planet, std::vector<std::string>& leftOut) {
  std::string comments = "# Scalars of one planet in the columns of the NASA Exoplanet Archive's table PSCompPars\n";
  for (const std::string& line : originLines(planet, {"scalars"})) comments += "# " + line + "\n";
  std::string names = "pl_name", row = cell(planet.name);
  std::array<bool, planet::kScalarCount> written{};
  bool any = false;
  for (const Column& c : kColumns) {
    const std::optional<planet::Measurement>& m = planet.scalars[c.id];
    if (!m) continue;
    any = written[static_cast<std::size_t>(c.id)] = true;
    comments += fmt::format("# COLUMN {}: {}\n", c.name, c.stated);
    names += fmt::format(",{0},{0}err1,{0}err2,{0}lim", c.name);
    const std::string unit(planet::info(c.id).unit);
    row += fmt::format(",{}", convert(m->value, unit, c.unit));
    const double sigma = convert(m->sigma, unit, c.unit);
    row += sigma > 0.0 ? fmt::format(",{},{}", sigma, -sigma) : ",,";
    row += fmt::format(",{}", m->limit);
  }
  for (const planet::ScalarInfo& info : planet::scalars()) {
    if (planet.scalars[info.id] && !written[static_cast<std::size_t>(info.id)])
      leftOut.push_back("catalogue.csv: the archive has no column for " + std::string(info.name));
  }
  if (!any) return std::nullopt;
  return comments + names + "\n" + row + "\n";
}

}  // namespace ecumene::data::formats
