// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/spent.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ecumene::ui::runs {
namespace {

/// What a trainer writes between its beginning and its end. What it writes before "resumed", of what was lost and how
/// it computes, may come days after the end of the one before it.
constexpr std::array<std::string_view, 9> kAtWork = {
    "checkpoint", "checkpoint_failed", "continued", "extend", "loss_scale", "paused", "rolled_back", "set", "skipped"};

}  // namespace

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
    begin_ = last_ = event.time();
    step_ = event.step();
  } else if (begin_ && (kind == "stopped" || kind == "finished" || kind == "failed")) {
    // A trainer that fails while it opens a run has made no step of it: the one before it was killed.
    const bool whileOpening = kind == "failed" && event.step() < step_;
    closed_ += std::max(0.0, (whileOpening ? last_ : event.time()) - *begin_);
    begin_.reset();
  } else if (std::find(kAtWork.begin(), kAtWork.end(), kind) != kAtWork.end()) {
    last_ = event.time();
    step_ = event.step();
  }
}

double TrainedTime::seconds(const wire::Run& run, double now) const {
  if (!known_) return 0.0;
  if (!begin_) return closed_;
  const std::string& state = run.state();
  const bool trains = state == "running" || state == "paused" || state == "ending";
  const double end = trains ? now : std::max(last_, run.metric_time());
  return closed_ + std::max(0.0, end - *begin_);
}

}  // namespace ecumene::ui::runs
