// SPDX-License-Identifier: Apache-2.0
#include "engine/run/journal_writer.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>
#include <vector>

namespace ecumene::engine::run {
namespace {

constexpr std::chrono::seconds kPause{1};
constexpr std::size_t kMostTogether = 4096;  ///< entries of one commit

std::size_t rowsOf(const Entry& entry) {
  return entry.metrics.size() + (entry.kind.empty() ? 0U : 1U);
}

}  // namespace

JournalWriter::JournalWriter(const std::filesystem::path& file)
    : journal_(file, data::sql::Access::kWrite), thread_([this] { work(); }) {}

JournalWriter::~JournalWriter() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void JournalWriter::add(Entry entry) {
  {
    const std::lock_guard lock(mutex_);
    if (trouble_ && (broken_ || waitingRows_ + rowsOf(entry) > kMostWaiting)) throw Error(*trouble_);
    waitingRows_ += rowsOf(entry);
    waiting_.push_back(std::move(entry));
  }
  changed_.notify_all();
}

void JournalWriter::flush() {
  std::unique_lock lock(mutex_);
  const std::size_t before = tries_;
  // Trouble that a try before this call met may be over: it counts once it has been met again.
  changed_.wait(lock, [&] { return broken_ || waiting_.empty() || (trouble_ && tries_ > before); });
  if (trouble_) throw Error(*trouble_);
}

void JournalWriter::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty() || broken_) return;
    const bool last = ending_;
    const std::size_t count = std::min(waiting_.size(), kMostTogether);
    const std::vector<Entry> entries(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    lock.unlock();
    std::optional<Error> trouble;
    try {
      now([&](Journal& journal) { journal.add(entries); });
    } catch (const Error& error) {
      trouble = error;
    } catch (const std::exception& error) {
      trouble = internalError(error.what());
    }
    lock.lock();
    ++tries_;
    trouble_ = std::move(trouble);
    if (!trouble_) {
      for (const Entry& entry : entries) waitingRows_ -= rowsOf(entry);
      waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    }
    broken_ = trouble_ && trouble_->kind() != ErrorKind::kEnvironment;
    changed_.notify_all();
    if (broken_ || (trouble_ && last)) return;
    if (trouble_) changed_.wait_for(lock, kPause, [this] { return ending_; });
  }
}

}  // namespace ecumene::engine::run
