// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTreeWidget>

#include "data/planet/planet.h"

namespace ecumene::ui::catalogue {

/// What is known of one planet: labels, parts, where each came from (file, hash, units, what was assumed), quality
/// checks. Rows can be copied.
class PlanetDetails : public QTreeWidget {
  Q_OBJECT
 public:
  explicit PlanetDetails(QWidget* parent = nullptr);
  void setPlanet(const data::planet::Planet& planet);
  void showMessage(const QString& text);
  /// All rows, a line each, indented.
  [[nodiscard]] QString text() const;

 protected:
  void keyPressEvent(QKeyEvent* event) override;
};

}  // namespace ecumene::ui::catalogue
