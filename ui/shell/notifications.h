// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QString>
#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace ecumene {
class Error;
}

namespace ecumene::ui::shell {

enum class Severity { kInformation, kWarning, kError };
/// "Note", "Warning", "Error": beside the icon, so that colour is not the only sign.
QString word(Severity severity);

struct Note {
  Severity severity = Severity::kInformation;
  QString title;    ///< one sentence
  QString details;  ///< foldable; empty: none
  QDateTime time = QDateTime::currentDateTime();
};
/// What failed, and on which object, as title; object, expected, found and next step as details.
Note noteOf(const Error& error);

/// What happened, newest first, at most kKept: a panel, never a dialog.
class NotificationPanel : public QWidget {
  Q_OBJECT
 public:
  static constexpr int kKept = 200;
  explicit NotificationPanel(QWidget* parent = nullptr);
  void add(const Note& note);
  void clear();
  [[nodiscard]] int count() const;
  [[nodiscard]] QSize sizeHint() const override;

 signals:
  void added(const ecumene::ui::shell::Note& note);
  void countChanged(int count);

 private:
  QVBoxLayout* list_ = nullptr;
  QLabel* empty_ = nullptr;
  int count_ = 0;
};

}  // namespace ecumene::ui::shell
