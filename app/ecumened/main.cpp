// SPDX-License-Identifier: Apache-2.0
// ecumened: starts, watches and serves the runs of one user on one machine.
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <thread>

#include "app/program.h"
#include "data/base/error.h"
#include "engine/daemon/daemon.h"
#include "engine/daemon/kept_words.h"
#include "engine/daemon/log_end.h"
#include "engine/daemon/processes.h"
#include "engine/protocol/client.h"
#include "engine/protocol/socket.h"

namespace {

using namespace ecumene;
namespace fs = std::filesystem;
namespace daemon = engine::daemon;
namespace protocol = engine::protocol;

constexpr const char* kProgram = "ecumened " ECUMENE_VERSION;
constexpr std::chrono::seconds kStartTime{20};
constexpr std::chrono::milliseconds kPoll{100};

struct Words {
  std::string socket, runs, programs, log, inspectMemory;
  std::optional<std::string> onAlert;
  std::vector<std::string> stores;
  bool detach = false, json = false;
};

fs::path dataFolder() {
  if (const char* data = std::getenv("XDG_DATA_HOME"); data != nullptr && *data != '\0') {
    return fs::path(data) / "ecumene";
  }
  if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') {
    return fs::path(home) / ".local" / "share" / "ecumene";
  }
  throw Error("no folder for the runs", ErrorKind::kUsage).next("give one with --runs DIR and --store ID=DIR");
}

std::optional<std::int64_t> bytesOf(const std::string& text) {
  if (text == "available") return std::nullopt;
  std::int64_t bytes = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), bytes);
  if (problem != std::errc() || end != text.data() + text.size() || bytes < 0) {
    throw Error("this is no memory for models", ErrorKind::kUsage).on(text).expected("bytes, or: available");
  }
  return bytes;
}

daemon::Settings setupOf(const Words& words) {
  daemon::Settings setup;
  setup.program = kProgram;
  setup.socket = words.socket.empty() ? protocol::defaultSocket() : fs::absolute(words.socket);
  setup.runs = words.runs.empty() ? dataFolder() / "runs" : fs::path(words.runs);
  const daemon::KeptWords kept = daemon::keptWords(setup.runs);
  setup.onAlert = words.onAlert.value_or(kept.onAlert);
  setup.inspectBytes = words.inspectMemory.empty() ? kept.inspectBytes : bytesOf(words.inspectMemory);
  setup.programs =
      words.programs.empty() ? fs::read_symlink("/proc/self/exe").parent_path() : fs::absolute(words.programs);
  if (!fs::exists(setup.programs / "ecumene-data")) {
    throw Error("the folder has no ecumene-data, which the daemon starts", ErrorKind::kUsage)
        .on(setup.programs.string());
  }
  for (const std::string& store : words.stores) {
    const std::size_t equals = store.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == store.size()) {
      throw Error("this names no store", ErrorKind::kUsage).on(store).expected("ID=DIR");
    }
    if (!setup.stores.emplace(store.substr(0, equals), store.substr(equals + 1)).second) {
      throw Error("two stores have one id", ErrorKind::kUsage).on(store);
    }
  }
  if (setup.stores.empty()) {
    const char* store = std::getenv("ECUMENE_STORE");
    setup.stores["main"] = store != nullptr && *store != '\0' ? fs::path(store) : dataFolder() / "store";
  }
  return setup;
}

/// Serves until a signal or a client ends it.
int serve(const daemon::Settings& setup) {
  sigset_t ending;
  sigemptyset(&ending);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&ending, signal);
  // Before any thread begins, so that no other thread takes them.
  ::pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  const daemon::Daemon served(setup);
  fmt::print("{} serves {} on {}\n", setup.program, setup.runs.string(), setup.socket.string());
  (void)std::fflush(stdout);
  const timespec pause{0, std::chrono::nanoseconds(kPoll).count()};
  while (!served.askedToEnd() && ::sigtimedwait(&ending, nullptr, &pause) < 0) {
  }
  return 0;
}

int sayServes(const daemon::Settings& setup, const wire::HelloReply& hello, bool json) {
  if (json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"pid", hello.pid()}, {"socket", setup.socket.string()}}.dump(2));
  } else {
    fmt::print("the daemon serves {} as process {}\n", hello.runs(), hello.pid());
  }
  return 0;
}

/// The daemon that answers at this socket already, where nothing else was asked of it.
std::optional<wire::HelloReply> running(const daemon::Settings& setup, const Words& words) {
  if (!words.runs.empty() || !words.stores.empty() || words.onAlert || !words.inspectMemory.empty())
    return std::nullopt;
  try {
    return protocol::Client(setup.socket, kProgram).daemon();
  } catch (const Error& error) {
    if (!protocol::isUnreachable(error) || protocol::isSilent(error)) throw;
    return std::nullopt;
  }
}

/// Starts ourselves once more, apart from this terminal, and waits until that one serves.
int detach(const daemon::Settings& setup, const Words& words) {
  protocol::secureSocketFolder(setup.socket);
  if (const auto hello = running(setup, words)) return sayServes(setup, *hello, words.json);
  const fs::path log = words.log.empty() ? setup.socket.parent_path() / "daemon.log" : fs::path(words.log);
  daemon::Program program{{fs::read_symlink("/proc/self/exe").string(), "--socket", setup.socket.string(), "--runs",
                           setup.runs.string(), "--programs", setup.programs.string()},
                          {}};
  if (words.onAlert) program.words.insert(program.words.end(), {"--on-alert", *words.onAlert});
  if (!words.inspectMemory.empty())
    program.words.insert(program.words.end(), {"--inspect-memory", words.inspectMemory});
  for (const auto& [id, folder] : setup.stores)
    program.words.insert(program.words.end(), {"--store", id + "=" + folder.string()});
  const daemon::ProcessId started = daemon::startDetached(program, log, log);
  const auto until = std::chrono::steady_clock::now() + kStartTime;
  std::optional<int> code;
  while (!code && std::chrono::steady_clock::now() < until) {
    std::this_thread::sleep_for(kPoll);
    code = daemon::collect(started.pid);
    try {
      const protocol::Client client(setup.socket, kProgram);
      if (client.daemon().pid() != started.pid) continue;
      return sayServes(setup, client.daemon(), words.json);
    } catch (const Error&) {
      continue;  // It has not come so far yet; if it never does, its log says why.
    }
  }
  throw Error(code ? "the daemon did not start" : "the daemon does not answer", ErrorKind::kEnvironment)
      .on(setup.socket.string())
      .found(daemon::lastLine(daemon::logEnd(log)))
      .next("see " + log.string());
}

}  // namespace

int main(int argc, char** argv) {
  app::openStandardStreams();
  (void)std::signal(SIGPIPE, SIG_IGN);
  Words words;
  CLI::App parser{
      "Starts, watches and serves the runs of this user on this machine; ecumenectl and ecumene are its clients."};
  parser.set_version_flag("--version", ECUMENE_VERSION);
  parser.add_option("--runs", words.runs, "Folder of the runs (default: ecumene/runs below $XDG_DATA_HOME)");
  parser.add_option("--store", words.stores, "A store of planets: ID=DIR; repeatable (default: main=$ECUMENE_STORE)")
      ->allow_extra_args(false);
  parser.add_option("--socket", words.socket, "Where it listens (default: ecumene/daemon.sock below $XDG_RUNTIME_DIR)");
  parser.add_option("--programs", words.programs, "Folder of ecumene-train and ecumene-data (default: its own)");
  parser.add_option("--inspect-memory", words.inspectMemory,
                    "Most bytes of memory that a model takes which is asked, or: available; kept with the runs");
  parser.add_option_function<std::string>(
      "--on-alert", [&words](const std::string& command) { words.onAlert = command; },
      "Command for the shell where an alert comes up, with ECUMENE_ALERT_RULE, _OBJECT and _TEXT; kept with the runs "
      "(empty: none again)");
  parser.add_flag("--detach", words.detach, "Serve apart from this terminal; return once it serves");
  parser.add_option("--log", words.log, "With --detach: file of its messages (default: daemon.log beside the socket)");
  parser.add_flag("--json", words.json, "With --detach: print the result as JSON on stdout");
  return app::runProgram("ecumened", parser, argc, argv, words.json, "end other programs", [&] {
    const daemon::Settings setup = setupOf(words);
    return words.detach ? detach(setup, words) : serve(setup);
  });
}
