// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/log_panel.h"

#include <QScrollBar>

#include "ui/look/theme.h"

namespace ecumene::ui::runs {

LogPanel::LogPanel(QWidget* parent) : QPlainTextEdit(parent) {
  setObjectName("runLog");
  setAccessibleName(tr("What the run's trainer printed"));
  setReadOnly(true);
  setLineWrapMode(QPlainTextEdit::NoWrap);
  setFont(look::numberFont());
  setPlaceholderText(tr("What the trainer of the chosen run prints: its last 16 KiB."));
}

void LogPanel::setLog(const QString& text) {
  if (text == toPlainText()) return;
  QScrollBar* bar = verticalScrollBar();
  const bool follows = bar->value() == bar->maximum();
  const int top = bar->value();
  setPlainText(text);
  bar->setValue(follows ? bar->maximum() : top);
}

}  // namespace ecumene::ui::runs
