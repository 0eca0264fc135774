// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>
#include <cstdint>

#include "ui/client/client.h"
#include "ui/runs/spent.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace ecumene::ui::runs {

/// "45 s", "1 min 20 s", "2 h 3 min", "5 d 1 h".
QString durationText(double seconds);

/// What a launch would train, need and take, beside what the machine has. Sizes are counted, times measured: by a few
/// real steps that a person asks for, or by an earlier run.
class PlanPanel : public QWidget {
  Q_OBJECT
 public:
  explicit PlanPanel(client::Client* client, QWidget* parent = nullptr);
  /// Asks for the plan of another launch.
  void ask(const wire::PlanRequest& request);
  /// There is nothing to plan now.
  void clear();
  /// What an hour of the machine costs.
  void setPrice(const Price& price);
  void show(const wire::PlanReply& plan);
  /// The newest plan in a line: parameters, steps, time; or why there is none. Empty: nothing is planned.
  [[nodiscard]] QString summary() const;
  /// What was asked last.
  [[nodiscard]] bool isAnswered() const { return answered_; }

 signals:
  void answered();

 private:
  void showTime();
  void showCost();
  void measure();
  void poll();
  void takeJob(const wire::Job& job);
  void cancel();
  void endMeasurement(const QString& text);

  client::Client* client_;
  wire::PlanRequest request_;
  wire::PlanReply plan_;  ///< the last; empty: none
  Price price_;
  std::int64_t job_ = 0;     ///< that measures; 0: none
  bool measurable_ = false;  ///< what is planned now
  bool answered_ = false;
  QTimer poll_;
  QLabel *model_ = nullptr, *memory_ = nullptr, *steps_ = nullptr, *time_ = nullptr, *cost_ = nullptr;
  QLabel* machine_ = nullptr;
  QLabel* warning_ = nullptr;
  QPushButton* measure_ = nullptr;
  QProgressBar* bar_ = nullptr;
};

}  // namespace ecumene::ui::runs
