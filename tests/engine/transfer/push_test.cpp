// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <fstream>
#include <future>
#include <thread>

#include "data/store/store.h"
#include "engine/protocol/upload.h"
#include "engine/transfer/pull.h"
#include "tests/engine/transfer/transferred.h"
#include "tests/support/sample_planet.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::transfer {
namespace {

namespace fs = std::filesystem;
using test::what;

class Push : public testing::Test {
 protected:
  Push() {
    config::RunSpec spec = config::preset("nano");
    spec.train.device = "cpu";
    run::RunDirectory run = run::RunDirectory::create(local_, spec);
    for (int step = 1; step <= 50; ++step) run.metrics(step, {{"loss.total", 1.0 / step}});
    run.setState(run::State::kStopped);
    for (const int step : {5, 10}) test::writeCheckpoint(local_, step, 5, 2500000);
  }
  [[nodiscard]] std::vector<std::string> runs() const {
    std::vector<std::string> ids;
    const auto reply = served_.client().call(&wire::Runs::Stub::List, wire::ListRunsRequest());
    for (const wire::Run& run : reply.runs()) ids.push_back(run.id());
    return ids;
  }
  /// Uploads a content; its hash.
  std::string upload(const std::string& content) {
    const std::string hash = sha256(content);
    test::write(here_ / hash, content);
    auto client = served_.client();
    return protocol::upload(client, {here_ / hash, hash, content.size(), hash});
  }
  void finish(const wire::CopyWhat& what, const std::vector<File>& files) {
    auto client = served_.client();
    bool said = false;
    client.send(&wire::Transfer::Stub::FinishPush, [&](wire::FinishPushRequest& request) {
      if (std::exchange(said, true)) return false;
      *request.mutable_what() = what;
      for (const File& file : files) {
        wire::CopyFile& out = *request.add_files();
        out.set_name(file.name);
        out.set_bytes(file.bytes);
        out.set_sha256(file.sha256);
      }
      return true;
    });
  }

  test::Served served_;
  test::TempFolder here_;
  const fs::path local_ = here_ / "local";
};

TEST_F(Push, CutAtEveryPieceARunAppearsOnlyWhenItIsWhole) {
  int cuts = 0;
  for (bool whole = false; !whole; ++cuts) {
    auto client = served_.client();
    int left = cuts;
    try {
      push(client, what("run", "pushed"), local_, [&](std::uint64_t, std::uint64_t) { return --left >= 0; });
      whole = true;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCancelled) << error.what();
      EXPECT_TRUE(runs().empty());
      ASSERT_LT(cuts, 300);
    }
  }
  EXPECT_GT(cuts, 5);
  EXPECT_EQ(runs(), std::vector<std::string>{"pushed"});
  EXPECT_EQ(test::contentOf(served_.runs() / "pushed"), test::contentOf(local_));
  test::expectSameJournal(served_.runs() / "pushed", local_);
  EXPECT_EQ(test::entriesIn(served_.runs() / ".daemon" / "uploads"), 0U);
  EXPECT_EQ(test::entriesIn(served_.runs()), 2U);
  auto client = served_.client();
  EXPECT_EQ(test::errorOf([&] { push(client, what("run", "pushed"), local_, test::onward); }).failure(),
            "there is something at the target already, and nothing is overwritten");
}

TEST_F(Push, ARunWithADamagedJournalIsRefused) {
  {
    run::RunDirectory run = run::RunDirectory::open(local_);
    for (int step = 51; step <= 5000; ++step) run.metrics(step, {{"loss.total", 1.0 / step}});
    run.flush();
  }
  // A leaf that no look at the state, the last metrics or the commands reads.
  const fs::path journal = local_ / "run.sqlite";
  std::fstream file(journal, std::ios::in | std::ios::out | std::ios::binary);
  constexpr std::streamoff kPage = 4096;
  file.seekp(static_cast<std::streamoff>(fs::file_size(journal)) / kPage / 2 * kPage);
  file << std::string(64, '\xff');
  file.close();
  auto client = served_.client();
  const Error error = test::errorOf([&] { push(client, what("run", "pushed"), local_, test::onward); });
  EXPECT_NE(std::string(error.what()).find("damaged"), std::string::npos) << error.what();
  EXPECT_TRUE(runs().empty());
}

TEST_F(Push, SeveralAtOnceWithFilesInCommonAreAllWhole) {
  constexpr int kPushes = 4;
  std::vector<std::thread> threads;
  std::vector<std::string> problems(kPushes);
  for (int i = 0; i < kPushes; ++i) {
    threads.emplace_back([&, i] {
      auto client = served_.client();
      problems[static_cast<std::size_t>(i)] = test::messageOf([&] {
        // Each stays a while at each piece, so that they meet.
        push(client, what("run", "pushed" + std::to_string(i)), local_, [&](std::uint64_t, std::uint64_t) {
          std::this_thread::sleep_for(std::chrono::milliseconds(7 * (i + 1)));
          return true;
        });
      });
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& problem : problems) EXPECT_EQ(problem, "nothing thrown");
  for (int i = 0; i < kPushes; ++i) {
    const fs::path there = served_.runs() / ("pushed" + std::to_string(i));
    EXPECT_EQ(test::contentOf(there), test::contentOf(local_)) << i;
    EXPECT_EQ(fs::hard_link_count(there / "run.sqlite"), 1U) << i;
  }
  EXPECT_EQ(test::entriesIn(served_.runs() / ".daemon" / "uploads"), 0U);
}

TEST_F(Push, WaitsForWhoSendsTheSameAndCountsWhatItMovedItself) {
  const fs::path checkpoint = local_ / "checkpoints" / "step-0000000010";
  const fs::path file = checkpoint / "model-00001.safetensors";
  const std::string content = readFile(file), hash = sha256(content);
  constexpr std::size_t kPiece = 1 << 20;
  ASSERT_GT(content.size(), 2 * kPiece);
  (void)served_.make("b");
  // Another client sends two pieces: the second once this one has said that it waits.
  std::promise<void> begun, waited;
  std::thread another([&] {
    auto client = served_.client();
    wire::BeginUploadRequest begin;
    begin.set_name(hash);
    begin.set_sha256(hash);
    begin.set_bytes(content.size());
    client.call(&wire::Jobs::Stub::BeginUpload, begin);
    std::size_t pieces = 0;
    client.send(&wire::Jobs::Stub::Upload, [&](wire::UploadChunk& chunk) {
      if (pieces == 1) {
        const fs::path part = served_.runs() / ".daemon" / "uploads" / hash / ".part";
        while (!fs::exists(part) || fs::file_size(part) < kPiece) std::this_thread::yield();
        begun.set_value();
        waited.get_future().wait_for(std::chrono::seconds(20));
      }
      if (pieces == 2) return false;
      chunk.set_upload(hash);
      chunk.set_offset(pieces * kPiece);
      chunk.set_data(content.substr(pieces++ * kPiece, kPiece));
      return true;
    });
  });
  begun.get_future().wait();
  int waits = 0;
  auto client = served_.client();
  const Copied copied = push(client, what("checkpoint", "b"), checkpoint, test::onward, [&] {
    if (++waits == 1) waited.set_value();
  });
  another.join();
  EXPECT_EQ(waits, 1);
  EXPECT_EQ(copied.moved, copied.bytes - 2 * kPiece);
  EXPECT_EQ(test::contentOf(served_.runs() / "b" / "checkpoints" / "step-0000000010"), test::contentOf(checkpoint));
}

TEST_F(Push, OfTwoToOneTargetOneIsWholeThereAndTheOtherIsRefused) {
  (void)served_.make("b");
  constexpr int kFiles = 200;
  const std::string content = upload("content");
  std::vector<std::thread> threads;
  std::array<std::string, 2> problems;
  for (const std::size_t i : {0U, 1U}) {
    std::vector<File> files = {{"manifest.sha256", 7, content}};
    for (int file = 0; file < kFiles; ++file) {
      files.push_back({"ab"[i] + std::to_string(file), 7, content});
    }
    threads.emplace_back([&, i, files] {
      problems[i] = test::messageOf([&] { finish(what("checkpoint", "b", "step-0000000010"), files); });
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::size_t winner = problems[0] == "nothing thrown" ? 0 : 1;
  EXPECT_EQ(problems[winner], "nothing thrown");
  EXPECT_NE(problems[1 - winner].find("nothing is overwritten"), std::string::npos) << problems[1 - winner];
  const fs::path there = served_.runs() / "b" / "checkpoints";
  EXPECT_EQ(test::entriesIn(there), 1U);
  EXPECT_EQ(test::entriesIn(there / "step-0000000010"), kFiles + 1U);
  for (int file = 0; file < kFiles; ++file) {
    const fs::path one = there / "step-0000000010" / ("ab"[winner] + std::to_string(file));
    EXPECT_TRUE(fs::exists(one)) << one;
  }
}

TEST_F(Push, HostileNamesChangeNothing) {
  const std::string toml = upload(readFile(local_ / "run.toml")), content = upload("content");
  const std::uint64_t size = readFile(local_ / "run.toml").size();
  for (const std::string& name :
       {std::string("../escaped"), std::string("/tmp/escaped"), std::string("a/../../escaped"), std::string(".hidden"),
        std::string("run.toml/x"), std::string("a\nb"), std::string()}) {
    EXPECT_THROW(finish(what("run", "evil"), {{"run.toml", size, toml}, {name, 7, content}}), Error) << name;
  }
  for (const char* id : {"../evil", "", ".daemon", "a/b", "-rf"}) {
    EXPECT_THROW(finish(what("run", id), {{"run.toml", size, toml}}), Error) << id;
  }
  for (const char* part : {"../x", "step-1", "", "step-0000000001/../../x"}) {
    EXPECT_THROW(finish(what("checkpoint", "a", part), {{"manifest.sha256", 7, content}}), Error) << part;
  }
  // What is no run is none, and no content is taken that nobody sent.
  EXPECT_THROW(finish(what("run", "evil"), {{"run.toml", size, toml}}), Error);
  EXPECT_THROW(finish(what("run", "evil"), {{"run.toml", 7, sha256("never sent")}}), Error);
  EXPECT_THROW(finish(what("run", "evil"), {{"run.toml", size, "../../" + std::string(58, 'a')}}), Error);
  EXPECT_THROW(finish(what("planet", "main"), {{"planet", 7, content}}), Error);
  EXPECT_THROW(finish(what("mirror", "evil"), {{"run.toml", size, toml}}), Error);
  EXPECT_TRUE(runs().empty());
  EXPECT_EQ(test::entriesIn(served_.runs()), 1U);
  EXPECT_FALSE(fs::exists(served_.folder() / "escaped"));
  EXPECT_FALSE(fs::exists("/tmp/escaped"));
}

TEST_F(Push, ACheckpointGoesIntoARunThatNobodyTrains) {
  const fs::path checkpoint = local_ / "checkpoints" / "step-0000000010";
  auto client = served_.client();
  {
    run::RunDirectory run = served_.make("a");
    run.claim();
    EXPECT_NE(test::messageOf([&] { push(client, what("checkpoint", "a"), checkpoint, test::onward); }).find("trains"),
              std::string::npos);
  }
  (void)served_.make("b");
  push(client, what("checkpoint", "b"), checkpoint, test::onward);
  EXPECT_EQ(test::contentOf(served_.runs() / "b" / "checkpoints" / "step-0000000010"), test::contentOf(checkpoint));
  EXPECT_THROW(push(client, what("checkpoint", "b"), checkpoint, test::onward), Error);
  EXPECT_THROW(push(client, what("checkpoint", "nothing"), checkpoint, test::onward), Error);
}

TEST_F(Push, AStoreFillsAnEmptyPlaceAndAPlanetGoesIntoIt) {
  std::vector<std::string> ids;
  for (const char* name : {"one", "two"}) {
    auto store = data::store::Store::open(here_ / name, data::store::Mode::kCreate);
    for (int i = 0; i < 3; ++i) ids.push_back(store.add(test::samplePlanet(ids.size())).id);
  }
  auto client = served_.client();
  push(client, what("store", "main"), here_ / "one", test::onward);
  EXPECT_THROW(push(client, what("store", "main"), here_ / "two", test::onward), Error);
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(push(client, what("planet", "main", ids[4]), here_ / "two", test::onward).duplicate, i == 1);
  }
  EXPECT_THROW(push(client, what("planet", "main", "nothing"), here_ / "two", test::onward), Error);
  const auto there = data::store::Store::open(served_.folder() / "store", data::store::Mode::kRead);
  EXPECT_EQ(there.ids().size(), 4U);
  EXPECT_TRUE(there.check().empty());
  test::expectSamePlanet(there.get(ids[4]),
                         data::store::Store::open(here_ / "two", data::store::Mode::kRead).get(ids[4]));
}

}  // namespace
}  // namespace ecumene::engine::transfer
