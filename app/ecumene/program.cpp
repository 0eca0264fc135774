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
  requireSnapshotWords(words, window);
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
  if (!snapshot) {
    const auto state = ui::shell::stateFolder();
    places = {ui::shell::configFolder() / "settings.toml", state / "sessions", state / "machines"};
  }
  Desktop desktop({places, QCoreApplication::applicationDirPath().toStdString(), words.theme, snapshot});
  desktop.window().resize(size);
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
