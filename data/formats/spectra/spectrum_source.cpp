// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/spectrum_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/formats/spectra/flux_unit.h"

namespace ecumene::data::formats {
namespace {

/// The value of a text cell; none where it is a word.
std::optional<double> cellNumber(const std::string& cell) {
  if (cell.empty()) return std::nan("");
  if (const auto value = parseNumber(cell); value) return value;
  const std::string plain = lower(cell);
  if (plain == "true" || plain == "false") return plain == "true" ? 1.0 : 0.0;
  return std::nullopt;
}

/// The numbers of a JSON list, null as nan; none if the cell is no list of numbers.
std::optional<std::vector<double>> listOf(const std::string& cell) {
  const nlohmann::json list = nlohmann::json::parse(cell, nullptr, false);
  if (!list.is_array()) return std::nullopt;
  std::vector<double> numbers;
  for (const nlohmann::json& item : list) {
    if (!item.is_number() && !item.is_null()) return std::nullopt;
    numbers.push_back(item.is_null() ? std::nan("") : item.get<double>());
  }
  return numbers;
}

/// Takes a unit of flux in brackets from a column's name: "flux [W/m2/um]", "flux (erg/s/cm2/A)".
void splitFluxUnit(TableColumn& column) {
  const std::string& name = column.name;
  if (column.unit || name.empty() || (name.back() != ']' && name.back() != ')')) return;
  const std::size_t open = name.find(name.back() == ']' ? '[' : '(');
  if (open == std::string::npos || open == 0) return;
  const std::string inner = trim(std::string_view(name).substr(open + 1, name.size() - open - 2));
  if (!fluxUnitCalled(inner)) return;
  column.unit = inner;
  column.name = trim(std::string_view(name).substr(0, open));
}

/// One row whose lists all have one length: each of their elements becomes a row, and its other cells are left out.
bool unrollLists(const TextTable& table, SpectrumSource& source) {
  if (table.rows.size() != 1) return false;
  std::size_t length = 0;
  std::vector<TableColumn> columns;
  std::vector<SourceCells> cells;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (!table.columns[c].isList) continue;
    std::optional<std::vector<double>> list = listOf(table.rows.front()[c]);
    if (!list || list->empty() || (length != 0 && list->size() != length)) continue;
    length = list->size();
    columns.push_back(table.columns[c]);
    cells.push_back({std::move(*list), {}});
  }
  if (length == 0) return false;
  source.rowName = fmt::format("line {}, element", table.lines.front());
  source.columns = std::move(columns);
  source.cells = std::move(cells);
  for (std::size_t i = 0; i < length; ++i) source.rows.push_back(i + 1);
  source.assumptions.push_back(fmt::format("the table has one row of lists: read as {} rows", length));
  return true;
}

}  // namespace

std::string SpectrumSource::place(std::size_t row) const {
  return fmt::format("{} {}", rowName, rows[row]);
}

std::optional<std::string> SpectrumSource::fact(std::initializer_list<std::string_view> names) const {
  for (const std::string_view name : names) {
    if (const auto entry = facts.find(std::string(name)); entry != facts.end()) return entry->second;
  }
  return std::nullopt;
}

std::vector<double> SpectrumSource::numbers(std::size_t column) const {
  const SourceCells& own = cells[column];
  std::vector<double> values = own.numbers;
  values.reserve(rows.size());
  for (const std::string& cell : own.words) {
    const std::optional<double> value = cellNumber(cell);
    if (!value) {
      throw Error("the cell is not a number")
          .on(fmt::format("{}, column {}", place(values.size()), column + 1))
          .found("'" + cell.substr(0, kLongestWord) + "'")
          .next(hasDecimalComma(cell) ? kPointForComma : "");
    }
    values.push_back(*value);
  }
  const auto infinite = std::find_if(values.begin(), values.end(), [](double v) { return std::isinf(v); });
  if (infinite != values.end()) {
    throw Error("the cell is not a number")
        .on(fmt::format("{}, column {}", place(static_cast<std::size_t>(infinite - values.begin())), column + 1))
        .found("an infinite value");
  }
  return values;
}

std::string SpectrumSource::word(std::size_t column, std::size_t row) const {
  const SourceCells& own = cells[column];
  return own.words.empty() ? fmt::format("{:g}", own.numbers[row]) : own.words[row];
}

void SpectrumSource::leaveOut(const std::vector<bool>& marked, const std::string& why) {
  const auto dropped = static_cast<std::size_t>(std::count(marked.begin(), marked.end(), true));
  if (dropped == 0) return;
  if (dropped == rows.size()) throw Error("no row is left").found(why + " in all rows");
  const auto first = static_cast<std::size_t>(std::find(marked.begin(), marked.end(), true) - marked.begin());
  const auto last =
      marked.size() - 1 - static_cast<std::size_t>(std::find(marked.rbegin(), marked.rend(), true) - marked.rbegin());
  assumptions.push_back(fmt::format("{} row{} left out: {} ({}s {} to {})", dropped, dropped == 1 ? "" : "s", why,
                                    rowName, rows[first], rows[last]));
  const auto keep = [&](auto& values) {
    if (values.empty()) return;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < marked.size(); ++i) {
      if (!marked[i] && kept++ != i) values[kept - 1] = std::move(values[i]);
    }
    values.resize(kept);
  };
  for (SourceCells& column : cells) {
    keep(column.numbers);
    keep(column.words);
  }
  keep(rows);
}

SpectrumSource textSource(TextTable table) {
  SpectrumSource source;
  source.hasHeader = table.hasHeader;
  source.facts = table.metadata;
  if (const auto names = table.lists.find("ecumene_aliases"); names != table.lists.end())
    source.aliases = names->second;
  if (table.mayBeCut) {
    source.assumptions.push_back(
        fmt::format("the last line has no line end: its last number may be cut (line {}: '{}')", table.lines.back(),
                    table.rows.back().back()));
  }
  if (const auto unit = table.directives.find("@DEPTH_UNITS"); unit != table.directives.end()) {
    source.valueUnit = unit->second == "none" ? "1" : unit->second;
  }
  // The @DATA files of Pyrat Bay say it in a sentence, not in the header.
  for (const std::string& comment : table.comments) {
    const std::string text = lower(comment);
    if (text.find("wavelength") != std::string::npos && text.find("always microns") != std::string::npos) {
      source.wavelengthUnit = "um";
    }
  }
  if (unrollLists(table, source)) return source;
  source.columns = std::move(table.columns);
  std::for_each(source.columns.begin(), source.columns.end(), splitFluxUnit);
  source.rows = std::move(table.lines);
  source.cells.resize(source.columns.size());
  for (std::size_t c = 0; c < source.columns.size(); ++c) {
    source.cells[c].words.reserve(table.rows.size());
    for (std::vector<std::string>& row : table.rows) source.cells[c].words.push_back(std::move(row[c]));
  }
  return source;
}

}  // namespace ecumene::data::formats
