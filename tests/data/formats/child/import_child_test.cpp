// SPDX-License-Identifier: Apache-2.0
#include "data/formats/child/import_child.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <thread>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/formats/child/import_walls.h"
#include "data/formats/child/import_wire.h"
#include "data/formats/registry.h"
#include "hdf5_links.h"
#include "tests/data/formats/exoplasim_fixture.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::data;
using namespace std::chrono_literals;

std::filesystem::path childProgram() {
  return IMPORT_TEST_CHILD;
}

/// The Error of an import in the test child; kInternal "no error" if it succeeded.
Error refusal(const std::filesystem::path& file, const formats::ImportLimits& limits = {}, std::stop_token stop = {},
              const formats::ImportOptions& options = {}) {
  try {
    formats::runImportChild(childProgram(), file, options, limits, std::move(stop));
    return Error("no error", ErrorKind::kInternal);
  } catch (const Error& error) {
    return error;
  }
}

/// A file whose name makes the test child misbehave.
struct Act {
  test::TempFolder folder;
  std::filesystem::path file;
  explicit Act(const std::string& name) : file(folder / name) { std::ofstream(file) << "anything"; }
};

TEST(ImportChild, GivesWhatTheSameReaderGivesInThisProcess) {
  test::TempFolder folder;
  const std::filesystem::path file = folder / "MOST.00001.nc";
  test::ExoplasimFixture{}.write(file);
  test::ExoplasimFixture::writeSidecar(folder.path(), test::ExoplasimFixture::plainParameters());
  // As bytes: what the file does not state is NaN, which equals nothing.
  EXPECT_TRUE(planet::encode(formats::runImportChild(childProgram(), file, {})) ==
              planet::encode(formats::importFile(file, {})));
}

TEST(ImportChild, PassesTheReadersErrorWholeAndItsOptionsToo) {
  test::TempFolder folder;
  const std::filesystem::path file = folder / "spectrum.csv";
  std::ofstream(file) << "wavelength (um),depth,error\n1.0,0.015,0.001\n1.5,0.016,0.001\n2.0,0.015,0.001\n";
  const Error error = refusal(file);
  EXPECT_EQ(error.kind(), ErrorKind::kInput);
  EXPECT_NE(error.nextStep().find("units.depth=1"), std::string::npos) << error.what();
  EXPECT_EQ(error.object(), "spectrum.csv");
  ASSERT_EQ(error.contexts().size(), 1U);
  EXPECT_EQ(formats::runImportChild(childProgram(), file, {{{"units.depth", "1"}}}).planet.spectra[0].size(), 3U);
  EXPECT_EQ(refusal(file, {}, {}, {{{"units.dept", "1"}}}).kind(), ErrorKind::kUsage);
}

TEST(ImportChild, DeathIsADamagedOrHostileFileWithWhatWasGoingOn) {
  const Error error = refusal(Act("crash").file);
  EXPECT_EQ(error.kind(), ErrorKind::kInput);
  EXPECT_NE(error.failure().find("damaged or hostile"), std::string::npos);
  EXPECT_NE(error.finding().find("Killed while reading it as a test"), std::string::npos) << error.what();
}

TEST(ImportChild, SlowFilesEndAtTheWallClockAndGreedyOnesAtTheProcessorLimit) {
  formats::ImportLimits limits;
  limits.wallTime = 300ms;
  for (const char* act : {"hang", "stay_behind"}) {  // the second says no more after it closed its pipes
    const auto start = std::chrono::steady_clock::now();
    EXPECT_NE(refusal(Act(act).file, limits).finding().find("took longer"), std::string::npos) << act;
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s) << act;
  }
  limits = {};
  limits.cpuSeconds = 1;
  for (const char* act : {"spin", "spin_on"}) {  // the second ignores the soft limit's signal
    const Error spin = refusal(Act(act).file, limits);
    EXPECT_NE(spin.finding().find("more than the 1 s of processor time that an import may while counting"),
              std::string::npos)
        << spin.what();
  }
}

TEST(ImportChild, MemoryIsLimited) {
  if (!formats::memoryIsLimited()) GTEST_SKIP() << "a sanitizer's shadow needs more address space than any limit";
  const Error error = refusal(Act("devour").file);
  EXPECT_NE(error.failure().find("damaged or hostile"), std::string::npos) << error.what();
  EXPECT_NE(error.finding().find("memory wall after"), std::string::npos) << error.what();
  EXPECT_NE(error.finding().find("while hoarding"), std::string::npos) << error.what();
}

TEST(ImportChild, ReadersHaveTheLimitOfMemoryThatTheirParentGives) {
  if (!formats::memoryIsLimited()) GTEST_SKIP() << "a sanitizer's shadow needs more address space than any limit";
  test::TempFolder folder;
  const std::filesystem::path file = folder / "MOST.00001.nc";
  test::ExoplasimFixture{}.write(file);
  formats::ImportLimits limits;
  EXPECT_EQ(formats::runImportChild(childProgram(), file, {}, limits).planet.climate.has_value(), true);
  limits.memoryBytes = std::uint64_t{64} << 20U;  // less than the libraries' code takes
  EXPECT_EQ(refusal(file, limits).kind(), ErrorKind::kInput);
}

TEST(ImportChild, EndsWithItsParent) {
  test::TempFolder folder;
  const std::filesystem::path file = folder / "MOST.00001.nc";
  test::ExoplasimFixture{}.write(file);
  // A parent that starts the reader and is killed while the reader waits for room in the pipe, which nobody reads.
  int results[2], pids[2];
  ASSERT_EQ(::pipe(results), 0);
  ASSERT_EQ(::pipe(pids), 0);
  const std::string program = childProgram().string(), path = file.string(), pipe = std::to_string(results[1]);
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    const std::string self = std::to_string(::getpid());
    const pid_t reader = ::fork();
    if (reader == 0) {
      ::execl(program.c_str(), program.c_str(), formats::kImportChildWord, pipe.c_str(), self.c_str(), "4000000000000",
              "60", path.c_str(), nullptr);
      ::_exit(127);
    }
    ::close(results[1]);
    static_cast<void>(::write(pids[1], &reader, sizeof reader));
    ::pause();
    ::_exit(0);
  }
  ::close(results[1]);
  pid_t reader = 0;
  ASSERT_EQ(::read(pids[0], &reader, sizeof reader), static_cast<ssize_t>(sizeof reader));
  const auto until = [](const std::function<bool()>& done) {
    for (int i = 0; i < 3000 && !done(); ++i) std::this_thread::sleep_for(10ms);
    return done();
  };
  const auto gone = [&] {
    pollfd end{.fd = results[0], .events = 0, .revents = 0};
    return ::poll(&end, 1, 0) == 1 && (end.revents & POLLHUP) != 0;
  };
  EXPECT_TRUE(until([&] {
    int waiting = 0;
    return ::ioctl(results[0], FIONREAD, &waiting) == 0 && waiting >= 60000;
  }));
  EXPECT_FALSE(gone());
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  EXPECT_TRUE(until(gone));
  ::kill(reader, SIGKILL);
  for (const int end : {results[0], pids[0], pids[1]}) ::close(end);
}

TEST(ImportChild, MessagesThatAreNoneAreNotBelieved) {
  for (const char* act : {"nonsense", "boast", "silent", "forge", "chatter", "half_part", "no_part"}) {
    const Error error = refusal(Act(act).file);
    EXPECT_EQ(error.kind(), ErrorKind::kInput) << act;
    EXPECT_NE(error.failure().find("damaged or hostile"), std::string::npos) << act << ": " << error.what();
  }
}

TEST(ImportChild, ThePartsOfAFileComeInOrderAndTheLastOnlyIfTheChildEndsWell) {
  const Act act("crash_after_parts");
  std::vector<std::string> given;
  try {
    formats::importPartsInChild(childProgram(), act.file, {},
                                [&](formats::ImportedPart&& part) { given.push_back(part.name); });
    ADD_FAILURE() << "the child died and nobody said so";
  } catch (const Error& error) {
    EXPECT_NE(error.failure().find("damaged or hostile"), std::string::npos) << error.what();
  }
  EXPECT_EQ(given, std::vector<std::string>{"first"});
}

TEST(ImportChild, MorePartsThanAFileCanHoldAreAnExcess) {
  formats::ImportLimits limits;
  limits.resultBytes = std::uint64_t{1} << 20U;
  limits.resultBytesPerByte = 1;
  const Act act("endless_parts");
  std::uint64_t bytes = 0;
  try {
    formats::importPartsInChild(
        childProgram(), act.file, {},
        [&](formats::ImportedPart&& part) { bytes += planet::encode(part.import).size(); }, limits);
    ADD_FAILURE() << "nobody stopped it";
  } catch (const Error& error) {
    EXPECT_NE(error.finding().find("it sent more than"), std::string::npos) << error.what();
  }
  EXPECT_LE(bytes, limits.resultBytes + 8);
}

TEST(ImportChild, WhatTakesAPartMayEndTheImport) {
  const Act act("endless_parts");
  EXPECT_THROW(formats::importPartsInChild(
                   childProgram(), act.file, {},
                   [](formats::ImportedPart&&) { throw Error("the disk is full", ErrorKind::kEnvironment); }),
               Error);
}

/// What an attempt (import_test_child.cpp) met behind a wall.
std::string met(const std::string& wall, const std::string& door) {
  const Act act(wall + "-" + door);
  std::ofstream(act.file.string() + ".other") << "beside it";
  const std::string words = refusal(act.file).failure();
  EXPECT_EQ(readFile(act.file), "anything") << door;
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(act.folder.path())) ++files;
  EXPECT_EQ(files, 2U) << door;
  return words;
}

TEST(ImportChild, NothingButTheFileIsReachableBehindTheWalls) {
  // A descriptor that a careless parent would hand on.
  const FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM, 0));
  const std::map<std::string, std::string> expected{{"passwd", "Permission denied"},
                                                    {"folder", "Permission denied"},
                                                    {"neighbour", "Permission denied"},
                                                    {"inherited", "Bad file descriptor"}};
  for (const char* wall : {"landlock", "opened"}) {
    if (wall == std::string("landlock") && formats::pathWallOfThisKernel() != formats::PathWall::kLandlock) {
      std::cout << "this kernel has no Landlock: only the other wall is tried\n";
      continue;
    }
    for (const char* door : {"connect",  "unix_socket", "fork",      "vfork",          "exec",           "passwd",
                             "folder",   "neighbour",   "create",    "truncate",       "unlink",         "rename",
                             "mkdir",    "chmod",       "kill",      "trace",          "write",          "raise_limits",
                             "own_code", "memory_file", "inherited", "by_other_calls", "signal_by_fcntl"}) {
      const auto other = expected.find(door);
      const std::string words = met(wall, door);
      // Of a door that both close, the filter of paths or that of calls may be asked first.
      const bool closed = other != expected.end() ? words == other->second
                                                  : words == "Operation not permitted" || words == "Permission denied";
      EXPECT_TRUE(closed) << wall << " " << door << ": " << words;
    }
  }
}

TEST(ImportChild, KernelsWithoutLandlockReadTheSameBehindTheOtherWall) {
  test::TempFolder folder;
  const std::filesystem::path climate = folder / "opened.nc";
  test::ExoplasimFixture{}.write(climate);
  test::ExoplasimFixture::writeSidecar(folder.path(), test::ExoplasimFixture::plainParameters());
  const std::filesystem::path table = folder / "opened.csv";
  std::ofstream(table) << "wavelength (um),depth (ppm)\n1.0,5000\n1.1,5000\n1.2,5000\n";
  std::ofstream(table.string() + ".license") << "SPDX-License-"
                                             << "Identifier: MIT\n";
  for (const std::filesystem::path& file : {climate, table}) {
    EXPECT_TRUE(planet::encode(formats::runImportChild(childProgram(), file, {})) ==
                planet::encode(formats::importFile(file, {})))
        << file;
  }
}

TEST(ImportChild, LinksOutOfHdf5FilesLeadNowhere) {
  // "ts" of each file lies in another file: behind an external link, in raw storage, or put together as a virtual
  // dataset. The bytes are there, and readable by us.
  test::TempFolder folder;
  const std::filesystem::path whole = folder / "whole.nc";
  test::ExoplasimFixture{}.write(whole);
  for (const char* way : {"link", "storage", "virtual"}) {
    const std::filesystem::path file = folder / (std::string(way) + ".nc");
    std::filesystem::copy_file(whole, file);
    test::moveOut(file, "ts", "K", way, folder / "secret.h5");
    const Error error = refusal(file);
    EXPECT_EQ(error.kind(), ErrorKind::kInput) << way;
    const std::string expected = way == std::string("link")      ? "cannot open the file as NetCDF"
                                 : way == std::string("storage") ? "cannot read the values"
                                                                 : "the values lie in other files";
    EXPECT_NE(std::string(error.what()).find(expected), std::string::npos) << way << ": " << error.what();
  }
}

TEST(ImportChild, StopEndsTheChildSoon) {
  for (const char* name : {"hang", "stay_behind"}) {
    const Act act(name);
    std::stop_source source;
    std::thread later([&] {
      std::this_thread::sleep_for(200ms);
      source.request_stop();
    });
    const auto start = std::chrono::steady_clock::now();
    const Error error = refusal(act.file, {}, source.get_token());
    later.join();
    EXPECT_EQ(error.kind(), ErrorKind::kCancelled) << name;
    EXPECT_LT(std::chrono::steady_clock::now() - start, 10s) << name;
  }
}

TEST(ImportChild, TooLargeFilesFoldersPipesAndAbsentFilesAreRefusedBeforeAChildStarts) {
  const Act act("crash");
  formats::ImportLimits limits;
  limits.fileBytes = 4;
  EXPECT_NE(refusal(act.file, limits).failure().find("larger"), std::string::npos);
  EXPECT_NE(refusal(act.folder.path()).failure().find("not a plain file"), std::string::npos);
  EXPECT_NE(refusal(act.folder / "absent").failure().find("cannot open"), std::string::npos);
  const std::filesystem::path pipe = act.folder / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_NE(refusal(pipe).failure().find("not a plain file"), std::string::npos);
}

TEST(ImportChild, ResultsOverTheirLimitAreNotTaken) {
  test::TempFolder folder;
  const std::filesystem::path file = folder / "MOST.00001.nc";
  test::ExoplasimFixture{}.write(file);
  formats::ImportLimits limits;
  limits.resultBytes = 1000;
  EXPECT_NE(refusal(file, limits).finding().find("that an import may hold"), std::string::npos);
}

TEST(ImportChild, SeveralAtOnceDoNotMixUp) {
  test::TempFolder folder;
  std::vector<std::thread> threads;
  std::vector<std::size_t> points(6, 0);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::filesystem::path file = folder / ("s" + std::to_string(i) + ".csv");
    std::ofstream out(file);
    out << "wavelength (um),depth (ppm)\n";
    for (std::size_t row = 0; row < 10 + i; ++row) out << 1.0 + 0.1 * static_cast<double>(row) << ",5000\n";
    out.close();
    threads.emplace_back(
        [&points, i, file] { points[i] = formats::runImportChild(childProgram(), file, {}).planet.spectra[0].size(); });
  }
  for (std::thread& thread : threads) thread.join();
  for (std::size_t i = 0; i < points.size(); ++i) EXPECT_EQ(points[i], 10 + i);
}

TEST(ImportWire, ErrorsComeBackAsTheyWere) {
  Error error("what \"it\" was", ErrorKind::kEnvironment);
  error.on("a: b").expected("c").found("\xff\xfe").next("e").within("f").within("g");
  const Error back = formats::decodeError(formats::encodeError(error));
  EXPECT_EQ(back.kind(), ErrorKind::kEnvironment);
  EXPECT_EQ(back.failure(), error.failure());
  EXPECT_EQ(back.contexts(), error.contexts());
  EXPECT_EQ(back.finding(), "\xef\xbf\xbd\xef\xbf\xbd");  // what is not UTF-8 is replaced, not passed on
  for (const char* bad : {"", "{}", "[]", "{\"kind\":99,\"what\":\"x\"}", "{\"kind\":\"x\"}"}) {
    EXPECT_THROW(formats::decodeError(bad), Error) << bad;
  }
}

}  // namespace
