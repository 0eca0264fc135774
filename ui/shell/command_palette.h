// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QFrame>
#include <QList>
#include <QPointer>
#include <functional>

class QLabel;
class QLineEdit;
class QListWidget;

namespace ecumene::ui::shell {

/// Every action of the window by a few typed letters: Ctrl+Shift+P, arrows, Enter, Escape. The same frame asks for a
/// line of text where an action needs one. A child of the window, never a window of its own.
class CommandPalette : public QFrame {
  Q_OBJECT
 public:
  explicit CommandPalette(QWidget* window);

  /// Shows the enabled ones of these actions. The best match stands first; without letters, their order.
  void open(const QList<QAction*>& actions);
  /// Asks for a line of text; `done` gets it if it is not blank.
  void ask(const QString& question, const QString& initial, std::function<void(const QString&)> done);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void refill();
  void accept();
  void leave();
  void place();

  QLineEdit* line_ = nullptr;
  QLabel* question_ = nullptr;
  QListWidget* list_ = nullptr;
  QList<QAction*> actions_;
  std::function<void(const QString&)> done_;
  QPointer<QWidget> focusBefore_;
};

}  // namespace ecumene::ui::shell
