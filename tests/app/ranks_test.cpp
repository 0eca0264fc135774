// SPDX-License-Identifier: Apache-2.0
#include "app/ecumene-train/ranks.h"

#include <gtest/gtest.h>

#include <map>

#include "data/base/error.h"
#include "tests/support/thrown_error.h"

namespace ecumene::ecumene_train {
namespace {

std::string refusal(const std::map<std::string, std::string>& variables) {
  return test::messageOf([&] {
    requireOneProcess([&](const char* name) -> std::optional<std::string> {
      const auto found = variables.find(name);
      return found == variables.end() ? std::nullopt : std::optional(found->second);
    });
  });
}

TEST(Ranks, OneProcessOfALauncherTrains) {
  EXPECT_NO_THROW(requireOneProcess([](const char*) { return std::nullopt; }));
  // As torchrun --nproc-per-node=1 sets them.
  const std::map<std::string, std::string> torchrun = {{"RANK", "0"},
                                                       {"LOCAL_RANK", "0"},
                                                       {"WORLD_SIZE", "1"},
                                                       {"MASTER_ADDR", "127.0.0.1"},
                                                       {"MASTER_PORT", "29500"},
                                                       {"SLURM_STEP_NUM_TASKS", "1"}};
  EXPECT_NO_THROW(requireOneProcess([&](const char* name) {
    const auto found = torchrun.find(name);
    return found == torchrun.end() ? std::nullopt : std::optional(found->second);
  }));
}

TEST(Ranks, SeveralAreRefused) {
  const std::string several = refusal({{"WORLD_SIZE", "4"}, {"RANK", "2"}});
  EXPECT_NE(several.find("4, this is rank 2"), std::string::npos) << several;
  EXPECT_NE(several.find("--nproc-per-node=1"), std::string::npos) << several;
  EXPECT_NE(refusal({{"SLURM_STEP_NUM_TASKS", "8"}}).find("srun --ntasks=1"), std::string::npos);
}

TEST(Ranks, WhatMakesNoSenseIsRefused) {
  for (const auto& [name, value] : {std::pair{"WORLD_SIZE", "0"},
                                    {"WORLD_SIZE", "two"},
                                    {"WORLD_SIZE", ""},
                                    {"RANK", "1"},
                                    {"LOCAL_RANK", "-1"},
                                    {"MASTER_PORT", "0"},
                                    {"MASTER_PORT", "65536"},
                                    {"WORLD_SIZE", "99999999999999999999"}}) {
    EXPECT_NE(refusal({{name, value}}).find(name), std::string::npos) << name << "=" << value;
  }
}

}  // namespace
}  // namespace ecumene::ecumene_train
