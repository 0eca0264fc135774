// SPDX-License-Identifier: Apache-2.0
// ecumenectl beside a daemon whose process is stopped, and beside what is in its way for a while.
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include "ecumene.grpc.pb.h"
#include "engine/protocol/server.h"
#include "engine/run/owner_lock.h"
#include "engine/run/run_directory.h"
#include "tests/app/machine.h"

namespace ecumene {
namespace {

namespace run = engine::run;
using test::Finished;
using test::Json;
using test::Machine;

/// A run that this process trains, as the daemon sees it.
struct Trained {
  explicit Trained(const Machine& machine) : folder(machine.runs() / "r") {
    engine::config::RunSpec spec = engine::config::preset("nano");
    spec.train.device = "cpu";
    directory.emplace(run::RunDirectory::create(folder, spec));
    directory->claim();
    directory->setState(run::State::kRunning);
  }
  void write(std::int64_t from, std::int64_t to) {
    for (std::int64_t step = from; step <= to; ++step) directory->metrics(step, {{"loss.total", 1.0}});
    directory->flush();
  }
  void finish() {
    directory->setState(run::State::kFinished);
    directory.reset();
  }
  std::filesystem::path folder;
  std::optional<run::RunDirectory> directory;
};

TEST(Silence, OfTheDaemonIsSaidAndWatchingGoesOnWithNothingLost) {
  const Machine machine;
  ASSERT_EQ(machine.start().code, 0);
  Trained trained(machine);
  trained.write(1, 5);
  const pid_t daemon = machine.daemonPid();
  test::Running watch({"ecumenectl", "--socket", machine.socket(), "watch", "r", "--json"});
  std::this_thread::sleep_for(std::chrono::seconds(2));
  ::kill(daemon, SIGSTOP);
  trained.write(6, 10);
  // The limit of a stream, which is the longest of all.
  std::this_thread::sleep_for(std::chrono::seconds(16));
  ::kill(daemon, SIGCONT);
  std::this_thread::sleep_for(std::chrono::seconds(1));
  trained.write(11, 15);
  trained.finish();
  const Finished finished = watch.finish();
  EXPECT_EQ(finished.code, 0);
  const std::size_t silent = finished.err.find("the daemon does not answer at " + machine.socket());
  EXPECT_NE(silent, std::string::npos) << finished.err;
  EXPECT_NE(finished.err.find("answers again", silent), std::string::npos) << finished.err;
  std::vector<int> steps, all;
  std::istringstream lines(finished.out);
  for (std::string line; std::getline(lines, line);) {
    const Json news = Json::parse(line);
    for (const Json& step : news.at("step")) steps.push_back(step.get<int>());
  }
  for (int step = 1; step <= 15; ++step) all.push_back(step);
  EXPECT_EQ(steps, all);
}

TEST(Silence, OfTheMachineDoesNotEndAMirror) {
  const Machine machine;
  ASSERT_EQ(machine.start().code, 0);
  Trained trained(machine);
  trained.write(1, 3);
  const std::filesystem::path mirror = machine.folder() / "mirror", incoming = machine.folder() / ".mirror.incoming";
  std::filesystem::create_directories(incoming);
  std::optional<run::OwnerLock> another(incoming);
  test::Running following(
      {"ecumenectl", "--socket", machine.socket(), "mirror", "r", "--to", mirror.string(), "--follow"});
  std::this_thread::sleep_for(std::chrono::seconds(2));
  EXPECT_FALSE(std::filesystem::exists(mirror));
  another.reset();
  trained.finish();
  const Finished finished = following.finish();
  EXPECT_EQ(finished.code, 0) << finished.err;
  EXPECT_NE(finished.err.find("another program copies to this place"), std::string::npos) << finished.err;
  EXPECT_EQ(run::RunDirectory::open(mirror).lastMetric(), 3);
}

/// A daemon of another version.
class Another final : public wire::Session::Service {
  grpc::Status Hello(grpc::ServerContext*, const wire::HelloRequest*, wire::HelloReply* reply) override {
    reply->set_protocol(engine::protocol::kProtocolVersion + 1);
    return grpc::Status::OK;
  }
};

TEST(AnotherVersion, EndsAMirrorThatFollows) {
  const test::TempFolder folder;
  const std::string socket = folder / "another.sock";
  Another session;
  grpc::ServerBuilder builder;
  engine::protocol::setLimits(builder);
  builder.AddListeningPort("unix:" + socket, grpc::InsecureServerCredentials());
  builder.RegisterService(&session);
  const auto server = builder.BuildAndStart();
  test::Running following({"ecumenectl", "--socket", socket, "mirror", "r", "--to", folder / "mirror", "--follow"});
  // Whoever tries again is interrupted, and ends with 0.
  std::jthread patience([&](const std::stop_token& stop) {
    for (int i = 0; i < 100 && !stop.stop_requested(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (!stop.stop_requested()) following.signal(SIGINT);
  });
  const Finished finished = following.finish();
  patience.request_stop();
  EXPECT_EQ(finished.code, 3) << finished.err;
  EXPECT_NE(finished.err.find("another version"), std::string::npos) << finished.err;
  server->Shutdown(std::chrono::system_clock::now());
}

}  // namespace
}  // namespace ecumene
