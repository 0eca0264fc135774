// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

/// The workstation's parts put together.
namespace ecumene::ecumene_app {

struct Words {
  std::string store, runs;
  std::string launch;  ///< "NAME=PRESET"; empty: nothing
  std::string snapshot, of, out, view;
  std::string size = "1280x800";
  std::string theme;
};

/// Shows the window until it is closed, or draws a snapshot. Returns the exit code; throws Error where it cannot begin.
int runDesktop(int& argc, char** argv, const Words& words);

}  // namespace ecumene::ecumene_app
