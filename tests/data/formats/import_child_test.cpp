// SPDX-License-Identifier: Apache-2.0
#include "data/formats/import_child.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "data/base/error.h"
#include "data/formats/import_walls.h"
#include "data/formats/import_wire.h"
#include "data/formats/registry.h"
#include "exoplasim_fixture.h"
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
  const auto start = std::chrono::steady_clock::now();
  EXPECT_NE(refusal(Act("hang").file, limits).finding().find("took longer"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
  const Error spin = refusal(Act("spin").file);
  EXPECT_NE(spin.finding().find("processor time"), std::string::npos) << spin.what();
}

TEST(ImportChild, MemoryIsLimited) {
  if (!formats::memoryIsLimited()) GTEST_SKIP() << "a sanitizer's shadow needs more address space than any limit";
  const Error error = refusal(Act("devour").file);
  EXPECT_NE(error.failure().find("memory wall after"), std::string::npos) << error.what();
}

TEST(ImportChild, MessagesThatAreNoneAreNotBelieved) {
  for (const char* act : {"nonsense", "boast", "silent", "forge", "chatter"}) {
    const Error error = refusal(Act(act).file);
    EXPECT_EQ(error.kind(), ErrorKind::kInput) << act;
    EXPECT_NE(error.failure().find("damaged or hostile"), std::string::npos) << act << ": " << error.what();
  }
}

TEST(ImportChild, NeitherNetworkNorProcessesNorWritingAreReachableBehindTheWalls) {
  EXPECT_EQ(refusal(Act("doors").file).failure(), "all doors are closed");
}

TEST(ImportChild, StopEndsTheChildSoon) {
  const Act act("hang");
  std::stop_source source;
  std::thread later([&] {
    std::this_thread::sleep_for(200ms);
    source.request_stop();
  });
  const auto start = std::chrono::steady_clock::now();
  const Error error = refusal(act.file, {}, source.get_token());
  later.join();
  EXPECT_EQ(error.kind(), ErrorKind::kCancelled);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 10s);
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
  EXPECT_NE(refusal(file, limits).finding().find("more than an import may hold"), std::string::npos);
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
