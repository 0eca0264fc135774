// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "data/base/random.h"
#include "data/planet/spectrum.h"
#include "data/planet/system.h"

namespace ecumene::data::physics::spectrum {

/// One way to take a transmission spectrum. Ranges after the instruments' documentation (JWST User Documentation); the
/// last is a proposed kind of survey.
struct Instrument {
  std::string_view name;
  double lowUm, highUm;   ///< inside the model's grid
  double resolvingPower;  ///< of the published bins
  double floorPpm;        ///< systematic noise of every bin (Greene et al. 2016, ApJ 817, 17: 20 to 50; later 10 to 20)
  double noiseLowPpm, noiseHighPpm;  ///< range of the photon noise in the best bin, log-uniform
  double gapLowUm, gapHighUm;        ///< between detectors; 0, 0: none
};
std::span<const Instrument> instruments();

/// No bin is published as better or worse than this, ppm.
inline constexpr double kLeastSigmaPpm = 5.0;
inline constexpr double kLargestSigmaPpm = 100.0;

/// Spots on the part of the star that the planet does not cross: the depth is multiplied by 1 / (1 - f (1 - B(T_spot) /
/// B(T_star))) (Rackham et al. 2018, ApJ 853, 122, eq. 3, with black bodies). The dominant systematic of M dwarfs: a
/// slope towards the blue that no gas makes.
struct Spots {
  double coveredFraction = 0.0;   ///< f, 0..1
  double temperatureRatio = 1.0;  ///< T_spot / T_star
};
/// f uniform up to 0.08 (M), 0.03 (K), 0.01 (G, F) and ratio 0.86 (Rackham et al. 2018, 2019), for half of the stars;
/// the others have none.
Spots drawSpots(const planet::Star& star, Random& random);
/// Factor on the depth.
double spotFactor(const Spots& spots, double starTemperatureK, double wavelengthUm);

/// What `instrument` makes of a noise-free spectrum: bins of its resolving power inside its range (overlap-weighted
/// means), spots, Gaussian noise whose sigma is floor and photon noise in quadrature (photon noise as 1 / sqrt of the
/// black-body photons in the bin), cut to kLeastSigmaPpm .. kLargestSigmaPpm; bins are lost at a rate drawn up to 8 %
/// and in the detector gap. A lost bin is absent. Throws Error if the model does not cover the instrument's range.
planet::Spectrum observe(const planet::Spectrum& model, const Instrument& instrument, const planet::Star& star,
                         const Spots& spots, Random& random);

}  // namespace ecumene::data::physics::spectrum
