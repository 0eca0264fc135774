// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <optional>

namespace ecumene::ui::shell {

/// How well `text` answers to `typed`: all typed characters occur in it in this order, letter case apart (blanks are
/// skipped). More is better: for characters that begin a word, that follow each other, and for short texts. None if
/// they do not occur.
std::optional<int> fuzzyScore(const QString& typed, const QString& text);

}  // namespace ecumene::ui::shell
