// SPDX-License-Identifier: Apache-2.0
#include "engine/run/commands.h"

#include <charconv>

#include "data/base/error.h"

namespace ecumene::engine::run {

config::RunSpec withLiveOption(const config::RunSpec& spec, const std::string& assignment) {
  config::RunSpec changed = spec;
  config::set(changed, assignment);
  models::spec::Options options;
  config::describe(options, changed);
  const models::spec::Option& row = options.find(assignment.substr(0, assignment.find('=')));
  if (!row.isLive) {
    throw Error("the option cannot be changed while the run goes on")
        .on(row.key)
        .next(row.key == "train.epochs" ? "extend the run by epochs=+2, or epochs=12 in all"
                                        : "see `ecumene-train options`");
  }
  config::validate(changed);
  return changed;
}

config::RunSpec extended(const config::RunSpec& spec, const std::string& argument, std::int64_t finished) {
  const std::string key = "epochs=";
  const auto refuse = [&]() -> Error {
    return Error("this extends nothing")
        .on(argument)
        .expected("epochs=+2 for two more, or epochs=12 for twelve in all, more than the " + std::to_string(finished) +
                  " that are done");
  };
  if (!argument.starts_with(key)) throw refuse();
  std::string number = argument.substr(key.size());
  const bool more = number.starts_with('+');
  if (more) number.erase(0, 1);
  std::int64_t value = 0;
  const auto [end, problem] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (number.empty() || problem != std::errc{} || end != number.data() + number.size()) throw refuse();
  if (value < 1 || value > 1000000) throw refuse();
  const std::int64_t epochs = more ? spec.train.epochs + value : value;
  if (epochs <= finished) throw refuse();
  config::RunSpec changed = spec;
  config::set(changed, "train.epochs=" + std::to_string(epochs));
  return changed;
}

config::RunSpec currentSpec(const RunDirectory& run) {
  config::RunSpec spec = run.spec();
  for (const Command& command : run.commands("done")) {
    if (command.word == "set") spec = withLiveOption(spec, command.argument);
    if (command.word == "extend") spec = extended(spec, command.argument, 0);
  }
  return spec;
}

}  // namespace ecumene::engine::run
