// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "data/base/units.h"
#include "data/formats/common/format.h"
#include "data/planet/spectrum.h"

namespace ecumene::data::formats {

/// A unit and how it was settled.
struct SettledUnit {
  std::string unit;
  std::string assumption;  ///< to be reported; empty where the file states the unit plainly
};

/// Unit of wavelengths (or of wavenumbers or frequencies, as `axis` says): the option, else what the file states if the
/// wavelengths then lie between 0.1 and 50 um (fluxes: 0.01 to 1000), else the one unit of `axis` under which they do.
/// Throws Error, with the option and the units that would fit, where the statement is implausible or several units or
/// none fit.
SettledUnit settleWavelengthUnit(std::span<const double> numbers, Dimension axis,
                                 const std::optional<std::string>& stated, planet::SpectrumKind kind,
                                 const ImportOptions& options);

/// Whether a unit may be one of wavelengths: of length, wavenumber or frequency.
bool isWavelengthUnit(const std::string& unit);

/// Unit of depths, flux ratios, albedos or reflectances (with `isRadiusRatio`, of Rp/Rs), in the same order. Plausible
/// medians: transit depth 5e-5 (Earth before the Sun: 8.4e-5) to 0.2, flux ratio 1e-5 to 0.2, albedo 0.005 to 2; where
/// the file states the unit, 1e-7 to 1.
SettledUnit settleValueUnit(std::span<const double> numbers, const std::optional<std::string>& stated,
                            planet::SpectrumKind kind, bool isRadiusRatio, const ImportOptions& options);

}  // namespace ecumene::data::formats
