// SPDX-License-Identifier: Apache-2.0
#include "engine/train/measure.h"

#include <c10/core/CachingDeviceAllocator.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include "data/base/error.h"
#include "data/base/kernel_file.h"
#include "engine/run/run_directory.h"
#include "engine/train/learner.h"
#include "engine/train/runs.h"
#include "engine/train/trainer.h"

namespace ecumene::engine::train {
namespace {

using StepClock = std::chrono::steady_clock;

double secondsFrom(StepClock::time_point begin, StepClock::time_point end) {
  return std::chrono::duration<double>(end - begin).count();
}

/// Steps as they are made. The time from one to the next counts where nothing else was between them.
class StepTimes {
 public:
  void take(const Status& status) {
    const StepClock::time_point now = StepClock::now();
    if (!first_) first_ = now;
    // A note is an evaluation, which the next step's time would hold.
    const bool isStep = status.note.empty() && status.step > step_;
    if (isStep && last_ && status.step > kWarmUpSteps) times_.push_back(secondsFrom(*last_, now));
    last_ = now;
    step_ = status.step;
  }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(times_.size()); }
  [[nodiscard]] std::optional<StepClock::time_point> first() const { return first_; }
  [[nodiscard]] double median() {
    const auto middle = times_.begin() + static_cast<std::ptrdiff_t>(times_.size() / 2);
    std::nth_element(times_.begin(), middle, times_.end());
    return *middle;
  }

 private:
  std::vector<double> times_;
  std::optional<StepClock::time_point> last_, first_;
  std::int64_t step_ = 0;
};

std::int64_t gpuPeak(const torch::Device& device) {
  if (!device.is_cuda()) return 0;
  const auto stats = c10::getDeviceAllocator(device.type())->getDeviceStats(device.index());
  return stats.reserved_bytes[static_cast<std::size_t>(c10::CachingAllocator::StatType::AGGREGATE)].peak;
}

}  // namespace

Measurement measure(config::RunSpec spec, const std::filesystem::path& folder, const MeasureOptions& options) {
  // Enough epochs for the steps however few samples there are; nothing ends the run before.
  spec.train.epochs = options.steps + kWarmUpSteps + 1;
  spec.train.evaluateEpochs = spec.train.epochs;
  spec.train.patience = 0;
  const StepClock::time_point begin = StepClock::now();
  newRun(spec, "measurement", folder);
  run::RunDirectory run = run::RunDirectory::open(folder);
  run.claim();
  StepTimes times;
  const auto asked = [&] { return options.interrupted && options.interrupted(); };
  const TrainOptions training = {[&](const Status& status) {
                                   times.take(status);
                                   if (options.onStep) options.onStep(times.count(), options.steps);
                                 },
                                 [&] { return times.count() >= options.steps || asked(); }};
  (void)train(run, training);
  if (asked()) throw Error("the measurement was interrupted", ErrorKind::kCancelled);
  if (times.count() == 0) throw Error("no step could be timed").on(spec.data.store);
  Measurement made;
  made.steps = times.count();
  made.secondsPerStep = times.median();
  made.samplesPerSecond = static_cast<double>(spec.train.microBatch * spec.train.accumulate) / made.secondsPerStep;
  made.prepareSeconds = secondsFrom(begin, *times.first());
  made.peakBytes = kernelBytes("/proc/self/status", "VmHWM").value_or(0);
  made.gpuPeakBytes = gpuPeak(deviceOf(spec.train));
  return made;
}

}  // namespace ecumene::engine::train
