// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>
#include <optional>

#include "ecumene.pb.h"
#include "ui/plots/curve_plot.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;
class QStackedWidget;
class QTableView;

namespace ecumene::ui::runs {

/// One run: what it does now, what can be asked of it, its curves and how they are drawn, and what became of what was
/// asked.
class RunPage : public QWidget {
  Q_OBJECT
 public:
  explicit RunPage(QWidget* parent = nullptr);
  /// What is known of a run beside what the daemon's list says.
  struct Spent {
    QString machine;       ///< host on which the daemon runs
    double seconds = 0.0;  ///< of training; 0: none yet
    QString cost;          ///< so far; empty: not known
    QString mirrored;      ///< how old its mirror on this machine is; empty: there is none
  };
  /// `answers`: the daemon does; without it the run is as last seen, and nothing can be asked.
  void setRun(const wire::Run& run, bool answers, const Spent& spent);
  /// In place of a run.
  void showMessage(const QString& text);
  /// The newest commands with their acknowledged states.
  void setCommands(const wire::ShowRunReply& run);
  void setLook(const plots::CurvePlot::Look& look);
  /// Numbers in place of the picture.
  void setTable(bool on);
  /// Whether the smoothing slider has a place for this half-life, in points.
  [[nodiscard]] static bool offersHalfLife(double points);
  [[nodiscard]] plots::CurvePlot* plot() const { return plot_; }
  /// Buttons that need no argument: pause, resume, checkpoint, stop.
  [[nodiscard]] QList<QPushButton*> deeds() const;
  /// Whether epochs can be added, and the learning rate set.
  [[nodiscard]] bool takesNumbers() const { return takesNumbers_; }

 signals:
  /// A command for the trainer: "pause" "", "extend" "epochs=+3", "set" "train.lr=1e-4".
  void asked(const QString& word, const QString& argument);
  /// By the user's hand.
  void lookChosen(const QString& words, const ecumene::ui::plots::CurvePlot::Look& look);
  void tableChosen(bool on);
  /// What may be asked of the run has changed, by the buttons' state.
  void deedsShown();

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  QWidget* makeDeeds(QWidget* parent);
  QWidget* makeLook(QWidget* parent);
  void showDeeds();
  /// While somebody sees it.
  void fillTable();

  std::optional<wire::Run> run_;
  bool answers_ = false, takesNumbers_ = false;
  bool extended_ = false;  ///< epochs were added that the run's next start takes up
  plots::CurvePlot::Look look_;
  plots::CurvePlot* plot_ = nullptr;
  QStackedWidget* stack_ = nullptr;
  QLabel *name_ = nullptr, *facts_ = nullptr, *message_ = nullptr, *commands_ = nullptr, *smoothText_ = nullptr;
  QCheckBox *logY_ = nullptr, *logX_ = nullptr, *asTable_ = nullptr;
  QStackedWidget* shown_ = nullptr;  ///< picture or table
  plots::NumberTableModel* numbers_ = nullptr;
  QTableView* table_ = nullptr;
  QTimer refill_;
  QSlider* smooth_ = nullptr;
  QPushButton *pause_ = nullptr, *resume_ = nullptr, *checkpoint_ = nullptr, *stop_ = nullptr;
  QLineEdit* argument_ = nullptr;
  QPushButton *extend_ = nullptr, *rate_ = nullptr;
};

}  // namespace ecumene::ui::runs
