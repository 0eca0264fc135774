// SPDX-License-Identifier: Apache-2.0
// A daemon that is there and says nothing, as one whose process is stopped, or at the end of a dead way.
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <deque>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include "engine/protocol/client.h"
#include "engine/protocol/server.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::protocol {
namespace {

class SilentSession final : public wire::Session::Service {
  grpc::Status Hello(grpc::ServerContext*, const wire::HelloRequest*, wire::HelloReply* reply) override {
    reply->set_protocol(kProtocolVersion);
    return grpc::Status::OK;
  }
};

/// Runs that take their time, and metrics that never come.
class SilentRuns final : public wire::Runs::Service {
  grpc::Status List(grpc::ServerContext* context, const wire::ListRunsRequest*, wire::ListRunsReply*) override {
    while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return grpc::Status::OK;
  }
};
class SilentMetrics final : public wire::Metrics::Service {
  grpc::Status Follow(grpc::ServerContext* context, const wire::FollowRequest* request,
                      grpc::ServerWriter<wire::News>* writer) override {
    wire::News news;
    news.add_sequence(request->after_metric() + 1);
    writer->Write(news);
    ++followers;
    while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    --followers;
    return grpc::Status::OK;
  }

 public:
  std::atomic<int> followers = 0;
};

sockaddr_un addressOf(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
  return address;
}

/// A way from one socket to another for any number of connections, on which nothing moves while it is dead.
class Way {
 public:
  Way(const std::filesystem::path& from, const std::filesystem::path& to)
      : to_(addressOf(to)), listening_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    const sockaddr_un address = addressOf(from);
    if (::bind(listening_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listening_, 16) != 0) {
      throw std::runtime_error("no socket");
    }
    threads_.emplace_back([this] { take(); });
  }
  ~Way() {
    ended_ = true;
    dead = false;
    ::shutdown(listening_, SHUT_RDWR);
    threads_.front().join();
    for (const int end : ends_) ::shutdown(end, SHUT_RDWR);
    threads_.clear();
    for (const int end : ends_) ::close(end);
    ::close(listening_);
  }
  std::atomic<bool> dead = false;

 private:
  void take() {
    while (true) {
      const int here = ::accept(listening_, nullptr, nullptr);
      if (here < 0 || ended_) return;
      const int there = ::socket(AF_UNIX, SOCK_STREAM, 0);
      ends_.insert(ends_.end(), {here, there});
      if (::connect(there, reinterpret_cast<const sockaddr*>(&to_), sizeof to_) != 0) std::abort();
      threads_.emplace_back([this, here, there] { pass(here, there); });
      threads_.emplace_back([this, here, there] { pass(there, here); });
    }
  }
  void pass(int from, int to) const {
    std::array<char, 4096> piece{};
    for (ssize_t got = 0; (got = ::read(from, piece.data(), piece.size())) > 0;) {
      while (dead) std::this_thread::sleep_for(std::chrono::milliseconds(5));
      (void)!::send(to, piece.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL);
    }
    ::shutdown(to, SHUT_RDWR);
  }

  const sockaddr_un to_;
  const int listening_;
  std::atomic<bool> ended_ = false;
  std::vector<int> ends_;
  std::deque<std::jthread> threads_;  ///< the first takes connections
};

class SilentTest : public ::testing::Test {
 protected:
  SilentTest() {
    grpc::ServerBuilder builder;
    setLimits(builder);
    builder.AddListeningPort("unix:" + there().string(), grpc::InsecureServerCredentials());
    builder.RegisterService(&session_);
    builder.RegisterService(&runs_);
    builder.RegisterService(&metrics_);
    server_ = builder.BuildAndStart();
    way_.emplace(here(), there());
  }
  ~SilentTest() override {
    way_.reset();
    server_->Shutdown(std::chrono::system_clock::now());
  }
  [[nodiscard]] std::filesystem::path here() const { return folder_ / "here.sock"; }
  [[nodiscard]] std::filesystem::path there() const { return folder_ / "there.sock"; }

  test::TempFolder folder_;
  SilentSession session_;
  SilentRuns runs_;
  SilentMetrics metrics_;
  std::unique_ptr<grpc::Server> server_;
  std::optional<Way> way_;
};

wire::FollowRequest after(std::int64_t metric) {
  wire::FollowRequest request;
  request.set_after_metric(metric);
  request.set_live(true);
  return request;
}

// The time limits of all are those of the class, so they are waited for together.
TEST_F(SilentTest, EndsEveryCallAndIsAskedAgain) {
  Client client(here(), "t");
  std::atomic<std::int64_t> seen = 0;
  std::optional<Error> stream, call, hello, busy;
  std::thread following([&] {
    stream = test::errorOf([&] {
      client.stream(&wire::Metrics::Stub::Follow, after(0), [&](const wire::News& news) {
        seen = news.sequence(0);
        return true;
      });
    });
  });
  // A daemon that is merely busy is not silent: its connection answers, and so does it to its name.
  Client straight(there(), "t");
  std::thread waiting([&] {
    busy = test::errorOf(
        [&] { straight.call(&wire::Runs::Stub::List, wire::ListRunsRequest(), std::chrono::seconds(2)); });
  });
  std::atomic<bool> quietIsNormal = true;
  std::stop_source stop;
  std::thread quiet([&] {
    try {
      straight.stream(
          &wire::Metrics::Stub::Follow, after(0), [](const wire::News&) { return true; }, stop.get_token());
    } catch (const Error&) {
      quietIsNormal = false;
    }
  });
  while (seen == 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  way_->dead = true;
  std::thread calling([&] {
    call =
        test::errorOf([&] { client.call(&wire::Runs::Stub::List, wire::ListRunsRequest(), std::chrono::seconds(2)); });
  });
  std::thread greeting([&] { hello = test::errorOf([&] { const Client another(here(), "t"); }); });
  for (std::thread* thread : {&following, &calling, &greeting, &waiting}) thread->join();
  for (const auto* error : {&stream, &call, &hello}) {
    EXPECT_TRUE(isSilent(**error) && isUnreachable(**error)) << (*error)->what();
  }
  EXPECT_FALSE(isUnreachable(*busy)) << busy->what();
  // The daemon on its side has given up the client behind the dead way, and not the other one.
  for (int i = 0; i < 1000 && metrics_.followers != 1; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQ(metrics_.followers, 1);
  way_->dead = false;
  // It goes on from there over the same client.
  for (int i = 0; i < 200 && seen < 8; ++i) {
    try {
      client.stream(&wire::Metrics::Stub::Follow, after(7), [&](const wire::News& news) {
        seen = news.sequence(0);
        return false;
      });
    } catch (const Error& error) {
      EXPECT_TRUE(isUnreachable(error)) << error.what();
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
  }
  EXPECT_EQ(seen, 8);
  // By now several pings were answered on a stream that says nothing.
  EXPECT_TRUE(quietIsNormal);
  stop.request_stop();
  quiet.join();
}

TEST_F(SilentTest, IsNotWaitedForOnceItIsAbandoned) {
  Client client(here(), "t");
  way_->dead = true;
  std::atomic<int> kinds = 0;
  std::thread calling([&] {
    if (test::errorOf([&] {
          client.call(&wire::Runs::Stub::List, wire::ListRunsRequest(), std::chrono::hours(1));
        }).kind() == ErrorKind::kCancelled) {
      ++kinds;
    }
  });
  std::stop_source stop;
  std::thread greeting([&] {
    if (test::errorOf([&] { const Client another(here(), "t", stop.get_token()); }).kind() == ErrorKind::kCancelled) {
      ++kinds;
    }
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  client.abandon();
  stop.request_stop();
  calling.join();
  greeting.join();
  EXPECT_EQ(kinds, 2);
  EXPECT_EQ(test::errorOf([&] { client.call(&wire::Runs::Stub::List, wire::ListRunsRequest()); }).kind(),
            ErrorKind::kCancelled);
}

}  // namespace
}  // namespace ecumene::engine::protocol
