// SPDX-License-Identifier: GPL-3.0-or-later
// What the window remembers: sessions, machines, and the views inside of figures.
#include <QCloseEvent>
#include <QMenu>

#include "data/base/error.h"
#include "ui/shell/machines.h"
#include "ui/shell/main_window.h"
#include "ui/shell/welcome.h"
#include "ui/shell/workspace_pages.h"

namespace ecumene::ui::shell {
namespace {

const char* const kLastSession = "last.session";
constexpr qsizetype kMostOnWelcome = 8;

/// What a figure is of and what is open instead, with how to open it; empty where they are the same.
QString othersOf(const Session& figure, const Session& now) {
  QStringList lines;
  if (figure.machine != now.machine) {
    lines << (figure.machine.isEmpty()
                  ? QObject::tr("machine: the one where a window showed it; %1 is shown (Back to this machine)")
                        .arg(now.machine)
                  : QObject::tr("machine: %1 (Attach to a machine…, Ctrl+Shift+A)").arg(figure.machine));
  }
  if (!figure.store.isEmpty() && figure.store != now.store)
    lines << QObject::tr("folder of planets: %1 (Open planets…, Ctrl+O)").arg(figure.store);
  const bool otherStore = figure.machine != now.machine || figure.storeId != now.storeId;
  if (figure.store.isEmpty() && !figure.storeId.isEmpty() && otherStore)
    lines << QObject::tr("planets: the store %1 (chosen in Climate or Data)").arg(figure.storeId);
  if (!figure.runs.isEmpty() && figure.runs != now.runs)
    lines << QObject::tr("folder of runs: %1 (Open runs…, Ctrl+Shift+O)").arg(figure.runs);
  return lines.join('\n');
}

}  // namespace

void MainWindow::onDisk(std::function<void()> work, std::function<void()> done,
                        std::function<void(const Error&)> failed) {
  disk_.start([this, work = std::move(work), done = std::move(done), failed = std::move(failed)] {
    std::function<void()> then = done;
    try {
      work();
    } catch (const Error& error) {
      then = [failed, error] { failed(error); };
    } catch (const std::exception& exception) {
      then = [failed, error = Error(exception.what(), ErrorKind::kEnvironment)] { failed(error); };
    }
    QMetaObject::invokeMethod(this, then, Qt::QueuedConnection);
  });
}

Session MainWindow::session(const QString& name) const {
  Session session;
  session.name = name;
  session.workspace = currentWorkspace();
  session.geometry = saveGeometry();
  session.layouts = pages_->layouts();
  for (const Workspace* workspace : pages_->all()) session.views[workspace->id()] = workspace->viewState();
  session.store = store_;
  session.runs = runs_;
  session.storeId = shownStore_;
  session.machine = machine_;
  return session;
}

Session MainWindow::viewOf(const Workspace& workspace) const {
  Session view;
  view.name = workspace.title();
  view.workspace = workspace.id();
  view.views[workspace.id()] = workspace.viewState();
  view.machine = machine_;
  view.storeId = shownStore_;
  // The folders are of this machine, which is not shown while another one is.
  if (machine_.isEmpty()) {
    view.store = shownFolder_.isEmpty() ? store_ : shownFolder_;
    view.runs = runs_;
  }
  return view;
}

void MainWindow::openFigure(const Session& view) {
  Workspace* workspace = pages_->workspace(view.workspace);
  if (workspace == nullptr)
    return notify({Severity::kWarning, tr("The figure is of a workspace that is not here"), {}});
  // The file may be anybody's: it dials no machine and opens no folder. It is a view like any other, and can be undone.
  const Session now = viewOf(*workspace);
  workspace->setViewState(view.views[workspace->id()]);
  showWorkspace(workspace->id());
  emit workspace->viewChanged(tr("Figure"), now.views[workspace->id()]);
  if (const QString others = othersOf(view, now); !others.isEmpty()) {
    notify({Severity::kWarning, tr("The figure was made elsewhere; its view is shown of what is open here"), others});
  }
}

void MainWindow::restore(const Session& session) {
  if (!session.geometry.isEmpty()) restoreGeometry(session.geometry);
  if (session.machine.isEmpty()) {
    if (!machine_.isEmpty()) emit machineChosen({});
    if (!session.store.isEmpty() && session.store != store_) emit storeChosen(session.store);
    if (!session.runs.isEmpty() && session.runs != runs_) emit runsChosen(session.runs);
  } else {
    // To open a folder of this machine is to leave the other one: these wait until this one is shown again.
    setFolders(session.store, session.runs);
    if (session.machine != machine_) emit machineChosen(session.machine);
  }
  if (!session.storeId.isEmpty()) emit shownStoreChosen(session.storeId);
  for (Workspace* workspace : pages_->all()) {
    if (session.views.contains(workspace->id())) workspace->setViewState(session.views[workspace->id()]);
  }
  pages_->restore(session.workspace, session.layouts);
  history_->stack()->clear();
}

void MainWindow::restoreLast() {
  const std::filesystem::path file = places_.sessions / kLastSession;
  if (!settings_.restore || !std::filesystem::exists(file)) return;
  try {
    restore(loadSession(file));
  } catch (const Error& error) {
    notify(noteOf(error));
  }
}

void MainWindow::saveSessionAs(const QString& name) {
  auto sessions = std::make_shared<std::vector<SessionFile>>();
  onDisk(
      [folder = places_.sessions, now = session(name), sessions] {
        saveSession(folder / fileNameOf(now.name), now);
        *sessions = sessionsOf(folder);
      },
      [this, name, sessions] {
        notify({Severity::kInformation, tr("Session “%1” is saved").arg(name), {}});
        welcome_->setSessions(*sessions);
      },
      [this](const Error& error) { notify(noteOf(error)); });
}

void MainWindow::keepSession() {
  Session now = session(tr("Last window"));
  if (now == kept_) return;
  kept_ = now;
  onDisk([file = places_.sessions / kLastSession, now = std::move(now)] { saveSession(file, now); },
         [this] { keepingFailed_ = false; },
         [this](const Error& error) {
           kept_ = {};  // it is tried again, and said once
           if (!keepingFailed_) notify(noteOf(error));
           keepingFailed_ = true;
         });
}

void MainWindow::openSession(const std::filesystem::path& file) {
  auto session = std::make_shared<Session>();
  onDisk([file, session] { *session = loadSession(file); }, [this, session] { restore(*session); },
         [this](const Error& error) { notify(noteOf(error)); });
}

void MainWindow::remember(const QString& host) {
  if (places_.machines.empty()) return;
  auto hosts = std::make_shared<QStringList>();
  onDisk(
      [file = places_.machines, host, hosts] {
        rememberMachine(file, host);
        *hosts = machinesOf(file);
      },
      [this, hosts] { offerMachines(*hosts); }, [this](const Error& error) { notify(noteOf(error)); });
}

void MainWindow::offerMachines(const QStringList& reached) {
  QStringList hosts = reached + sshHosts_;
  hosts.removeDuplicates();
  machineMenu_->clear();
  machineMenu_->setEnabled(!hosts.isEmpty());
  for (const QString& host : hosts) {
    QAction* action = machineMenu_->addAction(look::icon(look::Icon::kConnect), tr("Attach to %1").arg(host));
    action->setObjectName("attach." + host);
    action->setProperty("group", tr("File"));
    connect(action, &QAction::triggered, this, [this, host] { emit machineChosen(host); });
  }
  welcome_->setMachines(hosts.mid(0, kMostOnWelcome));
}

void MainWindow::closeEvent(QCloseEvent* event) {
  QMainWindow::closeEvent(event);
  if (places_.sessions.empty()) return;
  keeping_.stop();
  disk_.waitForDone();
  try {
    saveSession(places_.sessions / kLastSession, session(tr("Last window")));
  } catch (const Error& error) {
    // The window closes all the same; stderr is what is left to say it on.
    qWarning("%s", error.what());
  }
}

}  // namespace ecumene::ui::shell
