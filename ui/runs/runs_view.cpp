// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_view.h"

#include <QJsonArray>

#include "ui/runs/run_page.h"

namespace ecumene::ui::runs {
namespace {

constexpr double kMostValue = 1e250;  // of an axis of QCustomPlot

/// Bounds between -most and most, the lower first.
bool isRange(const QJsonValue& low, const QJsonValue& high, double most) {
  const double from = low.toDouble(), to = high.toDouble();
  return -most <= from && from < to && to <= most;
}

}  // namespace

QJsonObject RunsView::json() const {
  QJsonObject object = {{"run", run},
                        {"compared", QJsonArray::fromStringList(compared)},
                        {"shown", QJsonArray::fromStringList(shown)},
                        {"log_x", look.logX},
                        {"log_y", look.logY},
                        {"half_life", look.halfLife},
                        {"table", table}};
  if (zoom) object["zoom"] = QJsonArray{zoom->xLow, zoom->xHigh, zoom->yLow, zoom->yHigh};
  return object;
}

void RunsView::take(const QJsonObject& object) {
  run = object["run"].toString(run);
  const auto names = [&](const char* key, QStringList& list) {
    if (!object.contains(key)) return;
    list.clear();
    for (const auto& name : object[key].toArray()) list.append(name.toString());
  };
  names("shown", shown);
  names("compared", compared);
  look.logX = object["log_x"].toBool(look.logX);
  look.logY = object["log_y"].toBool(look.logY);
  table = object["table"].toBool(table);
  const double halfLife = object["half_life"].toDouble(-1.0);
  if (RunPage::offersHalfLife(halfLife)) look.halfLife = halfLife;
  const QJsonArray range = object["zoom"].toArray();
  zoom.reset();
  if (range.size() == 4 && isRange(range[0], range[1], kLastStep) && isRange(range[2], range[3], kMostValue)) {
    zoom = {range[0].toDouble(), range[1].toDouble(), range[2].toDouble(), range[3].toDouble()};
  }
}

}  // namespace ecumene::ui::runs
