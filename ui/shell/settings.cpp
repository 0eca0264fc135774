// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/settings.h"

#include <cstdlib>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/config/toml.h"

namespace ecumene::ui::shell {
namespace {

namespace fs = std::filesystem;

fs::path folder(const char* variable, const char* below) {
  const char* set = std::getenv(variable);
  if (set != nullptr && *set == '/') return fs::path(set) / "ecumene";
  const char* home = std::getenv("HOME");
  return fs::path(home == nullptr ? "/" : home) / below / "ecumene";
}

}  // namespace

void describe(models::spec::Options& options, Settings& settings) {
  options.group("appearance", [&] {
    options.text("theme", settings.theme, "Colours of the window; system follows the desktop.")
        .choices({"system", "light", "dark"});
    options.real("text_size", settings.textPoints, "Size of text.").unit("pt").range(7, 32);
  });
  options.group("start", [&] {
    options.text("store", settings.store, "Folder of the planets that are opened at the start; empty: none.");
    options.text("runs", settings.runs, "Folder whose sub-folders are runs; empty: none.");
    options.flag("restore", settings.restore, "Whether the window comes back as it was left.");
  });
  options.group("machines", [&] {
    options.text("program", settings.program,
                 "ecumenectl on the machines that are attached: on the PATH of an ssh command there, or a path.");
  });
  options.group("cost", [&] {
    options.real("attached", settings.costThere, "Price of an hour of an attached machine; 0: costs are not shown.")
        .unit("an hour")
        .range(0, 1e6);
    options.real("here", settings.costHere, "Price of an hour of this machine; 0: costs are not shown.")
        .unit("an hour")
        .range(0, 1e6);
    options.text("currency", settings.currency, "Currency of these prices, as it is written behind a number.");
  });
}

fs::path configFolder() {
  return folder("XDG_CONFIG_HOME", ".config");
}

fs::path stateFolder() {
  return folder("XDG_STATE_HOME", ".local/state");
}

Settings loadSettings(const fs::path& file) {
  Settings settings;
  if (!fs::exists(file)) return settings;
  models::spec::Options options;
  describe(options, settings);
  engine::config::readToml(options, readFile(file, std::size_t{1} << 20U), file.string());
  return settings;
}

void saveSettings(const fs::path& file, const Settings& settings) {
  Settings copy = settings;
  models::spec::Options options;
  describe(options, copy);
  std::error_code failure;
  fs::create_directories(file.parent_path(), failure);
  if (failure)
    throw systemError("cannot make the folder of the settings", file.parent_path().string(), failure.value());
  writeFileAtomically(file, engine::config::tomlOf(options));
}

}  // namespace ecumene::ui::shell
