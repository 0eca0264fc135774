// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace ecumene::test {

/// What other people's software read or computed: a file of tests/oracles/reference, as tests/oracles/README.md has it.
inline nlohmann::json reference(const std::string& name) {
  const std::string path = "tests/oracles/reference/" + name;
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + " is part of the repository and is not there");
  return nlohmann::json::parse(file);
}

}  // namespace ecumene::test
