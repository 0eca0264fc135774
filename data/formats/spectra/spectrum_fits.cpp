// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/spectrum_fits.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/spectra/fits_file.h"
#include "data/formats/spectra/light_curve.h"
#include "data/formats/spectra/spectrum_columns.h"
#include "data/formats/spectra/spectrum_reading.h"

namespace ecumene::data::formats {
namespace {

Sniff sniffSpectrumFits(const std::filesystem::path&, std::string_view head) {
  return looksLikeFits(head) ? Sniff{Match::kCertain, "a FITS file"} : Sniff{Match::kNo, "not a FITS file"};
}

std::optional<std::size_t> wholeNumber(const std::string& text) {
  std::size_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::vector<TableColumn> headers(const FitsUnit& unit) {
  std::vector<TableColumn> out;
  for (const FitsColumn& column : unit.columns) out.push_back(column.header);
  return out;
}

bool hasWavelengths(const FitsUnit& unit) {
  return std::any_of(unit.columns.begin(), unit.columns.end(),
                     [](const FitsColumn& c) { return isWavelengthName(c.header.name); });
}

/// "1 (EXTRACT1D, 391 rows), 2 (ASDF, 1 row)"
std::string listOf(const std::vector<const FitsUnit*>& units) {
  std::string text;
  for (const FitsUnit* unit : units) {
    text += fmt::format("{}{} ({}{} row{})", text.empty() ? "" : ", ", unit->number,
                        unit->name.empty() ? "" : unit->name + ", ", unit->rows, unit->rows == 1 ? "" : "s");
  }
  return text;
}

const FitsUnit& chosenUnit(const std::vector<const FitsUnit*>& tables, const std::string& name) {
  std::vector<const FitsUnit*> meant;
  for (const FitsUnit* unit : tables) {
    if (lower(unit->name) == lower(name) || wholeNumber(name) == static_cast<std::size_t>(unit->number)) {
      meant.push_back(unit);
    }
  }
  if (meant.size() == 1) return *meant.front();
  if (meant.empty()) {
    throw Error("the file has no such table").on("--set hdu=" + name).expected("one of " + listOf(tables));
  }
  throw Error("several tables have this name").on("--set hdu=" + name).expected("the number of one: " + listOf(meant));
}

/// The table with wavelengths, or that of `--set hdu=`.
const FitsUnit& tableOf(const FitsFile& file, const ImportOptions& options) {
  std::vector<const FitsUnit*> tables;
  std::vector<const FitsUnit*> fitting;
  for (const FitsUnit& unit : file.units()) {
    if (!unit.isTable) continue;
    tables.push_back(&unit);
    if (hasWavelengths(unit)) fitting.push_back(&unit);
  }
  if (tables.empty()) {
    throw Error("the FITS file holds images only, and spectra are read from tables")
        .next("save the spectrum as a table: FITS, ECSV or CSV");
  }
  if (const std::string* name = options.find("hdu"); name != nullptr) return chosenUnit(tables, *name);
  if (fitting.size() == 1) return *fitting.front();
  if (fitting.size() > 1) {
    throw Error("several tables of the FITS file hold wavelengths")
        .found(listOf(fitting))
        .next("name one: --set hdu=" + std::to_string(fitting.front()->number));
  }
  for (const FitsUnit* unit : tables) {
    if (auto objection = lightCurveObjection(headers(*unit)); objection) throw Error(*objection);
  }
  std::string names;
  for (const FitsColumn& column : tables.front()->columns) names += (names.empty() ? "" : ", ") + column.header.name;
  if (tables.size() > 1) {
    throw Error("no table of the FITS file holds wavelengths by the names of its columns")
        .found(listOf(tables))
        .next("name one: --set hdu=NUMBER --set columns.wavelength=NAME --set columns.depth=NAME");
  }
  throw Error("no column of the FITS table is a wavelength by its name")
      .found(names)
      .next("if one is, name it: --set columns.wavelength=NAME --set hdu=" + std::to_string(tables.front()->number));
}

bool isList(const FitsColumn& column) {
  return column.variable || (column.cells != FitsCells::kWords && column.length > 1);
}

/// Whether the table gives its spectra as lists in cells: its wavelengths do, or without such a name any column.
bool isOfLists(const FitsUnit& unit) {
  const bool named = hasWavelengths(unit);
  return std::any_of(unit.columns.begin(), unit.columns.end(), [&](const FitsColumn& c) {
    return isList(c) && c.cells != FitsCells::kOther && (!named || isWavelengthName(c.header.name));
  });
}

void add(SpectrumSource& source, const FitsColumn& column, SourceCells cells) {
  source.columns.push_back(column.header);
  source.cells.push_back(std::move(cells));
}

/// One number or word in each cell; other columns are left out.
void takeRows(const FitsFile& file, const FitsUnit& unit, SpectrumSource& source) {
  source.rowName = unit.name.empty() ? fmt::format("HDU {} row", unit.number) : unit.name + " row";
  for (std::size_t c = 0; c < unit.columns.size(); ++c) {
    const FitsColumn& column = unit.columns[c];
    if (isList(column) || column.cells == FitsCells::kOther || column.length == 0) continue;
    if (column.cells == FitsCells::kWords) {
      add(source, column, {{}, file.words(unit, c)});
    } else {
      add(source, column, {file.numbers(unit, c), {}});
    }
  }
  for (std::size_t i = 0; i < unit.rows; ++i) source.rows.push_back(i + 1);
}

std::size_t rowOf(const FitsUnit& unit, const ImportOptions& options) {
  const std::string* chosen = options.find("row");
  if (chosen == nullptr && unit.rows == 1) return 0;
  if (chosen == nullptr) {
    throw Error("each row of the FITS table is a spectrum of its own")
        .found(fmt::format("{} rows", unit.rows))
        .next("name one: --set row=1");
  }
  const std::optional<std::size_t> number = wholeNumber(*chosen);
  if (!number || *number < 1 || *number > unit.rows) {
    throw Error("the FITS table has no such row", ErrorKind::kUsage)
        .on("--set row=" + *chosen)
        .expected(fmt::format("1 to {}", unit.rows));
  }
  return *number - 1;
}

/// The lists of one row that are as long as its list of wavelengths (the longest, if none is called so).
void takeLists(const FitsFile& file, const FitsUnit& unit, std::size_t row, SpectrumSource& source) {
  source.rowName =
      fmt::format("{} row {}, element", unit.name.empty() ? fmt::format("HDU {}", unit.number) : unit.name, row + 1);
  std::vector<std::vector<double>> lists(unit.columns.size());
  std::size_t length = 0;
  bool named = false;
  for (std::size_t c = 0; c < unit.columns.size(); ++c) {
    const FitsColumn& column = unit.columns[c];
    if (!isList(column) || column.cells == FitsCells::kOther) continue;
    lists[c] = file.cell(unit, c, row);
    const bool wave = isWavelengthName(column.header.name);
    if (!named) length = wave ? lists[c].size() : std::max(length, lists[c].size());
    named = named || wave;
  }
  for (std::size_t c = 0; c < unit.columns.size(); ++c) {
    if (!lists[c].empty() && lists[c].size() == length) add(source, unit.columns[c], {std::move(lists[c]), {}});
  }
  for (std::size_t i = 0; i < length; ++i) source.rows.push_back(i + 1);
  if (length == 0) throw Error("the lists of the row are empty").on(fmt::format("{} {}", source.rowName, 0));
}

void takeFacts(const FitsFile& file, const FitsUnit& unit, SpectrumSource& source) {
  struct Fact {
    const char *key, *name;
  };
  // The table's own header before the primary one; TARGNAME of the Space Telescope Science Institute before OBJECT.
  for (const FitsUnit* of : {&unit, &file.units().front()}) {
    for (const Fact fact :
         {Fact{"TARGNAME", "target"}, Fact{"TARGET", "target"}, Fact{"OBJECT", "target"},
          Fact{"INSTRUME", "instrument"}, Fact{"TELESCOP", "telescope"}, Fact{"REFERENC", "reference"},
          Fact{"BIBCODE", "bibcode"}, Fact{"DOI", "doi"}, Fact{"AUTHOR", "author"}}) {
      if (source.facts.contains(fact.name)) continue;
      if (auto value = file.keyword(*of, fact.key); value && !value->empty()) source.facts[fact.name] = *value;
    }
  }
}

planet::Import readSpectrumFits(const std::filesystem::path& path, const ImportOptions& options) {
  return readSpectra(fitsSource(readFile(path, kLargestSpectrumFile), options), path, options);
}

}  // namespace

SpectrumSource fitsSource(std::string bytes, const ImportOptions& options) {
  const FitsFile file(std::move(bytes));
  const FitsUnit& unit = tableOf(file, options);
  if (unit.rows == 0) throw Error("the FITS table has no row").on(listOf({&unit}));
  SpectrumSource source;
  source.hasHeader = true;
  if (isOfLists(unit)) {
    takeLists(file, unit, rowOf(unit, options), source);
  } else {
    takeRows(file, unit, source);
  }
  takeFacts(file, unit, source);
  const auto tables = std::count_if(file.units().begin(), file.units().end(), [](const auto& u) { return u.isTable; });
  if (tables > 1)
    source.assumptions.push_back("of several tables of the FITS file this is read: " + listOf({&unit}) + " (hdu)");
  return source;
}

Format spectrumFitsFormat() {
  std::vector<OptionInfo> options = spectrumOptions();
  options.push_back({"hdu", "name (EXTNAME) or number of the table in the FITS file, the primary unit is 0"});
  options.push_back({"row", "row of the FITS table whose lists are the spectrum, from 1"});
  return {.name = "spectrum_fits",
          .kind = planet::ImportKind::kSpectrum,
          .reads = "spectra as tables of FITS files, plain or gzip",
          .options = std::move(options),
          .sniff = sniffSpectrumFits,
          .read = readSpectrumFits};
}

}  // namespace ecumene::data::formats
