// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>
#include <utility>

#include "app/ecumenectl/terminal.h"
#include "app/edge.h"
#include "data/base/say.h"
#include "engine/transfer/pull.h"

namespace ecumene::ecumenectl {
namespace {

namespace fs = std::filesystem;
namespace transfer = engine::transfer;
using engine::protocol::Client;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kRedraw{250}, kNap{100};
constexpr double kLeastRest = 2.0, kMostRest = 60.0;  ///< seconds between two updates of a mirror
/// An update that took long is followed by so many times its time.
constexpr double kRest = 10.0;

std::string sized(double bytes) {
  for (const char* unit : {"B", "kB", "MB"}) {
    if (bytes < 1000.0) return fmt::format("{:.{}f} {}", bytes, *unit == 'B' ? 0 : 1, unit);
    bytes /= 1000.0;
  }
  return fmt::format("{:.2f} GB", bytes);
}

/// How far a copy is, drawn over itself where somebody looks.
class Line {
 public:
  explicit Line(bool quiet) : drawn_(!quiet && ::isatty(STDERR_FILENO) == 1) {}
  ~Line() { clear(); }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  transfer::Going going() {
    return [this](std::uint64_t done, std::uint64_t total) {
      if (drawn_) draw(done, total);
      return !interrupted();
    };
  }
  void clear() {
    if (shown_) say("\r\033[K");
    shown_ = false;
  }

 private:
  void draw(std::uint64_t done, std::uint64_t total) {
    const auto now = Clock::now();
    if (now - last_ < kRedraw) return;
    last_ = now;
    if (!begin_ && done > 0) {
      begin_ = now;
      first_ = done;
    }
    std::string text = fmt::format("{} of {}", sized(static_cast<double>(done)), sized(static_cast<double>(total)));
    const double seconds = begin_ ? std::chrono::duration<double>(now - *begin_).count() : 0.0;
    if (seconds > 1.0 && done > first_) {
      const double rate = static_cast<double>(done - first_) / seconds;
      text += fmt::format(", {}/s, {:.0f} s left", sized(rate), static_cast<double>(total - done) / rate);
    }
    say("\r\033[K" + text);
    shown_ = true;
  }

  const bool drawn_;
  bool shown_ = false;
  std::uint64_t first_ = 0;
  std::optional<Clock::time_point> begin_;
  Clock::time_point last_;
};

void report(const Common& common, const std::string& what, const std::string& to, const transfer::Copied& copied) {
  if (common.json) {
    fmt::print("{}\n", nlohmann::ordered_json{{"copied", what},
                                              {"to", to},
                                              {"files", copied.files},
                                              {"bytes", copied.bytes},
                                              {"moved_bytes", copied.moved},
                                              {"duplicate", copied.duplicate}}
                           .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
  } else {
    fmt::print("{} is {} {}: {} files, {}, of which {} moved now\n", plain(what),
               copied.duplicate ? "already in" : "whole in", plain(to), copied.files,
               sized(static_cast<double>(copied.bytes)), sized(static_cast<double>(copied.moved)));
  }
  app::flushResults();
}

bool hasRun(Client& client, const std::string& id) {
  const auto runs = client.call(&wire::Runs::Stub::List, wire::ListRunsRequest());
  return std::any_of(runs.runs().begin(), runs.runs().end(), [&](const wire::Run& run) { return run.id() == id; });
}

/// "RUN", "RUN/CHECKPOINT", "STORE", "STORE/PLANET"; "run:" or "store:" before it where both have this name.
wire::CopyWhat whatOf(Client& client, const std::string& said) {
  const bool saysRun = said.starts_with("run:"), saysStore = said.starts_with("store:");
  const std::string name = saysRun || saysStore ? said.substr(said.find(':') + 1) : said;
  const std::size_t slash = name.find('/');
  wire::CopyWhat what;
  what.set_id(name.substr(0, slash));
  if (slash != std::string::npos) what.set_part(name.substr(slash + 1));
  const auto& stores = client.daemon().stores();
  const bool isStore = !saysRun && std::find(stores.begin(), stores.end(), what.id()) != stores.end();
  const bool isRun = !saysStore && hasRun(client, what.id());
  if (isStore && isRun) {
    throw Error("a run and a store have this name", ErrorKind::kUsage)
        .on(what.id())
        .next("say run:" + name + " or store:" + name);
  }
  if (!isStore && !isRun) {
    throw Error("the daemon has no such run or store").on(what.id()).next("ecumenectl runs, ecumenectl daemon status");
  }
  const bool whole = slash == std::string::npos;
  what.set_kind(isRun ? (whole ? "run" : "checkpoint") : (whole ? "store" : "planet"));
  return what;
}

/// What a path of this machine holds, and the folder that it is read from.
std::pair<wire::CopyWhat, fs::path> whatIs(const Client& client, const std::string& said, const std::string& to) {
  fs::path path = fs::absolute(said).lexically_normal();
  if (!path.has_filename()) path = path.parent_path();
  std::error_code ignored;
  const auto has = [&](const fs::path& folder, const char* name) { return fs::exists(folder / name, ignored); };
  wire::CopyWhat what;
  if (has(path, "manifest.json")) {
    what.set_kind("checkpoint");
    what.set_id(to.empty() ? path.parent_path().parent_path().filename().string() : to);
  } else if (has(path, "run.toml")) {
    what.set_kind("run");
    what.set_id(to.empty() ? path.filename().string() : to);
  } else if (has(path, "catalogue.sqlite")) {
    what.set_kind("store");
    what.set_id(storeOf(client, to, "--to"));
  } else if (!fs::exists(path, ignored) && has(path.parent_path(), "catalogue.sqlite")) {
    what.set_kind("planet");
    what.set_id(storeOf(client, to, "--to"));
    what.set_part(path.filename().string());
    path = path.parent_path();
  } else {
    throw Error("this is neither a run, a checkpoint, a store nor STORE/PLANET")
        .on(said)
        .expected("a folder with run.toml, manifest.json or catalogue.sqlite");
  }
  return {what, path};
}

void rest(double seconds) {
  const auto until = Clock::now() + std::chrono::duration<double>(seconds);
  while (!interrupted() && Clock::now() < until) std::this_thread::sleep_for(kNap);
}

}  // namespace

int pull(const Common& common, const CopyCommand& command) {
  stopOnInterrupt();
  auto client = connect(common);
  const wire::CopyWhat what = whatOf(client, command.what);
  Line line(common.json);
  const auto copied = transfer::pull(client, what, command.to, line.going());
  line.clear();
  report(common, command.what, command.to, copied);
  return 0;
}

int push(const Common& common, const CopyCommand& command) {
  stopOnInterrupt();
  auto client = connect(common);
  const auto [what, path] = whatIs(client, command.what, command.to);
  Line line(common.json);
  const auto copied = transfer::push(client, what, path, line.going(), [&] {
    line.clear();
    say("another client sends one of these files: waiting for it\n");
  });
  line.clear();
  report(common, command.what, what.id() + " of " + client.daemon().host(), copied);
  return 0;
}

int mirror(const Common& common, const CopyCommand& command) {
  stopOnInterrupt();
  bool ended = false, first = true;
  double pause = kLeastRest;
  std::string trouble;
  while (!ended) {
    const auto begin = Clock::now();
    bool connected = false;
    try {
      auto client = connect(common);
      connected = true;
      // Asked first: what it says of its end is in the copy.
      ended = !command.follow || hasEnded(runNow(client, command.what));
      Line line(common.json);
      const auto copied = transfer::mirror(client, command.what, command.to, line.going());
      line.clear();
      if (copied.moved > 0 || first || ended) report(common, command.what, command.to, copied);
      first = false;
      trouble.clear();
      pause = std::clamp(kRest * std::chrono::duration<double>(Clock::now() - begin).count(), kLeastRest, kMostRest);
    } catch (const Error& error) {
      // What the way, the machine or the disk refuse today they may not tomorrow; a daemon that answers and is of
      // another version or user stays so.
      const bool mayPass = connected ? error.kind() == ErrorKind::kEnvironment : engine::protocol::isUnreachable(error);
      if (!command.follow || !mayPass) throw;
      ended = false;
      pause = trouble.empty() ? kLeastRest : std::min(2.0 * pause, kMostRest);
      // What was found differs at each try: of a disk that is full, the bytes that are free.
      const std::string said = error.failure() + "\n" + error.object();
      if (std::exchange(trouble, said) != said) say(fmt::format("{}; trying again\n", error.what()));
    }
    if (!ended) rest(pause);
    if (interrupted() && !ended) break;
  }
  return 0;
}

}  // namespace ecumene::ecumenectl
