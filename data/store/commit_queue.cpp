// SPDX-License-Identifier: Apache-2.0
#include "data/store/commit_queue.h"

#include <span>

namespace ecumene::data::store {

void CommitQueue::run(const Work& work) {
  Request request{&work, false, nullptr};
  std::unique_lock lock(mutex_);
  waiting_.push_back(&request);
  while (!request.done) {
    if (committing_) {
      finished_.wait(lock);
      continue;
    }
    committing_ = true;
    std::vector<Request*> batch;
    batch.swap(waiting_);
    lock.unlock();
    commit(batch);
    lock.lock();
    for (Request* finished : batch) finished->done = true;
    committing_ = false;
    finished_.notify_all();
  }
  if (request.failure) std::rethrow_exception(request.failure);
}

void CommitQueue::commit(const std::vector<Request*>& batch) {
  const std::lock_guard lock(connectionMutex_);
  const auto together = [&](std::span<Request* const> requests) {
    sql::Transaction transaction(connection_);
    for (const Request* request : requests) (*request->work)(connection_);
    transaction.commit();
  };
  if (batch.size() > 1) {
    try {
      together(batch);
      return;
    } catch (...) {
      // One of them is to blame; alone, each finds out whether it is the one.
    }
  }
  for (Request* const& request : batch) {
    try {
      together(std::span(&request, 1));
    } catch (...) {
      request->failure = std::current_exception();
    }
  }
}

}  // namespace ecumene::data::store
