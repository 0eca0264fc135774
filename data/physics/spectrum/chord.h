// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/physics/spectrum/layers.h"
#include "data/physics/spectrum/opacities.h"

/// Chords through a spherical atmosphere (science.md 3.1).
namespace ecumene::data::physics::spectrum {

/// Lengths of chords in shells: a chord tangent at level i crosses shell j >= i (between levels j and j + 1) twice, in
/// all over 2 [sqrt(r_{j+1}^2 - r_i^2) - sqrt(r_j^2 - r_i^2)]. Above the top nothing absorbs.
class ChordGeometry {
 public:
  /// `heightM`: ascending levels above `radiusM`, two or more.
  ChordGeometry(std::span<const double> heightM, double radiusM);
  [[nodiscard]] std::size_t levels() const { return levels_; }
  /// Integral of a quantity given at levels (per cm3, falling exponentially inside each shell) along each tangent
  /// chord, per cm2; [levels], 0 at the top.
  [[nodiscard]] std::vector<double> columns(std::span<const double> atLevels) const;

 private:
  std::size_t levels_;
  std::vector<double> lengthCm_;  ///< row i: shells i .. levels - 2, one after the other
  std::vector<double> lowering_;  ///< by what share of its thickness the mean path lies below the shell's middle
};

/// R_eff - R of opacity `tau` at tangent levels above an opaque floor: R_eff^2 = (R + z_f)^2 + 2 int_{z_f} (1 - e^-tau)
/// (R + z) dz, trapezoids between levels. `absorbed` is 1 - e^-tau.
double effectiveHeightM(std::span<const double> heightM, std::span<const double> absorbed, double radiusM,
                        double floorM);

/// Closed form for an isothermal atmosphere of constant scale height, H / (1 + n) [gamma + ln tau0 + E1(tau0)] with
/// tau0 the chord depth at the reference level (Lecavelier des Etangs et al. 2008, A&A 481, L83; Heng & Kitzmann 2017,
/// MNRAS 470, 2972; exponent n: Gkouvelis 2025, arXiv 2511.07656). tau0 > 0. In the unit of the scale height.
double closedFormHeight(double scaleHeight, double pressureExponent, double tau0);
/// The same above an opaque floor (science.md 3.1).
double closedFormHeight(double scaleHeight, double pressureExponent, double tau0, double floorHeight);
/// tau0 = n0 sigma0 sqrt(2 pi R H / (1 + n)), lengths in cm.
double closedFormChordDepth(double density0PerCm3, double sigma0Cm2, double radiusCm, double scaleHeightCm,
                            double pressureExponent);

}  // namespace ecumene::data::physics::spectrum
