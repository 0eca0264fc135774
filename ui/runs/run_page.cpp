// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_page.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "ui/look/flow_layout.h"
#include "ui/look/icons.h"
#include "ui/look/tables.h"
#include "ui/look/theme.h"
#include "ui/runs/plan_panel.h"
#include "ui/runs/run_list.h"

namespace ecumene::ui::runs {
namespace {

constexpr int kShownCommands = 4;
constexpr int kRefillMs = 1000;  // of the table, while it is seen

/// Half-lives of the smoothing by the slider's place, in points.
constexpr double kHalfLives[] = {0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000};

QPushButton* button(const char* name, const QString& text, look::Icon sign, QWidget* parent) {
  auto* made = new QPushButton(look::icon(sign), text, parent);
  made->setObjectName(QString::fromLatin1(name));
  return made;
}

/// What is said where a run has no curve yet.
QString waitingText(const wire::Run& run) {
  const std::string& state = run.state();
  if (state == "queued") return QObject::tr("It waits until %1 is free.").arg(QString::fromStdString(run.slot()));
  if (state == "new") return QObject::tr("Nothing trains it yet: “Resume” starts it.");
  if (state == "starting") {
    return QObject::tr(
        "Starting: the trainer opens the planets and makes the model.\nThe first values come with its first step.");
  }
  if (state == "running") return QObject::tr("The first step is being made: its values come here.");
  return QObject::tr("Its journal has no values.");
}

QStringList factsOf(const wire::Run& run, bool answers, const RunPage::Spent& spent) {
  const std::string& state = run.state();
  QStringList facts = {QString::fromStdString(state)};
  if (!run.reason().empty()) facts << QString::fromStdString(run.reason());
  facts << QObject::tr("step %1").arg(run.step());
  if (run.epochs() > 0) facts << QObject::tr("epoch %1 of %2").arg(run.epoch(), 0, 'f', 2).arg(run.epochs());
  if (state == "running" && run.samples_per_second() > 0.0) {
    facts << QObject::tr("%1 samples/s").arg(run.samples_per_second(), 0, 'f', 1);
  }
  if (spent.seconds > 0.0) {
    const QString time = durationText(std::floor(spent.seconds));
    facts << (spent.cost.isEmpty() ? QObject::tr("trained for %1").arg(time)
                                   : QObject::tr("trained for %1, %2 so far").arg(time, spent.cost));
  }
  if (const QString place = placeText(run, spent.machine); !place.isEmpty()) facts << place;
  if (!spent.mirrored.isEmpty()) facts << spent.mirrored;
  if (run.owner() != 0) facts << QObject::tr("process %1").arg(run.owner());
  if (state == "killed") facts << QObject::tr("Resume goes on from the newest checkpoint");
  if (!answers) facts << QObject::tr("as last seen: the daemon does not answer");
  return facts;
}

bool isTraining(const wire::Run& run) {
  return run.state() == "running" || run.state() == "paused";
}

}  // namespace

RunPage::RunPage(QWidget* parent) : QWidget(parent) {
  setObjectName("runsPage");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* head = new QWidget(this);
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

  stack_ = new QStackedWidget(this);
  message_ = look::emptyMessage({}, look::Place::kMiddle, stack_);
  stack_->addWidget(message_);
  auto* body = new QWidget(stack_);
  auto* rows = new QVBoxLayout(body);
  rows->setContentsMargins(0, 0, 0, 0);
  rows->setSpacing(0);
  rows->addWidget(makeDeeds(body));
  plot_ = new plots::CurvePlot(tr("step"), body);
  plot_->setObjectName("curvePlot");
  shown_ = new QStackedWidget(body);
  shown_->addWidget(plot_);
  numbers_ = new plots::NumberTableModel(this);
  table_ = new QTableView(shown_);
  table_->setObjectName("curveNumbers");
  table_->setModel(numbers_);
  look::dressTable(*table_);
  table_->setToolTip(
      tr("What the plot shows, its zoom included: the curves as finely as they are drawn. Every step of them "
         "is exported by ecumenectl export-metrics."));
  shown_->addWidget(table_);
  rows->addWidget(shown_, 1);
  refill_.setInterval(kRefillMs);
  connect(&refill_, &QTimer::timeout, this, &RunPage::fillTable);
  rows->addWidget(makeLook(body));
  commands_ = new QLabel(body);
  commands_->setObjectName("commands");
  commands_->setWordWrap(true);
  commands_->setForegroundRole(QPalette::PlaceholderText);
  commands_->setContentsMargins(16, 0, 16, 8);
  rows->addWidget(commands_);
  stack_->addWidget(body);
  column->addWidget(stack_, 1);
}

QWidget* RunPage::makeDeeds(QWidget* parent) {
  using look::Icon;
  auto* deeds = new QWidget(parent);
  auto* row = new look::FlowLayout(deeds);
  row->setContentsMargins(16, 0, 16, 8);
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
  for (QPushButton* one : this->deeds()) {
    row->addWidget(one);
    connect(one, &QPushButton::clicked, this, [this, one] { emit asked(one->objectName(), {}); });
  }
  row->addWidget(argument_);
  row->addWidget(extend_);
  row->addWidget(rate_);
  const auto number = [this] { return argument_->text().trimmed(); };
  connect(extend_, &QPushButton::clicked, this, [this, number] { emit asked("extend", "epochs=+" + number()); });
  connect(rate_, &QPushButton::clicked, this, [this, number] { emit asked("set", "train.lr=" + number()); });
  connect(argument_, &QLineEdit::textChanged, this, &RunPage::showDeeds);
  return deeds;
}

QWidget* RunPage::makeLook(QWidget* parent) {
  auto* foot = new QWidget(parent);
  auto* row = new look::FlowLayout(foot);
  row->setContentsMargins(16, 8, 16, 4);
  logY_ = new QCheckBox(tr("Logarithmic values"), foot);
  logY_->setObjectName("logY");
  logX_ = new QCheckBox(tr("Logarithmic steps"), foot);
  logX_->setObjectName("logX");
  auto* smoothing = new QWidget(foot);
  auto* parts = new QHBoxLayout(smoothing);
  parts->setContentsMargins(0, 0, 0, 0);
  smoothText_ = new QLabel(smoothing);
  smooth_ = new QSlider(Qt::Horizontal, smoothing);
  smooth_->setObjectName("smooth");
  smooth_->setAccessibleName(tr("Smoothing"));
  smooth_->setRange(0, static_cast<int>(std::size(kHalfLives)) - 1);
  smooth_->setPageStep(1);
  smooth_->setMinimumWidth(120);
  parts->addWidget(smoothText_);
  parts->addWidget(smooth_);
  row->addWidget(logY_);
  row->addWidget(logX_);
  row->addWidget(smoothing);
  asTable_ = new QCheckBox(tr("As numbers"), foot);
  asTable_->setObjectName("asTable");
  row->addWidget(asTable_);
  connect(asTable_, &QCheckBox::clicked, this, &RunPage::tableChosen);
  connect(logY_, &QCheckBox::clicked, this, [this](bool on) {
    plots::CurvePlot::Look look = look_;
    look.logY = on;
    emit lookChosen(logY_->text(), look);
  });
  connect(logX_, &QCheckBox::clicked, this, [this](bool on) {
    plots::CurvePlot::Look look = look_;
    look.logX = on;
    emit lookChosen(logX_->text(), look);
  });
  connect(smooth_, &QSlider::valueChanged, this, [this](int place) {
    plots::CurvePlot::Look look = look_;
    look.halfLife = kHalfLives[place];
    emit lookChosen(tr("Smoothing"), look);
  });
  return foot;
}

QList<QPushButton*> RunPage::deeds() const {
  return {pause_, resume_, checkpoint_, stop_};
}

bool RunPage::offersHalfLife(double points) {
  return std::find(std::begin(kHalfLives), std::end(kHalfLives), points) != std::end(kHalfLives);
}

void RunPage::setLook(const plots::CurvePlot::Look& look) {
  look_ = look;
  const QSignalBlocker blocker(smooth_);
  logX_->setChecked(look.logX);
  logY_->setChecked(look.logY);
  const auto* place = std::find(std::begin(kHalfLives), std::end(kHalfLives), look.halfLife);
  smooth_->setValue(static_cast<int>(place - std::begin(kHalfLives)));
  const QString smoothed = look.halfLife == 1.0 ? tr("Smoothed over %1 point") : tr("Smoothed over %1 points");
  smoothText_->setText(look.halfLife > 0.0 ? smoothed.arg(look.halfLife) : tr("Not smoothed"));
  plot_->setLook(look);
}

void RunPage::setTable(bool on) {
  asTable_->setChecked(on);
  shown_->setCurrentWidget(on ? static_cast<QWidget*>(table_) : plot_);
  fillTable();
  on ? refill_.start() : refill_.stop();
}

void RunPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  fillTable();
}

void RunPage::fillTable() {
  if (!asTable_->isChecked() || !isVisible()) return;
  const int before = numbers_->columnCount();
  numbers_->set(plot_->table());
  look::fitRows(*table_);
  if (numbers_->columnCount() != before) table_->resizeColumnsToContents();
  emit plot_->readOutChanged();  // of a plot that is not drawn nobody else says it
}

void RunPage::showMessage(const QString& text) {
  run_.reset();
  for (QPushButton* deed : deeds()) deed->setEnabled(false);
  emit deedsShown();
  stack_->setCurrentIndex(0);
  name_->setText(tr("Runs"));
  facts_->setText(tr("Training runs: launch them, watch their curves, steer them"));
  message_->setText(text);
}

void RunPage::setRun(const wire::Run& run, bool answers, const Spent& spent) {
  run_ = run;
  answers_ = answers;
  stack_->setCurrentIndex(1);
  name_->setText(QString::fromStdString(run.id()));
  plot_->setEmptyText(waitingText(run));
  facts_->setText(factsOf(run, answers, spent).join(QStringLiteral("  ·  ")));
  showDeeds();
}

void RunPage::showDeeds() {
  if (!run_) return;
  const std::string& state = run_->state();
  const bool paused = state == "paused", trains = isTraining(*run_);
  const bool stands = !trains && state != "starting" && state != "queued" && state != "evaluating" &&
                      state != "ending" && state != "damaged";
  pause_->setEnabled(answers_ && state == "running");
  // A paused trainer goes on; where nobody trains, the daemon starts one from the newest checkpoint. A finished run has
  // nothing to go on with but epochs that were added since.
  resume_->setEnabled(answers_ && (paused || (stands && (state != "finished" || extended_))));
  checkpoint_->setEnabled(answers_ && trains);
  stop_->setEnabled(answers_ && (trains || state == "queued"));
  bool isNumber = false, isWhole = false;
  const double number = argument_->text().trimmed().toDouble(&isNumber);
  const int whole = argument_->text().trimmed().toInt(&isWhole);
  takesNumbers_ = answers_ && (trains || stands);
  for (QWidget* widget :
       {static_cast<QWidget*>(argument_), static_cast<QWidget*>(extend_), static_cast<QWidget*>(rate_)}) {
    widget->setVisible(trains || stands);
  }
  // Of a run that stands they hold from its next start on.
  extend_->setEnabled(takesNumbers_ && isWhole && whole > 0);
  rate_->setEnabled(takesNumbers_ && isNumber && number > 0.0);
  emit deedsShown();
}

void RunPage::setCommands(const wire::ShowRunReply& run) {
  const auto waits = [](const wire::Command& command) {
    return command.state() == "requested" && (command.word() == "extend" || command.word() == "set");
  };
  const bool trains = run_ && isTraining(*run_);
  extended_ = std::any_of(run.commands().begin(), run.commands().end(),
                          [&](const wire::Command& command) { return waits(command) && command.word() == "extend"; });
  QStringList lines;
  for (int i = std::max(0, run.commands_size() - kShownCommands); i < run.commands_size(); ++i) {
    const wire::Command& command = run.commands(i);
    QString line =
        QString::fromStdString(command.word() + (command.argument().empty() ? "" : " " + command.argument())) +
        QStringLiteral(": ") + QString::fromStdString(command.state());
    if (waits(command) && !trains) line += tr(", for its next start: Resume");
    if (!command.answer().empty()) line += QStringLiteral(", ") + QString::fromStdString(command.answer());
    lines << line;
  }
  commands_->setText(lines.join('\n'));
  commands_->setVisible(!lines.isEmpty());
  showDeeds();
}

}  // namespace ecumene::ui::runs
