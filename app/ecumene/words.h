// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace ecumene::ecumene_app {

/// The command line.
struct Words {
  std::string store, runs;
  std::string launch;  ///< "NAME=PRESET"; empty: nothing
  std::string snapshot, dock, of, out, view;
  std::string size = "1280x800";
  std::string theme;
};

}  // namespace ecumene::ecumene_app
