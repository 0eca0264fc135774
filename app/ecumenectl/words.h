// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

#include "app/ecumenectl/commands.h"
#include "app/ecumenectl/inspect_commands.h"

/// The command line of ecumenectl: its words, their options, and what each calls.
namespace ecumene::ecumenectl {

/// What the command line said. `run` is what the chosen word does; it gives the exit code.
struct Words {
  Common common;
  std::string id, argument, preset, format = "csv", out;
  double wait = 30.0;
  bool once = false, rules = false;
  AttachCommand attach;
  LaunchCommand launch;
  PlanCommand plan;
  PlanetsCommand planets;
  GenerateCommand generate;
  ImportCommand import;
  ModelCommand model;
  CopyCommand copy;
  std::int64_t job = 0;
  std::vector<std::string> ids;
  std::function<int()> run;
};

/// Adds every word; `words` must outlive `app`.
void addWords(CLI::App& app, Words& words);

}  // namespace ecumene::ecumenectl
