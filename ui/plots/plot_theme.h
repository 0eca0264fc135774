// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

class QCustomPlot;

namespace ecumene::ui::plots {

/// The theme's colours and fonts for a plot's ground, axes and grid.
void takeTheme(QCustomPlot& plot);
/// A colour of its own for the n-th of several curves, at least 3:1 against the ground in either theme; the ten repeat.
QColor curveColour(std::size_t n);
/// How curves of the n-th run are drawn: solid ones of the first, each of the others broken in its own way; the four
/// ways repeat.
Qt::PenStyle runPattern(std::size_t n);

}  // namespace ecumene::ui::plots
