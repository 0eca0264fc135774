// SPDX-License-Identifier: GPL-3.0-or-later
// The real program draws pictures of its workspaces.
#include <gtest/gtest.h>

#include "tests/support/run_program.h"
#include "tests/ui/window.h"

namespace ecumene::ui {
namespace {

struct Snapshots {
  Snapshots() { ids = test::makeStore(folder / "store", 2); }
  QImage draw(const std::string& name, std::vector<std::string> words) {
    words.insert(words.begin(), "ecumene");
    const std::string file = folder / (name + ".png");
    words.insert(words.end(), {"--out", file, "--store", folder / "store"});
    const test::Finished program = test::runProgram(words);
    EXPECT_EQ(program.code, 0) << program.err;
    EXPECT_EQ(program.err, "");
    return QImage(QString::fromStdString(file));
  }
  test::TempFolder folder;
  std::vector<std::string> ids;
};

TEST(Snapshot, IsAsLargeAsAskedAndTheSameEachTime) {
  Snapshots snapshots;
  const QImage first = snapshots.draw("a", {"--snapshot", "climate", "--of", snapshots.ids[0], "--size", "1300x820"});
  const QImage second = snapshots.draw("b", {"--snapshot", "climate", "--of", snapshots.ids[0], "--size", "1300x820"});
  EXPECT_EQ(first.size(), QSize(1300, 820));
  EXPECT_GT(test::similarity(test::greyOf(first), test::greyOf(second)), 0.999);
}

TEST(Snapshot, OfAnotherViewIsAnotherPicture) {
  Snapshots snapshots;
  const QImage map = snapshots.draw("a", {"--snapshot", "climate", "--of", snapshots.ids[0]});
  const QImage globe =
      snapshots.draw("b", {"--snapshot", "climate", "--of", snapshots.ids[0], "--view", R"({"projection": "globe"})"});
  EXPECT_LT(test::similarity(test::greyOf(map), test::greyOf(globe)), 0.9);
  // The globe's disc is there: the middle of the picture is neither black nor the view's grey.
  const QColor middle = globe.pixelColor(globe.width() * 47 / 100, globe.height() / 2);
  EXPECT_GT(middle.hsvSaturation(), 40);
}

TEST(Snapshot, ShowsAPanelInFront) {
  Snapshots snapshots;
  const QString runs = QString::fromStdString(snapshots.folder / "runs");
  const auto draw = [&](const char* name, const char* dock) {
    return snapshots.draw(name, {"--snapshot", "runs", "--runs", runs.toStdString(), "--dock", dock});
  };
  const auto curves = test::greyOf(draw("a", "runsCurves")), machine = test::greyOf(draw("b", "runsMachine"));
  EXPECT_LT(test::similarity(curves, machine), 0.99);
  const test::Finished none = test::runProgram({"ecumene", "--snapshot", "data", "--dock", "runsMachine", "--out",
                                                snapshots.folder / "x.png", "--store", snapshots.folder / "store"});
  EXPECT_EQ(none.code, 2);
  EXPECT_NE(none.err.find("dataPlanet, dataJobs"), std::string::npos) << none.err;
}

TEST(Snapshot, RefusesWithTheReason) {
  Snapshots snapshots;
  const std::string out = snapshots.folder / "x.png";
  const test::Finished missing = test::runProgram(
      {"ecumene", "--snapshot", "climate", "--of", "gone", "--out", out, "--store", snapshots.folder / "store"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_NE(missing.err.find("gone"), std::string::npos) << missing.err;
  EXPECT_FALSE(std::filesystem::exists(out));
  EXPECT_NE(missing.err.find("ecumene-data list"), std::string::npos) << missing.err;
  EXPECT_EQ(test::runProgram({"ecumene", "--snapshot", "orbits", "--out", out}).code, 2);
  EXPECT_EQ(test::runProgram({"ecumene", "--snapshot", "welcome"}).code, 2);
  EXPECT_EQ(test::runProgram({"ecumene", "--size", "12"}).code, 2);
}

TEST(Snapshot, SaysWhatItIsToBeOf) {
  Snapshots snapshots;
  const auto draw = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {"ecumene", "--store", snapshots.folder / "store", "--runs", snapshots.folder / "runs",
                                 "--out", snapshots.folder / "x.png", "--snapshot"});
    return test::runProgram(words);
  };
  const test::Finished none = draw({"climate"});
  EXPECT_EQ(none.code, 2);
  EXPECT_NE(none.err.find("ecumene-data list --store"), std::string::npos) << none.err;
  EXPECT_EQ(draw({"climate", "--view", R"({"planet": ")" + snapshots.ids[0] + "\"}"}).code, 0);
  EXPECT_EQ(draw({"welcome", "--of", snapshots.ids[0]}).code, 2);
  EXPECT_EQ(draw({"climate", "--view", "[]"}).code, 2);
  // Without an id: the catalogue, and the list of runs.
  for (const char* workspace : {"welcome", "data", "runs"}) EXPECT_EQ(draw({workspace}).code, 0) << workspace;
  const test::Finished gone = draw({"runs", "--of", "gone"});
  EXPECT_EQ(gone.code, 1);
  EXPECT_NE(gone.err.find("sub-folders of --runs"), std::string::npos) << gone.err;
  // Words for a picture without one, and a launch into one.
  EXPECT_EQ(test::runProgram({"ecumene", "--of", "x"}).code, 2);
  EXPECT_EQ(draw({"runs", "--launch", "a=nano"}).code, 2);
}

}  // namespace
}  // namespace ecumene::ui
