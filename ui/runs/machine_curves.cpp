// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/machine_curves.h"

#include <cmath>

namespace ecumene::ui::runs {
namespace {

constexpr double kThinned = 0.1;  // of what is kept goes at once, so that the plot is seldom filled anew

std::map<QString, double> valuesOf(const wire::ReadingsReply& machine) {
  std::map<QString, double> values;
  const auto add = [&](const QString& name, double value) {
    if (std::isfinite(value)) values[name] = value;
  };
  const auto share = [](double part, double whole) { return whole > 0.0 ? 100.0 * part / whole : std::nan(""); };
  const auto total = static_cast<double>(machine.memory_total());
  add(QObject::tr("CPU (%)"), 100.0 * machine.cpu_busy());
  add(QObject::tr("memory (%)"), share(total - static_cast<double>(machine.memory_available()), total));
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
  setEmptyText(tr("Curves come with the daemon's readings, from now on."));
}

void MachineCurves::take(const wire::ReadingsReply& readings) {
  if (readings.time() <= 0.0 || (!samples_.empty() && readings.time() <= samples_.back().time)) return;
  samples_.push_back({readings.time(), valuesOf(readings)});
  if (readings.time() - samples_.front().time <= kKeptSeconds) return draw(samples_.back());
  while (samples_.front().time < readings.time() - (1.0 - kThinned) * kKeptSeconds) samples_.pop_front();
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
