// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_feed.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "ui/look/plural.h"
#include "ui/runs/histories.h"
#include "ui/runs/runs_view.h"

namespace ecumene::ui::runs {
namespace {

constexpr int kBuckets = 2000;      // of a whole curve: as many as a wide screen has pixels
constexpr int kEvents = 5000;       // the newest
constexpr int kMarks = 1000;        // of them, each a line in the plot
constexpr int kMostNews = 100'000;  // points and events; with more the whole is asked for anew, made shorter
constexpr double kDetailAir = 0.5;  // of the zoomed range on either side, so that a drag finds points there

}  // namespace

RunFeed::RunFeed(client::Client* client, plots::CurvePlot* plot, QObject* parent)
    : QObject(parent), client_(client), plot_(plot) {}

void RunFeed::open(const QString& run) {
  run_ = run;
  ++opening_;
  metricSequence_ = eventSequence_ = 0;
  historyThere_ = underWay_ = false;
  plot_->clear();
  trained_.clear();
  follow();
}

void RunFeed::follow() {
  if (run_.isEmpty() || !client_->isUp() || underWay_) return;
  underWay_ = true;
  if (historyThere_) {
    askNews();
  } else {
    askHistory();
  }
}

std::function<void(const Error&)> RunFeed::onFailure() {
  return [this, opening = opening_](const Error& error) {
    if (opening != opening_) return;
    underWay_ = false;
    emit failed(QString::fromUtf8(error.what()));
  };
}

void RunFeed::askHistory() {
  client_->ask(
      "history", this,
      [run = run_.toStdString()](client::Daemon& daemon) {
        wire::HistoryRequest request;
        request.set_run(run);
        request.set_buckets(kBuckets);
        request.set_events(kEvents);
        return historyOf(daemon, request);
      },
      [this, opening = opening_](const wire::HistoryReply& history) {
        if (opening == opening_) take(history);
      },
      onFailure(), client::Client::Lane::kHistory);
}

void RunFeed::take(const wire::HistoryReply& history) {
  underWay_ = false;
  historyThere_ = true;
  for (const wire::Curve& curve : history.curves()) {
    const QString name = QString::fromStdString(curve.name());
    eachBucket(curve, [&](double step, const plots::Bucket& bucket) { plot_->append(name, step, bucket); });
  }
  metricSequence_ = history.last_sequence();
  eventSequence_ = history.last_event();
  const int first = std::max(0, history.events_size() - kMarks);
  const std::uint64_t hidden = history.events_left_out() + static_cast<std::uint64_t>(first);
  if (hidden > 0) {
    plot_->addEvent(static_cast<double>(history.events(first).step()),
                    look::plural(static_cast<qint64>(hidden), tr("%1 earlier event is not shown"),
                                 tr("%1 earlier events are not shown"))
                        .arg(hidden));
  }
  for (int i = first; i < history.events_size(); ++i) mark(history.events(i));
  if (history.events_left_out() > 0) trained_.lacksBeginning();
  for (const wire::Event& event : history.events()) trained_.take(event);
  emit curvesCame();
  follow();
}

void RunFeed::askNews() {
  client_->ask(
      "news", this,
      [run = run_.toStdString(), metric = metricSequence_, event = eventSequence_,
       log = withLog_](client::Daemon& daemon) {
        News news;
        wire::FollowRequest follow;
        follow.set_run(run);
        follow.set_after_metric(metric);
        follow.set_after_event(event);
        int count = 0;
        daemon.stream(&wire::Metrics::Stub::Follow, follow, [&](wire::News message) {
          count += message.sequence_size() + message.events_size();
          news.tooMany = count > kMostNews;
          news.messages.push_back(std::move(message));
          return !news.tooMany;
        });
        wire::ShowRunRequest show;
        show.set_run(run);
        show.set_log(log);
        news.run = daemon.call(&wire::Runs::Stub::Show, show);
        return news;
      },
      [this, opening = opening_](const News& news) {
        if (opening != opening_) return;
        underWay_ = false;
        if (news.tooMany) return open(run_);
        take(news);
        emit journalRead(news.run);
      },
      onFailure());
}

void RunFeed::mark(const wire::Event& event) {
  plot_->addEvent(static_cast<double>(event.step()),
                  tr("Step %1, %2: %3")
                      .arg(event.step())
                      .arg(QString::fromStdString(event.kind()), QString::fromStdString(event.text())));
}

void RunFeed::take(const News& news) {
  std::map<std::uint32_t, QString> names;
  bool points = false;
  for (const wire::News& message : news.messages) {
    for (const wire::MetricName& name : message.names()) names[name.number()] = QString::fromStdString(name.name());
    for (const wire::Event& event : message.events()) {
      // A resumed run makes the steps after its checkpoint again.
      if (event.kind() == "rewound") plot_->removeAfter(static_cast<double>(event.step()));
      mark(event);
      trained_.take(event);
      eventSequence_ = event.sequence();
    }
    for (int i = 0; i < message.sequence_size(); ++i) {
      plot_->append(names[message.name(i)], static_cast<double>(message.step(i)), message.value(i));
      metricSequence_ = message.sequence(i);
      points = true;
    }
  }
  if (points) emit curvesCame();
}

void RunFeed::refine(const plots::CurvePlot::Range& zoom, const QStringList& curves) {
  if (!historyThere_) return;
  const double air = kDetailAir * (zoom.xHigh - zoom.xLow);
  const double low = std::floor(std::clamp(zoom.xLow - air, 0.0, kLastStep));
  const double high = std::ceil(std::clamp(zoom.xHigh + air, 0.0, kLastStep));
  wire::HistoryRequest request;
  request.set_run(run_.toStdString());
  request.set_first_step(static_cast<std::int64_t>(low));
  request.set_last_step(std::max<std::int64_t>(1, static_cast<std::int64_t>(high)));
  request.set_buckets(kBuckets);
  const QStringList there = plot_->curves();
  for (const QString& name : curves) {
    if (there.contains(name)) request.add_names(name.toStdString());
  }
  if (request.names_size() == 0) return;
  client_->ask(
      "detail", this, [request](client::Daemon& daemon) { return historyOf(daemon, request); },
      [this, opening = opening_, low, high](const wire::HistoryReply& history) {
        if (opening != opening_) return;
        for (const wire::Curve& curve : history.curves()) {
          plot_->setDetail(QString::fromStdString(curve.name()), low, high, pointsOf(curve));
        }
      },
      // The coarse curve is shown as it was.
      [](const Error&) {}, client::Client::Lane::kHistory);
}

}  // namespace ecumene::ui::runs
