// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace ecumene::engine::report {

/// Which weights of a run: the checkpoint's step and the SHA-256 of its manifest.
struct WeightsId {
  std::int64_t step = 0;
  std::string manifest;  ///< empty: not known
  bool operator==(const WeightsId&) const = default;
};

/// "step 12 (manifest 01234567)".
inline std::string words(const WeightsId& weights) {
  return "step " + std::to_string(weights.step) + " (manifest " + weights.manifest.substr(0, 8) + ")";
}

}  // namespace ecumene::engine::report
