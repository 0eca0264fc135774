// SPDX-License-Identifier: Apache-2.0
#include "engine/run/run_directory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "data/base/error.h"
#include "data/base/files.h"
#include "data/sql/sql.h"
#include "engine/run/events.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"

namespace ecumene::engine::run {
namespace {

namespace fs = std::filesystem;
using test::messageOf;

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
}

#define EXPECT_SAYS(work, words)                                  \
  {                                                               \
    const std::string message = messageOf(work);                  \
    EXPECT_NE(message.find(words), std::string::npos) << message; \
  }

TEST(RunDirectory, NewRunHoldsWhatItWasMadeOf) {
  const test::TempFolder folder;
  config::RunSpec spec = config::preset("nano");
  spec.train.seed = 77;
  RunDirectory::create(folder / "r", spec);
  const RunDirectory run = RunDirectory::open(folder / "r");
  EXPECT_EQ(run.spec(), spec);
  EXPECT_EQ(run.state(), State::kNew);
  EXPECT_TRUE(fs::is_directory(run.checkpoints()));
  EXPECT_TRUE(fs::is_directory(run.artifacts()));
  EXPECT_FALSE(run.owner().has_value());
  EXPECT_TRUE(run.metricsAfter(0).empty());
  EXPECT_TRUE(run.eventsAfter(0).empty());
  EXPECT_TRUE(run.commands().empty());
}

TEST(RunDirectory, EventsOfAKindAreFoundBehindManyOthers) {
  const test::TempFolder folder;
  RunDirectory run = RunDirectory::create(folder / "r", config::preset("nano"));
  run.event(0, "checkpoint", "first");
  constexpr std::size_t kMany = 100002;  // more than one question answers
  for (std::size_t i = 0; i < kMany; ++i) run.event(1, "skipped", "");
  run.event(2, "checkpoint", "last");
  run.event(3, "stopped", "");
  run.flush();
  std::string found;
  for (const Event& event : eventsOf(run, {"checkpoint", "stopped"})) found += event.kind + " " + event.text + "; ";
  EXPECT_EQ(found, "checkpoint first; checkpoint last; stopped ; ");
}

TEST(RunDirectory, IsNotMadeOverSomethingElse) {
  const test::TempFolder folder;
  const config::RunSpec spec = config::preset("nano");
  RunDirectory::create(folder / "r", spec);
  EXPECT_SAYS([&] { RunDirectory::create(folder / "r", spec); }, "holds a run already");
  fs::create_directory(folder / "other");
  write(folder / "other" / "thesis.tex", "years of work");
  EXPECT_SAYS([&] { RunDirectory::create(folder / "other", spec); }, "found 'thesis.tex'");
  EXPECT_EQ(fs::file_size(folder / "other" / "thesis.tex"), 13U);
  EXPECT_SAYS([&] { RunDirectory::open(folder / "other"); }, "is not a run");
}

TEST(RunDirectory, CreationCutShortIsTakenOver) {
  const test::TempFolder folder;
  const config::RunSpec spec = config::preset("nano");
  RunDirectory::create(folder / "r", spec);
  fs::rename(folder / "r" / "run.toml", folder / "r" / "run.toml.incomplete");
  EXPECT_SAYS([&] { RunDirectory::open(folder / "r"); }, "is not a run");
  EXPECT_EQ(RunDirectory::create(folder / "r", spec).spec(), spec);
}

TEST(RunDirectory, NewerRunIsRefusedBeforeItsOptionsAreRead) {
  const test::TempFolder folder;
  RunDirectory::create(folder / "r", config::preset("nano"));
  data::sql::Connection(folder / "r" / "run.sqlite", data::sql::Access::kWrite).execute("PRAGMA user_version = 99");
  write(folder / "r" / "run.toml", "[future]\noption = 1\n");
  EXPECT_SAYS([&] { RunDirectory::open(folder / "r"); }, "made by a newer version");
}

TEST(RunDirectory, OptionsThatWereCutOffAreNotTakenForDefaults) {
  const test::TempFolder folder;
  RunDirectory::create(folder / "r", config::preset("nano"));
  const fs::path file = folder / "r" / "run.toml";
  const std::string whole = readFile(file);
  for (std::size_t end = whole.rfind('\n', whole.size() - 2); end != std::string::npos && end > 0;
       end = whole.rfind('\n', end - 1)) {
    write(file, whole.substr(0, end + 1));
    EXPECT_SAYS([&] { RunDirectory::open(folder / "r"); }, "options are missing");
  }
  write(file, "");
  EXPECT_SAYS([&] { RunDirectory::open(folder / "r"); }, "found no data.store");
  write(file, whole);
  EXPECT_EQ(RunDirectory::open(folder / "r").spec(), config::preset("nano"));
}

TEST(RunDirectory, DamagedJournalSaysSo) {
  const test::TempFolder folder;
  const fs::path journal = folder / "r" / "run.sqlite";
  {
    RunDirectory run = RunDirectory::create(folder / "r", config::preset("nano"));
    for (int step = 1; step <= 4000; ++step) run.metrics(step, {{"loss", 1.0 / step}});
    run.flush();
  }
  const auto size = static_cast<std::streamoff>(fs::file_size(journal));
  ASSERT_GT(size, 40000);
  fs::copy_file(journal, folder / "good");
  const auto restore = [&] { fs::copy_file(folder / "good", journal, fs::copy_options::overwrite_existing); };
  const auto readAll = [&] { (void)RunDirectory::open(folder / "r").metricsAfter(0); };

  write(journal, std::string(static_cast<std::size_t>(size), 'x'));
  EXPECT_SAYS(readAll, "the journal of the run is damaged");
  restore();
  {
    std::fstream file(journal, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(16384);
    file << std::string(static_cast<std::size_t>(size) - 16384, '\xee');
  }
  EXPECT_SAYS(readAll, "the journal of the run is damaged");
  fs::resize_file(journal, 0);
  EXPECT_SAYS(readAll, "not the journal of a run");
  fs::remove(journal);
  EXPECT_SAYS(readAll, "the journal of the run is lost");
  restore();
  EXPECT_EQ(RunDirectory::open(folder / "r").metricsAfter(0).size(), 4000U);
}

TEST(RunDirectory, OneClaimAtATime) {
  const test::TempFolder folder;
  RunDirectory first = RunDirectory::create(folder / "r", config::preset("nano"));
  RunDirectory second = RunDirectory::open(folder / "r");
  {
    RunDirectory owner = std::move(first);
    owner.claim();
    EXPECT_EQ(second.owner(), getpid());
    EXPECT_SAYS([&] { second.claim(); }, "in the hands of process " + std::to_string(getpid()));
    // Refused, not the machine's fault.
    EXPECT_EQ(test::errorOf([&] { second.claim(); }).kind(), ErrorKind::kInput);
  }
  EXPECT_FALSE(second.owner().has_value());
  EXPECT_NO_THROW(second.claim());
}

}  // namespace
}  // namespace ecumene::engine::run
