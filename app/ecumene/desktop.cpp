// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ecumene/desktop.h"

#include <QApplication>
#include <QFile>
#include <QJsonDocument>
#include <QTimer>
#include <charconv>
#include <filesystem>
#include <memory>

#include "data/base/error.h"
#include "ui/client/client.h"
#include "ui/client/local_source.h"
#include "ui/climate/climate_workspace.h"
#include "ui/climate/planet_view.h"
#include "ui/look/icons.h"
#include "ui/look/theme.h"
#include "ui/runs/launch_panel.h"
#include "ui/runs/runs_workspace.h"
#include "ui/shell/main_window.h"
#include "viz/scene/offscreen.h"

namespace ecumene::ecumene_app {
namespace {

namespace fs = std::filesystem;
using ui::shell::MainWindow;

constexpr int kSettleMs = 250;      // between the last data and the picture: layouts and one more frame
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

/// The window with its workspaces, and what feeds them.
class Desktop {
 public:
  Desktop(const MainWindow::Places& places, const Words& words)
      : client_(std::make_unique<ui::client::Client>()), window_(std::make_unique<MainWindow>(places)) {
    if (!words.theme.empty()) {
      ui::look::applyTheme(*qApp, QString::fromStdString(words.theme), window_->settings().textPoints);
    }
    auto climate = std::make_unique<ui::climate::ClimateWorkspace>(client_.get());
    climate_ = climate.get();
    auto runs = std::make_unique<ui::runs::RunsWorkspace>(client_.get());
    runs_ = runs.get();
    window_->addWorkspace(std::move(runs));
    window_->addWorkspace(std::move(climate));
    QObject::connect(window_.get(), &MainWindow::storeChosen, window_.get(), [this](const QString& folder) {
      open(folder.toStdString(), folders_.runs.string());
      window_->showWorkspace("climate");
    });
    QObject::connect(window_.get(), &MainWindow::runsChosen, window_.get(), [this](const QString& folder) {
      open(folders_.store.string(), folder.toStdString());
      window_->showWorkspace("runs");
    });
    QObject::connect(runs_, &ui::runs::RunsWorkspace::launchWanted, window_.get(), [this] {
      window_->raiseDock("runsLaunch");
      runs_->launchPanel()->setFocus();
    });
    QObject::connect(runs_, &ui::runs::RunsWorkspace::runCount, window_.get(), [this](int count) {
      runCount_ = count;
      sayWhatIsOpen();
    });
    QObject::connect(climate_, &ui::climate::ClimateWorkspace::planetCount, window_.get(), [this](int count) {
      planets_ = count;
      sayWhatIsOpen();
    });
    folders_.trainer = fs::path(QCoreApplication::applicationDirPath().toStdString()) / "ecumene-train";
  }
  ~Desktop() {
    // Workspaces ask the client, so they end first.
    window_.reset();
  }

  void open(const std::string& store, const std::string& runs) {
    folders_.store = absolute(store);
    folders_.runs = absolute(runs);
    planets_ = runCount_ = -1;
    runs_->launchPanel()->setStore(folders_.store.string());
    window_->setFolders(QString::fromStdString(folders_.store.string()),
                        QString::fromStdString(folders_.runs.string()));
    sayWhatIsOpen();
    client_->setSource(folders_.store.empty() && folders_.runs.empty()
                           ? nullptr
                           : std::make_shared<ui::client::LocalSource>(folders_));
  }

  void openWhatIsAskedFor(const Words& words) {
    const auto& settings = window_->settings();
    const std::string store = words.store.empty() ? settings.store : words.store;
    const std::string runs = words.runs.empty() ? settings.runs : words.runs;
    if (!store.empty() || !runs.empty()) open(store, runs);
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
  void sayWhatIsOpen() {
    QStringList parts;
    if (!folders_.store.empty()) {
      const QString count = planets_ < 0 ? QString() : QObject::tr(" (%1)").arg(planets_);
      parts << QObject::tr("Planets: %1%2").arg(QString::fromStdString(folders_.store.filename().string()), count);
    }
    if (!folders_.runs.empty()) {
      const QString count = runCount_ < 0 ? QString() : QObject::tr(" (%1)").arg(runCount_);
      parts << QObject::tr("Runs: %1%2").arg(QString::fromStdString(folders_.runs.filename().string()), count);
    }
    window_->setStatus(parts.isEmpty() ? QObject::tr("Nothing is open") : parts.join("   "));
  }

  std::unique_ptr<ui::client::Client> client_;
  std::unique_ptr<MainWindow> window_;
  ui::climate::ClimateWorkspace* climate_ = nullptr;
  ui::client::LocalSource::Folders folders_;
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
  desktop.sayVersions();
  QObject::connect(&desktop.window(), &MainWindow::aboutOpened, &application, [&] { desktop.sayVersions(); });
  desktop.window().show();
  return QApplication::exec();
}

}  // namespace ecumene::ecumene_app
