// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/ecumenectl/terminal.h"
#include "data/base/say.h"
#include "engine/attach/tunnel.h"
#include "engine/protocol/socket.h"

namespace ecumene::ecumenectl {
namespace {

namespace fs = std::filesystem;
using engine::attach::Tunnel;

constexpr std::chrono::milliseconds kGlance{100}, kFirstPause{250}, kLongestPause{5000};
constexpr std::chrono::seconds kAliveLook{3};  ///< between two questions whether the daemon there is alive

/// Beside the daemon's socket of this machine, one for another machine.
fs::path socketFor(const std::string& host) {
  std::string name;
  for (const char c : host) name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' ? c : '-';
  name.resize(std::min<std::size_t>(name.size(), 40));
  return engine::protocol::defaultSocket().parent_path() / ("at-" + name + ".sock");
}

/// Whether a daemon answers through the way; who it is may have changed.
bool answers(engine::protocol::Client& client) {
  try {
    (void)client.isAnother();
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

int attach(const Common& common, const AttachCommand& command) {
  const engine::attach::Destination to{command.host, command.program, command.sshConfig};
  const fs::path socket = common.socket.empty() ? socketFor(command.host) : fs::path(common.socket);
  engine::protocol::secureSocketFolder(socket);
  stopOnInterrupt();
  std::unique_ptr<Tunnel> tunnel = std::make_unique<Tunnel>(to, socket);
  Common there = common;
  there.socket = socket.string();
  engine::protocol::Client client = connect(there);
  if (common.json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"host", client.daemon().host()}, {"socket", socket.string()}}.dump(2));
  } else {
    fmt::print(
        "{} of {} answers at {}\nIn another terminal: ecumenectl --socket {} runs\nCtrl-C ends the way there; "
        "what runs there goes on.\n",
        plain(client.daemon().program()), plain(client.daemon().host()), socket.string(), socket.string());
  }
  (void)std::fflush(stdout);
  auto pause = kFirstPause;
  auto looked = std::chrono::steady_clock::now();
  while (!interrupted()) {
    if (tunnel != nullptr && tunnel->alive()) {
      std::this_thread::sleep_for(kGlance);
      if (std::chrono::steady_clock::now() - looked < kAliveLook) continue;
      const bool answered = answers(client);
      looked = std::chrono::steady_clock::now();
      if (answered || interrupted()) continue;
      say("the daemon there does not answer; attaching anew\n");
    }
    tunnel.reset();
    try {
      tunnel = std::make_unique<Tunnel>(to, socket);
      pause = kFirstPause;
      say("attached again\n");
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kInput) throw;  // trying again changes nothing
      say(fmt::format("{}; trying again\n", error.what()));
      for (auto waited = std::chrono::milliseconds(0); waited < pause && !interrupted(); waited += kGlance) {
        std::this_thread::sleep_for(kGlance);
      }
      pause = std::min(2 * pause, kLongestPause);
    }
  }
  return 0;
}

}  // namespace ecumene::ecumenectl
