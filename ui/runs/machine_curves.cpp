// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/machine_curves.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

namespace ecumene::ui::runs {
namespace {

constexpr double kThinned = 0.1;  // of the time that is kept goes at once, so that the plot is seldom filled anew

std::map<QString, double> valuesOf(const wire::ReadingsReply& machine) {
  std::map<QString, double> values;
  const auto add = [&](const QString& name, double value) {
    if (std::isfinite(value)) values[name] = value;
  };
  const auto share = [](double part, double whole) { return whole > 0.0 ? 100.0 * part / whole : std::nan(""); };
  const auto total = static_cast<double>(machine.memory_total());
  add(QObject::tr("CPU (%)"), 100.0 * machine.cpu_busy());
  add(QObject::tr("memory (%)"), share(total - static_cast<double>(machine.memory_available()), total));
  const auto disk = static_cast<double>(machine.disk_total());
  add(QObject::tr("disk (%)"), share(disk - static_cast<double>(machine.disk_free()), disk));
  for (const wire::Gpu& gpu : machine.gpus()) {
    const QString name = QObject::tr("GPU %1").arg(gpu.index());
    add(QObject::tr("%1 busy (%)").arg(name), 100.0 * gpu.busy());
    add(QObject::tr("%1 memory (%)").arg(name),
        share(static_cast<double>(gpu.memory_used()), static_cast<double>(gpu.memory_total())));
    add(QObject::tr("%1 (°C)").arg(name), gpu.temperature_c());
  }
  return values;
}

}  // namespace

MachineCurves::MachineCurves(QWidget* parent) : CurvePlot(tr("time"), parent, Along::kTime) {
  setObjectName("machineCurves");
  setLeastY(0.0, 100.0);
  setEmptyText(tr("Curves come with the daemon's readings."));
}

void MachineCurves::take(const wire::ReadingsReply& readings) {
  if (readings.time() <= 0.0 || (!samples_.empty() && readings.time() <= samples_.back().time)) return;
  samples_.push_back({readings.time(), valuesOf(readings)});
  const bool tooLong = readings.time() - samples_.front().time > kKeptSeconds;
  if (!tooLong && samples_.size() <= kMostSamples) return draw(samples_.back());
  const double oldest = readings.time() - (1.0 - kThinned) * kKeptSeconds;
  if (tooLong) std::erase_if(samples_, [&](const Sample& sample) { return sample.time < oldest; });
  if (samples_.size() > kMostSamples) {
    std::deque<Sample> kept;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      if (i % 2 == 0 || i >= samples_.size() / 2) kept.push_back(std::move(samples_[i]));
    }
    samples_ = std::move(kept);
  }
  drawAll();
}

void MachineCurves::takePast(const std::vector<wire::ReadingsReply>& readings) {
  const auto before = [](const Sample& a, const Sample& b) { return a.time < b.time; };
  std::deque<Sample> past, all;
  for (const wire::ReadingsReply& reading : readings) past.push_back({reading.time(), valuesOf(reading)});
  // The same reading may be in both.
  std::set_union(samples_.begin(), samples_.end(), past.begin(), past.end(), std::back_inserter(all), before);
  if (all.size() == samples_.size()) return;
  samples_ = std::move(all);
  drawAll();
}

void MachineCurves::drawAll() {
  clear();
  for (const Sample& sample : samples_) draw(sample);
}

void MachineCurves::draw(const Sample& sample) {
  for (const auto& [name, value] : sample.values) append(name, sample.time, value);
}

void MachineCurves::forget() {
  samples_.clear();
  clear();
}

}  // namespace ecumene::ui::runs
