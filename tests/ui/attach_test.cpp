// SPDX-License-Identifier: GPL-3.0-or-later
// The window over another machine: a real sshd on the loopback.
#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <thread>

#include "engine/run/run_directory.h"
#include "tests/support/ssh_host.h"
#include "tests/ui/desktop.h"
#include "tests/ui/window.h"
#include "ui/client/ssh_questions.h"
#include "ui/client/there.h"
#include "ui/shell/question_bar.h"

namespace ecumene::ui {
namespace {

using client::Client;

engine::attach::Destination podOf(const test::SshHost& host) {
  return {"pod", test::programFolder() + "/ecumenectl", host.clientConfig()};
}

void endDaemonOf(const test::SshHost& host) {
  const std::filesystem::path socket = host.there() / "run" / "ecumene" / "daemon.sock";
  if (!std::filesystem::exists(socket)) return;
  client::Daemon(socket, "test").call(&wire::Session::Stub::Shutdown, wire::ShutdownRequest());
}

struct Attached {
  Attached() : station(memory / "memory") {
    // Tunnels have their sockets below it.
    std::filesystem::create_directory(memory / "rt");
    std::filesystem::permissions(memory / "rt", std::filesystem::perms::owner_all);
    runtime_ = qEnvironmentVariable("XDG_RUNTIME_DIR");
    qputenv("XDG_RUNTIME_DIR", QByteArray::fromStdString((memory / "rt").string()));
    test::makeStore(host.there() / "store", 2);
    if (!station.show()) ADD_FAILURE() << "the window was not exposed";
  }
  ~Attached() {
    station.client.disconnectFrom();
    endDaemonOf(host);
    qputenv("XDG_RUNTIME_DIR", runtime_.toUtf8());
  }
  [[nodiscard]] engine::attach::Destination pod() const { return podOf(host); }
  bool attach(const engine::attach::Asking& asking = {}) {
    station.client.connectTo("pod", client::dialThere(pod(), asking));
    return test::waitFor([this] { return station.client.isUp(); });
  }
  template <class T>
  T* child(const char* name) {
    return station.window->findChild<T*>(name);
  }
  test::SshHost host;
  test::TempFolder memory;
  test::Workstation station;

 private:
  QString runtime_;
};

TEST(Attach, ShowsPlanetsAndRunsOfTheOtherMachineThroughCutsWithNothingLostOrTwice) {
  Attached attached;
  ASSERT_TRUE(attached.attach()) << attached.station.client.problem().toStdString();
  EXPECT_EQ(attached.station.client.store(), "main");
  engine::config::RunSpec spec = engine::config::preset("nano");
  spec.data.store = (attached.host.there() / "store").string();
  auto run = engine::run::RunDirectory::create(attached.host.there() / "data" / "ecumene" / "runs" / "alpha", spec);
  run.metrics(1, {{"loss.total", 1.0}});
  run.flush();
  ASSERT_EQ(attached.station.draw(attached.station.runs, {{"run", "alpha"}}), "");
  // Metrics flow all the time.
  std::atomic<bool> enough = false;
  std::atomic<int> written = 1;
  std::jthread writer([&] {
    while (!enough) {
      const int step = written + 1;
      run.metrics(step, {{"loss.total", 1.0 * step}});
      run.flush();
      written = step;
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  // Nobody can be reached for so long.
  qint64 longestBack = 0;
  for (const int cutMs : {100, 100, 150, 200, 200, 300, 500, 1000, 3000, 10000}) {
    QTest::qWait(300);
    attached.host.stop();
    ASSERT_TRUE(test::waitFor([&] { return attached.station.client.link() != Client::Link::kUp; }));
    QTest::qWait(cutMs);
    attached.host.start("host");
    QElapsedTimer timer;
    timer.start();
    ASSERT_TRUE(test::waitFor([&] { return attached.station.client.isUp(); })) << cutMs;
    longestBack = std::max(longestBack, timer.elapsed());
  }
  std::printf("10 cuts: back %.1f s after the way was there again, at most\n", static_cast<double>(longestBack) / 1e3);
  EXPECT_LT(longestBack, 5000);
  enough = true;
  writer.join();
  plots::CurvePlot& plot = *attached.station.runs->curves();
  EXPECT_TRUE(test::waitFor([&] { return plot.readOut()["loss.total"] == 1.0 * written; }));
  EXPECT_EQ(plot.size("loss.total"), static_cast<std::size_t>(written)) << "lost or doubled";
}

TEST(Attach, AFileThatIsDroppedIsImportedOnTheOtherMachine) {
  const test::Home home;
  const test::SshHost host;
  test::makeStore(home.folder() / "store", 1);
  test::makeStore(host.there() / "store", 2);
  {
    test::Window window(home, home.folder() / "store");
    client::Client& client = window.desktop.client();
    client.connectTo("pod", client::dialThere(podOf(host), {}));
    ASSERT_TRUE(test::waitFor([&] { return client.isUp(); })) << client.problem().toStdString();
    test::drop(window.desktop.window(),
               {"resources/demo/wasp39b/CMADF-WASP_39b_NIRISS_transmission_spectrum_R300.csv"});
    auto* table = window.child<QTableView>("dataTable");
    EXPECT_TRUE(test::waitFor([&] { return table->model()->rowCount() == 3; }));
    EXPECT_EQ(window.desktop.window().currentWorkspace(), "data");
    client.disconnectFrom();
  }
  endDaemonOf(host);
  const auto holds = [](const std::filesystem::path& store) {
    return data::store::Store::open(store, data::store::Mode::kRead).contains("wasp-39-b");
  };
  EXPECT_TRUE(holds(host.there() / "store"));
  EXPECT_FALSE(holds(home.folder() / "store"));
}

TEST(Attach, QuestionsOfSshAreAnsweredInTheWindow) {
  Attached attached;
  attached.host.knowNobody();
  attached.host.writeClientConfig("client", "ask");
  client::SshQuestions questions(std::filesystem::path(test::programFolder()) / "ecumene");
  shell::QuestionBar& bar = attached.station.window->questions();
  QObject::connect(
      &questions, &client::SshQuestions::asked, &bar,
      [&](const QString& question, bool secret, QObject* asker, const client::SshQuestions::Answer& answer) {
        EXPECT_FALSE(secret);
        bar.ask(question, secret, asker, answer);
      });
  attached.station.client.connectTo("pod", client::dialThere(attached.pod(), questions.asking()));
  // Who leaves the machine leaves its question.
  ASSERT_TRUE(test::waitFor([&] { return bar.isVisible(); })) << attached.station.client.problem().toStdString();
  attached.station.client.disconnectFrom();
  ASSERT_TRUE(test::waitFor([&] { return !bar.isVisible(); }));
  attached.station.client.connectTo("pod", client::dialThere(attached.pod(), questions.asking()));
  ASSERT_TRUE(test::waitFor([&] { return bar.isVisible(); })) << attached.station.client.problem().toStdString();
  EXPECT_TRUE(attached.child<QLabel>("question")->text().contains("authenticity of host"));
  attached.child<QLineEdit>("answer")->setText("perhaps");
  attached.child<QPushButton>("answerButton")->click();
  ASSERT_TRUE(test::waitFor([&] { return attached.child<QLabel>("question")->text().contains("Please type"); }));
  attached.child<QLineEdit>("answer")->setText("yes");
  attached.child<QPushButton>("answerButton")->click();
  EXPECT_TRUE(test::waitFor([&] { return attached.station.client.isUp(); }))
      << attached.station.client.problem().toStdString();
  EXPECT_FALSE(bar.isVisible());
}

TEST(Attach, ThePassphraseOfAKeyIsAskedForAndNotShown) {
  Attached attached;
  attached.host.protect("client", "two words");
  client::SshQuestions questions(std::filesystem::path(test::programFolder()) / "ecumene");
  shell::QuestionBar& bar = attached.station.window->questions();
  QObject::connect(
      &questions, &client::SshQuestions::asked, &bar,
      [&](const QString& question, bool secret, QObject* asker, const client::SshQuestions::Answer& answer) {
        EXPECT_TRUE(secret) << question.toStdString();
        bar.ask(question, secret, asker, answer);
      });
  attached.station.client.connectTo("pod", client::dialThere(attached.pod(), questions.asking()));
  ASSERT_TRUE(test::waitFor([&] { return bar.isVisible(); })) << attached.station.client.problem().toStdString();
  EXPECT_TRUE(attached.child<QLabel>("question")->text().contains("passphrase"));
  EXPECT_EQ(attached.child<QLineEdit>("answer")->echoMode(), QLineEdit::Password);
  attached.child<QLineEdit>("answer")->setText("two words");
  attached.child<QPushButton>("answerButton")->click();
  EXPECT_TRUE(test::waitFor([&] { return attached.station.client.isUp(); }))
      << attached.station.client.problem().toStdString();
}

TEST(Attach, ARefusalIsSaidOnceAndNotTriedAgain) {
  Attached attached;
  attached.host.writeClientConfig("other-client", "yes");
  int changes = 0;
  QObject::connect(&attached.station.client, &Client::linkChanged, [&] { ++changes; });
  int refusals = 0;
  QObject::connect(&attached.station.client, &Client::refused, [&](const Error& error) {
    ++refusals;
    EXPECT_EQ(error.failure(), "the other machine refuses this login");
  });
  attached.station.window->showWorkspace("runs");
  attached.station.client.connectTo("pod", client::dialThere(attached.pod(), {}));
  ASSERT_TRUE(test::waitFor([&] { return !attached.station.client.problem().isEmpty(); }));
  EXPECT_TRUE(attached.station.client.problem().contains("refuses this login"));
  const int then = changes;
  QTest::qWait(1500);
  EXPECT_EQ(changes, then);
  EXPECT_EQ(refusals, 1);
  const auto labels = attached.station.window->findChildren<QLabel*>();
  EXPECT_TRUE(std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
    return label->isVisible() && label->text().contains("refuses this login");
  }));
  attached.host.writeClientConfig("client", "yes");
  attached.station.client.dialAgain();
  EXPECT_TRUE(test::waitFor([&] { return attached.station.client.isUp(); }));
}

}  // namespace
}  // namespace ecumene::ui
