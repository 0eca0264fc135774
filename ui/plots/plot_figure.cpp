// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_figure.h"

#include <qcustomplot.h>

#include "ui/look/theme.h"

namespace ecumene::ui::plots {
namespace {

constexpr double kPointsOfAPixel = 2.0;

/// The plot with a title, for as long as it lives.
class Titled {
 public:
  Titled(QCustomPlot& plot, const QString& title) : plot_(plot) {
    if (title.isEmpty()) return;
    plot_.plotLayout()->insertRow(0);
    title_ = new QCPTextElement(&plot_, title, look::headingFont(1.0));
    title_->setTextColor(look::currentTheme().text);
    plot_.plotLayout()->addElement(0, 0, title_);
  }
  ~Titled() {
    if (title_ == nullptr) return;
    plot_.plotLayout()->remove(title_);
    plot_.plotLayout()->simplify();
    plot_.replot(QCustomPlot::rpQueuedReplot);  // its layout is that of the screen again
  }
  Titled(const Titled&) = delete;
  Titled& operator=(const Titled&) = delete;

 private:
  QCustomPlot& plot_;
  QCPTextElement* title_ = nullptr;
};

}  // namespace

QImage imageOf(QCustomPlot& plot, const QString& title) {
  const Titled titled(plot, title);
  return plot.toPixmap(plot.width(), plot.height(), kPointsOfAPixel).toImage();
}

void drawOn(QPaintDevice& device, QCustomPlot& plot, const QString& title) {
  const Titled titled(plot, title);
  QCPPainter painter;
  painter.begin(&device);
  painter.setMode(QCPPainter::pmVectorized);
  painter.setMode(QCPPainter::pmNoCaching);
  painter.fillRect(QRect(QPoint(0, 0), plot.size()), look::currentTheme().surface);
  plot.toPainter(&painter, plot.width(), plot.height());
  painter.end();
}

}  // namespace ecumene::ui::plots
