// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "data/commands/commands.h"

/// The command line of ecumene-data: its words, their options, and what each calls.
namespace ecumene::ecumene_data {

/// What the command line said. `run` is what the chosen word does, once `common` is complete.
struct Words {
  data::commands::Common common;
  std::string store;  ///< empty: defaultStore()
  std::uint64_t planets = 512;
  std::uint64_t seed = 42;
  std::uint64_t epochs = 1;
  std::vector<std::string> paths, settings;
  std::string list;  ///< file with more paths
  std::string id;
  std::string folder;  ///< of an export
  bool force = false;
  data::commands::FbaOptions flux;
  std::function<int()> run;
};

/// Adds every word; `words` must outlive `app`.
void addWords(CLI::App& app, Words& words);

}  // namespace ecumene::ecumene_data
