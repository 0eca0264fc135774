// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "ui/client/client.h"
#include "ui/plots/curve_plot.h"
#include "ui/shell/workspace.h"

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QSlider;
class QStackedWidget;

namespace ecumene::ui::runs {

class Comparison;
class CurveList;
class LaunchPanel;
class RunList;

/// Training runs: the list, the curves of one as they grow, what was asked of its trainer and what became of it, and
/// the form that launches another.
class RunsWorkspace : public shell::Workspace {
  Q_OBJECT
 public:
  static constexpr int kPollMs = 500;
  /// The client must outlive the workspace.
  explicit RunsWorkspace(client::Client* client, QObject* parent = nullptr);
  ~RunsWorkspace() override;

  [[nodiscard]] QString id() const override { return "runs"; }
  [[nodiscard]] QString title() const override { return tr("Runs"); }
  [[nodiscard]] look::Icon sign() const override { return look::Icon::kRuns; }
  QWidget* centre() override { return page_; }
  std::vector<Dock> docks() override;
  QList<QAction*> actions() override { return actions_; }
  [[nodiscard]] QJsonObject viewState() const override;
  void setViewState(const QJsonObject& state) override;
  void whenDrawn(std::function<void(const QString& failure)> ready) override;

  [[nodiscard]] LaunchPanel* launchPanel() const { return launch_; }
  [[nodiscard]] plots::CurvePlot* curves() const { return plot_; }

 signals:
  void runCount(int count);
  /// The launch form is wanted in front.
  void launchWanted();
  /// The comparison is wanted in front.
  void comparisonWanted();

 private:
  struct State {
    QString run;
    QStringList shown, compared;
    plots::CurvePlot::Look look;
    std::optional<plots::CurvePlot::Range> zoom;
  };
  QWidget* makePage();
  void makeActions();
  void change(const QString& words, const std::function<void(State&)>& how);
  static QJsonObject written(const State& state);
  void apply();
  void openRun();
  void poll();
  void askHistory();
  void askNews();
  void askDetail();
  /// What the journal has more, in order; names are said once a question.
  struct News {
    std::vector<wire::News> messages;
    wire::ShowRunReply run;
  };
  void takeNews(const News& news);
  void takeCommands(const wire::ShowRunReply& run);
  void takeRuns(std::vector<wire::Run> rows);
  void showRun();
  void request(const QString& word, const QString& argument);
  void paintCurves();
  void finishWaiting(const QString& failure);
  [[nodiscard]] const wire::Run* current() const;

  client::Client* client_;
  State state_;
  QString opened_;  ///< whose curves are in the plot
  std::vector<wire::Run> rows_;
  std::int64_t metricSequence_ = 0, eventSequence_ = 0;
  std::int64_t historyEvent_ = 0;  ///< the last event that the history took into account
  bool historyThere_ = false, newsUnderWay_ = false;
  std::function<void(const QString&)> waiting_;
  QTimer poll_, detail_;

  QWidget* page_ = nullptr;
  RunList* list_ = nullptr;
  CurveList* curves_ = nullptr;
  Comparison* comparison_ = nullptr;
  LaunchPanel* launch_ = nullptr;
  plots::CurvePlot* plot_ = nullptr;
  QStackedWidget* stack_ = nullptr;
  QLabel *name_ = nullptr, *facts_ = nullptr, *message_ = nullptr, *commands_ = nullptr, *smoothText_ = nullptr;
  QCheckBox *logY_ = nullptr, *logX_ = nullptr;
  QSlider* smooth_ = nullptr;
  QPushButton *pause_ = nullptr, *resume_ = nullptr, *checkpoint_ = nullptr, *stop_ = nullptr;
  QLineEdit* argument_ = nullptr;
  QPushButton *extend_ = nullptr, *rate_ = nullptr;
  QList<QAction*> actions_;
};

}  // namespace ecumene::ui::runs
