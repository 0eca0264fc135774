// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/copies.h"

#include <unistd.h>

#include <fmt/format.h>

#include <utility>

#include "data/base/error.h"

namespace ecumene::engine::daemon {

namespace {

namespace fs = std::filesystem;

constexpr std::chrono::seconds kCopiesLook{60};

}  // namespace

Copies::Copies(fs::path folder)
    : folder_(std::move(folder)),
      born_(fmt::format("{}-{:x}", ::getpid(), std::chrono::system_clock::now().time_since_epoch().count())) {
  std::error_code problem;
  fs::remove_all(folder_, problem);
  fs::create_directories(folder_, problem);
  if (problem) throw systemError("cannot make the folder of copies", folder_.string(), problem.value());
  thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

fs::path Copies::stagingFor() {
  const std::lock_guard lock(mutex_);
  return folder_ / std::to_string(++count_);
}

std::string Copies::keep(transfer::Snapshot snapshot) {
  const std::lock_guard lock(mutex_);
  if (kept_.size() >= kMost) {
    throw Error("too many copies are under way", ErrorKind::kEnvironment)
        .expected("at most " + std::to_string(kMost))
        .next("wait until one has ended; one that was given up ends an hour after its last piece");
  }
  std::string id = fmt::format("{}-{}", born_, ++count_);
  kept_.emplace(
      id, Kept{std::make_shared<const transfer::Snapshot>(std::move(snapshot)), std::chrono::steady_clock::now()});
  return id;
}

void Copies::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(kept_, [&](const auto& copy) { return now - copy.second.used > kKept; });
    changed_.wait_for(lock, stop, kCopiesLook, [] { return false; });
  }
}

std::shared_ptr<const transfer::Snapshot> Copies::find(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end()) {
    throw Error("the daemon does not have this copy any more").on(id.substr(0, 64)).next("begin the copy again");
  }
  found->second.used = std::chrono::steady_clock::now();
  return found->second.snapshot;
}

bool Copies::contains(const std::string& id) {
  const std::lock_guard lock(mutex_);
  return kept_.contains(id);
}

void Copies::end(const std::string& id) {
  const std::lock_guard lock(mutex_);
  kept_.erase(id);
}

}  // namespace ecumene::engine::daemon
