// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QJsonArray>
#include <QLabel>
#include <QSlider>
#include <QTableView>

#include "tests/ui/window.h"
#include "ui/climate/cell_panel.h"
#include "ui/climate/colour_bar.h"
#include "ui/climate/planet_view.h"
#include "viz/climate/quantity.h"

namespace ecumene::ui::climate {
namespace {

TEST(ColourBar, TicksAreRoundNumbersInsideTheRange) {
  EXPECT_EQ(roundTicks(241.5, 300.1, 7, false), (std::vector<double>{250, 260, 270, 280, 290, 300}));
  EXPECT_EQ(roundTicks(-20, 20, 5, false), (std::vector<double>{-20, -10, 0, 10, 20}));
  EXPECT_EQ(roundTicks(1e-3, 1e3, 7, true).size(), 7U);
  EXPECT_EQ(tickText(0.25, 0.05), "0.25");
  EXPECT_EQ(tickText(-20, 10), QStringLiteral("−20"));
}

struct OpenClimate {
  OpenClimate() : ids(test::makeStore(memory / "store", 3)), served(memory / "store"), station(memory / "memory") {
    EXPECT_TRUE(station.open(served));
    if (!station.show()) ADD_FAILURE() << "the window was not exposed";
    EXPECT_EQ(station.draw(station.climate, {{"planet", QString::fromStdString(ids[0])}}), "");
  }
  template <class T>
  T* child(const char* name) {
    return station.window->findChild<T*>(name);
  }
  QAction* action(const char* name) {
    for (QAction* one : station.window->allActions()) {
      if (one->objectName() == name) return one;
    }
    return nullptr;
  }
  test::TempFolder memory;
  std::vector<std::string> ids;
  test::Served served;
  test::Workstation station;
};

TEST(Climate, ListsThePlanetsAndShowsTheChosenOne) {
  OpenClimate open;
  auto* table = open.child<QTableView>("planetTable");
  ASSERT_TRUE(test::waitFor([&] { return table->model()->rowCount() == 3; }));
  table->selectRow(2);
  const QString chosen = table->model()->index(2, 0).data(Qt::ToolTipRole).toString();
  EXPECT_EQ(open.station.climate->viewState()["planet"].toString(), chosen);
  ASSERT_TRUE(test::waitFor(
      [&] { return open.child<QLabel>("planetName")->text() == table->model()->index(2, 0).data().toString(); }));
  open.action("undo")->trigger();
  EXPECT_EQ(open.station.climate->viewState()["planet"].toString().toStdString(), open.ids[0]);
}

TEST(Climate, SlidersStepThroughTheYearAndCanBeUndone) {
  OpenClimate open;
  auto* month = open.child<QSlider>("month");
  EXPECT_FALSE(open.child<QSlider>("level")->isEnabled()) << "surface temperature has no levels";
  month->setValue(6);
  EXPECT_EQ(open.child<QLabel>("monthText")->text(), "Month 7 of 12");
  open.action("quantity.ta")->trigger();
  EXPECT_TRUE(open.child<QSlider>("level")->isEnabled());
  open.action("undo")->trigger();
  EXPECT_EQ(open.station.climate->viewState()["quantity"].toString(), "ts");
  open.action("undo")->trigger();
  EXPECT_EQ(month->value(), 0);
  open.action("redo")->trigger();
  EXPECT_EQ(month->value(), 6);
}

TEST(Climate, StatisticsAreThoseOfTheCube) {
  OpenClimate open;
  open.action("quantity.ps")->trigger();
  const auto store = data::store::Store::open(open.memory / "store", data::store::Mode::kRead);
  const data::planet::Planet planet = store.get(open.ids[0]);
  const auto slice = viz::climate::sliceOf(*planet.climate, {data::planet::VariableId::kSurfaceAirPressure, 0, 0, 0});
  double mean = 0.0;
  for (std::size_t row = 0; row < 32; ++row) {
    for (std::size_t column = 0; column < 64; ++column) {
      mean += static_cast<double>(slice.values[row * 64 + column]) * planet.climate->grid.latitudeWeight[row] / 64.0;
    }
  }
  const QString expected = QStringLiteral("area mean %1 hPa").arg(mean / 100.0, 0, 'f', 1);
  EXPECT_TRUE(open.child<QLabel>("statistics")->text().contains(expected))
      << open.child<QLabel>("statistics")->text().toStdString() << " / " << expected.toStdString();
}

TEST(Climate, AClickReadsTheCellUnderIt) {
  OpenClimate open;
  auto* view = open.child<PlanetView>("planetView");
  QWidget* canvas = view->canvas();
  const QPoint at(canvas->width() * 3 / 4, canvas->height() / 2 - 3);
  QTest::mouseClick(canvas, Qt::LeftButton, {}, at);
  const QJsonArray probe = open.station.climate->viewState()["probe"].toArray();
  ASSERT_EQ(probe.size(), 2);
  // A map of 360 degrees with its middle at 180 E and 1 % of air on either side.
  EXPECT_NEAR(probe[1].toDouble(), 180.0 + 90.0 * 1.02, 1.0);
  EXPECT_NEAR(probe[0].toDouble(), 360.0 * 1.02 / canvas->width() * 3.0, 1.0);
  EXPECT_EQ(open.child<CellPanel>("cellPanel")->titleText(), placeText(2.7689, 270.0).simplified());
}

/// Acts on a figure; the text that is in the clipboard then.
QString copied(OpenClimate& open, const char* action) {
  QApplication::clipboard()->setText("before");
  open.action(action)->trigger();
  return QApplication::clipboard()->text();
}

TEST(Climate, NumbersOfACellAreOfThatCellOrNotAtAll) {
  OpenClimate open;
  auto* notes = open.child<shell::NotificationPanel>("notifications");
  EXPECT_EQ(copied(open, "copyTable.year"), "before");
  EXPECT_EQ(notes->count(), 1);
  open.station.climate->setViewState({{"probe", QJsonArray{2.7, 270.0}}});
  const auto store = data::store::Store::open(open.memory / "store", data::store::Mode::kRead);
  const data::planet::Planet planet = store.get(open.ids[0]);
  const data::planet::Grid& grid = planet.climate->grid;
  const viz::climate::Cell cell = viz::climate::cellAt(viz::climate::cellsOf(grid), 2.7, 270.0);
  const auto year =
      viz::climate::yearOf(*planet.climate, {data::planet::VariableId::kSurfaceTemperature, 0, 0, 0}, cell);
  const QStringList lines = copied(open, "copyTable.year").split('\n', Qt::SkipEmptyParts);
  ASSERT_EQ(lines.size(), 1 + static_cast<qsizetype>(year.size()));
  for (std::size_t month = 0; month < year.size(); ++month) {
    EXPECT_NEAR(lines[static_cast<qsizetype>(month) + 1].section(',', 1).toDouble(), static_cast<double>(year[month]),
                1e-3);
  }
  EXPECT_EQ(copied(open, "copyTable.profile").split('\n', Qt::SkipEmptyParts).size(),
            1 + static_cast<qsizetype>(grid.sigma.size()));
  // With no cell chosen there is nothing of the one before.
  open.station.climate->setViewState({{"probe", QJsonArray{}}});
  EXPECT_EQ(copied(open, "copyTable.year"), "before");
  EXPECT_EQ(copied(open, "copyTable.profile"), "before");
}

TEST(Climate, KeysAndWheelChangeTheViewAsOneStepOfUndo) {
  OpenClimate open;
  auto* view = open.child<PlanetView>("planetView");
  const QJsonObject before = open.station.climate->viewState();
  QTest::keyClick(view, Qt::Key_Plus);
  QTest::keyClick(view, Qt::Key_Plus);
  QTest::keyClick(view, Qt::Key_Right);
  EXPECT_NEAR(view->view().zoom, 1.5625, 1e-9);
  EXPECT_GT(view->view().centre.longitudeDeg, 180.0);
  open.action("undo")->trigger();
  EXPECT_EQ(open.station.climate->viewState(), before);
}

TEST(Climate, AMissingPlanetSaysSoInTheViewAndInTheNotifications) {
  OpenClimate open;
  const std::string failure = open.station.draw(open.station.climate, {{"planet", "gone"}});
  EXPECT_NE(failure.find("gone"), std::string::npos) << failure;
  EXPECT_GE(open.child<shell::NotificationPanel>("notifications")->count(), 1);
}

TEST(Climate, ThePictureChangesWithWhatIsShownAndOnlyThen) {
  OpenClimate open;
  const auto picture = [&] { return test::greyOf(open.station.climate->planetView()->grab().toImage()); };
  const QJsonObject first = open.station.climate->viewState();
  const test::GreyPicture before = picture();
  EXPECT_EQ(open.station.draw(open.station.climate, {{"projection", "globe"}}), "");
  const test::GreyPicture globe = picture();
  EXPECT_LT(test::similarity(before, globe), 0.9);
  EXPECT_EQ(open.station.draw(open.station.climate, first), "");
  EXPECT_GT(test::similarity(before, picture()), 0.995);
}

TEST(Climate, WithoutAStoreItSaysWhatBelongsThere) {
  const test::TempFolder memory;
  test::Workstation station(memory.path());
  ASSERT_TRUE(station.show());
  station.window->showWorkspace("climate");
  bool said = false;
  for (const QLabel* label : station.window->findChildren<QLabel*>()) {
    said = said || (label->isVisible() && label->text().contains("Open planets"));
  }
  EXPECT_TRUE(said);
}

}  // namespace
}  // namespace ecumene::ui::climate
