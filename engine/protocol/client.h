// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <tuple>
#include <utility>

#include "ecumene.grpc.pb.h"
#include "engine/protocol/errors.h"

namespace ecumene::engine::protocol {

/// A daemon as its clients see it: a channel over a Unix socket, hello, and calls whose failures are Errors. Any
/// thread.
///
///   Client client(defaultSocket(), "ecumenectl 0.1.0");
///   const auto reply = client.call(&wire::Runs::Stub::List, wire::ListRunsRequest());
///
/// Nothing waits for ever: a daemon that says nothing at all (its process is stopped, the way to it is dead) ends every
/// call within 15 s with an Error that isSilent(); one that is merely busy does not.
class Client {
 public:
  static constexpr std::chrono::seconds kDeadline{10};

  /// Connects and says hello as `program`, until a stop is requested. Throws Error if no daemon answers, the socket is
  /// another user's, or the daemon speaks another version.
  Client(const std::filesystem::path& socket, const std::string& program, const std::stop_token& stop = {});

  /// What the daemon said of itself.
  [[nodiscard]] const wire::HelloReply& daemon() const { return daemon_; }
  [[nodiscard]] const std::filesystem::path& socket() const { return socket_; }

  /// Another process answers now than the one that said hello: the connection goes on by itself where one daemon takes
  /// another's place. Throws Error.
  [[nodiscard]] bool isAnother();

  /// Ends the calls that are under way, and those to come, with an Error of kind kCancelled.
  void abandon() { abandoned_.request_stop(); }

  /// Asks the daemon to end and waits until it has, or abandon() is called: what it started goes on. Throws Error where
  /// it does not.
  void endDaemon();

  /// One call. Throws Error.
  template <class Stub, class Request, class Reply>
  Reply call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Reply*), const Request& request,
             std::chrono::milliseconds deadline = kDeadline) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    const Cancelling cancelling(*this, context);
    Reply reply;
    const grpc::Status status = (stub<Stub>().*method)(&context, request, &reply);
    if (status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED) requireLife();
    require(status);
    return reply;
  }

  /// A call that is answered by a stream: `take(Reply&&)` for each message until it gives false, the stream ends or a
  /// stop is requested. Throws Error where the daemon or the connection ends it otherwise.
  template <class Stub, class Request, class Reply, class Take>
  void stream(std::unique_ptr<grpc::ClientReader<Reply>> (Stub::*method)(grpc::ClientContext*, const Request&),
              const Request& request, Take take, const std::stop_token& stop = {}) {
    grpc::ClientContext context;
    const Cancelling cancelling(*this, context);
    const auto reader = (stub<Stub>().*method)(&context, request);
    const std::stop_callback cancel(stop, [&] { context.TryCancel(); });
    bool enough = false;
    for (Reply reply; !enough && reader->Read(&reply); reply.Clear()) enough = !take(std::move(reply));
    if (enough) context.TryCancel();
    const grpc::Status status = reader->Finish();
    if (!enough && !stop.stop_requested()) require(status);
  }

  /// A call that is asked by a stream: `give(Request&)` fills each message until it gives false. Then the answer is
  /// waited for as long as `goesOn()`, which another thread calls every now and then. Throws Error.
  template <class Stub, class Request, class Reply, class Give>
  Reply send(std::unique_ptr<grpc::ClientWriter<Request>> (Stub::*method)(grpc::ClientContext*, Reply*), Give give,
             const std::function<bool()>& goesOn = {}) {
    grpc::ClientContext context;
    const Cancelling cancelling(*this, context);
    Reply reply;
    const auto writer = (stub<Stub>().*method)(&context, &reply);
    for (Request request; give(request); request.Clear()) {
      if (!writer->Write(request)) break;  // Finish() says why.
    }
    writer->WritesDone();
    require(finish(
        context, [&] { return writer->Finish(); }, goesOn));
    return reply;
  }

 private:
  template <class Stub>
  Stub& stub() {
    return *std::get<std::unique_ptr<Stub>>(stubs_);
  }
  void require(const grpc::Status& status) const;
  /// `wait()`, which a call is cancelled out of where `goesOn()` says no.
  static grpc::Status finish(grpc::ClientContext& context, const std::function<grpc::Status()>& wait,
                             const std::function<bool()>& goesOn);
  /// Throws Error unless the daemon answers its name at once.
  void requireLife();
  [[nodiscard]] std::pair<grpc::Status, wire::HelloReply> hello(std::chrono::milliseconds deadline,
                                                                const std::stop_token& stop);

  /// While it lives, abandon() cancels a call.
  class Cancelling {
   public:
    Cancelling(const Client& client, grpc::ClientContext& context)
        : callback_(client.abandoned_.get_token(), Cancel{&context}) {}

   private:
    struct Cancel {
      grpc::ClientContext* context;
      void operator()() const { context->TryCancel(); }
    };
    std::stop_callback<Cancel> callback_;
  };

  std::string program_;
  std::stop_source abandoned_;
  std::filesystem::path socket_;
  std::shared_ptr<grpc::Channel> channel_;
  std::tuple<std::unique_ptr<wire::Session::Stub>, std::unique_ptr<wire::Runs::Stub>,
             std::unique_ptr<wire::Metrics::Stub>, std::unique_ptr<wire::Data::Stub>, std::unique_ptr<wire::Jobs::Stub>,
             std::unique_ptr<wire::System::Stub>, std::unique_ptr<wire::Inspection::Stub>,
             std::unique_ptr<wire::Transfer::Stub>>
      stubs_;
  wire::HelloReply daemon_;
};

}  // namespace ecumene::engine::protocol
