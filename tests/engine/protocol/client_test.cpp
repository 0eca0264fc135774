// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/client.h"

#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <fstream>

#include "engine/protocol/version.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::protocol {
namespace {

/// A daemon that speaks some version, and refuses others or not.
class Session final : public wire::Session::Service {
 public:
  int version = kProtocolVersion;
  grpc::Status Hello(grpc::ServerContext*, const wire::HelloRequest* request, wire::HelloReply* reply) override {
    heard = request->program();
    reply->set_protocol(version);
    reply->set_program("ecumened 7.0");
    return grpc::Status::OK;
  }
  std::string heard;
};

class Metrics final : public wire::Metrics::Service {
 public:
  grpc::Status Follow(grpc::ServerContext* context, const wire::FollowRequest* request,
                      grpc::ServerWriter<wire::News>* writer) override {
    for (int i = 1; i <= 3; ++i) {
      wire::News news;
      news.add_sequence(request->after_metric() + i);
      if (!writer->Write(news)) break;
    }
    if (!request->live()) return toStatus(Error("the journal is damaged").on("r"));
    while (!context->IsCancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    cancelled = true;
    return grpc::Status::CANCELLED;
  }
  std::atomic<bool> cancelled = false;
};

class ClientTest : public ::testing::Test {
 protected:
  ClientTest() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + socket().string(), grpc::InsecureServerCredentials());
    builder.RegisterService(&session_);
    builder.RegisterService(&metrics_);
    server_ = builder.BuildAndStart();
  }
  ~ClientTest() override { server_->Shutdown(std::chrono::system_clock::now()); }
  [[nodiscard]] std::filesystem::path socket() const { return folder_ / "d.sock"; }

  test::TempFolder folder_;
  Session session_;
  Metrics metrics_;
  std::unique_ptr<grpc::Server> server_;
};

TEST_F(ClientTest, SaysHello) {
  const Client client(socket(), "test 1.0");
  EXPECT_EQ(client.daemon().program(), "ecumened 7.0");
  EXPECT_EQ(session_.heard, "test 1.0");
}

TEST_F(ClientTest, RefusesAnotherVersionNamingBoth) {
  session_.version = kProtocolVersion + 4;
  const Error error = test::errorOf([&] { const Client client(socket(), "test 1.0"); });
  EXPECT_NE(error.expectation().find("version " + std::to_string(kProtocolVersion) + " of test 1.0"),
            std::string::npos);
  EXPECT_NE(error.finding().find("version " + std::to_string(kProtocolVersion + 4) + " of ecumened 7.0"),
            std::string::npos);
}

TEST_F(ClientTest, SaysThatNobodyAnswers) {
  EXPECT_NE(test::messageOf([&] { const Client client(folder_ / "none.sock", "t"); }).find("no daemon answers"),
            std::string::npos);
  std::ofstream(folder_ / "file.sock") << "no socket";
  EXPECT_THROW(Client(folder_ / "file.sock", "t"), Error);
  server_->Shutdown(std::chrono::system_clock::now());
  EXPECT_THROW(Client(socket(), "t"), Error);
}

TEST_F(ClientTest, StreamsEndWithTheErrorTheyEndedWith) {
  Client client(socket(), "t");
  wire::FollowRequest request;
  request.set_after_metric(10);
  std::vector<std::int64_t> seen;
  const Error error = test::errorOf([&] {
    client.stream(&wire::Metrics::Stub::Follow, request, [&](const wire::News& news) {
      seen.push_back(news.sequence(0));
      return true;
    });
  });
  EXPECT_EQ(seen, (std::vector<std::int64_t>{11, 12, 13}));
  EXPECT_STREQ(error.what(), Error("the journal is damaged").on("r").what());
}

TEST_F(ClientTest, StreamsEndWhereTheClientHasEnough) {
  Client client(socket(), "t");
  wire::FollowRequest request;
  request.set_live(true);
  int seen = 0;
  client.stream(&wire::Metrics::Stub::Follow, request, [&](const wire::News&) { return ++seen < 2; });
  EXPECT_EQ(seen, 2);
  std::stop_source stop;
  client.stream(
      &wire::Metrics::Stub::Follow, request,
      [&](const wire::News&) {
        if (++seen == 5) stop.request_stop();
        return true;
      },
      stop.get_token());
  EXPECT_EQ(seen, 5);
  for (int i = 0; i < 400 && !metrics_.cancelled; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_TRUE(metrics_.cancelled);
}

TEST_F(ClientTest, CallsThatTheDaemonDoesNotKnowSaySo) {
  Client client(socket(), "t");
  EXPECT_NE(test::messageOf([&] { client.call(&wire::Runs::Stub::List, wire::ListRunsRequest()); }).find("one version"),
            std::string::npos);
}

}  // namespace
}  // namespace ecumene::engine::protocol
