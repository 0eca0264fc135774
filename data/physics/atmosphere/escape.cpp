// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/escape.h"

#include <algorithm>
#include <numbers>

#include "data/base/error.h"
#include "data/physics/constants.h"

namespace ecumene::data::physics::atmosphere {

double hydrogenEscapePerM2S(double h2o, double ch4, double h2) {
  return 2.5e17 * (2.0 * h2o + 4.0 * ch4 + 2.0 * h2);
}

double earthOceanHydrogenPerM2() {
  constexpr double kOceanKg = 1.4e21;
  constexpr double kMeanRadiusM = 6.371e6;
  constexpr double kWaterKgMol = 0.018015;
  return 2.0 * kOceanKg / kWaterKgMol * kAvogadro / (4.0 * std::numbers::pi * kMeanRadiusM * kMeanRadiusM);
}

double oceanLossGyr(double h2o, double ch4, double h2) {
  if (!(h2o > 0.0)) throw internalError("the ocean loss time of a dry stratosphere is infinite");
  const double seconds = earthOceanHydrogenPerM2() / hydrogenEscapePerM2S(h2o, ch4, h2);
  return std::min(kLongestLossGyr, seconds / (1e9 * kJulianYearDays * kDaySeconds));
}

}  // namespace ecumene::data::physics::atmosphere
