// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <QApplication>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QMenu>
#include <QMenuBar>
#include <QMimeData>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include "data/base/error.h"
#include "ui/forms/option_form.h"
#include "ui/look/elided_label.h"
#include "ui/look/theme.h"
#include "ui/shell/about.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/figures.h"
#include "ui/shell/machines.h"
#include "ui/shell/question_bar.h"
#include "ui/shell/welcome.h"
#include "ui/shell/workspace_pages.h"

namespace ecumene::ui::shell {
namespace {

constexpr int kMessageMs = 8000;

models::spec::Options optionsOf(Settings& settings) {
  models::spec::Options options;
  describe(options, settings);
  return options;
}

}  // namespace

MainWindow::MainWindow(Places places, QWidget* parent) : QMainWindow(parent), places_(std::move(places)) {
  setObjectName("main");
  setWindowTitle(tr("Ecumene"));
  setDockOptions(AllowNestedDocks | AllowTabbedDocks | AnimatedDocks);
  setTabPosition(Qt::AllDockWidgetAreas, QTabWidget::North);
  setCorner(Qt::BottomLeftCorner, Qt::LeftDockWidgetArea);
  setCorner(Qt::BottomRightCorner, Qt::RightDockWidgetArea);
  setAnimated(false);
  setAcceptDrops(true);
  notifications_ = new NotificationPanel;
  try {
    settings_ = loadSettings(places_.settings);
  } catch (const Error& error) {
    // The file stays as it is until the user changes a setting here.
    notifications_->add(noteOf(error));
  }
  look::applyTheme(*qApp, QString::fromStdString(settings_.theme), settings_.textPoints);
  history_ = new ViewHistory(this);
  auto* middle = new QWidget(this);
  auto* column = new QVBoxLayout(middle);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  questions_ = new QuestionBar(middle);
  auto* centre = new QStackedWidget(middle);
  centre->setObjectName("centre");
  column->addWidget(questions_);
  column->addWidget(centre, 1);
  setCentralWidget(middle);
  pages_ = std::make_unique<WorkspacePages>(this, centre);
  connect(pages_.get(), &WorkspacePages::switched, this,
          [this](const QString& title) { setWindowTitle(title + tr(" – Ecumene")); });
  makeActions();
  makeShellDocks();
  makeMenus();
  status_ = new look::ElidedLabel(this);
  status_->setObjectName("status");
  status_->setForegroundRole(QPalette::PlaceholderText);
  statusBar()->addPermanentWidget(status_);
  noteCount_ = new QToolButton(this);
  noteCount_->setAutoRaise(true);
  noteCount_->setDefaultAction(named_["notifications"]);
  noteCount_->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  statusBar()->addPermanentWidget(noteCount_);
  statusBar()->setSizeGripEnabled(false);
  connect(notifications_, &NotificationPanel::added, this,
          [this](const Note& note) { statusBar()->showMessage(word(note.severity) + ": " + note.title, kMessageMs); });
  connect(notifications_, &NotificationPanel::countChanged, this, [this](int count) {
    noteCount_->setText(count == 0 ? tr("Notifications") : tr("Notifications (%1)").arg(count));
  });
  palette_ = new CommandPalette(this);
  connect(history_, &ViewHistory::went, this, [this](Workspace* workspace) { showWorkspace(workspace->id()); });

  disk_.setMaxThreadCount(1);
  figures_ = new Figures(this, &disk_, this);
  connect(figures_, &Figures::noted, this, &MainWindow::notify);
  connect(figures_, &Figures::opened, this, &MainWindow::openFigure);
  connect(figures_, &Figures::others, this, &MainWindow::filesDropped);
  keeping_.setInterval(kKeepMs);
  connect(&keeping_, &QTimer::timeout, this, &MainWindow::keepSession);

  makeWelcome();
  setStatus(tr("Nothing is open"));
  resize(1280, 800);
  showWorkspace("welcome");
  if (notifications_->count() > 0) named_["notifications"]->trigger();
}

MainWindow::~MainWindow() {
  // What was written tells this window of it.
  disk_.waitForDone();
}

QAction* MainWindow::addAction(const char* name, const QString& group, const QString& text, look::Icon sign,
                               const QKeySequence& shortcut, const std::function<void()>& run) {
  auto* action = new QAction(look::icon(sign), text, this);
  action->setObjectName(QString::fromLatin1(name));
  action->setProperty("group", group);
  action->setShortcut(shortcut);
  connect(action, &QAction::triggered, this, run);
  QMainWindow::addAction(action);
  named_[action->objectName()] = action;
  return action;
}

void MainWindow::makeActions() {
  using look::Icon;
  const QString file = tr("File"), edit = tr("Edit"), view = tr("View"), help = tr("Help");
  addAction("openStore", file, tr("Open &planets…"), Icon::kOpen, QKeySequence("Ctrl+O"), [this] {
    askFolder(tr("Folder of planets (a store)"), store_, [this](const QString& folder) { emit storeChosen(folder); });
  });
  addAction("openRuns", file, tr("Open &runs…"), Icon::kOpen, QKeySequence("Ctrl+Shift+O"), [this] {
    askFolder(tr("Folder whose sub-folders are runs"), runs_,
              [this](const QString& folder) { emit runsChosen(folder); });
  });
  addAction("attach", file, tr("&Attach to a machine…"), Icon::kConnect, QKeySequence("Ctrl+Shift+A"), [this] {
    palette_->ask(tr("Machine, as ssh takes it: a host of ~/.ssh/config, or user@host"), machine_,
                  [this](const QString& host) { emit machineChosen(host); });
  });
  addAction("here", file, tr("Back to &this machine"), Icon::kConnect, {}, [this] { emit machineChosen({}); });
  addAction("dialAgain", file, tr("&Connect again"), Icon::kConnect, {}, [this] { emit dialAgainAsked(); });
  addAction("demo", file, tr("Begin with the &demo"), Icon::kPlay, {}, [this] { emit demoAsked(); });
  offerDemo({}, false);
  addAction("saveSession", file, tr("&Save session…"), Icon::kSave, QKeySequence("Ctrl+S"), [this] {
    palette_->ask(tr("Name of the session"), QDateTime::currentDateTime().toString("yyyy-MM-dd HH.mm"),
                  [this](const QString& name) { saveSessionAs(name); });
  });
  addAction("quit", file, tr("&Quit"), Icon::kClose, QKeySequence("Ctrl+Q"), [this] { close(); });
  QAction* undo = history_->stack()->createUndoAction(this, tr("Undo"));
  QAction* redo = history_->stack()->createRedoAction(this, tr("Redo"));
  for (auto [action, name, sign, keys] : {std::tuple{undo, "undo", Icon::kUndo, QKeySequence("Ctrl+Z")},
                                          std::tuple{redo, "redo", Icon::kRedo, QKeySequence("Ctrl+Shift+Z")}}) {
    action->setObjectName(QString::fromLatin1(name));
    action->setIcon(look::icon(sign));
    action->setShortcut(keys);
    action->setProperty("group", edit);
    QMainWindow::addAction(action);
    named_[action->objectName()] = action;
  }
  addAction("resetLayout", view, tr("Reset &layout"), Icon::kFit, {}, [this] { pages_->reset(); });
  addAction("darkTheme", view, tr("&Dark theme"), Icon::kSettings, {}, [this] { chooseTheme("dark"); });
  addAction("lightTheme", view, tr("&Light theme"), Icon::kSettings, {}, [this] { chooseTheme("light"); });
  addAction("palette", help, tr("&Command palette…"), Icon::kSearch, QKeySequence("Ctrl+Shift+P"),
            [this] { palette_->open(allActions()); });
}

void MainWindow::makeShellDocks() {
  settingsForm_ = new forms::OptionForm(optionsOf(settings_), optionsOf(defaults_));
  settingsForm_->setContentsMargins(8, 8, 8, 8);
  connect(settingsForm_, &forms::OptionForm::changed, this, &MainWindow::takeSettings);
  about_ = new AboutPanel;
  struct Row {
    const char* name;
    QString title, group;
    look::Icon sign;
    QWidget* widget;
    QKeySequence keys;
  };
  const Row rows[] = {
      {"notifications", tr("Notifications"), tr("View"), look::Icon::kNotifications, notifications_,
       QKeySequence("Ctrl+Shift+N")},
      {"settings", tr("Settings"), tr("Edit"), look::Icon::kSettings, settingsForm_, QKeySequence("Ctrl+,")},
      {"aboutPanel", tr("About Ecumene"), tr("Help"), look::Icon::kAbout, about_, {}},
  };
  for (const Row& row : rows) {
    QDockWidget* dock =
        pages_->addShellDock({QString::fromLatin1(row.name) + "Dock", row.title, row.widget, Qt::RightDockWidgetArea});
    QAction* toggle = dock->toggleViewAction();
    toggle->setObjectName(QString::fromLatin1(row.name));
    toggle->setIcon(look::icon(row.sign));
    toggle->setShortcut(row.keys);
    toggle->setProperty("group", row.group);
    QMainWindow::addAction(toggle);
    named_[toggle->objectName()] = toggle;
    connect(toggle, &QAction::triggered, dock, [this, dock](bool on) {
      if (on) pages_->giveRoom(dock);
    });
    if (row.widget == about_) {
      connect(toggle, &QAction::triggered, this, [this](bool on) {
        if (on) emit aboutOpened();
      });
    }
  }
}

void MainWindow::makeMenus() {
  QMenu* file = menuBar()->addMenu(tr("&File"));
  file->addActions({named_["openStore"], named_["openRuns"]});
  file->addSeparator();
  file->addAction(named_["attach"]);
  machineMenu_ = file->addMenu(look::icon(look::Icon::kRecent), tr("&Machines"));
  file->addActions({named_["here"], named_["dialAgain"]});
  file->addSeparator();
  file->addAction(named_["saveSession"]);
  file->addSeparator();
  file->addAction(named_["quit"]);
  QMenu* edit = menuBar()->addMenu(tr("&Edit"));
  edit->addActions({named_["undo"], named_["redo"]});
  edit->addSeparator();
  edit->addAction(named_["settings"]);
  QMenu* view = menuBar()->addMenu(tr("&View"));
  view->addSeparator();
  view->addActions({named_["notifications"], named_["resetLayout"]});
  view->addSeparator();
  view->addActions({named_["darkTheme"], named_["lightTheme"]});
  QMenu* help = menuBar()->addMenu(tr("&Help"));
  help->addActions({named_["palette"], named_["aboutPanel"]});
  pages_->setMenus(view, help);
}

void MainWindow::makeWelcome() {
  named_["openStore"]->setWhatsThis(
      tr("A folder made by ecumene-data: planets with climate, spectra and metabolisms."));
  named_["openRuns"]->setWhatsThis(tr("A folder whose sub-folders are training runs."));
  named_["attach"]->setWhatsThis(
      tr("The runs and planets of another machine, reached by ssh as your terminal reaches it."));
  named_["palette"]->setWhatsThis(tr("Everything the window can do, by a few typed letters."));
  QList<QAction*> offers;
  for (const char* name : {"demo", "openStore", "openRuns", "attach", "palette"}) offers << named_[name];
  auto welcome = std::make_unique<WelcomeWorkspace>(offers);
  welcome_ = welcome.get();
  connect(welcome_, &WelcomeWorkspace::sessionChosen, this, &MainWindow::openSession);
  connect(welcome_, &WelcomeWorkspace::machineChosen, this, &MainWindow::machineChosen);
  addWorkspace(std::move(welcome));
  welcome_->setSessions(sessionsOf(places_.sessions));
  QStringList hosts;
  try {
    if (!places_.machines.empty()) hosts = machinesOf(places_.machines);
  } catch (const Error& error) {
    notify(noteOf(error));
  }
  if (!places_.sshConfig.empty()) sshHosts_ = hostsOfSshConfig(places_.sshConfig);
  offerMachines(hosts);
}

void MainWindow::addWorkspace(std::unique_ptr<Workspace> added) {
  Workspace* workspace = added.get();
  pages_->add(std::move(added));
  history_->watch(workspace);
  connect(workspace, &Workspace::noted, this, &MainWindow::notify);
  connect(workspace, &Workspace::lineWanted, palette_, &CommandPalette::ask);
  connect(workspace, &Workspace::figureAsked, this, [this, workspace](const Figure& figure, FigureDeed deed) {
    figures_->act(figure, deed, [this, workspace] { return viewOf(*workspace); });
  });
}

void MainWindow::showWorkspace(const QString& id) {
  pages_->show(id);
}

QString MainWindow::currentWorkspace() const {
  return pages_->current();
}

Workspace* MainWindow::workspace(const QString& id) const {
  return pages_->workspace(id);
}

void MainWindow::raiseDock(const QString& id) {
  pages_->raiseDock(id);
}

QList<QAction*> MainWindow::allActions() const {
  QList<QAction*> actions = pages_->actions();
  for (QAction* action : named_) {
    if (action->objectName() != "palette" && action->isVisible()) actions.append(action);
  }
  actions.append(machineMenu_->actions());
  return actions;
}

void MainWindow::askFolder(const QString& question, const QString& now,
                           const std::function<void(const QString&)>& done) {
  palette_->ask(question, now, [done](const QString& typed) {
    QString folder = typed;
    if (folder == "~" || folder.startsWith("~/")) folder.replace(0, 1, qEnvironmentVariable("HOME"));
    done(folder);
  });
}

void MainWindow::chooseTheme(const char* theme) {
  settings_.theme = theme;
  settingsForm_->reload();
}

void MainWindow::takeSettings() {
  if (!settingsForm_->valid()) return;
  look::applyTheme(*qApp, QString::fromStdString(settings_.theme), settings_.textPoints);
  emit settingsChanged();
  if (places_.settings.empty()) return;
  onDisk([file = places_.settings, settings = settings_] { saveSettings(file, settings); }, [] {},
         [this](const Error& error) { notify(noteOf(error)); });
}

void MainWindow::notify(const Note& note) {
  notifications_->add(note);
}

void MainWindow::setAbout(const std::vector<std::pair<QString, QString>>& rows) {
  about_->setRows(rows);
}

void MainWindow::setFolders(const QString& store, const QString& runs) {
  store_ = store;
  runs_ = runs;
}

void MainWindow::setShownStore(const QString& id, const QString& folder) {
  shownStore_ = id;
  shownFolder_ = folder;
}

void MainWindow::setStatus(const QString& text, const QString& whole) {
  status_->setText(text);
  status_->setToolTip(whole.isEmpty() ? text : whole);
}

void MainWindow::offerDemo(const QString& sentence, bool canBegin) {
  QAction* demo = named_["demo"];
  demo->setVisible(!sentence.isEmpty());
  demo->setEnabled(canBegin);
  demo->setWhatsThis(sentence);
}

void MainWindow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange && pages_ != nullptr) {
    pages_->setIconSide(std::max(22, fontMetrics().height() * 3 / 2));
  }
  QMainWindow::changeEvent(event);
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  QStringList paths;
  for (const QUrl& url : event->mimeData()->urls()) {
    if (url.isLocalFile()) paths << url.toLocalFile();
  }
  if (paths.isEmpty()) return;
  event->acceptProposedAction();
  figures_->find(paths);
}

void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  if (wasShown_) return;
  wasShown_ = true;
  pages_->windowShown();
  if (!places_.sessions.empty()) keeping_.start();
}

}  // namespace ecumene::ui::shell
