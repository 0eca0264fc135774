// SPDX-License-Identifier: GPL-3.0-or-later
// What a person does to a plot of curves by pointer and keys.
#include <qcustomplot.h>

#include <QKeyEvent>
#include <QLabel>
#include <QMouseEvent>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "ui/plots/curve_plot.h"

namespace ecumene::ui::plots {
namespace {

constexpr double kWheelZoom = 1.2;
constexpr int kEventPixels = 6;

}  // namespace

void CurvePlot::userZoom() {
  const std::optional<Range> before = zoom_;
  const QCPRange x = plot_->xAxis->range(), y = plot_->yAxis->range();
  zoom_ = Range{x.lower, x.upper, y.lower, y.upper};
  later();
  if (zoom_ != before) emit zoomChanged(before);
}

void CurvePlot::zoomBy(double factor, const QPointF& at, bool x, bool y) {
  if (x) plot_->xAxis->scaleRange(factor, plot_->xAxis->pixelToCoord(at.x()));
  if (y) plot_->yAxis->scaleRange(factor, plot_->yAxis->pixelToCoord(at.y()));
  userZoom();
}

void CurvePlot::keyPressEvent(QKeyEvent* event) {
  const QPointF middle = plot_->axisRect()->rect().center();
  const double step = plot_->axisRect()->width() / 10.0;
  switch (event->key()) {
    case Qt::Key_Plus:
      return zoomBy(1.0 / kWheelZoom, middle, true, true);
    case Qt::Key_Minus:
      return zoomBy(kWheelZoom, middle, true, true);
    case Qt::Key_Left:
    case Qt::Key_Right: {
      const double sign = event->key() == Qt::Key_Left ? -1.0 : 1.0;
      const double from = plot_->xAxis->pixelToCoord(middle.x()),
                   to = plot_->xAxis->pixelToCoord(middle.x() + sign * step);
      plot_->xAxis->moveRange(to - from);
      return userZoom();
    }
    case Qt::Key_0: {
      const std::optional<Range> before = zoom_;
      setZoom(std::nullopt);
      if (before) emit zoomChanged(before);
      return;
    }
    default:
      QWidget::keyPressEvent(event);
  }
}

bool CurvePlot::eventFilter(QObject* watched, QEvent* event) {
  if (watched != plot_) return QWidget::eventFilter(watched, event);
  switch (event->type()) {
    case QEvent::Resize:
      empty_->setGeometry(plot_->rect());
      later();
      return false;
    case QEvent::Wheel: {
      const auto* wheel = static_cast<QWheelEvent*>(event);
      const bool shift = wheel->modifiers().testFlag(Qt::ShiftModifier);
      const bool control = wheel->modifiers().testFlag(Qt::ControlModifier);
      const double turns = wheel->angleDelta().y() / 120.0;
      zoomBy(std::pow(kWheelZoom, -turns), wheel->position(), !shift, !control);
      return true;
    }
    case QEvent::MouseButtonPress:
      setFocus();
      last_ = static_cast<QMouseEvent*>(event)->position();
      dragging_ = static_cast<QMouseEvent*>(event)->button() == Qt::LeftButton;
      return true;
    case QEvent::MouseButtonRelease:
      dragging_ = false;
      return true;
    case QEvent::MouseButtonDblClick: {
      const std::optional<Range> before = zoom_;
      setZoom(std::nullopt);
      if (before) emit zoomChanged(before);
      return true;
    }
    case QEvent::MouseMove: {
      const QPointF at = static_cast<QMouseEvent*>(event)->position();
      if (dragging_) {
        const auto moved = [](QCPAxis* axis, double from, double to) {
          const double a = axis->pixelToCoord(from), b = axis->pixelToCoord(to);
          if (axis->scaleType() == QCPAxis::stLogarithmic) {
            axis->setRange(axis->range().lower * a / b, axis->range().upper * a / b);
          } else {
            axis->moveRange(a - b);
          }
        };
        moved(plot_->xAxis, last_.x(), at.x());
        moved(plot_->yAxis, last_.y(), at.y());
        last_ = at;
        userZoom();
      }
      pointerX_ = plot_->axisRect()->rect().contains(at.toPoint()) ? std::optional(plot_->xAxis->pixelToCoord(at.x()))
                                                                   : std::nullopt;
      QString text;
      for (const Mark& mark : marks_) {
        if (std::abs(plot_->xAxis->coordToPixel(mark.x) - at.x()) > kEventPixels) continue;
        text += (text.isEmpty() ? "" : "\n") + mark.text;
      }
      eventText_->setText(text);
      eventText_->adjustSize();
      const int right = plot_->width() - eventText_->width() - 4;
      eventText_->move(std::clamp(static_cast<int>(at.x()) + 12, 0, std::max(0, right)), plot_->axisRect()->top() + 4);
      eventText_->setVisible(!text.isEmpty());
      later();
      return true;
    }
    case QEvent::Leave:
      pointerX_.reset();
      eventText_->hide();
      later();
      return false;
    default:
      return false;
  }
}

}  // namespace ecumene::ui::plots
