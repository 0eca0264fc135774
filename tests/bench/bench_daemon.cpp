// SPDX-License-Identifier: Apache-2.0
// What `tools/bench gui` measures without a window. Prints one line of JSON, times in milliseconds.
//   bench_daemon journal RUN STEPS METRICS STEPS_TOGETHER   makes a run and writes its metrics, waiting for the disk
//                                                           whenever that many steps have gathered
//   bench_daemon rpc SOCKET CALLS                           calls to the daemon that listens there, one after another
//   bench_daemon rpc-ssh STORE CALLS                        the same through ssh to a daemon over this store
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/protocol/socket.h"
#include "engine/run/run_directory.h"
#include "tests/bench/far_host.h"

namespace {

using namespace ecumene;
using Clock = std::chrono::steady_clock;
using nlohmann::json;

constexpr int kWarmUp = 100;  ///< calls before the first that counts

double millisecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// Falling curves with a ripple of their own each, as losses look.
std::vector<engine::run::Metric> metricsOf(int step, int count) {
  std::vector<engine::run::Metric> metrics;
  metrics.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const double ripple = std::sin(0.37 * step + i) * std::cos(0.0011 * step * (i + 1));
    metrics.push_back({"metric." + std::to_string(i), i + 1.0 / (1.0 + 1e-4 * step) + 0.1 * ripple});
  }
  return metrics;
}

json journal(const std::string& folder, int steps, int count, int together) {
  auto run = engine::run::RunDirectory::create(folder, engine::config::preset("nano"));
  std::vector<double> waits;
  const Clock::time_point begin = Clock::now();
  for (int step = 1; step <= steps; ++step) {
    const auto metrics = metricsOf(step, count);
    const Clock::time_point handing = Clock::now();
    run.metrics(step, metrics);
    if (step % together != 0 && step != steps) continue;
    run.flush();
    waits.push_back(millisecondsSince(handing));
  }
  const double milliseconds = millisecondsSince(begin);
  run.setState(engine::run::State::kFinished);
  return {{"rows", static_cast<std::int64_t>(steps) * count}, {"milliseconds", milliseconds}, {"waits", waits}};
}

template <class Call>
std::vector<double> timesOf(int calls, Call call) {
  std::vector<double> times;
  for (int i = -kWarmUp; i < calls; ++i) {
    const Clock::time_point begin = Clock::now();
    call();
    if (i >= 0) times.push_back(millisecondsSince(begin));
  }
  return times;
}

json calls(const std::filesystem::path& socket, int count) {
  engine::protocol::Client client(socket, "bench");
  wire::HelloRequest hello;
  hello.set_protocol(client.daemon().protocol());
  hello.set_program("bench");
  return {{"hello", timesOf(count, [&] { (void)client.call(&wire::Session::Stub::Hello, hello); })},
          {"runs", timesOf(count, [&] { (void)client.call(&wire::Runs::Stub::List, wire::ListRunsRequest()); })}};
}

json callsThroughSsh(const std::string& store, int count) {
  const bench::FarHost host(store);
  const std::filesystem::path socket = engine::protocol::defaultSocket().parent_path() / "bench";
  engine::protocol::secureSocketFolder(socket);
  const engine::attach::Tunnel tunnel(host.destination(), socket);
  return calls(tunnel.socket(), count);
}

int usage() {
  std::fputs("usage: bench_daemon journal RUN STEPS METRICS STEPS_TOGETHER | rpc SOCKET CALLS | rpc-ssh STORE CALLS\n",
             stderr);
  return 2;
}

}  // namespace

int main(int count, char** words) {
  const std::string what = count > 1 ? words[1] : "";
  const auto number = [&](int i) { return std::atoi(words[i]); };
  try {
    json said;
    if (what == "journal" && count == 6 && number(5) > 0) {
      said = journal(words[2], number(3), number(4), number(5));
    } else if (what == "rpc" && count == 4) {
      said = calls(words[2], number(3));
    } else if (what == "rpc-ssh" && count == 4) {
      said = callsThroughSsh(words[2], number(3));
    } else {
      return usage();
    }
    std::printf("%s\n", said.dump().c_str());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_daemon: %s\n", error.what());
    return 3;
  }
  return 0;
}
