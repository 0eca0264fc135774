// SPDX-License-Identifier: GPL-3.0-or-later
// The window beside a daemon whose process is stopped, and goes on.
#include <gtest/gtest.h>

#include <QJsonArray>
#include <QTimer>
#include <algorithm>
#include <csignal>

#include "tests/ui/desktop.h"
#include "ui/plots/curve_plot.h"

namespace ecumene {
namespace {

using test::Home;
using test::Window;
using test::within;
using Link = ui::client::Client::Link;

/// Stops a process until it is let go.
class Stopped {
 public:
  explicit Stopped(pid_t pid) : pid_(pid) { ::kill(pid_, SIGSTOP); }
  ~Stopped() { letGo(); }
  void letGo() const { ::kill(pid_, SIGCONT); }

 private:
  const pid_t pid_;
};

/// The longest time for which the window's thread took no event. A call on it that waits for the daemon would last
/// until its deadline, 10 s or more.
class Heartbeat {
 public:
  Heartbeat() {
    last_.start();
    QObject::connect(&timer_, &QTimer::timeout, &timer_, [this] { longest_ = std::max(longest_, last_.restart()); });
    timer_.start(20);
  }
  [[nodiscard]] qint64 longestMs() const { return std::max(longest_, last_.elapsed()); }

 private:
  QTimer timer_;
  QElapsedTimer last_;
  qint64 longest_ = 0;
};

TEST(SilentDaemon, IsSaidNotReplacedAndGoneOnWith) {
  const Home home;
  engine::config::RunSpec spec = engine::config::preset("nano");
  spec.train.device = "cpu";
  auto run = engine::run::RunDirectory::create(home.runs() / "r", spec);
  const auto write = [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t step = from; step <= to; ++step) run.metrics(step, {{"loss.total", 1.0}});
    run.flush();
  };
  write(1, 5);
  Window window(home, "");
  window.desktop.runs().setViewState({{"run", "r"}});
  window.desktop.window().showWorkspace("runs");
  const ui::plots::CurvePlot& plot = *window.desktop.runs().curves();
  ASSERT_TRUE(within(20, [&] { return plot.size("loss.total") == 5; }));
  const pid_t pid = home.ctl({"daemon", "status"}).at("pid");
  ui::client::Client& client = window.desktop.client();
  QElapsedTimer timer;
  {
    const Stopped stopped(pid);
    const Heartbeat heartbeat;
    timer.start();
    write(6, 10);
    // What asks the daemon, by hand and by timers, while nobody answers.
    ui::shell::MainWindow& shell = window.desktop.window();
    for (const char* workspace : {"data", "climate", "runs"}) shell.showWorkspace(workspace);
    for (const char* dock : {"runsLaunch", "runsMachine", "runsLog"}) shell.raiseDock(dock);
    window.desktop.runs().setViewState({{"run", "r"}, {"zoom", QJsonArray{1.0, 3.0, 0.0, 2.0}}});
    client.chooseStore("another");
    ASSERT_TRUE(within(30, [&] { return client.link() == Link::kLost; }));
    std::printf("lost after %.1f s\n", static_cast<double>(timer.elapsed()) / 1000.0);
    ASSERT_TRUE(within(30, [&] { return client.problem().contains("does not answer"); }))
        << client.problem().toStdString();
    std::printf("said after %.1f s\n", static_cast<double>(timer.elapsed()) / 1000.0);
    EXPECT_LT(heartbeat.longestMs(), 5000);
  }
  ASSERT_TRUE(within(30, [&] { return client.isUp(); })) << client.problem().toStdString();
  EXPECT_EQ(client.hello().pid(), pid);
  EXPECT_TRUE(within(20, [&] { return plot.size("loss.total") == 10; }));
  write(11, 12);
  EXPECT_TRUE(within(20, [&] { return plot.size("loss.total") == 12; }));
}

}  // namespace
}  // namespace ecumene
