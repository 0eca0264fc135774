// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

namespace ecumene::data::physics::climate {

/// Outgoing longwave radiation of a moist N2-CO2 atmosphere of 1 bar over a surface at temperature T: the polynomial
/// fit of Williams & Kasting (1997, Icarus 129, 254, eq. A11-A12), I = sum c_ij phi^i T^j, phi = ln(pCO2 / 3.3e-4 bar),
/// at one CO2 partial pressure.
///
/// Outside the fit: below 190 K it goes on as I(190 K) (T / 190 K)^4; above the temperature of its maximum (about 365 K
/// at Earth's CO2, at most 380 K) it stays at the maximum, since the cubic turns over where real air runs away. CO2
/// outside 1e-5 to 10 bar takes the nearer limit. `isClamped` and `co2Clamped` tell, so that a sample can be flagged.
class OutgoingLongwave {
 public:
  static constexpr double kCo2MinBar = 1e-5;
  static constexpr double kCo2MaxBar = 10.0;
  static constexpr double kFitMinK = 190.0;
  static constexpr double kFitMaxK = 380.0;

  /// `co2Bar` >= 0; `offsetWm2` is subtracted everywhere (greenhouse of clouds, positive warms).
  explicit OutgoingLongwave(double co2Bar, double offsetWm2 = 0.0);

  [[nodiscard]] double flux(double temperatureK) const;
  /// d flux / dT, 0 where the fit is clamped; negative in a part of the range at several bar of CO2.
  [[nodiscard]] double slope(double temperatureK) const;
  [[nodiscard]] bool isClamped(double temperatureK) const { return temperatureK > topK_; }
  [[nodiscard]] bool co2Clamped() const { return co2Clamped_; }
  /// Temperature above which the flux is constant, and that flux: the largest this air can emit.
  [[nodiscard]] double topTemperatureK() const { return topK_; }
  [[nodiscard]] double largest() const { return topFlux_ - offset_; }

  /// For loops over many cells: cubic coefficients at this CO2, without offset.
  [[nodiscard]] const std::array<double, 4>& coefficients() const { return c_; }
  [[nodiscard]] double offset() const { return offset_; }

 private:
  [[nodiscard]] double cubic(double t) const { return c_[0] + t * (c_[1] + t * (c_[2] + t * c_[3])); }
  [[nodiscard]] double cubicSlope(double t) const { return c_[1] + t * (2.0 * c_[2] + t * 3.0 * c_[3]); }

  std::array<double, 4> c_{};
  double offset_ = 0.0;
  double topK_ = kFitMaxK;
  double topFlux_ = 0.0;
  double coldFlux_ = 0.0;  // at kFitMinK
  bool co2Clamped_ = false;
};

}  // namespace ecumene::data::physics::climate
