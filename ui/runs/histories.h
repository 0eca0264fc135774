// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/client/client.h"
#include "ui/plots/curve.h"

namespace ecumene::ui::runs {

/// All parts of a history as one. May wait; throws Error.
wire::HistoryReply historyOf(client::Daemon& daemon, const wire::HistoryRequest& request);

/// Adds the buckets of a history's curve, each in the middle of its steps.
template <class Take>
void eachBucket(const wire::Curve& curve, Take take) {
  for (int i = 0; i < curve.mean_size(); ++i) {
    const double step = 0.5 * static_cast<double>(curve.first_step(i) + curve.last_step(i));
    take(step, plots::Bucket{curve.mean(i), curve.minimum(i), curve.maximum(i), curve.count(i)});
  }
}
plots::Curve pointsOf(const wire::Curve& curve);

}  // namespace ecumene::ui::runs
