// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>

namespace ecumene::test {

/// Whether this is the long form of a test, which only tools/test --soak runs.
inline bool longCounts() {
  return std::getenv("ECUMENE_LONG_COUNTS") != nullptr;
}

/// How often a test tries what it draws at random.
inline int tries(int few, int many) {
  return longCounts() ? many : few;
}

}  // namespace ecumene::test
