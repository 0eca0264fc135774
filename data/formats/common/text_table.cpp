// SPDX-License-Identifier: Apache-2.0
#include "data/formats/common/text_table.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>

#include "data/base/blank.h"
#include "data/base/error.h"
#include "data/formats/common/ecsv_header.h"
#include "data/formats/common/planet_name.h"
#include "data/formats/common/unit_name.h"

namespace ecumene::data::formats {
namespace {

constexpr std::size_t kMostColumns = 4096;

/// A row of data has a number in it and no word but labels; a header has no number.
bool looksLikeData(const std::vector<std::string>& cells) {
  return std::any_of(cells.begin(), cells.end(), [](const std::string& c) { return parseNumber(c).has_value(); });
}

std::vector<std::string> splitWide(std::string_view line) {
  std::vector<std::string> parts;
  std::string part;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool gap = line[i] == '\t' || (line[i] == ' ' && i + 1 < line.size() && isBlank(line[i + 1]));
    if (!gap) {
      part += line[i];
      continue;
    }
    if (const std::string clean = trim(part); !clean.empty()) parts.push_back(clean);
    part.clear();
  }
  if (const std::string clean = trim(part); !clean.empty()) parts.push_back(clean);
  return parts;
}

/// "wl (um) depth (ppm)": blanks, with a bracketed unit kept at its name.
std::vector<std::string> splitKeepingUnits(std::string_view line) {
  std::vector<std::string> parts;
  for (const std::string& word : splitBlanks(line)) {
    const bool bracketed =
        word.size() > 2 && ((word.front() == '(' && word.back() == ')') || (word.front() == '[' && word.back() == ']'));
    if (bracketed && !parts.empty() && unitCalled(word.substr(1, word.size() - 2))) {
      parts.back() += " " + word;
    } else {
      parts.push_back(word);
    }
  }
  return parts;
}

/// "Wavelength[micron] Transit depth [ppm]": names that end with a bracketed unit.
std::vector<std::string> splitAfterUnits(std::string_view line) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : line) {
    part += c;
    if (c == ']' || c == ')') {
      parts.push_back(trim(part));
      part.clear();
    }
  }
  if (const std::string clean = trim(part); !clean.empty()) parts.push_back(clean);
  return parts;
}

/// Header cells by the first way of splitting that gives as many as the data has columns.
std::vector<std::string> splitHeader(std::string_view line, std::size_t columns) {
  std::vector<std::vector<std::string>> ways;
  for (const char separator : {',', ';'}) {
    if (line.find(separator) != std::string_view::npos) ways.push_back(splitCsv(line, separator));
  }
  ways.push_back(splitWide(line));
  ways.push_back(splitKeepingUnits(line));
  ways.push_back(splitBlanks(line));
  ways.push_back(splitAfterUnits(line));
  for (const auto& way : ways) {
    if (way.size() == columns) return way;
  }
  return {};
}

/// Splits "wav (um)", "Wavelength[micron]", "Wavelength microns" into name and unit.
TableColumn columnOf(std::string cell) {
  TableColumn column{trim(cell), std::nullopt};
  const std::string& name = column.name;
  if (name.size() > 2 && (name.back() == ']' || name.back() == ')')) {
    const std::size_t open = name.rfind(name.back() == ']' ? '[' : '(');
    if (open != std::string::npos) {
      const std::string inner = trim(std::string_view(name).substr(open + 1, name.size() - open - 2));
      // Only a bracket with a unit in it: "(Rp/Rs)" and "(1)" of other headers are parts of a name.
      if (const std::optional<std::string> unit = unitCalled(inner); unit) {
        column.unit = unit;
        column.name = trim(std::string_view(name).substr(0, open));
        return column;
      }
    }
  }
  // "Wavelength microns", or "wavelength / um" as a quantity over its unit.
  for (const char joint : {' ', '/'}) {
    const std::size_t at = name.rfind(joint);
    if (at == std::string::npos || at + 2 >= name.size()) continue;
    // "Wavelength min" is the lower end of a range.
    if (const std::optional<std::string> unit = unitCalled(name.substr(at + 1)); unit && *unit != "min") {
      column.unit = unit;
      column.name = name.substr(0, name.find_last_not_of(" /", at) + 1);
      return column;
    }
  }
  return column;
}

std::string stripMarkers(std::string_view line) {
  std::string text = trim(line);
  while (!text.empty() && (text.front() == '#' || text.front() == ';' || text.front() == '$' || text.front() == '%')) {
    text = trim(std::string_view(text).substr(1));
  }
  while (!text.empty() && text.back() == '$') text = trim(std::string_view(text).substr(0, text.size() - 1));
  return text;
}

/// "1.0D+00", whose `mantissa` characters were read: a point or the exponent's sign tells it from a word.
std::optional<double> fortranNumber(std::string_view cell, std::size_t mantissa) {
  if (cell[mantissa] != 'D' && cell[mantissa] != 'd') return std::nullopt;
  const bool sign = mantissa + 1 < cell.size() && (cell[mantissa + 1] == '+' || cell[mantissa + 1] == '-');
  if (!sign && cell.substr(0, mantissa).find('.') == std::string_view::npos) return std::nullopt;
  std::string plain(cell);
  plain[mantissa] = 'e';
  double value = 0.0;
  const auto [end, problem] = std::from_chars(plain.data(), plain.data() + plain.size(), value);
  if (problem != std::errc{} || end != plain.data() + plain.size()) return std::nullopt;
  return value;
}

std::string unquoted(std::string text) {
  text = trim(text);
  if (text.size() > 1 && (text.front() == '\'' || text.front() == '"') && text.back() == text.front()) {
    text = text.substr(1, text.size() - 2);
  }
  return text;
}

void collectMetadata(TextTable& table, const std::string& text) {
  const std::size_t colon = text.find(": ");
  if (colon == std::string::npos || colon == 0 || colon > 40) return;
  const std::string value = unquoted(text.substr(colon + 2));
  if (!value.empty() && value != "null") table.metadata[lower(trim(text.substr(0, colon)))] = value;
}

/// State of a pass over the lines.
struct Parser {
  TextTable table;
  std::vector<std::string> headerLines;  ///< lines with words before the first row
  std::string lastComment;
  bool commentBeforeData = false;
  std::string openDirective;
  char separator = '\0';  ///< of the rows; 0: not known yet
  std::string ecsvText;   ///< the YAML of an ECSV header
  EcsvHeader ecsv;

  [[nodiscard]] std::vector<std::string> cells(std::string_view line) const {
    if (separator == ',' || separator == ';') return splitCsv(line, separator);
    return table.isEcsv ? splitCsv(line, ' ') : splitBlanks(line);
  }
};

void addRow(Parser& p, std::string_view line, std::size_t number) {
  std::vector<std::string> cells = p.cells(line);
  if (!p.table.rows.empty() && cells.size() != p.table.rows.front().size()) {
    throw Error("the row has another number of cells than the first")
        .on("line " + std::to_string(number))
        .expected(std::to_string(p.table.rows.front().size()))
        .found(std::to_string(cells.size()))
        .next("the file may be cut short or damaged");
  }
  p.table.rows.push_back(std::move(cells));
  p.table.lines.push_back(number);
}

/// A semicolon comes first: where it stands, a comma may be a decimal one, which is then refused as no number.
char separatorOf(const std::string& line) {
  for (const char separator : {';', ','}) {
    if (line.find(separator) != std::string::npos) return separator;
  }
  return ' ';
}

/// Throws Error where the line is a row of numbers with decimal commas, in columns that semicolons, tabs or blanks
/// separate.
void requireDecimalPoints(const std::string& line, std::size_t number) {
  if (line.find(',') == std::string::npos) return;
  const std::vector<std::string> cells = line.find(';') != std::string::npos ? splitCsv(line, ';') : splitBlanks(line);
  const auto comma = std::find_if(cells.begin(), cells.end(), hasDecimalComma);
  const bool numbers = std::all_of(cells.begin(), cells.end(), [](const std::string& cell) {
    return cell.empty() || parseNumber(cell) || hasDecimalComma(cell);
  });
  if (cells.size() < 2 || comma == cells.end() || !numbers) return;
  throw Error("the cell is not a number")
      .on("line " + std::to_string(number))
      .found("'" + *comma + "'")
      .next(kPointForComma);
}

void takeLine(Parser& p, std::string_view line, std::size_t number) {
  const std::string text = trim(line);
  if (text.empty()) return;
  if (text.front() == '#' || text.front() == ';') {
    const std::string comment = stripMarkers(text);
    if (!p.table.rows.empty()) return;
    if (p.table.isEcsv) {
      const std::string_view yaml = line.substr(std::min(line.find('#'), line.size() - 1) + 1);
      p.ecsvText += std::string(yaml.substr(yaml.starts_with(' ') ? 1 : 0)) + "\n";
    } else {
      p.table.isEcsv = p.table.comments.empty() && text.find("%ECSV") != std::string::npos;
      collectMetadata(p.table, comment);
    }
    p.table.comments.push_back(comment);
    if (!comment.empty()) p.lastComment = comment;
    return;
  }
  if (text.front() == '@') {
    const std::size_t blank = text.find(' ');
    const std::string name = text.substr(0, blank);
    p.table.directives[name] = blank == std::string::npos ? "" : trim(std::string_view(text).substr(blank));
    p.openDirective = p.table.directives[name].empty() && name != "@DATA" ? name : "";
    return;
  }
  if (!p.openDirective.empty()) {
    p.table.directives[p.openDirective] = text;
    p.openDirective.clear();
    return;
  }
  if (!p.table.rows.empty()) return addRow(p, text, number);
  if (p.table.isEcsv && p.headerLines.empty()) {
    constexpr std::size_t kFirstYamlLine = 2;
    p.ecsv = parseEcsvHeader(p.ecsvText, kFirstYamlLine);
    p.separator = p.ecsv.separator;
    p.table.metadata = p.ecsv.metadata;
    p.table.lists = p.ecsv.lists;
    p.headerLines.push_back(text);
    return;
  }
  if (p.separator == '\0' || !p.table.isEcsv) p.separator = separatorOf(text);
  if (!p.table.isEcsv) requireDecimalPoints(text, number);
  if (p.table.isEcsv || looksLikeData(p.cells(text))) return addRow(p, text, number);
  p.headerLines.push_back(text);
  if (p.headerLines.size() > 2) {
    throw Error("the lines before the numbers are no table header").on("line " + std::to_string(number));
  }
}

/// "a,b,\n1,2,\n": some programs end each row with a separator.
void dropEmptyEnds(Parser& p) {
  auto& rows = p.table.rows;
  const std::size_t count = rows.front().size();
  const bool ends = !p.table.isEcsv && p.separator != ' ' && !p.headerLines.empty() && count > 1 &&
                    std::all_of(rows.begin(), rows.end(), [](const auto& row) { return row.back().empty(); });
  if (!ends || !splitHeader(p.headerLines.front(), count).empty()) return;
  for (std::vector<std::string>& row : rows) row.pop_back();
}

void nameColumns(Parser& p) {
  dropEmptyEnds(p);
  TextTable& table = p.table;
  const std::size_t count = table.rows.front().size();
  if (table.isEcsv) {
    std::vector<std::string> names = p.cells(p.headerLines.front());
    table.columns = p.ecsv.columns;
    table.hasHeader = true;
    bool same = names.size() == count && table.columns.size() == count;
    for (std::size_t i = 0; same && i < count; ++i) same = names[i] == table.columns[i].name;
    if (!same) throw Error("the names of the ECSV columns differ between its header and its table");
    return;
  }
  std::vector<std::string> names;
  if (!p.headerLines.empty()) {
    names = splitHeader(p.headerLines.front(), count);
    if (names.empty()) {
      throw Error("the header has another number of names than the rows have cells")
          .expected(std::to_string(count))
          .found("'" + p.headerLines.front() + "'");
    }
  } else if (!p.lastComment.empty()) {
    names = splitHeader(p.lastComment, count);
    if (looksLikeData(names)) names.clear();
  }
  table.columns.resize(count);
  if (names.empty()) return;
  table.hasHeader = true;
  for (std::size_t i = 0; i < count; ++i) table.columns[i] = columnOf(names[i]);
  if (p.headerLines.size() == 2) {
    const std::vector<std::string> units = splitHeader(p.headerLines[1], count);
    if (units.empty()) throw Error("the second header line does not fit the columns").found(p.headerLines[1]);
    for (std::size_t i = 0; i < count; ++i) {
      std::string unit = units[i];
      if (unit.size() > 2 && (unit.front() == '(' || unit.front() == '[')) unit = unit.substr(1, unit.size() - 2);
      table.columns[i].unit = unitCalled(unit).value_or(trim(unit));
    }
  }
}

}  // namespace

std::string trim(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
  return std::string(text);
}

std::string lower(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

std::vector<std::string> splitCsv(std::string_view line, char separator) {
  std::vector<std::string> cells;
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
        cell += '"';
        ++i;
      } else if (c == '"') {
        quoted = false;
      } else {
        cell += c;
      }
    } else if (c == '"' && trim(cell).empty()) {
      quoted = true;
    } else if (c == separator) {
      cells.push_back(trim(cell));
      cell.clear();
    } else {
      cell += c;
    }
  }
  if (quoted) throw Error("a quoted cell is not closed");
  cells.push_back(trim(cell));
  if (cells.size() > kMostColumns) throw Error("the row has too many cells");
  return cells;
}

std::vector<std::string> splitBlanks(std::string_view line) {
  std::vector<std::string> cells;
  std::string cell;
  for (const char c : line) {
    if (!isBlank(c)) {
      cell += c;
    } else if (!cell.empty()) {
      cells.push_back(std::move(cell));
      cell.clear();
    }
  }
  if (!cell.empty()) cells.push_back(std::move(cell));
  if (cells.size() > kMostColumns) throw Error("the row has too many cells");
  return cells;
}

std::optional<double> parseNumber(std::string_view cell) {
  if (!cell.empty() && cell.front() == '+') cell.remove_prefix(1);
  if (cell.empty()) return std::nullopt;
  double value = 0.0;
  const auto [end, problem] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (problem != std::errc{}) return std::nullopt;
  if (end == cell.data() + cell.size()) return value;
  return fortranNumber(cell, static_cast<std::size_t>(end - cell.data()));
}

bool hasDecimalComma(std::string_view cell) {
  const std::size_t comma = cell.find(',');
  if (comma == 0 || comma == std::string_view::npos || comma + 1 == cell.size()) return false;
  if (!isDigit(cell[comma - 1]) || !isDigit(cell[comma + 1])) return false;
  std::string pointed(cell);
  pointed[comma] = '.';
  return parseNumber(pointed).has_value();
}

std::optional<std::size_t> findColumn(std::span<const TableColumn> columns, std::string_view nameOrNumber) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].name.empty() && lower(columns[i].name) == lower(trim(nameOrNumber))) return i;
  }
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(nameOrNumber.data(), nameOrNumber.data() + nameOrNumber.size(), number);
  const bool whole = problem == std::errc{} && end == nameOrNumber.data() + nameOrNumber.size();
  if (whole && number >= 1 && number <= columns.size()) return number - 1;
  return std::nullopt;
}

TextTable parseTextTable(std::string_view text, bool complete) {
  Parser p;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos && !complete) break;
    ++number;
    const std::size_t before = p.table.rows.size();
    const std::string_view line = text.substr(0, end);
    takeLine(p, line, number);
    if (end == std::string_view::npos && p.table.rows.size() > before) {
      p.table.mayBeCut = !isBlank(line.back()) && line.back() != '"' && parseNumber(p.table.rows.back().back());
    }
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  if (p.table.rows.empty()) throw Error("the file holds no row of numbers");
  nameColumns(p);
  return std::move(p.table);
}

}  // namespace ecumene::data::formats
