// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/style.h"

#include <QLabel>
#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

#include "ui/look/theme.h"

namespace ecumene::ui::look {
namespace {

QColor outlineOf(const QStyleOption* option) {
  const Theme& theme = currentTheme();
  if (!option->state.testFlag(QStyle::State_Enabled)) return theme.border;
  return option->state.testFlag(QStyle::State_HasFocus) ? theme.accent : theme.outline;
}

void drawCheckBox(const QStyleOption* option, QPainter* painter) {
  const Theme& theme = currentTheme();
  const bool on = option->state.testFlag(QStyle::State_On), enabled = option->state.testFlag(QStyle::State_Enabled);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  const QRectF box = QRectF(option->rect).adjusted(1.5, 1.5, -1.5, -1.5);
  painter->setPen(QPen(outlineOf(option), 1.0));
  painter->setBrush(on && enabled ? theme.selection : theme.surface);
  painter->drawRoundedRect(box, 2.0, 2.0);
  if (on) {
    const double w = box.width(), h = box.height();
    painter->setPen(
        QPen(enabled ? theme.selectionText : theme.disabled, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter->setBrush(Qt::NoBrush);
    painter->drawPolyline(
        QPolygonF({box.topLeft() + QPointF(0.22 * w, 0.52 * h), box.topLeft() + QPointF(0.42 * w, 0.72 * h),
                   box.topLeft() + QPointF(0.78 * w, 0.28 * h)}));
  }
  painter->restore();
}

void drawSlider(const QStyle* style, const QStyleOptionSlider* option, QPainter* painter, const QWidget* widget) {
  const Theme& theme = currentTheme();
  const bool enabled = option->state.testFlag(QStyle::State_Enabled);
  const QRect handle = style->subControlRect(QStyle::CC_Slider, option, QStyle::SC_SliderHandle, widget);
  const QRect groove = style->subControlRect(QStyle::CC_Slider, option, QStyle::SC_SliderGroove, widget);
  painter->save();
  painter->setRenderHint(QPainter::Antialiasing);
  painter->setPen(Qt::NoPen);
  const double y = groove.center().y() + 0.5, x = handle.center().x() + 0.5;
  painter->setBrush(theme.border);
  painter->drawRoundedRect(QRectF(groove.left(), y - 1.5, groove.width(), 3.0), 1.5, 1.5);
  if (enabled) {
    painter->setBrush(theme.accent);
    painter->drawRoundedRect(QRectF(groove.left(), y - 1.5, x - groove.left(), 3.0), 1.5, 1.5);
  }
  const double radius = std::min(handle.width(), handle.height()) / 2.0 - 1.0;
  painter->setPen(QPen(outlineOf(option), option->state.testFlag(QStyle::State_HasFocus) ? 2.0 : 1.0));
  painter->setBrush(enabled ? theme.raised : theme.window);
  painter->drawEllipse(QPointF(x, y), radius, radius);
  painter->restore();
}

}  // namespace

Style::Style() : QProxyStyle(QStyleFactory::create("Fusion")) {}

void Style::polish(QWidget* widget) {
  QProxyStyle::polish(widget);
  auto* label = qobject_cast<QLabel*>(widget);
  if (label != nullptr && label->textFormat() == Qt::AutoText) label->setTextFormat(Qt::PlainText);
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                          const QWidget* widget) const {
  if (element == PE_IndicatorCheckBox) return drawCheckBox(option, painter);
  QProxyStyle::drawPrimitive(element, option, painter, widget);
  if (element == PE_FrameLineEdit) {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(outlineOf(option), 1.0));
    painter->setBrush(Qt::NoBrush);
    painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 2.0, 2.0);
    painter->restore();
  }
}

void Style::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                               const QWidget* widget) const {
  const auto* slider = qstyleoption_cast<const QStyleOptionSlider*>(option);
  if (control == CC_Slider && slider != nullptr && slider->orientation == Qt::Horizontal) {
    return drawSlider(this, slider, painter, widget);
  }
  QProxyStyle::drawComplexControl(control, option, painter, widget);
}

}  // namespace ecumene::ui::look
