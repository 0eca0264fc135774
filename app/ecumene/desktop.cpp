// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ecumene/desktop.h"

#include <QApplication>
#include <QStatusBar>
#include <QTimer>

#include "app/ecumene/demo.h"
#include "data/base/error.h"
#include "engine/run/records.h"
#include "ui/client/there.h"
#include "ui/client/why_nothing.h"
#include "ui/climate/planet_view.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"
#include "ui/runs/launch_panel.h"
#include "ui/runs/machine_panel.h"
#include "ui/runs/run_copies.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/question_bar.h"
#include "viz/scene/offscreen.h"

namespace ecumene::ecumene_app {
namespace {

namespace fs = std::filesystem;
using ui::shell::MainWindow;

constexpr int kPingMs = 2000;

/// A folder as the user gave it, absolute, so that a session finds it again.
std::string absolute(const std::string& folder) {
  return folder.empty() ? std::string() : fs::absolute(folder).lexically_normal().string();
}

}  // namespace

Desktop::Desktop(const Setup& setup)
    : programs_(setup.programs),
      leaveNothing_(setup.leaveNothing),
      client_(std::make_unique<ui::client::Client>()),
      window_(std::make_unique<MainWindow>(setup.places)) {
  if (!setup.theme.empty()) {
    ui::look::applyTheme(*qApp, QString::fromStdString(setup.theme), window_->settings().textPoints);
  }
  auto climate = std::make_unique<ui::climate::ClimateWorkspace>(client_.get());
  climate_ = climate.get();
  auto runs = std::make_unique<ui::runs::RunsWorkspace>(client_.get());
  runs_ = runs.get();
  if (!setup.places.sessions.empty()) runs_->copies()->keepIn(setup.places.sessions.parent_path() / "copies.json");
  window_->addWorkspace(std::move(runs));
  window_->addWorkspace(std::move(climate));
  auto data = std::make_unique<ui::catalogue::DataWorkspace>(client_.get());
  data_ = data.get();
  window_->addWorkspace(std::move(data));
  // A picture has nothing that changes from moment to moment.
  if (!leaveNothing_) window_->statusBar()->addWidget(new ui::runs::MachineLabel(runs_->machine()), 1);
  demo_ = new Demo(client_.get(), window_.get());
  connectWorkspaces();
  connectWindow();
  ping_.setInterval(kPingMs);
  QObject::connect(&ping_, &QTimer::timeout, window_.get(), [this] { ping(); });
  if (!leaveNothing_) ping_.start();
}

Desktop::~Desktop() {
  // Workspaces ask the client, so they end first.
  window_.reset();
}

void Desktop::connectWorkspaces() {
  QObject::connect(data_, &ui::catalogue::DataWorkspace::planetOpened, window_.get(), [this](const QString& id) {
    climate_->setViewState({{"planet", id}});
    window_->showWorkspace("climate");
  });
  QObject::connect(data_, &ui::catalogue::DataWorkspace::importsShown, window_.get(), [this] {
    window_->showWorkspace("data");
    window_->raiseDock("dataJobs");
  });
  QObject::connect(runs_, &ui::runs::RunsWorkspace::launchWanted, window_.get(), [this] { showLaunch(); });
  QObject::connect(runs_, &ui::runs::RunsWorkspace::comparisonWanted, window_.get(),
                   [this] { window_->raiseDock("runsCompare"); });
  QObject::connect(runs_, &ui::runs::RunsWorkspace::runCount, window_.get(), [this](int count) {
    runCount_ = count;
    sayWhatIsOpen();
  });
  QObject::connect(data_, &ui::catalogue::DataWorkspace::planetCount, window_.get(), [this](int count) {
    planets_ = count;
    sayWhatIsOpen();
  });
  QObject::connect(data_, &ui::catalogue::DataWorkspace::storeChanged, window_.get(), [this] {
    climate_->readAgain();
    demo_->look();
  });
  QObject::connect(demo_, &Demo::changed, window_.get(), &MainWindow::offerDemo);
  QObject::connect(demo_, &Demo::failed, window_.get(),
                   [this](const Error& error) { window_->notify(ui::shell::noteOf(error)); });
  QObject::connect(demo_, &Demo::planetsThere, window_.get(), [this] {
    runs_->launchPanel()->choosePreset("demo");
    // Whoever has gone on to something else is not taken from it.
    if (window_->currentWorkspace() == "welcome") return showLaunch();
    window_->notify({ui::shell::Severity::kInformation,
                     QObject::tr("The demo's planets are there; the form of a new run is filled for them"),
                     {}});
  });
}

void Desktop::showLaunch() {
  window_->showWorkspace("runs");
  window_->raiseDock("runsLaunch");
  runs_->launchPanel()->setFocus();
}

void Desktop::connectWindow() {
  QObject::connect(window_.get(), &MainWindow::filesDropped, window_.get(),
                   [this](const QStringList& paths) { data_->import(paths); });
  QObject::connect(window_.get(), &MainWindow::storeChosen, window_.get(), [this](const QString& folder) {
    open(folder.toStdString(), window_->runsFolder().toStdString());
    window_->showWorkspace("climate");
  });
  QObject::connect(window_.get(), &MainWindow::runsChosen, window_.get(), [this](const QString& folder) {
    open(window_->storeFolder().toStdString(), folder.toStdString());
    window_->showWorkspace("runs");
  });
  QObject::connect(window_.get(), &MainWindow::machineChosen, window_.get(), [this](const QString& host) {
    const QString before = host_;
    comeTo(host);
    if (!host.isEmpty()) back_ = before;
  });
  QObject::connect(window_.get(), &MainWindow::shownStoreChosen, window_.get(),
                   [this](const QString& id) { client_->chooseStore(id.toStdString()); });
  QObject::connect(window_.get(), &MainWindow::dialAgainAsked, window_.get(), [this] { client_->dialAgain(); });
  QObject::connect(client_.get(), &ui::client::Client::linkChanged, window_.get(), [this] { linkChanged(); });
  QObject::connect(client_.get(), &ui::client::Client::refused, window_.get(), [this](const Error& error) {
    if (!back_) window_->notify(ui::shell::noteOf(error));
  });
  QObject::connect(client_.get(), &ui::client::Client::sourceChanged, window_.get(), [this] {
    planets_ = runCount_ = -1;
    sayStore();
    sayPrice();
    sayWhatIsOpen();
  });
  QObject::connect(window_.get(), &MainWindow::settingsChanged, window_.get(), [this] { sayPrice(); });
  QObject::connect(window_.get(), &MainWindow::demoAsked, demo_, &Demo::begin);
}

void Desktop::open(const std::string& store, const std::string& runs) {
  back_.reset();
  host_.clear();
  ui::client::Folders folders{absolute(runs), {}};
  if (!store.empty()) folders.stores.emplace_back(absolute(store));
  window_->setFolders(QString::fromStdString(absolute(store)), QString::fromStdString(folders.runs.string()));
  window_->setMachine({});
  if (leaveNothing_) {
    own_ = std::make_shared<ui::client::OwnDaemon>(folders, programs_);
    client_->connectTo(QObject::tr("this machine"), [own = own_](const auto& stop) { return own->reach(stop); });
    return;
  }
  client_->connectTo(QObject::tr("this machine"),
                     [folders, programs = programs_, last = std::make_shared<ui::client::Served>()](const auto& stop) {
                       return reachHere(folders, programs, *last, stop);
                     });
}

void Desktop::comeTo(const QString& host) {
  if (!host.isEmpty()) return attach(host);
  open(window_->storeFolder().toStdString(), window_->runsFolder().toStdString());
}

void Desktop::goBack() {
  if (!back_ || client_->isUp()) return;
  const QString host = host_, before = *back_, problem = ui::client::whyNothing(*client_, {});
  comeTo(before);
  window_->notify({ui::shell::Severity::kWarning, QObject::tr("Not attached to %1").arg(host),
                   QObject::tr("%1. What was shown before is shown again.").arg(problem)});
}

void Desktop::attach(const QString& host) {
  back_.reset();
  host_ = host;
  if (!questions_) {
    questions_ = std::make_unique<ui::client::SshQuestions>(fs::read_symlink("/proc/self/exe"));
    QObject::connect(
        questions_.get(), &ui::client::SshQuestions::asked, window_.get(),
        [this](const QString& question, bool secret, QObject* asker, const ui::client::SshQuestions::Answer& answer) {
          window_->questions().ask(question, secret, asker, answer);
        });
  }
  window_->setMachine(host);
  client_->connectTo(
      host, ui::client::dialThere({host.toStdString(), window_->settings().program, {}}, questions_->asking()));
  window_->showWorkspace("runs");
}

void Desktop::openWhatIsAskedFor(const std::string& store, const std::string& runs) {
  const auto& settings = window_->settings();
  open(store.empty() ? settings.store : store, runs.empty() ? settings.runs : runs);
}

void Desktop::launchOnce(const std::string& words) {
  const std::size_t equals = words.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == words.size()) {
    throw Error("this names no run to launch", ErrorKind::kUsage).on("--launch").expected("NAME=PRESET").found(words);
  }
  wire::LaunchRequest request;
  request.set_run(words.substr(0, equals));
  request.set_preset(words.substr(equals + 1));
  request.set_evaluate(true);
  window_->showWorkspace("runs");
  runs_->setViewState({{"run", QString::fromStdString(request.run())}});
  launch_ = request;
}

void Desktop::sayPrice() {
  const ui::shell::Settings& settings = window_->settings();
  runs_->setPrice(
      {host_.isEmpty() ? settings.costHere : settings.costThere, QString::fromStdString(settings.currency)});
}

void Desktop::sayVersions() {
  std::vector<std::pair<QString, QString>> rows = {{"Ecumene", ECUMENE_VERSION},
                                                   {"Qt", QString::fromLatin1(qVersion())},
                                                   {"VTK", QString::fromStdString(viz::scene::vtkVersion())},
                                                   {"Fonts", ui::look::fontFamilies()}};
  if (const auto driver = climate_->planetView()->driver()) {
    rows.emplace_back("OpenGL vendor", QString::fromStdString(driver->vendor));
    rows.emplace_back("OpenGL renderer", QString::fromStdString(driver->renderer));
    rows.emplace_back("OpenGL version", QString::fromStdString(driver->version));
  } else {
    rows.emplace_back("OpenGL", QObject::tr("not used yet: open the Climate workspace"));
  }
  const QStringList missing = ui::look::missingIcons();
  if (!missing.isEmpty())
    rows.emplace_back("Icons", QObject::tr("%1 are missing: install breeze-icon-theme").arg(missing.size()));
  window_->setAbout(rows);
}

void Desktop::linkChanged() {
  using Link = ui::client::Client::Link;
  if (back_ && !client_->problem().isEmpty()) QTimer::singleShot(0, window_.get(), [this] { goBack(); });
  if (client_->isUp()) {
    back_.reset();
    chooseStore();
    sendLaunch();
    if (!wasUp_ && !host_.isEmpty()) window_->remember(host_);
  }
  if (client_->link() == Link::kLost && wasUp_) {
    window_->notify({ui::shell::Severity::kWarning, QObject::tr("The daemon does not answer; it is looked for"), {}});
  }
  wasUp_ = client_->isUp();
  if (!wasUp_) answerMs_ = -1;
  sayWhatIsOpen();
}

void Desktop::sendLaunch() {
  if (!launch_) return;
  wire::LaunchRequest request = *launch_;
  launch_.reset();
  request.set_store(client_->store());
  client_->ask(
      "launch once", window_.get(),
      [request](ui::client::Daemon& daemon) {
        const auto runs = daemon.call(&wire::Runs::Stub::List, wire::ListRunsRequest());
        for (const wire::Run& run : runs.runs()) {
          if (run.id() != request.run()) continue;
          // Nobody has ended it for good: it goes on from its newest checkpoint.
          const bool cutShort = run.state() == "stopped" && run.reason() == engine::run::kBySignal;
          if (run.state() != "killed" && run.state() != "new" && !cutShort) return;
          wire::AskRequest resume;
          resume.set_run(run.id());
          resume.set_word("resume");
          daemon.call(&wire::Runs::Stub::Ask, resume);
          return;
        }
        daemon.call(&wire::Runs::Stub::Launch, request, ui::runs::LaunchPanel::kMakeTime);
      },
      [] {}, [this](const Error& error) { window_->notify(ui::shell::noteOf(error)); },
      ui::client::Client::Lane::kSlow);
}

void Desktop::ping() {
  client_->ping(window_.get(), [this](qint64 milliseconds) {
    answerMs_ = milliseconds;
    sayWhatIsOpen();
  });
}

void Desktop::chooseStore() {
  // What was chosen since the folder was opened holds for as long as the daemon has it.
  if (client_->isStoreChosen()) return;
  const auto& hello = client_->hello();
  const std::string store = window_->storeFolder().toStdString();
  for (int i = 0; i < hello.stores_size(); ++i) {
    if (!store.empty() && hello.store_folders(i) == store) client_->chooseStore(hello.stores(i));
  }
}

void Desktop::sayStore() {
  const auto& hello = client_->hello();
  const std::string store = client_->store();
  std::string folder;
  for (int i = 0; host_.isEmpty() && i < hello.stores_size(); ++i) {
    if (hello.stores(i) == store) folder = hello.store_folders(i);
  }
  window_->setShownStore(QString::fromStdString(store), QString::fromStdString(folder));
}

void Desktop::sayWhatIsOpen() {
  if (!client_->isUp()) {
    const QString why = ui::client::whyNothing(*client_, QObject::tr("Nothing is open"));
    return window_->setStatus(why.section('\n', 0, 0), why);
  }
  const auto counted = [](int count) { return count < 0 ? QString() : QObject::tr(" (%1)").arg(count); };
  QStringList parts = {answerMs_ < 0 ? client_->name() : QObject::tr("%1, %2 ms").arg(client_->name()).arg(answerMs_)};
  const std::string store = client_->store();
  if (!store.empty()) parts << QObject::tr("Planets: %1%2").arg(QString::fromStdString(store), counted(planets_));
  parts << QObject::tr("Runs: %1%2")
               .arg(QString::fromStdString(fs::path(client_->hello().runs()).filename().string()), counted(runCount_));
  window_->setStatus(parts.join("   "));
}

}  // namespace ecumene::ecumene_app
