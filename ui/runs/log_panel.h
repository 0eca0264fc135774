// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace ecumene::ui::runs {

/// The end of what a run's trainer printed. It follows what comes while its last line is in sight.
class LogPanel : public QPlainTextEdit {
  Q_OBJECT
 public:
  explicit LogPanel(QWidget* parent = nullptr);
  void setLog(const QString& text);
};

}  // namespace ecumene::ui::runs
