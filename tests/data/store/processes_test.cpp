// SPDX-License-Identifier: Apache-2.0
// Several processes on one store: writers queue or are told who writes, readers always read.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "data/base/error.h"
#include "data/store/store.h"
#include "tests/data/store/writer_process.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace ecumene::data::store {
namespace {

TEST(TwoProcesses, WritersQueue) {
  const test::TempFolder folder;
  test::WriterProcess first(folder / "s", 0, 40, 4);
  test::WriterProcess second(folder / "s", 100, 40, 4);
  for (test::WriterProcess* writer : {&first, &second}) {
    const int status = writer->wait();
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << writer->errors();
  }
  const Store store = Store::open(folder / "s", Mode::kRead);
  EXPECT_EQ(store.totals().planets, 80U);
  EXPECT_TRUE(store.check().empty());
}

TEST(TwoProcesses, ASecondWriterIsToldWhoWrites) {
  const test::TempFolder folder;
  const Store store = Store::open(folder / "s", Mode::kCreate);
  try {
    OpenOptions options;
    options.lockWait = std::chrono::milliseconds(50);
    Store::open(folder / "s", Mode::kWrite, options);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("is being written by process " + std::to_string(getpid())),
              std::string::npos)
        << error.what();
    EXPECT_EQ(error.kind(), ErrorKind::kEnvironment);
  }
}

TEST(TwoProcesses, LockOfAKilledWriterIsFree) {
  const test::TempFolder folder;
  test::WriterProcess writer(folder / "s", 0, 400, 2);
  writer.waitForOutput();
  writer.killNow();
  writer.wait();
  OpenOptions options;
  options.lockWait = std::chrono::milliseconds(0);
  EXPECT_NO_THROW(Store::open(folder / "s", Mode::kWrite, options));
}

/// Eight threads read through connections of their own while another process writes with eight: no "busy" reaches them,
/// and every planet they are shown can be read whole.
TEST(TwoProcesses, ReadersNeverMeetABusyStore) {
  const test::TempFolder folder;
  test::WriterProcess writer(folder / "s", 0, 120, 8);
  writer.waitForOutput();
  std::atomic<bool> stop{false};
  std::atomic<int> reads{0};
  std::atomic<int> failures{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 8; ++t) {
      threads.emplace_back([&] {
        while (!stop) {
          try {
            const Store reader = Store::open(folder / "s", Mode::kRead);
            const std::vector<Row> rows = reader.list();
            if (!rows.empty()) (void)reader.get(rows.back().id);
            ++reads;
          } catch (const Error& error) {
            ++failures;
            std::fprintf(stderr, "%s\n", error.what());
          }
        }
      });
    }
    EXPECT_EQ(writer.wait(), 0) << writer.errors();
    stop = true;
  }
  std::printf("%d reads beside 120 adds, %d failed\n", reads.load(), failures.load());
  EXPECT_GT(reads, 20);
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(Store::open(folder / "s", Mode::kRead).totals().planets, 120U);
}

}  // namespace
}  // namespace ecumene::data::store
