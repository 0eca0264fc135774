// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/client.h"

#include <grpc/grpc.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <sys/stat.h>
#include <unistd.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "engine/protocol/socket.h"
#include "engine/protocol/version.h"

namespace ecumene::engine::protocol {
namespace {

constexpr std::chrono::seconds kEndTime{15};
constexpr std::chrono::seconds kSignOfLife{3};
constexpr std::chrono::milliseconds kEndPoll{50};
constexpr std::chrono::milliseconds kAsk{50};

/// A daemon of another user could show us anything.
void requireOwnSocket(const std::filesystem::path& socket) {
  requireShort(socket);
  struct stat status {};
  if (::lstat(socket.c_str(), &status) != 0) throw unreachable(socket.string());
  if (S_ISSOCK(status.st_mode) && status.st_uid == ::getuid()) return;
  throw Error("the daemon's socket is not this user's", ErrorKind::kEnvironment).on(socket.string());
}

std::shared_ptr<grpc::Channel> channelTo(const std::filesystem::path& socket) {
  // gRPC's last user in a process ends its library, and a poller left over then may sleep for 10 s: it stays up.
  [[maybe_unused]] static const bool initialised = (grpc_init(), true);
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMostMessageBytes);
  arguments.SetMaxSendMessageSize(kMostMessageBytes);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, kPingMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kPingPatienceMs);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);  // as many as it takes
  return grpc::CreateCustomChannel("unix:" + std::filesystem::absolute(socket).string(),
                                   grpc::InsecureChannelCredentials(), arguments);
}

}  // namespace

Client::Client(const std::filesystem::path& socket, const std::string& program, const std::stop_token& stop)
    : program_(program), socket_(socket) {
  requireOwnSocket(socket);
  channel_ = channelTo(socket);
  stubs_ = {wire::Session::NewStub(channel_),    wire::Runs::NewStub(channel_),    wire::Metrics::NewStub(channel_),
            wire::Data::NewStub(channel_),       wire::Jobs::NewStub(channel_),    wire::System::NewStub(channel_),
            wire::Inspection::NewStub(channel_), wire::Transfer::NewStub(channel_)};
  auto [status, reply] = hello(kDeadline, stop);
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) throw silent(socket_.string());
  require(status);
  daemon_ = std::move(reply);
  // A daemon that is older than this check may answer in place of refusing.
  if (daemon_.protocol() != kProtocolVersion) {
    throw Error("the daemon speaks another version of the protocol", ErrorKind::kEnvironment)
        .on(socket.string())
        .expected("version " + std::to_string(kProtocolVersion) + " of " + program)
        .found("version " + std::to_string(daemon_.protocol()) + " of " + daemon_.program())
        .next("use programs of one version on both sides");
  }
}

std::pair<grpc::Status, wire::HelloReply> Client::hello(std::chrono::milliseconds deadline,
                                                        const std::stop_token& stop) {
  wire::HelloRequest request;
  request.set_protocol(kProtocolVersion);
  request.set_program(program_);
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + deadline);
  const std::stop_callback cancel(stop, [&] { context.TryCancel(); });
  wire::HelloReply reply;
  grpc::Status status = stub<wire::Session::Stub>().Hello(&context, request, &reply);
  return {std::move(status), std::move(reply)};
}

bool Client::isAnother() {
  const auto [status, now] = hello(kDeadline, abandoned_.get_token());
  if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) throw silent(socket_.string());
  require(status);
  return now.pid() != daemon_.pid() || now.started() != daemon_.started();
}

void Client::requireLife() {
  const auto code = hello(kSignOfLife, abandoned_.get_token()).first.error_code();
  if (code == grpc::StatusCode::DEADLINE_EXCEEDED) throw silent(socket_.string());
}

grpc::Status Client::finish(grpc::ClientContext& context, const std::function<grpc::Status()>& wait,
                            const std::function<bool()>& goesOn) {
  if (!goesOn) return wait();
  const std::jthread asking([&](const std::stop_token& finished) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock(mutex);
    while (!never.wait_for(lock, finished, kAsk, [] { return false; }) && !finished.stop_requested()) {
      if (goesOn()) continue;
      context.TryCancel();
      return;
    }
  });
  return wait();
}

void Client::endDaemon() {
  call(&wire::Session::Stub::Shutdown, wire::ShutdownRequest());
  const auto until = std::chrono::steady_clock::now() + kEndTime;
  while (std::filesystem::exists(socket_)) {
    if (abandoned_.stop_requested()) throw Error("the daemon's end is not waited for", ErrorKind::kCancelled);
    if (std::chrono::steady_clock::now() > until) {
      throw Error("the daemon was asked to end, and has not yet", ErrorKind::kEnvironment)
          .on("process " + std::to_string(daemon_.pid()));
    }
    std::this_thread::sleep_for(kEndPoll);
  }
}

void Client::require(const grpc::Status& status) const {
  if (!status.ok()) throw fromStatus(status, socket_.string());
}

}  // namespace ecumene::engine::protocol
