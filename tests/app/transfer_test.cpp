// SPDX-License-Identifier: Apache-2.0
// Copies of runs that a real trainer is at work on.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "data/base/hash.h"
#include "tests/app/session.h"

namespace ecumene {
namespace {

namespace fs = std::filesystem;
using test::Finished;
using test::Json;
using test::Session;

/// Hash of each file below a folder, but the manifest, which says the time that steps took.
std::map<std::string, std::string> weightsOf(const fs::path& checkpoint) {
  std::map<std::string, std::string> hashes;
  for (const auto& entry : fs::directory_iterator(checkpoint)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with(".safetensors")) hashes[name] = sha256OfFile(entry.path());
  }
  return hashes;
}

std::string newestOf(const fs::path& run) {
  std::string newest;
  for (const auto& entry : fs::directory_iterator(run / "checkpoints")) {
    newest = std::max(newest, entry.path().filename().string());
  }
  return newest;
}

TEST(Transfer, ARunPulledWhileItTrainsGoesOnBitEqual) {
  Session session;
  session.launch("a", "14");
  session.waitForStep("a", 2);
  EXPECT_EQ(session.ctl({"checkpoint", "a"}).code, 0);
  const fs::path copy = session.folder() / "copy";
  const Finished pulled = session.ctl({"pull", "a", "--to", copy.string()});
  ASSERT_EQ(pulled.code, 0) << pulled.err << pulled.out;
  EXPECT_EQ(engine::run::RunDirectory::open(copy).state(), engine::run::State::kRunning);
  const std::string begun = newestOf(copy);
  session.waitForState("a", "finished");
  const std::string last = newestOf(session.runs() / "a");
  EXPECT_LT(begun, last);
  const Finished resumed = test::runProgram({"ecumene-train", "resume", copy.string(), "--no-eval", "--plain"});
  ASSERT_EQ(resumed.code, 0) << resumed.err;
  EXPECT_EQ(newestOf(copy), last);
  const auto weights = weightsOf(copy / "checkpoints" / last);
  EXPECT_GT(weights.size(), 1U);
  EXPECT_EQ(weights, weightsOf(session.runs() / "a" / "checkpoints" / last));
}

TEST(Transfer, AMirrorFollowsARunToItsEnd) {
  Session session;
  session.launch("a", "500");
  session.waitForStep("a", 1);
  const fs::path mirror = session.folder() / "mirror";
  test::Running following(
      {"ecumenectl", "--socket", session.socket(), "mirror", "a", "--to", mirror.string(), "--follow"});
  std::int64_t seen = 0;
  for (int i = 0; i < 600 && seen < 2; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    std::error_code ignored;
    if (fs::exists(mirror / "run.toml", ignored)) seen = engine::run::RunDirectory::open(mirror).lastMetric();
  }
  EXPECT_GT(seen, 0);
  EXPECT_EQ(session.ctl({"stop", "a"}).code, 0);
  session.waitForState("a", "stopped");
  const Finished followed = following.finish();
  EXPECT_EQ(followed.code, 0) << followed.err;
  const auto there = engine::run::RunDirectory::open(session.runs() / "a"),
             here = engine::run::RunDirectory::open(mirror);
  EXPECT_EQ(here.state(), engine::run::State::kStopped);
  EXPECT_EQ(here.lastMetric(), there.lastMetric());
  EXPECT_EQ(here.metricsAfter(0).size(), there.metricsAfter(0).size());
  EXPECT_EQ(here.eventsAfter(0).size(), there.eventsAfter(0).size());
  const std::string newest = newestOf(session.runs() / "a");
  EXPECT_EQ(newestOf(mirror), newest);
  EXPECT_EQ(weightsOf(mirror / "checkpoints" / newest), weightsOf(session.runs() / "a" / "checkpoints" / newest));
  // It is a run that programs here open.
  const Finished asked = test::runProgram({"ecumene-train", "predict", mirror.string(), "--planet", "all"});
  EXPECT_EQ(asked.code, 0) << asked.err;
}

TEST(Transfer, WordsSayWhatIsWrong) {
  Session session;
  EXPECT_EQ(session.ctl({"pull", "nothing", "--to", (session.folder() / "x").string()}).code, 1);
  EXPECT_EQ(session.ctl({"pull", "six"}).code, 2);
  EXPECT_EQ(session.ctl({"push", session.folder().path().string()}).code, 1);
  EXPECT_EQ(session.ctl({"mirror", "../six", "--to", (session.folder() / "x").string()}).code, 2);
  const Json pulled = session.json({"pull", "six", "--to", (session.folder() / "copy").string()});
  EXPECT_EQ(pulled.at("files"), 7);
  EXPECT_EQ(session.ctl({"pull", "six", "--to", (session.folder() / "copy").string()}).code, 1);
}

}  // namespace
}  // namespace ecumene
