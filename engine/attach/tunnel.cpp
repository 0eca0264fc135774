// SPDX-License-Identifier: Apache-2.0
#include "engine/attach/tunnel.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <thread>

#include "data/base/error.h"
#include "engine/daemon/log_end.h"

namespace ecumene::engine::attach {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kPoll{20};
constexpr int kEndPolls = 100;
constexpr int kNotFound = 127;            ///< of a shell: there is no such program
constexpr std::size_t kLooked = 1 << 16;  ///< bytes at the end of the output in which the answer is looked for

/// What sshd or ssh say, and what it means. The first that is found is taken. A refusal stands until somebody changes
/// something; what is no refusal may be over in a moment.
struct Meaning {
  const char *said, *what, *next;
  bool refusal = false;
};
constexpr Meaning kMeanings[] = {
    {"IDENTIFICATION HAS CHANGED", "the other machine shows another key than it did before",
     "if it was set up anew, remove its old key: ssh-keygen -R HOST; otherwise somebody may be in between", true},
    {"Host key verification failed", "the other machine's key was not accepted", "accept it once: ssh HOST", true},
    {"Permission denied", "the other machine refuses this login", "try it: ssh HOST; is the key there, and its agent?",
     true},
    {"Could not resolve hostname", "there is no such machine", "look at its name, or at Host in ~/.ssh/config"},
    {"Connection refused", "the other machine takes no ssh connections", "does it run, and is the port right?"},
    {"timed out", "the other machine does not answer", "does it run, and is there a way to it?"},
    {"No route to host", "there is no way to the other machine", "does it run, and is there a way to it?"}};

/// For the shell over there.
std::string quoted(const std::string& word) {
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

void requireDestination(const Destination& to) {
  const auto control = [](unsigned char c) { return c < 0x20 || c == 0x7f; };
  const bool valid = !to.host.empty() && to.host.front() != '-' && to.host.size() <= 255 && !to.program.empty() &&
                     std::none_of(to.host.begin(), to.host.end(), control) &&
                     std::none_of(to.program.begin(), to.program.end(), control);
  if (valid) return;
  throw Error("this is no other machine", ErrorKind::kUsage)
      .on(to.host.substr(0, 64))
      .expected("what ssh takes: a host of its configuration, or user@host");
}

std::vector<std::string> sshWords(const Destination& to, const fs::path& control) {
  std::vector<std::string> words = {"/usr/bin/ssh"};
  if (!to.sshOptions.empty()) words.insert(words.end(), {"-F", to.sshOptions});
  words.insert(words.end(), {"-o", "ControlPath=" + control.string()});
  return words;
}

daemon::Program master(const Destination& to, const fs::path& control, const Asking& asking) {
  daemon::Program ssh{sshWords(to, control), asking.environment};
  for (const char* option : {"ControlMaster=yes", "ControlPersist=no", "ServerAliveInterval=2", "ServerAliveCountMax=2",
                             "ConnectTimeout=15", "RequestTTY=no", "RemoteCommand=none", "StreamLocalBindUnlink=yes"}) {
    ssh.words.insert(ssh.words.end(), {"-o", option});
  }
  // The shell over there stays until our end of its input closes, and ssh with it.
  ssh.words.insert(ssh.words.end(),
                   {"-T", "--", to.host, quoted(to.program) + " daemon start --json && exec cat > /dev/null"});
  if (!asking.program.empty()) {
    ssh.environment["SSH_ASKPASS"] = asking.program.string();
    ssh.environment["SSH_ASKPASS_REQUIRE"] = "force";
  }
  return ssh;
}

/// The last JSON object of a text; null where there is none. A login's files may print anything around it.
nlohmann::json lastObject(std::string text) {
  if (text.size() > kLooked) text.erase(0, text.size() - kLooked);
  nlohmann::json last;
  std::istringstream stream(text);
  for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at)) {
    stream.clear();
    stream.seekg(static_cast<std::streamoff>(at));
    try {
      nlohmann::json found;
      stream >> found;
      last = std::move(found);
      at = static_cast<std::size_t>(stream.rdbuf()->pubseekoff(0, std::ios::cur, std::ios::in));
    } catch (const nlohmann::json::parse_error&) {
      ++at;
    }
  }
  return last;
}

/// For a message: the last line that was printed.
std::string printedIn(const std::string& printed) {
  const std::string line = daemon::lastLine(printed);
  return line.empty() ? "it printed nothing" : "it printed: " + line;
}

/// A short name: a socket's path has at most 107 bytes.
fs::path freshControl(const fs::path& folder) {
  static std::atomic<int> number = 0;
  return folder / ("c" + std::to_string(::getpid()) + "-" + std::to_string(++number));
}

}  // namespace

Tunnel::Tunnel(const Destination& to, const fs::path& socket, const Asking& asking, const std::stop_token& stop)
    : to_(to), control_(freshControl(socket.parent_path())), socket_(socket) {
  requireDestination(to);
  ssh_ = daemon::startAttached(master(to_, control_, asking));
  try {
    forward(daemonThere(stop));
  } catch (...) {
    end();
    throw;
  }
}

Tunnel::~Tunnel() {
  end();
}

void Tunnel::end() {
  ssh_.input.close();
  std::error_code ignored;
  if (daemon::isAlive(ssh_.process)) ::kill(ssh_.process.pid, SIGTERM);
  for (int i = 0; i < kEndPolls && !daemon::endOf(ssh_.process); ++i) std::this_thread::sleep_for(kPoll);
  fs::remove(socket_, ignored);
  fs::remove(control_, ignored);
}

bool Tunnel::alive() const {
  return daemon::isAlive(ssh_.process);
}

std::string Tunnel::daemonThere(const std::stop_token& stop) {
  using Clock = std::chrono::steady_clock;
  std::optional<Clock::time_point> login;
  std::error_code ignored;
  while (true) {
    const auto ended = daemon::endOf(ssh_.process);
    const std::string printed = daemon::contentOf(ssh_.out);
    const nlohmann::json json = lastObject(printed);
    if (json.is_object() && json.contains("socket") && json.at("socket").is_string()) return json.at("socket");
    if (ended) {
      std::string said = daemon::contentOf(ssh_.err);
      if (json.is_object() && json.contains("error") && json.at("error").is_object()) {
        const auto& error = json.at("error");
        throw Error("the daemon did not start on the other machine", ErrorKind::kEnvironment)
            .on(to_.host)
            .found(error.value("what", std::string()) + " " + error.value("found", std::string()))
            .next("try there: " + to_.program + " daemon start");
      }
      refuse(ended->code.value_or(0), said, printed);
    }
    // ssh makes its control socket once it is logged in.
    if (!login && fs::exists(control_, ignored)) login = Clock::now();
    if (login && Clock::now() - *login > to_.patience) {
      throw Error("the other machine does not say where its daemon is", ErrorKind::kEnvironment)
          .on(to_.host)
          .expected("an answer of " + to_.program + " daemon start --json")
          .found(printedIn(printed))
          .next("try it: ssh " + to_.host + " " + to_.program + " daemon start --json");
    }
    if (stop.stop_requested())
      throw Error("the way to the other machine was given up", ErrorKind::kCancelled).on(to_.host);
    std::this_thread::sleep_for(kPoll);
  }
}

void Tunnel::forward(const std::string& there) {
  daemon::Program ssh{sshWords(to_, control_), {}};
  ssh.words.insert(ssh.words.end(), {"-O", "forward", "-L", socket_.string() + ":" + there, "--", to_.host});
  const daemon::Ended ended = daemon::runToEnd(ssh);
  if (ended.code != 0) {
    throw Error("ssh does not forward the daemon's socket", ErrorKind::kEnvironment)
        .on(to_.host)
        .found(daemon::lastLine(ended.err))
        .next("AllowStreamLocalForwarding in the other machine's sshd_config must not be no");
  }
}

void Tunnel::refuse(int code, const std::string& said, const std::string& printed) const {
  if (code == kNotFound) {
    throw Error("the other machine has no Ecumene")
        .on(to_.host)
        .expected("the program " + to_.program)
        .found(daemon::lastLine(said))
        .next(
            "there: clone the repository, tools/setup --headless, tools/build --headless; then give the path of its "
            "build/release/bin/ecumenectl");
  }
  for (const Meaning& meaning : kMeanings) {
    if (said.find(meaning.said) == std::string::npos) continue;
    std::string next = meaning.next;
    for (std::size_t at = next.find("HOST"); at != std::string::npos; at = next.find("HOST", at + to_.host.size())) {
      next.replace(at, 4, to_.host);
    }
    throw Error(meaning.what, meaning.refusal ? ErrorKind::kInput : ErrorKind::kEnvironment)
        .on(to_.host)
        .found(daemon::lastLine(said))
        .next(next);
  }
  if (code == 0) {
    throw Error("the login on the other machine does something else than it is asked to")
        .on(to_.host)
        .expected("an answer of " + to_.program + " daemon start --json")
        .found(printedIn(printed))
        .next("is there a ForceCommand in its sshd_config, or a command= before the key in its authorized_keys?");
  }
  throw Error("ssh did not reach a daemon", ErrorKind::kEnvironment)
      .on(to_.host)
      .found("code " + std::to_string(code) + (said.empty() ? "" : ": " + daemon::lastLine(said)))
      .next("try it: ssh " + to_.host + " " + to_.program + " daemon status");
}

}  // namespace ecumene::engine::attach
