// SPDX-License-Identifier: Apache-2.0
#include "engine/checkpoint/checkpoint.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <functional>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/hash.h"
#include "engine/checkpoint/manifest.h"
#include "engine/checkpoint/writer.h"
#include "tests/engine/checkpoint/sample.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::checkpoint {
namespace {

namespace fs = std::filesystem;
using test::messageOf;
using test::same;
using test::sampleCheckpoint;

void overwrite(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

std::vector<fs::path> filesOf(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) files.push_back(entry.path());
  return files;
}

TEST(Checkpoint, ComesBackBitForBit) {
  const test::TempFolder folder;
  Checkpoint checkpoint = sampleCheckpoint(1234);
  checkpoint.progress.numbers = {{"scale", 0x1.fffffffffffffp-1022},
                                 {"third", 1.0 / 3.0},
                                 {"zero", -0.0},
                                 {"inf", std::numeric_limits<double>::infinity()},
                                 {"-inf", -std::numeric_limits<double>::infinity()}};
  const fs::path written = write(folder.path(), checkpoint);
  EXPECT_EQ(written, folder / "step-0000001234");
  const Checkpoint found = read(written);
  EXPECT_TRUE(same(found, checkpoint));
  EXPECT_TRUE(std::signbit(found.progress.numbers.at("zero")));
  EXPECT_NO_THROW(verify(written));

  checkpoint.progress.bestScore = std::nan("");
  write(folder.path(), checkpoint);
  EXPECT_TRUE(std::isnan(read(written).progress.bestScore));
}

TEST(Checkpoint, WeightsAreReadWithoutTheOptimiser) {
  const test::TempFolder folder;
  const Checkpoint checkpoint = sampleCheckpoint(7);
  const fs::path written = write(folder.path(), checkpoint);
  fs::remove(written / "optimiser-00001.safetensors");
  const Checkpoint found = read(written, Extent::kWeights);
  EXPECT_EQ(found.model.size(), checkpoint.model.size());
  EXPECT_TRUE(found.optimiser.empty());
  EXPECT_THROW(read(written), Error);
}

TEST(Checkpoint, ManifestSaysWhatIsThere) {
  const test::TempFolder folder;
  const Checkpoint checkpoint = sampleCheckpoint(7);
  const Manifest manifest = readManifest(write(folder.path(), checkpoint));
  EXPECT_EQ(manifest.progress, checkpoint.progress);
  EXPECT_EQ(manifest.files.at("run.toml").sha256, sha256(checkpoint.runToml));
  const auto& entry = manifest.tensors.at("averaged").at("fusion.weight");
  EXPECT_EQ(entry.dtype, "F64");
  EXPECT_EQ(entry.shape, (std::vector<std::int64_t>{4, 6}));
  EXPECT_EQ(entry.file, "averaged-00001.safetensors");
  EXPECT_EQ(std::system(
                ("cd '" + (folder / "step-0000000007").string() + "' && sha256sum -c --quiet manifest.sha256").c_str()),
            0);
}

TEST(Checkpoint, ThatDoesNotSayWhatPositionsCountIsGivenNoUnit) {
  Manifest manifest;
  manifest.progress.positionUnit = "sequences";
  std::string text = toJson(manifest);
  EXPECT_EQ(fromJson(text, "manifest.json").progress.positionUnit, "sequences");
  const std::string kept = "\"position_unit\": \"sequences\",";
  ASSERT_NE(text.find(kept), std::string::npos) << text;
  text.erase(text.find(kept), kept.size());
  EXPECT_EQ(fromJson(text, "manifest.json").progress.positionUnit, "");
}

TEST(Checkpoint, ShardsStayBelowTheirLimit) {
  const test::TempFolder folder;
  const Checkpoint checkpoint = sampleCheckpoint(5, 25);  // model weights of 400 bytes, averages of 800
  const fs::path written = write(folder.path(), checkpoint, 900);
  for (const char* name : {"model-00001", "model-00002", "averaged-00003"}) {
    EXPECT_TRUE(fs::exists(written / (std::string(name) + ".safetensors"))) << name;
  }
  EXPECT_FALSE(fs::exists(written / "model-00003.safetensors"));
  EXPECT_TRUE(same(read(written), checkpoint));
  // A tensor that is larger than the limit has a shard for itself.
  EXPECT_TRUE(same(read(write(folder.path(), checkpoint, 10)), checkpoint));
}

TEST(Checkpoint, SameStepIsReplacedWhole) {
  const test::TempFolder folder;
  write(folder.path(), sampleCheckpoint(5), 50);
  Checkpoint second = sampleCheckpoint(5);
  second.model["climate.weight"].fill_(99.0);
  EXPECT_TRUE(same(read(write(folder.path(), second)), second));
  EXPECT_EQ(filesOf(folder.path()).size(), 1U);
}

TEST(Checkpoint, EveryDamagedByteIsFound) {
  const test::TempFolder folder;
  const fs::path written = write(folder.path(), sampleCheckpoint(5));
  std::size_t tried = 0;
  for (const fs::path& file : filesOf(written)) {
    const std::string whole = readFile(file);
    // Behind the hash the marker says a file name that only sha256sum reads.
    const std::size_t end = file.filename() == "manifest.sha256" ? 64 : whole.size();
    for (std::size_t at = 0; at < end; at += 5, ++tried) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
      overwrite(file, damaged);
      EXPECT_THROW(read(written), Error) << file << " at " << at;
      EXPECT_THROW(verify(written), Error) << file << " at " << at;
    }
    overwrite(file, whole);
  }
  EXPECT_NO_THROW(read(written));
  std::printf("%zu bytes damaged, all found\n", tried);
}

TEST(Checkpoint, CutAndMissingFilesAreNamed) {
  const test::TempFolder folder;
  const fs::path written = write(folder.path(), sampleCheckpoint(5));
  for (const fs::path& file : filesOf(written)) {
    const std::string whole = readFile(file);
    const std::size_t start = file.filename() == "manifest.sha256" ? 63 : whole.size() - 1;
    for (const std::size_t length : {std::size_t{0}, std::size_t{10}, start}) {
      overwrite(file, whole.substr(0, length));
      const std::string message = messageOf([&] { verify(written); });
      // A wrong marker cannot be told from a wrong manifest.
      const std::string named = file.filename() == "manifest.sha256" ? "manifest" : file.filename().string();
      EXPECT_NE(message.find(named), std::string::npos) << message;
      EXPECT_THROW(read(written), Error);
    }
    fs::remove(file);
    EXPECT_THROW(verify(written), Error);
    EXPECT_THROW(read(written), Error);
    overwrite(file, whole);
  }
  EXPECT_NO_THROW(read(written));
}

TEST(Checkpoint, ForgedManifestStaysInItsFolder) {
  const test::TempFolder folder;
  const fs::path written = write(folder.path(), sampleCheckpoint(5));
  const std::string good = readFile(written / "manifest.json");
  const auto forge = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    overwrite(written / "manifest.json", text);
    overwrite(written / "manifest.sha256", sha256(text) + "  manifest.json\n");
    return messageOf([&] { verify(written); });
  };
  EXPECT_NE(forge("model-00001.safetensors", "../../etc/passwd").find("impossible name"), std::string::npos);
  EXPECT_NE(forge("\"version\": 1", "\"version\": 2").find("newer version"), std::string::npos);
  EXPECT_NE(forge("ecumene-checkpoint", "something else").find("no checkpoint"), std::string::npos);
  EXPECT_NE(forge("\"step\": 5", "\"step\": \"five\"").find("manifest is damaged"), std::string::npos);
  EXPECT_NE(forge("{", "").find("manifest is damaged"), std::string::npos);
}

TEST(Checkpoints, NewestWholeOneIsFound) {
  const test::TempFolder folder;
  EXPECT_FALSE(newest(folder.path()).has_value());
  EXPECT_FALSE(newest(folder / "absent").has_value());
  for (const std::int64_t step : {90, 100, 9}) write(folder.path(), sampleCheckpoint(step));
  fs::create_directory(folder / "step-0000000200.incomplete");
  fs::create_directory(folder / "step-x");
  fs::create_directory(folder / "step-150");
  std::vector<std::string> skipped;
  EXPECT_EQ(newest(folder.path(), &skipped), folder / "step-0000000100");
  EXPECT_TRUE(skipped.empty());
  overwrite(folder / "step-0000000100" / "model-00001.safetensors", "rust");
  EXPECT_EQ(newest(folder.path(), &skipped), folder / "step-0000000090");
  ASSERT_EQ(skipped.size(), 1U);
  EXPECT_NE(skipped[0].find("step-0000000100/model-00001.safetensors"), std::string::npos) << skipped[0];
}

TEST(Checkpoints, LastOnesAndTheBestStay) {
  const test::TempFolder folder;
  for (std::int64_t step = 10; step <= 60; step += 10) write(folder.path(), sampleCheckpoint(step));
  prune(folder.path(), 2, 20, 60);
  EXPECT_EQ(steps(folder.path()), (std::vector<std::int64_t>{20, 50, 60}));
  prune(folder.path(), 1, -1, 60);
  EXPECT_EQ(steps(folder.path()), (std::vector<std::int64_t>{60}));
  prune(folder.path(), 9, -1, 60);
  EXPECT_EQ(steps(folder.path()), (std::vector<std::int64_t>{60}));
}

TEST(Checkpoints, ADamagedOneThatIsNewerTakesNoPlaceOfAWholeOne) {
  const test::TempFolder folder;
  for (const std::int64_t step : {4, 5, 10}) write(folder.path(), sampleCheckpoint(step));
  overwrite(folder / "step-0000000010" / "model-00001.safetensors", "rust");
  ASSERT_EQ(newest(folder.path()), folder / "step-0000000005");
  // A run that goes on from there and keeps one.
  {
    Writer writer(folder.path());
    writer.write(sampleCheckpoint(6), 1);
  }
  EXPECT_EQ(newest(folder.path()), folder / "step-0000000006");
  EXPECT_EQ(steps(folder.path()), (std::vector<std::int64_t>{6, 10}));
  // Once it has made that step again the damaged one is gone.
  {
    Writer writer(folder.path());
    writer.write(sampleCheckpoint(10), 1);
  }
  EXPECT_EQ(steps(folder.path()), (std::vector<std::int64_t>{10}));
  EXPECT_EQ(newest(folder.path()), folder / "step-0000000010");
}

TEST(Checkpoints, LeftoversAreSwept) {
  const test::TempFolder folder;
  write(folder.path(), sampleCheckpoint(10));
  fs::create_directories(folder / "step-0000000020.incomplete" / "x");
  fs::create_directories(folder / "step-0000000005.removed" / "x");
  fs::create_directories(folder / "mine.incomplete");
  sweep(folder.path());
  EXPECT_EQ(filesOf(folder.path()).size(), 2U);
  EXPECT_TRUE(fs::exists(folder / "mine.incomplete"));
  EXPECT_NO_THROW(verify(folder / "step-0000000010"));
}

}  // namespace
}  // namespace ecumene::engine::checkpoint
