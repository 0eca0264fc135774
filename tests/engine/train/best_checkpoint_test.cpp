// SPDX-License-Identifier: Apache-2.0
// Which weights a run is asked by. Truth: the weight that a training by plain descent of constant steps has at a step.
#include "engine/train/best_checkpoint.h"

#include <fstream>

#include "data/base/error.h"
#include "data/base/files.h"
#include "tests/engine/train/fake_run.h"

namespace ecumene {
namespace {

namespace fs = std::filesystem;
using engine::train::bestCheckpoint;
using engine::train::Loaded;

/// Two epochs of four steps; the best weights are the first (step 4) or the last (step 8), as `firstIsBest` says.
class Asked : public testing::Test {
 protected:
  void train(bool firstIsBest) {
    hooks_.score = [this, firstIsBest](double) { return firstIsBest ? ++judged_ : -(++judged_); };
    (void)fake_.train(hooks_);
    fake_.run.flush();
  }
  [[nodiscard]] fs::path folder(std::int64_t step) const {
    return engine::checkpoint::folderOf(fake_.run.checkpoints(), step);
  }
  [[nodiscard]] std::int64_t answered() const {
    Loaded loaded;
    (void)bestCheckpoint(fake_.run, loaded);
    return loaded.step;
  }
  /// Refused, and `file` is named.
  void expectRefused(const fs::path& file) const {
    Loaded loaded;
    try {
      (void)bestCheckpoint(fake_.run, loaded);
      ADD_FAILURE() << "answered by step " << loaded.step;
    } catch (const Error& error) {
      const std::string said = error.what();
      EXPECT_NE(said.find(file.string()), std::string::npos) << said;
      EXPECT_NE(said.find("from a copy"), std::string::npos) << said;
    }
  }
  static void change(const fs::path& file) {
    std::string bytes = readFile(file);
    for (std::size_t i = bytes.size() - 4; i < bytes.size(); ++i) bytes[i] = static_cast<char>(bytes[i] ^ 0x55);
    std::ofstream(file, std::ios::binary) << bytes;
  }

  test::FakeRun fake_;
  test::Hooks hooks_;
  double judged_ = 0.0;
};

TEST_F(Asked, IsAnsweredByTheBestWeights) {
  train(true);
  EXPECT_EQ(answered(), 4);
  EXPECT_EQ(engine::train::lastCheckpoint(fake_.run), folder(8));
}

TEST_F(Asked, IsNeverAnsweredByOlderWeightsThanTheRunHas) {
  train(false);
  ASSERT_EQ(answered(), 8);
  ASSERT_TRUE(fs::exists(folder(4)));  // there is something older to fall back to
  const fs::path shard = folder(8) / "model-00001.safetensors", kept = fake_.folder / "kept";
  fs::copy(folder(8), kept, fs::copy_options::recursive);
  const auto restore = [&] {
    fs::remove_all(folder(8));
    fs::copy(kept, folder(8), fs::copy_options::recursive);
    ASSERT_EQ(answered(), 8);
  };
  change(shard);
  expectRefused(shard);
  restore();
  fs::resize_file(shard, fs::file_size(shard) - 4);
  expectRefused(shard);
  restore();
  change(folder(8) / "manifest.json");
  expectRefused(folder(8) / "manifest.json");
  restore();
  fs::remove(folder(8) / "manifest.sha256");
  expectRefused(folder(8));
  restore();
  fs::remove_all(folder(8));
  expectRefused(folder(8));
}

TEST_F(Asked, IsRefusedWithoutTheBestWeights) {
  train(true);
  change(folder(4) / "model-00001.safetensors");
  expectRefused(folder(4) / "model-00001.safetensors");
  fs::remove_all(folder(4));
  expectRefused(folder(4));
}

TEST_F(Asked, IsAnsweredAgainOnceTheRunHasGoneBehindTheDamage) {
  train(false);
  change(folder(8) / "model-00001.safetensors");
  // As a resumed training begins; the damaged folder is still there.
  std::vector<std::string> skipped;
  (void)engine::checkpoint::newest(fake_.run.checkpoints(), &skipped);
  fake_.run.forgetAfter(4);
  for (const std::string& what : skipped) fake_.run.event(4, "checkpoint_damaged", what);
  fake_.run.flush();
  EXPECT_EQ(answered(), 4);
  (void)fake_.train(hooks_);
  fake_.run.flush();
  EXPECT_EQ(answered(), 8);
}

}  // namespace
}  // namespace ecumene
