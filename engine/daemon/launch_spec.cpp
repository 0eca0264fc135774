// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/launch_spec.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "engine/daemon/log_end.h"

namespace ecumene::engine::daemon {
namespace {

const std::map<std::string, std::string>& closedOptions() {
  static const std::map<std::string, std::string> closed = {{"data.store", "name a store of the daemon"},
                                                            {"data.tokeniser", "it is made from the store's texts"},
                                                            {"train.begin", "name runs to begin with"},
                                                            {"train.device", "name a slot"}};
  return closed;
}

}  // namespace

config::RunSpec launchSpec(const std::string& preset, const std::vector<std::string>& settings) {
  config::RunSpec spec = config::preset(preset);
  for (const std::string& setting : settings) {
    const auto closed = closedOptions().find(setting.substr(0, setting.find('=')));
    if (closed != closedOptions().end()) {
      throw Error("a launch does not set this option", ErrorKind::kUsage).on(closed->first).next(closed->second);
    }
    config::set(spec, setting);
  }
  return spec;
}

std::string endingOf(int code) {
  return code > 128 ? fmt::format("ended by signal {}", code - 128) : fmt::format("ended with code {}", code);
}

Error trainerError(const Ended& ended, const std::string& doing) {
  const auto json = nlohmann::json::parse(ended.out, nullptr, false);
  if (json.is_object() && json.contains("error") && json.at("error").is_object()) {
    const auto text = [&](const char* key) { return json.at("error").value(key, std::string()); };
    Error error(text("what"), ended.code == 3 ? ErrorKind::kEnvironment : ErrorKind::kInput);
    if (!text("object").empty()) error.on(text("object"));
    if (!text("expected").empty()) error.expected(text("expected"));
    if (!text("found").empty()) error.found(text("found"));
    if (!text("next").empty()) error.next(text("next"));
    return error;
  }
  return Error(doing + " failed", ErrorKind::kEnvironment).found(endingOf(ended.code) + ": " + lastLine(ended.err));
}

}  // namespace ecumene::engine::daemon
