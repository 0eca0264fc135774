// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/histories.h"

namespace ecumene::ui::runs {

wire::HistoryReply historyOf(client::Daemon& daemon, const wire::HistoryRequest& request) {
  wire::HistoryReply all;
  daemon.stream(&wire::Metrics::Stub::History, request, [&](const wire::HistoryReply& part) {
    all.MergeFrom(part);
    return true;
  });
  return all;
}

plots::Curve pointsOf(const wire::Curve& curve) {
  plots::Curve points;
  eachBucket(curve, [&](double step, const plots::Bucket& bucket) { points.append(step, bucket); });
  return points;
}

}  // namespace ecumene::ui::runs
