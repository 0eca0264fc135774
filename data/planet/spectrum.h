// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecumene::data::planet {

enum class SpectrumKind {
  kTransmission,         ///< (Rp/Rs)^2, fraction
  kEmission,             ///< planet-to-star flux ratio, fraction
  kGeometricAlbedo,      ///< fraction
  kStellarFlux,          ///< W m-2 um-1
  kReflectance,          ///< reflected over incident light at the phase of the observation, fraction
  kPlanetFlux,           ///< of the planet alone, W m-2 um-1
  kRelativeStellarFlux,  ///< in a unit that nothing states
  kRelativePlanetFlux,
};
inline constexpr std::size_t kSpectrumKinds = 8;
std::string_view name(SpectrumKind kind);
/// Whether the values are fluxes, in W m-2 um-1 or relative, and no fractions.
bool isFlux(SpectrumKind kind);
/// Whether the values are fluxes in a unit that nothing states.
bool isRelative(SpectrumKind kind);
/// "W m-2 um-1" of absolute fluxes, "1" of all else.
std::string_view valueUnit(SpectrumKind kind);

/// One spectrum in physical units. Points ascend in wavelength; all vectors have one length, except as noted.
struct Spectrum {
  SpectrumKind kind = SpectrumKind::kTransmission;
  std::string instrument;
  std::vector<double> wavelengthUm;  ///< bin centres, um, > 0
  std::vector<double> lowerEdgeUm;   ///< bin edges, um
  std::vector<double> upperEdgeUm;
  std::vector<double> value;       ///< in the unit of `kind`
  std::vector<double> sigmaLower;  ///< 1-sigma towards smaller values, same unit, >= 0; empty: no uncertainty given
  std::vector<double> sigmaUpper;  ///< 1-sigma towards larger values; empty with sigmaLower
  /// lambda / delta lambda of the instrument; absent: that of the bins.
  std::optional<double> resolvingPower;
  bool operator==(const Spectrum&) const = default;

  [[nodiscard]] std::size_t size() const { return wavelengthUm.size(); }
  /// Mean of lower and upper sigma of a point; 0 where none is given.
  [[nodiscard]] double sigma(std::size_t point) const;
};

/// Throws Error at the first point that breaks what the struct promises.
void validate(const Spectrum& spectrum);
/// Sorts the points by wavelength.
void sortByWavelength(Spectrum& spectrum);
/// Edges halfway between neighbouring centres (outermost bins symmetric), for spectra given by centres alone.
void edgesFromCentres(Spectrum& spectrum);

/// The model's grid: 1000 bins, log-spaced between 0.6 and 12 um.
inline constexpr std::size_t kModelPoints = 1000;
inline constexpr double kModelMinUm = 0.6;
inline constexpr double kModelMaxUm = 12.0;
/// kModelPoints + 1 bin edges in um; centres are the geometric means.
std::span<const double, kModelPoints + 1> modelEdgesUm();

/// A spectrum on the model's grid, in physical units; `present` is false in bins the spectrum does not cover.
struct ModelSpectrum {
  std::vector<double> value;           ///< [kModelPoints]
  std::vector<double> sigma;           ///< [kModelPoints], 1-sigma; of a source bin spread over n points, times sqrt(n)
  std::vector<unsigned char> present;  ///< [kModelPoints]
};
/// Conserves the flux: a model bin takes the overlap-weighted mean of the source bins in it (dataset.md, "Atmosphere,
/// spectrum"). sigma of several averaged source bins adds in quadrature with the weights; a bin wider than the grid
/// repeats with sigma sqrt(n).
ModelSpectrum rebin(const Spectrum& spectrum);

}  // namespace ecumene::data::planet
