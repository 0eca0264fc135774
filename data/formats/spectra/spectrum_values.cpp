// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/spectrum_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "data/base/units.h"
#include "data/formats/common/unit_name.h"
#include "data/formats/spectra/flux_unit.h"
#include "data/formats/spectra/spectrum_units.h"

namespace ecumene::data::formats {
namespace {

using planet::SpectrumKind;

constexpr const char* kWavelengthOption = "units.wavelength";
constexpr const char* kValueOption = "units.depth";
constexpr const char* kRangeOption = "wavelengths";
constexpr double kLargestAlbedo = 2.0;
constexpr double kLargestSigma = kLargestAlbedo;

void scale(std::vector<double>& numbers, const std::string& from, const std::string& to) {
  for (double& number : numbers) number = convert(number, from, to);
}

/// Whether both are the same unit of a flux.
bool isSameFlux(const std::string& a, const std::string& b) {
  const std::optional<FluxUnit> one = fluxUnitCalled(a), other = fluxUnitCalled(b);
  return one && other && one->toSi == other->toSi && one->perFrequency == other->perFrequency;
}

/// The unit that a column's header or name states. Where they disagree `option` must have settled it.
std::optional<std::string> columnUnit(SpectrumReading& r, std::size_t column, Dimension dimension, const char* option) {
  const TableColumn& header = r.source.columns[column];
  std::optional<std::string> stated = header.unit;
  if (stated) stated = unitCalled(*stated).value_or(*stated);
  const bool flux = dimension == Dimension::kNumber && planet::isFlux(r.kind);
  const std::optional<std::string> named = flux ? fluxUnitInName(header.name) : unitInName(header.name, dimension);
  if (!named || r.options.find(option) != nullptr) return stated ? stated : named;
  if (!stated) {
    r.assume(fmt::format("{} in {}: the unit is from the column name", header.name, *named));
    return named;
  }
  const std::optional<Unit> unit = flux ? std::nullopt : findUnit(*stated);
  const bool same =
      flux ? isSameFlux(*stated, *named) : unit && unit->dimension == dimension && unit->toSi == findUnit(*named)->toSi;
  if (!same) {
    throw Error("the column's name and its header state two units")
        .on(header.name)
        .found("'" + *named + "' and '" + *header.unit + "'")
        .next("say which it is: --set " + std::string(option) + "=" + *named);
  }
  return stated;
}

std::optional<std::string> statedWavelengthUnit(SpectrumReading& r) {
  for (const auto& column : {r.columns.wavelength, r.columns.lowerEdge}) {
    if (!column) continue;
    if (auto unit = columnUnit(r, *column, r.columns.axis, kWavelengthOption); unit) return unit;
  }
  return r.source.wavelengthUnit;
}

/// "0.3..5" as numbers in um; either end may be left out.
std::pair<double, double> rangeOf(const std::string& text) {
  const std::size_t dots = text.find("..");
  const std::string from = text.substr(0, dots);
  const std::string to = dots == std::string::npos ? "" : text.substr(dots + 2);
  const std::optional<double> low = from.empty() ? 0.0 : parseNumber(from);
  const std::optional<double> high = to.empty() ? HUGE_VAL : parseNumber(to);
  if (dots == std::string::npos || !low || !high || !(*low < *high)) {
    throw Error("this is no range of wavelengths", ErrorKind::kUsage)
        .on(fmt::format("--set {}={}", kRangeOption, text))
        .expected("FROM..TO in um, as 0.3..5");
  }
  return {*low, *high};
}

/// Leaves out the rows whose centre or lower edge, in column `main`, is outside the range that the user asks for.
void keepRange(SpectrumReading& r, std::size_t main, const std::optional<std::string>& stated) {
  const std::string* range = r.options.find(kRangeOption);
  if (range == nullptr) return;
  const auto [low, high] = rangeOf(*range);
  const std::string* chosen = r.options.find(kWavelengthOption);
  const std::string unit = chosen != nullptr ? *chosen : stated.value_or("");
  if (!isWavelengthUnit(unit)) {
    throw Error("a range of wavelengths needs their unit, which the file does not state")
        .on(fmt::format("--set {}={}", kRangeOption, *range))
        .next("give it: --set units.wavelength=um");
  }
  const std::vector<double> numbers = r.source.numbers(main);
  std::vector<bool> outside(numbers.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double um = wavelengthUm(numbers[i], unit);
    outside[i] = !(um >= low && um <= high);
  }
  r.source.leaveOut(outside, fmt::format("outside {} um, as --set {} says", *range, kRangeOption));
}

/// "X/X" is a pure number whatever X is: "(R_jup*R_jup)/(R_jup*R_jup)".
bool isOverItself(const std::string& unit) {
  const std::size_t slash = unit.size() / 2;
  return unit.size() > 2 && unit[slash] == '/' && unit.substr(0, slash) == unit.substr(slash + 1);
}

std::optional<std::string> statedValueUnit(SpectrumReading& r) {
  std::optional<std::string> stated = columnUnit(r, *r.columns.value, Dimension::kNumber, kValueOption);
  if (!stated) stated = r.columns.impliedUnit;
  if (r.source.valueUnit) stated = r.source.valueUnit;
  if (stated && isOverItself(*stated)) stated = "1";
  return stated;
}

/// Of a flux without a unit; other kinds stay.
SpectrumKind relativeOf(SpectrumKind kind) {
  if (kind == SpectrumKind::kStellarFlux) return SpectrumKind::kRelativeStellarFlux;
  return kind == SpectrumKind::kPlanetFlux ? SpectrumKind::kRelativePlanetFlux : kind;
}

/// Brings numbers of one unit to fractions or W m-2 um-1; relative fluxes stay.
void toOwnUnit(const SpectrumReading& r, std::vector<double>& numbers, const std::string& unit,
               const std::vector<double>& centreUm) {
  if (!planet::isFlux(r.kind)) return scale(numbers, unit, "1");
  const std::optional<FluxUnit> flux = fluxUnitCalled(unit);
  if (!flux) return;
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = toWm2um(numbers[i], *flux, centreUm[i]);
}

/// The unit of the values: what the file states, and what was settled.
struct ValueUnit {
  std::optional<std::string> stated;
  std::string settled;
};

/// The unit of a column of uncertainties: its own, but that of the values where it states none or the same as they.
std::string sigmaUnit(SpectrumReading& r, std::size_t column, const ValueUnit& values) {
  std::optional<std::string> own = columnUnit(r, column, Dimension::kNumber, kValueOption);
  if (own && isOverItself(*own)) own = "1";
  if (!own || own == values.stated) return values.settled;
  const bool relative = values.settled == "1";
  if (planet::isFlux(r.kind) && (relative ? *own != "1" : !fluxUnitCalled(*own))) {
    throw Error("the uncertainties are given in another unit than the fluxes")
        .on("column " + r.source.columns[column].name)
        .expected("a unit like " + values.settled)
        .found("'" + *own + "'")
        .next("name the column of uncertainties in that unit: --set columns.error=NAME");
  }
  return *own;
}

std::vector<double> readSigma(SpectrumReading& r, std::size_t column, bool lower, const ValueUnit& unit,
                              const std::vector<double>& centreUm) {
  std::vector<double> sigma = r.source.numbers(column);
  // Lower errors are written with their sign by some authors.
  if (lower && std::all_of(sigma.begin(), sigma.end(), [](double s) { return s <= 0.0; })) {
    for (double& s : sigma) s = -s;
  }
  const auto wrong = std::find_if(sigma.begin(), sigma.end(), [](double s) { return !(s > 0.0); });
  if (wrong != sigma.end()) {
    throw Error("the uncertainty is not positive")
        .on(r.source.place(static_cast<std::size_t>(wrong - sigma.begin())))
        .found(fmt::format("{:g}", *wrong))
        .next("remove the row, or the column of uncertainties");
  }
  toOwnUnit(r, sigma, sigmaUnit(r, column, unit), centreUm);
  const auto large = std::find_if(sigma.begin(), sigma.end(), [](double s) { return s > kLargestSigma; });
  if (planet::isFlux(r.kind) || large == sigma.end()) return sigma;
  throw Error("the uncertainty is larger than the quantity can be")
      .on(r.source.place(static_cast<std::size_t>(large - sigma.begin())))
      .expected(fmt::format("at most {:g}, as a fraction", kLargestSigma))
      .found(fmt::format("{:g}", *large))
      .next("if the unit is wrong: --set units.depth=1|percent|ppm; else remove the row");
}

void requirePossible(const SpectrumReading& r, const std::vector<double>& values, const std::string& unit) {
  const bool albedo = r.kind == SpectrumKind::kGeometricAlbedo || r.kind == SpectrumKind::kReflectance;
  const auto possible = [&](double v) { return albedo ? v >= 0.0 && v <= kLargestAlbedo : std::abs(v) < 1.0; };
  const auto wrong = std::find_if_not(values.begin(), values.end(), possible);
  if (wrong == values.end()) return;
  throw Error("the value is outside what such a quantity can be")
      .on(r.source.place(static_cast<std::size_t>(wrong - values.begin())))
      .expected(albedo ? "0 to 2" : "between -1 and 1, as a fraction")
      .found(fmt::format("{:.6g} with the unit '{}'", *wrong, unit))
      .next(
          "if the unit is wrong: --set units.depth=1|percent|ppm; if it is such a quantity at some wavelengths only: "
          "--set wavelengths=FROM..TO in um");
}

}  // namespace

void SpectrumReading::assume(const std::string& text) {
  if (!text.empty()) source.assumptions.push_back(text);
}

void SpectrumReading::convert(const std::string& text) {
  conversions += (conversions.empty() ? "" : "; ") + text;
}

AxisColumns readAxis(SpectrumReading& r) {
  const SpectrumColumns& c = r.columns;
  const std::optional<std::string> stated = statedWavelengthUnit(r);
  const std::size_t main = c.wavelength ? *c.wavelength : *c.lowerEdge;
  keepRange(r, main, stated);
  const std::vector<double> raw = r.source.numbers(main);
  const auto wrong = std::find_if(raw.begin(), raw.end(), [](double x) { return !(x > 0.0); });
  if (wrong != raw.end()) {
    const auto row = static_cast<std::size_t>(wrong - raw.begin());
    throw Error("a wavelength is not a positive number")
        .on(fmt::format("{}, column {}", r.source.place(row), main + 1))
        .found("'" + r.source.word(main, row).substr(0, kLongestWord) + "'");
  }
  const SettledUnit unit = settleWavelengthUnit(raw, c.axis, stated, r.kind, r.options);
  r.assume(unit.assumption);
  if (wavelengthUm(1.0, unit.unit) != 1.0) r.convert("wavelengths from " + unit.unit + " to um");
  AxisColumns out;
  out.unit = unit.unit;
  const Dimension dimension = findUnit(unit.unit)->dimension;
  bool inherited = false;
  const auto take = [&](const std::optional<std::size_t>& column, std::vector<double>& numbers) {
    if (!column) return;
    numbers = r.source.numbers(*column);
    const std::optional<std::string> own = *column == main ? stated : columnUnit(r, *column, c.axis, kWavelengthOption);
    // The option speaks for every length of the table: edges and widths share the centre's unit.
    const bool useOwn = own && r.options.find(kWavelengthOption) == nullptr && *own != unit.unit;
    inherited = inherited || (!own && stated && column != c.wavelength);
    if (!useOwn) return;
    const std::optional<Unit> known = findUnit(*own);
    if (!known || known->dimension != dimension) {
      throw Error("the bins are given in another unit than the wavelengths")
          .on("column " + r.source.columns[*column].name)
          .expected("a unit like " + unit.unit)
          .found("'" + *own + "'")
          .next("name columns of one unit: --set columns.wavelength=NAME, columns.half_width=NAME");
    }
    scale(numbers, *own, unit.unit);
  };
  take(c.wavelength, out.bins.centre);
  take(c.lowerEdge, out.bins.lowerEdge);
  take(c.upperEdge, out.bins.upperEdge);
  take(c.width, out.bins.width);
  take(c.lowerHalfWidth, out.bins.lowerHalfWidth);
  take(c.upperHalfWidth, out.bins.upperHalfWidth);
  if (inherited && !r.source.wavelengthUnit) {
    r.assume("the bin widths state no unit: read in " + unit.unit + " like the wavelengths");
  }
  return out;
}

SpectrumValues readValues(SpectrumReading& r, const std::vector<double>& centreUm) {
  const SpectrumColumns& c = r.columns;
  SpectrumValues out;
  out.value = r.source.numbers(*c.value);
  const std::optional<std::string> stated = statedValueUnit(r);
  const SettledUnit settled = settleValueUnit(out.value, stated, r.kind, c.isRadiusRatio, r.options);
  const std::string& unit = settled.unit;
  if (unit == "1") r.kind = relativeOf(r.kind);
  const ValueUnit both{stated, unit};
  r.assume(settled.assumption);
  toOwnUnit(r, out.value, unit, centreUm);
  if (!planet::isFlux(r.kind)) {
    if (convert(1.0, unit, "1") != 1.0) r.convert("values from " + unit + " to fraction");
  } else if (const auto flux = fluxUnitCalled(unit); flux && (flux->perFrequency || toWm2um(1.0, *flux, 1.0) != 1.0)) {
    r.convert("fluxes from " + unit + " to W m-2 um-1");
  }
  if (c.error) {
    out.sigmaLower = readSigma(r, *c.error, false, both, centreUm);
    out.sigmaUpper = out.sigmaLower;
  } else if (c.lowerError) {
    out.sigmaLower = readSigma(r, *c.lowerError, true, both, centreUm);
    out.sigmaUpper = readSigma(r, *c.upperError, false, both, centreUm);
  }
  if (c.isRadiusRatio && r.kind == SpectrumKind::kTransmission) {
    for (std::size_t i = 0; i < out.value.size(); ++i) {
      if (!out.sigmaLower.empty()) {
        out.sigmaLower[i] *= 2.0 * std::abs(out.value[i]);
        out.sigmaUpper[i] *= 2.0 * std::abs(out.value[i]);
      }
      out.value[i] *= out.value[i];
    }
    r.assume("'" + r.source.columns[*c.value].name +
             "' is a ratio of radii: squared to the transit depth, uncertainties by 2 r dr");
  }
  if (!planet::isFlux(r.kind)) requirePossible(r, out.value, unit);
  return out;
}

}  // namespace ecumene::data::formats
