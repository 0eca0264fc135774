// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <optional>

#include "engine/transfer/origin.h"
#include "engine/transfer/pull.h"
#include "tests/engine/transfer/transferred.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::transfer {
namespace {

namespace fs = std::filesystem;

class Mirror : public testing::Test {
 protected:
  Mirror() : run_(served_.make("a")) {
    run_->event(0, "made", "nano");
    run_->setState(run::State::kRunning);
    steps(4000);
    test::writeCheckpoint(there_, 5, 5, 2500000);
  }
  void steps(int count) {
    for (int i = 0; i < count; ++i, ++step_)
      run_->metrics(step_, {{"loss.total", 1.0 / step_}, {"a", 1.0}, {"b", 2.0}});
    run_->flush();
  }
  Copied update() {
    auto client = served_.client();
    return mirror(client, "a", here_, test::onward);
  }
  /// The mirror has everything but the checkpoints that are neither the newest nor the best.
  void expectMirrored(const std::vector<std::string>& left = {}) const {
    auto there = test::contentOf(there_);
    for (const std::string& checkpoint : left) {
      std::erase_if(there, [&](const auto& file) { return file.first.find(checkpoint) != std::string::npos; });
    }
    EXPECT_EQ(test::contentOf(here_), there);
    test::expectSameJournal(here_, there_);
    EXPECT_FALSE(fs::exists(folder_ / ".mirror.incoming"));
  }

  test::Served served_;
  test::TempFolder folder_;
  const fs::path there_ = served_.runs() / "a", here_ = folder_ / "mirror";
  std::optional<run::RunDirectory> run_;
  int step_ = 1;
};

TEST_F(Mirror, MovesOnlyWhatHasChanged) {
  EXPECT_GT(update().moved, 2500000U);
  expectMirrored();
  EXPECT_EQ(update().moved, 0U);
  const std::uint64_t journal = fs::file_size(here_ / "run.sqlite");
  EXPECT_GT(journal, 400000U);
  steps(3);
  const std::uint64_t moved = update().moved;
  EXPECT_GT(moved, 0U);
  EXPECT_LT(moved, journal / 2);
  expectMirrored();
  test::write(there_ / "artifacts" / "predictions.h5", test::bytes(5000, 3));
  test::write(there_ / "report.md", "# Report");
  const std::uint64_t report = update().moved;
  EXPECT_GE(report, 5008U);
  EXPECT_LT(report, 100000U);
  expectMirrored();
  fs::remove(there_ / "report.md");
  EXPECT_EQ(update().moved, 0U);
  expectMirrored();
  EXPECT_FALSE(fs::exists(here_ / "report.md"));
}

TEST_F(Mirror, FollowsTheNewestAndTheBestCheckpoint) {
  update();
  test::writeCheckpoint(there_, 10, 5, 1000);
  update();
  expectMirrored();
  test::writeCheckpoint(there_, 15, 5, 1000);
  update();
  expectMirrored({"step-0000000010"});
  test::writeCheckpoint(there_, 20, 20, 1000);
  update();
  expectMirrored({"step-0000000005", "step-0000000010", "step-0000000015"});
}

TEST_F(Mirror, WhoReadsItSeesWhatIsNew) {
  update();
  const auto reader = run::RunDirectory::open(here_);
  const std::int64_t before = reader.lastMetric();
  steps(100);
  run_->forgetAfter(step_ - 50);
  run_->setState(run::State::kStopped, "enough");
  update();
  EXPECT_EQ(reader.lastMetric(), run_->lastMetric());
  EXPECT_GT(reader.lastMetric(), before);
  EXPECT_EQ(reader.status().reason, "enough");
  expectMirrored();
}

TEST_F(Mirror, CutAnywhereGoesOn) {
  update();
  steps(2000);
  test::writeCheckpoint(there_, 10, 10, 4000000);
  int cuts = 0;
  for (bool whole = false; !whole; ++cuts) {
    ASSERT_LT(cuts, 100);
    auto client = served_.client();
    int left = cuts;
    try {
      mirror(client, "a", here_, [&](std::uint64_t, std::uint64_t) { return --left >= 0; });
      whole = true;
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::kCancelled) << error.what();
      // What is here is what was here.
      EXPECT_EQ(run::RunDirectory::open(here_).lastMetric(), 4000 * 3);
      EXPECT_FALSE(fs::exists(here_ / "checkpoints" / "step-0000000010"));
    }
  }
  EXPECT_GT(cuts, 4);
  expectMirrored({"step-0000000005"});
}

TEST_F(Mirror, IsRefusedWhereItWouldOverwrite) {
  auto client = served_.client();
  test::write(folder_ / "mine" / "file", "precious");
  EXPECT_THROW(mirror(client, "a", folder_ / "mine", test::onward), Error);
  EXPECT_EQ(test::entriesIn(folder_ / "mine"), 1U);
  pull(client, test::what("run", "a"), folder_ / "copy", test::onward);
  EXPECT_NE(test::messageOf([&] { mirror(client, "a", folder_ / "copy", test::onward); }).find("no mirror"),
            std::string::npos);
  update();
  served_.make("b").event(0, "made", "nano");
  EXPECT_THROW(mirror(client, "b", here_, test::onward), Error);
  // Another run has taken the name.
  run_.reset();
  fs::rename(there_, served_.runs() / "old");
  run_.emplace(served_.make("a"));
  run_->event(0, "made", "nano");
  EXPECT_NE(test::messageOf([&] { update(); }).find("another run of this name"), std::string::npos);
  run_.reset();
  fs::remove_all(there_);
  fs::rename(served_.runs() / "old", there_);
  run_.emplace(run::RunDirectory::open(there_));
  update();
  expectMirrored();
  // Trained here, it is no mirror.
  run::RunDirectory::open(here_).setState(run::State::kPaused);
  EXPECT_NE(test::messageOf([&] { update(); }).find("trained on this machine"), std::string::npos);
}

}  // namespace
}  // namespace ecumene::engine::transfer
