// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ecumene::ui::runs {

/// What a metric of the journal is, with its unit, for people; empty where its name says it.
QString meaningOf(const QString& metric);

/// What the y axis of a plot of these metrics is: the name of a single one, else the quantity that all of them are
/// ("loss"); empty where they are of several.
QString axisOf(const QStringList& metrics);

}  // namespace ecumene::ui::runs
