// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTreeWidget>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <mutex>

#include "data/formats/registry.h"
#include "tests/data/formats/fuzz/seeds.h"
#include "tests/support/run_program.h"
#include "tests/ui/window.h"
#include "ui/catalogue/job_panel.h"
#include "ui/catalogue/planet_details.h"
#include "ui/catalogue/settings_line.h"

namespace ecumene::ui::catalogue {
namespace {

struct OpenData {
  explicit OpenData(std::uint64_t planets = 3)
      : ids(test::makeStore(memory / "store", planets)),
        served(memory / "store", test::programFolder()),
        station(memory / "memory") {
    EXPECT_TRUE(station.open(served));
    if (!station.show()) ADD_FAILURE() << "the window was not exposed";
    EXPECT_EQ(station.draw(station.data, {{"planet", QString::fromStdString(ids[0])}}), "");
  }
  template <class T>
  T* child(const char* name) {
    return station.window->findChild<T*>(name);
  }
  int rows() { return child<QTableView>("dataTable")->model()->rowCount(); }
  /// Texts of a job's rows, the job's own state first.
  std::string jobText() {
    QString text;
    const auto* tree = child<QTreeWidget>("jobTree");
    for (int i = 0; i < tree->topLevelItemCount(); ++i) {
      const QTreeWidgetItem* job = tree->topLevelItem(i);
      text += job->text(0) + " " + job->text(1) + "\n";
      for (int j = 0; j < job->childCount(); ++j) text += job->child(j)->text(0) + " " + job->child(j)->text(1) + "\n";
    }
    return text.toStdString();
  }
  test::TempFolder memory;
  std::vector<std::string> ids;
  test::Served served;
  test::Workstation station;
};

TEST(Data, ListsFiltersAndUndoes) {
  OpenData open;
  ASSERT_TRUE(test::waitFor([&] { return open.rows() == 3; }));
  EXPECT_EQ(open.child<QLabel>("dataCount")->text(), "3 planets");
  auto* text = open.child<QLineEdit>("dataFilter");
  QTest::keyClicks(text, QString::fromStdString(open.ids[1]));
  EXPECT_EQ(open.rows(), 1);
  EXPECT_EQ(open.child<QLabel>("dataCount")->text(), "1 of 3 planets");
  for (QAction* action : open.station.window->allActions()) {
    if (action->objectName() == "undo") action->trigger();
  }
  EXPECT_EQ(open.rows(), 3);
  EXPECT_EQ(text->text(), "");
  auto* regime = open.child<QComboBox>("dataRegime");
  EXPECT_GT(regime->count(), 6);
  open.child<QCheckBox>("dataMarked")->click();
  EXPECT_TRUE(open.station.data->viewState()["marked"].toBool());
}

TEST(Data, SaysWhereEachPartOfAPlanetComesFrom) {
  OpenData open;
  const QString text = open.child<PlanetDetails>("planetDetails")->text();
  EXPECT_TRUE(text.contains(QString::fromStdString(open.ids[0]))) << text.toStdString();
  EXPECT_TRUE(text.contains("Where it comes from"));
  EXPECT_TRUE(text.contains("Quality checks"));
}

TEST(Data, ADroppedFileIsImportedAndAForeignOneRefusedWithTheReason) {
  OpenData open;
  const std::string foreign = open.memory / "notes.nc";
  std::ofstream(foreign) << "this is no NetCDF file\n";
  open.station.data->import(
      {"resources/demo/wasp39b/CMADF-WASP_39b_NIRISS_transmission_spectrum_R300.csv", QString::fromStdString(foreign)});
  EXPECT_TRUE(test::waitFor([&] { return open.jobText().find("notes.nc refused") != std::string::npos; }))
      << open.jobText();
  EXPECT_NE(open.jobText().find("imported as wasp-39-b"), std::string::npos) << open.jobText();
  ASSERT_TRUE(test::waitFor([&] { return open.rows() == 4; }));
  open.station.data->setViewState({{"planet", "wasp-39-b"}});
  auto* details = open.child<PlanetDetails>("planetDetails");
  EXPECT_TRUE(test::waitFor([&] { return details->text().contains("CMADF-WASP_39b_NIRISS"); }))
      << details->text().toStdString();
  EXPECT_TRUE(details->text().contains("sha-256"));
}

TEST(Data, WhatIsSentToADaemonThatIsLeftIsGivenUp) {
  OpenData open;
  auto* sending = open.child<QLabel>("sendingText");
  auto* notes = open.child<shell::NotificationPanel>("notifications");
  const QStringList files = {"resources/demo/wasp39b/CMADF-WASP_39b_NIRISS_transmission_spectrum_R300.csv"};
  std::mutex gate;
  gate.lock();
  open.station.client.ask(
      "gate", open.station.data, [&](client::Daemon&) { const std::lock_guard wait(gate); }, [] {}, [](const Error&) {},
      client::Client::Lane::kTransfer);
  open.station.data->import(files);
  EXPECT_FALSE(sending->isHidden());
  open.station.client.connectTo("test", open.served.dial());
  gate.unlock();
  EXPECT_TRUE(sending->isHidden());
  EXPECT_EQ(notes->count(), 1);
  ASSERT_TRUE(test::waitFor([&] { return open.station.client.isUp(); }));
  open.station.data->import(files);
  EXPECT_TRUE(test::waitFor([&] { return open.rows() == 4; })) << open.jobText();
}

TEST(Data, AFolderOfAnyNumberOfFilesIsOneImport) {
  OpenData open;
  const std::filesystem::path folder = open.memory / "many";
  std::filesystem::create_directories(folder);
  for (int i = 0; i < 2500; ++i) std::ofstream(folder / (std::to_string(i) + ".nc")) << i;
  auto* sending = open.child<QLabel>("sendingText");
  open.station.data->import({QString::fromStdString(folder.string())});
  ASSERT_TRUE(test::waitFor([&] { return sending->text().contains("2500 files"); })) << sending->text().toStdString();
  open.child<QPushButton>("cancelJob")->click();
  EXPECT_TRUE(test::waitFor([&] { return sending->isHidden(); }));
  EXPECT_EQ(open.rows(), 3);
}

TEST(Data, ADropOfManyFoldersIsOneJobThatKeepsTheirTree) {
  OpenData open;
  const auto seeds = test::seeds();
  const auto climate =
      std::find_if(seeds.begin(), seeds.end(), [](const test::Seed& seed) { return seed.format == "exoplasim"; });
  ASSERT_NE(climate, seeds.end());
  const std::filesystem::path folder = open.memory / "worlds";
  for (const char* name : {"w1", "w2", "w3"}) {
    test::write(*climate, folder / name);
    std::filesystem::remove(folder / name / "planet.json");
  }
  std::ofstream(folder / "w3" / climate->file) << "no climate";
  open.station.data->import({QString::fromStdString(folder / "w1"), QString::fromStdString(folder / "w2"),
                             QString::fromStdString(folder / "w3")});
  const auto told = [&](const std::string& text) { return open.jobText().find(text) != std::string::npos; };
  EXPECT_TRUE(test::waitFor([&] { return told("w1/MOST.00001.nc imported"); })) << open.jobText();
  EXPECT_TRUE(told("w2/MOST.00001.nc")) << open.jobText();
  const auto* tree = open.child<QTreeWidget>("jobTree");
  ASSERT_EQ(tree->topLevelItemCount(), 1) << open.jobText();
  // What somebody has to do something about comes first.
  EXPECT_TRUE(tree->topLevelItem(0)->child(0)->text(0).endsWith("w3/MOST.00001.nc")) << open.jobText();
  EXPECT_TRUE(tree->topLevelItem(0)->child(0)->text(1).startsWith("refused")) << open.jobText();
}

TEST(Data, AFileIsImportedAgainWithWhatItDoesNotSay) {
  OpenData open;
  const std::filesystem::path file = open.memory / "final.csv";
  std::ofstream(file) << "wavelength_um,transit_depth_ppm,error_ppm\n1.0,2900,30\n1.1,2910,30\n1.2,2905,30\n";
  open.station.data->import({QString::fromStdString(file.string())});
  auto* tree = open.child<QTreeWidget>("jobTree");
  const auto fileLine = [&] { return tree->topLevelItemCount() == 0 ? nullptr : tree->topLevelItem(0)->child(0); };
  ASSERT_TRUE(test::waitFor([&] { return fileLine() != nullptr; })) << open.jobText();
  auto* again = open.child<QPushButton>("importAgain");
  auto* settings = open.child<QLineEdit>("importSettings");
  EXPECT_FALSE(again->isEnabled());
  tree->setCurrentItem(fileLine());
  ASSERT_TRUE(again->isEnabled());
  again->click();
  EXPECT_EQ(settings->text(), "planet=NAME");
  EXPECT_EQ(settings->selectedText(), "NAME");
  settings->insert("GJ 436 b");
  QTest::keyClick(settings, Qt::Key_Return);
  ASSERT_TRUE(test::waitFor([&] { return tree->topLevelItemCount() == 2 && fileLine() != nullptr; })) << open.jobText();
  EXPECT_TRUE(test::waitFor([&] { return open.jobText().find("imported as gj-436-b") != std::string::npos; }))
      << open.jobText();
  EXPECT_EQ(settings->text(), "");
}

TEST(Data, APlanetOfAnArchiveIsImportedAgainWithItsFile) {
  OpenData open;
  const auto seeds = test::seeds();
  const auto archive =
      std::find_if(seeds.begin(), seeds.end(), [](const test::Seed& seed) { return seed.format == "thousandworlds"; });
  ASSERT_NE(archive, seeds.end());
  const std::filesystem::path file = test::write(*archive, open.memory / "release");
  auto* tree = open.child<QTreeWidget>("jobTree");
  auto* settings = open.child<QLineEdit>("importSettings");
  const auto hasRows = [&](int jobs) {
    return tree->topLevelItemCount() == jobs && tree->topLevelItem(0)->childCount() > 0;
  };
  settings->setText("time=constant");
  open.station.data->import({QString::fromStdString(file.string())});
  ASSERT_TRUE(test::waitFor([&] { return hasRows(1); })) << open.jobText();
  tree->setCurrentItem(tree->topLevelItem(0)->child(0));
  ASSERT_TRUE(tree->currentItem()->text(0).contains("all-obs.npz: ")) << open.jobText();
  settings->setText("time=constant");
  open.child<QPushButton>("importAgain")->click();
  EXPECT_TRUE(test::waitFor([&] { return hasRows(2); })) << open.jobText();
}

TEST(Data, AFolderOfSeveralPlanetsKeepsThemApart) {
  OpenData open;
  const std::filesystem::path folder = open.memory / "observed";
  std::filesystem::create_directories(folder);
  const std::string rows = "wavelength_um,transit_depth_ppm,error_ppm\n1.0,2900,30\n1.1,2910,30\n";
  std::ofstream(folder / "WASP-39b_spectrum.csv") << rows << "1.2,2905,30\n";
  std::ofstream(folder / "K2-18b_spectrum.csv") << rows << "1.2,2907,30\n";
  open.station.data->import({QString::fromStdString(folder.string())});
  EXPECT_TRUE(test::waitFor([&] { return open.rows() == 5; })) << open.jobText();
}

TEST(Data, FilesAreChosenBesideDropped) {
  OpenData open;
  for (QAction* action : open.station.data->actions()) {
    if (action->objectName() == "importFiles") action->trigger();
  }
  auto* chooser = open.child<QFileDialog>("importChooser");
  ASSERT_NE(chooser, nullptr);
  EXPECT_FALSE(chooser->isModal());
  chooser->setDirectory("resources/demo/wasp39b");
  const auto* formats = chooser->findChild<QLabel*>("importFormats");
  ASSERT_NE(formats, nullptr);
  for (const data::formats::Format& format : data::formats::formats()) {
    EXPECT_TRUE(formats->text().contains(QString::fromStdString(std::string(format.reads)))) << format.name;
  }
  auto* line = chooser->findChild<QLineEdit*>("fileNameEdit");
  ASSERT_NE(line, nullptr);
  line->setText("CMADF-WASP_39b_NIRISS_transmission_spectrum_R300.csv");
  QTest::keyClick(line, Qt::Key_Return);
  EXPECT_TRUE(test::waitFor([&] { return open.rows() == 4; })) << open.jobText();
}

TEST(Data, AJobIsCancelledAndWhatItMadeStays) {
  OpenData open;
  open.child<JobPanel>("jobPanel")->generate("5000 seed 3");
  auto* cancel = open.child<QPushButton>("cancelJob");
  ASSERT_TRUE(test::waitFor([&] { return cancel->isEnabled(); }));
  cancel->click();
  EXPECT_TRUE(test::waitFor([&] { return open.jobText().find("cancelled") != std::string::npos; })) << open.jobText();
  EXPECT_GE(open.rows(), 3);
  EXPECT_LT(open.rows(), 5003);
}

/// A folder with an `ecumene-data` of this text.
std::filesystem::path programsOf(const std::filesystem::path& folder, const std::string& script) {
  std::filesystem::create_directory(folder);
  std::ofstream(folder / "ecumene-data") << "#!/bin/sh\n" << script;
  std::filesystem::permissions(folder / "ecumene-data", std::filesystem::perms::owner_all);
  return folder;
}

struct OpenJobs {
  explicit OpenJobs(const std::string& script)
      : ids(test::makeStore(memory / "store", 1)),
        served(memory / "store", programsOf(memory / "bin", script)),
        station(memory / "memory") {
    EXPECT_TRUE(station.open(served));
    if (!station.show()) ADD_FAILURE() << "the window was not exposed";
    station.window->showWorkspace("data");
  }
  JobPanel* panel() { return station.window->findChild<JobPanel*>("jobPanel"); }
  QTreeWidget* tree() { return station.window->findChild<QTreeWidget*>("jobTree"); }
  test::TempFolder memory;
  std::vector<std::string> ids;
  test::Served served;
  test::Workstation station;
};

TEST(Data, AListOfFilesThatIsCutSaysHowManyItLeavesOut) {
  OpenJobs open(
      "i=0; printf '['; while [ $i -lt 9000 ]; do printf '{\"path\":\"a-file-with-so-long-a-name-that-nine-thousand-of-"
      "them-have-no-room-in-one-list-of-a-mebibyte-%d.csv\",\"status\":\"imported\"},' $i; i=$((i+1)); done\n"
      "printf '{\"path\":\"bad\",\"status\":\"refused\",\"message\":\"why\"}]'; exit 1\n");
  open.panel()->generate("1");
  ASSERT_TRUE(test::waitFor([&] { return open.tree()->topLevelItemCount() == 1; }));
  QTreeWidgetItem* job = open.tree()->topLevelItem(0);
  ASSERT_TRUE(test::waitFor([&] { return job->childCount() > 1; })) << job->text(1).toStdString();
  EXPECT_EQ(job->child(0)->text(1), "refused: why");
  const QTreeWidgetItem* last = job->child(job->childCount() - 1);
  EXPECT_EQ(last->text(0), QString("%1 more").arg(9001 - (job->childCount() - 1)));
  EXPECT_TRUE(last->text(1).contains("not listed"));
}

TEST(Data, AStateIsReadWhole) {
  OpenJobs open(
      "printf '[{\"path\":\"a-rather-long-name-of-a-file.nc\",\"status\":\"refused\",\"message\":\"it has no "
      "time axis\"},{\"path\":\"b.nc\",\"status\":\"imported\"}]'; exit 1\n");
  open.station.window->resize(1280, 800);
  open.station.window->raiseDock("dataJobs");
  open.panel()->generate("1");
  ASSERT_TRUE(test::waitFor(
      [&] { return open.tree()->topLevelItemCount() == 1 && open.tree()->topLevelItem(0)->childCount() == 2; }));
  QTest::qWait(60);
  const QTreeWidget* tree = open.tree();
  QTreeWidgetItem* job = tree->topLevelItem(0);
  EXPECT_EQ(job->text(1), "refused, 1 of 2 files");
  EXPECT_TRUE(job->toolTip(1).endsWith("it has no time axis; 1 of 2 came in")) << job->toolTip(1).toStdString();
  for (const QTreeWidgetItem* item : {job, job->child(0)}) {
    const QRect room = tree->visualItemRect(item);
    const QRect text =
        tree->fontMetrics().boundingRect(QRect(0, 0, tree->columnWidth(1), 10000), Qt::TextWordWrap, item->text(1));
    EXPECT_GE(room.height(), text.height()) << item->text(1).toStdString();
    EXPECT_GE(tree->columnWidth(1), tree->viewport()->width() / 2 - 1);
  }
}

TEST(Data, JobsAreFollowedOverASlowWayAndSayWhatTheyWaitFor) {
  OpenJobs open("while [ ! -e \"${0%/*}/go\" ]; do sleep 0.05; done; echo '[]'\n");
  open.panel()->generate("1");
  ASSERT_TRUE(test::waitFor([&] { return open.tree()->topLevelItemCount() == 1; }));
  open.panel()->generate("2");
  ASSERT_TRUE(test::waitFor([&] { return open.tree()->topLevelItemCount() == 2; }));
  EXPECT_EQ(open.tree()->topLevelItem(0)->text(1), "queued, waits for job 1 (generate)");
  const test::SlowWay slow(open.station.client);
  std::ofstream(open.memory / "bin" / "go") << "";
  EXPECT_TRUE(test::waitFor([&] { return open.tree()->topLevelItem(0)->text(1) == "done"; }))
      << open.tree()->topLevelItem(0)->text(1).toStdString();
}

TEST(Data, JobsStayWhereOtherPlanetsAreShown) {
  test::TempFolder folder;
  test::makeStore(folder / "two", 1);
  OpenJobs open("echo '[]'\n");
  open.served.settings.stores.emplace("two", folder / "two");
  open.served.daemon.reset();
  ASSERT_TRUE(test::waitFor([&] { return !open.station.client.isUp(); }));
  open.served.begin();
  ASSERT_TRUE(test::waitFor([&] { return open.station.client.hello().stores_size() == 2; }));
  open.panel()->generate("1");
  ASSERT_TRUE(test::waitFor([&] { return open.tree()->topLevelItemCount() == 1; }));
  open.station.client.chooseStore("two");
  EXPECT_EQ(open.tree()->topLevelItemCount(), 1);
}

TEST(Data, AnOrderForPlanetsThatIsNoneIsRefused) {
  OpenData open;
  auto* notes = open.child<shell::NotificationPanel>("notifications");
  open.child<JobPanel>("jobPanel")->generate("many");
  EXPECT_EQ(notes->count(), 1);
}

TEST(Data, APlanetIsOpenedForTheOtherWorkspaces) {
  OpenData open;
  QString opened;
  QObject::connect(open.station.data, &DataWorkspace::planetOpened, [&](const QString& id) { opened = id; });
  for (QAction* action : open.station.data->actions()) {
    if (action->objectName() == "openPlanet") action->trigger();
  }
  EXPECT_EQ(opened.toStdString(), open.ids[0]);
}

TEST(Data, SettingsMayHaveBlanksAndAreTakenFromMessages) {
  SettingsLine line;
  line.setText(" --set planet=WASP-39 b  units.depth=ppm ");
  EXPECT_EQ(line.settings(), (QStringList{"planet=WASP-39 b", "units.depth=ppm"}));
  line.setText("planet=X");
  EXPECT_TRUE(line.takeAskedFor("no unit (--set planet=NAME, --set units.depth=ppm)"));
  EXPECT_EQ(line.text(), "planet=X units.depth=ppm");
  EXPECT_EQ(line.selectedText(), "ppm");
  EXPECT_FALSE(line.takeAskedFor("no unit (--set planet=NAME, --set units.depth=ppm)"));
  EXPECT_FALSE(line.takeAskedFor("the file is empty"));
}

}  // namespace
}  // namespace ecumene::ui::catalogue
