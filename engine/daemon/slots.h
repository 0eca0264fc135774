// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace ecumene::engine::daemon {

/// Where a run trains: the CPU, or a set of GPUs. One run at a time trains in a slot; slots that share a GPU exclude
/// each other.
struct Slot {
  std::vector<int> gpus;  ///< ascending; empty: the CPU

  /// "cpu", "gpu:0,1". Throws Error (kUsage) at anything else.
  static Slot parse(const std::string& text);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] bool conflictsWith(const Slot& other) const;
};

/// Numbers of this machine's GPUs as its driver shows them (/dev/nvidiaN).
std::vector<int> gpusOfThisMachine();

}  // namespace ecumene::engine::daemon
