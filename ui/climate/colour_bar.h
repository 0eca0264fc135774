// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "viz/scene/colour_map.h"

namespace ecumene::ui::climate {

/// A colour scale from low to high with round numbers below it, in the quantity's unit.
class ColourBar : public QWidget {
  Q_OBJECT
 public:
  explicit ColourBar(QWidget* parent = nullptr);
  /// `factor` turns the scale's values into shown ones.
  void set(const viz::scene::ColourScale& scale, double factor, const QString& unit);
  /// Marks a value of the scale, or none (NaN).
  void setMark(double value);
  [[nodiscard]] QSize sizeHint() const override;
  [[nodiscard]] QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  viz::scene::ColourScale scale_;
  double factor_ = 1.0;
  QString unit_;
  double mark_;
};

/// Round numbers within [low, high], at most `most`; in decades where `logarithmic`.
std::vector<double> roundTicks(double low, double high, int most, bool logarithmic);
/// With as many decimals as neighbours need to differ.
QString tickText(double value, double step);

}  // namespace ecumene::ui::climate
