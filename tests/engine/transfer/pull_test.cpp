// SPDX-License-Identifier: Apache-2.0
// Between a real daemon and this machine's folders, over its socket.
#include "engine/transfer/pull.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <random>

#include "data/store/store.h"
#include "engine/transfer/origin.h"
#include "tests/engine/transfer/transferred.h"
#include "tests/support/sample_planet.h"
#include "tests/support/small_disk.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::transfer {
namespace {

namespace fs = std::filesystem;
using test::what;

class Pull : public testing::Test {
 protected:
  Pull() {
    run::RunDirectory run = served_.make("a");
    for (int step = 1; step <= 500; ++step) run.metrics(step, {{"loss.total", 1.0 / step}, {"epoch", 0.1 * step}});
    run.event(3, "note", "something");
    run.setState(run::State::kRunning);
    for (const int step : {5, 10}) test::writeCheckpoint(folder(), step, 5, 2500000);
    test::write(folder() / "artifacts" / "predictions.h5", test::bytes(700000, 1));
    test::write(folder() / "empty", "");
    test::write(folder() / "log", "one line\n");
  }
  [[nodiscard]] fs::path folder() const { return served_.runs() / "a"; }
  void expectWhole(const fs::path& copy) const {
    EXPECT_EQ(test::contentOf(copy), test::contentOf(folder()));
    test::expectSameJournal(copy, folder());
  }
  [[nodiscard]] std::string stateThere(const std::string& run) const {
    wire::ShowRunRequest request;
    request.set_run(run);
    return served_.client().call(&wire::Runs::Stub::Show, request).run().state();
  }

  test::Served served_;
  test::TempFolder here_;
};

TEST_F(Pull, CutAtManyBytesGoesOnAndIsWhole) {
  std::mt19937 random(7);
  const fs::path target = here_ / "copy";
  std::uint64_t moved = 0, most = 0;
  int cuts = 0;
  for (bool whole = false; !whole; ++cuts) {
    auto client = served_.client();
    int left = cuts / 2 + static_cast<int>(random() % 4);
    try {
      const Copied copied = pull(client, what("run", "a"), target, [&](std::uint64_t done, std::uint64_t) {
        most = std::max(most, done);
        return --left >= 0;
      });
      whole = true;
      moved = copied.moved;
      EXPECT_EQ(copied.duplicate, false);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCancelled) << error.what();
      EXPECT_FALSE(fs::exists(target));
      // A machine that goes down may have lost the end of what it was writing.
      for (const auto& entry : fs::recursive_directory_iterator(here_.path())) {
        if (entry.path().filename() == ".part" && random() % 2 == 0) {
          fs::resize_file(entry.path(), entry.file_size() - random() % (entry.file_size() + 1));
        }
      }
      ASSERT_LT(cuts, 400);
    }
  }
  EXPECT_GT(cuts, 5);
  EXPECT_LT(moved, most);
  expectWhole(target);
  EXPECT_EQ(test::entriesIn(here_.path()), 1U);
  EXPECT_EQ(test::entriesIn(served_.runs() / ".daemon" / "copies"), 0U);
  std::printf("%d cuts, 0 copies that differ\n", cuts);
}

TEST_F(Pull, ARunThatWorksThereIsShownAsCopiedHere) {
  auto client = served_.client();
  pull(client, what("run", "a"), served_.runs() / "b", test::onward);
  EXPECT_EQ(stateThere("a"), "killed");
  EXPECT_EQ(stateThere("b"), "copied");
  const auto origin = originOf(served_.runs() / "b");
  ASSERT_TRUE(origin);
  EXPECT_EQ(origin->id, "a");
  EXPECT_FALSE(origin->mirror);
  // Trained here since, it is a run like others.
  run::RunDirectory::open(served_.runs() / "b").setState(run::State::kPaused);
  EXPECT_EQ(stateThere("b"), "killed");
  run::RunDirectory::open(served_.runs() / "b").setState(run::State::kStopped);
  EXPECT_EQ(stateThere("b"), "stopped");
}

TEST_F(Pull, AFlippedByteIsRefused) {
  auto client = served_.client();
  const fs::path model = folder() / "checkpoints" / "step-0000000010" / "model-00001.safetensors";
  bool flipped = false;
  const Error error = test::errorOf([&] {
    pull(client, what("run", "a"), here_ / "copy", [&](std::uint64_t done, std::uint64_t) {
      if (done > 0 && !flipped) {
        std::fstream file(model, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(2400000);
        const char byte = static_cast<char>(test::bytes(2400001, 10).back() ^ 1);
        file.write(&byte, 1);
        flipped = true;
      }
      return true;
    });
  });
  EXPECT_EQ(error.failure(), "the file arrived damaged") << error.what();
  EXPECT_FALSE(fs::exists(here_ / "copy"));
  // As it is now, it is another file.
  pull(client, what("run", "a"), here_ / "copy", test::onward);
  expectWhole(here_ / "copy");
}

TEST_F(Pull, OverwritesNothing) {
  auto client = served_.client();
  test::write(here_ / "copy" / "mine", "precious");
  EXPECT_EQ(test::errorOf([&] { pull(client, what("run", "a"), here_ / "copy", test::onward); }).failure(),
            "there is something at the target already, and nothing is overwritten");
  test::write(here_ / "file", "precious");
  EXPECT_THROW(pull(client, what("run", "a"), here_ / "file", test::onward), Error);
  fs::create_directory_symlink(here_ / "nowhere", here_ / "link");
  EXPECT_THROW(pull(client, what("run", "a"), here_ / "link", test::onward), Error);
  EXPECT_EQ(readFile(here_ / "copy" / "mine"), "precious");
  EXPECT_EQ(test::entriesIn(here_.path()), 3U);
  // Somebody puts something there while the copy is on its way.
  EXPECT_THROW(pull(client, what("run", "a"), here_ / "late",
                    [&](std::uint64_t done, std::uint64_t) {
                      if (done > 0) test::write(here_ / "late" / "mine", "precious");
                      return true;
                    }),
               Error);
  EXPECT_EQ(test::entriesIn(here_ / "late"), 1U);
  fs::create_directory(here_ / "empty");
  pull(client, what("run", "a"), (here_ / "empty").string() + "/", test::onward);
  expectWhole(here_ / "empty");
}

TEST_F(Pull, AskedForWhatIsNotThereSaysSo) {
  auto client = served_.client();
  for (const auto& wanted :
       {what("run", "nothing"), what("run", "../a"), what("run", ""), what("secret", "a"), what("store", "nothing"),
        what("checkpoint", "a", "step-0000000011"), what("checkpoint", "a", "../../../../etc"),
        what("planet", "main", "'; DROP TABLE planet"), what("planet", "main", "../../x")}) {
    EXPECT_THROW(pull(client, wanted, here_ / "copy", test::onward), Error) << wanted.DebugString();
    EXPECT_FALSE(fs::exists(here_ / "copy"));
  }
  wire::PiecesRequest request;
  request.set_copy("../../a");
  EXPECT_THROW(client.stream(&wire::Transfer::Stub::Pieces, request, [](const wire::Chunk&) { return true; }), Error);
}

TEST_F(Pull, AFullDiskLeavesNothingHalfAndGoesOnOnceThereIsRoom) {
  auto client = served_.client();
  {
    const test::SmallDisk disk(here_ / "small", std::size_t{16} << 20U);
    if (!disk.mounted()) GTEST_SKIP() << "no right to mount a small disk";
    const Error error = test::errorOf([&] { pull(client, what("run", "a"), here_ / "small" / "copy", test::onward); });
    EXPECT_EQ(error.failure(), "the disk has no room for it") << error.what();
    EXPECT_FALSE(fs::exists(here_ / "small" / "copy"));
  }
  // Another program takes the room that was there when it was asked.
  const test::SmallDisk disk(here_ / "disk", std::size_t{280} << 20U);
  const fs::path target = here_ / "disk" / "copy";
  const Error error = test::errorOf([&] {
    pull(client, what("run", "a"), target, [&](std::uint64_t done, std::uint64_t) {
      if (done > 1000000 && !fs::exists(here_ / "disk" / "filler")) {
        std::ofstream filler(here_ / "disk" / "filler", std::ios::binary);
        const std::string piece(1 << 20, 'x');
        while (filler) filler << piece << std::flush;
      }
      return true;
    });
  });
  EXPECT_EQ(error.kind(), ErrorKind::kEnvironment) << error.what();
  EXPECT_FALSE(fs::exists(target));
  fs::remove(here_ / "disk" / "filler");
  pull(client, what("run", "a"), target, test::onward);
  expectWhole(target);
}

TEST_F(Pull, ACheckpointBecomesAFolderOfItsOwn) {
  auto client = served_.client();
  pull(client, what("checkpoint", "a", "best"), here_ / "best", test::onward);
  EXPECT_EQ(test::contentOf(here_ / "best"), test::contentOf(folder() / "checkpoints" / "step-0000000005"));
}

TEST_F(Pull, AStoreIsWholeAndAPlanetGoesIntoOne) {
  const fs::path there = served_.folder() / "store";
  std::vector<std::string> ids;
  {
    auto store = data::store::Store::open(there, data::store::Mode::kCreate);
    for (std::uint64_t i = 0; i < 5; ++i) ids.push_back(store.add(test::samplePlanet(i)).id);
    store.remove(ids.back());
    ids.pop_back();
    // While it is written to.
    auto client = served_.client();
    pull(client, what("store", "main"), here_ / "store", test::onward);
  }
  const auto copy = data::store::Store::open(here_ / "store", data::store::Mode::kRead);
  const auto original = data::store::Store::open(there, data::store::Mode::kRead);
  EXPECT_TRUE(copy.check().empty());
  EXPECT_EQ(copy.ids(), original.ids());
  for (const std::string& id : ids) EXPECT_EQ(copy.get(id), original.get(id));
  auto client = served_.client();
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(pull(client, what("planet", "main", ids[1]), here_ / "one", test::onward).duplicate, i == 1);
  }
  test::expectSamePlanet(data::store::Store::open(here_ / "one", data::store::Mode::kRead).get(ids[1]),
                         original.get(ids[1]));
}

}  // namespace
}  // namespace ecumene::engine::transfer
