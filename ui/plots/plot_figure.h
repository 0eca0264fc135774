// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QCustomPlot;
class QImage;
class QPaintDevice;

namespace ecumene::ui::plots {

/// A plot with a line of title above it, as large as it stands in the window, in two points a pixel.
QImage imageOf(QCustomPlot& plot, const QString& title);
/// The same as lines and letters on a device of its size.
void drawOn(QPaintDevice& device, QCustomPlot& plot, const QString& title);

}  // namespace ecumene::ui::plots
