// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/spent.h"

#include <algorithm>

namespace ecumene::ui::runs {

QString costText(const Price& price, double seconds) {
  if (price.perHour <= 0.0) return {};
  const double cost = price.perHour * seconds / 3600.0;
  const QString number = QString::number(cost, 'f', cost < 0.995 ? 3 : 2);
  return price.currency.isEmpty() ? number : number + ' ' + price.currency;
}

void TrainedTime::take(const wire::Event& event) {
  const std::string& kind = event.kind();
  if (kind == "started" || kind == "resumed") {
    if (begin_) closed_ += std::max(0.0, last_ - *begin_);
    begin_ = event.time();
  } else if (begin_ && (kind == "stopped" || kind == "finished" || kind == "failed")) {
    closed_ += std::max(0.0, event.time() - *begin_);
    begin_.reset();
  }
  last_ = event.time();
}

double TrainedTime::seconds(const wire::Run& run, double now) const {
  if (!begin_) return closed_;
  const std::string& state = run.state();
  const bool trains = state == "running" || state == "paused" || state == "ending";
  const double end = trains ? now : std::max(last_, run.metric_time());
  return closed_ + std::max(0.0, end - *begin_);
}

}  // namespace ecumene::ui::runs
