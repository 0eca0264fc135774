// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/ecumene/words.h"

namespace ecumene::ecumene_app {

/// Shows the window until it is closed, or draws a snapshot. Returns the exit code; throws Error where it cannot begin.
int runDesktop(int& argc, char** argv, const Words& words);

}  // namespace ecumene::ecumene_app
