// SPDX-License-Identifier: Apache-2.0
#include "engine/transfer/snapshot.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/engine/transfer/transferred.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::transfer {
namespace {

namespace fs = std::filesystem;

class SnapshotTest : public testing::Test {
 protected:
  SnapshotTest() { run::RunDirectory::create(run_, config::preset("nano")).metrics(1, {{"loss.total", 2.0}}); }
  Snapshot take(Snapshot::Run extent = Snapshot::Run::kWhole) {
    return Snapshot::ofRun(run_, extent, folder_ / ("staging" + std::to_string(count_++)));
  }
  static std::set<std::string> namesOf(const Snapshot& snapshot) {
    std::set<std::string> names;
    for (const File& file : snapshot.files()) names.insert(file.name);
    return names;
  }

  test::TempFolder folder_;
  const fs::path run_ = folder_ / "run";
  int count_ = 0;
};

TEST_F(SnapshotTest, HasNothingUnfinishedHiddenOrLocked) {
  test::writeCheckpoint(run_, 5, 5, 100);
  for (const char* name : {"checkpoints/step-0000000009.incomplete/model", "checkpoints/step-0000000001.removed/model",
                           "checkpoints/notes", "artifacts/x.h5.incomplete", ".hidden/file", ".file", "lock"}) {
    test::write(run_ / name, "x");
  }
  test::write(run_ / "artifacts" / "predictions.h5", "y");
  EXPECT_EQ(namesOf(take()),
            (std::set<std::string>{"artifacts/predictions.h5", "checkpoints/step-0000000005/manifest.json",
                                   "checkpoints/step-0000000005/manifest.sha256",
                                   "checkpoints/step-0000000005/model-00001.safetensors",
                                   "checkpoints/step-0000000005/run.toml", "run.sqlite", "run.toml"}));
}

TEST_F(SnapshotTest, KeepsCheckpointsThatTheirTrainerRemoves) {
  for (const int step : {5, 10}) test::writeCheckpoint(run_, step, 5, 3000000);
  const auto before = test::contentOf(run_);
  Snapshot snapshot = take();
  fs::remove_all(run_ / "checkpoints");
  HashCache cache;
  snapshot.hash(cache, test::onward);
  std::map<std::string, std::string> content;
  for (std::size_t i = 0; i < snapshot.files().size(); ++i) {
    const File& file = snapshot.files()[i];
    if (file.name != "run.sqlite") content[file.name] = sha256OfFile(snapshot.path(i));
    EXPECT_EQ(file.sha256, sha256OfFile(snapshot.path(i))) << file.name;
  }
  EXPECT_EQ(content, before);
}

TEST_F(SnapshotTest, OfAMirrorHasTheNewestAndTheBestCheckpoint) {
  const auto checkpoints = [&] {
    std::set<std::string> found;
    for (const std::string& name : namesOf(take(Snapshot::Run::kMirror))) {
      if (name.starts_with("checkpoints/")) found.insert(name.substr(12, 15));
    }
    return found;
  };
  EXPECT_TRUE(checkpoints().empty());
  for (const int step : {3, 5, 7}) test::writeCheckpoint(run_, step, 5, 100);
  EXPECT_EQ(checkpoints(), (std::set<std::string>{"step-0000000005", "step-0000000007"}));
  test::writeCheckpoint(run_, 9, -1, 100);
  EXPECT_EQ(checkpoints(), std::set<std::string>{"step-0000000009"});
}

TEST_F(SnapshotTest, FollowsNoLink) {
  test::write(folder_ / "secret", "secret");
  fs::create_symlink(folder_ / "secret", run_ / "report.md");
  EXPECT_EQ(test::errorOf([&] { take(); }).failure(), "links and special files are not copied");
  fs::remove(run_ / "report.md");
  fs::create_directories(folder_ / "elsewhere");
  test::write(folder_ / "elsewhere" / "secret", "secret");
  fs::create_directory_symlink(folder_ / "elsewhere", run_ / "figures");
  EXPECT_EQ(test::errorOf([&] { take(); }).failure(), "links and special files are not copied");
}

TEST_F(SnapshotTest, OfACheckpointTakesItByNameNewestOrBest) {
  for (const int step : {5, 10}) test::writeCheckpoint(run_, step, 5, 100);
  const auto modelOf = [&](const std::string& part) {
    const Snapshot snapshot = Snapshot::ofCheckpoint(run_ / "checkpoints", part, folder_ / "staging");
    const auto& files = snapshot.files();
    const auto model = std::find_if(files.begin(), files.end(),
                                    [](const File& file) { return file.name == "model-00001.safetensors"; });
    return model == files.end()
               ? std::string()
               : readFile(snapshot.path(static_cast<std::size_t>(std::distance(files.begin(), model))));
  };
  EXPECT_EQ(modelOf("newest"), test::bytes(100, 10));
  EXPECT_EQ(modelOf("best"), test::bytes(100, 5));
  EXPECT_EQ(modelOf("step-0000000005"), test::bytes(100, 5));
  for (const char* part : {"step-0000000006", "../../elsewhere", "", "step-0000000005/../x"}) {
    EXPECT_EQ(test::errorOf([&] { modelOf(part); }).failure(), "the run has no such checkpoint") << part;
  }
}

TEST(InnerNames, LeadNowhereElse) {
  for (const char* name : {"run.toml", "checkpoints/step-0000000001/model-00001.safetensors", "planets/1f/a~1.h5",
                           "-rf", "a b", "\xC3\xA4"}) {
    EXPECT_NO_THROW(requireInnerName(name)) << name;
  }
  for (const std::string& name :
       {std::string(), std::string(".."), std::string("../x"), std::string("a/../../x"), std::string("/etc/passwd"),
        std::string("a//b"), std::string("a/"), std::string(".ssh/key"), std::string("a/.b"), std::string("a\0b", 3),
        std::string("a\nb"), std::string("a\\b"), std::string("\xFF"), std::string(201, 'a'), std::string(1025, '/')}) {
    EXPECT_THROW(requireInnerName(name), Error) << name;
  }
  EXPECT_THROW(requireInnerNames({{"a", 1, ""}, {"a", 1, ""}}), Error);
}

}  // namespace
}  // namespace ecumene::engine::transfer
