// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

namespace ecumene::data::physics::climate {

/// Outgoing longwave radiation of a moist N2-CO2 atmosphere of 1 bar over a surface at temperature T: the polynomial
/// fit of Williams & Kasting (1997, Icarus 129, 254, eq. A11-A12), I = sum c_ij phi^i T^j, phi = ln(pCO2 / 3.3e-4 bar),
/// at one CO2 partial pressure.
///
/// Outside the fit: below 190 K it goes on as I(190 K) (T / 190 K)^4. Above the temperature T_top of its maximum (about
/// 365 K at Earth's CO2, at most 380 K), where the cubic turns over, saturated air lets no more through: over water the
/// flux stays I(T_top), about the 282 W m-2 of Goldblatt et al. (2013). Over dry ground it goes on as
/// I(T_top) + e sigma (T^4 - T_top^4), e = I(230 K) / (sigma (230 K)^4): what it emits on top passes dry air, whose
/// emissivity is that of the fit where it holds next to no vapour (9 Pa at 230 K; e = 0.8 at Earth's CO2, 0.3 at
/// 10 bar). A choice of ours, still below the 0.8 sigma T^4 of wholly dry air. `dryShare`, 0 to 1, of a cell scales the
/// rise; the limit on what a whole planet emits is `largest`. CO2 outside 1e-5 to 10 bar takes the nearer limit.
/// `isBeyondFit` and `co2Clamped` tell, so that a sample can be flagged.
class OutgoingLongwave {
 public:
  static constexpr double kCo2MinBar = 1e-5;
  static constexpr double kCo2MaxBar = 10.0;
  static constexpr double kFitMinK = 190.0;
  static constexpr double kFitMaxK = 380.0;

  /// `co2Bar` >= 0; `offsetWm2` is subtracted everywhere (greenhouse of clouds, positive warms).
  explicit OutgoingLongwave(double co2Bar, double offsetWm2 = 0.0);

  [[nodiscard]] double flux(double temperatureK, double dryShare) const;
  /// d flux / dT; negative in a part of the range at several bar of CO2, dryShare 4 e sigma T^3 above the top.
  [[nodiscard]] double slope(double temperatureK, double dryShare) const;
  [[nodiscard]] bool isBeyondFit(double temperatureK) const { return temperatureK > topK_; }
  [[nodiscard]] bool co2Clamped() const { return co2Clamped_; }
  /// Temperature of the fit's maximum, and that flux: the largest that air in contact with water emits, so the limit
  /// of a planet's mean beyond which it runs away.
  [[nodiscard]] double topTemperatureK() const { return topK_; }
  [[nodiscard]] double largest() const { return topFlux_ - offset_; }

  /// For loops over many cells: cubic coefficients at this CO2, without offset.
  [[nodiscard]] const std::array<double, 4>& coefficients() const { return c_; }
  [[nodiscard]] double offset() const { return offset_; }
  /// e sigma of the law above the top over dry ground, W m-2 K-4.
  [[nodiscard]] double dryRise() const { return dryRise_; }

 private:
  [[nodiscard]] double cubic(double t) const { return c_[0] + t * (c_[1] + t * (c_[2] + t * c_[3])); }
  [[nodiscard]] double cubicSlope(double t) const { return c_[1] + t * (2.0 * c_[2] + t * 3.0 * c_[3]); }

  std::array<double, 4> c_{};
  double offset_ = 0.0;
  double topK_ = kFitMaxK;
  double topFlux_ = 0.0;
  double dryRise_ = 0.0;
  double coldFlux_ = 0.0;  // at kFitMinK
  bool co2Clamped_ = false;
};

}  // namespace ecumene::data::physics::climate
