// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/engine/train/small_run.h"

namespace ecumene::test {

/// A run of the preset nano made by the program; its folder.
inline std::string made(const std::filesystem::path& folder, const std::vector<std::string>& settings) {
  std::vector<std::string> words = {
      "ecumene-train", "new",   "--preset",        "nano", "--data", test::smallStore().string(), "--out",
      folder.string(), "--set", "train.device=cpu"};
  for (const std::string& setting : settings) words.insert(words.end(), {"--set", setting});
  const Finished finished = runProgram(words);
  EXPECT_EQ(finished.code, 0) << finished.err;
  return folder.string();
}

inline std::vector<std::string> resumeWords(const std::string& run) {
  return {"ecumene-train", "resume", run, "--plain", "--no-eval"};
}

}  // namespace ecumene::test
