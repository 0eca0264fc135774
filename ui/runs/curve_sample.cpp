// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/curve_sample.h"

#include <QPainter>
#include <QPixmap>

namespace ecumene::ui::runs {
namespace {

constexpr double kThick = 3.0;

}  // namespace

QIcon curveSample(const QColor& colour, Qt::PenStyle pattern, const QSize& size) {
  QPixmap pixmap(size);
  pixmap.fill(Qt::transparent);
  if (colour.isValid()) {
    QPainter painter(&pixmap);
    painter.setPen(QPen(colour, kThick, pattern, Qt::FlatCap));
    painter.drawLine(0, size.height() / 2, size.width(), size.height() / 2);
  }
  return QIcon(pixmap);
}

}  // namespace ecumene::ui::runs
