// SPDX-License-Identifier: Apache-2.0
// Processes that keep models loaded, with a shell script in the trainer's place, which says who it is.
#include "engine/daemon/inspectors.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "data/base/error.h"
#include "data/base/files.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::daemon {
namespace {

using Json = nlohmann::json;
using std::chrono::milliseconds;

/// Answers each line with its process and the line; a question "die" ends it, "sleep" is answered late, "wrong" is an
/// error. A run with a file "broken" cannot be loaded.
constexpr const char* kScript = R"sh(#!/bin/sh
run=$2
case "$*" in
  *--need*) echo need >> "$run/needs"; echo '{"bytes": 1000}'; exit 0;;
esac
if [ -e "$run/broken" ]; then
  echo '{'; echo '"error": {"what": "the run is broken", "object": "here"}'; echo '}'
  exit 1
fi
while read -r line; do
  case "$line" in
    *die*) echo 'out of ideas' >&2; exit 3;;
    *sleep*) sleep 2;;
    *wrong*) echo '{"id":null,"error":{"what":"no such planet","object":"p","code":1}}'; continue;;
  esac
  printf '{"id":null,"pid":%s,"device":"%s","said":%s}\n' "$$" "$6" "$line"
done
)sh";

class Asked : public ::testing::Test {
 protected:
  Asked() {
    const std::filesystem::path program = folder_ / "programs" / "ecumene-train";
    std::filesystem::create_directories(program.parent_path());
    std::ofstream(program) << kScript;
    ::chmod(program.c_str(), 0700);
    for (const char* id : {"a", "b", "c", "d"}) {
      config::RunSpec spec = config::preset("nano");
      spec.train.device = "cpu";
      (void)run::RunDirectory::create(registry_.folder() / id, spec);
    }
  }
  Inspectors& inspectors(std::optional<std::int64_t> mostBytes = {}, milliseconds idle = Inspectors::kIdle) {
    if (!inspectors_) {
      inspectors_.emplace(registry_, stores_, supervisor_, monitor_,
                          Inspectors::Setup{folder_ / "programs", folder_ / "inspect", mostBytes, idle});
    }
    return *inspectors_;
  }
  Json ask(const std::string& run, const std::string& json = R"({"ask":"x"})", double seconds = 20.0) {
    return Json::parse(inspectors().ask({run, json, {}, seconds}, [](const std::string&) { return true; }));
  }
  pid_t pid(const std::string& run) { return ask(run).at("pid"); }
  static bool lives(pid_t process) { return ::kill(process, 0) == 0; }
  static void waitForEnd(pid_t process) {
    for (int i = 0; i < 500 && lives(process); ++i) std::this_thread::sleep_for(milliseconds(20));
    EXPECT_FALSE(lives(process));
  }

  test::TempFolder folder_;
  Registry registry_{folder_ / "runs"};
  Stores stores_{{{"main", folder_ / "store"}}};
  Supervisor supervisor_{registry_, stores_, {folder_ / "programs", folder_ / "launches.sqlite"}};
  Monitor monitor_{registry_, supervisor_, {folder_ / "alerts.sqlite", "", folder_ / "on-alert.log"}};
  std::optional<Inspectors> inspectors_;
};

TEST_F(Asked, OneProcessStaysForARunsQuestions) {
  const Json first = ask("a", "{\"ask\": \"x\",\n \"planet\": \"p\\n\u00e9\"}");
  EXPECT_EQ(first.at("said"), Json::parse(R"({"ask":"x","planet":"p\né"})"));
  EXPECT_EQ(first.at("device"), "cpu");
  EXPECT_EQ(pid("a"), first.at("pid"));
  EXPECT_NE(pid("b"), first.at("pid"));
  EXPECT_EQ(readFile(registry_.folder() / "a" / "needs"), "need\n");
}

TEST_F(Asked, TheOldestMakesRoomForAFourth) {
  const pid_t a = pid("a"), b = pid("b"), c = pid("c");
  EXPECT_EQ(pid("a"), a);
  const pid_t d = pid("d");
  waitForEnd(b);
  for (const pid_t process : {a, c, d}) EXPECT_TRUE(lives(process));
}

TEST_F(Asked, AnIdleOneEndsAndAllEndWithTheDaemon) {
  inspectors({}, milliseconds(100));
  const pid_t idle = pid("a");
  waitForEnd(idle);
  EXPECT_NE(pid("a"), idle);
  inspectors_.reset();
  inspectors();
  const pid_t left = pid("a");
  inspectors_.reset();
  EXPECT_FALSE(lives(left));
}

TEST_F(Asked, AnotherCheckpointIsLoaded) {
  const pid_t before = pid("a");
  const std::filesystem::path checkpoint = registry_.folder() / "a" / "checkpoints" / "step-0000000007";
  std::filesystem::create_directories(checkpoint);
  writeFileAtomically(checkpoint / "manifest.sha256", "x");
  const pid_t after = pid("a");
  EXPECT_NE(after, before);
  EXPECT_EQ(pid("a"), after);
  // So is what an evaluation left.
  std::filesystem::create_directories(registry_.folder() / "a" / "artifacts");
  writeFileAtomically(registry_.folder() / "a" / "artifacts" / "hull.json", "{}");
  EXPECT_NE(pid("a"), after);
}

TEST_F(Asked, ErrorsAreWordForWordAndEndNothing) {
  const pid_t before = pid("a");
  const Error wrong = test::errorOf([&] { (void)ask("a", R"({"ask":"wrong"})"); });
  EXPECT_EQ(wrong.failure(), "no such planet");
  EXPECT_EQ(wrong.object(), "p");
  EXPECT_EQ(wrong.kind(), ErrorKind::kInput);
  EXPECT_EQ(pid("a"), before);
  const Error died = test::errorOf([&] { (void)ask("a", R"({"ask":"die"})"); });
  EXPECT_EQ(died.kind(), ErrorKind::kEnvironment);
  EXPECT_NE(std::string(died.what()).find("out of ideas"), std::string::npos) << died.what();
  EXPECT_EQ(died.nextStep(), "ask again");
  EXPECT_NE(pid("a"), before);
  writeFileAtomically(registry_.folder() / "b" / "broken", "");
  EXPECT_EQ(test::errorOf([&] { (void)ask("b"); }).failure(), "the run is broken");
  std::filesystem::remove(registry_.folder() / "b" / "broken");
  EXPECT_GT(pid("b"), 0);
}

TEST_F(Asked, WhatIsNoQuestionIsRefusedBeforeAModelIsLoaded) {
  std::string deep = R"({"ask":)";
  for (int i = 0; i < 20000; ++i) deep += '[';
  for (const std::string& json :
       {std::string("hello"), std::string("[]"), std::string("3"), std::string("{\"ask\":"), std::string("\xff"), deep,
        std::string(Inspectors::kMostBytes + 1, ' ') + "{}", std::string("{\0}", 3)}) {
    EXPECT_EQ(test::errorOf([&] { (void)ask("a", json); }).kind(), ErrorKind::kUsage) << json.substr(0, 40);
  }
  for (const char* run : {"", "../a", "/etc", ".daemon", "none"}) EXPECT_THROW((void)ask(run), Error) << run;
  const auto always = [](const std::string&) { return true; };
  EXPECT_THROW((void)inspectors().ask({"a", "{}", "nowhere", 5.0}, always), Error);
  for (const double seconds : {-1.0, 1e9, std::numeric_limits<double>::quiet_NaN()}) {
    EXPECT_THROW((void)inspectors().ask({"a", "{}", {}, seconds}, always), Error);
  }
  EXPECT_FALSE(std::filesystem::exists(registry_.folder() / "a" / "needs"));
}

TEST_F(Asked, TooLittleMemoryIsRefusedWithBothNumbers) {
  inspectors(999);
  const Error refused = test::errorOf([&] { (void)ask("a"); });
  EXPECT_EQ(refused.kind(), ErrorKind::kEnvironment);
  EXPECT_NE(refused.expectation().find("1000 bytes"), std::string::npos) << refused.what();
  EXPECT_NE(refused.finding().find("999 bytes"), std::string::npos) << refused.what();
}

TEST_F(Asked, WhoIsLateGetsNoAnswerAndTheNextOneDoes) {
  const pid_t before = pid("a");
  const Error late = test::errorOf([&] { (void)ask("a", R"({"ask":"sleep"})", 0.3); });
  EXPECT_NE(std::string(late.what()).find("not answered in time"), std::string::npos) << late.what();
  const pid_t after = pid("a");
  EXPECT_NE(after, before);
}

TEST_F(Asked, WhoGoesAwayTakesNobodyWithHim) {
  const pid_t before = pid("a");
  std::atomic<bool> wanted = true;
  std::atomic<int> given = 0;
  const auto giveUp = [&] {
    try {
      (void)inspectors().ask({"a", R"({"ask":"sleep"})", {}, 20.0}, [&](const std::string&) { return wanted.load(); });
    } catch (const Error& error) {
      given += error.kind() == ErrorKind::kCancelled ? 1 : 0;
    }
  };
  {
    // One is being answered, two wait; of these one goes away, and the first.
    std::jthread first(giveUp);
    std::this_thread::sleep_for(milliseconds(300));
    std::jthread second(giveUp);
    std::jthread third([&] { EXPECT_EQ(pid("a"), before); });
    std::this_thread::sleep_for(milliseconds(300));
    wanted = false;
  }
  // The first one's answer was on its way.
  EXPECT_EQ(given, 1);
  EXPECT_EQ(pid("a"), before);
}

TEST_F(Asked, OnlySoManyWait) {
  (void)pid("a");
  std::atomic<int> refused = 0, answered = 0;
  std::vector<std::jthread> clients;
  std::jthread slow([&] { (void)ask("a", R"({"ask":"sleep"})"); });
  std::this_thread::sleep_for(milliseconds(300));
  for (std::size_t i = 0; i < Inspectors::kMostQuestions + 3; ++i) {
    clients.emplace_back([&] {
      try {
        (void)ask("a");
        ++answered;
      } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("too many questions"), std::string::npos) << error.what();
        ++refused;
      }
    });
  }
  clients.clear();
  slow = {};
  EXPECT_EQ(refused, 4);
  EXPECT_EQ(answered, static_cast<int>(Inspectors::kMostQuestions) - 1);
}

}  // namespace
}  // namespace ecumene::engine::daemon
