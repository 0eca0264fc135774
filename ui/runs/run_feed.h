// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <optional>
#include <vector>

#include "ui/client/client.h"
#include "ui/plots/curve_plot.h"
#include "ui/runs/spent.h"

namespace ecumene::ui::runs {

/// Fills a plot with the curves and events of one run: first the whole run in as many points as a screen shows, then
/// what follows, point by point in the journal's order; where the plot is zoomed once more, finer.
class RunFeed : public QObject {
  Q_OBJECT
 public:
  /// Both must outlive it.
  RunFeed(client::Client* client, plots::CurvePlot* plot, QObject* parent = nullptr);
  /// Another run, or the same from its beginning. Empty: none.
  void open(const QString& run);
  [[nodiscard]] QString run() const { return run_; }
  /// Of the events so far.
  [[nodiscard]] const TrainedTime& trained() const { return trained_; }
  /// Whether journalRead() comes with the end of the run's log, which somebody looks at.
  void setWithLog(bool on) { withLog_ = on; }
  /// Asks for what is new, unless an answer is under way.
  void follow();
  /// Asks for the curves in and beside this range as finely as a screen shows.
  void refine(const plots::CurvePlot::Range& zoom, const QStringList& curves);

 signals:
  /// The plot has more, or other, curves.
  void curvesCame();
  /// All that was in the journal is in the plot; with the run's commands.
  void journalRead(const ecumene::wire::ShowRunReply& run);
  void failed(const QString& why);

 private:
  /// What the journal has more, in order; names are said once a question.
  struct News {
    std::vector<wire::News> messages;
    bool tooMany = false;  ///< they were not waited for
    wire::ShowRunReply run;
  };
  void askHistory();
  void askNews();
  void take(const wire::HistoryReply& history);
  void mark(const wire::Event& event);
  void take(const News& news);
  [[nodiscard]] std::function<void(const Error&)> onFailure();

  client::Client* client_;
  plots::CurvePlot* plot_;
  QString run_;
  TrainedTime trained_;
  std::uint64_t opening_ = 0;  ///< answers to questions of an earlier one come too late
  std::int64_t metricSequence_ = 0, eventSequence_ = 0;
  bool historyThere_ = false, underWay_ = false, withLog_ = false;
};

}  // namespace ecumene::ui::runs
