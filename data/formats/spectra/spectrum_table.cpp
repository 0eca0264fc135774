// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/spectrum_table.h"

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/formats/common/text_file.h"
#include "data/formats/common/text_table.h"
#include "data/formats/spectra/light_curve.h"
#include "data/formats/spectra/spectrum_columns.h"
#include "data/formats/spectra/spectrum_reading.h"

namespace ecumene::data::formats {
namespace {

/// Whether two numbers stand side by side on any line, as they do in no prose.
bool holdsNumbers(std::string_view head) {
  std::istringstream lines{std::string(head)};
  for (std::string line; std::getline(lines, line);) {
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == ',' || c == ';' || c == '\t'; }, ' ');
    std::istringstream cells(line);
    bool before = false;
    for (std::string cell; cells >> cell;) {
      const bool isNumber = parseNumber(cell).has_value();
      if (isNumber && before) return true;
      before = isNumber;
    }
  }
  return false;
}

Sniff sniffSpectrumTable(const std::filesystem::path&, std::string_view head) {
  if (!looksLikeText(head)) return {Match::kNo, "not text"};
  if (head.starts_with("# %ECSV")) return {Match::kCertain, "an ECSV line"};
  try {
    const TextTable table = parseTextTable(head, head.size() < kHeadBytes);
    if (table.columns.size() < 2) return {Match::kNo, "fewer than two columns"};
    if (!table.hasHeader) {
      const std::vector<std::string>& first = table.rows.front();
      const bool plain =
          std::all_of(first.begin(), first.end(), [](const auto& c) { return parseNumber(c).has_value(); });
      if (!plain) return {Match::kNo, "neither a header nor plain numbers"};
      return {Match::kPossible, "a table of numbers without a header"};
    }
    if (const auto objection = lightCurveObjection(table.columns); objection) {
      return {Match::kNear, std::string(objection->what()) + "; --set format=spectrum_table"};
    }
    const bool waves = std::any_of(table.columns.begin(), table.columns.end(),
                                   [](const TableColumn& c) { return isWavelengthName(c.name); });
    if (!waves) {
      return {
          Match::kNear,
          "no column is a wavelength by its name; if one is: --set format=spectrum_table "
          "--set columns.wavelength=NAME, or --set columns.lower_edge=NAME --set columns.upper_edge=NAME of its bins"};
    }
    return {Match::kPossible, "a table with wavelengths"};
  } catch (const Error& error) {
    if (!holdsNumbers(head)) return {Match::kNo, "no row of numbers"};
    // Rows that end in disorder had begun as a table; an error without advice means that there is no table at all.
    return {error.nextStep().empty() ? Match::kNo : Match::kNear, error.what()};
  }
}

planet::Import readSpectrumTable(const std::filesystem::path& path, const ImportOptions& options) {
  return readSpectra(textSource(parseTextTable(readTextFile(path, kLargestSpectrumFile))), path, options);
}

}  // namespace

Format spectrumTableFormat() {
  return {.name = "spectrum_table",
          .kind = planet::ImportKind::kSpectrum,
          .reads = "spectra as CSV, ECSV 1.0 or columns separated by blanks",
          .options = spectrumOptions(),
          .sniff = sniffSpectrumTable,
          .read = readSpectrumTable};
}

}  // namespace ecumene::data::formats
