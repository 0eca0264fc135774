// SPDX-License-Identifier: Apache-2.0
// kill -9 and full disks while planets are added: what was promised stays, what was not is not there at all.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdio>
#include <map>
#include <set>
#include <thread>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/base/random.h"
#include "data/store/store.h"
#include "tests/data/store/writer_process.h"
#include "tests/support/counts.h"
#include "tests/support/sample_planet.h"
#include "tests/support/small_disk.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEarlier = 4;

void fillEarlier(const fs::path& folder) {
  Store store = Store::open(folder, Mode::kCreate);
  for (std::uint64_t i = 0; i < kEarlier; ++i) store.add(test::samplePlanet(i, test::smallParts()));
}

std::map<std::string, std::string> hashes(const fs::path& folder) {
  std::map<std::string, std::string> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder / "planets")) {
    if (entry.is_regular_file()) found[entry.path().string()] = sha256OfFile(entry.path());
  }
  return found;
}

/// Everything that must hold after any fault. `earlier` are the files before it.
void expectWhole(const fs::path& folder, const std::map<std::string, std::string>& earlier,
                 const std::vector<std::string>& acknowledged, const std::string& place) {
  {
    // A reader first: it must see a whole store before any writer has tidied up.
    const Store reader = Store::open(folder, Mode::kRead);
    EXPECT_TRUE(reader.check().empty()) << place << ": " << reader.check().front().message;
    for (const std::string& id : acknowledged) EXPECT_TRUE(reader.contains(id)) << place << ": " << id << " is lost";
  }
  const Store writer = Store::open(folder, Mode::kWrite);
  const std::vector<Problem> problems = writer.check();
  EXPECT_TRUE(problems.empty()) << place << ": " << problems.front().message;
  const std::map<std::string, std::string> now = hashes(folder);
  EXPECT_EQ(now.size(), writer.totals().planets) << place << ": files without a row";
  for (const auto& [file, hash] : earlier) EXPECT_EQ(now.at(file), hash) << place << ": " << file << " has changed";
}

TEST(KilledWriter, LeavesTheStoreWhole) {
  const int points = test::tries(8, 100);
  constexpr std::uint64_t kSeed = 31;
  Random random(kSeed, "kill");
  std::size_t promised = 0;
  std::size_t cut = 0;
  for (int point = 0; point < points; ++point) {
    const test::TempFolder folder;
    fillEarlier(folder / "s");
    const auto earlier = hashes(folder / "s");
    test::WriterProcess writer(folder / "s", 100, 400, 2);
    writer.waitForOutput();
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(400000)));
    writer.killNow();
    const int status = writer.wait();
    cut += WIFSIGNALED(status) ? 1U : 0U;
    promised += writer.acknowledged().size();
    expectWhole(folder / "s", earlier, writer.acknowledged(), "point " + std::to_string(point));
  }
  std::printf("%d kills, %zu before the end, %zu planets promised, none lost; seed %llu\n", points, cut, promised,
              static_cast<unsigned long long>(kSeed));
  EXPECT_EQ(cut, static_cast<std::size_t>(points));
}

TEST(KilledWriter, LeavesTheStoreWholeWhileItIsMade) {
  const int points = test::tries(8, 100);
  constexpr std::uint64_t kSeed = 32;
  Random random(kSeed, "kill-create");
  for (int point = 0; point < points; ++point) {
    const test::TempFolder folder;
    {
      test::WriterProcess writer(folder / "s", 0, 3, 1);
      std::this_thread::sleep_for(std::chrono::microseconds(random.below(60000)));
      writer.killNow();
      writer.wait();
    }
    Store store = Store::open(folder / "s", Mode::kCreate);
    EXPECT_TRUE(store.check().empty());
    for (std::uint64_t i = 0; i < 3; ++i) store.add(test::samplePlanet(i, test::smallParts()));
    EXPECT_EQ(store.totals().planets, 3U);
  }
}

TEST(FullDisk, LeavesTheStoreWhole) {
  const int points = test::tries(5, 50);
  constexpr std::uint64_t kSeed = 33;
  Random random(kSeed, "full");
  const test::TempFolder folder;
  std::size_t refused = 0;
  for (int point = 0; point < points; ++point) {
    const fs::path place = folder / ("disk" + std::to_string(point));
    const test::SmallDisk disk(place, std::size_t{64} << 20U);
    if (!disk.mounted()) GTEST_SKIP() << "a tmpfs cannot be mounted here (needs root with the right to mount)";
    fillEarlier(place / "s");
    const auto earlier = hashes(place / "s");
    std::size_t used = 0;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(place / "s")) {
      if (entry.is_regular_file()) used += (entry.file_size() + 4095) / 4096 * 4096;
    }
    disk.resize(used + 65536 + random.below(1500000));
    test::WriterProcess writer(place / "s", 100, 400, 2);
    const int status = writer.wait();
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 3) << "the disk was never full";
    EXPECT_NE(writer.errors().find("free some space"), std::string::npos) << writer.errors();
    refused += WEXITSTATUS(status) == 3 ? 1U : 0U;
    disk.resize(std::size_t{64} << 20U);
    expectWhole(place / "s", earlier, writer.acknowledged(), "point " + std::to_string(point));
    // With space again, the same work goes through.
    test::WriterProcess again(place / "s", 100, 20, 2);
    again.wait();
    EXPECT_EQ(again.acknowledged().size(), 20U) << again.errors();
  }
  std::printf("%d full disks, %zu refused with advice, no planet lost or half there; seed %llu\n", points, refused,
              static_cast<unsigned long long>(kSeed));
}

TEST(FullDisk, AFileSizeLimitIsAnErrorToo) {
  constexpr std::uint64_t kSeed = 34;
  Random random(kSeed, "limit");
  for (int point = 0; point < 5; ++point) {
    const test::TempFolder folder;
    fillEarlier(folder / "s");
    const auto earlier = hashes(folder / "s");
    const rlim_t limit = 4096 + random.below(60000);
    test::WriterProcess writer(folder / "s", 100, 50, 2, [&] {
      const rlimit bytes{limit, limit};
      setrlimit(RLIMIT_FSIZE, &bytes);
      signal(SIGXFSZ, SIG_IGN);
    });
    const int status = writer.wait();
    ASSERT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 3);
    expectWhole(folder / "s", earlier, writer.acknowledged(), "limit " + std::to_string(limit));
  }
}

}  // namespace
}  // namespace ecumene::data::store
