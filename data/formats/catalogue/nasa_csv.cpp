// SPDX-License-Identifier: Apache-2.0
#include "data/formats/catalogue/nasa_csv.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/formats/catalogue/archive_table.h"
#include "data/formats/catalogue/catalogue_rows.h"
#include "data/formats/common/text_file.h"
#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

/// Whether it is a name as the archive's columns have them: "pl_rade".
bool isColumnName(const std::string& cell) {
  return !cell.empty() && std::isdigit(static_cast<unsigned char>(cell.front())) == 0 &&
         std::all_of(cell.begin(), cell.end(),
                     [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
}

Sniff sniffNasaCsv(const std::filesystem::path&, std::string_view head) {
  if (!looksLikeText(head)) return {Match::kNo, "not text"};
  while (head.starts_with("#")) {
    const std::size_t end = head.find('\n');
    if (end == std::string_view::npos) return {Match::kNo, "comments only"};
    head.remove_prefix(end + 1);
  }
  try {
    const std::vector<std::string> header = splitCsv(head.substr(0, head.find('\n')));
    if (ArchiveTable::isOne(header)) return {Match::kCertain, "a column pl_name, kepoi_name or toi"};
    const bool named = header.size() > 1 && std::all_of(header.begin(), header.end(), isColumnName);
    return {named ? Match::kNear : Match::kNo, "no pl_name column"};
  } catch (const Error& error) {
    return {Match::kNo, error.what()};
  }
}

/// "# COLUMN pl_rade: Planet Radius [Earth Radius]": the unit in brackets of a column's comment.
void readComment(std::string_view row, std::map<std::string, std::string>& stated) {
  const std::string comment = trim(row.substr(1));
  if (!comment.starts_with("COLUMN ")) return;
  const std::size_t colon = comment.find(':');
  if (colon == std::string::npos) return;
  const std::size_t open = comment.rfind('[');
  const bool bracket = open != std::string::npos && comment.back() == ']';
  stated[trim(std::string_view(comment).substr(7, colon - 7))] =
      bracket ? comment.substr(open + 1, comment.size() - open - 2) : "";
}

/// Whether a comment is that of our own export, which has the archive's columns and another origin and licence. Throws
/// Error where its planet is not an observed one.
bool isOurs(std::string_view comment, const std::string& here) {
  if (!comment.starts_with("# Ecumene planet '")) return false;
  if (comment.ends_with(", origin observed")) return true;
  throw Error("the row is of a planet that is not observed, and a catalogue is of those that are")
      .on(here)
      .found(std::string(comment.substr(comment.rfind(", ") + 2)))
      .next("import the planet's climate.nc, which planet.json describes");
}

planet::Import readNasa(const std::filesystem::path& path, const ImportOptions&) {
  const std::string content = readTextFile(path, kLargestCatalogueTable);
  std::map<std::string, std::string> stated;
  std::optional<ArchiveTable> table;
  std::size_t columns = 0;
  bool ours = false;
  forEachLine(content, [&](std::string_view row, const std::string& here) {
    if (trim(row).empty()) return;
    if (row.front() == '#') {
      ours = isOurs(trim(row), here) || ours;
      return readComment(row, stated);
    }
    std::vector<std::string> cells = cellsOf(row, here, columns);
    if (!table) {
      columns = cells.size();
      if (!ArchiveTable::isOne(cells)) throw Error("the table has no pl_name column").on(here);
      table.emplace(std::move(cells), stated);
      return;
    }
    table->take(cells, here);
  });
  if (!table) throw Error("the table holds no planet");
  planet::Import import = table->finish();
  if (ours) import.provenance.licence.clear();
  return import;
}

}  // namespace

Format nasaCsvFormat() {
  return {.name = "nasa_csv",
          .kind = planet::ImportKind::kCatalogue,
          .reads = "CSV tables of the NASA Exoplanet Archive: planets, Kepler's and TESS's objects of interest",
          .options = {},
          .sniff = sniffNasaCsv,
          .read = readNasa};
}

}  // namespace ecumene::data::formats
