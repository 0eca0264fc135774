// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ecumene::engine::train {

/// From now on SIGTERM, SIGINT and SIGHUP (where they are not ignored) ask this process to stop at its next step
/// boundary; the same signal once more ends it at once.
void stopOnSignals();
/// The signal that has asked, 0: none.
int signalReceived();

}  // namespace ecumene::engine::train
