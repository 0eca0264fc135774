// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>

#include "ui/client/client.h"
#include "ui/plots/curve_plot.h"
#include "ui/runs/runs_view.h"
#include "ui/runs/spent.h"
#include "ui/shell/workspace.h"

class QScrollArea;

namespace ecumene::ui::client {
class MachineWatch;
}

namespace ecumene::ui::runs {

class Comparison;
class CurveList;
class LaunchPanel;
class LogPanel;
class MachinePanel;
class RunCopies;
class RunCopiesPanel;
class RunFeed;
class RunList;
class RunPage;

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
  QWidget* centre() override;
  std::vector<Dock> docks() override;
  [[nodiscard]] QJsonObject viewState() const override;
  void setViewState(const QJsonObject& state) override;

  /// What an hour of the daemon's machine costs.
  void setPrice(const Price& price);
  [[nodiscard]] LaunchPanel* launchPanel() const { return launch_; }
  [[nodiscard]] RunCopies* copies() const { return copies_; }
  [[nodiscard]] plots::CurvePlot* curves() const;
  [[nodiscard]] client::MachineWatch* machine() const { return machine_; }

 signals:
  void runCount(int count);
  /// The launch form is wanted in front.
  void launchWanted();
  /// The comparison is wanted in front.
  void comparisonWanted();

 private:
  void makeActions();
  void makeFigures();
  void listen();
  /// Changes the state by the user's hand, as one step of undo.
  void change(const QString& words, const std::function<void(RunsView&)>& how);
  void chooseRun(const QString& id);
  void apply();
  void openRun();
  void poll();
  void askList();
  void takeRuns(std::vector<wire::Run> rows);
  void showRun();
  void request(const QString& run, const QString& word, const QString& argument);
  /// Asks for a folder of this machine, in which the run gets one of its name.
  void copyHere(bool mirror);
  void paintCurves();
  void drawingAwaited() override;
  /// Answers who waits for the picture once run, curves and overlays are there, and what seen panels wait for.
  void drawn();
  [[nodiscard]] const wire::Run* current() const;

  client::Client* client_;
  RunsView state_;
  Price price_;
  std::vector<wire::Run> rows_;
  /// Since the picture was asked for: of the run that is shown; of all.
  bool journalRead_ = false, listed_ = false;
  QTimer poll_, detail_;
  RunPage* page_ = nullptr;
  RunList* list_ = nullptr;
  CurveList* curves_ = nullptr;
  LogPanel* log_ = nullptr;
  Comparison* comparison_ = nullptr;
  LaunchPanel* launch_ = nullptr;
  QScrollArea* machineArea_ = nullptr;
  RunFeed* feed_ = nullptr;
  RunCopies* copies_ = nullptr;
  RunCopiesPanel* copiesPanel_ = nullptr;
  client::MachineWatch* machine_ = nullptr;
  MachinePanel* machinePanel_ = nullptr;
};

}  // namespace ecumene::ui::runs
