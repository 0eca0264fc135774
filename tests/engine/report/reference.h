// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

namespace ecumene::test {

/// Values of scikit-learn, SciPy and properscoring (tests/oracles/metrics.py).
inline nlohmann::json metricsReference(const char* part) {
  std::ifstream file("tests/oracles/reference/metrics.json");
  return nlohmann::json::parse(file).at(part);
}
inline std::vector<double> numbers(const nlohmann::json& json) {
  return json.get<std::vector<double>>();
}

}  // namespace ecumene::test
