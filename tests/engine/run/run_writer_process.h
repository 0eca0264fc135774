// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/run/records.h"
#include "tests/support/child_process.h"

namespace ecumene::test {

inline constexpr std::int64_t kRowsAStep = 3;  // of run_writer

/// run_writer as a child process.
class RunWriter : public ChildProcess {
 public:
  RunWriter(const std::filesystem::path& run, std::int64_t first, std::int64_t count)
      : ChildProcess("ECUMENE_RUN_WRITER", {run.string(), std::to_string(first), std::to_string(count)}) {}
};

/// Every step has its three rows, in order and without a gap, from 1 to the last.
inline void expectSteps(const std::vector<engine::run::MetricRow>& rows, const std::string& place) {
  ASSERT_EQ(rows.size() % kRowsAStep, 0U) << place;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto step = static_cast<std::int64_t>(i) / kRowsAStep + 1;
    ASSERT_EQ(rows[i].step, step) << place;
    if (rows[i].name == "loss") {
      ASSERT_EQ(rows[i].value, 1.0 / static_cast<double>(step)) << place;
    }
  }
}

}  // namespace ecumene::test
