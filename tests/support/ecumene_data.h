// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/run_program.h"

namespace ecumene::test {

/// The real program on its words.
inline Finished ecumeneData(std::vector<std::string> words) {
  words.insert(words.begin(), "ecumene-data");
  return runProgram(std::move(words));
}

/// What a successful run with --json printed; a failed one fails the test.
inline nlohmann::json parsed(const Finished& finished) {
  EXPECT_EQ(finished.code, 0) << finished.err;
  return finished.code == 0 ? nlohmann::json::parse(finished.out) : nlohmann::json();
}

}  // namespace ecumene::test
