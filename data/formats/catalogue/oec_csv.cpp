// SPDX-License-Identifier: Apache-2.0
#include "data/formats/catalogue/oec_csv.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/formats/catalogue/catalogue_rows.h"
#include "data/formats/catalogue/oec_lists.h"
#include "data/formats/common/text_file.h"
#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {

namespace {

struct CsvColumn {
  std::string_view name;
  CatalogueQuantity quantity;
  std::string_view unit;
  bool ofStar = false;
};
constexpr auto kOecColumns =
    std::to_array<CsvColumn>({{"mass", CatalogueQuantity::kPlanetMass, "M_jup"},
                              {"radius", CatalogueQuantity::kPlanetRadius, "R_jup"},
                              {"period", CatalogueQuantity::kPeriod, "d"},
                              {"semimajoraxis", CatalogueQuantity::kSemiMajorAxis, "au"},
                              {"eccentricity", CatalogueQuantity::kEccentricity, "1"},
                              {"hoststar_mass", CatalogueQuantity::kStarMass, "M_sun", true},
                              {"hoststar_radius", CatalogueQuantity::kStarRadius, "R_sun", true},
                              {"hoststar_temperature", CatalogueQuantity::kStarTemperature, "K", true}});

bool isHeader(const std::vector<std::string>& cells) {
  const auto has = [&](const char* name) { return std::find(cells.begin(), cells.end(), name) != cells.end(); };
  return has("name") && has("binaryflag") && has("semimajoraxis") && has("hoststar_temperature");
}

Sniff sniffOecCsv(const std::filesystem::path&, std::string_view head) {
  try {
    if (isHeader(splitCsv(head.substr(0, head.find('\n'))))) {
      return {Match::kCertain, "columns binaryflag and hoststar_temperature"};
    }
  } catch (const Error& error) {
    return {Match::kNo, error.what()};
  }
  return {Match::kNo, "no columns name, binaryflag, semimajoraxis, hoststar_temperature"};
}

class OecCsvReader {
 public:
  void read(std::string_view line, const std::string& here) {
    if (trim(line).empty()) return;
    std::vector<std::string> cells = cellsOf(line, here, header_.size());
    if (header_.empty()) return begin(std::move(cells), here);
    take(cells, here);
  }

  planet::Import finish() {
    return rows_.finish("MIT (Open Exoplanet Catalogue; cite arXiv:1211.7121)",
                        "masses and radii from Jupiter's to Earth's; to the units of planet_params; positions are not "
                        "kept: planets are joined by name");
  }

 private:
  void begin(std::vector<std::string> cells, const std::string& here) {
    if (!isHeader(cells)) throw Error("the table is not that of the Open Exoplanet Catalogue").on(here);
    header_ = std::move(cells);
    for (std::size_t i = 0; i < header_.size(); ++i) {
      if (std::find(header_.begin(), header_.begin() + static_cast<std::ptrdiff_t>(i), header_[i]) !=
          header_.begin() + static_cast<std::ptrdiff_t>(i)) {
        throw Error("the column stands twice").on(header_[i]).next("remove one of them");
      }
    }
    rows_.assume(
        "the file states no units; read as the catalogue defines its columns: mass in M_jup, radius in R_jup, period "
        "in d, "
        "semimajoraxis in au, hoststar_mass in M_sun, hoststar_radius in R_sun, hoststar_temperature in K");
  }

  [[nodiscard]] std::string cell(const std::vector<std::string>& cells, std::string_view name) const {
    const auto place = std::find(header_.begin(), header_.end(), name);
    return place == header_.end() ? "" : cells[static_cast<std::size_t>(place - header_.begin())];
  }

  void take(const std::vector<std::string>& cells, const std::string& here) {
    CatalogueRow row;
    row.place = here;
    row.names = {cell(cells, "name")};
    if (isLeftOut(rows_, cell(cells, "list"), row.names.front())) return;
    constexpr const char* kOfBinary = "1";
    const bool ofBinary = cell(cells, "binaryflag") == kOfBinary;
    bool starLeftOut = false;
    for (const CsvColumn& column : kOecColumns) {
      const std::string text = cell(cells, column.name);
      if (text.empty()) continue;
      const std::optional<double> value = parseNumber(text);
      if (!value || !std::isfinite(*value)) {
        throw Error("the cell is not a number").on(here + ", " + std::string(column.name)).found("'" + text + "'");
      }
      starLeftOut = starLeftOut || (column.ofStar && ofBinary);
      if (!column.ofStar || !ofBinary) rows_.set(row, column.quantity, column.name, column.unit, {*value, 0.0, 0});
    }
    if (starLeftOut) rows_.count("planets of a whole binary have no star's values", row.names.front());
    rows_.take(std::move(row));
  }

  std::vector<std::string> header_;
  CatalogueRows rows_;
};

planet::Import readOecCsv(const std::filesystem::path& path, const ImportOptions&) {
  const std::string content = readTextFile(path, kLargestCatalogueTable);
  OecCsvReader reader;
  forEachLine(content, [&](std::string_view line, const std::string& here) { reader.read(line, here); });
  return reader.finish();
}

}  // namespace

Format oecCsvFormat() {
  return {.name = "oec_csv",
          .kind = planet::ImportKind::kCatalogue,
          .reads = "the Open Exoplanet Catalogue as CSV",
          .options = {},
          .sniff = sniffOecCsv,
          .read = readOecCsv};
}

}  // namespace ecumene::data::formats
