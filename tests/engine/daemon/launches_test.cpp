// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/launches.h"

#include <gtest/gtest.h>

#include "data/base/error.h"
#include "data/base/files.h"
#include "engine/daemon/ids.h"
#include "engine/daemon/slots.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::daemon {
namespace {

TEST(Ids, AreNamesOfFilesAndNothingElse) {
  for (const char* good : {"a", "demo-20260101", "A.b_c-9", "0"}) EXPECT_NO_THROW(requireId("run", good)) << good;
  for (const std::string& bad :
       {std::string(), std::string("."), std::string(".."), std::string("../a"), std::string("/etc"),
        std::string("a/b"), std::string("-rf"), std::string(".daemon"), std::string("a\0b", 3), std::string("a\nb"),
        std::string("a b"), std::string("'; DROP TABLE launch"), std::string(65, 'a'), std::string(4096, 'a'),
        std::string("\xC3\xA4")}) {
    EXPECT_THROW(requireId("run", bad), Error) << bad;
  }
}

TEST(Slots, ExcludeEachOtherWhereTheyShareAGpu) {
  const auto conflict = [](const char* a, const char* b) { return Slot::parse(a).conflictsWith(Slot::parse(b)); };
  EXPECT_TRUE(conflict("cpu", "cpu"));
  EXPECT_FALSE(conflict("cpu", "gpu:0"));
  EXPECT_TRUE(conflict("gpu:0", "gpu:0"));
  EXPECT_FALSE(conflict("gpu:0", "gpu:1"));
  EXPECT_TRUE(conflict("gpu:0,1", "gpu:1,2"));
  EXPECT_EQ(Slot::parse("gpu:3,1").text(), "gpu:1,3");
  EXPECT_EQ(Slot::parse("cpu").text(), "cpu");
  for (const char* bad : {"", "gpu", "gpu:", "gpu:-1", "gpu:0,", "gpu:0,0", "gpu:64", "cpu:0", "gpu:0 ", "GPU:0"}) {
    EXPECT_THROW((void)Slot::parse(bad), Error) << bad;
  }
}

TEST(Slots, CountTheGpusThatAContainerWasGivenFromZeroOn) {
  const test::TempFolder devices;
  EXPECT_TRUE(gpusOfThisMachine(devices.path()).empty());
  for (const char* node : {"nvidia3", "nvidia5", "nvidiactl", "nvidia-uvm"}) writeFileAtomically(devices / node, "");
  EXPECT_EQ(gpusOfThisMachine(devices.path()), (std::vector<int>{0, 1}));
}

TEST(Slots, AreAskedForOneGpuAtATime) {
  EXPECT_EQ(Slot::asked("gpu:1").text(), "gpu:1");
  EXPECT_EQ(Slot::asked("slurm:big").text(), "slurm:big");
  EXPECT_EQ(Slot::asked("").text(), firstSlot().text());
  try {
    (void)Slot::asked("gpu:1,0");
    FAIL() << "a run would keep a GPU that it does not use";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_EQ(error.expectation(), "one, such as gpu:0");
  }
}

TEST(Launches, ComeBackInTheOrderOfTheQueue) {
  const test::TempFolder folder;
  const Launch started{"b", Launch::State::kStarted, "gpu:0", false, 12.5, {77, 1234567890123U, "boot"}, 0.0, {}, "17"};
  {
    Launches launches(folder / "l.sqlite");
    for (const char* run : {"c", "a", "b"})
      launches.put({run, Launch::State::kQueued, "cpu", true, 1.0, {}, 0.0, {}, {}});
    launches.put(started);
    launches.put({"c", Launch::State::kEnded, "cpu", true, 1.0, {}, 9.0, "ended by signal 9", {}});
    launches.put({"c", Launch::State::kQueued, "cpu", true, 2.0, {}, 0.0, {}, {}});
    launches.put({"d", Launch::State::kQueued, "cpu", true, 3.0, {}, 0.0, {}, {}});
    launches.remove("d");
  }
  Launches launches(folder / "l.sqlite");
  const std::vector<Launch> all = launches.all();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[0].run, "a");
  EXPECT_EQ(all[1].run, "b");
  EXPECT_EQ(all[1].process, started.process);
  EXPECT_EQ(all[1].slot, "gpu:0");
  EXPECT_EQ(all[1].job, "17");
  EXPECT_FALSE(all[1].evaluate);
  EXPECT_EQ(all[1].time, 12.5);
  EXPECT_EQ(all[2].run, "c");  // queued anew: behind the others
  EXPECT_EQ(all[2].ending, "");
  EXPECT_FALSE(launches.of("d").has_value());
}

TEST(Launches, OfADaemonThatKnewNoSlurmAreKept) {
  const test::TempFolder folder;
  {
    data::sql::Connection old(folder / "l.sqlite", data::sql::Access::kCreate);
    old.execute(
        "CREATE TABLE launch (run TEXT PRIMARY KEY, position INTEGER NOT NULL UNIQUE, state INTEGER NOT NULL, slot "
        "TEXT "
        "NOT NULL, evaluate INTEGER NOT NULL, time REAL NOT NULL, pid INTEGER NOT NULL, started INTEGER NOT NULL, boot "
        "TEXT NOT NULL, ended REAL NOT NULL, ending TEXT NOT NULL) STRICT;"
        "INSERT INTO launch VALUES ('r', 1, 1, 'cpu', 1, 5.0, 77, 88, 'boot', 0.0, '');"
        "PRAGMA user_version = 1;");
  }
  for (int i = 0; i < 2; ++i) {
    Launches launches(folder / "l.sqlite");
    const auto launch = launches.of("r");
    ASSERT_TRUE(launch.has_value());
    EXPECT_EQ(launch->process, (ProcessId{77, 88, "boot"}));
    EXPECT_EQ(launch->job, "");
  }
}

}  // namespace
}  // namespace ecumene::engine::daemon
