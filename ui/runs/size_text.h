// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace ecumene::ui::runs {

/// "0.1 MB", "12.5 MB", "500 MB", "4.20 GB", "139 GB": of 10^6 and 10^9 bytes, at most three digits.
QString sizeText(double bytes);

}  // namespace ecumene::ui::runs
