// SPDX-License-Identifier: Apache-2.0
// Full disks, failing writes and readers while a checkpoint is made: it is whole or absent, and those before it stay.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <set>

#include "data/base/error.h"
#include "engine/checkpoint/writer.h"
#include "tests/engine/checkpoint/sample.h"
#include "tests/support/child_process.h"
#include "tests/support/counts.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::checkpoint {
namespace {

namespace fs = std::filesystem;
using test::same;
using test::sampleCheckpoint;

/// While it lives, this process's files end at `bytes`: writing beyond fails as on a failing disk, in the middle.
class ShortFiles {
 public:
  explicit ShortFiles(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~ShortFiles() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  ShortFiles(const ShortFiles&) = delete;
  ShortFiles& operator=(const ShortFiles&) = delete;

 private:
  rlimit before_{};
  void (*handler_)(int) = nullptr;
};

TEST(FailingDisk, CheckpointIsWholeOrAbsent) {
  const test::TempFolder folder;
  const Checkpoint earlier = sampleCheckpoint(1);
  const Checkpoint later = sampleCheckpoint(2);
  write(folder.path(), earlier);
  int failed = 0;
  bool done = false;
  const rlim_t step = test::longCounts() ? 1 : 61;  // every byte of every file, some 2,500
  for (rlim_t bytes = 0; !done; bytes += step) {
    std::optional<Error> problem;
    {
      const ShortFiles limit(bytes);
      try {
        write(folder.path(), later);
        done = true;
      } catch (const Error& error) {
        problem = error;
      }
    }
    if (problem) {
      ++failed;
      EXPECT_EQ(problem->kind(), ErrorKind::kEnvironment) << problem->what();
      EXPECT_NE(std::string(problem->what()).find("step 2"), std::string::npos) << problem->what();
      EXPECT_EQ(steps(folder.path()), (std::vector<std::int64_t>{1}));
      EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()), 1) << bytes;
      EXPECT_TRUE(same(read(folderOf(folder.path(), 1)), earlier));
    }
  }
  EXPECT_TRUE(same(read(folderOf(folder.path(), 2)), later));
  std::printf("%d failing writes, each left the earlier checkpoint alone\n", failed);
  EXPECT_GT(failed, 10);
}

TEST(FullDisk, SaysWhatIsNeededAndKeepsTheLast) {
  const test::TempFolder folder;
  const test::SmallDisk disk(folder / "disk", std::size_t{1} << 20);
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small disk needs root";
  const fs::path checkpoints = folder / "disk" / "checkpoints";
  const Checkpoint small = sampleCheckpoint(1);
  Writer writer(checkpoints);
  writer.write(small, 1);
  writer.wait();
  Checkpoint large = sampleCheckpoint(2, 40000);  // 3 weights of 640 kB, and their moments and averages
  large.progress.bestStep = -1;
  writer.write(large, 1);
  writer.wait();
  std::vector<Outcome> outcomes = writer.collect();
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_FALSE(outcomes[0].error.has_value());
  ASSERT_TRUE(outcomes[1].error.has_value());
  const std::string message = outcomes[1].error->what();
  EXPECT_EQ(outcomes[1].error->kind(), ErrorKind::kEnvironment);
  EXPECT_NE(message.find("too full for a checkpoint"), std::string::npos) << message;
  EXPECT_NE(message.find("bytes free"), std::string::npos) << message;
  EXPECT_EQ(newest(checkpoints), folderOf(checkpoints, 1));
  EXPECT_TRUE(same(read(folderOf(checkpoints, 1)), small));

  disk.resize(std::size_t{32} << 20);
  writer.write(large, 1);
  writer.wait();
  outcomes = writer.collect();
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_FALSE(outcomes[0].error.has_value()) << outcomes[0].error->what();
  EXPECT_EQ(steps(checkpoints), (std::vector<std::int64_t>{2}));
  EXPECT_TRUE(same(read(folderOf(checkpoints, 2)), large));
}

TEST(Writer, WritesWhatWasThereWhenItWasCalled) {
  const test::TempFolder folder;
  Writer writer(folder.path());
  EXPECT_FALSE(writer.writeSeconds().has_value());
  Checkpoint checkpoint = sampleCheckpoint(3, 50000);
  writer.write(checkpoint, 2);
  for (Tensors* group : {&checkpoint.model, &checkpoint.optimiser, &checkpoint.averaged, &checkpoint.buffers}) {
    for (auto& [name, tensor] : *group) tensor.zero_();
  }
  writer.wait();
  EXPECT_TRUE(same(read(folderOf(folder.path(), 3)), sampleCheckpoint(3, 50000)));
  EXPECT_GT(writer.writeSeconds().value_or(0.0), 0.0);
  EXPECT_GT(writer.stallSeconds(), 0.0);
  ASSERT_EQ(writer.collect().size(), 1U);
  EXPECT_TRUE(writer.collect().empty());
}

TEST(Writer, WritesNothingBeforeItsCondition) {
  const test::TempFolder folder;
  bool met = false;
  Writer writer(folder.path(), [&] {
    EXPECT_TRUE(steps(folder.path()).empty());
    EXPECT_TRUE(writer.isWriting());
    if (!met) throw Error("the journal is not on the disk", ErrorKind::kEnvironment);
  });
  writer.write(sampleCheckpoint(1), 1);
  writer.wait();
  EXPECT_FALSE(writer.isWriting());
  EXPECT_TRUE(steps(folder.path()).empty());
  const std::vector<Outcome> outcomes = writer.collect();
  ASSERT_EQ(outcomes.size(), 1U);
  ASSERT_TRUE(outcomes[0].error.has_value());
  EXPECT_EQ(outcomes[0].error->failure(), "the journal is not on the disk");
  met = true;
  writer.write(sampleCheckpoint(2), 1);
  writer.wait();
  EXPECT_EQ(steps(folder.path()), (std::vector<std::int64_t>{2}));
}

TEST(Writer, KeepsTheLastAndTheBest) {
  const test::TempFolder folder;
  Writer writer(folder.path());
  for (std::int64_t step = 1; step <= 6; ++step) {
    Checkpoint checkpoint = sampleCheckpoint(step);
    checkpoint.progress.bestStep = 2;
    writer.write(checkpoint, 2);
  }
  writer.wait();
  EXPECT_EQ(steps(folder.path()), (std::vector<std::int64_t>{2, 5, 6}));
  for (const Outcome& outcome : writer.collect()) EXPECT_FALSE(outcome.error.has_value());
}

TEST(TwoProcesses, ReaderFindsOneWhileOthersArePruned) {
  const test::TempFolder folder;
  test::ChildProcess child("ECUMENE_CHECKPOINT_WRITER", {folder.path().string(), "1", "1000000"});
  child.waitForOutput();
  std::set<fs::path> found;
  for (int i = 0; i < 300; ++i) {
    std::vector<std::string> skipped;
    const std::optional<fs::path> newestFolder = newest(folder.path(), &skipped);
    ASSERT_TRUE(newestFolder.has_value()) << i << (skipped.empty() ? "" : ": " + skipped.front());
    found.insert(*newestFolder);
  }
  EXPECT_GT(found.size(), 1U);
}

}  // namespace
}  // namespace ecumene::engine::checkpoint
