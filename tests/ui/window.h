// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <QApplication>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QImage>
#include <QMimeData>
#include <QTest>
#include <QThread>
#include <QTimer>
#include <QUrl>
#include <functional>
#include <memory>

#include "data/store/store.h"
#include "engine/daemon/daemon.h"
#include "tests/support/sample_planet.h"
#include "tests/support/similarity.h"
#include "tests/support/temp_folder.h"
#include "ui/catalogue/data_workspace.h"
#include "ui/client/client.h"
#include "ui/climate/climate_workspace.h"
#include "ui/runs/runs_workspace.h"
#include "ui/shell/main_window.h"

namespace ecumene::test {

/// Lets events run until the condition holds; false after 20 s.
inline bool waitFor(const std::function<bool()>& condition) {
  QElapsedTimer timer;
  timer.start();
  while (!condition()) {
    if (timer.elapsed() > 20000) return false;
    QTest::qWait(10);
  }
  return true;
}

inline GreyPicture greyOf(const QImage& image) {
  const QImage grey = image.convertToFormat(QImage::Format_Grayscale8);
  GreyPicture picture{static_cast<std::size_t>(grey.width()), static_cast<std::size_t>(grey.height()), {}};
  for (int y = 0; y < grey.height(); ++y) {
    for (int x = 0; x < grey.width(); ++x) picture.values.push_back(qGray(grey.pixel(x, y)));
  }
  return picture;
}

/// A store with `count` sample planets; their ids.
inline std::vector<std::string> makeStore(const std::filesystem::path& folder, std::uint64_t count) {
  auto store = data::store::Store::open(folder, data::store::Mode::kCreate);
  std::vector<std::string> ids;
  for (std::uint64_t i = 0; i < count; ++i) ids.push_back(store.add(samplePlanet(i)).id);
  return ids;
}

/// Drops files of this machine on the window.
inline void drop(QWidget& window, const QStringList& files) {
  QMimeData data;
  QList<QUrl> urls;
  for (const QString& file : files) urls << QUrl::fromLocalFile(file);
  data.setUrls(urls);
  // Qt drops where something has entered.
  QDragEnterEvent enter(QPoint(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &enter);
  EXPECT_TRUE(enter.isAccepted());
  QDropEvent event(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QApplication::sendEvent(&window, &event);
}

/// While it lives, quick questions wait three seconds for those before them, as on a way with much to carry.
class SlowWay {
 public:
  explicit SlowWay(ui::client::Client& client) : client_(client) {
    for (int i = 0; i < 3000 / kMs; ++i) ask();
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { ask(); });
    timer_.start(kMs);
  }

 private:
  static constexpr int kMs = 50;
  void ask() {
    client_.ask(
        QStringLiteral("other %1").arg(++asked_), &timer_, [](ui::client::Daemon&) { QThread::msleep(kMs); }, [] {},
        [](const Error&) {});
  }
  ui::client::Client& client_;
  QTimer timer_;
  int asked_ = 0;
};

/// Folders of a test, and the daemon in this process that serves them.
struct Served {
  explicit Served(const std::filesystem::path& store, const std::filesystem::path& bin = "/nonexistent")
      : settings{folder / "d" / "d.sock", folder / "runs", bin, {{"main", store}}, "", "ecumened test"} {
    begin();
  }
  void begin() { daemon = std::make_unique<engine::daemon::Daemon>(settings); }
  [[nodiscard]] std::filesystem::path runs() const { return settings.runs; }
  [[nodiscard]] ui::client::Client::Dial dial() const {
    return [socket = settings.socket](const std::stop_token& stop) {
      return std::make_shared<ui::client::Daemon>(socket, "test", stop);
    };
  }
  TempFolder folder;
  engine::daemon::Settings settings;
  std::unique_ptr<engine::daemon::Daemon> daemon;
};

/// The window with its workspaces over a daemon, as the program puts it together.
struct Workstation {
  explicit Workstation(const std::filesystem::path& memory) {
    window = std::make_unique<ui::shell::MainWindow>(ui::shell::MainWindow::Places{
        memory / "settings.toml", memory / "sessions", memory / "machines", memory / "ssh-config"});
    auto ownRuns = std::make_unique<ui::runs::RunsWorkspace>(&client);
    runs = ownRuns.get();
    window->addWorkspace(std::move(ownRuns));
    auto ownClimate = std::make_unique<ui::climate::ClimateWorkspace>(&client);
    climate = ownClimate.get();
    window->addWorkspace(std::move(ownClimate));
    auto ownData = std::make_unique<ui::catalogue::DataWorkspace>(&client);
    data = ownData.get();
    window->addWorkspace(std::move(ownData));
  }
  ~Workstation() { window.reset(); }
  /// False where the daemon was not reached.
  bool open(const Served& served) {
    client.connectTo("test", served.dial());
    return waitFor([this] { return client.isUp(); });
  }
  bool show() {
    window->show();
    return QTest::qWaitForWindowExposed(window.get());
  }
  /// Shows a workspace in a state, drawn.
  std::string draw(ui::shell::Workspace* workspace, const QJsonObject& state) {
    window->showWorkspace(workspace->id());
    workspace->setViewState(state);
    bool drawn = false;
    QString failure;
    workspace->whenDrawn([&](const QString& problem) {
      drawn = true;
      failure = problem;
    });
    if (!waitFor([&] { return drawn; })) return "not drawn";
    QTest::qWait(150);
    return failure.toStdString();
  }

  ui::client::Client client;
  std::unique_ptr<ui::shell::MainWindow> window;
  ui::runs::RunsWorkspace* runs = nullptr;
  ui::climate::ClimateWorkspace* climate = nullptr;
  ui::catalogue::DataWorkspace* data = nullptr;
};

}  // namespace ecumene::test
