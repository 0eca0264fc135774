// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/server_context.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "data/base/error.h"

namespace ecumene::engine::daemon {

/// Calls that wait: each holds a thread of the server, so only so many go on at a time, and all end with the daemon.
class LongCalls {
 public:
  static constexpr int kMost = 64;

  /// One of them, while it lives. Throws Error (kEnvironment) where there are too many.
  class Place {
   public:
    Place(LongCalls& calls, const grpc::ServerContext& context) : calls_(calls), context_(context) {
      if (calls_.count_.fetch_add(1) < kMost) return;
      calls_.count_.fetch_sub(1);
      throw Error("the daemon has too many clients that watch or wait", ErrorKind::kEnvironment)
          .expected("at most " + std::to_string(kMost))
          .next("close some of them");
    }
    ~Place() { calls_.count_.fetch_sub(1); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    /// Sleeps; false where the client has gone or the daemon ends.
    [[nodiscard]] bool wait(std::chrono::milliseconds time) const {
      std::unique_lock lock(calls_.mutex_);
      calls_.changed_.wait_for(lock, calls_.stop_.get_token(), time, [] { return false; });
      return goesOn();
    }
    [[nodiscard]] bool goesOn() const { return !calls_.stop_.stop_requested() && !context_.IsCancelled(); }

   private:
    LongCalls& calls_;
    const grpc::ServerContext& context_;
  };

  void end() { stop_.request_stop(); }

 private:
  std::atomic<int> count_ = 0;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::stop_source stop_;
};

}  // namespace ecumene::engine::daemon
