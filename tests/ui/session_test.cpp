// SPDX-License-Identifier: GPL-3.0-or-later
// The workstation as a new user has it: the program's window, a real daemon, a real trainer.
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/ui/desktop.h"
#include "tests/ui/window.h"
#include "ui/plots/curve_plot.h"
#include "ui/runs/comparison.h"

namespace ecumene {
namespace {

using engine::run::State;
using test::Home;
using test::Window;
using test::within;

/// A store of six generated planets, made once a process.
const std::string& sixPlanets() {
  static const test::TempFolder folder;
  static const std::string store = [] {
    const std::string made = (folder / "store").string();
    const test::Finished finished = test::runProgram(
        {"ecumene-data", "generate", "--planets", "6", "--seed", "42", "--threads", "1", "--store", made});
    if (finished.code != 0) throw std::runtime_error(finished.err);
    return made;
  }();
  return store;
}

bool hasTrainer() {
  return std::filesystem::exists(std::filesystem::path(test::programFolder()) / "ecumene-train");
}

const std::vector<std::string> kLong = {"--preset",         "nano",  "--slot",         "cpu", "--no-eval", "--set",
                                        "train.epochs=500", "--set", "train.threads=1"};

std::vector<std::string> launchWords(const std::string& id, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {"launch", "--name", id};
  words.insert(words.end(), kLong.begin(), kLong.end());
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// What the window says of the run that it shows: "paused  ·  step 12 ...".
std::string facts(Window& window) {
  return window.child<QLabel>("runFacts")->text().toStdString();
}
bool shows(Window& window, const std::string& state) {
  return facts(window).rfind(state + " ", 0) == 0 || facts(window) == state;
}

/// One state in the window, in ecumenectl and in the journal.
void expectState(const Home& home, Window& window, const std::string& id, const std::string& word, State state) {
  EXPECT_TRUE(within(60, [&] { return shows(window, word); })) << word << " but " << facts(window);
  EXPECT_EQ(home.state(id), word);
  EXPECT_EQ(nameOf(home.journal(id).state()), nameOf(state));
}

/// Internet sockets of a process, whatever they are for, as rows of /proc/net.
std::vector<std::string> internetSockets(pid_t pid) {
  std::set<std::string> inodes;
  const std::filesystem::path process = "/proc/" + std::to_string(pid);
  for (const auto& entry : std::filesystem::directory_iterator(process / "fd")) {
    std::error_code ignored;
    const std::string target = std::filesystem::read_symlink(entry.path(), ignored);
    if (target.rfind("socket:[", 0) == 0) inodes.insert(target.substr(8, target.size() - 9));
  }
  std::vector<std::string> found;
  for (const char* table : {"tcp", "tcp6", "udp", "udp6"}) {
    std::ifstream file(process / "net" / table);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::istringstream words(line);
      std::string word, inode;
      for (int i = 0; i < 10; ++i) words >> word;
      inode = word;
      if (inodes.contains(inode)) found.push_back(std::string(table) + line);
    }
  }
  return found;
}

TEST(Workstation, APortOfAProcessWouldBeSeen) {
  EXPECT_TRUE(internetSockets(::getpid()).empty());
  const int port = ::socket(AF_INET, SOCK_STREAM, 0);
  ASSERT_EQ(::listen(port, 1), 0);
  EXPECT_EQ(internetSockets(::getpid()).size(), 1U);
  ::close(port);
}

TEST(Workstation, LaunchesByKeysAloneWatchesSteersStopsExtendsAndCompares) {
  if (!hasTrainer()) GTEST_SKIP() << "this build has no ecumene-train (no Torch)";
  const Home home;
  Window window(home, sixPlanets());
  // No pointer from here to the launch.
  window.press(Qt::Key_2, Qt::ControlModifier);
  ASSERT_EQ(window.desktop.window().currentWorkspace(), "runs");
  window.press(Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
  window.type("new run");
  window.press(Qt::Key_Return);
  ASSERT_TRUE(window.tabTo("preset"));
  if (window.child<QComboBox>("preset")->currentText() != "nano") window.type("nano");
  ASSERT_EQ(window.child<QComboBox>("preset")->currentText(), "nano");
  ASSERT_TRUE(window.tabTo("runName"));
  window.press(Qt::Key_A, Qt::ControlModifier);
  window.type("first");
  ASSERT_TRUE(window.tabTo("launchTabs"));
  window.press(Qt::Key_Right);
  for (const auto& [key, value] : {std::pair{"train.threads", "1"}, std::pair{"train.epochs", "500"}}) {
    ASSERT_TRUE(window.tabTo(key)) << key;
    window.press(Qt::Key_A, Qt::ControlModifier);
    window.type(value);
  }
  ASSERT_TRUE(within(30, [&] { return window.child<QPushButton>("launch")->isEnabled(); }));
  ASSERT_TRUE(window.tabTo("launch"));
  window.press(Qt::Key_Space);
  ASSERT_TRUE(within(60, [&] { return window.desktop.runs().viewState()["run"].toString() == "first"; }));

  // The first metric of the journal is a moving curve within 5 s.
  const engine::run::RunDirectory journal = home.journal("first");
  ASSERT_TRUE(within(120, [&] { return journal.lastMetric() > 0; }));
  QElapsedTimer timer;
  timer.start();
  const ui::plots::CurvePlot& plot = *window.desktop.runs().curves();
  ASSERT_TRUE(within(20, [&] { return plot.size("loss.total") >= 1; }));
  std::printf("curve %.2f s after the first metric\n", static_cast<double>(timer.elapsed()) / 1000.0);
  EXPECT_LT(timer.elapsed(), 5000);
  const std::size_t then = plot.size("loss.total");
  EXPECT_TRUE(within(30, [&] { return plot.size("loss.total") > then + 1; }));
  expectState(home, window, "first", "running", State::kRunning);

  window.child<QPushButton>("pause")->click();
  expectState(home, window, "first", "paused", State::kPaused);
  window.child<QLineEdit>("argument")->setText("1e-5");
  window.child<QPushButton>("rate")->click();
  auto* said = window.child<QLabel>("commands");
  EXPECT_TRUE(within(30, [&] { return said->text().contains("set train.lr=1e-5: done"); }))
      << said->text().toStdString();
  EXPECT_EQ(home.ctl({"show", "first"}).at("commands").back().at("state"), "done");
  window.child<QPushButton>("resume")->click();
  expectState(home, window, "first", "running", State::kRunning);
  const std::int64_t resumed = journal.lastMetric();
  ASSERT_TRUE(within(30, [&] { return journal.lastMetric() > resumed; }));
  const auto rate = [&] {
    double last = 1.0;
    for (const auto& row : journal.metricsAfter(0)) last = row.name == "learning_rate" ? row.value : last;
    return last;
  };
  EXPECT_TRUE(within(30, [&] { return rate() <= 1e-5; })) << rate();

  window.child<QPushButton>("stop")->click();
  expectState(home, window, "first", "stopped", State::kStopped);
  window.child<QLineEdit>("argument")->setText("2");
  window.child<QPushButton>("extend")->click();
  window.child<QPushButton>("resume")->click();
  expectState(home, window, "first", "running", State::kRunning);
  EXPECT_TRUE(within(30, [&] { return facts(window).find("of 502") != std::string::npos; })) << facts(window);
  EXPECT_EQ(home.run("first").at("epochs"), 502);
  window.child<QPushButton>("stop")->click();
  expectState(home, window, "first", "stopped", State::kStopped);

  home.ctl(launchWords("second", {"--set", "train.lr=0.01"}));
  ASSERT_TRUE(within(120, [&] { return home.journal("second").lastMetric() > 0; }));
  auto* table = window.child<QTableView>("runTable");
  ASSERT_TRUE(within(20, [&] { return table->model()->rowCount() == 2; }));
  for (int row = 0; row < 2; ++row) {
    const QModelIndex index = table->model()->index(row, 0);
    if (index.data().toString() == "second") table->model()->setData(index, Qt::Checked, Qt::CheckStateRole);
  }
  const auto* comparison = window.child<ui::runs::Comparison>("comparison");
  const auto differs = [&](const char* option) {
    for (const QStringList& row : comparison->cells()) {
      if (row.value(0) == option) return row.value(1) != row.value(2);
    }
    return false;
  };
  EXPECT_TRUE(within(30, [&] { return differs("train.lr"); }));
  EXPECT_TRUE(within(30, [&] { return comparison->isDrawn(); }));
}

TEST(Workstation, KillsOfWindowAndDaemonTouchNoTrainingAndNothingHasAPort) {
  if (!hasTrainer()) GTEST_SKIP() << "this build has no ecumene-train (no Torch)";
  const Home home;
  test::Running shown({"ecumene", "--store", sixPlanets(), "--runs", home.runs()});
  ASSERT_TRUE(within(60, [] { return test::runProgram({"ecumenectl", "daemon", "status"}).code == 0; }));
  home.ctl(launchWords("a"));
  const engine::run::RunDirectory journal = home.journal("a");
  ASSERT_TRUE(within(120, [&] { return journal.lastMetric() > 0; }));
  const pid_t trainer = home.run("a").at("owner");
  const pid_t daemon = home.ctl({"daemon", "status"}).at("pid");
  const test::Running watcher({"ecumenectl", "watch", "a"});
  QTest::qWait(1500);
  for (const pid_t pid : {shown.pid(), daemon, trainer, watcher.pid()}) {
    const auto sockets = internetSockets(pid);
    EXPECT_TRUE(sockets.empty()) << pid << ": " << (sockets.empty() ? "" : sockets[0]);
  }
  const auto growsOn = [&] {
    const std::int64_t now = journal.lastMetric();
    return within(60, [&] { return journal.lastMetric() > now; });
  };
  shown.signal(SIGKILL);
  shown.finish();
  EXPECT_TRUE(growsOn());
  ::kill(daemon, SIGKILL);
  EXPECT_TRUE(growsOn());
  EXPECT_EQ(journal.owner(), std::optional<std::int64_t>(trainer));

  Window again(home, sixPlanets());
  again.desktop.window().showWorkspace("runs");
  again.desktop.runs().setViewState({{"run", "a"}});
  expectState(home, again, "a", "running", State::kRunning);
  EXPECT_NE(facts(again).find("process " + std::to_string(trainer)), std::string::npos) << facts(again);
  // The daemon that adopted it dies under the window, and the trainer after it: neither is an end of the training.
  ::kill(home.ctl({"daemon", "status"}).at("pid").get<pid_t>(), SIGKILL);
  EXPECT_TRUE(growsOn());
  EXPECT_TRUE(within(40, [&] { return again.desktop.client().isUp() && shows(again, "running"); })) << facts(again);
  ::kill(trainer, SIGKILL);
  EXPECT_TRUE(within(40, [&] { return shows(again, "killed"); })) << facts(again);
  EXPECT_EQ(home.state("a"), "killed");
  EXPECT_TRUE(again.child<QPushButton>("resume")->isEnabled());
}

TEST(Workstation, AKilledWindowComesBackAsItWas) {
  const Home home;
  const std::filesystem::path sessions = home.folder() / "state" / "ecumene" / "sessions",
                              last = sessions / "last.session";
  {
    test::Running shown({"ecumene", "--store", sixPlanets(), "--runs", home.runs(), "--size", "1111x777"});
    EXPECT_TRUE(within(60, [&] { return std::filesystem::exists(last); }));
    shown.signal(SIGKILL);
    shown.finish();
  }
  ecumene_app::Desktop::Setup setup = home.setup();
  setup.places.sessions = sessions;
  ecumene_app::Desktop desktop(setup);
  desktop.window().restoreLast();
  EXPECT_EQ(desktop.window().size(), QSize(1111, 777));
  EXPECT_EQ(desktop.window().storeFolder().toStdString(), sixPlanets());
  EXPECT_EQ(desktop.window().runsFolder().toStdString(), home.runs().string());
}

// As tools/run opens the window: --launch demo-run=demo.
TEST(Workstation, ARunThatWasCutShortGoesOnAndAStoppedOneStays) {
  if (!hasTrainer()) GTEST_SKIP() << "this build has no ecumene-train (no Torch)";
  const Home home;
  Window window(home, sixPlanets());
  home.ctl(launchWords("first"));
  const engine::run::RunDirectory journal = home.journal("first");
  ASSERT_TRUE(within(120, [&] { return journal.lastMetric() > 0; }));
  ::kill(home.run("first").at("owner").get<pid_t>(), SIGKILL);
  ASSERT_TRUE(within(40, [&] { return home.state("first") == "killed"; }));
  const std::int64_t then = journal.lastMetric();
  {
    Window again(home, sixPlanets());
    again.desktop.launchOnce("first=nano");
    again.desktop.open(sixPlanets(), home.runs());
    EXPECT_TRUE(within(60, [&] { return shows(again, "running"); })) << facts(again);
    EXPECT_TRUE(within(60, [&] { return journal.lastMetric() > then; }));
  }
  // As Ctrl-C does in the terminal of `tools/run --headless`.
  ::kill(home.run("first").at("owner").get<pid_t>(), SIGINT);
  ASSERT_TRUE(within(60, [&] { return home.state("first") == "stopped"; }));
  {
    Window again(home, sixPlanets());
    again.desktop.launchOnce("first=nano");
    again.desktop.open(sixPlanets(), home.runs());
    EXPECT_TRUE(within(60, [&] { return home.state("first") == "running"; }));
  }
  home.ctl({"stop", "first"});
  ASSERT_TRUE(within(60, [&] { return home.state("first") == "stopped"; }));
  Window third(home, sixPlanets());
  third.desktop.launchOnce("first=nano");
  third.desktop.open(sixPlanets(), home.runs());
  EXPECT_TRUE(within(20, [&] { return third.desktop.client().isUp(); }));
  QTest::qWait(1500);
  EXPECT_EQ(home.state("first"), "stopped");
}

TEST(Workstation, TwoWindowsAgree) {
  if (!hasTrainer()) GTEST_SKIP() << "this build has no ecumene-train (no Torch)";
  const Home home;
  Window one(home, sixPlanets());
  Window two(home, sixPlanets());
  home.ctl(launchWords("a"));
  const engine::run::RunDirectory journal = home.journal("a");
  ASSERT_TRUE(within(120, [&] { return journal.lastMetric() > 0; }));
  for (Window* window : {&one, &two}) {
    window->desktop.window().showWorkspace("runs");
    window->desktop.runs().setViewState({{"run", "a"}});
  }
  expectState(home, one, "a", "running", State::kRunning);
  one.child<QPushButton>("pause")->click();
  expectState(home, two, "a", "paused", State::kPaused);
  EXPECT_TRUE(within(20, [&] { return shows(one, "paused"); }));
  // Neither may pause it again, and both have the same commands and the same points.
  EXPECT_FALSE(one.child<QPushButton>("pause")->isEnabled());
  EXPECT_FALSE(two.child<QPushButton>("pause")->isEnabled());
  const auto commands = [](Window& window) { return window.child<QLabel>("commands")->text(); };
  EXPECT_TRUE(within(20, [&] { return commands(one) == commands(two) && commands(one).contains("pause: done"); }))
      << commands(one).toStdString() << " / " << commands(two).toStdString();
  const ui::plots::CurvePlot &left = *one.desktop.runs().curves(), &right = *two.desktop.runs().curves();
  EXPECT_TRUE(within(20, [&] { return left.readOut() == right.readOut(); }));
  EXPECT_EQ(left.size("loss.total"), right.size("loss.total"));
  two.child<QPushButton>("resume")->click();
  expectState(home, one, "a", "running", State::kRunning);
  one.child<QPushButton>("stop")->click();
  expectState(home, two, "a", "stopped", State::kStopped);
  EXPECT_TRUE(within(20, [&] { return facts(one) == facts(two); })) << facts(one) << " / " << facts(two);
}

TEST(Workstation, TheStoreThatWasChosenStaysWhereTheDaemonDied) {
  const Home home;
  const std::filesystem::path one = home.folder() / "one", two = home.folder() / "two";
  for (const auto& store : {one, two}) test::makeStore(store, 1);
  Window window(home, one);
  ui::client::Client& client = window.desktop.client();
  window.desktop.open(two, home.runs());
  ASSERT_TRUE(within(40, [&] { return client.isUp() && client.hello().stores_size() == 2; }));
  EXPECT_EQ(client.store(), "two");
  emit window.child<QComboBox>("dataStore")->textActivated("one");
  EXPECT_EQ(client.store(), "one");
  const auto daemon = client.hello().pid();
  ::kill(static_cast<pid_t>(daemon), SIGKILL);
  ASSERT_TRUE(within(40, [&] { return client.isUp() && client.hello().pid() != daemon; }));
  EXPECT_EQ(client.hello().stores_size(), 2);
  EXPECT_EQ(client.store(), "one");
}

TEST(Workstation, ASessionBringsBackTheStoreThatWasChosen) {
  const Home home;
  const std::filesystem::path one = home.folder() / "one", two = home.folder() / "two";
  for (const auto& store : {one, two}) test::makeStore(store, 1);
  Window window(home, one);
  ui::client::Client& client = window.desktop.client();
  window.desktop.open(two, home.runs());
  ASSERT_TRUE(within(40, [&] { return client.isUp() && client.hello().stores_size() == 2; }));
  emit window.child<QComboBox>("dataStore")->textActivated("one");
  const ui::shell::Session session = window.desktop.window().session("mine");
  emit window.child<QComboBox>("dataStore")->textActivated("two");
  window.desktop.window().restore(session);
  EXPECT_EQ(client.store(), "one");
  // Wanted before the daemon answers, it is shown once it does.
  window.desktop.open(two, home.runs());
  window.desktop.window().restore(session);
  ASSERT_TRUE(within(40, [&] { return client.isUp() && client.hello().stores_size() == 2; }));
  EXPECT_EQ(client.store(), "one");
}

// A new machine: no store, nothing to train on.
TEST(Workstation, AMachineThatCannotBeReachedLeavesWhatIsShown) {
  const Home home;
  Window window(home, "");
  ui::client::Client& client = window.desktop.client();
  ASSERT_TRUE(within(30, [&] { return client.isUp(); })) << client.problem().toStdString();
  const auto pid = client.hello().pid();
  emit window.desktop.window().machineChosen("no-such-host.invalid");
  EXPECT_EQ(client.name(), "no-such-host.invalid");
  ASSERT_TRUE(within(60, [&] { return client.isUp(); })) << client.problem().toStdString();
  EXPECT_EQ(client.name(), "this machine");
  EXPECT_EQ(client.hello().pid(), pid);
  const auto notes = window.desktop.window().findChildren<QLabel*>();
  EXPECT_TRUE(std::ranges::any_of(
      notes, [](const QLabel* note) { return note->text().contains("Not attached to no-such-host.invalid"); }));
}

TEST(Workstation, OffersTheDemoWhereThereAreNoPlanets) {
  const Home home;
  Window window(home, "");
  auto* begin = window.child<QPushButton>("demoButton");
  auto* sentence = window.child<QLabel>("demoSentence");
  ASSERT_TRUE(within(20, [&] { return begin->isVisible() && begin->isEnabled(); }));
  begin->click();
  EXPECT_TRUE(within(60, [&] { return sentence->text().contains("are there"); })) << sentence->text().toStdString();
  EXPECT_FALSE(begin->isEnabled());
  const auto jobs = home.ctl({"jobs"}).at("jobs");
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs[0].at("kind"), "generate");
  EXPECT_EQ(jobs[0].at("store"), "main");
  // Enough to see that it goes on; who cancels it keeps what is there and is not asked again.
  ASSERT_TRUE(within(120, [&] { return home.ctl({"jobs"}).at("jobs")[0].at("done") >= 2; }));
  home.ctl({"cancel", std::to_string(jobs[0].at("id").get<int>())});
  EXPECT_TRUE(within(30, [&] { return !begin->isVisible(); }));
}

}  // namespace
}  // namespace ecumene
