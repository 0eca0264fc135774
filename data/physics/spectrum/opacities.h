// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "data/planet/system.h"

/// What absorbs and scatters in a transmission spectrum. Cross-sections in cm2 per molecule, wavenumbers in cm-1,
/// wavelengths in um. Strengths hold at 296 K and do not change with temperature.
namespace ecumene::data::physics::spectrum {

/// Pressure at which band strengths are given: one standard atmosphere.
inline constexpr double kReferencePressurePa = 101325.0;

/// A band as a Gaussian in wavenumber, sigma(nu) = S / (w sqrt(2 pi)) exp(-(nu - nu0)^2 / 2 w^2) (P / P0)^n (science.md
/// 3.2). n = 1 stands for the pressure-broadened wings that carry a band once its lines are black (Gkouvelis 2025,
/// arXiv 2511.07656, for the power law); n = 0 for cross-sections without line structure.
struct Band {
  planet::Gas gas;
  double centre;            ///< nu0, cm-1
  double width;             ///< w, cm-1
  double strength;          ///< S, cm per molecule
  double pressureExponent;  ///< n
  std::string_view source;
};
/// The one table of bands.
std::span<const Band> bands();
/// Cross-section of a band at P0.
double bandCrossSectionCm2(const Band& band, double wavenumber);
/// Mean of the same over a bin, exact.
double bandMeanCrossSectionCm2(const Band& band, double wavenumberLow, double wavenumberHigh);

/// Rayleigh scattering of air: 4.02e-28 / lambda^(4 + y) cm2, y = 0.389 lambda + 0.09426 / lambda - 0.3228 below 0.55
/// um, 0.04 above (Nicolet 1984, Planet. Space Sci. 32, 1467, eq. 2). Valid from 0.2 um on; used up to 12 um, where it
/// no longer matters.
double rayleighAirCm2(double wavelengthUm);
/// Rayleigh cross-section of a gas relative to air, ((n - 1) / (n - 1)_air)^2 times the ratio of the King factors.
double rayleighFactor(planet::Gas gas);
/// n - 1 at 273.15 K and 101325 Pa in the visible (sodium D).
double refractivity(planet::Gas gas);

/// Self continuum of water vapour at 296 K, cm2 per molecule and atmosphere of water vapour, between 700 and 1250 cm-1:
/// 1.25e-22 + 1.67e-19 exp(-7.87e-3 nu) (Roberts, Selby & Biberman 1976, Appl. Opt. 15, 2085); 0 outside.
double waterContinuumCm2PerAtm(double wavenumber);
/// Its temperature factor exp(1800 (1 / T - 1 / 296)), same paper.
double waterContinuumTemperatureFactor(double temperatureK);

/// Collision-induced band of O2-O2 at 1.06 um, cm5 per molecule squared: integrated 2.10e-4 cm-2 amagat-2 (Banerjee et
/// al. 2019, Phys. Chem. Chem. Phys. 21, 1805) as a Gaussian.
double oxygenPairCm5(double wavenumber);

/// What one column density multiplies: a gas with a pressure exponent, or one of three mixtures.
enum class AbsorberKind { kBand, kRayleigh, kWaterContinuum, kOxygenPair };
struct Absorber {
  AbsorberKind kind;
  planet::Gas gas;          ///< of kBand; kH2O and kO2 for the continua; unused for kRayleigh
  double pressureExponent;  ///< of kBand
};

/// Cross-sections of all absorbers on a wavelength grid: the bands of one gas and exponent are one absorber, so a
/// spectrum costs one column per absorber, not per band.
class OpacityTable {
 public:
  /// `edgesUm`: ascending bin edges; bands are averaged over each bin, smooth absorbers taken at its geometric centre.
  explicit OpacityTable(std::span<const double> edgesUm);
  [[nodiscard]] std::size_t points() const { return points_; }
  [[nodiscard]] std::span<const Absorber> absorbers() const { return absorbers_; }
  /// [points] of absorber `a`: cm2 (Rayleigh: of air; continuum: cm2/atm; pair: cm5).
  [[nodiscard]] std::span<const double> crossSections(std::size_t a) const {
    return std::span(crossSections_).subspan(a * points_, points_);
  }
  /// The table on planet::modelEdgesUm(), made once; thread-safe.
  static const OpacityTable& modelGrid();

 private:
  std::size_t points_;
  std::vector<Absorber> absorbers_;
  std::vector<double> crossSections_;  ///< [absorber, point]
};

}  // namespace ecumene::data::physics::spectrum
