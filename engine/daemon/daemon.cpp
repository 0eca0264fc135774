// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/daemon.h"

#include <grpc/grpc.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "data/base/error.h"
#include "engine/daemon/data_service.h"
#include "engine/daemon/ids.h"
#include "engine/daemon/inspection_service.h"
#include "engine/daemon/inspectors.h"
#include "engine/daemon/jobs_service.h"
#include "engine/daemon/kept_words.h"
#include "engine/daemon/listener.h"
#include "engine/daemon/metrics_service.h"
#include "engine/daemon/monitor.h"
#include "engine/daemon/plans.h"
#include "engine/daemon/runs_service.h"
#include "engine/daemon/session_service.h"
#include "engine/daemon/stores.h"
#include "engine/daemon/supervisor.h"
#include "engine/daemon/system_service.h"
#include "engine/daemon/transfer_service.h"
#include "engine/protocol/server.h"
#include "engine/protocol/socket.h"
#include "engine/run/owner_lock.h"
#include "engine/run/records.h"
#include "engine/transfer/uploads.h"

namespace ecumene::engine::daemon {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kUploadsKept{7 * 24};  ///< that nobody finished
constexpr std::chrono::seconds kLastWords{2};       ///< for calls that are going on when the daemon ends
constexpr int kMostThreads = LongCalls::kMost + 32;

run::OwnerLock takeFolder(const fs::path& folder, const char* what) {
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) throw systemError("cannot make the folder", folder.string(), problem.value());
  try {
    return run::OwnerLock(folder);
  } catch (const Error&) {
    const auto owner = run::OwnerLock::owner(folder);
    if (!owner) throw;
    throw Error(std::string("a daemon has ") + what + " already", ErrorKind::kEnvironment)
        .on(folder.string())
        .found("process " + std::to_string(*owner))
        .next("ecumenectl daemon status");
  }
}

fs::path securedFolder(const fs::path& socket) {
  protocol::secureSocketFolder(socket);
  return socket.parent_path();
}

/// Open runs have descriptors: as many as the system lets us have.
void raiseDescriptorLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  [[maybe_unused]] const int ignored = ::setrlimit(RLIMIT_NOFILE, &limit);
}

wire::HelloReply helloOf(const Settings& setup) {
  wire::HelloReply hello;
  hello.set_protocol(protocol::kProtocolVersion);
  hello.set_program(setup.program);
  hello.set_pid(::getpid());
  hello.set_started(run::secondsNow());
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) == 0) hello.set_host(protocol::utf8(host.data()));
  hello.set_runs(protocol::utf8(setup.runs.string()));
  for (const auto& [id, folder] : setup.stores) {
    hello.add_stores(id);
    hello.add_store_folders(protocol::utf8(folder.string()));
  }
  hello.set_on_alert(protocol::utf8(setup.onAlert));
  if (setup.inspectBytes) hello.set_inspect_memory(*setup.inspectBytes);
  return hello;
}

}  // namespace

struct Daemon::State {
  explicit State(const Settings& setup)
      : socketLock(takeFolder(securedFolder(setup.socket), "this socket")),
        runsLock(takeFolder(setup.runs / kOwnFolder, "these runs")),
        registry(setup.runs),
        stores(setup.stores),
        supervisor(registry, stores, {setup.programs, setup.runs / kOwnFolder / "launches.sqlite"}),
        uploads(setup.runs / kOwnFolder / "uploads", kUploadsKept),
        jobList(stores, uploads, {setup.programs, setup.runs / kOwnFolder / "jobs"}),
        monitor(registry, supervisor,
                {setup.runs / kOwnFolder / "alerts.sqlite", setup.onAlert, setup.runs / kOwnFolder / "on-alert.log"}),
        inspectors(registry, stores, supervisor, monitor,
                   {setup.programs, setup.runs / kOwnFolder / "inspect", setup.inspectBytes}),
        session(helloOf(setup)),
        plans(registry, stores, supervisor, jobList, monitor, setup.programs),
        runs(registry, supervisor, plans, longCalls),
        metrics(registry, longCalls),
        data(stores, longCalls),
        jobs(jobList, uploads, longCalls),
        system(monitor),
        inspection(inspectors, registry, longCalls),
        transfers(registry, stores, uploads, setup.runs / kOwnFolder / "copies", longCalls) {
    // Once the jobs that wait hold what they need.
    uploads.removeAbandoned();
    // Before anybody is answered, who may ask what holds.
    const KeptWords holding{setup.onAlert, setup.inspectBytes};
    if (holding != keptWords(setup.runs)) keepWords(setup.runs, holding);
    grpc::ServerBuilder builder;
    // Without a port: the listener hands over connections whose user it has asked.
    grpc::ResourceQuota quota;
    quota.SetMaxThreads(kMostThreads);
    builder.SetResourceQuota(quota);
    protocol::setLimits(builder);
    for (grpc::Service* service : std::initializer_list<grpc::Service*>{&session, &runs, &metrics, &data, &jobs,
                                                                        &system, &inspection, &transfers}) {
      builder.RegisterService(service);
    }
    server = builder.BuildAndStart();
    if (!server) throw internalError("the server could not be started");
    listener.emplace(setup.socket,
                     [this](int connection) { grpc::AddInsecureChannelFromFd(server.get(), connection); });
  }
  ~State() {
    listener.reset();
    longCalls.end();
    inspectors.end();
    server->Shutdown(std::chrono::system_clock::now() + kLastWords);
  }

  run::OwnerLock socketLock, runsLock;
  Registry registry;
  Stores stores;
  Supervisor supervisor;
  transfer::Uploads uploads;
  JobList jobList;
  Monitor monitor;
  Inspectors inspectors;
  LongCalls longCalls;
  SessionService session;
  Plans plans;
  RunsService runs;
  MetricsService metrics;
  DataService data;
  JobsService jobs;
  SystemService system;
  InspectionService inspection;
  TransferService transfers;
  std::unique_ptr<grpc::Server> server;
  std::optional<Listener> listener;
};

Daemon::Daemon(Settings setup) {
  // gRPC's last user in a process ends its library, and a poller left over then may sleep for 10 s: it stays up.
  [[maybe_unused]] static const bool initialised = (grpc_init(), true);
  raiseDescriptorLimit();
  for (auto& [id, folder] : setup.stores) {
    requireId("store", id);
    folder = fs::absolute(folder).lexically_normal();
  }
  setup.socket = fs::absolute(setup.socket).lexically_normal();
  setup.runs = fs::absolute(setup.runs).lexically_normal();
  state_ = std::make_unique<State>(setup);
}

Daemon::~Daemon() = default;

bool Daemon::askedToEnd() const {
  return state_->session.askedToEnd();
}

}  // namespace ecumene::engine::daemon
