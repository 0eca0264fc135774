// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "ecumene.pb.h"

class QLabel;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace ecumene::ui::runs {

class RunTable;

/// "12 s", "3 min", "2 h", "5 d".
QString ageText(double seconds);

/// Where a run trains, or did: "gpu:0, pod1"; the host alone where no daemon has started it. Empty: not known.
QString placeText(const wire::Run& run, const QString& host);

/// The runs of a daemon, newest first.
class RunList : public QWidget {
  Q_OBJECT
 public:
  explicit RunList(QWidget* parent = nullptr);
  /// Keeps the selection; `now` in seconds since 1970, `host` that on which the daemon runs.
  void setRows(std::vector<wire::Run> rows, double now, const QString& host);
  void showMessage(const QString& text);
  void select(const QString& id);
  /// Runs that are compared with the chosen one.
  void setTicked(const QStringList& runs);

 signals:
  void chosen(const QString& id);
  /// All that are ticked now, by the user's hand.
  void ticked(const QStringList& runs);
  void launchAsked();

 private:
  RunTable* table_ = nullptr;
  QTableView* view_ = nullptr;
  QLabel* message_ = nullptr;
  QStackedWidget* stack_ = nullptr;
  QPushButton* launch_ = nullptr;
  bool quiet_ = false;
};

}  // namespace ecumene::ui::runs
