// SPDX-License-Identifier: Apache-2.0
// The kinds of attention that layers were made with: said in the journal, kept in checkpoints, held to.
#include <gtest/gtest.h>

#include "engine/train/learner.h"
#include "engine/train/run_content.h"
#include "models/spec/attention_kind.h"
#include "tests/engine/train/small_run.h"
#include "tests/support/thrown_error.h"

namespace ecumene {
namespace {

TEST(AttentionOfARun, IsSaidKeptAndHeldTo) {
  const test::TempFolder folder;
  auto run = test::makeRun(folder / "run", test::nano({"train.epochs=1", "model.language.attention=sliding,flash",
                                                       "model.language.sliding_window=8"}));
  run.claim();
  test::trainHere(run);
  const std::string words = "layer 0: sliding, window 8 + 0 global; layer 1: flash";
  ASSERT_EQ(test::events(run, "attention").size(), 1U);
  EXPECT_EQ(test::events(run, "attention").front().text, words);
  const auto newest = engine::checkpoint::newest(run.checkpoints()).value();
  EXPECT_EQ(models::spec::inRuns(engine::checkpoint::readManifest(newest).attention), words);

  // A routing table that chose otherwise later must not give these weights to another function.
  auto spec = run.spec();
  engine::config::set(spec, "model.language.attention=flash");
  engine::config::set(spec, "model.language.sliding_window=0");
  const auto content = engine::train::loadContent(run, spec);
  engine::train::Network network(spec, content, torch::kCPU);
  const auto checkpoint = engine::checkpoint::read(newest);
  const std::string said = test::messageOf([&] { network.loadForEvaluation(checkpoint); });
  EXPECT_NE(said.find("layers 0-1: flash"), std::string::npos) << said;
}

TEST(AttentionOfARun, IsSaidInRunsOfEqualLayers) {
  EXPECT_EQ(models::spec::inRuns({}), "");
  EXPECT_EQ(models::spec::inRuns({"flash"}), "layer 0: flash");
  EXPECT_EQ(models::spec::inRuns({"mamba", "flash", "flash", "mamba"}),
            "layer 0: mamba; layers 1-2: flash; layer 3: mamba");
}

}  // namespace
}  // namespace ecumene
