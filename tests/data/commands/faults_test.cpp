// SPDX-License-Identifier: Apache-2.0
// Killed programs and full disks must leave a store whole: what was there stays as it was, and the work can go on.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <thread>

#include "data/base/hash.h"
#include "data/base/random.h"
#include "tests/support/counts.h"
#include "tests/support/run_program.h"
#include "tests/support/small_disk.h"

namespace ecumene::test {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kSeed = 20261121;

Finished data(std::vector<std::string> words) {
  words.insert(words.begin(), "ecumene-data");
  return runProgram(std::move(words));
}

/// Ids of the store and the sha-256 of their payloads, after a check that finds nothing wrong.
std::map<std::string, std::string> wholeStore(const std::filesystem::path& store) {
  const Finished checked = data({"check", "--json", "--store", store});
  EXPECT_EQ(checked.code, 0) << checked.out << checked.err;
  const Finished listed = data({"list", "--json", "--store", store});
  EXPECT_EQ(listed.code, 0) << listed.err;
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store / "planets")) {
    if (entry.path().extension() == ".h5") files[entry.path().stem()] = sha256OfFile(entry.path());
  }
  std::map<std::string, std::string> planets;
  const Json list = Json::parse(listed.out);
  for (const Json& row : list["planets"]) {
    const std::string id = row["id"];
    EXPECT_TRUE(files.contains(id)) << id << " has no payload";
    planets[id] = files[id];
  }
  return planets;
}

void expectKept(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after) {
  for (const auto& [id, hash] : before) {
    const auto kept = after.find(id);
    ASSERT_NE(kept, after.end()) << id << " is lost";
    EXPECT_EQ(kept->second, hash) << id << " has changed";
  }
}

std::size_t payloadFiles(const std::filesystem::path& store) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(store / "planets")) {
    count += entry.path().extension() == ".h5" ? 1U : 0U;
  }
  return count;
}

std::chrono::milliseconds drawDelay(const char* stream, int point, double longest) {
  Random random(kSeed, stream, static_cast<std::uint64_t>(point));
  return std::chrono::milliseconds(static_cast<long>(random.uniform(5.0, longest)));
}

TEST(Faults, GenerationKilledAtRandomPointsLosesNothing) {
  const int points = tries(6, 50);
  const TempFolder folder;
  const std::string store = folder / "store";
  ASSERT_EQ(data({"generate", "--planets", "1", "--seed", "4", "--store", store}).code, 0);
  std::map<std::string, std::string> before = wholeStore(store);
  for (int point = 0; point < points; ++point) {
    Running running({"ecumene-data", "generate", "--planets", "1000", "--seed", "4", "--store", store});
    // Up to two more planets first, so that kills fall into starts and into the middle of the work.
    const std::size_t wanted = payloadFiles(store) + static_cast<std::size_t>(point % 3);
    for (int i = 0; i < 2000 && payloadFiles(store) < wanted; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    std::this_thread::sleep_for(drawDelay("kill-generate", point, 300.0));
    running.signal(SIGKILL);
    ASSERT_EQ(running.finish().code, 128 + SIGKILL);
    const auto after = wholeStore(store);
    expectKept(before, after);
    before = after;
  }
  fmt::print("{} kills, seed {}: {} planets, none lost\n", points, kSeed, before.size());
  EXPECT_GT(before.size(), static_cast<std::size_t>(points) / 3) << "too few planets came through to prove anything";
}

TEST(Faults, ImportKilledAtRandomPointsLosesNothing) {
  const int points = tries(6, 50);
  const TempFolder folder;
  const std::string store = folder / "store";
  ASSERT_EQ(data({"import", "resources/demo/wasp39b", "--store", store}).code, 0);
  std::map<std::string, std::string> before = wholeStore(store);
  // How long the work takes here, so that the kills fall inside it on any machine.
  const auto start = std::chrono::steady_clock::now();
  ASSERT_EQ(data({"import", "resources/demo", "--store", folder / "undisturbed"}).code, 0);
  const double wholeMs = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
  int kills = 0;
  for (int point = 0; point < points; ++point) {
    Running running({"ecumene-data", "import", "resources/demo", "--store", store});
    std::this_thread::sleep_for(drawDelay("kill-import", point, 0.8 * wholeMs));
    running.signal(SIGKILL);
    const int code = running.finish().code;
    ASSERT_TRUE(code == 128 + SIGKILL || code == 0) << code;
    kills += code == 0 ? 0 : 1;
    const auto after = wholeStore(store);
    expectKept(before, after);
    before = after;
    // Take the climates out again, so that the next round has something to do.
    for (const auto& [id, hash] : after) {
      if (after.size() == 1 || id.find("wasp") != std::string::npos) continue;
      ASSERT_EQ(data({"remove", id, "--store", store}).code, 0);
      before.erase(id);
    }
  }
  const Finished finished = data({"import", "resources/demo", "--json", "--store", store});
  EXPECT_EQ(finished.code, 0) << finished.out;
  EXPECT_EQ(wholeStore(store).size(), 5U);
  fmt::print("{} kills of {} imports, seed {}\n", kills, points, kSeed);
  EXPECT_GE(kills, points / 4) << "too few imports were killed to prove anything";
}

TEST(Faults, FullDiskRefusesWithAdviceAndTheStoreStaysWhole) {
  const int points = tries(6, 50);
  constexpr std::size_t kRoom = std::size_t{64} << 20U;
  const TempFolder folder;
  int refused = 0;
  for (int point = 0; point < points; ++point) {
    const std::filesystem::path place = folder / std::to_string(point);
    const bool import = point % 2 == 1;
    Random random(kSeed, "disk-full", static_cast<std::uint64_t>(point));
    // Less than what the work writes: 2.6 MB for the two imports, 3.5 MB for the six planets.
    const auto left = static_cast<std::size_t>(random.uniform(import ? 3e5 : 7e5, 1.6e6));
    const SmallDisk disk(place, import ? left : kRoom);
    if (!disk.mounted()) GTEST_SKIP() << "a tmpfs cannot be mounted here (needs root with the right to mount)";
    const std::filesystem::path store = place / "store";
    const std::vector<std::string> words =
        import ? std::vector<std::string>{"import", "resources/demo/tw307", "resources/demo/tw612", "--store", store}
               : std::vector<std::string>{"generate", "--planets", "6", "--seed", "4", "--store", store};
    Finished filled;
    if (import) {
      filled = data(words);
    } else {
      // It looks for room before it begins, so the disk fills while it works.
      std::vector<std::string> all = words;
      all.insert(all.begin(), "ecumene-data");
      Running running(all);
      for (int i = 0; i < 3000 && !std::filesystem::exists(store / "planets"); ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
      }
      running.signal(SIGSTOP);
      disk.resize(left);
      running.signal(SIGCONT);
      filled = running.finish();
    }
    ASSERT_EQ(filled.code, 3) << filled.out << filled.err;
    EXPECT_NE(filled.err.find("free some space"), std::string::npos) << filled.err;
    ++refused;
    // With room again, the same command finishes the work.
    disk.resize(kRoom);
    const bool begun = std::filesystem::exists(store / "catalogue.sqlite");
    const auto before =
        begun && data({"list", "--store", store}).code == 0 ? wholeStore(store) : std::map<std::string, std::string>{};
    const Finished again = data(words);
    ASSERT_EQ(again.code, 0) << again.out << again.err;
    const auto after = wholeStore(store);
    expectKept(before, after);
    EXPECT_EQ(after.size(), import ? 2U : 6U);
  }
  fmt::print("{} full disks, seed {}: all refused with advice, none lost a planet\n", refused, kSeed);
}

TEST(Faults, GenerationSaysBeforehandWhatRoomItNeeds) {
  const TempFolder folder;
  const std::filesystem::path place = folder / "disk";
  const SmallDisk disk(place, std::size_t{8} << 20U);
  if (!disk.mounted()) GTEST_SKIP() << "a tmpfs cannot be mounted here (needs root with the right to mount)";
  const std::filesystem::path store = place / "store";
  const Finished refused = data({"generate", "--planets", "1000", "--seed", "4", "--store", store, "--json"});
  EXPECT_EQ(refused.code, 3) << refused.out << refused.err;
  EXPECT_NE(refused.err.find("for 1000 planets"), std::string::npos) << refused.err;
  EXPECT_TRUE(wholeStore(store).empty());
  // What it asks for is enough: the disk that two planets are said to need holds them.
  const std::string expected = Json::parse(refused.out)["error"]["expected"];
  const double megabytes = std::stod(expected.substr(expected.find_first_of("0123456789")));
  disk.resize(static_cast<std::size_t>(megabytes * 1e6 / 1000.0 * 4.0) + std::size_t{600000});
  const Finished made = data({"generate", "--planets", "4", "--seed", "4", "--store", store});
  EXPECT_EQ(made.code, 0) << made.err;
}

}  // namespace
}  // namespace ecumene::test
