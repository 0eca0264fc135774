// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ecumene/desktop.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QJsonDocument>
#include <QTimer>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>

#include "data/base/error.h"
#include "ui/catalogue/data_workspace.h"
#include "ui/client/client.h"
#include "ui/client/here.h"
#include "ui/client/ssh_questions.h"
#include "ui/client/there.h"
#include "ui/climate/climate_workspace.h"
#include "ui/climate/planet_view.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"
#include "ui/runs/launch_panel.h"
#include "ui/runs/runs_workspace.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/main_window.h"
#include "ui/shell/question_bar.h"
#include "viz/scene/offscreen.h"

namespace ecumene::ecumene_app {
namespace {

namespace fs = std::filesystem;
using ui::shell::MainWindow;

constexpr int kSettleMs = 250;  // between the last data and the picture: layouts and one more frame
constexpr int kPingMs = 2000;
constexpr int kSnapshotMs = 60000;  // a snapshot that has not been drawn by then is refused

QSize sizeOf(const std::string& text) {
  int width = 0, height = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, width);
  const bool cross = first.ec == std::errc{} && first.ptr != end && *first.ptr == 'x';
  const auto second = cross ? std::from_chars(first.ptr + 1, end, height) : first;
  if (!cross || second.ec != std::errc{} || second.ptr != end || width < 320 || height < 240 || width > 16384 ||
      height > 16384) {
    throw Error("this is no size of a window", ErrorKind::kUsage)
        .on("--size")
        .expected("WIDTHxHEIGHT, from 320x240 to 16384x16384")
        .found(text);
  }
  return {width, height};
}

/// A folder as the user gave it, absolute, so that a session finds it again.
std::string absolute(const std::string& folder) {
  return folder.empty() ? std::string() : fs::absolute(folder).lexically_normal().string();
}

/// The window with its workspaces, and the daemon that feeds them.
class Desktop {
 public:
  Desktop(const MainWindow::Places& places, const Words& words)
      : leaveNothing_(!words.snapshot.empty()),
        client_(std::make_unique<ui::client::Client>()),
        window_(std::make_unique<MainWindow>(places)) {
    if (!words.theme.empty()) {
      ui::look::applyTheme(*qApp, QString::fromStdString(words.theme), window_->settings().textPoints);
    }
    auto climate = std::make_unique<ui::climate::ClimateWorkspace>(client_.get());
    climate_ = climate.get();
    auto runs = std::make_unique<ui::runs::RunsWorkspace>(client_.get());
    runs_ = runs.get();
    window_->addWorkspace(std::move(runs));
    window_->addWorkspace(std::move(climate));
    auto data = std::make_unique<ui::catalogue::DataWorkspace>(client_.get());
    data_ = data.get();
    window_->addWorkspace(std::move(data));
    QObject::connect(data_, &ui::catalogue::DataWorkspace::planetOpened, window_.get(), [this](const QString& id) {
      climate_->setViewState({{"planet", id}});
      window_->showWorkspace("climate");
    });
    QObject::connect(
        data_, &ui::catalogue::DataWorkspace::lineWanted, window_.get(),
        [this](const QString& question, const QString& initial, const ui::catalogue::DataWorkspace::Take& done) {
          window_->palette()->ask(question, initial, done);
        });
    QObject::connect(data_, &ui::catalogue::DataWorkspace::importsShown, window_.get(), [this] {
      window_->showWorkspace("data");
      window_->raiseDock("dataJobs");
    });
    QObject::connect(window_.get(), &MainWindow::filesDropped, window_.get(),
                     [this](const QStringList& paths) { data_->import(paths); });
    QObject::connect(window_.get(), &MainWindow::storeChosen, window_.get(), [this](const QString& folder) {
      open(folder.toStdString(), runsFolder_);
      window_->showWorkspace("climate");
    });
    QObject::connect(window_.get(), &MainWindow::runsChosen, window_.get(), [this](const QString& folder) {
      open(store_, folder.toStdString());
      window_->showWorkspace("runs");
    });
    QObject::connect(window_.get(), &MainWindow::machineChosen, window_.get(), [this](const QString& host) {
      if (host.isEmpty()) return open(store_, runsFolder_);
      attach(host);
    });
    QObject::connect(window_.get(), &MainWindow::dialAgainAsked, window_.get(), [this] { client_->dialAgain(); });
    ping_.setInterval(kPingMs);
    QObject::connect(&ping_, &QTimer::timeout, window_.get(), [this] { ping(); });
    ping_.start();
    QObject::connect(runs_, &ui::runs::RunsWorkspace::launchWanted, window_.get(), [this] {
      window_->raiseDock("runsLaunch");
      runs_->launchPanel()->setFocus();
    });
    QObject::connect(runs_, &ui::runs::RunsWorkspace::comparisonWanted, window_.get(),
                     [this] { window_->raiseDock("runsCompare"); });
    QObject::connect(runs_, &ui::runs::RunsWorkspace::runCount, window_.get(), [this](int count) {
      runCount_ = count;
      sayWhatIsOpen();
    });
    QObject::connect(climate_, &ui::climate::ClimateWorkspace::planetCount, window_.get(), [this](int count) {
      planets_ = count;
      sayWhatIsOpen();
    });
    QObject::connect(client_.get(), &ui::client::Client::linkChanged, window_.get(), [this] { linkChanged(); });
    QObject::connect(client_.get(), &ui::client::Client::sourceChanged, window_.get(), [this] {
      planets_ = runCount_ = -1;
      sayWhatIsOpen();
    });
  }
  ~Desktop() {
    // Workspaces ask the client, so they end first.
    window_.reset();
  }

  /// Shows this machine: what its daemon serves, with these folders among it.
  void open(const std::string& store, const std::string& runs) {
    store_ = absolute(store);
    runsFolder_ = absolute(runs);
    window_->setFolders(QString::fromStdString(store_), QString::fromStdString(runsFolder_));
    window_->setMachine({});
    ui::client::Folders folders{runsFolder_, {}};
    if (!store_.empty()) folders.stores.emplace_back(store_);
    const fs::path programs = QCoreApplication::applicationDirPath().toStdString();
    if (leaveNothing_) {
      own_ = std::make_shared<ui::client::OwnDaemon>(folders, programs);
      client_->connectTo(QObject::tr("this machine"), [own = own_] { return own->reach(); });
      return;
    }
    client_->connectTo(QObject::tr("this machine"), [folders, programs] { return reachHere(folders, programs); });
  }

  /// Shows another machine, reached by ssh.
  void attach(const QString& host) {
    if (!questions_) {
      questions_ = std::make_unique<ui::client::SshQuestions>(fs::read_symlink("/proc/self/exe"));
      QObject::connect(questions_.get(), &ui::client::SshQuestions::asked, window_.get(),
                       [this](const QString& question, bool secret, const ui::client::SshQuestions::Answer& answer) {
                         window_->questions().ask(question, secret, answer);
                       });
    }
    window_->setMachine(host);
    client_->connectTo(
        host, ui::client::dialThere({host.toStdString(), window_->settings().program, {}}, questions_->asking()));
    window_->showWorkspace("runs");
  }

  void openWhatIsAskedFor(const Words& words) {
    const auto& settings = window_->settings();
    open(words.store.empty() ? settings.store : words.store, words.runs.empty() ? settings.runs : words.runs);
  }

  /// Trains a preset as a run of this name once the daemon answers, unless there is such a run; and shows it.
  void launchOnce(const std::string& words) {
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

  void sayVersions() {
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

  MainWindow& window() { return *window_; }

 private:
  void linkChanged() {
    using Link = ui::client::Client::Link;
    if (client_->isUp()) {
      chooseStore();
      sendLaunch();
    }
    if (client_->link() == Link::kLost && wasUp_) {
      window_->notify({ui::shell::Severity::kWarning, QObject::tr("The daemon does not answer; it is looked for"), {}});
    }
    wasUp_ = client_->isUp();
    if (!wasUp_) answerMs_ = -1;
    sayWhatIsOpen();
  }

  void sendLaunch() {
    if (!launch_) return;
    wire::LaunchRequest request = *launch_;
    launch_.reset();
    request.set_store(client_->store());
    client_->ask(
        "launch once", window_.get(),
        [request](ui::client::Daemon& daemon) {
          const auto runs = daemon.call(&wire::Runs::Stub::List, wire::ListRunsRequest());
          for (const wire::Run& run : runs.runs()) {
            if (run.id() == request.run()) return;
          }
          daemon.call(&wire::Runs::Stub::Launch, request, ui::runs::LaunchPanel::kMakeTime);
        },
        [] {}, [this](const Error& error) { window_->notify(ui::shell::noteOf(error)); },
        ui::client::Client::Lane::kSlow);
  }

  /// How long an answer takes there and back.
  void ping() {
    client_->ask(
        "ping", window_.get(),
        [](ui::client::Daemon& daemon) {
          QElapsedTimer timer;
          timer.start();
          (void)daemon.call(&wire::System::Stub::Readings, wire::ReadingsRequest());
          return timer.elapsed();
        },
        [this](qint64 milliseconds) {
          answerMs_ = milliseconds;
          sayWhatIsOpen();
        },
        [](const Error&) {});
  }

  /// The store that was opened by its folder is the one that is shown.
  void chooseStore() {
    const auto& hello = client_->hello();
    for (int i = 0; i < hello.stores_size(); ++i) {
      if (!store_.empty() && hello.store_folders(i) == store_) client_->chooseStore(hello.stores(i));
    }
  }

  void sayWhatIsOpen() {
    using Link = ui::client::Client::Link;
    if (!client_->isUp()) {
      const QString problem = client_->problem();
      window_->setStatus(client_->link() == Link::kNone ? QObject::tr("Nothing is open")
                         : problem.isEmpty() ? QObject::tr("Looking for the daemon of %1…").arg(client_->name())
                                             : problem.section('\n', 0, 0));
      return;
    }
    const auto counted = [](int count) { return count < 0 ? QString() : QObject::tr(" (%1)").arg(count); };
    QStringList parts = {answerMs_ < 0 ? client_->name()
                                       : QObject::tr("%1, %2 ms").arg(client_->name()).arg(answerMs_)};
    const std::string store = client_->store();
    if (!store.empty()) parts << QObject::tr("Planets: %1%2").arg(QString::fromStdString(store), counted(planets_));
    parts << QObject::tr("Runs: %1%2")
                 .arg(QString::fromStdString(fs::path(client_->hello().runs()).filename().string()),
                      counted(runCount_));
    window_->setStatus(parts.join("   "));
  }

  const bool leaveNothing_;
  std::shared_ptr<ui::client::OwnDaemon> own_;  ///< outlives the client's questions
  std::unique_ptr<ui::client::Client> client_;
  std::unique_ptr<MainWindow> window_;
  ui::climate::ClimateWorkspace* climate_ = nullptr;
  ui::catalogue::DataWorkspace* data_ = nullptr;
  std::string store_, runsFolder_;             ///< folders that were opened here
  std::optional<wire::LaunchRequest> launch_;  ///< to be sent once the daemon answers
  bool wasUp_ = false;
  qint64 answerMs_ = -1;  ///< of the last ping; -1: none
  QTimer ping_;
  std::unique_ptr<ui::client::SshQuestions> questions_;
  ui::runs::RunsWorkspace* runs_ = nullptr;
  int planets_ = -1, runCount_ = -1;  ///< not known yet
};

QJsonObject viewOf(const Words& words) {
  QJsonObject view;
  if (!words.view.empty()) {
    QJsonParseError problem;
    view = QJsonDocument::fromJson(QByteArray::fromStdString(words.view), &problem).object();
    if (problem.error != QJsonParseError::NoError) {
      throw Error("the view is no JSON object", ErrorKind::kUsage)
          .on("--view")
          .found(problem.errorString().toStdString());
    }
  }
  if (!words.of.empty()) view[words.snapshot == "runs" ? "run" : "planet"] = QString::fromStdString(words.of);
  return view;
}

void requireSnapshotWords(const Words& words, MainWindow& window) {
  if (words.out.empty()) {
    throw Error("a snapshot needs a file", ErrorKind::kUsage).on("--out").next("add --out picture.png");
  }
  if (window.workspace(QString::fromStdString(words.snapshot)) == nullptr) {
    throw Error("there is no such workspace", ErrorKind::kUsage).on("--snapshot").found(words.snapshot);
  }
}

int drawSnapshot(QApplication& application, Desktop& desktop, const Words& words) {
  MainWindow& window = desktop.window();
  requireSnapshotWords(words, window);
  const QString id = QString::fromStdString(words.snapshot);
  ui::shell::Workspace* workspace = window.workspace(id);
  window.showWorkspace(id);
  workspace->setViewState(viewOf(words));
  window.show();
  QString failure = QObject::tr("it was not drawn within %1 s").arg(kSnapshotMs / 1000);
  QTimer::singleShot(kSnapshotMs, &application, &QApplication::quit);
  // The catalogue is asked before the planet, so the list is filled when the planet is there.
  workspace->whenDrawn([&](const QString& problem) {
    failure = problem;
    QTimer::singleShot(problem.isEmpty() ? kSettleMs : 0, &application, &QApplication::quit);
  });
  QApplication::exec();
  if (!failure.isEmpty()) {
    throw Error("the snapshot could not be drawn").on(words.of).found(failure.toStdString());
  }
  if (!window.grab().save(QString::fromStdString(words.out), "PNG")) {
    throw Error("the picture could not be written", ErrorKind::kEnvironment)
        .on(words.out)
        .next("is the folder there, and may you write in it?");
  }
  return 0;
}

}  // namespace

int runDesktop(int& argc, char** argv, const Words& words) {
  if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY")) {
    throw Error("there is no display", ErrorKind::kEnvironment)
        .expected("DISPLAY or WAYLAND_DISPLAY in the environment")
        .next("for a snapshot without a screen: xvfb-run ecumene --snapshot ...");
  }
  const QSize size = sizeOf(words.size);
  ui::climate::prepareGraphics();
  QApplication application(argc, argv);
  QApplication::setApplicationName("ecumene");
  QApplication::setApplicationDisplayName("Ecumene");
  const bool snapshot = !words.snapshot.empty();
  MainWindow::Places places;
  if (!snapshot) places = {ui::shell::configFolder() / "settings.toml", ui::shell::stateFolder() / "sessions"};
  Desktop desktop(places, words);
  desktop.window().resize(size);
  desktop.openWhatIsAskedFor(words);
  if (snapshot) return drawSnapshot(application, desktop, words);
  if (words.store.empty() && words.runs.empty()) desktop.window().restoreLast();
  if (!words.launch.empty()) desktop.launchOnce(words.launch);
  desktop.sayVersions();
  QObject::connect(&desktop.window(), &MainWindow::aboutOpened, &application, [&] { desktop.sayVersions(); });
  desktop.window().show();
  return QApplication::exec();
}

}  // namespace ecumene::ecumene_app
