// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/interval.h"

#include <gtest/gtest.h>

#include <cmath>

namespace ecumene::engine::checkpoint {
namespace {

constexpr double kDay = 86400.0;

/// Expected time for a unit of work with exponentially distributed failures, up to a factor that does not depend on the
/// interval (Daly 2006, eq. 20).
double cost(double interval, double writeSeconds, double failureSeconds) {
  return std::expm1((interval + writeSeconds) / failureSeconds) / interval;
}

/// The interval of least cost, by golden section over its logarithm.
double bestInterval(double writeSeconds, double failureSeconds) {
  const double ratio = (std::sqrt(5.0) - 1.0) / 2.0;
  double low = std::log(1e-3 * writeSeconds);
  double high = std::log(10.0 * failureSeconds);
  while (high - low > 1e-9) {
    const double a = high - ratio * (high - low);
    const double b = low + ratio * (high - low);
    (cost(std::exp(a), writeSeconds, failureSeconds) < cost(std::exp(b), writeSeconds, failureSeconds) ? high : low) =
        cost(std::exp(a), writeSeconds, failureSeconds) < cost(std::exp(b), writeSeconds, failureSeconds) ? b : a;
  }
  return std::exp((low + high) / 2.0);
}

TEST(CheckpointInterval, CostsLeastInDalysModel) {
  for (const double failuresPerDay : {3.0, 24.0, 200.0}) {
    const double failureSeconds = kDay / failuresPerDay;
    for (const double share : {1e-5, 1e-3, 0.01, 0.1}) {
      const double write = share * failureSeconds;
      const double best = bestInterval(write, failureSeconds);
      EXPECT_NEAR(interval(write, failuresPerDay) / best, 1.0, 0.002) << failuresPerDay << " a day, share " << share;
    }
  }
}

TEST(CheckpointInterval, LongWritesAreAsFarApartAsFailures) {
  EXPECT_DOUBLE_EQ(interval(1000.0, 200.0), kDay / 200.0);
  EXPECT_DOUBLE_EQ(interval(2.0 * 432.0, 200.0), 432.0);
}

TEST(CheckpointInterval, IsNeverLongerThanTwelveHours) {
  EXPECT_DOUBLE_EQ(interval(10.0, 0.0), 43200.0);
  EXPECT_DOUBLE_EQ(interval(7200.0, 0.1), 43200.0);
  EXPECT_LT(interval(10.0, 0.1), 43200.0);
}

}  // namespace
}  // namespace ecumene::engine::checkpoint
