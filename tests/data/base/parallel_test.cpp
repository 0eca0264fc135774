// SPDX-License-Identifier: Apache-2.0
#include "data/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "data/base/error.h"

namespace ecumene {
namespace {

/// Makes the calls after an event so slow that all of them together take far longer than any thread is kept waiting.
void linger() {
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

TEST(ParallelFor, VisitsEachIndexOnce) {
  for (const unsigned threads : {0U, 1U, 2U, 7U}) {
    std::vector<std::atomic<int>> visits(1000);
    parallelFor(visits.size(), threads, [&](std::size_t i) { ++visits[i]; });
    for (const auto& count : visits) ASSERT_EQ(count, 1);
  }
  parallelFor(0, 4, [](std::size_t) { FAIL(); });
}

TEST(ParallelFor, ThrowsTheFirstFailureAndStops) {
  std::atomic<int> calls = 0;
  EXPECT_THROW(parallelFor(100000, 4,
                           [&](std::size_t i) {
                             ++calls;
                             if (i == 10) throw Error("ten");
                             if (i > 10) linger();
                           }),
               Error);
  EXPECT_LT(calls, 100000);
}

TEST(ParallelFor, StopsWhenAsked) {
  std::stop_source source;
  std::atomic<int> calls = 0;
  try {
    parallelFor(
        100000, 2,
        [&](std::size_t) {
          const int call = ++calls;
          if (call == 50) source.request_stop();
          if (call > 50) linger();
        },
        source.get_token());
    FAIL() << "ran to the end";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
  }
  EXPECT_LT(calls, 100000);
}

}  // namespace
}  // namespace ecumene
