// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/climate/colour_bar.h"

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/look/theme.h"

namespace ecumene::ui::climate {
namespace {

constexpr int kBarHeight = 14, kTick = 4, kSide = 4;

QColor coloured(const viz::scene::Rgb& rgb) {
  return QColor(rgb.red, rgb.green, rgb.blue);
}

}  // namespace

std::vector<double> roundTicks(double low, double high, int most, bool logarithmic) {
  std::vector<double> ticks;
  if (logarithmic) {
    const double first = std::ceil(std::log10(low) - 1e-9), last = std::floor(std::log10(high) + 1e-9);
    const double stride = std::max(1.0, std::ceil((last - first + 1.0) / most));
    for (double power = first; power <= last; power += stride) ticks.push_back(std::pow(10.0, power));
    if (ticks.size() >= 2) return ticks;
    ticks.clear();
  }
  const double rough = (high - low) / std::max(1, most - 1);
  const double magnitude = std::pow(10.0, std::floor(std::log10(rough)));
  double step = magnitude * 10.0;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (magnitude * factor >= rough * (1.0 - 1e-9)) {
      step = magnitude * factor;
      break;
    }
  }
  for (double k = std::ceil(low / step - 1e-9); k <= std::floor(high / step + 1e-9); k += 1.0)
    ticks.push_back(k * step);
  return ticks;
}

QString tickText(double value, double step) {
  const double size = std::max(std::abs(value), std::abs(step));
  if (size != 0.0 && (size >= 1e6 || size < 1e-3)) return QString::number(value, 'g', 3);
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(std::abs(step)) - 1e-9)));
  const QString text = QString::number(value, 'f', std::min(decimals, 6));
  return text.startsWith('-') ? QStringLiteral("−") + text.mid(1) : text;
}

ColourBar::ColourBar(QWidget* parent) : QWidget(parent), mark_(std::numeric_limits<double>::quiet_NaN()) {
  setObjectName("colourBar");
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ColourBar::set(const viz::scene::ColourScale& scale, double factor, const QString& unit) {
  scale_ = scale;
  factor_ = factor;
  unit_ = unit;
  update();
}

void ColourBar::setMark(double value) {
  mark_ = value;
  update();
}

QSize ColourBar::sizeHint() const {
  return {fontMetrics().averageCharWidth() * 40, kBarHeight + 2 * kTick + fontMetrics().height()};
}

QSize ColourBar::minimumSizeHint() const {
  return {fontMetrics().averageCharWidth() * 20, sizeHint().height()};
}

void ColourBar::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setFont(look::numberFont());
  const QFontMetrics metrics(painter.font());
  const look::Theme& theme = look::currentTheme();
  const QString unit = unit_.isEmpty() ? QString() : " " + unit_;
  // The unit stands behind the bar, at the height of the numbers.
  const int unitWidth = metrics.horizontalAdvance(unit);
  const QRect bar(kSide, kTick, width() - 2 * kSide - unitWidth, kBarHeight);
  if (bar.width() < 16) return;
  const viz::scene::ColourMap& map = viz::scene::colourMap(scale_.map);
  for (int x = 0; x < bar.width(); ++x) {
    const double value = viz::scene::valueAt(scale_, (x + 0.5) / bar.width());
    painter.fillRect(bar.left() + x, bar.top(), 1, bar.height(), coloured(viz::scene::colourOf(scale_, map, value)));
  }
  painter.setPen(theme.border);
  painter.drawRect(bar.adjusted(0, 0, -1, -1));
  const double low = scale_.low * factor_, high = scale_.high * factor_;
  const int room = metrics.horizontalAdvance("−0000.0 ");
  const auto ticks = roundTicks(low, high, std::max(2, bar.width() / room), scale_.logarithmic);
  const double step = ticks.size() > 1 ? ticks[1] - ticks[0] : high - low;
  for (const double tick : ticks) {
    const double at = viz::scene::place(scale_, tick / factor_);
    const int x = bar.left() + static_cast<int>(std::lround(at * (bar.width() - 1)));
    painter.setPen(theme.muted);
    painter.drawLine(x, bar.bottom() + 1, x, bar.bottom() + kTick);
    const QString text = scale_.logarithmic ? QString::number(tick, 'g', 3) : tickText(tick, step);
    const int textWidth = metrics.horizontalAdvance(text);
    const int left = std::clamp(x - textWidth / 2, 0, std::max(0, bar.right() + kSide - textWidth));
    painter.setPen(theme.text);
    painter.drawText(left, bar.bottom() + kTick + metrics.ascent() + 1, text);
  }
  painter.setPen(theme.muted);
  painter.drawText(bar.right() + 1, bar.bottom() - metrics.descent() + 2, unit);
  if (std::isnan(mark_)) return;
  const int x = bar.left() + static_cast<int>(std::lround(viz::scene::place(scale_, mark_) * (bar.width() - 1)));
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setPen(QPen(theme.window, 1.0));
  painter.setBrush(theme.text);
  painter.drawPolygon(QPolygonF({QPointF(x - 4.5, 0), QPointF(x + 5.5, 0), QPointF(x + 0.5, kTick + 4)}));
}

}  // namespace ecumene::ui::climate
