// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>

#include "app/ecumenectl/message_json.h"
#include "app/ecumenectl/terminal.h"

namespace ecumene::ecumenectl {
int startDaemon(const Common& common, const std::vector<std::string>& words) {
  const std::string program = (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "ecumened").string();
  std::vector<std::string> all = {program, "--detach"};
  if (!common.socket.empty()) all.insert(all.end(), {"--socket", common.socket});
  if (common.json) all.emplace_back("--json");
  all.insert(all.end(), words.begin(), words.end());
  std::vector<char*> arguments;
  for (std::string& word : all) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  (void)std::signal(SIGPIPE, SIG_DFL);
  ::execv(program.c_str(), arguments.data());
  throw systemError("cannot start the daemon", program, errno);
}

int stopDaemon(const Common& common) {
  auto client = connect(common);
  const auto pid = static_cast<pid_t>(client.daemon().pid());
  client.endDaemon();
  if (common.json) {
    fmt::print("{{\n  \"ended\": {}\n}}\n", pid);
  } else {
    fmt::print("the daemon has ended; runs go on\n");
  }
  return 0;
}

int showDaemon(const Common& common) {
  const auto client = connect(common);
  const wire::HelloReply& daemon = client.daemon();
  if (common.json) {
    auto json = toJson(daemon);
    if (!daemon.has_inspect_memory()) json.erase("inspect_memory");
    fmt::print("{}\n", json.dump(2));
    return 0;
  }
  fmt::print("{} on {}, process {}, since {}\nsocket {}\n", daemon.program(), daemon.host(), daemon.pid(),
             age(daemon.started()), client.socket().string());
  for (const std::string& store : daemon.stores()) fmt::print("store {}\n", store);
  fmt::print(
      "on alert: {}\nmemory for models that are asked: {}\n",
      daemon.on_alert().empty() ? "nothing is run" : plain(daemon.on_alert()),
      daemon.has_inspect_memory() ? fmt::format("at most {} bytes", daemon.inspect_memory()) : "what is available");
  return 0;
}

}  // namespace ecumene::ecumenectl
