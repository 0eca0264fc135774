// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace ecumene::engine::train {

/// From now on SIGTERM, SIGINT and SIGHUP (where they are not ignored) ask this process to stop at its next step
/// boundary. A second SIGINT, that of an impatient user, ends it at once; SIGTERM and SIGHUP may come several times for
/// one request (timeout sends both to the child and to its group).
void stopOnSignals();
/// The signal that has asked, 0: none.
int signalReceived();

}  // namespace ecumene::engine::train
