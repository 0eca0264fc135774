// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <QActionGroup>
#include <QApplication>
#include <QCloseEvent>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QMenuBar>
#include <QMimeData>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>
#include <QUrl>
#include <QVBoxLayout>

#include "data/base/error.h"
#include "ui/forms/option_form.h"
#include "ui/look/theme.h"
#include "ui/shell/about.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/question_bar.h"
#include "ui/shell/welcome.h"

namespace ecumene::ui::shell {
namespace {

constexpr int kLayoutVersion = 1;
constexpr int kMessageMs = 8000;
const char* const kLastSession = "last.session";

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
  centre_ = new QStackedWidget(middle);
  centre_->setObjectName("centre");
  column->addWidget(questions_);
  column->addWidget(centre_, 1);
  setCentralWidget(middle);
  navigation_ = new QToolBar(tr("Workspaces"), this);
  navigation_->setObjectName("navigation");
  navigation_->setMovable(false);
  navigation_->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
  navigation_->setContextMenuPolicy(Qt::PreventContextMenu);
  QMainWindow::addToolBar(Qt::LeftToolBarArea, navigation_);
  navigationGroup_ = new QActionGroup(this);
  makeActions();
  makeShellDocks();
  makeMenus();
  status_ = new QLabel(this);
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

  std::vector<WelcomeWorkspace::Offer> offers = {
      {named_["openStore"], tr("A folder made by ecumene-data: planets with climate, spectra and metabolisms.")},
      {named_["openRuns"], tr("A folder whose sub-folders are training runs.")},
      {named_["attach"], tr("The runs and planets of another machine, reached by ssh as your terminal reaches it.")},
      {named_["palette"], tr("Everything the window can do, by a few typed letters.")}};
  auto welcome = std::make_unique<WelcomeWorkspace>(offers);
  welcome_ = welcome.get();
  connect(welcome_, &WelcomeWorkspace::sessionChosen, this, &MainWindow::openSession);
  addWorkspace(std::move(welcome));
  refreshSessions();
  setFolders({}, {});
  resize(1280, 800);
  showWorkspace("welcome");
  if (notifications_->count() > 0) named_["notifications"]->trigger();
}

MainWindow::~MainWindow() = default;

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
  addAction("resetLayout", view, tr("Reset &layout"), Icon::kFit, {}, [this] { resetLayout(); });
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
        addDock({QString::fromLatin1(row.name) + "Dock", row.title, row.widget, Qt::RightDockWidgetArea});
    dock->hide();
    shellDocks_.push_back(dock);
    QAction* toggle = dock->toggleViewAction();
    toggle->setObjectName(QString::fromLatin1(row.name));
    toggle->setIcon(look::icon(row.sign));
    toggle->setShortcut(row.keys);
    toggle->setProperty("group", row.group);
    QMainWindow::addAction(toggle);
    named_[toggle->objectName()] = toggle;
    connect(toggle, &QAction::triggered, dock, [dock](bool on) {
      if (on) dock->raise();
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
  file->addActions({named_["attach"], named_["here"], named_["dialAgain"]});
  file->addSeparator();
  file->addAction(named_["saveSession"]);
  file->addSeparator();
  file->addAction(named_["quit"]);
  QMenu* edit = menuBar()->addMenu(tr("&Edit"));
  edit->addActions({named_["undo"], named_["redo"]});
  edit->addSeparator();
  edit->addAction(named_["settings"]);
  viewMenu_ = menuBar()->addMenu(tr("&View"));
  viewMenu_->addSeparator();
  viewMenu_->addActions({named_["notifications"], named_["resetLayout"]});
  helpMenu_ = menuBar()->addMenu(tr("&Help"));
  helpMenu_->addActions({named_["palette"], named_["aboutPanel"]});
}

QDockWidget* MainWindow::addDock(const Workspace::Dock& dock) {
  auto* widget = new QDockWidget(dock.title, this);
  widget->setObjectName(dock.id);
  widget->setWidget(dock.widget);
  addDockWidget(dock.area, widget);
  return widget;
}

void MainWindow::addWorkspace(std::unique_ptr<Workspace> added) {
  const auto number = static_cast<int>(pages_.size()) + 1;
  Page page;
  page.workspace = std::move(added);
  Workspace* workspace = page.workspace.get();
  centre_->addWidget(workspace->centre());
  page.action = new QAction(look::icon(workspace->sign()), workspace->title(), this);
  page.action->setObjectName("workspace." + workspace->id());
  page.action->setCheckable(true);
  page.action->setShortcut(QKeySequence(QStringLiteral("Ctrl+%1").arg(number)));
  page.action->setToolTip(QStringLiteral("%1 (Ctrl+%2)").arg(workspace->title()).arg(number));
  page.action->setProperty("group", tr("Workspace"));
  navigationGroup_->addAction(page.action);
  navigation_->addAction(page.action);
  connect(page.action, &QAction::triggered, this, [this, id = workspace->id()] { showWorkspace(id); });
  viewMenu_->insertAction(viewMenu_->actions().at(number - 1), page.action);
  for (const Workspace::Dock& dock : workspace->docks()) {
    page.docks.push_back(addDock(dock));
    if (dock.tabbed && page.docks.size() > 1) tabifyDockWidget(page.docks[page.docks.size() - 2], page.docks.back());
    page.docks.back()->hide();
    page.docks.back()->toggleViewAction()->setProperty("group", workspace->title());
  }
  if (!workspace->actions().isEmpty() || !page.docks.empty()) {
    page.menu = new QMenu(workspace->title(), menuBar());
    menuBar()->insertMenu(helpMenu_->menuAction(), page.menu);
    for (QAction* action : workspace->actions()) {
      action->setProperty("group", workspace->title());
      page.menu->addAction(action);
      centre_->addAction(action);
    }
    page.menu->addSeparator();
    for (QDockWidget* dock : page.docks) page.menu->addAction(dock->toggleViewAction());
    page.menu->menuAction()->setVisible(false);
  }
  history_->watch(workspace);
  connect(workspace, &Workspace::noted, this, &MainWindow::notify);
  const QString current = currentWorkspace();
  pages_.push_back(std::move(page));
  current_ = current.isEmpty() ? nullptr : pageOf(current);
}

MainWindow::Page* MainWindow::pageOf(const QString& id) {
  for (Page& page : pages_) {
    if (page.workspace->id() == id) return &page;
  }
  return nullptr;
}

const MainWindow::Page* MainWindow::pageOf(const QString& id) const {
  return const_cast<MainWindow*>(this)->pageOf(id);
}

Workspace* MainWindow::workspace(const QString& id) const {
  const Page* page = pageOf(id);
  return page == nullptr ? nullptr : page->workspace.get();
}

void MainWindow::raiseDock(const QString& id) {
  if (auto* dock = findChild<QDockWidget*>(id)) {
    dock->show();
    dock->raise();
  }
}

QString MainWindow::currentWorkspace() const {
  return current_ == nullptr ? QString() : current_->workspace->id();
}

void MainWindow::showWorkspace(const QString& id) {
  Page* page = pageOf(id);
  if (page != nullptr && page != current_) switchTo(*page);
}

void MainWindow::switchTo(Page& page) {
  if (current_ != nullptr) {
    layouts_[current_->workspace->id()] = saveState(kLayoutVersion);
    for (QDockWidget* dock : current_->docks) dock->hide();
    if (current_->menu != nullptr) current_->menu->menuAction()->setVisible(false);
    for (QAction* action : current_->workspace->actions()) action->setVisible(false);
  }
  std::vector<bool> shellVisible;
  for (const QDockWidget* dock : shellDocks_) shellVisible.push_back(!dock->isHidden());
  current_ = &page;
  page.action->setChecked(true);
  if (page.menu != nullptr) page.menu->menuAction()->setVisible(true);
  for (QAction* action : page.workspace->actions()) action->setVisible(true);
  centre_->setCurrentWidget(page.workspace->centre());
  const auto layout = layouts_.find(page.workspace->id());
  if (layout == layouts_.end() || !restoreState(layout.value(), kLayoutVersion)) {
    // Of docks in one place the first is in front.
    for (QDockWidget* dock : page.docks) dock->show();
    arrangeAnew(page);
  }
  for (std::size_t i = 0; i < shellDocks_.size(); ++i) shellDocks_[i]->setVisible(shellVisible[i]);
  setWindowTitle(page.workspace->title() + tr(" – Ecumene"));
}

void MainWindow::arrangeAnew(Page& page) {
  const std::vector<Workspace::Dock> docks = page.workspace->docks();
  QList<QDockWidget*> widgets;
  QList<int> widths;
  for (std::size_t i = 0; i < docks.size(); ++i) {
    widgets.append(page.docks[i]);
    widths.append(docks[i].characters * fontMetrics().averageCharWidth());
  }
  resizeDocks(widgets, widths, Qt::Horizontal);
  for (auto dock = page.docks.rbegin(); dock != page.docks.rend(); ++dock) (*dock)->raise();
}

QList<QAction*> MainWindow::allActions() const {
  QList<QAction*> actions;
  for (const Page& page : pages_) actions.append(page.action);
  if (current_ != nullptr) {
    actions.append(current_->workspace->actions());
    for (const QDockWidget* dock : current_->docks) actions.append(dock->toggleViewAction());
  }
  for (QAction* action : named_) {
    if (action->objectName() != "palette") actions.append(action);
  }
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

void MainWindow::takeSettings() {
  if (!settingsForm_->valid()) return;
  look::applyTheme(*qApp, QString::fromStdString(settings_.theme), settings_.textPoints);
  if (places_.settings.empty()) return;
  try {
    saveSettings(places_.settings, settings_);
  } catch (const Error& error) {
    notify(noteOf(error));
  }
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
  if (store.isEmpty() && runs.isEmpty()) setStatus(tr("Nothing is open"));
}

void MainWindow::setStatus(const QString& text) {
  status_->setText(text);
}

Session MainWindow::session(const QString& name) const {
  Session session;
  session.name = name;
  session.workspace = currentWorkspace();
  session.geometry = saveGeometry();
  session.layouts = layouts_;
  session.layouts[session.workspace] = saveState(kLayoutVersion);
  for (const Page& page : pages_) session.views[page.workspace->id()] = page.workspace->viewState();
  session.store = store_;
  session.runs = runs_;
  session.machine = machine_;
  return session;
}

void MainWindow::restore(const Session& session) {
  if (!session.geometry.isEmpty()) restoreGeometry(session.geometry);
  if (session.machine != machine_) emit machineChosen(session.machine);
  if (!session.store.isEmpty() && session.store != store_) emit storeChosen(session.store);
  if (!session.runs.isEmpty() && session.runs != runs_) emit runsChosen(session.runs);
  for (const Page& page : pages_) {
    const QString id = page.workspace->id();
    if (session.views.contains(id)) page.workspace->setViewState(session.views[id]);
  }
  if (current_ != nullptr && current_->workspace->id() == session.workspace &&
      session.layouts.contains(session.workspace)) {
    restoreState(session.layouts[session.workspace], kLayoutVersion);
  }
  const QString before = currentWorkspace();
  showWorkspace(session.workspace);
  for (auto it = session.layouts.begin(); it != session.layouts.end(); ++it) {
    if (it.key() != session.workspace) layouts_[it.key()] = it.value();
  }
  if (before != session.workspace && session.layouts.contains(session.workspace)) {
    restoreState(session.layouts[session.workspace], kLayoutVersion);
  }
  history_->stack()->clear();
}

void MainWindow::restoreLast() {
  const std::filesystem::path file = places_.sessions / kLastSession;
  if (settings_.restore && std::filesystem::exists(file)) openSession(file);
}

void MainWindow::saveSessionAs(const QString& name) {
  try {
    saveSession(places_.sessions / fileNameOf(name), session(name));
    notify({Severity::kInformation, tr("Session “%1” is saved").arg(name), {}});
  } catch (const Error& error) {
    notify(noteOf(error));
  }
  refreshSessions();
}

void MainWindow::openSession(const std::filesystem::path& file) {
  try {
    restore(loadSession(file));
  } catch (const Error& error) {
    notify(noteOf(error));
  }
}

void MainWindow::refreshSessions() {
  welcome_->setSessions(sessionsOf(places_.sessions));
}

void MainWindow::resetLayout() {
  layouts_.clear();
  for (Page& page : pages_) {
    for (QDockWidget* dock : page.docks) {
      dock->setFloating(false);
      dock->setVisible(&page == current_);
    }
    const std::vector<Workspace::Dock> docks = page.workspace->docks();
    for (std::size_t i = 0; i < docks.size(); ++i) {
      addDockWidget(docks[i].area, page.docks[i]);
      if (docks[i].tabbed && i > 0) tabifyDockWidget(page.docks[i - 1], page.docks[i]);
    }
  }
  for (QDockWidget* dock : shellDocks_) {
    dock->setFloating(false);
    addDockWidget(Qt::RightDockWidgetArea, dock);
    dock->hide();
  }
}

void MainWindow::closeEvent(QCloseEvent* event) {
  QMainWindow::closeEvent(event);
  if (places_.sessions.empty()) return;
  try {
    saveSession(places_.sessions / kLastSession, session(tr("Last window")));
  } catch (const Error& error) {
    // The window closes all the same; stderr is what is left to say it on.
    qWarning("%s", error.what());
  }
}

void MainWindow::changeEvent(QEvent* event) {
  if (event->type() == QEvent::FontChange && navigation_ != nullptr) {
    const int side = std::max(22, fontMetrics().height() * 3 / 2);
    navigation_->setIconSize({side, side});
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
  emit filesDropped(paths);
}

void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  if (wasShown_) return;
  wasShown_ = true;
  // Tabs and sizes of docks do not exist before the window does.
  if (current_ != nullptr && !layouts_.contains(current_->workspace->id())) {
    QTimer::singleShot(0, this, [this] { arrangeAnew(*current_); });
  }
}

}  // namespace ecumene::ui::shell
