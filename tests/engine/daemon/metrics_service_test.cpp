// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "tests/engine/daemon/served.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::daemon {
namespace {

using protocol::Client;

struct Followed {
  std::vector<std::int64_t> sequence;
  std::vector<double> values;
  std::vector<std::string> names;
  std::vector<std::string> events;
};

Followed follow(Client& client, const std::string& run, std::int64_t after) {
  wire::FollowRequest request;
  request.set_run(run);
  request.set_after_metric(after);
  Followed followed;
  std::map<std::uint32_t, std::string> names;
  client.stream(&wire::Metrics::Stub::Follow, request, [&](const wire::News& news) {
    for (const auto& name : news.names()) EXPECT_TRUE(names.emplace(name.number(), name.name()).second);
    for (const auto& event : news.events()) followed.events.push_back(event.kind());
    for (int i = 0; i < news.sequence_size(); ++i) {
      followed.sequence.push_back(news.sequence(i));
      followed.values.push_back(news.value(i));
      followed.names.push_back(names.at(news.name(i)));
    }
    return true;
  });
  return followed;
}

TEST(Follow, GivesAllThatFollowsInOrder) {
  const test::Served served;
  auto run = served.make("r");
  run.event(0, "made", "nano");
  for (int step = 1; step <= 9000; ++step) run.metrics(step, {{"loss", step * 1.0}, {"norm", -1.0}});
  run.flush();
  Client client = served.client();
  const Followed all = follow(client, "r", 0);
  ASSERT_EQ(all.sequence.size(), 18000U);
  for (std::size_t i = 0; i < all.sequence.size(); ++i) ASSERT_EQ(all.sequence[i], static_cast<std::int64_t>(i + 1));
  EXPECT_EQ(all.names[17998], "loss");
  EXPECT_EQ(all.values[17998], 9000.0);
  EXPECT_EQ(all.events, std::vector<std::string>{"made"});
  const Followed rest = follow(client, "r", 17999);
  EXPECT_EQ(rest.sequence, std::vector<std::int64_t>{18000});
  EXPECT_EQ(rest.names, std::vector<std::string>{"norm"});
}

TEST(Follow, CutAnywhereLosesAndDoublesNothing) {
  const test::Served served;
  auto run = served.make("r");
  constexpr std::int64_t kPoints = 3000;
  std::thread writer([&] {
    for (std::int64_t step = 1; step <= kPoints; ++step) {
      run.metrics(step, {{"loss", static_cast<double>(step)}});
      if (step % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  std::vector<std::int64_t> seen;
  int cuts = 0;
  while (seen.size() < kPoints) {
    Client client = served.client();
    wire::FollowRequest request;
    request.set_run("r");
    request.set_live(true);
    request.set_after_metric(seen.empty() ? 0 : seen.back());
    client.stream(&wire::Metrics::Stub::Follow, request, [&](const wire::News& news) {
      seen.insert(seen.end(), news.sequence().begin(), news.sequence().end());
      return news.sequence_size() == 0;  // Cut behind every message that has points.
    });
    ++cuts;
  }
  writer.join();
  ASSERT_EQ(seen.size(), static_cast<std::size_t>(kPoints));
  for (std::size_t i = 0; i < seen.size(); ++i) ASSERT_EQ(seen[i], static_cast<std::int64_t>(i + 1));
  std::printf("%d cuts, 0 points lost, 0 doubled\n", cuts - 1);
}

TEST(Follow, SaysARewindBeforeWhatIsMadeAgain) {
  const test::Served served;
  auto run = served.make("r");
  for (int step = 1; step <= 4; ++step) run.metrics(step, {{"loss", step * 1.0}});
  run.forgetAfter(2);
  run.metrics(3, {{"loss", 30.0}});
  run.flush();
  Client client = served.client();
  const Followed news = follow(client, "r", 4);
  EXPECT_EQ(news.events, std::vector<std::string>{"rewound"});
  EXPECT_EQ(news.values, std::vector<double>{30.0});
}

TEST(Follow, EndsWhereTheRunOrTheDaemonIsGone) {
  auto served = std::make_unique<test::Served>();
  served->make("r").flush();
  Client client = served->client();
  wire::FollowRequest request;
  request.set_run("r");
  request.set_live(true);
  std::atomic<int> ended = 0;
  const auto following = [&] {
    const std::string message = test::messageOf(
        [&] { client.stream(&wire::Metrics::Stub::Follow, request, [](const wire::News&) { return true; }); });
    ++ended;
    return message;
  };
  std::string removed;
  std::thread first([&] { removed = following(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  std::filesystem::remove_all(served->runs() / "r");
  first.join();
  EXPECT_NE(removed.find("there is no such run"), std::string::npos) << removed;

  served->make("r").flush();
  std::string shut;
  std::thread second([&] { shut = following(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  served.reset();
  second.join();
  EXPECT_NE(shut.find("daemon"), std::string::npos) << shut;
}

TEST(Follow, IsRefusedToTooManyAndGoesOnForTheOthers) {
  const test::Served served;
  served.make("r").flush();
  Client client = served.client();
  wire::FollowRequest request;
  request.set_run("r");
  request.set_live(true);
  std::stop_source stop;
  std::atomic<int> refused = 0, accepted = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 70; ++i) {
    threads.emplace_back([&] {
      try {
        client.stream(
            &wire::Metrics::Stub::Follow, request,
            [&](const wire::News&) {
              ++accepted;
              return true;
            },
            stop.get_token());
      } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("too many"), std::string::npos) << error.what();
        ++refused;
      }
    });
  }
  for (int i = 0; i < 1000 && refused + accepted < 70; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_EQ(accepted, 64);
  EXPECT_EQ(refused, 6);
  EXPECT_EQ(client.call(&wire::Runs::Stub::List, wire::ListRunsRequest()).runs_size(), 1);
  stop.request_stop();
  for (std::thread& thread : threads) thread.join();
}

TEST(History, ComesInPiecesAndIsWhole) {
  const test::Served served;
  auto run = served.make("r");
  std::vector<run::Metric> metrics;
  for (int i = 0; i < 10; ++i) metrics.push_back({"m" + std::to_string(i), i * 1.0});
  for (int step = 1; step <= 6000; ++step) run.metrics(step, metrics);
  for (const char* text : {"first", "second", "third"}) run.event(6000, "checkpoint", text);
  run.flush();
  Client client = served.client();
  wire::HistoryRequest request;
  request.set_run("r");
  request.set_buckets(6000);
  std::set<std::string> names;
  int messages = 0;
  client.stream(&wire::Metrics::Stub::History, request, [&](const wire::HistoryReply& reply) {
    ++messages;
    EXPECT_EQ(reply.last_sequence(), 60000);
    for (const wire::Curve& curve : reply.curves()) {
      names.insert(curve.name());
      EXPECT_EQ(curve.mean_size(), 6000);
      EXPECT_EQ(curve.last_step(5999), 6000);
    }
    return true;
  });
  EXPECT_EQ(names.size(), 10U);
  EXPECT_GT(messages, 1);
  request.set_events(2);
  std::vector<std::string> events;
  client.stream(&wire::Metrics::Stub::History, request, [&](const wire::HistoryReply& reply) {
    for (const wire::Event& event : reply.events()) events.push_back(event.text());
    EXPECT_EQ(reply.events_left_out(), events.empty() ? 0U : 1U);
    return false;
  });
  EXPECT_EQ(events, (std::vector<std::string>{"second", "third"}));
  request.set_events(5001);
  EXPECT_THROW(client.stream(&wire::Metrics::Stub::History, request, [](const auto&) { return true; }), Error);
  request.clear_events();
  for (const int buckets : {0, -1, 10001}) {
    request.set_buckets(buckets);
    EXPECT_THROW(client.stream(&wire::Metrics::Stub::History, request, [](const auto&) { return true; }), Error);
  }
}

}  // namespace
}  // namespace ecumene::engine::daemon
