// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/client.h"

#include <gtest/gtest.h>

#include <QThread>
#include <atomic>
#include <mutex>

#include "tests/support/thrown_error.h"
#include "tests/ui/window.h"

namespace ecumene::ui::client {
namespace {

struct Folders {
  Folders() { ids = test::makeStore(folder / "store", 3); }
  std::shared_ptr<LocalSource> source() const {
    return std::make_shared<LocalSource>(LocalSource::Folders{folder / "store", {}, {}});
  }
  test::TempFolder folder;
  std::vector<std::string> ids;
};

TEST(Client, AnswersComeInTheWindowsThreadFromAnother) {
  const Folders folders;
  Client client;
  client.setSource(folders.source());
  const QThread* worker = nullptr;
  const QThread* receiver = nullptr;
  std::vector<data::store::Row> rows;
  QObject alive;
  client.ask(
      "planets", &alive,
      [&](Source& source) {
        worker = QThread::currentThread();
        return source.planets();
      },
      [&](std::vector<data::store::Row> answer) {
        receiver = QThread::currentThread();
        rows = std::move(answer);
      },
      [](const Error&) { FAIL(); });
  ASSERT_TRUE(test::waitFor([&] { return receiver != nullptr; }));
  EXPECT_EQ(rows.size(), 3U);
  EXPECT_EQ(receiver, QThread::currentThread());
  EXPECT_NE(worker, QThread::currentThread());
}

TEST(Client, TheNewestQuestionOfATopicWins) {
  const Folders folders;
  Client client;
  client.setSource(folders.source());
  QObject alive;
  std::mutex gate;
  gate.lock();
  std::atomic<int> asked = 0;
  std::vector<int> answered;
  for (int i = 0; i < 50; ++i) {
    client.ask(
        "slice", &alive,
        [&, i](Source&) {
          if (asked++ == 0) {
            const std::lock_guard wait(gate);
          }
          return i;
        },
        [&](int value) { answered.push_back(value); }, [](const Error&) { FAIL(); });
  }
  int other = 0;
  client.ask(
      "other", &alive, [](Source&) { return 7; }, [&](int value) { other = value; }, [](const Error&) { FAIL(); });
  gate.unlock();
  ASSERT_TRUE(test::waitFor([&] { return other == 7; }));
  EXPECT_EQ(answered, std::vector<int>{49});
  // The first may have begun before the second was asked; all between were never asked.
  EXPECT_LE(asked, 2);
}

TEST(Client, ErrorsArriveWhole) {
  const Folders folders;
  Client client;
  client.setSource(folders.source());
  QObject alive;
  std::string said;
  client.ask(
      "planet", &alive, [](Source& source) { return source.planet("no-such-planet"); },
      [](const data::planet::Planet&) { FAIL(); }, [&](const Error& error) { said = error.what(); });
  ASSERT_TRUE(test::waitFor([&] { return !said.empty(); }));
  EXPECT_NE(said.find("no-such-planet"), std::string::npos) << said;
}

TEST(Client, NothingIsDeliveredToTheDeadOrFromAnOldSource) {
  const Folders folders;
  Client client;
  client.setSource(folders.source());
  bool delivered = false;
  {
    QObject dies;
    client.ask(
        "a", &dies, [](Source&) { return 1; }, [&](int) { delivered = true; }, [](const Error&) {});
  }
  QObject alive;
  client.ask(
      "b", &alive, [](Source&) { return 1; }, [&](int) { delivered = true; }, [](const Error&) {});
  client.setSource(folders.source());
  bool last = false;
  client.ask(
      "c", &alive, [](Source&) { return 1; }, [&](int) { last = true; }, [](const Error&) {});
  ASSERT_TRUE(test::waitFor([&] { return last; }));
  EXPECT_FALSE(delivered);
}

TEST(LocalSource, HostileRunNamesNeverReachAPath) {
  const test::TempFolder folder;
  std::filesystem::create_directories(folder / "runs");
  LocalSource source({{}, folder / "runs", "/nonexistent/ecumene-train"});
  const std::vector<std::string> hostile = {
      "../runs", "..", "", "a/b", "/etc", "a\nb", std::string("a\0b", 3), std::string(4096, 'x')};
  for (const std::string& name : hostile) {
    EXPECT_EQ(test::errorOf([&] { static_cast<void>(source.specOf(name)); }).failure(), "this is no name for a run")
        << name;
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder / "runs"));
}

}  // namespace
}  // namespace ecumene::ui::client
