// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/spectrum_columns.h"

#include <algorithm>
#include <array>
#include <utility>

#include "data/base/error.h"

namespace ecumene::data::formats {
namespace {

using planet::SpectrumKind;

/// A column name as lower-case words: "waveMin" and "min_wavelength" become {"wave", "min"} and {"min", "wavelength"}.
std::vector<std::string> words(const std::string& name) {
  std::vector<std::string> out;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) out.push_back(lower(word));
    word.clear();
  };
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (std::string_view(" _-.[]").find(c) != std::string_view::npos) {
      finish();
      continue;
    }
    const bool hump = i > 0 && std::isupper(static_cast<unsigned char>(c)) != 0 &&
                      std::islower(static_cast<unsigned char>(name[i - 1])) != 0;
    // "RpRs" and "Rp/Rs" are words of their own.
    if (hump && lower(name.substr(0, i)).ends_with("rp") == false) finish();
    word += c;
  }
  finish();
  return out;
}

template <std::size_t N>
bool anyOf(const std::vector<std::string>& list, const std::array<std::string_view, N>& wanted) {
  return std::any_of(list.begin(), list.end(),
                     [&](const std::string& w) { return std::find(wanted.begin(), wanted.end(), w) != wanted.end(); });
}

constexpr auto kWave =
    std::to_array<std::string_view>({"wave", "wavelength", "wavelengths", "wav", "wl", "lambda", "lam", "wavel"});
constexpr auto kWavenumber = std::to_array<std::string_view>({"wavenumber", "wavenumbers", "wavenum", "wn"});
constexpr auto kFrequency = std::to_array<std::string_view>({"frequency", "freq", "nu"});
constexpr auto kTime =
    std::to_array<std::string_view>({"time", "bjd", "bkjd", "btjd", "hjd", "jd", "mjd", "tdb", "phase"});
/// Of a quantity, but no value or uncertainty of it.
constexpr auto kAside = std::to_array<std::string_view>({"var", "variance", "bkgd", "background", "snr", "npixels"});
constexpr auto kLow = std::to_array<std::string_view>({"low", "lower", "lo", "min", "minus", "neg", "left", "errlow"});
constexpr auto kHigh =
    std::to_array<std::string_view>({"high", "upper", "upp", "up", "hi", "max", "plus", "pos", "right", "errupp"});
constexpr auto kError = std::to_array<std::string_view>(
    {"err", "error", "errors", "unc", "uncertainty", "sigma", "std", "yerr", "e", "derr"});
constexpr auto kWidth =
    std::to_array<std::string_view>({"width", "width/2", "halfwidth", "bin", "bandwidth", "dwave", "dlambda", "dwl"});
constexpr auto kHalf = std::to_array<std::string_view>({"half", "width/2", "halfwidth"});
constexpr auto kFull = std::to_array<std::string_view>({"full", "fwhm", "fullwidth"});

struct ValueName {
  std::string_view word;
  std::optional<SpectrumKind> kind;
  bool isRatio;
  std::string_view unit;                   ///< implied, "" for none
  std::array<std::string_view, 3> with{};  ///< other words that the name must have
};
constexpr auto kValues = std::to_array<ValueName>({
    {"(rp/rs)^2", SpectrumKind::kTransmission, false, ""},
    {"(rp/r*)^2", SpectrumKind::kTransmission, false, ""},
    {"rp2/rs2", SpectrumKind::kTransmission, false, ""},
    {"rp/rs", SpectrumKind::kTransmission, true, ""},
    {"rp/r*", SpectrumKind::kTransmission, true, ""},
    {"rprs", SpectrumKind::kTransmission, true, ""},
    {"fp/fs", SpectrumKind::kEmission, false, ""},
    {"fp", SpectrumKind::kEmission, false, ""},
    {"fpfs", SpectrumKind::kEmission, false, ""},
    {"eclipse", SpectrumKind::kEmission, false, ""},
    {"emission", SpectrumKind::kEmission, false, ""},
    {"albedo", SpectrumKind::kGeometricAlbedo, false, ""},
    {"reflectance", SpectrumKind::kReflectance, false, ""},
    {"transit", SpectrumKind::kTransmission, false, ""},
    {"transmission", SpectrumKind::kTransmission, false, ""},
    {"dppm", std::nullopt, false, "ppm"},
    {"depth", std::nullopt, false, ""},
    {"tdepth", SpectrumKind::kTransmission, false, ""},
    {"yval", std::nullopt, false, ""},
    {"flux", SpectrumKind::kEmission, false, "", {"ratio", "planet", "star"}},
    {"flux", SpectrumKind::kEmission, false, "", {"ratio", "planet", "stellar"}},
    // Of what to what, or whose, these do not say.
    {"flux", std::nullopt, false, "", {"ratio"}},
    {"flux", std::nullopt, false, "", {"planet", "star"}},
    {"flux", std::nullopt, false, "", {"planet", "stellar"}},
    {"flux", SpectrumKind::kStellarFlux, false, "", {"stellar"}},
    {"flux", SpectrumKind::kStellarFlux, false, "", {"star"}},
    {"flux", SpectrumKind::kPlanetFlux, false, "", {"planet"}},
    {"flux", std::nullopt, false, ""},
});

const ValueName* valueName(const std::vector<std::string>& list) {
  if (anyOf(list, kAside)) return nullptr;
  const auto has = [&](std::string_view word) { return std::find(list.begin(), list.end(), word) != list.end(); };
  for (const ValueName& row : kValues) {
    const bool all =
        std::all_of(row.with.begin(), row.with.end(), [&](std::string_view word) { return word.empty() || has(word); });
    if (has(row.word) && all) return &row;
  }
  return nullptr;
}

/// What kind of spectral axis a name means; none if it means none.
std::optional<Dimension> axisOf(const std::vector<std::string>& list) {
  const bool number = std::find(list.begin(), list.end(), "number") != list.end();
  if (anyOf(list, kWavenumber) || (number && anyOf(list, kWave))) return Dimension::kWavenumber;
  if (anyOf(list, kWave)) return Dimension::kLength;
  if (anyOf(list, kFrequency)) return Dimension::kFrequency;
  return std::nullopt;
}

/// The axis of a table: where it has several, wavelengths before wavenumbers before frequencies.
Dimension axisOf(const SpectrumSource& table) {
  for (const Dimension axis : {Dimension::kLength, Dimension::kWavenumber}) {
    if (std::any_of(table.columns.begin(), table.columns.end(),
                    [&](const TableColumn& column) { return axisOf(words(column.name)) == axis; })) {
      return axis;
    }
  }
  const bool frequency = std::any_of(table.columns.begin(), table.columns.end(), [](const TableColumn& column) {
    return axisOf(words(column.name)) == Dimension::kFrequency;
  });
  return frequency ? Dimension::kFrequency : Dimension::kLength;
}

struct Candidates {
  std::vector<std::size_t> values, errors, lowerErrors, upperErrors;
};

/// Index of the column that an option names; none without the option.
std::optional<std::size_t> chosen(const SpectrumSource& table, const ImportOptions& options, const std::string& role) {
  const std::string key = "columns." + role;
  const std::string* name = options.find(key);
  if (name == nullptr) return std::nullopt;
  const std::optional<std::size_t> column = findColumn(table.columns, *name);
  if (!column) {
    std::string names;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      names += (i == 0 ? "" : ", ") + (table.columns[i].name.empty() ? std::to_string(i + 1) : table.columns[i].name);
    }
    throw Error("the table has no such column").on("--set " + key + "=" + *name).expected("one of " + names);
  }
  return column;
}

void sortWaveColumn(SpectrumColumns& c, std::size_t i, const std::vector<std::string>& list) {
  if (anyOf(list, kWidth) || anyOf(list, kError)) {
    c.width = i;
    c.widthMeaning = anyOf(list, kHalf)   ? WidthMeaning::kHalf
                     : anyOf(list, kFull) ? WidthMeaning::kFull
                                          : WidthMeaning::kUnstated;
  } else if (anyOf(list, kLow)) {
    c.lowerEdge = i;
  } else if (anyOf(list, kHigh)) {
    c.upperEdge = i;
  } else {
    c.wavelengths.push_back(i);
  }
}

void sortWidthColumn(SpectrumColumns& c, std::size_t i, const std::vector<std::string>& list) {
  if (anyOf(list, kLow)) {
    c.lowerHalfWidth = i;
  } else if (anyOf(list, kHigh)) {
    c.upperHalfWidth = i;
  } else {
    c.width = i;
    c.widthMeaning = anyOf(list, kHalf)   ? WidthMeaning::kHalf
                     : anyOf(list, kFull) ? WidthMeaning::kFull
                                          : WidthMeaning::kUnstated;
  }
}

/// Columns by their names, with wavelengths and bins of the axis `c.axis`.
Candidates sortColumns(const SpectrumSource& table, SpectrumColumns& c) {
  Candidates found;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const std::string& name = table.columns[i].name;
    const std::vector<std::string> list = words(name);
    const std::string plain = lower(name);
    const auto has = [&](std::string_view word) { return std::find(list.begin(), list.end(), word) != list.end(); };
    if (const std::optional<Dimension> axis = axisOf(list); axis) {
      if (*axis == c.axis) sortWaveColumn(c, i, list);
    } else if (anyOf(list, kAside)) {
      continue;
    } else if (anyOf(list, kError) || plain.ends_with("err")) {
      auto& errors = anyOf(list, kLow) ? found.lowerErrors : anyOf(list, kHigh) ? found.upperErrors : found.errors;
      errors.push_back(i);
    } else if (anyOf(list, kWidth)) {
      sortWidthColumn(c, i, list);
    } else if (valueName(list) != nullptr) {
      found.values.push_back(i);
    } else if (has("quality") || has("flag") || plain == "dq") {
      c.quality = i;
    } else if (has("ignore")) {
      c.ignore = i;
    } else if (has("order")) {
      c.order = i;
    } else if (has("instrument") || plain == "instrname") {
      c.instrument = i;
    }
  }
  return found;
}

/// The error column among several that belongs to the value: "RpRs_lower_err" to "RpRs_med".
std::optional<std::size_t> errorOf(const SpectrumSource& table, const std::vector<std::size_t>& errors,
                                   std::size_t value, bool onlyValue) {
  if (errors.size() == 1 && onlyValue) return errors.front();
  const auto base = [&](std::size_t column) {
    std::string text;
    for (const std::string& word : words(table.columns[column].name)) {
      const bool skip = std::find(kError.begin(), kError.end(), word) != kError.end() ||
                        std::find(kLow.begin(), kLow.end(), word) != kLow.end() ||
                        std::find(kHigh.begin(), kHigh.end(), word) != kHigh.end() || word == "med" ||
                        word == "median" || word == "value";
      if (!skip) text += word + " ";
    }
    return text;
  };
  for (const std::size_t column : errors) {
    if (base(column) == base(value)) return column;
  }
  if (!errors.empty() && onlyValue) {
    throw Error("several columns may be the uncertainty")
        .next("name it, or give its number from 1: --set columns.error=NAME");
  }
  return std::nullopt;
}

bool twice(const SpectrumSource& table, std::size_t column) {
  const std::string& name = table.columns[column].name;
  return std::count_if(table.columns.begin(), table.columns.end(), [&](const auto& c) { return c.name == name; }) > 1;
}

Error noHeader(const SpectrumSource& table) {
  std::string first;
  for (std::size_t c = 0; c < table.columns.size() && c < 8; ++c) {
    first += (c == 0 ? "" : ", ") + std::to_string(c + 1) + ": " + table.word(c, 0).substr(0, kLongestWord);
  }
  return Error("the table has no header, so its " + std::to_string(table.columns.size()) + " columns could be anything")
      .found("in the first row " + first)
      .next(
          "say what they are, counting from 1: --set columns.wavelength=1 --set columns.depth=2 "
          "[--set columns.error=3] --set units.wavelength=um --set units.depth=1|ppm|percent [--set "
          "kind=transmission|emission|geometric_albedo|reflectance|stellar_flux|planet_flux]");
}

/// Throws Error where the bins are told towards one side only, which would be left out unsaid.
void requireWholeBins(const SpectrumSource& table, const SpectrumColumns& c) {
  const bool whole = (c.lowerEdge && c.upperEdge) || (c.lowerHalfWidth && c.upperHalfWidth) || c.width;
  if (whole) return;
  const std::pair<std::optional<std::size_t>, const char*> lone[] = {
      {c.lowerEdge, "columns.upper_edge"},
      {c.upperEdge, "columns.lower_edge"},
      {c.lowerHalfWidth, "columns.half_width"},
      {c.upperHalfWidth, "columns.half_width"},
  };
  for (const auto& [column, other] : lone) {
    if (!column) continue;
    throw Error("the bins are told towards one side only")
        .on("column " + table.columns[*column].name)
        .next(std::string("name the other: --set ") + other + "=NAME, or take the column out of the file");
  }
}

}  // namespace

bool isWavelengthName(const std::string& name) {
  const std::vector<std::string> list = words(name);
  return axisOf(list) && !anyOf(list, kError);
}

bool isValueName(const std::string& name) {
  return valueName(words(name)) != nullptr;
}

bool isTimeName(const std::string& name) {
  return anyOf(words(name), kTime);
}

SpectrumColumns spectrumColumns(const SpectrumSource& table, const ImportOptions& options) {
  SpectrumColumns c;
  const auto axisNamed = [&](std::size_t column) { return axisOf(words(table.columns[column].name)); };
  c.axis = axisOf(table);
  for (const char* role : {"upper_edge", "lower_edge", "wavelength"}) {
    if (const auto column = chosen(table, options, role); column) c.axis = axisNamed(*column).value_or(c.axis);
  }
  Candidates found = table.hasHeader ? sortColumns(table, c) : Candidates{};
  const auto take = [&](const char* role, std::optional<std::size_t>& member) {
    if (const auto column = chosen(table, options, role); column) member = column;
  };
  take("wavelength", c.wavelength);
  take("lower_edge", c.lowerEdge);
  take("upper_edge", c.upperEdge);
  if (const auto column = chosen(table, options, "half_width"); column) {
    c.width = column;
    c.widthMeaning = WidthMeaning::kHalf;
  }
  take("depth", c.value);
  take("error", c.error);
  take("lower_error", c.lowerError);
  take("upper_error", c.upperError);
  take("instrument", c.instrument);
  if (!table.hasHeader && (!c.wavelength || !c.value)) throw noHeader(table);

  if (!c.wavelength && c.wavelengths.size() > 1) {
    std::string names;
    for (const std::size_t i : c.wavelengths) names += (names.empty() ? "" : ", ") + table.columns[i].name;
    throw Error("several columns may be the wavelength")
        .found(names)
        .next("name one, or give its number from 1: --set columns.wavelength=" + std::to_string(c.wavelengths[0] + 1));
  }
  if (!c.wavelength && !c.wavelengths.empty()) c.wavelength = c.wavelengths.front();
  if (!c.value && found.values.size() > 1) {
    std::string names;
    for (const std::size_t i : found.values) names += (names.empty() ? "" : ", ") + table.columns[i].name;
    // A transit depth is what most readers of such a table are after; the option shows the way for all.
    const auto transit = std::find_if(found.values.begin(), found.values.end(), [&](std::size_t i) {
      const ValueName* row = valueName(words(table.columns[i].name));
      return row != nullptr && row->kind == SpectrumKind::kTransmission;
    });
    const std::size_t example = transit == found.values.end() ? found.values.front() : *transit;
    throw Error("the table holds several quantities")
        .found(names)
        .next("name one, or give its number: --set columns.depth=" +
              (!twice(table, example) ? table.columns[example].name : std::to_string(example + 1)));
  }
  if (!c.value && found.values.empty()) {
    throw Error("no column is a depth, flux or albedo by its name").next("name it: --set columns.depth=NAME");
  }
  if (!c.value) c.value = found.values.front();
  if (!c.wavelength && !(c.lowerEdge && c.upperEdge)) {
    throw Error("no column is a wavelength by its name")
        .next(
            "name it: --set columns.wavelength=NAME, or both edges of its bins: --set columns.lower_edge=NAME --set "
            "columns.upper_edge=NAME");
  }

  for (const auto& column : {c.wavelength, c.lowerEdge, c.upperEdge, c.width}) {
    if (!column || axisNamed(*column).value_or(c.axis) == c.axis) continue;
    throw Error("wavelengths, wavenumbers and frequencies are mixed")
        .on("column " + table.columns[*column].name)
        .next(
            "name columns of one of them: --set columns.wavelength=NAME, columns.lower_edge=NAME, "
            "columns.upper_edge=NAME, columns.half_width=NAME");
  }
  requireWholeBins(table, c);

  const bool onlyValue = found.values.empty() || (found.values.size() == 1 && found.values.front() == *c.value);
  if (!c.error && !c.lowerError && !c.upperError) {
    c.lowerError = errorOf(table, found.lowerErrors, *c.value, onlyValue);
    c.upperError = errorOf(table, found.upperErrors, *c.value, onlyValue);
    if (!c.lowerError && !c.upperError) c.error = errorOf(table, found.errors, *c.value, onlyValue);
  }
  if (c.lowerError.has_value() != c.upperError.has_value()) {
    throw Error("there is an uncertainty to one side only")
        .next("name both: --set columns.lower_error=NAME --set columns.upper_error=NAME");
  }
  if (const ValueName* row = valueName(words(table.columns[*c.value].name)); row != nullptr) {
    c.kind = row->kind;
    c.isFlux = row->word == "flux" && !row->kind;
    c.isRadiusRatio = row->isRatio;
    if (!row->unit.empty()) c.impliedUnit = std::string(row->unit);
  }
  return c;
}

}  // namespace ecumene::data::formats
