// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ecumene::data::formats {

/// A unit of spectral flux density: per wavelength (SI W m-3) or per frequency (SI W m-2 Hz-1).
struct FluxUnit {
  double toSi = 1.0;
  bool perFrequency = false;
};

/// The flux unit that a product of powers is: "W/m2/um", "erg s^-1 cm^-2 A^-1", "W / (um m2)", "mJy"; none if it is
/// another quantity or unknown. Powers of ten in front are not read.
std::optional<FluxUnit> fluxUnitCalled(std::string_view text);
/// The unit of flux at the end of a column's name, behind an underscore or a blank: "Jy" of "flux_Jy", "W/m2/um" of
/// "flux_W/m2/um". None if there is none.
std::optional<std::string> fluxUnitInName(std::string_view name);

/// A flux at a wavelength in um, in W m-2 um-1: of one per frequency F c / lambda^2.
double toWm2um(double flux, const FluxUnit& unit, double wavelengthUm);

}  // namespace ecumene::data::formats
