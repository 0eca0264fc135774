// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace ecumene::test {

/// What the library of fake_nvml.cpp answers, in the place of NVIDIA's.
struct FakeNvml {
  static constexpr int kMost = 4;
  struct Card {
    std::atomic<unsigned long long> memoryUsed{0}, memoryTotal{0};  ///< bytes
    std::atomic<unsigned> busy{0};                                  ///< per cent
    std::atomic<bool> fails{false};                                 ///< at all but its name
  };
  std::atomic<bool> driver{true};
  std::atomic<unsigned> count{0}, open{0};  ///< open: inits without a shutdown
  Card cards[kMost];
};

}  // namespace ecumene::test
