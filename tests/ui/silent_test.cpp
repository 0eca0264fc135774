// SPDX-License-Identifier: GPL-3.0-or-later
// The window beside a daemon whose process is stopped, and goes on.
#include <gtest/gtest.h>

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
    timer.start();
    write(6, 10);
    ASSERT_TRUE(within(30, [&] { return client.link() == Link::kLost; }));
    std::printf("lost after %.1f s\n", static_cast<double>(timer.elapsed()) / 1000.0);
    ASSERT_TRUE(within(30, [&] { return client.problem().contains("does not answer"); }))
        << client.problem().toStdString();
    std::printf("said after %.1f s\n", static_cast<double>(timer.elapsed()) / 1000.0);
  }
  ASSERT_TRUE(within(30, [&] { return client.isUp(); })) << client.problem().toStdString();
  EXPECT_EQ(client.hello().pid(), pid);
  EXPECT_TRUE(within(20, [&] { return plot.size("loss.total") == 10; }));
  write(11, 12);
  EXPECT_TRUE(within(20, [&] { return plot.size("loss.total") == 12; }));
}

}  // namespace
}  // namespace ecumene
