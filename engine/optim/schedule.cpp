// SPDX-License-Identifier: Apache-2.0
#include "engine/optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/base/error.h"

namespace ecumene::engine::optim {
namespace {

/// From `high` at 0 to `low` at 1 along half a cosine.
double cosine(double high, double low, double share) {
  return low + (high - low) * 0.5 * (1.0 + std::cos(std::numbers::pi * share));
}

double oneCycle(double peak, double step, double total) {
  constexpr double kStart = 1.0 / 25.0, kEnd = 1e-4 / 25.0;
  const double top = std::max(0.3 * total - 1.0, 0.0), last = std::max(total - 1.0, top + 1.0);
  if (step < top) return cosine(peak * kStart, peak, step / top);
  return cosine(peak, peak * kEnd, std::min((step - top) / (last - top), 1.0));
}

}  // namespace

double learningRate(const config::TrainSpec& spec, std::int64_t step, std::int64_t totalSteps) {
  const double peak = spec.learningRate, low = peak * spec.finalShare;
  const auto total = static_cast<double>(std::max<std::int64_t>(totalSteps, 1));
  const auto at = static_cast<double>(step);
  if (spec.schedule == "onecycle") return oneCycle(peak, at, total);
  const double rising = std::floor(spec.warmUpShare * total);
  if (at < rising) return peak * (at + 1.0) / (rising + 1.0);
  if (spec.schedule == "constant") return peak;
  const double falling = std::max(total - rising, 1.0), done = std::min(at - rising, falling);
  if (spec.schedule == "cosine") return cosine(peak, low, done / falling);
  if (spec.schedule != "restarts") {
    throw Error("there is no such schedule")
        .on("train.schedule")
        .expected("constant, cosine, restarts or onecycle")
        .found(spec.schedule);
  }
  if (done == falling) return low;
  // The product first: where a cycle begins, this quotient is a whole number, exactly.
  const double cycles = done * static_cast<double>(spec.restarts) / falling;
  return cosine(peak, low, cycles - std::floor(cycles));
}

}  // namespace ecumene::engine::optim
