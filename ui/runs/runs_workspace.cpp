// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_workspace.h"

#include <QCheckBox>
#include <QDateTime>
#include <QHBoxLayout>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <chrono>
#include <cmath>
#include <map>

#include "data/base/error.h"
#include "ui/look/flow_layout.h"
#include "ui/look/theme.h"
#include "ui/plots/plot_theme.h"
#include "ui/runs/comparison.h"
#include "ui/runs/curve_list.h"
#include "ui/runs/histories.h"
#include "ui/runs/launch_panel.h"
#include "ui/runs/run_list.h"

namespace ecumene::ui::runs {
namespace {

constexpr int kBuckets = 2000;      // of a whole curve: as many as a wide screen has pixels
constexpr int kDetailMs = 150;      // after the last turn of the wheel
constexpr double kDetailAir = 0.5;  // of the zoomed range on either side, so that a drag finds points there
constexpr int kShownCommands = 4;
const QStringList kFirstShown = {"loss.total", "validation.total"};

/// Half-lives of the smoothing by the slider's place: 0, 1, 2, 5, 10, ... points.
constexpr double kHalfLives[] = {0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};

double now() {
  return static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000.0;
}

QString noDaemon() {
  return QObject::tr("No runs are open.\nFile › Open runs (Ctrl+Shift+O) takes the folder in which they are.");
}

QPushButton* button(const char* name, const QString& text, look::Icon sign, QWidget* parent) {
  auto* made = new QPushButton(look::icon(sign), text, parent);
  made->setObjectName(QString::fromLatin1(name));
  return made;
}

}  // namespace

RunsWorkspace::RunsWorkspace(client::Client* client, QObject* parent) : Workspace(parent), client_(client) {
  list_ = new RunList;
  curves_ = new CurveList;
  launch_ = new LaunchPanel(client);
  page_ = makePage();
  comparison_ = new Comparison(client, plot_);
  makeActions();
  state_.shown = kFirstShown;
  curves_->setShown(state_.shown);
  connect(list_, &RunList::chosen, this, [this](const QString& id) {
    change(tr("Run"), [&](RunsWorkspace::State& state) {
      state.run = id;
      state.zoom.reset();
    });
  });
  connect(list_, &RunList::ticked, this, [this](const QStringList& runs) {
    if (!runs.isEmpty() && runs.size() > state_.compared.size()) emit comparisonWanted();
    change(tr("Compare"), [&](RunsWorkspace::State& state) { state.compared = runs; });
  });
  connect(list_, &RunList::launchAsked, this, &RunsWorkspace::launchWanted);
  connect(curves_, &CurveList::shownChanged, this,
          [this] { change(tr("Curves"), [&](RunsWorkspace::State& state) { state.shown = curves_->shown(); }); });
  connect(plot_, &plots::CurvePlot::zoomChanged, this, [this](const std::optional<plots::CurvePlot::Range>& before) {
    RunsWorkspace::State was = state_;
    was.zoom = before;
    state_.zoom = plot_->zoom();
    detail_.start();
    emit viewChanged(tr("Zoom"), written(was));
  });
  connect(plot_, &plots::CurvePlot::readOutChanged, this, [this] {
    curves_->setValues(plot_->readOut());
    curves_->setValuesAre(plot_->pointerX() ? tr("Values at step %1").arg(std::lround(*plot_->pointerX()))
                                            : tr("Newest values"));
  });
  connect(launch_, &LaunchPanel::launched, this, [this](const QString& run) {
    emit noted({shell::Severity::kInformation, tr("Run %1 is launched").arg(run), {}});
    change(tr("Run"), [&](RunsWorkspace::State& state) {
      state.run = run;
      state.zoom.reset();
    });
    poll();
  });
  connect(launch_, &LaunchPanel::failed, this, [this](const Error& error) { emit noted(shell::noteOf(error)); });
  connect(client_, &client::Client::sourceChanged, this, [this] {
    rows_.clear();
    openRun();
    poll();
  });
  connect(client_, &client::Client::linkChanged, this, [this] {
    if (!client_->problem().isEmpty()) finishWaiting(client_->problem());
    poll();
  });
  detail_.setSingleShot(true);
  detail_.setInterval(kDetailMs);
  connect(&detail_, &QTimer::timeout, this, &RunsWorkspace::askDetail);
  poll_.setInterval(kPollMs);
  connect(&poll_, &QTimer::timeout, this, &RunsWorkspace::poll);
  poll_.start();
  openRun();
  poll();
}

RunsWorkspace::~RunsWorkspace() = default;

std::vector<shell::Workspace::Dock> RunsWorkspace::docks() {
  return {{"runsList", tr("Runs"), list_, Qt::LeftDockWidgetArea, 36},
          {"runsCurves", tr("Curves"), curves_, Qt::RightDockWidgetArea, 44},
          {"runsLaunch", tr("New run"), launch_, Qt::RightDockWidgetArea, 44, true},
          {"runsCompare", tr("Compare"), comparison_, Qt::RightDockWidgetArea, 44, true}};
}

QWidget* RunsWorkspace::makePage() {
  using look::Icon;
  auto* page = new QWidget;
  page->setObjectName("runsPage");
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* head = new QWidget(page);
  auto* lines = new QVBoxLayout(head);
  lines->setContentsMargins(16, 8, 16, 8);
  lines->setSpacing(4);
  name_ = new QLabel(head);
  name_->setObjectName("runTitle");
  name_->setFont(look::headingFont(1.25));
  facts_ = new QLabel(head);
  facts_->setObjectName("runFacts");
  facts_->setWordWrap(true);
  facts_->setForegroundRole(QPalette::PlaceholderText);
  lines->addWidget(name_);
  lines->addWidget(facts_);
  column->addWidget(head);

  stack_ = new QStackedWidget(page);
  message_ = new QLabel(stack_);
  message_->setAlignment(Qt::AlignCenter);
  message_->setWordWrap(true);
  message_->setMargin(24);
  message_->setForegroundRole(QPalette::PlaceholderText);
  stack_->addWidget(message_);
  auto* body = new QWidget(stack_);
  auto* rows = new QVBoxLayout(body);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(0);
  auto* deeds = new QWidget(body);
  auto* deedRow = new look::FlowLayout(deeds);
  deedRow->setContentsMargins(16, 0, 16, 8);
  pause_ = button("pause", tr("Pause"), Icon::kPause, deeds);
  resume_ = button("resume", tr("Resume"), Icon::kPlay, deeds);
  checkpoint_ = button("checkpoint", tr("Checkpoint"), Icon::kCheckpoint, deeds);
  stop_ = button("stop", tr("Stop"), Icon::kStop, deeds);
  argument_ = new QLineEdit(deeds);
  argument_->setObjectName("argument");
  argument_->setFont(look::numberFont());
  argument_->setPlaceholderText(tr("number"));
  argument_->setAccessibleName(tr("Epochs to add, or the new learning rate"));
  argument_->setFixedWidth(QFontMetrics(look::numberFont()).averageCharWidth() * 10);
  extend_ = button("extend", tr("Add epochs"), Icon::kAdd, deeds);
  rate_ = button("rate", tr("Set rate"), Icon::kRuns, deeds);
  rate_->setToolTip(tr("Learning rate (train.lr) from the next step on"));
  for (QPushButton* one : {pause_, resume_, checkpoint_, stop_}) deedRow->addWidget(one);
  deedRow->addWidget(argument_);
  deedRow->addWidget(extend_);
  deedRow->addWidget(rate_);
  rows->addWidget(deeds);
  plot_ = new plots::CurvePlot(tr("step"), body);
  plot_->setObjectName("curvePlot");
  rows->addWidget(plot_, 1);
  auto* foot = new QWidget(body);
  auto* footRow = new look::FlowLayout(foot);
  footRow->setContentsMargins(16, 8, 16, 4);
  logY_ = new QCheckBox(tr("Logarithmic values"), foot);
  logY_->setObjectName("logY");
  logX_ = new QCheckBox(tr("Logarithmic steps"), foot);
  logX_->setObjectName("logX");
  auto* smoothing = new QWidget(foot);
  auto* smoothRow = new QHBoxLayout(smoothing);
  smoothRow->setContentsMargins(0, 0, 0, 0);
  smoothText_ = new QLabel(smoothing);
  smooth_ = new QSlider(Qt::Horizontal, smoothing);
  smooth_->setObjectName("smooth");
  smooth_->setAccessibleName(tr("Smoothing"));
  smooth_->setRange(0, static_cast<int>(std::size(kHalfLives)) - 1);
  smooth_->setPageStep(1);
  smooth_->setMinimumWidth(120);
  footRow->addWidget(logY_);
  footRow->addWidget(logX_);
  smoothRow->addWidget(smoothText_);
  smoothRow->addWidget(smooth_);
  footRow->addWidget(smoothing);
  rows->addWidget(foot);
  commands_ = new QLabel(body);
  commands_->setObjectName("commands");
  commands_->setWordWrap(true);
  commands_->setForegroundRole(QPalette::PlaceholderText);
  commands_->setContentsMargins(16, 0, 16, 8);
  rows->addWidget(commands_);
  stack_->addWidget(body);
  column->addWidget(stack_, 1);

  connect(logY_, &QCheckBox::clicked, this, [this](bool on) {
    change(tr("Logarithmic values"), [&](RunsWorkspace::State& state) {
      state.look.logY = on;
      state.zoom.reset();
    });
  });
  connect(logX_, &QCheckBox::clicked, this, [this](bool on) {
    change(tr("Logarithmic steps"), [&](RunsWorkspace::State& state) {
      state.look.logX = on;
      state.zoom.reset();
    });
  });
  connect(smooth_, &QSlider::valueChanged, this, [this](int place) {
    change(tr("Smoothing"), [&](RunsWorkspace::State& state) { state.look.halfLife = kHalfLives[place]; });
  });
  const auto number = [this] { return argument_->text().trimmed(); };
  connect(pause_, &QPushButton::clicked, this, [this] { request("pause", {}); });
  connect(checkpoint_, &QPushButton::clicked, this, [this] { request("checkpoint", {}); });
  connect(stop_, &QPushButton::clicked, this, [this] { request("stop", {}); });
  connect(extend_, &QPushButton::clicked, this, [this, number] { request("extend", "epochs=+" + number()); });
  connect(rate_, &QPushButton::clicked, this, [this, number] { request("set", "train.lr=" + number()); });
  connect(argument_, &QLineEdit::textChanged, this, &RunsWorkspace::showRun);
  connect(resume_, &QPushButton::clicked, this, [this] {
    // A paused trainer goes on; where nobody trains, the daemon starts one from the newest checkpoint.
    request("resume", {});
  });
  return page;
}

void RunsWorkspace::makeActions() {
  const auto add = [this](const char* name, const QString& text, look::Icon sign, std::function<void()> run) {
    auto* action = new QAction(look::icon(sign), text, this);
    action->setObjectName(QString::fromLatin1(name));
    connect(action, &QAction::triggered, this, std::move(run));
    actions_.append(action);
  };
  add("newRun", tr("New run…"), look::Icon::kAdd, [this] { emit launchWanted(); });
  add("wholeRun", tr("Show the whole run"), look::Icon::kFit,
      [this] { change(tr("Zoom"), [](RunsWorkspace::State& state) { state.zoom.reset(); }); });
  for (QPushButton* deed : {pause_, resume_, checkpoint_, stop_}) {
    add((deed->objectName() + "Run").toLatin1().constData(), tr("%1 this run").arg(deed->text()), look::Icon::kRuns,
        [deed] { deed->click(); });
  }
}

void RunsWorkspace::change(const QString& words, const std::function<void(State&)>& how) {
  const QJsonObject before = viewState();
  how(state_);
  apply();
  emit viewChanged(words, before);
}

QJsonObject RunsWorkspace::written(const State& state) {
  QJsonObject object = {{"run", state.run},
                        {"compared", QJsonArray::fromStringList(state.compared)},
                        {"shown", QJsonArray::fromStringList(state.shown)},
                        {"log_x", state.look.logX},
                        {"log_y", state.look.logY},
                        {"half_life", state.look.halfLife}};
  if (state.zoom) object["zoom"] = QJsonArray{state.zoom->xLow, state.zoom->xHigh, state.zoom->yLow, state.zoom->yHigh};
  return object;
}

QJsonObject RunsWorkspace::viewState() const {
  return written(state_);
}

void RunsWorkspace::setViewState(const QJsonObject& object) {
  state_.run = object["run"].toString(state_.run);
  const auto take = [&](const char* key, QStringList& names) {
    if (!object.contains(key)) return;
    names.clear();
    for (const auto& name : object[key].toArray()) names.append(name.toString());
  };
  take("shown", state_.shown);
  take("compared", state_.compared);
  state_.look.logX = object["log_x"].toBool(state_.look.logX);
  state_.look.logY = object["log_y"].toBool(state_.look.logY);
  for (const double halfLife : kHalfLives) {
    if (object["half_life"].toDouble(-1.0) == halfLife) state_.look.halfLife = halfLife;
  }
  const QJsonArray zoom = object["zoom"].toArray();
  state_.zoom.reset();
  if (zoom.size() == 4 && zoom[0].toDouble() < zoom[1].toDouble() && zoom[2].toDouble() < zoom[3].toDouble()) {
    state_.zoom = {zoom[0].toDouble(), zoom[1].toDouble(), zoom[2].toDouble(), zoom[3].toDouble()};
  }
  apply();
}

void RunsWorkspace::apply() {
  if (state_.run != opened_) openRun();
  detail_.start();
  list_->select(state_.run);
  list_->setTicked(state_.compared);
  comparison_->set(state_.run, state_.compared, state_.shown);
  const QSignalBlocker blocker(smooth_);
  logX_->setChecked(state_.look.logX);
  logY_->setChecked(state_.look.logY);
  const auto* place = std::find(std::begin(kHalfLives), std::end(kHalfLives), state_.look.halfLife);
  smooth_->setValue(static_cast<int>(place - std::begin(kHalfLives)));
  smoothText_->setText(state_.look.halfLife > 0.0 ? tr("Smoothed over %1 points").arg(state_.look.halfLife)
                                                  : tr("Not smoothed"));
  plot_->setLook(state_.look);
  plot_->setZoom(state_.zoom);
  if (curves_->shown() != state_.shown) curves_->setShown(state_.shown);
  paintCurves();
  showRun();
}

void RunsWorkspace::paintCurves() {
  plot_->setShown(state_.shown);
  QMap<QString, QColor> colours;
  for (qsizetype i = 0; i < state_.shown.size(); ++i) {
    const QColor colour = plots::curveColour(static_cast<std::size_t>(i));
    colours[state_.shown[i]] = colour;
    plot_->setColour(state_.shown[i], colour);
  }
  curves_->setColours(colours);
}

void RunsWorkspace::openRun() {
  opened_ = state_.run;
  metricSequence_ = eventSequence_ = historyEvent_ = 0;
  historyThere_ = newsUnderWay_ = false;
  plot_->clear();
  curves_->clear();
  commands_->clear();
  showRun();
  askHistory();
}

void RunsWorkspace::poll() {
  if (!client_->isUp()) {
    if (rows_.empty()) list_->showMessage(noDaemon());
    showRun();
    return;
  }
  client_->ask(
      "runs", this,
      [](client::Daemon& daemon) { return daemon.call(&wire::Runs::Stub::List, wire::ListRunsRequest()); },
      [this](const wire::ListRunsReply& reply) {
        takeRuns({reply.runs().begin(), reply.runs().end()});
      },
      [this](const Error& error) {
        if (rows_.empty()) list_->showMessage(QString::fromUtf8(error.what()));
        finishWaiting(QString::fromUtf8(error.what()));
      });
  if (historyThere_) {
    askNews();
  } else {
    askHistory();
  }
}

void RunsWorkspace::takeRuns(std::vector<wire::Run> rows) {
  rows_ = std::move(rows);
  if (rows_.empty()) {
    list_->showMessage(tr("No run here yet. “New run” makes one."));
  } else {
    list_->setRows(rows_, now());
    list_->select(state_.run);
  }
  emit runCount(static_cast<int>(rows_.size()));
  showRun();
  if (current() == nullptr) finishWaiting(state_.run.isEmpty() ? QString() : tr("there is no such run"));
}

/// The whole run in as many points as a screen shows; what comes later is taken point by point.
void RunsWorkspace::askHistory() {
  if (state_.run.isEmpty() || !client_->isUp() || newsUnderWay_) return;
  newsUnderWay_ = true;
  client_->ask(
      "history", this,
      [run = state_.run.toStdString()](client::Daemon& daemon) {
        wire::HistoryRequest request;
        request.set_run(run);
        request.set_buckets(kBuckets);
        return historyOf(daemon, request);
      },
      [this, run = state_.run](const wire::HistoryReply& history) {
        if (run != opened_) return;
        newsUnderWay_ = false;
        historyThere_ = true;
        for (const wire::Curve& curve : history.curves()) {
          const QString name = QString::fromStdString(curve.name());
          eachBucket(curve, [&](double step, const plots::Bucket& bucket) { plot_->append(name, step, bucket); });
        }
        metricSequence_ = history.last_sequence();
        historyEvent_ = history.last_event();
        curves_->setNames(plot_->curves());
        paintCurves();
        askNews();
      },
      [this](const Error& error) {
        newsUnderWay_ = false;
        finishWaiting(QString::fromUtf8(error.what()));
      },
      client::Client::Lane::kSlow);
}

void RunsWorkspace::askNews() {
  if (state_.run.isEmpty() || !client_->isUp() || newsUnderWay_) return;
  newsUnderWay_ = true;
  client_->ask(
      "news", this,
      [run = state_.run.toStdString(), metric = metricSequence_, event = eventSequence_](client::Daemon& daemon) {
        News news;
        wire::FollowRequest follow;
        follow.set_run(run);
        follow.set_after_metric(metric);
        follow.set_after_event(event);
        daemon.stream(&wire::Metrics::Stub::Follow, follow, [&](wire::News message) {
          news.messages.push_back(std::move(message));
          return true;
        });
        wire::ShowRunRequest show;
        show.set_run(run);
        news.run = daemon.call(&wire::Runs::Stub::Show, show);
        return news;
      },
      [this, run = state_.run](const News& news) {
        if (run != opened_) return;
        newsUnderWay_ = false;
        takeNews(news);
        takeCommands(news.run);
        finishWaiting({});
      },
      [this](const Error& error) {
        newsUnderWay_ = false;
        finishWaiting(QString::fromUtf8(error.what()));
      });
}

void RunsWorkspace::takeNews(const News& news) {
  std::map<std::uint32_t, QString> names;
  bool points = false;
  for (const wire::News& message : news.messages) {
    for (const wire::MetricName& name : message.names()) names[name.number()] = QString::fromStdString(name.name());
    for (const wire::Event& event : message.events()) {
      // A resumed run makes the steps after its checkpoint again.
      if (event.kind() == "rewound" && event.sequence() > historyEvent_) {
        plot_->removeAfter(static_cast<double>(event.step()));
      }
      plot_->addEvent(static_cast<double>(event.step()),
                      tr("Step %1, %2: %3")
                          .arg(event.step())
                          .arg(QString::fromStdString(event.kind()), QString::fromStdString(event.text())));
      eventSequence_ = event.sequence();
    }
    for (int i = 0; i < message.sequence_size(); ++i) {
      plot_->append(names[message.name(i)], static_cast<double>(message.step(i)), message.value(i));
      metricSequence_ = message.sequence(i);
      points = true;
    }
  }
  if (!points) return;
  curves_->setNames(plot_->curves());
  paintCurves();
}

/// Where the plot is zoomed, the shown curves once more, finer.
void RunsWorkspace::askDetail() {
  if (!state_.zoom || !historyThere_) return;
  const double air = kDetailAir * (state_.zoom->xHigh - state_.zoom->xLow);
  const double low = std::floor(std::max(0.0, state_.zoom->xLow - air)), high = std::ceil(state_.zoom->xHigh + air);
  wire::HistoryRequest request;
  request.set_run(state_.run.toStdString());
  request.set_first_step(static_cast<std::int64_t>(low));
  request.set_last_step(std::max<std::int64_t>(1, static_cast<std::int64_t>(std::min(high, 9e15))));
  request.set_buckets(kBuckets);
  const QStringList there = plot_->curves();
  for (const QString& name : state_.shown) {
    if (there.contains(name)) request.add_names(name.toStdString());
  }
  if (request.names_size() == 0) return;
  client_->ask(
      "detail", this, [request](client::Daemon& daemon) { return historyOf(daemon, request); },
      [this, run = state_.run, low, high](const wire::HistoryReply& history) {
        if (run != opened_) return;
        for (const wire::Curve& curve : history.curves()) {
          plot_->setDetail(QString::fromStdString(curve.name()), low, high, pointsOf(curve));
        }
      },
      // The coarse curve is shown as it was.
      [](const Error&) {}, client::Client::Lane::kSlow);
}

void RunsWorkspace::takeCommands(const wire::ShowRunReply& run) {
  QStringList lines;
  for (int i = std::max(0, run.commands_size() - kShownCommands); i < run.commands_size(); ++i) {
    const wire::Command& command = run.commands(i);
    QString line =
        QString::fromStdString(command.word() + (command.argument().empty() ? "" : " " + command.argument())) +
        QStringLiteral(": ") + QString::fromStdString(command.state());
    if (!command.answer().empty()) line += QStringLiteral(", ") + QString::fromStdString(command.answer());
    lines << line;
  }
  commands_->setText(lines.join('\n'));
  commands_->setVisible(!lines.isEmpty());
}

const wire::Run* RunsWorkspace::current() const {
  const auto found = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const wire::Run& row) { return row.id() == state_.run.toStdString(); });
  return found == rows_.end() ? nullptr : &*found;
}

void RunsWorkspace::showRun() {
  const wire::Run* run = current();
  stack_->setCurrentIndex(run == nullptr ? 0 : 1);
  if (run == nullptr) {
    name_->setText(tr("Runs"));
    facts_->setText(tr("Training runs: launch them, watch their curves, steer them"));
    message_->setText(!client_->isUp() ? noDaemon()
                      : rows_.empty()  ? tr("No run here yet.\n“New run” on the left makes one from a preset.")
                      : state_.run.isEmpty() ? tr("Choose a run in the list on the left.")
                                             : tr("There is no run “%1” here.").arg(state_.run));
    return;
  }
  name_->setText(QString::fromStdString(run->id()));
  const std::string& state = run->state();
  QStringList facts = {QString::fromStdString(state)};
  if (!run->reason().empty()) facts << QString::fromStdString(run->reason());
  facts << tr("step %1").arg(run->step());
  if (run->epochs() > 0) facts << tr("epoch %1 of %2").arg(run->epoch(), 0, 'f', 2).arg(run->epochs());
  if (state == "running" && run->samples_per_second() > 0.0) {
    facts << tr("%1 samples/s").arg(run->samples_per_second(), 0, 'f', 1);
  }
  if (!run->slot().empty()) facts << QString::fromStdString(run->slot());
  if (run->owner() != 0) facts << tr("process %1").arg(run->owner());
  if (state == "killed") facts << tr("Resume goes on from the newest checkpoint");
  if (!client_->isUp()) facts << tr("as last seen: the daemon does not answer");
  facts_->setText(facts.join(QStringLiteral("  ·  ")));
  const bool up = client_->isUp(), paused = state == "paused", trains = state == "running" || paused;
  const bool stands = !trains && state != "starting" && state != "queued" && state != "evaluating" &&
                      state != "ending" && state != "damaged";
  pause_->setEnabled(up && state == "running");
  resume_->setEnabled(up && (paused || (stands && state != "finished")));
  checkpoint_->setEnabled(up && trains);
  stop_->setEnabled(up && (trains || state == "queued"));
  bool isNumber = false, isWhole = false;
  const double number = argument_->text().trimmed().toDouble(&isNumber);
  const int whole = argument_->text().trimmed().toInt(&isWhole);
  for (QWidget* widget :
       {static_cast<QWidget*>(argument_), static_cast<QWidget*>(extend_), static_cast<QWidget*>(rate_)}) {
    widget->setVisible(trains || stands);
  }
  // Of a run that stands they hold from its next start on.
  extend_->setEnabled(up && isWhole && whole > 0);
  rate_->setEnabled(up && isNumber && number > 0.0);
}

void RunsWorkspace::request(const QString& word, const QString& argument) {
  // Each request is its own topic: none may be dropped for a newer one.
  static int number = 0;
  client_->ask(
      QStringLiteral("request %1").arg(++number), this,
      [run = state_.run.toStdString(), w = word.toStdString(), a = argument.toStdString()](client::Daemon& daemon) {
        wire::AskRequest request;
        request.set_run(run);
        request.set_word(w);
        request.set_argument(a);
        return daemon.call(&wire::Runs::Stub::Ask, request);
      },
      [this](const wire::AskReply&) { poll(); }, [this](const Error& error) { emit noted(shell::noteOf(error)); });
}

void RunsWorkspace::whenDrawn(std::function<void(const QString&)> ready) {
  waiting_ = std::move(ready);
  if (client_->link() == client::Client::Link::kNone) finishWaiting({});
  poll();  // an answer that is under way may be older than the run
}

void RunsWorkspace::finishWaiting(const QString& failure) {
  if (!waiting_ || (failure.isEmpty() && current() == nullptr && !state_.run.isEmpty())) return;
  const auto ready = std::move(waiting_);
  waiting_ = nullptr;
  ready(failure);
}

}  // namespace ecumene::ui::runs
