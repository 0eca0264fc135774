// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/interval.h"

#include <algorithm>
#include <cmath>

namespace ecumene::engine::checkpoint {

double interval(double writeSeconds, double failuresPerDay) {
  constexpr double kDaySeconds = 86400.0;
  constexpr double kLongest = kDaySeconds / 2.0;
  if (failuresPerDay <= 0.0) return kLongest;
  const double failureSeconds = kDaySeconds / failuresPerDay;
  if (writeSeconds >= 2.0 * failureSeconds) return std::min(failureSeconds, kLongest);
  const double ratio = writeSeconds / (2.0 * failureSeconds);
  const double young = std::sqrt(2.0 * writeSeconds * failureSeconds);
  return std::min(young * (1.0 + std::sqrt(ratio) / 3.0 + ratio / 9.0) - writeSeconds, kLongest);
}

}  // namespace ecumene::engine::checkpoint
