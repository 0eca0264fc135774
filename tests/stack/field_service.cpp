// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/stack/field_service.h"

#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "field.grpc.pb.h"

namespace ecumene::stack {

namespace {

class FieldService final : public Field::Service {
  grpc::Status Fetch(grpc::ServerContext*, const FieldRequest* request, FieldReply* reply) override {
    const int n = request->points_per_axis();
    if (n < 2) return {grpc::StatusCode::INVALID_ARGUMENT, "points_per_axis must be at least 2"};
    std::vector<float> values;
    const auto coordinate = [n](int index) { return -1.0 + 2.0 * index / (n - 1); };
    for (int k = 0; k < n; ++k) {
      for (int j = 0; j < n; ++j) {
        for (int i = 0; i < n; ++i) {
          const double distance = std::hypot(coordinate(i) - kBallCentre[0], coordinate(j) - kBallCentre[1],
                                             coordinate(k) - kBallCentre[2]);
          values.push_back(static_cast<float>(kBallRadius - distance));
        }
      }
    }
    reply->set_points_per_axis(n);
    reply->set_values(values.data(), values.size() * sizeof(float));
    return grpc::Status::OK;
  }
};

// The client's side alone, so that its channel is closed when it returns.
FieldReply fetch(const std::string& address, int pointsPerAxis) {
  const auto stub = Field::NewStub(grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
  FieldRequest request;
  request.set_points_per_axis(pointsPerAxis);
  FieldReply reply;
  const grpc::Status status = stub->Fetch(&context, request, &reply);
  if (!status.ok()) throw std::runtime_error("gRPC call failed: " + status.error_message());
  return reply;
}

}  // namespace

ScalarField fetchBallOverUnixSocket(const std::string& folder, int pointsPerAxis) {
  // When gRPC's last user in the process goes, it shuts the library down in its own thread; a poller left over from a
  // write that had to wait is run there once more, and sleeps for 10 s. So the library stays up as long as the process.
  [[maybe_unused]] static const bool initialised = (grpc_init(), true);
  const std::string address = "unix:" + folder + "/field.sock";
  FieldService service;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::InsecureServerCredentials());
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (!server) throw std::runtime_error("no gRPC server could be started on " + address);

  const FieldReply reply = fetch(address, pointsPerAxis);
  server->Shutdown();

  ScalarField field{reply.points_per_axis(), std::vector<float>(reply.values().size() / sizeof(float))};
  std::memcpy(field.values.data(), reply.values().data(), field.values.size() * sizeof(float));
  return field;
}

}  // namespace ecumene::stack
