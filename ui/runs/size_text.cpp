// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/size_text.h"

#include <QObject>

namespace ecumene::ui::runs {

QString sizeText(double bytes) {
  const bool isLarge = bytes >= 1e9;
  const double value = bytes / (isLarge ? 1e9 : 1e6);
  const int decimals = value >= 100.0 ? 0 : value >= 10.0 || !isLarge ? 1 : 2;
  return (isLarge ? QObject::tr("%1 GB") : QObject::tr("%1 MB")).arg(value, 0, 'f', decimals);
}

}  // namespace ecumene::ui::runs
