// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <QStringList>

namespace ecumene::ui::catalogue {

/// A field for what files do not say: "planet=WASP-39 b units.depth=ppm". Words without = belong to the value before
/// them, and "--set" may stand where messages have it.
class SettingsLine : public QLineEdit {
  Q_OBJECT
 public:
  explicit SettingsLine(QWidget* parent = nullptr);

  /// "planet=WASP-39 b", "units.depth=ppm".
  [[nodiscard]] QStringList settings() const;
  /// Writes the first setting that a message asks for ("--set planet=NAME") and that is not here yet, its value
  /// selected to be typed over. False where it asks for none.
  bool takeAskedFor(const QString& message);
};

}  // namespace ecumene::ui::catalogue
