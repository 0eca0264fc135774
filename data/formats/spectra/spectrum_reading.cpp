// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/spectrum_reading.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "data/base/error.h"
#include "data/formats/common/planet_name.h"
#include "data/formats/spectra/light_curve.h"
#include "data/formats/spectra/spectrum_bins.h"
#include "data/formats/spectra/spectrum_columns.h"
#include "data/formats/spectra/spectrum_values.h"
#include "data/planet/designation.h"

namespace ecumene::data::formats {
namespace {

using planet::Spectrum;
using planet::SpectrumKind;

std::optional<SpectrumKind> kindCalled(const std::string& name) {
  for (std::size_t k = 0; k < planet::kSpectrumKinds; ++k) {
    if (planet::name(static_cast<SpectrumKind>(k)) == name) return static_cast<SpectrumKind>(k);
  }
  return std::nullopt;
}

const std::string& kindNames() {
  static const std::string names = [] {
    std::string list;
    for (std::size_t k = 0; k < planet::kSpectrumKinds; ++k) {
      list += (k == 0 ? "" : ", ") + std::string(planet::name(static_cast<SpectrumKind>(k)));
    }
    return list;
  }();
  return names;
}

void settleKind(SpectrumReading& r) {
  if (const std::string* chosen = r.options.find("kind"); chosen != nullptr) {
    const std::optional<SpectrumKind> kind = kindCalled(*chosen);
    if (!kind) {
      throw Error("unknown kind of spectrum", ErrorKind::kUsage).on("--set kind=" + *chosen).expected(kindNames());
    }
    r.kind = *kind;
    return r.assume("kind of spectrum: " + *chosen + ", as --set kind says");
  }
  if (const auto stated = r.source.fact({"kind"}); stated && kindCalled(*stated)) {
    r.kind = *kindCalled(*stated);
    return;
  }
  if (r.columns.isFlux) {
    throw Error("a flux may be the star's or the planet's, or a ratio of both")
        .on("column " + r.source.columns[*r.columns.value].name)
        .next("say which: --set kind=stellar_flux, --set kind=planet_flux or --set kind=emission");
  }
  if (r.columns.kind) {
    r.kind = *r.columns.kind;
    return;
  }
  if (const auto label = r.source.fact({"ylabel"}); label && lower(*label).find("transit") != std::string::npos) return;
  r.assume("the depth is taken as a transit depth (kind)");
}

void leaveOutFlagged(SpectrumReading& r, const std::optional<std::size_t>& column, const char* what) {
  if (!column) return;
  const std::vector<double> flags = r.source.numbers(*column);
  std::vector<bool> drop(flags.size());
  std::transform(flags.begin(), flags.end(), drop.begin(), [](double f) { return f != 0.0; });
  if (const std::string* keep = r.options.find("flagged"); keep != nullptr) {
    if (*keep == "keep") return r.assume(std::string("rows flagged in '") + what + "' are kept, as --set flagged says");
    if (*keep != "drop") {
      throw Error("unknown choice", ErrorKind::kUsage).on("--set flagged=" + *keep).expected("keep or drop");
    }
  }
  r.source.leaveOut(drop, std::string("their ") + what + " is not 0, read as flagged (--set flagged=keep keeps them)");
}

void leaveOutMissing(SpectrumReading& r) {
  std::vector<bool> drop(r.source.rows.size(), false);
  const SpectrumColumns& c = r.columns;
  for (const auto& column : {c.value, c.error, c.lowerError, c.upperError}) {
    if (!column) continue;
    const std::vector<double> values = r.source.numbers(*column);
    for (std::size_t i = 0; i < values.size(); ++i) drop[i] = drop[i] || std::isnan(values[i]);
  }
  r.source.leaveOut(drop, "depth or uncertainty is empty or nan");
}

std::string labelOf(const SpectrumReading& r, std::size_t row) {
  std::string label;
  if (r.columns.instrument) {
    label = r.source.word(*r.columns.instrument, row);
    if (label == "null" || label == "none") label.clear();
  }
  if (r.columns.order) {
    const std::string cell = r.source.word(*r.columns.order, row);
    const std::optional<double> order = parseNumber(cell);
    label += (label.empty() ? "order " : " order ") + (order ? fmt::format("{:g}", *order) : cell);
  }
  return label;
}

/// Rows of each instrument and order, in the order of their first appearance.
std::vector<RowGroup> groups(SpectrumReading& r) {
  std::vector<RowGroup> out;
  for (std::size_t i = 0; i < r.source.rows.size(); ++i) {
    const std::string label = labelOf(r, i);
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

/// Observatories' headers name the target, which is the star; the file's name may name the planet.
bool isStar(const std::string& name) {
  const std::optional<planet::Designation> known = planet::parseDesignation(name);
  return known && known->planet.empty();
}

void namePlanet(SpectrumReading& r, const std::filesystem::path& path, planet::Planet& planet) {
  if (const std::string* name = r.options.find("planet"); name != nullptr) {
    planet.name = *name;
    return;
  }
  const std::string stem = path.stem().string();
  const std::optional<std::string> ofFile = planetNameIn(stem);
  const std::optional<std::string> ofHeader = r.source.fact({"target", "planet", "object", "pl_name"});
  if (ofHeader && !(isStar(*ofHeader) && ofFile && r.kind != SpectrumKind::kStellarFlux)) {
    planet.name = *ofHeader;
    planet.aliases = r.source.aliases;
    r.convert("planet from the header");
    if (isStar(*ofHeader) && r.kind != SpectrumKind::kStellarFlux) {
      r.assume("the header's target " + *ofHeader + " is a star's name (--set planet=NAME says which planet)");
    }
  } else if (ofFile) {
    planet.name = *ofFile;
    r.assume("the planet is taken from the file name: " + *ofFile + " (planet)");
  } else {
    planet.name = stem;
    r.assume("no planet is named: the spectrum is kept under its file name (--set planet=NAME joins it to one)");
  }
}

std::string instrumentName(SpectrumReading& r, const std::filesystem::path& path) {
  if (const std::string* name = r.options.find("instrument"); name != nullptr) return *name;
  if (const auto name = r.source.fact({"instrument"}); name) return *name;
  const std::string name = instrumentIn(path.stem().string());
  if (!name.empty() && !r.columns.instrument) r.assume("the instrument is taken from the file name: " + name);
  return r.columns.instrument ? "" : name;
}

/// What the header says of the work behind the numbers, kept in words.
void keepFacts(SpectrumReading& r) {
  for (const char* name : {"reference", "bibcode", "doi", "paper", "author", "pipeline", "telescope", "code"}) {
    if (const auto fact = r.source.fact({name}); fact) r.convert(std::string(name) + " " + *fact);
  }
}

std::optional<double> resolvingPower(const SpectrumReading& r) {
  const auto stated = r.source.fact({"resolving_power"});
  if (!stated) return std::nullopt;
  const std::optional<double> power = parseNumber(*stated);
  if (!power || !(*power > 0.0) || std::isinf(*power)) {
    throw Error("the header's resolving power is not a positive number").found("'" + *stated + "'");
  }
  return power;
}

}  // namespace

std::vector<OptionInfo> spectrumOptions() {
  return {{"units.wavelength", "unit of wavelengths, edges and widths: um, nm, Angstrom, cm-1, Hz"},
          {"units.depth", "unit of depths, flux ratios or albedos: 1, percent, ppm; of fluxes: 1, W/m2/um, Jy"},
          {"columns.wavelength", "name of the column, or its number from 1"},
          {"columns.lower_edge", "column of lower bin edges"},
          {"columns.upper_edge", "column of upper bin edges"},
          {"columns.half_width", "column of half bin widths"},
          {"columns.depth", "column of the values"},
          {"columns.error", "column of the uncertainties"},
          {"columns.lower_error", "column of uncertainties towards smaller values"},
          {"columns.upper_error", "column of uncertainties towards larger values"},
          {"columns.instrument", "column that names the instrument of each row"},
          {"wavelengths", "FROM..TO in um: only these rows are read"},
          {"bins", "half or full: what a column of bin widths holds"},
          {"flagged", "keep or drop: rows whose quality or ignore column is not 0"},
          {"kind", kindNames()},
          {"instrument", "name of the instrument"}};
}

planet::Import readSpectra(SpectrumSource source, const std::filesystem::path& path, const ImportOptions& options) {
  SpectrumReading r{options, std::move(source)};
  const bool told = options.find("columns.wavelength") != nullptr || options.find("columns.lower_edge") != nullptr;
  if (const auto objection = lightCurveObjection(r.source); objection && !told) throw Error(*objection);
  r.columns = spectrumColumns(r.source, options);
  settleKind(r);
  leaveOutFlagged(r, r.columns.quality, "quality");
  leaveOutFlagged(r, r.columns.ignore, "ignore");
  leaveOutMissing(r);
  AxisColumns axis = readAxis(r);
  const std::vector<RowGroup> grouped = groups(r);
  const WidthMeaning meaning = settleWidths(axis.bins, r.columns.widthMeaning, grouped, options, r.source.assumptions);
  toMicrometres(axis.bins, meaning, axis.unit);
  const SpectrumValues values = readValues(r, centresOf(axis.bins));

  planet::Import import;
  namePlanet(r, path, import.planet);
  const std::string instrument = instrumentName(r, path);
  keepFacts(r);
  const bool observed = !values.sigmaLower.empty();
  // Our own export says of what kind its planet is: a simulated spectrum has errors, too.
  const auto stated = r.source.fact({"ecumene_origin"});
  const bool simulated = stated && *stated != planet::name(planet::Origin::kObserved);
  import.planet.origin = observed && !simulated ? planet::Origin::kObserved : planet::Origin::kOther;
  if (simulated) r.assume("the file says that its planet is '" + *stated + "': kept as a computed spectrum");
  if (!observed) r.assume("no uncertainties are given: kept as a computed spectrum, not as an observation");
  for (const auto& [label, rows] : grouped) {
    Spectrum spectrum;
    spectrum.kind = r.kind;
    spectrum.instrument = instrument + (instrument.empty() || label.empty() ? "" : " ") + label;
    spectrum.resolvingPower = resolvingPower(r);
    spectrum.value = pick(values.value, rows);
    if (observed) {
      spectrum.sigmaLower = pick(values.sigmaLower, rows);
      spectrum.sigmaUpper = pick(values.sigmaUpper, rows);
    }
    fillBins(spectrum, axis.bins, rows, r.source.assumptions);
    import.planet.spectra.push_back(std::move(spectrum));
  }
  import.assumptions = std::move(r.source.assumptions);
  import.provenance.conversions = r.conversions;
  return import;
}

}  // namespace ecumene::data::formats
