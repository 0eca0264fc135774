// SPDX-License-Identifier: GPL-3.0-or-later
// A run of the daemon's machine copied and mirrored to this one, beside the window.
#include <gtest/gtest.h>

#include <QFileDialog>
#include <QPushButton>
#include <QTreeWidget>
#include <algorithm>
#include <fstream>

#include "engine/run/run_directory.h"
#include "tests/support/small_disk.h"
#include "tests/ui/window.h"
#include "ui/runs/run_copies.h"
#include "ui/runs/run_copies_file.h"
#include "ui/runs/run_copies_panel.h"

namespace ecumene::ui::runs {
namespace {

namespace fs = std::filesystem;
namespace run = engine::run;

struct Copying {
  Copying() : served(folder / "no-store"), there(run::RunDirectory::create(served.runs() / "a", spec())) {
    there.event(0, "made", "nano");
    there.metrics(1, {{"loss.total", 2.0}});
    there.flush();
    QObject::connect(&copies, &RunCopies::noted, &client, [this](const shell::Note& note) { notes.push_back(note); });
    client.connectTo("test", served.dial());
    if (!test::waitFor([&] { return client.isUp(); })) ADD_FAILURE() << client.problem().toStdString();
  }
  static engine::config::RunSpec spec() {
    engine::config::RunSpec spec = engine::config::preset("nano");
    spec.train.device = "cpu";
    return spec;
  }
  [[nodiscard]] bool told(const QString& text) const {
    return std::any_of(notes.begin(), notes.end(), [&](const shell::Note& note) { return note.title.contains(text); });
  }
  [[nodiscard]] QString here(const char* name) const { return QString::fromStdString(folder / name); }

  test::TempFolder folder;
  test::Served served;
  run::RunDirectory there;
  client::Client client;
  RunCopies copies{&client};
  std::vector<shell::Note> notes;
};

TEST(RunCopies, ACopyIsWholeAndSaidToBe) {
  Copying copying;
  copying.copies.copy(copying.copies.source(), "a", copying.here("copy"));
  ASSERT_TRUE(test::waitFor([&] { return copying.told("is whole"); }));
  EXPECT_EQ(run::RunDirectory::open(copying.folder / "copy").lastMetric(), 1);
  copying.copies.copy(copying.copies.source(), "a", copying.here("copy"));
  ASSERT_TRUE(test::waitFor([&] { return copying.told("nothing is overwritten"); }));
  EXPECT_EQ(copying.notes.back().severity, shell::Severity::kError);
}

TEST(RunCopies, AMirrorFollowsOverARestartOfTheDaemon) {
  Copying copying;
  copying.copies.mirror(copying.copies.source(), "a", copying.here("mirror"));
  ASSERT_TRUE(test::waitFor([&] { return copying.told("up to date"); }));
  const auto here = run::RunDirectory::open(copying.folder / "mirror");
  EXPECT_EQ(here.lastMetric(), 1);
  copying.served.daemon.reset();
  copying.there.metrics(2, {{"loss.total", 1.0}});
  copying.there.flush();
  QTest::qWait(200);
  copying.served.begin();
  EXPECT_TRUE(test::waitFor([&] { return here.lastMetric() == 2; }));
}

TEST(RunCopies, AMirrorIsKeptListedTriedAgainAndStopped) {
  Copying copying;
  const fs::path file = copying.folder / "copies.json", target = copying.folder / "disk" / "mirror";
  copying.copies.keepIn(file);
  RunCopiesPanel panel(&copying.copies);
  panel.show();
  auto* tree = panel.findChild<QTreeWidget*>("copyTree");
  // For a while the disk takes no folders.
  fs::create_directory_symlink("/sys/kernel", copying.folder / "disk");
  copying.copies.mirror(copying.copies.source(), "a", QString::fromStdString(target.string()));
  ASSERT_TRUE(test::waitFor([&] { return copying.told("Cannot make a folder for the copy"); }));
  ASSERT_EQ(copying.copies.all().size(), 1U);
  EXPECT_FALSE(copying.copies.all().front().refused);
  EXPECT_EQ(copying.copies.mirroredAt("a"), 0.0);
  ASSERT_TRUE(test::waitFor([&] { return tree->topLevelItemCount() == 1; }));
  EXPECT_TRUE(tree->topLevelItem(0)->text(1).startsWith("is tried again: "))
      << tree->topLevelItem(0)->text(1).toStdString();
  fs::remove(copying.folder / "disk");
  ASSERT_TRUE(test::waitFor([&] { return copying.told("up to date"); }));
  EXPECT_EQ(run::RunDirectory::open(target).lastMetric(), 1);
  EXPECT_GT(copying.copies.mirroredAt("a").value_or(0.0), 1e9);
  ASSERT_TRUE(test::waitFor([&] { return tree->topLevelItem(0)->text(1).startsWith("mirrored "); }));
  EXPECT_TRUE(tree->topLevelItem(0)->text(1).endsWith(" s ago"));
  tree->setCurrentItem(tree->topLevelItem(0));
  panel.findChild<QPushButton*>("stopCopy")->click();
  EXPECT_TRUE(copying.copies.all().empty());
  EXPECT_EQ(tree->topLevelItemCount(), 0);
  EXPECT_FALSE(copying.copies.mirroredAt("a").has_value());
  EXPECT_TRUE(test::waitFor([&] { return readCopies(file).empty(); }));
  EXPECT_TRUE(fs::exists(target / "run.toml"));
}

TEST(RunCopies, AListThatTheDiskDoesNotTakeIsWrittenLater) {
  Copying copying;
  const fs::path file = copying.folder / "state" / "deep" / "copies.json";
  // For a while the disk takes no folders.
  fs::create_directory_symlink("/sys/kernel", copying.folder / "state");
  copying.copies.keepIn(file);
  copying.copies.mirror(copying.copies.source(), "a", copying.here("mirror"));
  ASSERT_TRUE(test::waitFor([&] { return copying.told("Cannot make a folder"); }));
  fs::remove(copying.folder / "state");
  ASSERT_TRUE(test::waitFor([&] { return fs::exists(file); }));
  EXPECT_EQ(readCopies(file).size(), 1U);
}

TEST(RunCopies, AreGoneOnWithByOneWindowAtATime) {
  Copying copying;
  const fs::path file = copying.folder / "copies.json";
  auto first = std::make_unique<RunCopies>(&copying.client);
  first->keepIn(file);
  first->mirror(first->source(), "a", copying.here("mirror"));
  ASSERT_TRUE(test::waitFor([&] { return first->all().front().updated > 0.0 && fs::exists(file); }));
  client::Client nobody;
  RunCopies next(&nobody);
  next.keepIn(file);
  QTest::qWait(1500);
  EXPECT_TRUE(next.all().empty());
  const RunSource from = first->source();
  first.reset();
  ASSERT_TRUE(test::waitFor([&] { return next.all().size() == 1U; }));
  EXPECT_EQ(next.all().front().folder, (copying.folder / "mirror").string());
  EXPECT_EQ(next.all().front().from, from);
  EXPECT_TRUE(next.all().front().mirror);
  EXPECT_GT(next.all().front().updated, 1e9);
}

TEST(RunCopies, AreKeptWhileAMirrorMoves) {
  Copying copying;
  const fs::path file = copying.folder / "copies.json", large = copying.there.folder() / "artifacts" / "large.h5";
  std::ofstream(large).put('x');
  fs::resize_file(large, std::uintmax_t{4} << 30U);  // which the daemon reads whole
  copying.copies.keepIn(file);
  copying.copies.mirror(copying.copies.source(), "a", copying.here("one"));
  ASSERT_TRUE(test::waitFor([&] { return copying.copies.all().front().atWork; }));
  copying.copies.mirror(copying.copies.source(), "a", copying.here("two"));
  EXPECT_TRUE(test::waitFor([&] { return readCopies(file).size() == 2U; }));
  EXPECT_TRUE(copying.copies.all().front().atWork);
  for (const RunCopy& copy : copying.copies.all()) copying.copies.stop(copy.id);
}

TEST(RunCopies, AFullDiskIsSaidOnceAndGoneOnFrom) {
  Copying copying;
  const test::SmallDisk disk(copying.folder / "small", std::size_t{32} << 10U);
  if (!disk.mounted()) GTEST_SKIP() << "no right to mount a small disk here";
  const auto again = [&] {
    copying.served.daemon.reset();
    copying.served.begin();
  };
  const auto problem = [&] { return copying.copies.all().front().problem; };
  copying.copies.mirror(copying.copies.source(), "a", copying.here("small/mirror"));
  ASSERT_TRUE(test::waitFor([&] { return !problem().empty(); }));
  const std::string before = problem();
  EXPECT_FALSE(copying.copies.all().front().refused) << before;
  // Fewer bytes are free at the next try.
  std::ofstream(copying.folder / "small" / "other") << std::string(std::size_t{8} << 10U, 'x');
  again();
  ASSERT_TRUE(test::waitFor([&] { return problem() != before && problem().find("free") != std::string::npos; }))
      << problem();
  const auto told = std::count_if(copying.notes.begin(), copying.notes.end(), [](const shell::Note& note) {
    return note.severity != shell::Severity::kInformation;
  });
  EXPECT_EQ(told, 1);
  disk.resize(std::size_t{1} << 30U);
  again();
  EXPECT_TRUE(test::waitFor([&] { return copying.told("up to date"); })) << problem();
}

TEST(RunCopies, TheOneThatIsChosenIsStopped) {
  client::Client nobody;
  RunCopies copies(&nobody);
  RunCopiesPanel panel(&copies);
  panel.show();
  for (const char* run : {"x", "y", "z"}) copies.mirror({}, run, "/nowhere");
  auto* tree = panel.findChild<QTreeWidget*>("copyTree");
  auto* stop = panel.findChild<QPushButton*>("stopCopy");
  ASSERT_EQ(tree->topLevelItemCount(), 3);
  tree->setCurrentItem(tree->topLevelItem(1));
  copies.stop(copies.all().back().id);
  stop->click();
  ASSERT_EQ(copies.all().size(), 1U);
  EXPECT_EQ(copies.all().front().run, "x");
  // The next is not ended by another click.
  EXPECT_FALSE(stop->isEnabled());
}

TEST(RunCopies, OfTwoWindowsAreInOneFile) {
  const test::TempFolder folder;
  const fs::path file = folder / "state" / "copies.json";
  RunCopy one, two;
  one.from.host = two.from.host = "pod";
  one.run = "a";
  two.run = "b";
  one.folder = two.folder = "/tmp/x";
  writeCopies(file, 1, {one}, {});
  writeCopies(file, 2, {two}, {});
  EXPECT_EQ(readCopies(file).size(), 2U);
  writeCopies(file, 2, {two}, {keyOf(one)});
  ASSERT_EQ(readCopies(file).size(), 1U);
  EXPECT_EQ(readCopies(file).front().run, "b");
}

TEST(RunCopies, OfAWindowAreLeftWhenItIsGone) {
  const test::TempFolder folder;
  const fs::path file = folder / "state" / "copies.json";
  const CopyWindow here(file);
  auto other = std::make_unique<CopyWindow>(file);
  EXPECT_NE(here.number(), other->number());
  const auto row = [](const char* run) {
    RunCopy copy;
    copy.run = run;
    copy.folder = "/tmp/x";
    return copy;
  };
  writeCopies(file, 0, {row("nobody's")}, {});
  writeCopies(file, here.number(), {row("ours")}, {});
  writeCopies(file, other->number(), {row("theirs")}, {});
  const auto left = [&] {
    std::set<std::string> runs;
    for (const RunCopy& copy : leftCopies(file, here)) runs.insert(copy.run);
    return runs;
  };
  EXPECT_EQ(left(), (std::set<std::string>{"nobody's", "ours"}));
  other.reset();
  EXPECT_EQ(left(), (std::set<std::string>{"nobody's", "ours", "theirs"}));
}

TEST(RunCopies, OfALivingWindowAreItsOwnAndGoneOnWithWhenItEnds) {
  Copying copying;
  const fs::path file = copying.folder / "copies.json";
  client::Client nobody;
  RunCopies heir(&nobody);
  heir.keepIn(file);
  ASSERT_TRUE(test::waitFor([&] { return fs::exists(file.parent_path()) && !takeCopies(file).valid(); }));
  auto other = std::make_unique<RunCopies>(&copying.client);
  other->keepIn(file);
  other->mirror(other->source(), "a", copying.here("mirror"));
  ASSERT_TRUE(test::waitFor([&] { return fs::exists(file) && readCopies(file).size() == 1U; }));
  QTest::qWait(2500);
  EXPECT_TRUE(heir.all().empty());
  other.reset();
  ASSERT_TRUE(test::waitFor([&] { return heir.all().size() == 1U; }));
  EXPECT_EQ(heir.all().front().folder, copying.here("mirror").toStdString());
}

/// The dialog that asks for a folder, once an action was called with run a in front.
QFileDialog* chooserOf(test::Workstation& station, const char* name) {
  EXPECT_TRUE(station.show());
  EXPECT_EQ(station.draw(station.runs, {{"run", "a"}}), "");
  for (QAction* action : station.runs->actions()) {
    if (action->objectName() == name) action->trigger();
  }
  return station.window->findChild<QFileDialog*>("copyFolder");
}

TEST(RunCopies, TheWorkspaceAsksForAFolderAndPutsTheRunThere) {
  Copying copying;
  test::Workstation station(copying.folder / "memory");
  ASSERT_TRUE(station.open(copying.served));
  QFileDialog* chooser = chooserOf(station, "copyRun");
  ASSERT_NE(chooser, nullptr);
  fs::create_directory(copying.folder / "kept");
  emit chooser->fileSelected(copying.here("kept"));
  EXPECT_TRUE(test::waitFor([&] { return fs::exists(copying.folder / "kept" / "a" / "run.toml"); }));
  chooser->close();
}

TEST(RunCopies, AFolderChosenLateIsForTheRunThatItWasAskedFor) {
  Copying copying;
  test::Workstation station(copying.folder / "memory");
  ASSERT_TRUE(station.open(copying.served));
  QFileDialog* chooser = chooserOf(station, "mirrorRun");
  ASSERT_NE(chooser, nullptr);
  const test::Served other(copying.folder / "no-store");
  ASSERT_TRUE(station.open(other));
  emit chooser->fileSelected(copying.here("kept"));
  const std::vector<RunCopy> all = station.runs->copies()->all();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all.front().from.runs, copying.served.runs().string());
  chooser->close();
}

}  // namespace
}  // namespace ecumene::ui::runs
