// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ecumene::ui::look {

/// The text for one, or that for any other number. Qt's own plurals want a file of translations for English too.
inline QString plural(qint64 number, const QString& one, const QString& others) {
  return number == 1 ? one : others;
}

}  // namespace ecumene::ui::look
