// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdio>
#include <exception>
#include <string>

namespace ecumene::engine::daemon {

/// Runs one round of a thread that must go on whatever a round meets (a full disk, a damaged list): what it throws is
/// said on stderr, the daemon's log, once for each time that it is another text than the last.
template <class Round>
void goOn(Round round) {
  static thread_local std::string last;
  try {
    round();
    last.clear();
  } catch (const std::exception& error) {
    if (last == error.what()) return;
    last = error.what();
    std::fputs(("ecumened: " + last + "\n").c_str(), stderr);
  }
}

}  // namespace ecumene::engine::daemon
