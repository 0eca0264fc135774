// SPDX-License-Identifier: Apache-2.0
// Damaged, foreign, newer and read-only stores: found, named, never crashed on.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/random.h"
#include "data/store/store.h"
#include "tests/data/store/store_fixture.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::store {
namespace {

namespace fs = std::filesystem;
using test::changeCatalogue;
using test::failure;
using test::fillStore;
using test::samplePlanet;
using test::smallParts;

/// All that can be read from a store, as far as it can; throws Error where it cannot.
void readEverything(const Store& store) {
  (void)store.totals();
  (void)store.splits();
  (void)store.generations();
  (void)store.statistics();
  (void)store.collectionTexts();
  (void)store.catalogueEntries("Sample 1");
  CubeReader reader;
  for (const SampleIndex& sample : store.samples({}, [](std::string_view text) { return text.size(); })) {
    std::vector<float> flat(sample.cube.count());
    reader.read(sample.cube, flat);
    if (!sample.cases.empty()) (void)store.sample(sample, {sample.cases.front().position, {}, {}});
  }
  for (const Row& row : store.list()) {
    (void)store.get(row.id);
    (void)store.variableSummaries(row.id);
  }
}

/// What a damaged store says must name it, and must not be called a defect of ours.
void expectNamed(const Error& error, const fs::path& store, const std::string& place) {
  EXPECT_NE(error.kind(), ErrorKind::kInternal) << place << ": " << error.what();
  EXPECT_NE(std::string(error.what()).find(store.string()), std::string::npos) << place << ": " << error.what();
}

TEST(DamagedStore, EveryChangedByteOfAPayloadIsNamed) {
  const test::TempFolder folder;
  fillStore(folder / "s", 3);
  Store store = Store::open(folder / "s", Mode::kRead);
  ASSERT_TRUE(store.check().empty());
  const fs::path file = store.cubes()[1].file;
  const std::string whole = readFile(file);
  Random random(21, "damage");
  constexpr int kTries = 40;
  int found = 0;
  for (int i = 0; i < kTries; ++i) {
    std::string damaged = whole;
    char& byte = damaged[random.below(static_cast<std::uint32_t>(whole.size()))];
    byte = static_cast<char>(byte ^ static_cast<char>(1U << random.below(8)));
    writeFileAtomically(file, damaged);
    const std::vector<Problem> problems = store.check();
    found += !problems.empty() && problems.front().id == "s1" &&
                     problems.front().message.find(file.string()) != std::string::npos
                 ? 1
                 : 0;
  }
  std::printf("%d of %d changed bytes found, seed 21\n", found, kTries);
  EXPECT_EQ(found, kTries);
  writeFileAtomically(file, whole);
  EXPECT_TRUE(store.check().empty());
}

TEST(DamagedStore, ReadersStopAtADamagedChunk) {
  const test::TempFolder folder;
  fillStore(folder / "s", 1);
  const Store store = Store::open(folder / "s", Mode::kRead);
  const CubeIndex cube = store.cubes().front();
  std::string bytes = readFile(cube.file);
  const CubeIndex::Place& wind = *cube.variables[2];
  bytes[wind.position + wind.storedBytes / 2] ^= 1;
  writeFileAtomically(cube.file, bytes);
  std::vector<float> flat(cube.count());
  CubeReader reader;
  EXPECT_NE(failure([&] { reader.read(cube, flat); }).find("eastward_wind: the payload is damaged"), std::string::npos);
  EXPECT_NE(failure([&] { (void)store.get("s0"); }).find("eastward_wind: the payload is damaged"), std::string::npos);
  EXPECT_EQ(store.getVariable("s0", planet::VariableId::kSurfaceTemperature).size(), 12U * 4U * 8U);
}

TEST(DamagedStore, LostAndCutPayloadsAreNamed) {
  const test::TempFolder folder;
  fillStore(folder / "s", 3);
  const Store store = Store::open(folder / "s", Mode::kRead);
  const std::vector<CubeIndex> cubes = store.cubes();
  fs::remove(cubes[0].file);
  fs::resize_file(cubes[2].file, fs::file_size(cubes[2].file) / 2);
  const std::vector<Problem> problems = store.check();
  ASSERT_GE(problems.size(), 2U);
  EXPECT_EQ(problems.front().id, "s0");
  EXPECT_EQ(problems.back().id, "s2");
}

TEST(DamagedStore, WhatIsLostIsNotTakenForThere) {
  const test::TempFolder folder;
  Store store = Store::open(folder / "s", Mode::kCreate);
  const planet::Planet planet = samplePlanet(4, smallParts());
  const std::string id = store.add(planet).id;
  EXPECT_TRUE(store.add(planet).duplicate);
  fs::remove(folder / "s" / store.payloads().front());
  EXPECT_NE(failure([&] { (void)store.add(planet); }).find("remove " + id + " and import it again"), std::string::npos);
  store.remove(id);
  EXPECT_FALSE(store.add(planet).duplicate);
  EXPECT_TRUE(store.check().empty());
}

TEST(DamagedStore, APayloadThatIsNoFileIsNamedAndNotWaitedFor) {
  const test::TempFolder folder;
  fillStore(folder / "s", 1);
  const Store store = Store::open(folder / "s", Mode::kRead);
  const fs::path payload = store.folder() / store.payloads().front();
  const auto pipe = [&] { ASSERT_EQ(::mkfifo(payload.c_str(), 0600), 0); };
  const auto device = [&] { fs::create_symlink("/dev/zero", payload); };
  for (const std::function<void()>& make : {std::function<void()>(pipe), std::function<void()>(device)}) {
    fs::remove(payload);
    make();
    EXPECT_NE(failure([&] { (void)store.get("s0"); }).find("no plain file"), std::string::npos);
    const std::vector<Problem> problems = store.check();
    ASSERT_EQ(problems.size(), 1U);
    EXPECT_NE(problems[0].message.find("no plain file"), std::string::npos) << problems[0].message;
  }
  fs::remove(payload);
  EXPECT_NE(failure([&] { (void)store.get("s0"); }).find("remove the planet and import"), std::string::npos);
}

TEST(DamagedStore, LiesOfTheCatalogueAreErrors) {
  const test::TempFolder folder;
  fillStore(folder / "s", 1);
  for (const char* lie :
       {"UPDATE array SET shape = '99999999 99999999'", "UPDATE array SET shape = '1 -1'",
        "UPDATE array SET packing = 'zip'", "UPDATE array SET stored_bytes = 10",
        "UPDATE array SET position = 1000000000", "UPDATE array SET type = 4", "UPDATE planet SET document = '{}'",
        "UPDATE planet SET document = 'x'", "UPDATE planet SET split = 'real'", "DELETE FROM array"}) {
    fs::remove_all(folder / "copy");
    fs::copy(folder / "s", folder / "copy", fs::copy_options::recursive);
    changeCatalogue(folder / "copy", lie);
    const Store store = Store::open(folder / "copy", Mode::kRead);
    EXPECT_FALSE(store.check().empty()) << lie;
    try {
      readEverything(store);
      FAIL() << lie;
    } catch (const Error& error) {
      EXPECT_NE(error.kind(), ErrorKind::kInternal) << lie << ": " << error.what();
    }
  }
}

TEST(DamagedStore, ChangedNumbersOfTheCatalogueAreNamed) {
  const test::TempFolder folder;
  fillStore(folder / "s", 2);
  {
    Store store = Store::open(folder / "s", Mode::kWrite);
    store.recordGeneration({1, 2, "g", "{}"});
    (void)store.computeStatistics();
    ASSERT_TRUE(store.check().empty()) << store.check().front().message;
  }
  // Each is a value that nothing else contradicts.
  for (const auto& [change, id] :
       {std::pair("UPDATE planet SET f_hab = f_hab + 1e-9 WHERE id = 's1'", "s1"),
        std::pair("UPDATE array SET minimum = 3 WHERE variable = 4 AND planet = 1", "s0"),
        std::pair("UPDATE text SET body = body || ' ' WHERE planet = 2", "s1"),
        std::pair("UPDATE metabolism SET viable = 1 - viable WHERE planet = 1", "s0"),
        std::pair("UPDATE planet SET excluded = 1 WHERE id = 's0'", "s0"),
        std::pair("DELETE FROM planet WHERE id = 's1'", "s1"), std::pair("UPDATE generation SET seed = 2", ""),
        std::pair("UPDATE label_definition SET unit = 'm' WHERE name = 'f_hab'", ""),
        std::pair("DELETE FROM set_statistics", "")}) {
    fs::remove_all(folder / "copy");
    fs::copy(folder / "s", folder / "copy", fs::copy_options::recursive);
    changeCatalogue(folder / "copy", std::string("PRAGMA foreign_keys = ON; ") + change);
    const std::vector<Problem> problems = Store::open(folder / "copy", Mode::kRead).check();
    ASSERT_FALSE(problems.empty()) << change;
    EXPECT_EQ(problems.front().id, id) << change << ": " << problems.front().message;
    EXPECT_FALSE(Store::open(folder / "copy", Mode::kRead).checkCatalogue().empty()) << change;
  }
}

TEST(DamagedStore, EveryChangedBitOfTheCatalogueIsNamedOrHarmless) {
  constexpr std::uint64_t kSeed = 22;
  constexpr int kTries = 150;
  const test::TempFolder folder;
  const fs::path place = folder / "s";
  fillStore(place, 3);
  const fs::path file = place / "catalogue.sqlite";
  const std::string whole = readFile(file);
  std::vector<planet::Planet> planets;
  for (const char* id : {"s0", "s1", "s2"}) planets.push_back(Store::open(place, Mode::kRead).get(id));
  Random random(kSeed, "catalogue bits");
  int named = 0;
  int harmless = 0;
  for (int i = 0; i < kTries; ++i) {
    std::string damaged = whole;
    const std::uint32_t at = random.below(static_cast<std::uint32_t>(whole.size()));
    damaged[at] = static_cast<char>(damaged[at] ^ static_cast<char>(1U << random.below(8)));
    writeFileAtomically(file, damaged);
    const std::string where = "byte " + std::to_string(at);
    bool found = false;
    try {
      const Store store = Store::open(place, Mode::kRead);
      found = !store.check().empty();
      if (!found) {
        for (const planet::Planet& planet : planets) EXPECT_TRUE(store.get(planet.id) == planet) << where;
        EXPECT_EQ(store.list().size(), planets.size()) << where;
        ++harmless;
      }
      readEverything(store);
    } catch (const Error& error) {
      expectNamed(error, place, where);
      found = true;
    }
    named += found ? 1 : 0;
  }
  std::printf("%d changed bits: %d named, %d changed nothing that is read; seed %llu\n", kTries, named, harmless,
              static_cast<unsigned long long>(kSeed));
  EXPECT_EQ(named + harmless, kTries);
  EXPECT_GT(named, 0);
}

TEST(DamagedStore, ACutCatalogueIsNamed) {
  const test::TempFolder folder;
  const fs::path place = folder / "s";
  fillStore(place, 3);
  const fs::path file = place / "catalogue.sqlite";
  const std::string whole = readFile(file);
  constexpr std::size_t kPage = 4096;
  for (std::size_t size = 1; size < whole.size(); size += size < kPage ? 777 : kPage / 2) {
    writeFileAtomically(file, std::string_view(whole).substr(0, size));
    for (const Mode mode : {Mode::kRead, Mode::kWrite, Mode::kCreate}) {
      try {
        const Store store = Store::open(place, mode);
        EXPECT_FALSE(store.check().empty()) << size;
      } catch (const Error& error) {
        expectNamed(error, place, std::to_string(size));
      }
    }
    EXPECT_EQ(std::distance(fs::recursive_directory_iterator(place / "planets"), fs::recursive_directory_iterator()), 6)
        << "a damaged catalogue must not cost payloads: " << size;
  }
}

TEST(DamagedStore, AnOverwrittenCatalogueIsNamed) {
  const test::TempFolder folder;
  fillStore(folder / "s", 4);
  std::string bytes = readFile(folder / "s" / "catalogue.sqlite");
  std::fill(bytes.begin() + 4096, bytes.begin() + 40960, 'x');
  writeFileAtomically(folder / "s" / "catalogue.sqlite", bytes);
  const std::string message = failure([&] {
    const Store store = Store::open(folder / "s", Mode::kRead);
    throw Error(store.check().empty() ? "nothing found" : "the catalogue is damaged");
  });
  EXPECT_NE(message.find("the catalogue is damaged"), std::string::npos) << message;
}

TEST(ForeignFolder, IsRefusedAndLeftAlone) {
  const test::TempFolder folder;
  fs::create_directory(folder / "documents");
  writeFileAtomically(folder / "documents" / "letter.txt", std::string_view("dear"));
  fs::create_directory(folder / "other");
  changeCatalogue(folder / "other", "CREATE TABLE t (x); PRAGMA application_id = 7");
  fs::create_directory(folder / "garbage");
  writeFileAtomically(folder / "garbage" / "catalogue.sqlite", std::string(10000, 'g'));
  for (const Mode mode : {Mode::kRead, Mode::kWrite, Mode::kCreate}) {
    EXPECT_NE(failure([&] { Store::open(folder / "documents", mode); }).find("not a store"), std::string::npos);
    EXPECT_NE(failure([&] { Store::open(folder / "other", mode); }).find("not a store"), std::string::npos);
    EXPECT_NE(failure([&] { Store::open(folder / "garbage", mode); }).find("damaged"), std::string::npos);
  }
  for (const Mode mode : {Mode::kRead, Mode::kWrite}) {
    EXPECT_NE(failure([&] { Store::open(folder / "absent", mode); }).find("not a store"), std::string::npos);
    EXPECT_NE(failure([&] { Store::open(folder / "documents" / "letter.txt", mode); }).find("not a store"),
              std::string::npos);
  }
  EXPECT_FALSE(fs::exists(folder / "absent"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "documents"), fs::directory_iterator()), 1);
}

TEST(ForeignFolder, StoreOfANewerVersionIsRefused) {
  const test::TempFolder folder;
  fillStore(folder / "s", 1);
  changeCatalogue(folder / "s", "PRAGMA user_version = 99");
  for (const Mode mode : {Mode::kRead, Mode::kWrite, Mode::kCreate}) {
    const std::string message = failure([&] { Store::open(folder / "s", mode); });
    EXPECT_NE(message.find("newer version of Ecumene"), std::string::npos) << message;
    EXPECT_NE(message.find("found 99"), std::string::npos) << message;
  }
}

TEST(ForeignFolder, CreationCutShortIsFinishedLater) {
  const test::TempFolder folder;
  fs::create_directory(folder / "s");
  writeFileAtomically(folder / "s" / "catalogue.sqlite", std::string_view());
  EXPECT_NE(failure([&] { Store::open(folder / "s", Mode::kRead); }).find("an empty catalogue"), std::string::npos);
  Store::open(folder / "s", Mode::kCreate).add(samplePlanet(1, smallParts()));
  EXPECT_TRUE(Store::open(folder / "s", Mode::kRead).contains("s1"));
}

TEST(ForeignFolder, LinksInPlanetsAreNotFollowed) {
  const test::TempFolder folder;
  fillStore(folder / "s", 1);
  fs::create_directory(folder / "outside");
  writeFileAtomically(folder / "outside" / "mine.h5", std::string_view("keep"));
  fs::create_directory_symlink(folder / "outside", folder / "s" / "planets" / "zz");
  Store::open(folder / "s", Mode::kWrite);
  EXPECT_TRUE(fs::exists(folder / "outside" / "mine.h5"));
}

/// In a child without root's rights: root may write everywhere.
TEST(ReadOnlyFolder, CanBeReadAndSaysWhyItCannotBeWritten) {
  const test::TempFolder folder;
  fillStore(folder / "s", 2);
  const fs::path store = folder / "s";
  fs::permissions(folder.path(), fs::perms::owner_all | fs::perms::others_read | fs::perms::others_exec);
  fs::permissions(store,
                  fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  const pid_t child = fork();
  if (child == 0) {
    if (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) _exit(9);
    int bad = 0;
    try {
      const Store opened = Store::open(store, Mode::kRead);
      bad += opened.get("s1") == planet::Planet{} ? 1 : 0;
      bad += opened.check().empty() ? 0 : 2;
    } catch (const Error& error) {
      std::fprintf(stderr, "%s\n", error.what());
      bad += 4;
    }
    const std::string message = failure([&] { Store::open(store, Mode::kWrite); });
    if (message.find("cannot open the store for writing") == std::string::npos) {
      std::fprintf(stderr, "%s\n", message.c_str());
      bad += 8;
    }
    _exit(bad);
  }
  int status = 0;
  waitpid(child, &status, 0);
  fs::permissions(store, fs::perms::owner_all);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 9) GTEST_SKIP() << "root, but not allowed to become another user";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace ecumene::data::store
