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

/// Runs beside the one that is shown: their curves broken over its own, each in a colour of its own, how each is drawn,
/// and the options in which they differ.
class Comparison : public QWidget {
  Q_OBJECT
 public:
  /// Both must outlive it.
  Comparison(client::Client* client, plots::CurvePlot* plot, QWidget* parent = nullptr);
  void set(const QString& run, const QStringList& others, const QStringList& curves);
  /// The plot may have other curves by now.
  void curvesCame();
  /// The overlays of what was set last are in the plot, or could not be had.
  [[nodiscard]] bool isDrawn() const { return drawn_; }
  /// Of the table, rows of cells; for tests.
  [[nodiscard]] QList<QStringList> cells() const;
  /// The place of a curve's colour among all that are drawn: run 0 is the one that is shown, `curve` counts its shown
  /// curves.
  static std::size_t colourOf(qsizetype run, qsizetype curve, qsizetype shownCurves);

 signals:
  void drawn();

 private:
  void ask();
  void askCurves();
  void fill();

  client::Client* client_;
  plots::CurvePlot* plot_;
  QString run_;
  QStringList others_, curves_;
  QStringList there_;  ///< the plot's curves when the table was filled
  wire::CompareReply compared_;
  bool drawn_ = true;
  QTimer refresh_;
  QStackedWidget* stack_ = nullptr;
  QTableWidget* table_ = nullptr;
  QLabel* message_ = nullptr;
};

}  // namespace ecumene::ui::runs
