// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QStringList>
#include <optional>

#include "ui/plots/curve_plot.h"

namespace ecumene::ui::runs {

inline constexpr double kLastStep = 9e15;  ///< of which a double still knows each

/// What a person has chosen to see of the runs.
struct RunsView {
  QString run;
  QStringList shown, compared;  ///< curves; runs beside this one
  plots::CurvePlot::Look look;
  std::optional<plots::CurvePlot::Range> zoom;
  bool table = false;  ///< numbers in place of the picture

  [[nodiscard]] QJsonObject json() const;
  /// Keys that are missing leave things as they are, but for the zoom; so do values that make no sense.
  void take(const QJsonObject& object);
};

}  // namespace ecumene::ui::runs
