// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ecumene.pb.h"

namespace ecumene::ecumenectl {

/// A run's metrics as a client has them, put together from what Metrics.Follow says.
class MetricLog {
 public:
  struct Point {
    std::int64_t step = 0;
    double time = 0.0;
    std::string name;
    double value = 0.0;
  };

  /// Takes a message; behind a rewind what it took back is gone.
  void take(const wire::News& news);
  [[nodiscard]] const std::vector<Point>& points() const { return points_; }
  /// Sequence numbers of the last metric and event.
  [[nodiscard]] std::int64_t lastMetric() const { return metric_; }
  [[nodiscard]] std::int64_t lastEvent() const { return event_; }
  /// Forgets points, not what has been seen, nor the names.
  void clear() { points_.clear(); }

 private:
  std::map<std::uint32_t, std::string> names_;
  std::vector<Point> points_;
  std::int64_t metric_ = 0, event_ = 0;
};

}  // namespace ecumene::ecumenectl
