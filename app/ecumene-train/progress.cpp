// SPDX-License-Identifier: Apache-2.0
#include "app/ecumene-train/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "data/base/say.h"

namespace ecumene::ecumene_train {
namespace {

constexpr std::size_t kBarWidth = 24;
constexpr std::chrono::milliseconds kRedraw(200), kPlain(5000);

std::string bar(double share) {
  const auto filled = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(kBarWidth));
  return "[" + std::string(filled, '#') + std::string(kBarWidth - filled, '.') + "]";
}

}  // namespace

std::string duration(double seconds) {
  const auto whole = static_cast<long>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

TrainingProgress::TrainingProgress(bool plain) : plain_(plain || ::isatty(STDERR_FILENO) != 1) {}

TrainingProgress::~TrainingProgress() {
  if (drawn_) say("\r\033[K");
}

void TrainingProgress::line(const std::string& text, bool always) {
  const auto now = std::chrono::steady_clock::now();
  const bool first = last_ == std::chrono::steady_clock::time_point{};
  if (!always && !first && now - last_ < (plain_ ? kPlain : kRedraw)) return;
  last_ = now;
  if (plain_) {
    say(text + "\n");
  } else {
    say("\r\033[K" + text);
    drawn_ = true;
  }
}

void TrainingProgress::show(const engine::train::Status& status) {
  if (!status.note.empty()) {
    say((drawn_ ? "\r\033[K" : "") + status.note + "\n");
    drawn_ = false;
    return;
  }
  const std::string left = std::isfinite(status.secondsLeft) ? duration(status.secondsLeft) + " left" : "estimating";
  const double share = status.steps > 0 ? static_cast<double>(status.step) / static_cast<double>(status.steps) : 0.0;
  line(fmt::format("{}epoch {}/{}  step {}/{}  loss {:.4f}  lr {:.2e}  {:.1f} samples/s  {}",
                   plain_ ? "" : bar(share) + " ", std::min(status.epoch + 1, status.epochs), status.epochs,
                   status.step, status.steps, status.loss, status.learningRate, status.samplesPerSecond, left),
       false);
}

void TrainingProgress::show(const std::string& what, std::size_t done, std::size_t total) {
  if (total == 0) return;
  const double share = static_cast<double>(done) / static_cast<double>(total);
  line(fmt::format("{}{} {}/{}", plain_ ? "" : bar(share) + " ", what, done, total), done == total);
}

}  // namespace ecumene::ecumene_train
