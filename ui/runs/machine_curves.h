// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>
#include <vector>

#include "ecumene.pb.h"
#include "ui/plots/curve_plot.h"

namespace ecumene::ui::runs {

/// The readings of the machine that trains as curves over the time of day, in per cent and °C: what the daemon has kept
/// of the last two weeks, and what has come since. Of many, the older half are thinned out.
class MachineCurves : public plots::CurvePlot {
  Q_OBJECT
 public:
  static constexpr double kKeptSeconds = 14.0 * 86400.0;
  static constexpr std::size_t kMostSamples = 12'000;
  explicit MachineCurves(QWidget* parent = nullptr);
  /// Readings of a time that is there already change nothing; without a time they are no readings.
  void take(const wire::ReadingsReply& readings);
  /// Readings by time, put between those that are there.
  void takePast(const std::vector<wire::ReadingsReply>& readings);
  /// Another machine.
  void forget();

 private:
  struct Sample {
    double time = 0.0;  ///< seconds since 1970
    std::map<QString, double> values;
  };
  void draw(const Sample& sample);
  void drawAll();

  std::deque<Sample> samples_;
};

}  // namespace ecumene::ui::runs
