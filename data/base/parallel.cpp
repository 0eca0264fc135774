// SPDX-License-Identifier: Apache-2.0
#include "data/base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "data/base/error.h"

namespace ecumene {

void parallelFor(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& body,
                 const std::stop_token& stop) {
  if (threads == 0) threads = std::max(1U, std::thread::hardware_concurrency());
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  std::mutex failureMutex;
  const auto work = [&] {
    while (!failed && !stop.stop_requested()) {
      const std::size_t i = next++;
      if (i >= count) return;
      try {
        body(i);
      } catch (...) {
        const std::lock_guard lock(failureMutex);
        if (!failure) failure = std::current_exception();
        failed = true;
      }
    }
  };
  {
    std::vector<std::jthread> pool;
    const std::size_t extra = std::min<std::size_t>(threads, count);
    for (std::size_t t = 1; t < extra; ++t) pool.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
  if (next < count && stop.stop_requested()) throw Error("cancelled", ErrorKind::kCancelled);
}

}  // namespace ecumene
