// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/olr.h"

#include <algorithm>
#include <cmath>

#include "data/base/error.h"

namespace ecumene::data::physics::climate {
namespace {

constexpr double kReferenceCo2Bar = 3.3e-4;
constexpr double kNoVapourK = 230.0;

double fourth(double x) {
  return x * x * x * x;
}

// c_ij of Williams & Kasting (1997), row i: power of phi, column j: power of T.
constexpr std::array<std::array<double, 4>, 5> kFit = {{
    {9.468980, -2.794778, 2.212108e-2, -3.361939e-5},
    {-7.714727e-5, -3.244753e-3, 3.088497e-5, -1.679112e-7},
    {-3.547406e-4, 2.229142e-3, -2.789815e-5, 6.590999e-8},
    {-3.442973e-3, 9.173169e-3, -7.775195e-5, 1.528125e-7},
    {-3.367567e-2, -1.631909e-4, 3.663871e-6, -9.255646e-9},
}};

}  // namespace

OutgoingLongwave::OutgoingLongwave(double co2Bar, double offsetWm2) : offset_(offsetWm2) {
  if (!(co2Bar >= 0.0) || !std::isfinite(co2Bar) || !std::isfinite(offsetWm2)) {
    throw Error("cannot set up outgoing longwave radiation")
        .on("CO2 partial pressure or offset")
        .expected("finite, >= 0 bar");
  }
  const double used = std::clamp(co2Bar, kCo2MinBar, kCo2MaxBar);
  co2Clamped_ = used != co2Bar;
  const double phi = std::log(used / kReferenceCo2Bar);
  double power = 1.0;
  for (const auto& row : kFit) {
    for (std::size_t j = 0; j < 4; ++j) c_[j] += power * row[j];
    power *= phi;
  }
  coldFlux_ = cubic(kFitMinK);
  // The hot extremum of the cubic, if it is a maximum inside the range.
  const double a = 3.0 * c_[3];
  const double b = 2.0 * c_[2];
  const double discriminant = b * b - 4.0 * a * c_[1];
  if (a < 0.0 && discriminant > 0.0) topK_ = std::min(kFitMaxK, (-b - std::sqrt(discriminant)) / (2.0 * a));
  if (topK_ < kFitMinK) topK_ = kFitMaxK;
  topFlux_ = cubic(topK_);
  dryRise_ = cubic(kNoVapourK) / fourth(kNoVapourK);
}

double OutgoingLongwave::flux(double t, double dryShare) const {
  if (t < kFitMinK) return coldFlux_ * fourth(t / kFitMinK) - offset_;
  if (t > topK_) return topFlux_ + dryShare * dryRise_ * (fourth(t) - fourth(topK_)) - offset_;
  return cubic(t) - offset_;
}

double OutgoingLongwave::slope(double t, double dryShare) const {
  if (t < kFitMinK) {
    const double ratio = t / kFitMinK;
    return 4.0 * coldFlux_ / kFitMinK * ratio * ratio * ratio;
  }
  return t > topK_ ? 4.0 * dryShare * dryRise_ * t * t * t : cubicSlope(t);
}

}  // namespace ecumene::data::physics::climate
