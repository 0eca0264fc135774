// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace ecumene::engine::train {

/// Counts the floating-point operations of matrix products, convolutions and attention, forwards and backwards, for its
/// life: 2 m k n for [m, k] x [k, n], a multiplication and an addition each, and as many again for each gradient. All
/// else is left out, and so is what is computed a second time to save memory: what is counted is the model's work, not
/// the hardware's (Chowdhery et al. 2022, arXiv 2204.02311, appendix B). Counts what this thread does, and the threads
/// that take over its at::ThreadLocalState or work for its backward passes. One at a time.
class FlopCounter {
 public:
  FlopCounter();
  ~FlopCounter();
  FlopCounter(const FlopCounter&) = delete;
  FlopCounter& operator=(const FlopCounter&) = delete;

  [[nodiscard]] double count() const;

 private:
  std::uint64_t callback_;
};

}  // namespace ecumene::engine::train
