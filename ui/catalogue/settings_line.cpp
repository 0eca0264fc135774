// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalogue/settings_line.h"

#include <QRegularExpression>
#include <algorithm>

namespace ecumene::ui::catalogue {

SettingsLine::SettingsLine(QWidget* parent) : QLineEdit(parent) {
  setObjectName("importSettings");
  setPlaceholderText(tr("What files do not say: planet=NAME units.depth=ppm"));
  setAccessibleName(tr("Settings of the next import: KEY=VALUE"));
  setClearButtonEnabled(true);
}

QStringList SettingsLine::settings() const {
  QStringList settings;
  for (const QString& word : text().split(' ', Qt::SkipEmptyParts)) {
    if (word == "--set") continue;
    if (word.contains('=') || settings.isEmpty()) {
      settings << word;
    } else {
      settings.last() += ' ' + word;
    }
  }
  return settings;
}

bool SettingsLine::takeAskedFor(const QString& message) {
  static const QRegularExpression asked(QStringLiteral("--set ([A-Za-z_.]+=)([^\\s,;:()']*)"));
  const QStringList here = settings();
  for (auto it = asked.globalMatch(message); it.hasNext();) {
    const auto match = it.next();
    const QString key = match.captured(1), value = match.captured(2);
    if (std::any_of(here.begin(), here.end(), [&](const QString& s) { return s.startsWith(key); })) continue;
    setText((here + QStringList(key + value)).join(' '));
    setSelection(static_cast<int>(text().size() - value.size()), static_cast<int>(value.size()));
    setFocus();
    return true;
  }
  return false;
}

}  // namespace ecumene::ui::catalogue
