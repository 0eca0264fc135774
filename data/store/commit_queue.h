// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

#include "data/sql/sql.h"

namespace ecumene::data::store {

/// Group commit: what several threads ask for while a commit is on its way to the disk goes into one next transaction.
class CommitQueue {
 public:
  using Work = std::function<void(sql::Connection&)>;

  /// `connectionMutex` guards `connection` against everyone else.
  CommitQueue(sql::Connection& connection, std::mutex& connectionMutex)
      : connection_(connection), connectionMutex_(connectionMutex) {}

  /// Returns when `work` is durable. If it, or the commit, throws, nothing of it is stored and the error is thrown
  /// here; the work of others is not touched.
  void run(const Work& work);

 private:
  struct Request {
    const Work* work;
    bool done = false;
    std::exception_ptr failure;
  };
  void commit(const std::vector<Request*>& batch);

  sql::Connection& connection_;
  std::mutex& connectionMutex_;
  std::mutex mutex_;
  std::condition_variable finished_;
  std::vector<Request*> waiting_;
  bool committing_ = false;
};

}  // namespace ecumene::data::store
