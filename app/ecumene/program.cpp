// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ecumene/program.h"

#include <QApplication>
#include <QJsonDocument>
#include <QTimer>
#include <charconv>

#include "app/ecumene/desktop.h"
#include "data/base/error.h"
#include "ui/climate/planet_view.h"
#include "ui/shell/settings.h"

namespace ecumene::ecumene_app {
namespace {

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

/// What --of names: a key of the workspace's view; none where it shows nothing of the kind.
QString namedIn(const std::string& workspace) {
  return workspace == "welcome" ? QString() : workspace == "runs" ? "run" : "planet";
}

std::string howToList(const std::string& workspace) {
  return workspace == "runs" ? "the sub-folders of --runs are the runs"
                             : "ecumene-data list --store FOLDER lists the planets";
}

QJsonObject viewOf(const Words& words) {
  QJsonObject view;
  if (!words.view.empty()) {
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(words.view), &problem);
    if (!document.isObject()) {
      throw Error("the view is no JSON object", ErrorKind::kUsage)
          .on("--view")
          .expected(R"({"KEY": VALUE, ...})")
          .found(problem.error == QJsonParseError::NoError ? words.view : problem.errorString().toStdString());
    }
    view = document.object();
  }
  if (!words.of.empty()) view[namedIn(words.snapshot)] = QString::fromStdString(words.of);
  return view;
}

/// Before anything is started or opened.
void requireSnapshotWords(const Words& words, MainWindow& window) {
  if (words.out.empty()) {
    throw Error("a snapshot needs a file", ErrorKind::kUsage).on("--out").next("add --out picture.png");
  }
  if (window.workspace(QString::fromStdString(words.snapshot)) == nullptr) {
    throw Error("there is no such workspace", ErrorKind::kUsage)
        .on("--snapshot")
        .expected("welcome, runs, climate or data")
        .found(words.snapshot);
  }
  if (!words.of.empty() && namedIn(words.snapshot).isEmpty()) {
    throw Error("this workspace shows no planet and no run", ErrorKind::kUsage)
        .on("--of")
        .found(words.of)
        .next("leave --of away, or draw runs, climate or data");
  }
  if (words.snapshot == "climate" && viewOf(words)["planet"].toString().isEmpty()) {
    throw Error("a picture of a climate needs a planet", ErrorKind::kUsage)
        .on("--of")
        .expected("the id of a planet that has a climate")
        .next(howToList(words.snapshot));
  }
  if (words.dock.empty()) return;
  std::string all;
  for (const auto& dock : window.workspace(QString::fromStdString(words.snapshot))->docks()) {
    if (dock.id.toStdString() == words.dock) return;
    all += (all.empty() ? "" : ", ") + dock.id.toStdString();
  }
  throw Error("the workspace has no such panel", ErrorKind::kUsage)
      .on("--dock")
      .expected(all.empty() ? "none: " + words.snapshot + " has no panels" : all)
      .found(words.dock);
}

int drawSnapshot(QApplication& application, Desktop& desktop, const Words& words) {
  MainWindow& window = desktop.window();
  const QString id = QString::fromStdString(words.snapshot);
  ui::shell::Workspace* workspace = window.workspace(id);
  window.showWorkspace(id);
  workspace->setViewState(viewOf(words));
  window.show();
  // Its place among the others is known once the window is laid out.
  if (!words.dock.empty()) {
    QTimer::singleShot(0, &window, [&] { window.raiseDock(QString::fromStdString(words.dock)); });
    QApplication::processEvents();
  }
  QString failure = QObject::tr("it was not drawn within %1 s").arg(kSnapshotMs / 1000);
  QTimer::singleShot(kSnapshotMs, &application, &QApplication::quit);
  // The catalogue is asked before the planet, so the list is filled when the planet is there.
  workspace->whenDrawn([&](const QString& problem) {
    failure = problem;
    QTimer::singleShot(problem.isEmpty() ? kSettleMs : 0, &application, &QApplication::quit);
  });
  QApplication::exec();
  if (!failure.isEmpty()) {
    Error error("the snapshot could not be drawn");
    if (!words.of.empty()) error.on(words.of).next(howToList(words.snapshot));
    throw error.found(failure.toStdString());
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
  if (!snapshot) {
    const auto state = ui::shell::stateFolder();
    places = {ui::shell::configFolder() / "settings.toml", state / "sessions", state / "machines",
              std::filesystem::path(qEnvironmentVariable("HOME").toStdString()) / ".ssh" / "config"};
  }
  Desktop desktop({places, QCoreApplication::applicationDirPath().toStdString(), words.theme, snapshot});
  desktop.window().resize(size);
  if (snapshot) requireSnapshotWords(words, desktop.window());
  desktop.openWhatIsAskedFor(words.store, words.runs);
  if (snapshot) return drawSnapshot(application, desktop, words);
  if (words.store.empty() && words.runs.empty()) desktop.window().restoreLast();
  if (!words.launch.empty()) desktop.launchOnce(words.launch);
  desktop.sayVersions();
  QObject::connect(&desktop.window(), &MainWindow::aboutOpened, &application, [&] { desktop.sayVersions(); });
  desktop.window().show();
  return QApplication::exec();
}

}  // namespace ecumene::ecumene_app
