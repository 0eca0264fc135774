// SPDX-License-Identifier: GPL-3.0-or-later
// A plot of curves as a figure for elsewhere: picture and table.
#include <qcustomplot.h>

#include <QImage>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <utility>

#include "ui/look/theme.h"
#include "ui/plots/curve_plot.h"
#include "ui/plots/plot_figure.h"

namespace ecumene::ui::plots {

NumberTable CurvePlot::table() {
  fitAxes();  // a plot that is not seen has those of before
  struct Column {
    QString title;
    const Curve* curve;
  };
  std::vector<Column> shown;
  for (const auto& [name, line] : lines_) {
    if (line.shown && line.raw.size() > 0) shown.push_back({name, &finest(line)});
  }
  for (const Over& over : overlays_) {
    const auto base = lines_.find(over.curve);
    if (base != lines_.end() && base->second.shown) shown.push_back({over.curve + ", " + over.of, &over.line.raw});
  }
  const QCPRange range = plot_->xAxis->range();
  std::vector<double> places;
  for (const Column& column : shown) {
    std::vector<double> own, all;
    for (std::size_t i = 0; i < column.curve->size(); ++i) {
      const double x = column.curve->x(i);
      if (range.contains(x) && (own.empty() || own.back() < x)) own.push_back(x);
    }
    std::set_union(places.begin(), places.end(), own.begin(), own.end(), std::back_inserter(all));
    places = std::move(all);
  }
  NumberTable table;
  table.titles << plot_->xAxis->label();
  table.columns.push_back(places);
  for (const Column& column : shown) {
    table.titles << column.title;
    std::vector<double>& values = table.columns.emplace_back();
    std::size_t i = 0;
    for (const double x : places) {
      while (i < column.curve->size() && column.curve->x(i) < x) ++i;
      const bool there = i < column.curve->size() && column.curve->x(i) == x;
      values.push_back(there ? column.curve->y(i) : std::numeric_limits<double>::quiet_NaN());
    }
  }
  return table;
}

void CurvePlot::withLegend(const std::function<void()>& draw) {
  const std::optional<double> pointer = std::exchange(pointerX_, std::nullopt);
  prepare();
  QCPLegend* legend = plot_->legend;
  const look::Theme& theme = look::currentTheme();
  legend->clearItems();
  for (const auto& [name, line] : lines_) {
    if (line.shown && line.raw.size() > 0) line.graph->addToLegend();
  }
  for (const Over& over : overlays_) {
    if (!over.line.graph->visible()) continue;
    over.line.graph->setName(over.curve + ", " + over.of);
    over.line.graph->addToLegend();
  }
  legend->setBrush(theme.surface);
  legend->setBorderPen(QPen(theme.border));
  legend->setTextColor(theme.text);
  legend->setFont(font());
  legend->setVisible(true);
  draw();
  legend->setVisible(false);
  pointerX_ = pointer;
  later();
}

QImage CurvePlot::image(const QString& title) {
  QImage image;
  withLegend([&] { image = imageOf(*plot_, title); });
  return image;
}

void CurvePlot::drawOn(QPaintDevice& device, const QString& title) {
  withLegend([&] { plots::drawOn(device, *plot_, title); });
}

}  // namespace ecumene::ui::plots
