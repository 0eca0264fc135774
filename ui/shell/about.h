// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <utility>
#include <vector>

class QLabel;

namespace ecumene::ui::shell {

/// Versions of what runs here, in rows that can be copied; a panel.
class AboutPanel : public QWidget {
  Q_OBJECT
 public:
  explicit AboutPanel(QWidget* parent = nullptr);
  /// In place of the rows so far.
  void setRows(const std::vector<std::pair<QString, QString>>& rows);
  [[nodiscard]] QString text() const;

 private:
  QLabel* rows_ = nullptr;
  QString plain_;
};

}  // namespace ecumene::ui::shell
