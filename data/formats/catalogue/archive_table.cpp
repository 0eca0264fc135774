// SPDX-License-Identifier: Apache-2.0
#include "data/formats/catalogue/archive_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "data/base/error.h"
#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

/// A column of the archive, its unit by the archive's definition, and the ways in which its files write that, in lower
/// case.
struct ArchiveColumn {
  std::string_view name;
  CatalogueQuantity quantity;
  std::string_view unit;
  std::array<std::string_view, 4> written;
  std::string_view joint = "";    ///< before "err1"
  std::string_view instead = "";  ///< read only where the table lacks this column, which holds the same in other units
};
constexpr std::array<std::string_view, 4> kKelvin{"k"}, kDays{"days"}, kNone{""};
constexpr std::array<std::string_view, 4> kEarthRadius{"earth radius", "earth radii", "r_earth", "rearth"};
constexpr std::array<std::string_view, 4> kSunRadius{"solar radius", "solar radii", "r_sun", "rsun"};
constexpr std::array<std::string_view, 4> kSunMass{"solar mass", "solar masses", "m_sun", "msun"};
constexpr std::array<std::string_view, 4> kEarthMass{"earth mass", "earth masses", "m_earth", "mearth"};
constexpr std::array<std::string_view, 4> kJupiterRadius{"jupiter radius", "jupiter radii", "r_jup", "rjup"};
constexpr std::array<std::string_view, 4> kJupiterMass{"jupiter mass", "jupiter masses", "m_jup", "mjup"};
constexpr std::array<std::string_view, 4> kEarthFlux{"earth flux", "s_earth"};
constexpr auto kArchiveColumns = std::to_array<ArchiveColumn>({
    {"pl_insol", CatalogueQuantity::kInsolation, "S_earth", kEarthFlux},
    {"st_teff", CatalogueQuantity::kStarTemperature, "K", kKelvin},
    {"st_rad", CatalogueQuantity::kStarRadius, "R_sun", kSunRadius},
    {"pl_rade", CatalogueQuantity::kPlanetRadius, "R_earth", kEarthRadius},
    {"pl_orbper", CatalogueQuantity::kPeriod, "d", kDays},
    {"pl_orbeccen", CatalogueQuantity::kEccentricity, "1", kNone},
    {"pl_bmasse", CatalogueQuantity::kPlanetMass, "M_earth", kEarthMass},
    {"st_mass", CatalogueQuantity::kStarMass, "M_sun", kSunMass},
    {"pl_radj", CatalogueQuantity::kPlanetRadius, "R_jup", kJupiterRadius, "", "pl_rade"},
    {"pl_bmassj", CatalogueQuantity::kPlanetMass, "M_jup", kJupiterMass, "", "pl_bmasse"},
    // Of Kepler's objects; the header has no unit for the flux.
    {"koi_insol", CatalogueQuantity::kInsolation, "S_earth", kEarthFlux, "_"},
    {"koi_steff", CatalogueQuantity::kStarTemperature, "K", kKelvin, "_"},
    {"koi_srad", CatalogueQuantity::kStarRadius, "R_sun", kSunRadius, "_"},
    {"koi_prad", CatalogueQuantity::kPlanetRadius, "R_earth", kEarthRadius, "_"},
    {"koi_period", CatalogueQuantity::kPeriod, "d", kDays, "_"},
    {"koi_eccen", CatalogueQuantity::kEccentricity, "1", kNone, "_"},
    {"koi_smass", CatalogueQuantity::kStarMass, "M_sun", kSunMass, "_"},
});
constexpr auto kNameColumns = std::to_array<std::string_view>({"pl_name", "kepoi_name", "toi"});

}  // namespace

bool ArchiveTable::isOne(std::span<const std::string> columns) {
  return std::any_of(kNameColumns.begin(), kNameColumns.end(), [&](std::string_view name) {
    return std::find(columns.begin(), columns.end(), name) != columns.end();
  });
}

ArchiveTable::ArchiveTable(std::vector<std::string> columns, const std::map<std::string, std::string>& stated)
    : columns_(std::move(columns)) {
  for (const char* name : {"hostname", "default_flag", "kepler_name", "kepid", "koi_disposition", "tfopwg_disp", "tid"})
    (void)find(name);
  for (const std::string_view name : kNameColumns) (void)find(std::string(name));
  std::string defined;
  bool insolation = false;
  for (const ArchiveColumn& column : kArchiveColumns) {
    const std::string name(column.name);
    const std::string joint = name + std::string(column.joint);
    places_.push_back({find(name), find(joint + "err1"), find(joint + "err2"), find(joint + "lim")});
    if (!column.instead.empty() && find(std::string(column.instead))) places_.back().value.reset();
    if (!places_.back().value) continue;
    if (!column.instead.empty()) fromJupiters_ = "masses and radii from Jupiter's to Earth's; ";
    insolation = insolation || column.quantity == CatalogueQuantity::kInsolation;
    const auto unit = stated.find(name);
    if (unit == stated.end() || (unit->second.empty() && column.unit != "1")) {
      if (column.unit != "1") defined += fmt::format("{}{} in {}", defined.empty() ? "" : ", ", name, column.unit);
    } else if (std::find(column.written.begin(), column.written.end(), lower(unit->second)) == column.written.end()) {
      throw Error("the column has another unit than the archive's")
          .on(name)
          .expected("'" + std::string(column.written.front()) + "'")
          .found("'" + lower(unit->second) + "'");
    }
  }
  if (!defined.empty()) {
    rows_.assume((stated.empty() ? "the file states no units; read as the archive defines its columns: "
                                 : "the file states no unit of these; read as the archive defines them: ") +
                 defined);
  }
  if (insolation) rows_.assume("insolation (pl_insol, koi_insol) in units of 1361 W m-2");
}

std::optional<std::size_t> ArchiveTable::find(const std::string& name) const {
  const auto place = std::find(columns_.begin(), columns_.end(), name);
  if (place == columns_.end()) return std::nullopt;
  if (std::find(place + 1, columns_.end(), name) != columns_.end()) {
    throw Error("the column stands twice").on(name).next("remove one of them");
  }
  return static_cast<std::size_t>(place - columns_.begin());
}

std::string ArchiveTable::cell(std::span<const std::string> cells, const char* name) const {
  const auto place = std::find(columns_.begin(), columns_.end(), name);
  return place == columns_.end() ? "" : cells[static_cast<std::size_t>(place - columns_.begin())];
}

std::optional<double> ArchiveTable::number(std::span<const std::string> cells, const std::optional<std::size_t>& column,
                                           const std::string& place) const {
  if (!column || cells[*column].empty()) return std::nullopt;
  const std::optional<double> value = parseNumber(cells[*column]);
  if (!value || !std::isfinite(*value)) {
    throw Error("the cell is not a number").on(place + ", " + columns_[*column]).found("'" + cells[*column] + "'");
  }
  return value;
}

void ArchiveTable::nameRow(CatalogueRow& row, std::span<const std::string> cells) const {
  row.host = cell(cells, "hostname");
  const auto add = [&](const std::string& name) {
    if (!name.empty()) row.names.push_back(name);
  };
  add(cell(cells, "pl_name"));
  add(cell(cells, "kepler_name"));
  add(cell(cells, "kepoi_name"));
  if (const std::string toi = cell(cells, "toi"); !toi.empty()) {
    add("TOI-" + toi);
    add(cell(cells, "ctoi_aliasstr"));
  }
  if (row.host.empty() && !cell(cells, "kepid").empty()) row.host = "KIC " + cell(cells, "kepid");
  if (row.host.empty() && !cell(cells, "tid").empty()) row.host = "TIC " + cell(cells, "tid");
}

std::optional<std::string> ArchiveTable::reasonToLeaveOut(std::span<const std::string> cells) const {
  if (const std::string flag = cell(cells, "default_flag"); !flag.empty() && flag != "1") {
    return "rows whose default_flag is not 1 are left out";
  }
  const std::string kepler = cell(cells, "koi_disposition");
  const std::string tess = cell(cells, "tfopwg_disp");
  if (kepler == "FALSE POSITIVE" || tess == "FP") return "rows are left out: false positives are no planets";
  if (tess == "FA") return "rows are left out: false alarms are no planets";
  return std::nullopt;
}

void ArchiveTable::take(std::span<const std::string> cells, const std::string& place) {
  CatalogueRow row;
  row.place = place;
  nameRow(row, cells);
  if (const std::optional<std::string> reason = reasonToLeaveOut(cells); reason) {
    return rows_.count(*reason, row.names.empty() ? place : row.names.front());
  }
  for (std::size_t i = 0; i < kArchiveColumns.size(); ++i) {
    const ArchiveColumn& column = kArchiveColumns[i];
    const std::optional<double> value = number(cells, places_[i].value, place);
    if (!value) continue;
    planet::Measurement m =
        measured(*value, number(cells, places_[i].upperError, place), number(cells, places_[i].lowerError, place));
    const double limit = number(cells, places_[i].limit, place).value_or(0.0);
    m.limit = limit > 0.0 ? 1 : limit < 0.0 ? -1 : 0;
    if (column.name == "koi_eccen" && m.value == 0.0 && m.sigma == 0.0) {
      rows_.count("eccentricities koi_eccen are 0 without an error, which the fit of the transit assumes: left out",
                  row.names.empty() ? place : row.names.front());
      continue;
    }
    rows_.set(row, column.quantity, column.name, column.unit, m);
  }
  rows_.take(std::move(row));
}

planet::Import ArchiveTable::finish() {
  return rows_.finish("NASA Exoplanet Archive: public, acknowledgement asked (doi 10.26133/NEA13)",
                      fromJupiters_ +
                          "to the units of planet_params; empty cells stay absent; positions are not kept: planets are "
                          "joined by name");
}

}  // namespace ecumene::data::formats
