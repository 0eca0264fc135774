// SPDX-License-Identifier: Apache-2.0
#include "engine/run/commands.h"

#include <gtest/gtest.h>

#include "data/base/error.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::run {
namespace {

TEST(LiveOptions, ChangeOneOptionThatIsLive) {
  const config::RunSpec before = config::preset("nano");
  config::RunSpec expected = before;
  expected.train.learningRate = 2e-4;
  EXPECT_TRUE(withLiveOption(before, "train.lr=2e-4") == expected);
  expected = before;
  expected.loss.language = 0.5;
  EXPECT_TRUE(withLiveOption(before, "loss.language=0.5") == expected);
}

TEST(LiveOptions, RefuseOthersAndNonsense) {
  const config::RunSpec spec = config::preset("nano");
  for (const char* bad : {"train.seed=2", "model.fusion.width=64", "train.lr=-1", "train.lr", "train.lrr=1", ""}) {
    EXPECT_THROW((void)withLiveOption(spec, bad), Error) << bad;
  }
}

TEST(Extend, AddsEpochsOrSaysHowManyInAll) {
  config::RunSpec spec = config::preset("nano");
  spec.train.epochs = 5;
  EXPECT_EQ(extended(spec, "epochs=+2", 5).train.epochs, 7);
  EXPECT_EQ(extended(spec, "epochs=12", 5).train.epochs, 12);
  EXPECT_EQ(extended(spec, "epochs=4", 3).train.epochs, 4);
  for (const char* bad : {"epochs=5", "epochs=+0", "epochs=", "epochs=+", "epochs=1.5", "2", "", "epochs=-3",
                          "epochs=99999999999999999999"}) {
    EXPECT_THROW((void)extended(spec, bad, 5), Error) << bad;
  }
}

TEST(CurrentSpec, IsTheRunsWithWhatWasDoneSince) {
  const test::TempFolder folder;
  config::RunSpec spec = config::preset("nano");
  RunDirectory run = RunDirectory::create(folder / "run", spec);
  const auto lr = run.request("set", "train.lr=0.5"), epochs = run.request("extend", "epochs=+3"),
             refused = run.request("set", "train.clip=7");
  (void)run.request("set", "train.clip=8");
  run.answer(lr, "done", "");
  run.answer(epochs, "done", "");
  run.answer(refused, "refused", "");
  spec.train.learningRate = 0.5;
  spec.train.epochs += 3;
  EXPECT_TRUE(currentSpec(run) == spec);
}

}  // namespace
}  // namespace ecumene::engine::run
