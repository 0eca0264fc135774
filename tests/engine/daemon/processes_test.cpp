// SPDX-License-Identifier: Apache-2.0
#include "engine/daemon/processes.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "data/base/error.h"
#include "data/base/files.h"
#include "tests/support/temp_folder.h"

namespace ecumene::engine::daemon {
namespace {

int waitFor(pid_t pid) {
  for (int i = 0; i < 2000; ++i) {
    if (const auto code = collect(pid)) return *code;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return -1;
}

TEST(Processes, AreToldApartByTheirStart) {
  const auto self = identify(::getpid());
  ASSERT_TRUE(self.has_value());
  EXPECT_TRUE(isAlive(*self));
  ProcessId reused = *self;
  reused.started -= 1;
  EXPECT_FALSE(isAlive(reused));
  reused = *self;
  reused.boot = "another boot";
  EXPECT_FALSE(isAlive(reused));
  EXPECT_FALSE(identify(0).has_value());
  EXPECT_FALSE(identify(-1).has_value());
}

TEST(Processes, ThatAreDetachedHaveASessionALogAndNothingOfOurs) {
  const test::TempFolder folder;
  const FileDescriptor open(::fcntl(1, F_DUPFD, 30));  // not closed on exec; the shell itself opens 3
  const std::string descriptors = "for f in /proc/self/fd/*; do echo -n ${f##*/},; done";
  const ProcessId process = startDetached(
      {{"/bin/sh", "-c", "echo one; echo two >&2; echo $EXTRA; " + descriptors + "; exit 3"}, {{"EXTRA", "given"}}},
      folder / "log", folder / "log");
  EXPECT_EQ(waitFor(process.pid), 3);
  EXPECT_FALSE(isAlive(process));
  const std::string log = readFile(folder / "log");
  EXPECT_TRUE(log.starts_with("one\ntwo\ngiven\n")) << log;
  EXPECT_EQ(log.find("," + std::to_string(open.get()) + ","), std::string::npos) << log;

  const ProcessId sleeper = startDetached({{"/bin/sleep", "100"}, {}}, folder / "out", folder / "log");
  EXPECT_TRUE(isAlive(sleeper));
  EXPECT_EQ(::getsid(sleeper.pid), sleeper.pid);
  EXPECT_FALSE(collect(sleeper.pid).has_value());
  ::kill(sleeper.pid, SIGKILL);
  EXPECT_EQ(waitFor(sleeper.pid), 128 + SIGKILL);
  EXPECT_FALSE(collect(sleeper.pid).has_value());
}

TEST(Processes, EndsAreSeenOnceWithTheirCode) {
  const test::TempFolder folder;
  for (int i = 0; i < 100; ++i) {
    const ProcessId process = startDetached({{"/bin/sh", "-c", "exit 7"}, {}}, folder / "log", folder / "log");
    std::optional<End> end;
    while (!end) end = endOf(process);
    EXPECT_EQ(end->code, 7) << i;
    // It is no child of ours any more.
    ASSERT_TRUE(endOf(process).has_value());
    EXPECT_FALSE(endOf(process)->code.has_value());
  }
}

TEST(Processes, WhoseFirstThreadHasEndedAreAliveUntilTheLastOneHas) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t pid = ::fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    std::thread([&] {
      char word = 0;
      (void)::read(ends[0], &word, 1);
      ::_exit(7);
    }).detach();
    ::syscall(SYS_exit, 0);
  }
  const FileDescriptor theirs(ends[0]);
  const FileDescriptor ours(ends[1]);
  const auto process = identify(pid);
  ASSERT_TRUE(process.has_value());
  const auto state = [&] {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(file, line);
    return line.at(line.rfind(')') + 2);
  };
  for (int i = 0; i < 1000 && state() != 'Z'; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ASSERT_EQ(state(), 'Z');
  EXPECT_TRUE(isAlive(*process));
  EXPECT_FALSE(endOf(*process).has_value());
  ASSERT_EQ(::write(ours.get(), "x", 1), 1);
  std::optional<End> end;
  while (!end) end = endOf(*process);
  EXPECT_EQ(end->code, 7);
}

TEST(Processes, RunToTheirEndGiveWhatTheyPrinted) {
  const Ended ended = runToEnd({{"/bin/sh", "-c", "echo out; echo err >&2; exit 5"}, {}});
  EXPECT_EQ(ended.code, 5);
  EXPECT_EQ(ended.out, "out\n");
  EXPECT_EQ(ended.err, "err\n");
  EXPECT_THROW((void)runToEnd({{"/nowhere/program"}, {}}), Error);
}

}  // namespace
}  // namespace ecumene::engine::daemon
