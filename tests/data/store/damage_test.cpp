// SPDX-License-Identifier: Apache-2.0
// Damaged, foreign, newer and read-only stores: found, named, never crashed on.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <functional>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/base/random.h"
#include "data/store/store.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::store {
namespace {

namespace fs = std::filesystem;
using test::samplePlanet;
using test::smallParts;

std::string failure(const std::function<void()>& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

void sql(const fs::path& store, const std::string& statement) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open((store / "catalogue.sqlite").c_str(), &handle), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(handle, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(handle);
  sqlite3_close(handle);
}

void fill(const fs::path& folder, std::uint64_t planets) {
  Store store = Store::open(folder, Mode::kCreate);
  for (std::uint64_t i = 0; i < planets; ++i) store.add(samplePlanet(i, smallParts()));
}

TEST(DamagedStore, EveryChangedByteOfAPayloadIsNamed) {
  const test::TempFolder folder;
  fill(folder / "s", 3);
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
  fill(folder / "s", 1);
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
  fill(folder / "s", 3);
  const Store store = Store::open(folder / "s", Mode::kRead);
  const std::vector<CubeIndex> cubes = store.cubes();
  fs::remove(cubes[0].file);
  fs::resize_file(cubes[2].file, fs::file_size(cubes[2].file) / 2);
  const std::vector<Problem> problems = store.check();
  ASSERT_GE(problems.size(), 2U);
  EXPECT_EQ(problems.front().id, "s0");
  EXPECT_EQ(problems.back().id, "s2");
}

TEST(DamagedStore, LiesOfTheCatalogueAreErrors) {
  const test::TempFolder folder;
  fill(folder / "s", 1);
  for (const char* lie :
       {"UPDATE array SET shape = '99999999 99999999'", "UPDATE array SET shape = '1 -1'",
        "UPDATE array SET packing = 'zip'", "UPDATE array SET stored_bytes = 10",
        "UPDATE array SET position = 1000000000", "UPDATE array SET type = 4", "UPDATE planet SET document = '{}'",
        "UPDATE planet SET document = 'x'", "UPDATE planet SET split = 'real'", "DELETE FROM array"}) {
    fs::remove_all(folder / "copy");
    fs::copy(folder / "s", folder / "copy", fs::copy_options::recursive);
    sql(folder / "copy", lie);
    const Store store = Store::open(folder / "copy", Mode::kRead);
    EXPECT_FALSE(store.check().empty()) << lie;
  }
}

TEST(DamagedStore, AnOverwrittenCatalogueIsNamed) {
  const test::TempFolder folder;
  fill(folder / "s", 4);
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
  sql(folder / "other", "CREATE TABLE t (x); PRAGMA application_id = 7");
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
  fill(folder / "s", 1);
  sql(folder / "s", "PRAGMA user_version = 2");
  for (const Mode mode : {Mode::kRead, Mode::kWrite, Mode::kCreate}) {
    const std::string message = failure([&] { Store::open(folder / "s", mode); });
    EXPECT_NE(message.find("newer version of Ecumene"), std::string::npos) << message;
    EXPECT_NE(message.find("found 2"), std::string::npos) << message;
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
  fill(folder / "s", 1);
  fs::create_directory(folder / "outside");
  writeFileAtomically(folder / "outside" / "mine.h5", std::string_view("keep"));
  fs::create_directory_symlink(folder / "outside", folder / "s" / "planets" / "zz");
  Store::open(folder / "s", Mode::kWrite);
  EXPECT_TRUE(fs::exists(folder / "outside" / "mine.h5"));
}

/// In a child without root's rights: root may write everywhere.
TEST(ReadOnlyFolder, CanBeReadAndSaysWhyItCannotBeWritten) {
  const test::TempFolder folder;
  fill(folder / "s", 2);
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
