// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/client/client.h"

#include <gtest/gtest.h>

#include <QThread>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "engine/run/run_directory.h"
#include "tests/ui/window.h"
#include "ui/client/planets.h"

namespace ecumene::ui::client {
namespace {

struct Connected {
  Connected() : ids(test::makeStore(folder / "store", 3)), served(folder / "store") { connect(); }
  void connect() {
    client.connectTo("test", served.dial());
    if (!test::waitFor([&] { return client.isUp(); })) ADD_FAILURE() << client.problem().toStdString();
  }
  test::TempFolder folder;
  std::vector<std::string> ids;
  test::Served served;
  Client client;
};

wire::PlanetsRequest allPlanets() {
  wire::PlanetsRequest request;
  request.set_store("main");
  return request;
}

TEST(Client, AnswersComeInTheWindowsThreadFromAnother) {
  Connected connected;
  Client& client = connected.client;
  const QThread* worker = nullptr;
  const QThread* receiver = nullptr;
  std::vector<wire::PlanetRow> rows;
  QObject alive;
  client.ask(
      "planets", &alive,
      [&](Daemon& daemon) {
        worker = QThread::currentThread();
        return planetsOf(daemon, allPlanets());
      },
      [&](std::vector<wire::PlanetRow> answer) {
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
  Connected connected;
  Client& client = connected.client;
  QObject alive;
  std::mutex gate;
  gate.lock();
  std::atomic<int> asked = 0;
  std::vector<int> answered;
  for (int i = 0; i < 50; ++i) {
    client.ask(
        "slice", &alive,
        [&, i](Daemon&) {
          if (asked++ == 0) {
            const std::lock_guard wait(gate);
          }
          return i;
        },
        [&](int value) { answered.push_back(value); }, [](const Error&) { FAIL(); });
  }
  int other = 0;
  client.ask(
      "other", &alive, [](Daemon&) { return 7; }, [&](int value) { other = value; }, [](const Error&) { FAIL(); });
  gate.unlock();
  ASSERT_TRUE(test::waitFor([&] { return other == 7; }));
  EXPECT_EQ(answered, std::vector<int>{49});
  // The first may have begun before the second was asked; all between were never asked.
  EXPECT_LE(asked, 2);
}

TEST(Client, ErrorsArriveWhole) {
  Connected connected;
  Client& client = connected.client;
  QObject alive;
  std::string said;
  askPlanet(
      client, "planet", &alive, "no-such-planet", [](const SharedPlanet&) { FAIL(); },
      [&](const Error& error) { said = error.what(); });
  ASSERT_TRUE(test::waitFor([&] { return !said.empty(); }));
  EXPECT_NE(said.find("no-such-planet"), std::string::npos) << said;
}

TEST(Client, NothingIsDeliveredToTheDeadOrFromAnOldDaemon) {
  Connected connected;
  Client& client = connected.client;
  bool delivered = false;
  {
    QObject dies;
    client.ask(
        "a", &dies, [](Daemon&) { return 1; }, [&](int) { delivered = true; }, [](const Error&) {});
  }
  QObject alive;
  client.ask(
      "b", &alive, [](Daemon&) { return 1; }, [&](int) { delivered = true; }, [](const Error&) {});
  connected.connect();
  bool last = false;
  client.ask(
      "c", &alive, [](Daemon&) { return 1; }, [&](int) { last = true; }, [](const Error&) {});
  ASSERT_TRUE(test::waitFor([&] { return last; }));
  EXPECT_FALSE(delivered);
}

TEST(Client, DialsUntilSomebodyAnswersAndSaysWhy) {
  Connected connected;
  Client& client = connected.client;
  connected.served.daemon.reset();
  QObject alive;
  bool failed = false;
  client.ask(
      "planets", &alive, [](Daemon& daemon) { return planetsOf(daemon, allPlanets()); },
      [](const std::vector<wire::PlanetRow>&) { FAIL(); }, [&](const Error&) { failed = true; });
  ASSERT_TRUE(test::waitFor([&] { return client.link() == Client::Link::kLost && !client.problem().isEmpty(); }));
  EXPECT_TRUE(failed);
  EXPECT_TRUE(client.problem().contains("no daemon answers")) << client.problem().toStdString();
  bool asked = false;
  client.ask(
      "planets", &alive, [&](Daemon&) { asked = true; }, [] {}, [](const Error&) {});
  connected.served.begin();
  ASSERT_TRUE(test::waitFor([&] { return client.isUp(); }));
  EXPECT_TRUE(client.problem().isEmpty());
  EXPECT_FALSE(asked);
}

TEST(Client, AwaitsAnAnswerUntilItComesOrTheDaemonIsLeft) {
  Connected connected;
  Client& client = connected.client;
  QObject alive;
  std::mutex gate;
  EXPECT_FALSE(client.awaits("list"));
  for (const bool leave : {false, true}) {
    gate.lock();
    bool answered = false;
    client.ask(
        "list", &alive, [&](Daemon&) { const std::lock_guard wait(gate); }, [&] { answered = true; },
        [](const Error&) {});
    EXPECT_TRUE(client.awaits("list"));
    EXPECT_FALSE(client.awaits("other"));
    if (leave) client.disconnectFrom();
    EXPECT_EQ(client.awaits("list"), !leave);
    gate.unlock();
    EXPECT_EQ(test::waitFor([&] { return !client.awaits("list"); }), true);
    EXPECT_EQ(answered, !leave);
  }
}

TEST(Client, AnotherStoreIsNoOtherDaemon) {
  const test::TempFolder folder;
  for (const char* store : {"one", "two"}) test::makeStore(folder / store, 1);
  test::Served served(folder / "one");
  served.settings.stores.emplace("two", folder / "two");
  served.daemon.reset();
  served.begin();
  Client client;
  int daemons = 0, sources = 0;
  QObject::connect(&client, &Client::daemonChanged, &client, [&] { ++daemons; });
  QObject::connect(&client, &Client::sourceChanged, &client, [&] { ++sources; });
  client.connectTo("test", served.dial());
  ASSERT_TRUE(test::waitFor([&] { return client.isUp(); }));
  EXPECT_EQ(client.store(), "main");
  EXPECT_EQ(daemons, 2);  // the old one is left, the new one is reached
  EXPECT_EQ(sources, 2);
  client.chooseStore("two");
  EXPECT_EQ(client.store(), "two");
  EXPECT_EQ(daemons, 2);
  EXPECT_EQ(sources, 3);
}

TEST(Client, APlanetIsFetchedOnceUntilAStoreChanges) {
  Connected connected;
  Client& client = connected.client;
  QObject alive;
  const auto planet = [&](const char* topic, const std::string& id) {
    SharedPlanet got;
    askPlanet(
        client, topic, &alive, id, [&](SharedPlanet answer) { got = std::move(answer); },
        [](const Error& error) { ADD_FAILURE() << error.what(); });
    if (!test::waitFor([&] { return got != nullptr; })) ADD_FAILURE() << id;
    return got;
  };
  const SharedPlanet first = planet("one view", connected.ids[0]);
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->id, connected.ids[0]);
  EXPECT_EQ(planet("another", connected.ids[0]), first);
  EXPECT_NE(planet("another", connected.ids[1]), first);
  EXPECT_EQ(planet("another", connected.ids[0]), first);
  client.forgetPlanets();
  EXPECT_NE(planet("one view", connected.ids[0]), first);
}

TEST(Client, ADaemonThatTookAnothersPlaceUnnoticedIsReachedAnew) {
  Connected connected;
  Client& client = connected.client;
  int answers = 0, daemons = 0;
  std::vector<Client::Link> links;
  const auto ping = [&] { client.ping(&client, [&](qint64) { ++answers; }); };
  QObject::connect(&client, &Client::linkChanged, &client, [&] { links.push_back(client.link()); });
  QObject::connect(&client, &Client::daemonChanged, &client, [&] { ++daemons; });
  ping();
  ASSERT_TRUE(test::waitFor([&] { return answers == 1; }));
  test::makeStore(connected.folder / "two", 1);
  connected.served.settings.stores.emplace("two", connected.folder / "two");
  connected.served.daemon.reset();
  connected.served.begin();
  // The connection goes on by itself, and nobody asked meanwhile.
  std::this_thread::sleep_for(std::chrono::seconds(2));
  ASSERT_TRUE(client.isUp());
  ping();
  EXPECT_TRUE(test::waitFor([&] { return client.hello().stores_size() == 2; }));
  EXPECT_EQ(daemons, 1);
  EXPECT_TRUE(std::find(links.begin(), links.end(), Client::Link::kLost) == links.end());
  ping();
  EXPECT_TRUE(test::waitFor([&] { return answers == 2; }));
}

TEST(Client, ADialUnderWayIsNotBegunAnewByHand) {
  Connected connected;
  std::atomic<int> dials = 0;
  std::mutex gate;
  gate.lock();
  connected.client.connectTo("test", [&, dial = connected.served.dial()](const std::stop_token& stop) {
    ++dials;
    const std::lock_guard wait(gate);
    return dial(stop);
  });
  ASSERT_TRUE(test::waitFor([&] { return dials == 1; }));
  connected.client.dialAgain();
  gate.unlock();
  ASSERT_TRUE(test::waitFor([&] { return connected.client.isUp(); }));
  EXPECT_EQ(dials, 1);
  connected.served.daemon.reset();
  ASSERT_TRUE(test::waitFor([&] {
    connected.client.ask(
        "ping", &connected.client, [](Daemon& daemon) { return planetsOf(daemon, allPlanets()); },
        [](const std::vector<wire::PlanetRow>&) {}, [](const Error&) {});
    return connected.client.link() == Client::Link::kLost && !connected.client.problem().isEmpty();
  }));
  // Between two dials it does not wait for its time.
  const int before = dials;
  connected.client.dialAgain();
  EXPECT_TRUE(test::waitFor([&] { return dials > before; }));
}

TEST(Client, ASlowQuestionDoesNotHoldUpTheOthers) {
  Connected connected;
  QObject alive;
  std::mutex gate;
  gate.lock();
  bool slow = false, quick = false, history = false;
  connected.client.ask(
      "slow", &alive, [&](Daemon&) { const std::lock_guard wait(gate); }, [&] { slow = true; }, [](const Error&) {},
      Client::Lane::kSlow);
  connected.client.ask(
      "quick", &alive, [](Daemon&) {}, [&] { quick = true; }, [](const Error&) {});
  connected.client.ask(
      "history", &alive, [](Daemon&) {}, [&] { history = true; }, [](const Error&) {}, Client::Lane::kHistory);
  EXPECT_TRUE(test::waitFor([&] { return quick && history; }));
  EXPECT_FALSE(slow);
  gate.unlock();
  EXPECT_TRUE(test::waitFor([&] { return slow; }));
}

TEST(Client, ATransferHoldsUpNeitherLaunchesNorQuestions) {
  Connected connected;
  QObject alive;
  std::mutex gate;
  gate.lock();
  bool transferred = false, slow = false, quick = false;
  connected.client.ask(
      "transfer", &alive, [&](Daemon&) { const std::lock_guard wait(gate); }, [&] { transferred = true; },
      [](const Error&) {}, Client::Lane::kTransfer);
  connected.client.ask(
      "slow", &alive, [](Daemon&) {}, [&] { slow = true; }, [](const Error&) {}, Client::Lane::kSlow);
  connected.client.ask(
      "quick", &alive, [](Daemon&) {}, [&] { quick = true; }, [](const Error&) {});
  EXPECT_TRUE(test::waitFor([&] { return slow && quick; }));
  EXPECT_FALSE(transferred);
  gate.unlock();
  EXPECT_TRUE(test::waitFor([&] { return transferred; }));
}

TEST(Client, ADialThatWaitsIsGivenUpForAnother) {
  Connected connected;
  std::atomic<bool> waiting = false, stopped = false;
  connected.client.connectTo("nobody", [&](const std::stop_token& stop) -> std::shared_ptr<Daemon> {
    waiting = true;
    while (!stop.stop_requested()) QThread::msleep(5);
    stopped = true;
    throw Error("given up", ErrorKind::kCancelled);
  });
  ASSERT_TRUE(test::waitFor([&] { return waiting.load(); }));
  connected.connect();
  EXPECT_TRUE(stopped);
  EXPECT_TRUE(connected.client.problem().isEmpty());
}

TEST(Client, QuestionsToADaemonThatIsLeftEndAtOnce) {
  Connected connected;
  auto run = engine::run::RunDirectory::create(connected.served.runs() / "r", engine::config::preset("nano"));
  run.flush();
  QObject alive;
  std::atomic<bool> following = false, ended = false;
  connected.client.ask(
      "follow", &alive,
      [&](Daemon& daemon) {
        wire::FollowRequest request;
        request.set_run("r");
        request.set_live(true);
        try {
          daemon.stream(&wire::Metrics::Stub::Follow, request, [&](const wire::News&) { return following = true; });
        } catch (const Error& error) {
          ended = error.kind() == ErrorKind::kCancelled;
        }
      },
      [] {}, [](const Error&) {});
  ASSERT_TRUE(test::waitFor([&] { return following.load(); }));
  connected.connect();
  EXPECT_TRUE(test::waitFor([&] { return ended.load(); }));
}

}  // namespace
}  // namespace ecumene::ui::client
