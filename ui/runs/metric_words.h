// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ecumene::ui::runs {

/// What a metric of the journal is, with its unit, for people; empty where its name says it.
QString meaningOf(const QString& metric);

}  // namespace ecumene::ui::runs
