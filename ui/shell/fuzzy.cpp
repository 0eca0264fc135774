// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/fuzzy.h"

#include <algorithm>
#include <vector>

namespace ecumene::ui::shell {
namespace {

constexpr int kNone = -1'000'000;
constexpr int kWordStart = 12, kFollows = 14, kAnywhere = 1;

bool beginsWord(const QString& text, qsizetype at) {
  return at == 0 || !text[at - 1].isLetterOrNumber();
}

}  // namespace

std::optional<int> fuzzyScore(const QString& typed, const QString& text) {
  QString wanted;
  for (const QChar c : typed.toCaseFolded()) {
    if (!c.isSpace()) wanted.append(c);
  }
  if (wanted.isEmpty()) return 0;
  const QString folded = text.toCaseFolded();
  const auto length = static_cast<std::size_t>(folded.size());
  // best[j]: best score with the characters so far, the last of them at j.
  std::vector<int> best(length, kNone), next(length, kNone);
  for (qsizetype i = 0; i < wanted.size(); ++i) {
    int before = i == 0 ? 0 : kNone;  // best score that ends anywhere before j - 1
    for (std::size_t j = 0; j < length; ++j) {
      next[j] = kNone;
      const auto at = static_cast<qsizetype>(j);
      if (folded[at] == wanted[i]) {
        const int place = beginsWord(folded, at) ? kWordStart : kAnywhere;
        if (before > kNone) next[j] = before + place;
        if (i > 0 && j > 0 && best[j - 1] > kNone) next[j] = std::max(next[j], best[j - 1] + std::max(place, kFollows));
      }
      if (i > 0 && j > 0) before = std::max(before, best[j - 1]);
    }
    std::swap(best, next);
  }
  const int score = *std::max_element(best.begin(), best.end());
  if (score <= kNone) return std::nullopt;
  return score * 8 - static_cast<int>(length);
}

}  // namespace ecumene::ui::shell
