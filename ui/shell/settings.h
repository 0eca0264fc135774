// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "models/spec/options.h"

namespace ecumene::ui::shell {

/// What a person sets once. Kept in settings.toml below XDG_CONFIG_HOME/ecumene; edited in the Settings panel.
struct Settings {
  std::string theme = "system";  ///< system, light, dark
  double textPoints = 10.0;
  std::string store;                       ///< folder that is opened at the start; empty: none
  std::string runs;                        ///< folder whose sub-folders are runs; empty: none
  bool restore = true;                     ///< the last session at the start
  std::string program = "ecumenectl";      ///< on other machines
  double costHere = 0.0, costThere = 0.0;  ///< of an hour of this machine, of an attached one; 0: not said
  std::string currency = "USD";
  bool operator==(const Settings&) const = default;
};
void describe(models::spec::Options& options, Settings& settings);

/// XDG_CONFIG_HOME/ecumene and XDG_STATE_HOME/ecumene, by default ~/.config/ecumene and ~/.local/state/ecumene.
std::filesystem::path configFolder();
std::filesystem::path stateFolder();

/// Defaults where there is no file. Throws Error naming file, line and key where it cannot be read.
Settings loadSettings(const std::filesystem::path& file);
/// Whole or not at all; makes the folder.
void saveSettings(const std::filesystem::path& file, const Settings& settings);

}  // namespace ecumene::ui::shell
