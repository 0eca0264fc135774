// SPDX-License-Identifier: Apache-2.0
#include "data/formats/spectra/spectrum_units.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "data/base/error.h"
#include "data/base/median.h"
#include "data/base/units.h"
#include "data/formats/spectra/flux_unit.h"
#include "data/formats/spectra/spectrum_bins.h"

namespace ecumene::data::formats {
namespace {

using planet::SpectrumKind;

constexpr auto kLengths = std::to_array<const char*>({"um", "nm", "Angstrom", "mm", "cm", "m"});
constexpr auto kWavenumbers = std::to_array<const char*>({"cm-1", "m-1"});
constexpr auto kFrequencies = std::to_array<const char*>({"Hz", "GHz", "THz"});
constexpr auto kNumbers = std::to_array<const char*>({"1", "percent", "ppm"});

struct Range {
  double low, high;
};

Range wavelengthRange(SpectrumKind kind) {
  return planet::isFlux(kind) ? Range{0.01, 1000.0} : Range{0.1, 50.0};
}

/// Units in which an axis may be given where the file does not say.
std::span<const char* const> axisUnits(Dimension axis) {
  if (axis == Dimension::kWavenumber) return kWavenumbers;
  if (axis == Dimension::kFrequency) return kFrequencies;
  return kLengths;
}

Range unstatedMedian(SpectrumKind kind) {
  switch (kind) {
    case SpectrumKind::kTransmission:
      return {5e-5, 0.2};
    case SpectrumKind::kEmission:
      return {1e-5, 0.2};
    default:
      return {0.005, 2.0};
  }
}

void requireWavelengthUnit(const std::string& name) {
  if (isWavelengthUnit(name)) return;
  throw Error("the unit is not known or not one of wavelengths")
      .found("'" + name + "'")
      .next("give the unit by a common name: --set units.wavelength=um|nm|Angstrom|cm-1|Hz");
}

void requireNumberUnit(const std::string& name) {
  const std::optional<Unit> unit = findUnit(name);
  if (unit && unit->dimension == Dimension::kNumber) return;
  if (fluxUnitCalled(name)) {
    throw Error("a flux is no ratio")
        .found("'" + name + "'")
        .next("say whose flux it is: --set kind=planet_flux or --set kind=stellar_flux");
  }
  throw Error("the unit is not known or not one of this quantity")
      .found("'" + name + "'")
      .next("give the unit by a common name: --set units.depth=ppm");
}

/// The candidates that put [low, high] or the median into the range, as "units.depth=1 (median 0.005) or --set ...".
struct Fit {
  std::vector<std::string> units;
  std::string words;
};

}  // namespace

bool isWavelengthUnit(const std::string& unit) {
  const std::optional<Unit> known = findUnit(unit);
  return known && (known->dimension == Dimension::kLength || known->dimension == Dimension::kWavenumber ||
                   known->dimension == Dimension::kFrequency);
}

SettledUnit settleWavelengthUnit(std::span<const double> numbers, Dimension axis,
                                 const std::optional<std::string>& stated, SpectrumKind kind,
                                 const ImportOptions& options) {
  const std::string option = "units.wavelength";
  const std::string part = "; for a part of the rows, in um: --set wavelengths=FROM..TO";
  const auto [lowest, highest] = std::minmax_element(numbers.begin(), numbers.end());
  const Range range = wavelengthRange(kind);
  /// From the shorter to the longer wavelength, um.
  const auto reach = [&, low = *lowest, high = *highest](const std::string& unit) {
    const double a = wavelengthUm(low, unit);
    const double b = wavelengthUm(high, unit);
    return Range{std::min(a, b), std::max(a, b)};
  };
  const auto fits = [&](const std::string& unit) {
    const Range um = reach(unit);
    // A rounded limit of the file ("0.1000000") still counts.
    return um.low >= range.low * (1.0 - 1e-6) && um.high <= range.high;
  };
  const auto inWords = [&](const std::string& unit) {
    const Range um = reach(unit);
    return fmt::format("{:.4g} to {:.4g} um", um.low, um.high);
  };
  Fit fit;
  for (const char* unit : axisUnits(axis)) {
    if (!fits(unit)) continue;
    fit.units.emplace_back(unit);
    fit.words += fmt::format("{}{}={} ({})", fit.words.empty() ? "" : " or --set ", option, unit, inWords(unit));
  }
  if (const std::string* chosen = options.find(option); chosen != nullptr) {
    requireWavelengthUnit(*chosen);
    if (!fits(*chosen)) {
      throw Error("in this unit the wavelengths are outside the range of such a spectrum")
          .on("--set " + option + "=" + *chosen)
          .expected(fmt::format("{} to {} um", range.low, range.high))
          .found(inWords(*chosen))
          .next("give the true unit" + part);
    }
    if (stated && *stated != *chosen) {
      return {*chosen,
              "wavelengths read in " + *chosen + " as --set " + option + " says, not in the file's " + *stated};
    }
    return {*chosen, stated ? "" : "wavelengths read in " + *chosen + " as --set " + option + " says"};
  }
  if (stated) {
    requireWavelengthUnit(*stated);
    if (fits(*stated)) return {*stated, ""};
    throw Error("the wavelengths do not fit their stated unit")
        .expected(fmt::format("{} to {} um", range.low, range.high))
        .found(fmt::format("'{}', so {}", *stated, inWords(*stated)))
        .next("give the true unit: --set " + (fit.units.empty() ? option + "=..." + part : fit.words));
  }
  if (fit.units.size() != 1) {
    throw Error("the wavelengths state no unit, and " +
                std::string(fit.units.empty() ? "no unit fits" : "several units fit"))
        .found(fmt::format("numbers from {:.6g} to {:.6g}", *lowest, *highest))
        .next("give the unit: --set " + (fit.units.empty() ? option + "=um" : fit.words));
  }
  return {fit.units.front(), "the wavelengths state no unit: only " + fit.units.front() + " puts them between " +
                                 fmt::format("{} and {} um", range.low, range.high) + " (units.wavelength)"};
}

SettledUnit settleValueUnit(std::span<const double> numbers, const std::optional<std::string>& stated,
                            SpectrumKind kind, bool isRadiusRatio, const ImportOptions& options) {
  const std::string option = "units.depth";
  if (planet::isFlux(kind)) {
    const std::string* chosen = options.find(option);
    const std::string unit = chosen != nullptr ? *chosen : stated.value_or(planet::isRelative(kind) ? "1" : "");
    if (planet::isRelative(kind) && unit != "1") {
      throw Error("a relative flux has no unit")
          .found("'" + unit + "'")
          .next("read it as a flux of that unit: --set kind=stellar_flux or kind=planet_flux; else --set " + option +
                "=1");
    }
    if (unit != "1" && !fluxUnitCalled(unit)) {
      throw Error(std::string("a ") + (kind == SpectrumKind::kPlanetFlux ? "planet's" : "stellar") +
                  " flux needs its unit")
          .found(unit.empty() ? "none stated" : "'" + unit + "'")
          .next("give it: --set units.depth=1 for a relative flux, or --set units.depth=W/m2/um, erg/s/cm2/A or Jy");
    }
    if (chosen == nullptr || (stated && *stated == *chosen)) return {unit, ""};
    return {unit, "flux read in '" + unit + "' as --set " + option + " says" +
                      (stated ? ", not in the file's " + *stated : "")};
  }
  const double middle = median({numbers.begin(), numbers.end()});
  const auto depth = [&](const std::string& unit) {
    const double number = convert(middle, unit, "1");
    return isRadiusRatio ? number * number : number;
  };
  const auto inside = [&](const std::string& unit, Range range) {
    return depth(unit) >= range.low && depth(unit) <= range.high;
  };
  if (const std::string* chosen = options.find(option); chosen != nullptr) {
    requireNumberUnit(*chosen);
    const bool other = stated && *stated != *chosen;
    return {*chosen, other ? "values read in " + *chosen + " as --set " + option + " says, not in the file's " + *stated
                     : !stated ? "values read in " + *chosen + " as --set " + option + " says"
                               : ""};
  }
  const Range range = unstatedMedian(kind);
  Fit fit;
  for (const char* unit : kNumbers) {
    if (!inside(unit, range)) continue;
    fit.units.emplace_back(unit);
    fit.words +=
        fmt::format("{}{}={} (median {:.4g})", fit.words.empty() ? "" : " or --set ", option, unit, depth(unit));
  }
  const std::string advice = "give the unit: --set " + (fit.units.empty() ? option + "=1|percent|ppm" : fit.words);
  if (stated) {
    requireNumberUnit(*stated);
    if (inside(*stated, {1e-7, std::max(1.0, range.high)})) return {*stated, ""};
    throw Error("the values do not fit their stated unit")
        .expected("a median between 1e-7 and 1")
        .found(fmt::format("'{}', so a median of {:.4g}", *stated, depth(*stated)))
        .next(advice);
  }
  if (fit.units.size() != 1) {
    throw Error("the values state no unit, and " +
                std::string(fit.units.empty() ? "no unit fits" : "several units fit"))
        .found(fmt::format("a median of {:.6g}", middle))
        .next(advice);
  }
  const std::string& unit = fit.units.front();
  return {unit, fmt::format("the values state no unit: only {} gives a plausible median ({:.4g}; units.depth)",
                            unit == "1" ? "a fraction (1)" : unit, depth(unit))};
}

}  // namespace ecumene::data::formats
