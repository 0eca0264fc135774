// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <utility>

/// Fluxes that the graph part estimates for the reactions of a network.
namespace ecumene::engine::report {

/// Fluxes v are estimated, and uncertain, as asinh(v / kFluxUnit): linear far below it, logarithmic far above;
/// mmol/gDW/h.
inline constexpr double kFluxUnit = 0.1;

/// Standard deviations from the median of a Gaussian to the ends of its central interval of 90 %.
inline constexpr double kDeviations90 = 1.644854;

/// What is said of one reaction of a network, in mmol/gDW/h and in the direction in which `reaction` is written.
struct FluxEstimate {
  std::string reaction;    ///< id of the vocabulary's row
  double median = 0.0;     ///< of its distribution, a Gaussian of asinh(flux / kFluxUnit)
  double deviation = 0.0;  ///< standard deviation of that Gaussian, as it is declared
  double known = std::numeric_limits<double>::quiet_NaN();  ///< at the parsimonious optimum; NaN: not known
};

/// The factor on the declared deviations with which 90 % of the validation networks' known fluxes lie inside of the
/// central 90 % interval.
struct FluxCalibration {
  double factor = std::numeric_limits<double>::quiet_NaN();  ///< NaN: there were too few
  std::size_t fluxes = 0;                                    ///< that it was found on
};

/// Ends of the central interval of kIntervalLevel, with `factor` times the declared deviation, mmol/gDW/h.
std::pair<double, double> interval(const FluxEstimate& estimate, double factor);

/// JSON, and back. Throws Error naming what is wrong.
std::string toJson(const FluxCalibration& calibration);
FluxCalibration fluxCalibrationFromJson(const std::string& text);

}  // namespace ecumene::engine::report
