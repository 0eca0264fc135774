// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/plot_theme.h"

#include <qcustomplot.h>

#include <array>

#include "ui/look/theme.h"

namespace ecumene::ui::plots {
namespace {

constexpr std::array<QRgb, 10> kOnDark = {0x63bcd9, 0xe6a15c, 0x8fce7a, 0xe08bb5, 0xb79ef0,
                                          0xe6d25c, 0x6fd0b5, 0xf08a80, 0x9db4d0, 0xc9b79c};
constexpr std::array<QRgb, 10> kOnLight = {0x0b6380, 0xa85400, 0x2c7a1f, 0xa83273, 0x6a45c0,
                                           0x7d6a00, 0x0a7a5c, 0xb3261e, 0x4a6485, 0x7a6238};

}  // namespace

void takeTheme(QCustomPlot& plot) {
  const look::Theme& theme = look::currentTheme();
  plot.setBackground(theme.surface);
  for (QCPAxisRect* box : plot.axisRects()) {
    box->setBackground(theme.surface);
    for (QCPAxis* axis : box->axes()) {
      axis->setBasePen(QPen(theme.border));
      axis->setTickPen(QPen(theme.border));
      axis->setSubTickPen(QPen(theme.border));
      axis->setTickLabelColor(theme.muted);
      axis->setTickLabelFont(look::numberFont());
      axis->setLabelColor(theme.muted);
      axis->setLabelFont(plot.font());
      QColor grid = theme.border;
      grid.setAlphaF(0.5F);
      axis->grid()->setPen(QPen(grid));
      axis->grid()->setZeroLinePen(QPen(grid));
    }
  }
}

QColor curveColour(std::size_t n) {
  const auto& colours = look::currentTheme().dark ? kOnDark : kOnLight;
  return QColor::fromRgb(colours[n % colours.size()] | 0xff000000U);
}

Qt::PenStyle runPattern(std::size_t n) {
  static constexpr std::array kBroken = {Qt::DashLine, Qt::DotLine, Qt::DashDotLine, Qt::DashDotDotLine};
  return n == 0 ? Qt::SolidLine : kBroken[(n - 1) % kBroken.size()];
}

}  // namespace ecumene::ui::plots
