// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace ecumene::ui::look {

/// Fusion, with outlines of our theme where its own, a darker shade of the window's colour, vanish on dark ground.
class Style : public QProxyStyle {
 public:
  Style();
  using QProxyStyle::polish;
  /// Labels and tool tips show their text as it is: what looks like markup in a name is part of the name.
  void polish(QWidget* widget) override;
  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override;
  void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                          const QWidget* widget) const override;
};

}  // namespace ecumene::ui::look
