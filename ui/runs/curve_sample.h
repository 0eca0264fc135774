// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>

namespace ecumene::ui::runs {

/// A piece of a curve as the plot draws it, for lists and tables; nothing of an invalid colour.
QIcon curveSample(const QColor& colour, Qt::PenStyle pattern, const QSize& size);

}  // namespace ecumene::ui::runs
