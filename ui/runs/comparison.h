// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QTimer>
#include <QWidget>

#include "ui/client/client.h"

class QLabel;
class QStackedWidget;
class QTableWidget;

namespace ecumene::ui::plots {
class CurvePlot;
}

namespace ecumene::ui::runs {

/// Runs beside the one that is shown: their curves broken over its own, and the options in which they differ.
class Comparison : public QWidget {
  Q_OBJECT
 public:
  /// Both must outlive it.
  Comparison(client::Client* client, plots::CurvePlot* plot, QWidget* parent = nullptr);
  void set(const QString& run, const QStringList& others, const QStringList& curves);
  /// The overlays of what was set last are in the plot, or could not be had.
  [[nodiscard]] bool isDrawn() const { return drawn_; }
  /// Of the table, rows of cells; for tests.
  [[nodiscard]] QList<QStringList> cells() const;

 signals:
  void drawn();

 private:
  void ask();
  void askCurves();
  void take(const wire::CompareReply& reply);

  client::Client* client_;
  plots::CurvePlot* plot_;
  QString run_;
  QStringList others_, curves_;
  bool drawn_ = true;
  QTimer refresh_;
  QStackedWidget* stack_ = nullptr;
  QTableWidget* table_ = nullptr;
  QLabel* message_ = nullptr;
};

}  // namespace ecumene::ui::runs
