// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectrum_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "data/base/error.h"
#include "data/base/units.h"
#include "data/formats/planet_name.h"
#include "data/formats/spectrum_bins.h"
#include "data/formats/spectrum_columns.h"
#include "data/formats/spectrum_units.h"
#include "data/formats/text_file.h"
#include "data/formats/text_table.h"
#include "data/formats/unit_name.h"

namespace ecumene::data::formats {
namespace {

using planet::Spectrum;
using planet::SpectrumKind;

constexpr double kLargestSigma = 2.0;  // the largest albedo
constexpr std::size_t kLargestFile = std::size_t{256} << 20U;

Sniff sniff(const std::filesystem::path&, std::string_view head) {
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
    const bool waves = std::any_of(table.columns.begin(), table.columns.end(),
                                   [](const TableColumn& c) { return isWavelengthName(c.name); });
    if (!waves) {
      return {Match::kNear,
              "no column is a wavelength by its name; if one is: --set format=spectrum_table "
              "--set columns.wavelength=NAME"};
    }
    return {Match::kPossible, "a table with wavelengths"};
  } catch (const Error& error) {
    // Rows that end in disorder had begun as a table; an error without advice means that there is no table at all.
    return {error.nextStep().empty() ? Match::kNo : Match::kNear, error.what()};
  }
}

/// What a read knows while it goes on.
struct Reading {
  const ImportOptions& options;
  TextTable table{};
  SpectrumColumns columns{};
  SpectrumKind kind = SpectrumKind::kTransmission;
  planet::Import import{};
  std::string conversions{};

  void assume(std::string text) {
    if (!text.empty()) import.assumptions.push_back(std::move(text));
  }
  /// Notes a conversion of units, where there is one.
  void convert(const std::string& what, const std::string& from, const std::string& to) {
    if (ecumene::convert(1.0, from, to) != 1.0) convert(fmt::format("{} from {} to {}", what, from, to));
  }
  void convert(const std::string& text) { conversions += (conversions.empty() ? "" : "; ") + text; }
};

/// Numbers of one column; empty cells are nan. Anything else names its line.
std::vector<double> numbers(const Reading& r, std::size_t column) {
  std::vector<double> values;
  values.reserve(r.table.rows.size());
  for (std::size_t i = 0; i < r.table.rows.size(); ++i) {
    const std::string& cell = r.table.rows[i][column];
    const std::optional<double> value = cell.empty() ? std::nan("") : parseNumber(cell);
    if (!value || std::isinf(*value)) {
      throw Error("the cell is not a number")
          .on(fmt::format("line {}, column {}", r.table.lines[i], column + 1))
          .found("'" + cell.substr(0, 40) + "'");
    }
    values.push_back(*value);
  }
  return values;
}

void settleKind(Reading& r) {
  if (const std::string* chosen = r.options.find("kind"); chosen != nullptr) {
    for (const SpectrumKind kind : {SpectrumKind::kTransmission, SpectrumKind::kEmission,
                                    SpectrumKind::kGeometricAlbedo, SpectrumKind::kStellarFlux}) {
      if (planet::name(kind) == *chosen) {
        r.kind = kind;
        r.assume("kind of spectrum: " + *chosen + ", as --set kind says");
        return;
      }
    }
    throw Error("unknown kind of spectrum", ErrorKind::kUsage)
        .on("--set kind=" + *chosen)
        .expected("transmission, emission, geometric_albedo or stellar_flux");
  }
  if (r.columns.kind == SpectrumKind::kStellarFlux) {
    throw Error("a flux may be the star's or the planet's")
        .next("say which: --set kind=stellar_flux or --set kind=emission");
  }
  if (r.columns.kind) {
    r.kind = *r.columns.kind;
    return;
  }
  const auto label = r.table.metadata.find("ylabel");
  if (label != r.table.metadata.end() && lower(label->second).find("transit") != std::string::npos) return;
  r.assume("the depth is taken as a transit depth (kind)");
}

void leaveOut(Reading& r, const std::vector<bool>& drop, const std::string& why) {
  TextTable& table = r.table;
  std::size_t kept = 0;
  std::size_t first = 0;
  std::size_t last = 0;
  for (std::size_t i = 0; i < drop.size(); ++i) {
    if (drop[i]) {
      if (first == 0) first = table.lines[i];
      last = table.lines[i];
      continue;
    }
    table.rows[kept].swap(table.rows[i]);
    table.lines[kept] = table.lines[i];
    ++kept;
  }
  const std::size_t dropped = drop.size() - kept;
  if (dropped == 0) return;
  table.rows.resize(kept);
  table.lines.resize(kept);
  r.assume(fmt::format("{} row{} left out: {} (lines {} to {})", dropped, dropped == 1 ? "" : "s", why, first, last));
  if (kept == 0) throw Error("no row is left").found(why + " in all rows");
}

void leaveOutFlagged(Reading& r, const std::optional<std::size_t>& column, const char* what) {
  if (!column) return;
  const std::vector<double> flags = numbers(r, *column);
  std::vector<bool> drop(flags.size());
  std::transform(flags.begin(), flags.end(), drop.begin(), [](double f) { return f != 0.0; });
  if (const std::string* keep = r.options.find("flagged"); keep != nullptr) {
    if (*keep == "keep") return r.assume(std::string("rows flagged in '") + what + "' are kept, as --set flagged says");
    if (*keep != "drop") {
      throw Error("unknown choice", ErrorKind::kUsage).on("--set flagged=" + *keep).expected("keep or drop");
    }
  }
  leaveOut(r, drop, std::string("their ") + what + " is not 0, read as flagged (--set flagged=keep keeps them)");
}

void leaveOutMissing(Reading& r) {
  std::vector<bool> drop(r.table.rows.size(), false);
  const SpectrumColumns& c = r.columns;
  for (const auto& column : {c.value, c.error, c.lowerError, c.upperError}) {
    if (!column) continue;
    const std::vector<double> values = numbers(r, *column);
    for (std::size_t i = 0; i < values.size(); ++i) drop[i] = drop[i] || std::isnan(values[i]);
  }
  leaveOut(r, drop, "depth or uncertainty is empty or nan");
}

/// Rows of each instrument and order, in the order of their first appearance.
std::vector<std::pair<std::string, std::vector<std::size_t>>> groups(Reading& r) {
  std::vector<std::pair<std::string, std::vector<std::size_t>>> out;
  for (std::size_t i = 0; i < r.table.rows.size(); ++i) {
    std::string label;
    if (r.columns.instrument) {
      label = r.table.rows[i][*r.columns.instrument];
      if (label == "null" || label == "none") label.clear();
    }
    if (r.columns.order) {
      const std::string& cell = r.table.rows[i][*r.columns.order];
      const std::optional<double> order = parseNumber(cell);
      label += (label.empty() ? "order " : " order ") + (order ? fmt::format("{:g}", *order) : cell);
    }
    auto group = std::find_if(out.begin(), out.end(), [&](const auto& g) { return g.first == label; });
    if (group == out.end()) group = out.insert(out.end(), {label, {}});
    group->second.push_back(i);
    constexpr std::size_t kMostGroups = 256;
    if (out.size() > kMostGroups) throw Error("the table names too many instruments or orders");
  }
  if (out.size() > 1) {
    std::string names;
    for (const auto& group : out) names += (names.empty() ? "" : ", ") + group.first;
    r.assume(fmt::format("the rows are {} spectra, by instrument or order: {}", out.size(), names));
  } else if (r.columns.order) {
    out.front().first.clear();
  }
  return out;
}

std::vector<double> pick(const std::vector<double>& column, const std::vector<std::size_t>& rows) {
  std::vector<double> out;
  out.reserve(rows.size());
  for (const std::size_t row : rows) out.push_back(column[row]);
  return out;
}

/// All numeric columns in um and fractions.
struct Values {
  BinColumns bins;
  std::vector<double> value, sigmaLower, sigmaUpper;
};

void scale(std::vector<double>& numbers, const std::string& from, const std::string& to) {
  for (double& number : numbers) number = ecumene::convert(number, from, to);
}

/// The unit that a column's header or name states. Where they disagree `option` must have settled it.
std::optional<std::string> columnUnit(Reading& r, std::size_t column, Dimension dimension, const char* option) {
  const TableColumn& header = r.table.columns[column];
  const std::optional<std::string> named = unitInName(header.name, dimension);
  if (!named || r.options.find(option) != nullptr) return header.unit ? header.unit : named;
  if (!header.unit) {
    r.assume(fmt::format("{} in {}: the unit is from the column name", header.name, *named));
    return named;
  }
  const std::optional<Unit> stated = findUnit(*header.unit);
  if (!stated || stated->dimension != dimension || stated->toSi != findUnit(*named)->toSi) {
    throw Error("the column's name and its header state two units")
        .on(header.name)
        .found("'" + *named + "' and '" + *header.unit + "'")
        .next("say which it is: --set " + std::string(option) + "=" + *named);
  }
  return header.unit;
}

constexpr const char* kWavelengthOption = "units.wavelength";
constexpr const char* kValueOption = "units.depth";

std::optional<std::string> statedWavelengthUnit(Reading& r) {
  for (const auto& column : {r.columns.wavelength, r.columns.lowerEdge}) {
    if (!column) continue;
    if (auto unit = columnUnit(r, *column, Dimension::kLength, kWavelengthOption); unit) return unit;
  }
  // The @DATA files of Pyrat Bay say it in a sentence, not in the header.
  for (const std::string& comment : r.table.comments) {
    const std::string text = lower(comment);
    if (text.find("wavelength") != std::string::npos && text.find("always microns") != std::string::npos) return "um";
  }
  return std::nullopt;
}

void readBins(Reading& r, Values& out) {
  const SpectrumColumns& c = r.columns;
  const std::optional<std::string> stated = statedWavelengthUnit(r);
  const std::size_t main = c.wavelength ? *c.wavelength : *c.lowerEdge;
  const std::vector<double> raw = numbers(r, main);
  const auto wrong = std::find_if(raw.begin(), raw.end(), [](double x) { return !(x > 0.0); });
  if (wrong != raw.end()) {
    const auto row = static_cast<std::size_t>(wrong - raw.begin());
    throw Error("a wavelength is not a positive number")
        .on(fmt::format("line {}, column {}", r.table.lines[row], main + 1))
        .found("'" + r.table.rows[row][main].substr(0, 40) + "'");
  }
  const SettledUnit unit = settleWavelengthUnit(raw, stated, r.kind, r.options);
  r.assume(unit.assumption);
  r.convert("wavelengths", unit.unit, "um");
  bool inherited = false;
  const auto take = [&](const std::optional<std::size_t>& column, std::vector<double>& numbersUm) {
    if (!column) return;
    numbersUm = numbers(r, *column);
    const std::optional<std::string> own =
        *column == main ? stated : columnUnit(r, *column, Dimension::kLength, kWavelengthOption);
    // The option speaks for every length of the table: edges and widths share the centre's unit.
    const bool useOwn = own && r.options.find(kWavelengthOption) == nullptr;
    inherited = inherited || (!own && stated && column != c.wavelength);
    scale(numbersUm, useOwn ? *own : unit.unit, "um");
  };
  take(c.wavelength, out.bins.centre);
  take(c.lowerEdge, out.bins.lowerEdge);
  take(c.upperEdge, out.bins.upperEdge);
  take(c.width, out.bins.width);
  take(c.lowerHalfWidth, out.bins.lowerHalfWidth);
  take(c.upperHalfWidth, out.bins.upperHalfWidth);
  if (inherited && r.table.directives.empty()) {
    r.assume("the bin widths state no unit: read in " + unit.unit + " like the wavelengths");
  }
}

void readValues(Reading& r, Values& out) {
  const SpectrumColumns& c = r.columns;
  std::optional<std::string> stated = columnUnit(r, *c.value, Dimension::kNumber, kValueOption);
  if (!stated && c.impliedUnit) stated = c.impliedUnit;
  if (const auto directive = r.table.directives.find("@DEPTH_UNITS"); directive != r.table.directives.end()) {
    stated = directive->second == "none" ? "1" : directive->second;
  }
  out.value = numbers(r, *c.value);
  const SettledUnit unit = settleValueUnit(out.value, stated, r.kind, c.isRadiusRatio, r.options);
  r.assume(unit.assumption);
  const bool fraction = r.kind != SpectrumKind::kStellarFlux;
  if (fraction) {
    scale(out.value, unit.unit, "1");
    r.convert("values", unit.unit, "fraction");
  }
  const auto take = [&](std::size_t column, std::vector<double>& sigma, bool lower) {
    sigma = numbers(r, column);
    // Lower errors are written with their sign by some authors.
    if (lower && std::all_of(sigma.begin(), sigma.end(), [](double s) { return s <= 0.0; })) {
      for (double& s : sigma) s = -s;
    }
    for (std::size_t i = 0; i < sigma.size(); ++i) {
      if (!(sigma[i] > 0.0)) {
        throw Error("the uncertainty is not positive")
            .on(fmt::format("line {}", r.table.lines[i]))
            .found(fmt::format("{:g}", sigma[i]))
            .next("remove the row, or the column of uncertainties");
      }
    }
    if (!fraction) return;
    scale(sigma, columnUnit(r, column, Dimension::kNumber, kValueOption).value_or(unit.unit), "1");
    for (std::size_t i = 0; i < sigma.size(); ++i) {
      if (sigma[i] <= kLargestSigma) continue;
      throw Error("the uncertainty is larger than the quantity can be")
          .on(fmt::format("line {}", r.table.lines[i]))
          .expected(fmt::format("at most {:g}, as a fraction", kLargestSigma))
          .found(fmt::format("{:g}", sigma[i]))
          .next("if the unit is wrong: --set units.depth=1|percent|ppm; else remove the row");
    }
  };
  if (c.error) {
    take(*c.error, out.sigmaLower, false);
    out.sigmaUpper = out.sigmaLower;
  } else if (c.lowerError) {
    take(*c.lowerError, out.sigmaLower, true);
    take(*c.upperError, out.sigmaUpper, false);
  }
  if (c.isRadiusRatio && r.kind == SpectrumKind::kTransmission) {
    for (std::size_t i = 0; i < out.value.size(); ++i) {
      if (!out.sigmaLower.empty()) {
        out.sigmaLower[i] *= 2.0 * std::abs(out.value[i]);
        out.sigmaUpper[i] *= 2.0 * std::abs(out.value[i]);
      }
      out.value[i] *= out.value[i];
    }
    r.assume("'" + r.table.columns[*c.value].name +
             "' is a ratio of radii: squared to the transit depth, uncertainties by 2 r dr");
  }
  for (std::size_t i = 0; fraction && i < out.value.size(); ++i) {
    if (r.kind == SpectrumKind::kGeometricAlbedo ? out.value[i] < 0.0 || out.value[i] > 2.0
                                                 : !(std::abs(out.value[i]) < 1.0)) {
      throw Error("the value is outside what such a quantity can be")
          .on(fmt::format("line {}", r.table.lines[i]))
          .expected(r.kind == SpectrumKind::kGeometricAlbedo ? "0 to 2" : "between -1 and 1, as a fraction")
          .found(fmt::format("{:.6g} with the unit '{}'", out.value[i], unit.unit))
          .next("if the unit is wrong: --set units.depth=1|percent|ppm");
    }
  }
}

void namePlanet(Reading& r, const std::filesystem::path& path) {
  planet::Planet& planet = r.import.planet;
  if (const std::string* name = r.options.find("planet"); name != nullptr) {
    planet.name = *name;
    return;
  }
  for (const char* key : {"target", "planet", "object", "pl_name"}) {
    if (const auto entry = r.table.metadata.find(key); entry != r.table.metadata.end()) {
      planet.name = entry->second;
      r.convert("planet from the header");
      return;
    }
  }
  const std::string stem = path.stem().string();
  if (const auto name = planetNameIn(stem); name) {
    planet.name = *name;
    r.assume("the planet is taken from the file name: " + *name + " (planet)");
    return;
  }
  planet.name = stem;
  r.assume("no planet is named: the spectrum is kept under its file name (--set planet=NAME joins it to one)");
}

std::string instrumentName(Reading& r, const std::filesystem::path& path) {
  if (const std::string* name = r.options.find("instrument"); name != nullptr) return *name;
  if (const auto entry = r.table.metadata.find("instrument"); entry != r.table.metadata.end()) return entry->second;
  const std::string name = instrumentIn(path.stem().string());
  if (!name.empty() && !r.columns.instrument) r.assume("the instrument is taken from the file name: " + name);
  return r.columns.instrument ? "" : name;
}

planet::Import readSpectra(const std::filesystem::path& path, const ImportOptions& options) {
  Reading r{.options = options};
  r.table = parseTextTable(readTextFile(path, kLargestFile));
  if (r.table.mayBeCut) {
    r.assume(fmt::format("the last line has no line end: its last number may be cut (line {}: '{}')",
                         r.table.lines.back(), r.table.rows.back().back()));
  }
  r.columns = spectrumColumns(r.table, options);
  settleKind(r);
  leaveOutFlagged(r, r.columns.quality, "quality");
  leaveOutFlagged(r, r.columns.ignore, "ignore");
  leaveOutMissing(r);
  Values values;
  readBins(r, values);
  readValues(r, values);
  namePlanet(r, path);
  const std::string instrument = instrumentName(r, path);
  const bool observed = !values.sigmaLower.empty();
  r.import.planet.origin = observed ? planet::Origin::kObserved : planet::Origin::kOther;
  if (!observed) r.assume("no uncertainties are given: kept as a computed spectrum, not as an observation");

  const auto grouped = groups(r);
  const WidthMeaning meaning =
      settleWidths(values.bins, r.columns.widthMeaning, grouped, options, r.import.assumptions);
  for (const auto& [label, rows] : grouped) {
    Spectrum spectrum;
    spectrum.kind = r.kind;
    spectrum.instrument = instrument + (instrument.empty() || label.empty() ? "" : " ") + label;
    spectrum.value = pick(values.value, rows);
    if (observed) {
      spectrum.sigmaLower = pick(values.sigmaLower, rows);
      spectrum.sigmaUpper = pick(values.sigmaUpper, rows);
    }
    fillBins(spectrum, values.bins, rows, meaning, r.import.assumptions);
    r.import.planet.spectra.push_back(std::move(spectrum));
  }
  r.import.provenance.conversions = r.conversions;
  return std::move(r.import);
}

}  // namespace

Format spectrumTableFormat() {
  return {.name = "spectrum_table",
          .kind = planet::ImportKind::kSpectrum,
          .reads = "spectra as CSV, ECSV 1.0 or columns separated by blanks",
          .options = {{"units.wavelength", "unit of wavelengths, edges and widths"},
                      {"units.depth", "unit of depths, flux ratios or albedos: 1, percent, ppm"},
                      {"columns.wavelength", "name of the column, or its number from 1"},
                      {"columns.lower_edge", "column of lower bin edges"},
                      {"columns.upper_edge", "column of upper bin edges"},
                      {"columns.half_width", "column of half bin widths"},
                      {"columns.depth", "column of the values"},
                      {"columns.error", "column of the uncertainties"},
                      {"columns.lower_error", "column of uncertainties towards smaller values"},
                      {"columns.upper_error", "column of uncertainties towards larger values"},
                      {"columns.instrument", "column that names the instrument of each row"},
                      {"bins", "half or full: what a column of bin widths holds"},
                      {"flagged", "keep or drop: rows whose quality or ignore column is not 0"},
                      {"kind", "transmission, emission, geometric_albedo or stellar_flux"},
                      {"instrument", "name of the instrument"}},
          .sniff = sniff,
          .read = readSpectra};
}

}  // namespace ecumene::data::formats
