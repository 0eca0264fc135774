// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>
#include <map>

#include "ecumene.pb.h"
#include "ui/plots/curve_plot.h"

namespace ecumene::ui::runs {

/// The readings of the machine that trains as curves over the time of day, in per cent and °C, since the window has
/// watched it: at most the last day.
class MachineCurves : public plots::CurvePlot {
  Q_OBJECT
 public:
  static constexpr double kKeptSeconds = 86400.0;
  explicit MachineCurves(QWidget* parent = nullptr);
  /// Readings of a time that is there already change nothing; without a time they are no readings.
  void take(const wire::ReadingsReply& readings);
  /// Another machine.
  void forget();

 private:
  struct Sample {
    double time = 0.0;  ///< seconds since 1970
    std::map<QString, double> values;
  };
  void draw(const Sample& sample);

  std::deque<Sample> samples_;
};

}  // namespace ecumene::ui::runs
