// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ecumene::test {

/// Environment variables for as long as it lives, in which they are set or unset; those of child processes too.
class Environment {
 public:
  Environment() = default;
  ~Environment() {
    for (auto it = before_.rbegin(); it != before_.rend(); ++it) put(it->first, it->second);
  }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  void set(const char* name, const std::string& value) { change(name, value); }
  void unset(const char* name) { change(name, std::nullopt); }

 private:
  using Value = std::optional<std::string>;
  static void put(const char* name, const Value& value) {
    value ? ::setenv(name, value->c_str(), 1) : ::unsetenv(name);
  }
  void change(const char* name, const Value& value) {
    const char* before = std::getenv(name);
    before_.emplace_back(name, before == nullptr ? Value() : Value(before));
    put(name, value);
  }

  std::vector<std::pair<const char*, Value>> before_;
};

}  // namespace ecumene::test
