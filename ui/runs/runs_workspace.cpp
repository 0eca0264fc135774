// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_workspace.h"

#include <QDateTime>
#include <QFileDialog>
#include <QPushButton>
#include <QScrollArea>
#include <algorithm>
#include <cmath>

#include "data/base/error.h"
#include "ui/client/why_nothing.h"
#include "ui/plots/plot_theme.h"
#include "ui/runs/comparison.h"
#include "ui/runs/curve_list.h"
#include "ui/runs/launch_panel.h"
#include "ui/runs/log_panel.h"
#include "ui/runs/machine_curves.h"
#include "ui/runs/machine_panel.h"
#include "ui/runs/metric_words.h"
#include "ui/runs/run_copies.h"
#include "ui/runs/run_copies_panel.h"
#include "ui/runs/run_feed.h"
#include "ui/runs/run_list.h"
#include "ui/runs/run_page.h"

namespace ecumene::ui::runs {
namespace {

constexpr int kDetailMs = 150;     // after the last turn of the wheel
const char* const kList = "runs";  // topic
const QStringList kFirstShown = {"loss.total", "validation.total"};

double now() {
  return static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000.0;
}

/// In a low window or a large font a panel is higher than its place.
QScrollArea* scrolled(QWidget* panel) {
  auto* area = new QScrollArea;
  area->setWidget(panel);
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  return area;
}

/// Docks behind others are visible to Qt.
bool isSeen(const QWidget* panel) {
  return panel->isVisible() && !panel->visibleRegion().isEmpty();
}

/// What stands in place of runs while no daemon is asked for any.
QString noRuns() {
  return QObject::tr("No runs are open.\nFile › Open runs (Ctrl+Shift+O) takes the folder in which they are.");
}

}  // namespace

RunsWorkspace::RunsWorkspace(client::Client* client, QObject* parent) : Workspace(parent), client_(client) {
  list_ = new RunList;
  curves_ = new CurveList;
  launch_ = new LaunchPanel(client);
  page_ = new RunPage;
  comparison_ = new Comparison(client, page_->plot());
  feed_ = new RunFeed(client, page_->plot(), this);
  machine_ = new client::MachineWatch(client, this);
  machinePanel_ = new MachinePanel(machine_);
  machineArea_ = scrolled(machinePanel_);
  log_ = new LogPanel;
  copies_ = new RunCopies(client, this);
  copiesPanel_ = new RunCopiesPanel(copies_);
  connect(copies_, &RunCopies::noted, this, &RunsWorkspace::noted);
  makeActions();
  makeFigures();
  state_.shown = kFirstShown;
  curves_->setShown(state_.shown);
  listen();
  detail_.setSingleShot(true);
  detail_.setInterval(kDetailMs);
  connect(&detail_, &QTimer::timeout, this, [this] {
    if (state_.zoom) feed_->refine(*state_.zoom, state_.shown);
  });
  poll_.setInterval(kPollMs);
  connect(&poll_, &QTimer::timeout, this, &RunsWorkspace::poll);
  poll_.start();
  openRun();
  poll();
}

RunsWorkspace::~RunsWorkspace() = default;

QWidget* RunsWorkspace::centre() {
  return page_;
}

plots::CurvePlot* RunsWorkspace::curves() const {
  return page_->plot();
}

std::vector<shell::Workspace::Dock> RunsWorkspace::docks() {
  // What all runs have in common is at the left, what is said of one or two at the right.
  return {{"runsList", tr("Runs"), list_, Qt::LeftDockWidgetArea, 44},
          {"runsMachine", tr("Machine"), machineArea_, Qt::LeftDockWidgetArea, 44, true},
          {"runsCopies", tr("Copies"), copiesPanel_, Qt::LeftDockWidgetArea, 44, true},
          {"runsCurves", tr("Curves"), curves_, Qt::RightDockWidgetArea, 44},
          {"runsLog", tr("Log"), log_, Qt::RightDockWidgetArea, 44, true},
          {"runsLaunch", tr("New run"), launch_, Qt::RightDockWidgetArea, 44, true},
          {"runsCompare", tr("Compare"), comparison_, Qt::RightDockWidgetArea, 44, true}};
}

void RunsWorkspace::listen() {
  connect(list_, &RunList::chosen, this, &RunsWorkspace::chooseRun);
  connect(list_, &RunList::ticked, this, [this](const QStringList& runs) {
    if (!runs.isEmpty() && runs.size() > state_.compared.size()) emit comparisonWanted();
    change(tr("Compare"), [&](RunsView& state) { state.compared = runs; });
  });
  connect(list_, &RunList::launchAsked, this, &RunsWorkspace::launchWanted);
  connect(curves_, &CurveList::shownChanged, this,
          [this] { change(tr("Curves"), [&](RunsView& state) { state.shown = curves_->shown(); }); });
  plots::CurvePlot* plot = page_->plot();
  connect(plot, &plots::CurvePlot::zoomChanged, this,
          [this, plot](const std::optional<plots::CurvePlot::Range>& before) {
            RunsView was = state_;
            was.zoom = before;
            state_.zoom = plot->zoom();
            detail_.start();
            emit viewChanged(tr("Zoom"), was.json());
          });
  connect(plot, &plots::CurvePlot::themed, this, &RunsWorkspace::paintCurves);
  connect(plot, &plots::CurvePlot::readOutChanged, this, [this, plot] {
    curves_->setValues(plot->readOut());
    curves_->setValuesAre(plot->pointerX() ? tr("Values at step %1").arg(std::lround(*plot->pointerX()))
                                           : tr("Newest values"));
  });
  connect(machinePanel_, &MachinePanel::runWanted, this, &RunsWorkspace::chooseRun);
  connect(machine_, &client::MachineWatch::raised, this,
          [this](const wire::Alert& alert) { emit noted(noteOf(alert, machine_->sentenceOf(alert.rule()))); });
  connect(page_, &RunPage::asked, this,
          [this](const QString& word, const QString& argument) { request(state_.run, word, argument); });
  connect(page_, &RunPage::lookChosen, this, [this](const QString& words, const plots::CurvePlot::Look& look) {
    change(words, [&](RunsView& state) {
      // A range of a linear axis is none of a logarithmic one.
      if (look.logX != state.look.logX || look.logY != state.look.logY) state.zoom.reset();
      state.look = look;
    });
  });
  connect(page_, &RunPage::tableChosen, this,
          [this](bool on) { change(tr("Table"), [&](RunsView& state) { state.table = on; }); });
  connect(feed_, &RunFeed::curvesCame, this, [this] {
    curves_->setNames(page_->plot()->curves());
    paintCurves();
    comparison_->curvesCame();
  });
  connect(feed_, &RunFeed::journalRead, this, [this](const wire::ShowRunReply& run) {
    page_->setCommands(run);
    if (!run.log().empty()) log_->setLog(QString::fromUtf8(run.log().data(), static_cast<qsizetype>(run.log().size())));
    journalRead_ = true;
    drawn();
  });
  connect(feed_, &RunFeed::failed, this, [this](const QString& why) { finishWaiting(why); });
  connect(comparison_, &Comparison::drawn, this, &RunsWorkspace::drawn);
  connect(launch_, &LaunchPanel::launched, this, [this](const QString& run) {
    emit noted({shell::Severity::kInformation, tr("Run %1 is launched").arg(run), {}});
    chooseRun(run);
    poll();
  });
  connect(launch_, &LaunchPanel::planned, this, &RunsWorkspace::drawn);
  connect(machine_, &client::MachineWatch::read, this, &RunsWorkspace::drawn);
  connect(launch_, &LaunchPanel::failed, this, [this](const Error& error) { emit noted(shell::noteOf(error)); });
  connect(client_, &client::Client::daemonChanged, this, [this] {
    rows_.clear();
    machinePanel_->curves()->forget();
    openRun();
    poll();
  });
  connect(client_, &client::Client::linkChanged, this, [this] {
    if (!client_->problem().isEmpty()) finishWaiting(client_->problem());
    poll();
  });
}

void RunsWorkspace::makeActions() {
  addAction("newRun", tr("New run…"), look::Icon::kAdd, {}, [this] { emit launchWanted(); });
  addAction("wholeRun", tr("Show the whole run"), look::Icon::kFit, {},
            [this] { change(tr("Zoom"), [](RunsView& state) { state.zoom.reset(); }); });
  for (QPushButton* deed : page_->deeds()) {
    QAction* action = addAction(deed->objectName() + "Run", tr("%1 this run").arg(deed->text()), look::Icon::kRuns, {},
                                [deed] { deed->click(); });
    connect(page_, &RunPage::deedsShown, action, [action, deed] { action->setEnabled(deed->isEnabled()); });
  }
  const auto ask = [this](const char* name, const QString& text, const QString& question, const QString& initial,
                          const char* word, const QString& before) {
    QAction* action = addAction(QString::fromLatin1(name), text, look::Icon::kRuns, {}, [=, this] {
      // Another run may be shown when the answer comes.
      emit lineWanted(question.arg(state_.run), initial, [=, this, run = state_.run](const QString& number) {
        request(run, QString::fromLatin1(word), before + number.trimmed());
      });
    });
    connect(page_, &RunPage::deedsShown, action, [this, action] { action->setEnabled(page_->takesNumbers()); });
  };
  ask("extendRun", tr("Add epochs to this run…"), tr("How many epochs to add to %1"), "1", "extend", "epochs=+");
  ask("rateRun", tr("Set this run's learning rate…"), tr("Learning rate of %1 (train.lr)"), {}, "set", "train.lr=");
  for (QAction* action :
       {addAction("copyRun", tr("Copy this run to this machine…"), look::Icon::kCopy, {}, [this] { copyHere(false); }),
        addAction("mirrorRun", tr("Mirror this run to this machine…"), look::Icon::kSave, {},
                  [this] { copyHere(true); })}) {
    connect(page_, &RunPage::deedsShown, action,
            [this, action] { action->setEnabled(current() != nullptr && client_->isUp()); });
  }
}

void RunsWorkspace::makeFigures() {
  plots::CurvePlot* plot = page_->plot();
  addFigure({"curves", tr("curves"), plot, [this, plot] { return plot->image(state_.run); },
             [this, plot](QPaintDevice& device) { plot->drawOn(device, state_.run); },
             [plot] { return plots::csvOf(plot->table()); }, [plot] { return plot->curves().isEmpty(); }});
  plots::CurvePlot* readings = machinePanel_->curves();
  addFigure(
      {"machine", tr("machine's readings"), readings, [this, readings] { return readings->image(client_->name()); },
       [this, readings](QPaintDevice& device) { readings->drawOn(device, client_->name()); },
       [readings] { return plots::csvOf(readings->table()); }, [readings] { return readings->curves().isEmpty(); }});
}

void RunsWorkspace::copyHere(bool mirror) {
  if (current() == nullptr || !client_->isUp()) return;
  const QString run = state_.run;
  auto* chooser = new QFileDialog(page_, tr("In which folder shall %1 be?").arg(run));
  chooser->setAttribute(Qt::WA_DeleteOnClose);
  chooser->setObjectName("copyFolder");
  chooser->setFileMode(QFileDialog::Directory);
  chooser->setOption(QFileDialog::ShowDirsOnly);
  // One look and one set of keys everywhere, and nothing is blocked meanwhile.
  chooser->setOption(QFileDialog::DontUseNativeDialog);
  chooser->setModal(false);
  // Another machine may be shown when the folder is chosen.
  connect(chooser, &QFileDialog::fileSelected, this,
          [this, run, mirror, from = copies_->source()](const QString& folder) {
            const QString target = folder + '/' + run;
            mirror ? copies_->mirror(from, run, target) : copies_->copy(from, run, target);
          });
  chooser->show();
}

void RunsWorkspace::chooseRun(const QString& id) {
  change(tr("Run"), [&](RunsView& state) {
    state.run = id;
    state.zoom.reset();
  });
}

void RunsWorkspace::change(const QString& words, const std::function<void(RunsView&)>& how) {
  const QJsonObject before = viewState();
  how(state_);
  apply();
  emit viewChanged(words, before);
}

QJsonObject RunsWorkspace::viewState() const {
  return state_.json();
}

void RunsWorkspace::setViewState(const QJsonObject& object) {
  state_.take(object);
  apply();
}

void RunsWorkspace::setPrice(const Price& price) {
  price_ = price;
  launch_->setPrice(price);
  showRun();
}

void RunsWorkspace::apply() {
  if (state_.run != feed_->run()) openRun();
  detail_.start();
  list_->select(state_.run);
  list_->setTicked(state_.compared);
  comparison_->set(state_.run, state_.compared, state_.shown);
  page_->setLook(state_.look);
  page_->setTable(state_.table);
  page_->plot()->setZoom(state_.zoom);
  if (curves_->shown() != state_.shown) curves_->setShown(state_.shown);
  paintCurves();
  showRun();
}

void RunsWorkspace::paintCurves() {
  plots::CurvePlot* plot = page_->plot();
  plot->setShown(state_.shown);
  QMap<QString, QColor> colours;
  QStringList drawn = state_.shown;
  drawn.removeIf([there = plot->curves()](const QString& curve) { return !there.contains(curve); });
  plot->setYLabel(axisOf(drawn));
  for (qsizetype i = 0; i < state_.shown.size(); ++i) {
    const QColor colour = plots::curveColour(static_cast<std::size_t>(i));
    colours[state_.shown[i]] = colour;
    plot->setColour(state_.shown[i], colour);
  }
  curves_->setColours(colours);
}

void RunsWorkspace::openRun() {
  curves_->clear(state_.run.isEmpty()
                     ? tr("Choose a run in the list on the left: its curves are listed here, each with "
                          "a box that shows it.")
                     : tr("Curves are listed here as soon as the run has values."));
  page_->setCommands({});
  log_->clear();
  journalRead_ = false;
  feed_->open(state_.run);
  showRun();
}

void RunsWorkspace::poll() {
  if (!client_->isUp()) {
    if (rows_.empty()) list_->showMessage(client::whyNothing(*client_, noRuns()));
    showRun();
    return;
  }
  if (!client_->awaits(kList)) askList();
  feed_->setWithLog(isSeen(log_));
  feed_->follow();
}

void RunsWorkspace::askList() {
  client_->ask(
      kList, this, [](client::Daemon& daemon) { return daemon.call(&wire::Runs::Stub::List, wire::ListRunsRequest()); },
      [this](const wire::ListRunsReply& reply) {
        takeRuns({reply.runs().begin(), reply.runs().end()});
      },
      [this](const Error& error) {
        if (rows_.empty()) list_->showMessage(QString::fromUtf8(error.what()));
        finishWaiting(QString::fromUtf8(error.what()));
      });
}

void RunsWorkspace::takeRuns(std::vector<wire::Run> rows) {
  rows_ = std::move(rows);
  if (rows_.empty()) {
    list_->showMessage(tr("No run here yet. “New run” makes one."));
  } else {
    list_->setRows(rows_, now(), QString::fromStdString(client_->hello().host()));
    list_->select(state_.run);
  }
  launch_->takeRuns(rows_);
  emit runCount(static_cast<int>(rows_.size()));
  showRun();
  listed_ = true;
  if (current() == nullptr && !state_.run.isEmpty()) finishWaiting(tr("there is no such run"));
  drawn();
}

const wire::Run* RunsWorkspace::current() const {
  const auto found = std::find_if(rows_.begin(), rows_.end(),
                                  [&](const wire::Run& row) { return row.id() == state_.run.toStdString(); });
  return found == rows_.end() ? nullptr : &*found;
}

void RunsWorkspace::showRun() {
  if (const wire::Run* run = current()) {
    const bool answers = client_->isUp();
    // By the clock of its machine, of which the newest reading says the time.
    const double there = std::max(machine_->readings().time(), run->metric_time());
    const double seconds = feed_->trained().seconds(*run, there);
    const std::optional<double> mirrored = copies_->mirroredAt(state_.run);
    page_->setRun(*run, answers,
                  {QString::fromStdString(client_->hello().host()), seconds, costText(price_, seconds),
                   mirrored ? mirrorText(*mirrored, now()) : QString()});
    return;
  }
  page_->showMessage(!client_->isUp()       ? client::whyNothing(*client_, noRuns())
                     : rows_.empty()        ? tr("No run here yet.\n“New run” makes one from a preset.")
                     : state_.run.isEmpty() ? tr("Choose a run in the list on the left.")
                                            : tr("There is no run “%1” here.").arg(state_.run));
}

void RunsWorkspace::request(const QString& run, const QString& word, const QString& argument) {
  // Each request is its own topic: none may be dropped for a newer one.
  static int number = 0;
  client_->ask(
      QStringLiteral("request %1").arg(++number), this,
      [run = run.toStdString(), w = word.toStdString(), a = argument.toStdString()](client::Daemon& daemon) {
        wire::AskRequest request;
        request.set_run(run);
        request.set_word(w);
        request.set_argument(a);
        return daemon.call(&wire::Runs::Stub::Ask, request);
      },
      [this](const wire::AskReply&) { poll(); }, [this](const Error& error) { emit noted(shell::noteOf(error)); });
}

void RunsWorkspace::drawingAwaited() {
  journalRead_ = listed_ = false;
  if (client_->link() == client::Client::Link::kNone) finishWaiting({});
  askList();  // an answer that is under way may be older than the run
  poll();
}

void RunsWorkspace::drawn() {
  const bool run = state_.run.isEmpty() ? listed_ : journalRead_ && current() != nullptr && comparison_->isDrawn();
  const bool plan = !isSeen(launch_) || launch_->isPlanned();
  const bool readings = !isSeen(machinePanel_) || machine_->readings().time() > 0.0;
  if (run && plan && readings) finishWaiting({});
}

}  // namespace ecumene::ui::runs
