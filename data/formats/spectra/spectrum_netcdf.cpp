// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/spectrum_netcdf.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "data/base/error.h"
#include "data/formats/common/netcdf_file.h"
#include "data/formats/spectra/spectrum_columns.h"
#include "data/formats/spectra/spectrum_reading.h"

namespace ecumene::data::formats {
namespace {

constexpr std::size_t kMostPoints = std::size_t{1} << 24U;
constexpr std::size_t kMostLetters = std::size_t{1} << 26U;

std::vector<NetcdfVariable> variablesOf(const NetcdfFile& file) {
  std::vector<NetcdfVariable> out;
  for (const std::string& name : file.variables()) {
    if (auto variable = file.find(name); variable) out.push_back(std::move(*variable));
  }
  return out;
}

/// The dimension of the variables that are wavelengths by their names, each along one dimension; none if there are
/// none, or of several dimensions.
std::optional<std::string> spectralDimension(const std::vector<NetcdfVariable>& variables) {
  std::optional<std::string> dimension;
  for (const NetcdfVariable& v : variables) {
    if (v.shape.size() != 1 || !isWavelengthName(v.name)) continue;
    if (dimension && *dimension != v.dimensions.front()) return std::nullopt;
    dimension = v.dimensions.front();
  }
  return dimension;
}

Sniff sniffSpectrumNetcdf(const std::filesystem::path& path, std::string_view head) {
  if (!looksLikeNetcdf(head)) return {Match::kNo, "not a NetCDF file"};
  try {
    const NetcdfFile file(path);
    const std::vector<NetcdfVariable> variables = variablesOf(file);
    const std::optional<std::string> dimension = spectralDimension(variables);
    if (!dimension) return {Match::kNo, "no variable of wavelengths along one dimension"};
    const bool valued = std::any_of(variables.begin(), variables.end(), [&](const NetcdfVariable& v) {
      return v.shape.size() == 1 && v.dimensions.front() == *dimension && isValueName(v.name);
    });
    if (!valued) return {Match::kNear, "wavelengths, but no depth, flux or albedo along them by its name"};
    return {Match::kCertain, "a depth, flux or albedo along wavelengths"};
  } catch (const Error& error) {
    return {Match::kNo, error.what()};
  }
}

/// The variable as a column along its first dimension: a number or a text for each point. None if it is neither.
std::optional<SourceCells> cellsOf(const NetcdfFile& file, const NetcdfVariable& variable) {
  const NetcdfContent content = file.content(variable);
  const std::size_t count = variable.shape.front();
  const bool oneEach = variable.shape.size() == (content == NetcdfContent::kCharacters ? 2U : 1U);
  if (content == NetcdfContent::kOther || (!oneEach && variable.shape.size() != 1)) return std::nullopt;
  if (count > kMostPoints) {
    throw Error("the variable is larger than any spectrum").on(variable.name).found(std::to_string(count) + " values");
  }
  if (content != NetcdfContent::kNumbers) return SourceCells{{}, file.words(variable, kMostLetters)};
  SourceCells cells{std::vector<double>(count), {}};
  const std::array<std::size_t, 1> start{0};
  file.read(variable, file.packing(variable), start, variable.shape, cells.numbers);
  return cells;
}

/// What is left out, in words: "temperature, H2, H and 35 more along pressure".
std::string leftOut(const std::vector<NetcdfVariable>& variables, const std::set<std::string>& taken) {
  constexpr std::size_t kNamed = 3;
  std::string names;
  std::set<std::string> seen;
  std::string along;
  std::size_t count = 0;
  for (const NetcdfVariable& v : variables) {
    if (taken.contains(v.name)) continue;
    if (count++ < kNamed) names += (names.empty() ? "" : ", ") + v.name;
    for (const std::string& d : v.dimensions) {
      if (seen.insert(d).second) along += (along.empty() ? "" : ", ") + d;
    }
  }
  if (count == 0) return {};
  if (count > kNamed) names += fmt::format(" and {} more", count - kNamed);
  return fmt::format("left out, only the spectrum is taken: {}{}", names, along.empty() ? "" : " along " + along);
}

planet::Import readSpectrumNetcdf(const std::filesystem::path& path, const ImportOptions& options) {
  const NetcdfFile file(path);
  const std::vector<NetcdfVariable> variables = variablesOf(file);
  std::optional<std::string> dimension = spectralDimension(variables);
  if (const std::string* name = options.find("columns.wavelength"); name != nullptr) {
    const auto variable = file.find(*name);
    if (!variable || variable->shape.size() != 1) {
      throw Error("the file has no such variable along one dimension").on("--set columns.wavelength=" + *name);
    }
    dimension = variable->dimensions.front();
  }
  if (!dimension) {
    throw Error("no variable is the wavelength by its name, or several along different dimensions are")
        .next("name it: --set columns.wavelength=NAME");
  }
  SpectrumSource source;
  source.hasHeader = true;
  source.rowName = *dimension;
  std::set<std::string> taken;
  for (const NetcdfVariable& v : variables) {
    if (v.shape.empty() || v.dimensions.front() != *dimension) continue;
    std::optional<SourceCells> cells = cellsOf(file, v);
    if (!cells) continue;
    taken.insert(v.name);
    source.columns.push_back({v.name, file.text(v, "units")});
    source.cells.push_back(std::move(*cells));
    source.rows.resize(v.shape.front());
  }
  for (std::size_t i = 0; i < source.rows.size(); ++i) source.rows[i] = i + 1;
  if (source.rows.empty()) throw Error("the spectrum has no point").on(*dimension);
  for (const char* key :
       {"target", "planet", "instrument", "reference", "doi", "author", "telescope", "kind", "code"}) {
    if (auto text = file.text(key); text && !trim(*text).empty()) source.facts[key] = trim(*text);
  }
  if (const std::string text = leftOut(variables, taken); !text.empty()) source.assumptions.push_back(text);
  for (const char* key : {"planet_params", "stellar_params", "orbit_params"}) {
    if (file.text(key)) source.assumptions.push_back(std::string("left out: the file's attribute ") + key);
  }
  return readSpectra(std::move(source), path, options);
}

}  // namespace

Format spectrumNetcdfFormat() {
  return {.name = "spectrum_netcdf",
          .kind = planet::ImportKind::kSpectrum,
          .reads = "spectra in NetCDF files, along a dimension of wavelengths",
          .options = spectrumOptions(),
          .sniff = sniffSpectrumNetcdf,
          .read = readSpectrumNetcdf};
}

}  // namespace ecumene::data::formats
