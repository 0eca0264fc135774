// SPDX-License-Identifier: Apache-2.0
#include "data/formats/catalogue/ipac.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "data/base/error.h"
#include "data/formats/catalogue/archive_table.h"
#include "data/formats/catalogue/catalogue_rows.h"
#include "data/formats/common/text_file.h"
#include "data/formats/common/text_table.h"

namespace ecumene::data::formats {
namespace {

constexpr std::size_t kMostColumns = 4096;

/// Places of the bars in a header line. Throws Error where it is none.
std::vector<std::size_t> barsOf(std::string_view line, const std::string& here) {
  std::vector<std::size_t> bars;
  for (std::size_t i = line.find('|'); i != std::string_view::npos; i = line.find('|', i + 1)) bars.push_back(i);
  if (bars.size() > kMostColumns) throw Error("the table has too many columns").on(here);
  const std::size_t last = line.find_last_not_of(" \t");
  if (bars.size() < 2 || bars.back() != last) {
    throw Error("a line of the header does not end in a bar").on(here).next("the file may be cut short or damaged");
  }
  return bars;
}

std::vector<std::string> between(std::string_view line, const std::vector<std::size_t>& bars) {
  std::vector<std::string> cells;
  for (std::size_t i = 0; i + 1 < bars.size(); ++i) {
    const std::size_t begin = std::min(bars[i] + 1, line.size());
    cells.push_back(trim(line.substr(begin, std::min(bars[i + 1], line.size()) - begin)));
  }
  return cells;
}

Sniff sniffIpac(const std::filesystem::path&, std::string_view head) {
  if (!head.starts_with('\\') && !head.starts_with('|')) return {Match::kNo, "no IPAC table"};
  while (head.starts_with('\\')) {
    const std::size_t end = head.find('\n');
    if (end == std::string_view::npos) return {Match::kNo, "keywords only"};
    head.remove_prefix(end + 1);
  }
  const std::string_view header = head.substr(0, head.find('\n'));
  if (!header.starts_with('|')) return {Match::kNo, "no IPAC table"};
  try {
    const bool known = ArchiveTable::isOne(between(header, barsOf(header, "")));
    return {known ? Match::kCertain : Match::kNear,
            known ? "an IPAC table of planets" : "an IPAC table without a column pl_name, kepoi_name or toi"};
  } catch (const Error& error) {
    return {Match::kNear, std::string("an IPAC table: ") + error.what()};
  }
}

class IpacReader {
 public:
  void read(std::string_view line, const std::string& here) {
    if (trim(line).empty()) return;
    if (line.front() == '\\') {
      if (header_.empty()) readKeyword(line);
      return;
    }
    if (line.front() == '|') return readHeader(line, here);
    if (!table_) begin(here);
    ++rows_;
    table_->take(cellsOf(line, here), here);
  }

  planet::Import finish() {
    if (!table_) throw Error("the table holds no planet");
    if (expected_ && *expected_ != static_cast<double>(rows_)) {
      throw Error("the table does not hold as many rows as it says")
          .on("keyword RowsRetrieved")
          .expected(std::to_string(static_cast<std::size_t>(*expected_)))
          .found(std::to_string(rows_))
          .next("the file may be cut short or damaged");
    }
    return table_->finish();
  }

 private:
  void readKeyword(std::string_view line) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return;
    const std::string key = trim(line.substr(1, equals - 1));
    const std::string value = trim(line.substr(equals + 1));
    if (key == "fixlen") fixedLength_ = value == "T";
    if (key != "RowsRetrieved") return;
    const std::optional<double> rows = parseNumber(value);
    if (rows && *rows >= 0.0 && *rows < 1e15) expected_ = rows;
  }

  void readHeader(std::string_view line, const std::string& here) {
    constexpr std::size_t kHeaderLines = 4;  // names, types, units, nulls
    if (table_ || header_.size() == kHeaderLines) {
      throw Error("a line of the header stands where a row should").on(here);
    }
    const std::vector<std::size_t> bars = barsOf(line, here);
    if (header_.empty()) bars_ = bars;
    if (bars != bars_) {
      throw Error("the bars of the header's lines stand at different places")
          .on(here)
          .next("the file may have lost blanks or be damaged");
    }
    header_.push_back(between(line, bars_));
  }

  void begin(const std::string& here) {
    if (header_.empty()) throw Error("a row stands before the header").on(here);
    std::map<std::string, std::string> units;
    if (header_.size() > 2) {
      for (std::size_t i = 0; i < header_[0].size(); ++i) units[header_[0][i]] = header_[2][i];
    }
    table_.emplace(header_[0], units);
  }

  std::vector<std::string> cellsOf(std::string_view line, const std::string& here) {
    for (std::size_t i = 0; i < bars_.size(); ++i) {
      if (bars_[i] >= line.size() || line[bars_[i]] == ' ') continue;
      const std::size_t column = std::min(i == 0 ? 0 : i - 1, header_[0].size() - 1);
      throw Error("a value stands below a bar of the header, so that its column is not known")
          .on(here + ", character " + std::to_string(bars_[i] + 1) + ", beside " + header_[0][column])
          .next("the file may have lost blanks or be damaged");
    }
    if (line.find_last_not_of(" \t") > bars_.back()) {
      throw Error("the row is longer than the header").on(here).next("the file may be damaged");
    }
    if (fixedLength_ && line.size() < bars_.back()) {
      throw Error("the row is shorter than the header, and the table says that it is not (fixlen)")
          .on(here)
          .next("the file may be cut short or damaged");
    }
    std::vector<std::string> cells = between(line, bars_);
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const bool null = header_.size() > 3 ? cells[i] == header_[3][i] : cells[i] == "null";
      if (null) cells[i].clear();
    }
    return cells;
  }

  std::vector<std::size_t> bars_;
  std::vector<std::vector<std::string>> header_;
  std::optional<double> expected_;
  std::size_t rows_ = 0;
  bool fixedLength_ = false;
  std::optional<ArchiveTable> table_;
};

planet::Import readIpac(const std::filesystem::path& path, const ImportOptions&) {
  const std::string content = readTextFile(path, kLargestCatalogueTable);
  IpacReader reader;
  forEachLine(content, [&](std::string_view line, const std::string& here) { reader.read(line, here); });
  return reader.finish();
}

}  // namespace

Format ipacFormat() {
  return {.name = "ipac",
          .kind = planet::ImportKind::kCatalogue,
          .reads = "IPAC tables of the NASA Exoplanet Archive: planets, Kepler's and TESS's objects of interest",
          .options = {},
          .sniff = sniffIpac,
          .read = readIpac};
}

}  // namespace ecumene::data::formats
