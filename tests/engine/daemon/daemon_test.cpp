// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/daemon.h"

#include <grpcpp/create_channel.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <fstream>
#include <set>
#include <sstream>

#include "engine/protocol/version.h"
#include "tests/engine/daemon/served.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;
using protocol::Client;

std::set<std::string> socketsOfThisProcess() {
  std::set<std::string> inodes;
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code ignored;
    const std::string target = fs::read_symlink(entry.path(), ignored).string();
    if (target.starts_with("socket:[")) inodes.insert(target.substr(8, target.size() - 9));
  }
  return inodes;
}

TEST(Daemon, OpensNoPort) {
  const test::Served served;
  Client client = served.client();
  served.make("r").flush();
  (void)client.call(&wire::Runs::Stub::List, wire::ListRunsRequest());
  const std::set<std::string> ours = socketsOfThisProcess();
  EXPECT_GE(ours.size(), 2U);
  for (const char* table : {"tcp", "tcp6", "udp", "udp6", "raw", "raw6"}) {
    std::ifstream file(std::string("/proc/self/net/") + table);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
      std::istringstream words(line);
      std::string inode;
      for (int i = 0; i < 10; ++i) words >> inode;
      EXPECT_FALSE(ours.contains(inode)) << table << ": " << line;
    }
  }
}

TEST(Daemon, IsReachedByItsUserAlone) {
  const test::Served served;
  struct stat status {};
  ASSERT_EQ(::lstat(served.socket().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  ASSERT_EQ(::lstat(served.socket().parent_path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0700U);
}

TEST(Daemon, HasSocketAndRunsForItself) {
  test::Served served;
  Settings other = served.setup();
  other.runs = served.folder() / "other-runs";
  EXPECT_NE(test::messageOf([&] { const Daemon second(other); }).find("a daemon has this socket already"),
            std::string::npos);
  other = served.setup();
  other.socket = served.folder() / "other" / "d.sock";
  EXPECT_NE(test::messageOf([&] { const Daemon second(other); }).find("a daemon has these runs already"),
            std::string::npos);
  // The refused one has left the first one's socket alone.
  EXPECT_EQ(served.client().daemon().pid(), ::getpid());
}

TEST(Daemon, TakesTheSocketOfADeadOne) {
  const test::TempFolder folder;
  const Settings setup{folder / "run" / "d.sock", folder / "runs", folder.path(), {}, "", "ecumened test"};
  fs::create_directory(folder / "run");
  fs::permissions(folder / "run", fs::perms::owner_all);
  std::ofstream(setup.socket) << "left";
  {
    const Daemon daemon(setup);
    EXPECT_EQ(Client(setup.socket, "t").daemon().program(), "ecumened test");
  }
  EXPECT_FALSE(fs::exists(setup.socket));
}

TEST(Daemon, RefusesAnotherVersionNamingBoth) {
  const test::Served served;
  const auto channel = grpc::CreateChannel("unix:" + served.socket().string(), grpc::InsecureChannelCredentials());
  const auto stub = wire::Session::NewStub(channel);
  grpc::ClientContext context;
  wire::HelloRequest request;
  request.set_protocol(protocol::kProtocolVersion + 1);
  request.set_program("ecumenectl 9.9");
  wire::HelloReply reply;
  const Error error = protocol::fromStatus(stub->Hello(&context, request, &reply), "d");
  EXPECT_NE(error.finding().find("version " + std::to_string(protocol::kProtocolVersion + 1) + " of ecumenectl 9.9"),
            std::string::npos);
  EXPECT_NE(error.expectation().find("ecumened test"), std::string::npos);
}

TEST(Daemon, SaysItselfAndEndsWhenAsked) {
  test::Served served;
  Client client = served.client();
  EXPECT_EQ(client.daemon().pid(), ::getpid());
  EXPECT_EQ(client.daemon().stores(0), "main");
  EXPECT_FALSE(served.daemon().askedToEnd());
  client.call(&wire::Session::Stub::Shutdown, wire::ShutdownRequest());
  EXPECT_TRUE(served.daemon().askedToEnd());
}

TEST(Daemon, ListsRunsAsTheyAre) {
  const test::Served served;
  Client client = served.client();
  EXPECT_EQ(client.call(&wire::Runs::Stub::List, wire::ListRunsRequest()).runs_size(), 0);
  auto run = served.make("b");
  run.event(0, "made", "nano");
  run.claim();
  run.setState(run::State::kRunning);
  run.metrics(7, {{"epoch", 0.5}, {"loss.total", 1.25}, {"samples_per_s", 8.0}});
  run.flush();
  served.make("a").flush();
  std::ofstream(served.runs() / "a" / "run.sqlite") << "damaged";
  fs::create_directory(served.runs() / "no-run");
  const auto reply = client.call(&wire::Runs::Stub::List, wire::ListRunsRequest());
  ASSERT_EQ(reply.runs_size(), 2);
  EXPECT_EQ(reply.runs(0).id(), "a");
  EXPECT_EQ(reply.runs(0).state(), "damaged");
  const wire::Run& b = reply.runs(1);
  EXPECT_EQ(b.state(), "running");
  EXPECT_EQ(b.step(), 7);
  EXPECT_EQ(b.epoch(), 0.5);
  EXPECT_EQ(b.loss(), 1.25);
  EXPECT_EQ(b.samples_per_second(), 8.0);
  EXPECT_EQ(b.last_sequence(), 3);
  EXPECT_EQ(b.preset(), "nano");
  EXPECT_EQ(b.store(), "main");
  EXPECT_EQ(b.epochs(), config::preset("nano").train.epochs);
}

TEST(Daemon, PassesCommandsToWhoTrainsAndSaysTheAnswer) {
  const test::Served served;
  auto run = served.make("r");
  Client client = served.client();
  wire::AskRequest request;
  request.set_run("r");
  request.set_word("pause");
  EXPECT_NE(test::messageOf([&] { client.call(&wire::Runs::Stub::Ask, request); }).find("nothing trains"),
            std::string::npos);
  run.claim();
  run.setState(run::State::kRunning);
  // Nobody answers: the command stays as it is, and is said to be so.
  request.set_wait_seconds(0.1);
  auto reply = client.call(&wire::Runs::Stub::Ask, request);
  EXPECT_EQ(reply.command().state(), "requested");
  EXPECT_EQ(reply.run().state(), "running");
  const std::int64_t id = reply.command().id();
  run.answer(id, "refused", "not now");
  wire::ShowRunRequest show;
  show.set_run("r");
  EXPECT_EQ(client.call(&wire::Runs::Stub::Show, show).commands(0).state(), "refused");

  request.set_word("set");
  request.set_argument("train.lr=1e-4");
  request.set_wait_seconds(30.0);
  std::thread trainer([&] {
    while (run.commands("requested").empty()) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    run.answer(id + 1, "accepted", "");
    run.answer(id + 1, "done", "from step 9 on");
  });
  reply = client.call(&wire::Runs::Stub::Ask, request, std::chrono::seconds(40));
  trainer.join();
  EXPECT_EQ(reply.command().state(), "done");
  EXPECT_EQ(reply.command().answer(), "from step 9 on");
  request.set_word("dance");
  EXPECT_EQ(test::errorOf([&] { client.call(&wire::Runs::Stub::Ask, request); }).kind(), ErrorKind::kUsage);
}

TEST(Daemon, ComparesOptions) {
  const test::Served served;
  served.make("a").flush();
  config::RunSpec spec = config::preset("nano");
  spec.data.store = (served.folder() / "store").string();
  spec.train.device = "cpu";
  spec.train.epochs += 3;
  spec.train.optimiser = "lion";
  (void)run::RunDirectory::create(served.runs() / "b", spec);
  Client client = served.client();
  wire::CompareRequest request;
  for (const char* run : {"b", "a"}) request.add_runs(run);
  const auto reply = client.call(&wire::Runs::Stub::Compare, request);
  std::map<std::string, std::pair<std::string, std::string>> differences;
  for (const auto& row : reply.differences()) differences[row.key()] = {row.values(0), row.values(1)};
  const std::int64_t epochs = spec.train.epochs;
  EXPECT_EQ(differences, (std::map<std::string, std::pair<std::string, std::string>>{
                             {"train.epochs", {std::to_string(epochs), std::to_string(epochs - 3)}},
                             {"train.optimiser", {"\"lion\"", "\"adamw\""}}}));
}

TEST(Daemon, HostileIdsReachNoFile) {
  const test::Served served;
  served.make("r").flush();
  // A sibling whose name begins alike, and a run outside.
  fs::create_directory(served.folder() / "runs2");
  (void)run::RunDirectory::create(served.folder() / "runs2" / "x", config::preset("nano"));
  Client client = served.client();
  const std::vector<std::string> hostile = {"",       "..",      "../runs2/x",           "/etc", "r/../../runs2/x",
                                            "r\n",    ".daemon", "'; DROP TABLE metric", "r/",   std::string("r\0", 2),
                                            "%2e%2e", "nosuch",  std::string(4096, 'r'), "r r",  "-r"};
  for (const std::string& id : hostile) {
    wire::ShowRunRequest show;
    show.set_run(id);
    EXPECT_THROW(client.call(&wire::Runs::Stub::Show, show), Error) << id;
    wire::AskRequest ask;
    ask.set_run(id);
    ask.set_word("stop");
    EXPECT_THROW(client.call(&wire::Runs::Stub::Ask, ask), Error) << id;
    wire::FollowRequest follow;
    follow.set_run(id);
    EXPECT_THROW(client.stream(&wire::Metrics::Stub::Follow, follow, [](const auto&) { return true; }), Error) << id;
    wire::HistoryRequest history;
    history.set_run(id);
    history.set_buckets(1);
    EXPECT_THROW(client.stream(&wire::Metrics::Stub::History, history, [](const auto&) { return true; }), Error) << id;
  }
  EXPECT_EQ(client.call(&wire::Runs::Stub::List, wire::ListRunsRequest()).runs_size(), 1);
}

TEST(Daemon, HostileClientsHarmNobody) {
  const test::Served served;
  served.make("r").flush();
  Client client = served.client();
  wire::AskRequest request;
  request.set_run("r");
  request.set_word("set");
  request.set_argument(std::string(protocol::kMostMessageBytes + 1, 'x'));
  EXPECT_THROW(client.call(&wire::Runs::Stub::Ask, request), Error);
  // Peers that speak no HTTP/2, or nothing at all.
  std::vector<int> sockets;
  for (int i = 0; i < 200; ++i) {
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    served.socket().string().copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    if (i % 2 == 0) {
      const std::string noise(1000, static_cast<char>(i));
      EXPECT_GT(::send(fd, noise.data(), noise.size(), MSG_NOSIGNAL), 0);
    }
    sockets.push_back(fd);
  }
  EXPECT_EQ(served.client().call(&wire::Runs::Stub::List, wire::ListRunsRequest()).runs_size(), 1);
  for (const int fd : sockets) ::close(fd);
  EXPECT_EQ(served.client().call(&wire::Runs::Stub::List, wire::ListRunsRequest()).runs_size(), 1);
}

}  // namespace
}  // namespace ecumene::engine::daemon
