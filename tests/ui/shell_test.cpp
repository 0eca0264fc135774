// SPDX-License-Identifier: GPL-3.0-or-later
// The window itself: palette, undo, notifications, sessions, docks, and that nothing is cut.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QOpenGLContext>
#include <QOpenGLFunctions>
#include <QOpenGLWidget>
#include <QPushButton>
#include <QSlider>
#include <QToolButton>
#include <QToolTip>
#include <algorithm>
#include <fstream>

#include "data/base/error.h"
#include "data/base/files.h"
#include "tests/ui/window.h"
#include "ui/climate/planet_view.h"
#include "ui/look/theme.h"
#include "ui/shell/about.h"
#include "ui/shell/command_palette.h"

namespace ecumene::ui::shell {
namespace {

struct OpenWindow {
  OpenWindow() : station(memory.path()) {
    if (!station.show()) ADD_FAILURE() << "the window was not exposed";
    // There is no window manager that would do it, and shortcuts go to the active window.
    QApplication::setActiveWindow(station.window.get());
  }
  template <class T>
  T* child(const char* name) {
    return station.window->findChild<T*>(name);
  }
  test::TempFolder memory;
  test::Workstation station;
};

void typeInPalette(OpenWindow& open, const char* text) {
  QTest::keyClick(open.station.window.get(), Qt::Key_P, Qt::ControlModifier | Qt::ShiftModifier);
  QTest::keyClicks(open.child<QLineEdit>("paletteLine"), text);
}

TEST(CommandPalette, RunsAnActionByKeysAlone) {
  OpenWindow open;
  ASSERT_EQ(open.station.window->currentWorkspace(), "welcome");
  typeInPalette(open, "climate");
  auto* list = open.child<QListWidget>("paletteList");
  ASSERT_TRUE(open.child<CommandPalette>("palette")->isVisible());
  EXPECT_NE(list->currentItem()->text().indexOf("Climate"), -1);
  QTest::keyClick(open.child<QLineEdit>("paletteLine"), Qt::Key_Return);
  EXPECT_FALSE(open.child<CommandPalette>("palette")->isVisible());
  EXPECT_EQ(open.station.window->currentWorkspace(), "climate");
}

TEST(CommandPalette, ArrowsChooseEscapeLeavesAndNothingIsFoundIsSaid) {
  OpenWindow open;
  typeInPalette(open, "o");
  auto* list = open.child<QListWidget>("paletteList");
  auto* line = open.child<QLineEdit>("paletteLine");
  ASSERT_GT(list->count(), 2);
  QTest::keyClick(line, Qt::Key_Down);
  QTest::keyClick(line, Qt::Key_Down);
  QTest::keyClick(line, Qt::Key_Up);
  EXPECT_EQ(list->currentRow(), 1);
  line->setText("qqqqzz");
  EXPECT_EQ(list->count(), 1);
  QTest::keyClick(line, Qt::Key_Return);
  EXPECT_TRUE(open.child<CommandPalette>("palette")->isVisible());
  QTest::keyClick(line, Qt::Key_Escape);
  EXPECT_FALSE(open.child<CommandPalette>("palette")->isVisible());
}

TEST(CommandPalette, EveryActionHasWordsAndAnIcon) {
  OpenWindow open;
  for (const char* workspace : {"welcome", "runs", "climate", "data"}) {
    open.station.window->showWorkspace(workspace);
    for (const QAction* action : open.station.window->allActions()) {
      EXPECT_FALSE(action->text().isEmpty()) << action->objectName().toStdString();
      const bool dock = action->objectName().isEmpty();
      EXPECT_TRUE(dock || !action->icon().isNull()) << action->objectName().toStdString();
    }
  }
}

TEST(Notifications, FoldDetailsAndKeepTheNewest) {
  OpenWindow open;
  auto* panel = open.child<NotificationPanel>("notifications");
  for (int i = 0; i < NotificationPanel::kKept + 5; ++i)
    open.station.window->notify({Severity::kWarning, QString::number(i), {}});
  EXPECT_EQ(panel->count(), NotificationPanel::kKept);
  open.station.window->notify(noteOf(Error("cannot read it").on("a.nc").expected("12 months").found("10").next("ask")));
  auto* fold = panel->findChild<QToolButton*>("fold");
  auto* details = panel->findChild<QLabel*>("details");
  EXPECT_FALSE(details->isVisibleTo(panel));
  fold->click();
  EXPECT_TRUE(details->isVisibleTo(panel));
  EXPECT_EQ(details->text(), "Where: a.nc\nExpected: 12 months\nFound: 10\nNext: ask");
  panel->clear();
  EXPECT_EQ(panel->count(), 0);
}

TEST(Notifications, NameTheObjectInWhatIsSeen) {
  EXPECT_EQ(noteOf(Error("this is no path").on("worlds/a.nc")).title, "This is no path: worlds/a.nc");
  EXPECT_EQ(noteOf(Error("run alpha is not there").on("alpha")).title, "Run alpha is not there");
  EXPECT_EQ(noteOf(Error("the disk is full")).title, "The disk is full");
}

TEST(Notifications, OpenWithRoomForANoteAndItsButtons) {
  OpenWindow open;
  open.station.window->showWorkspace("runs");
  QTest::qWait(60);
  open.station.window->notify(noteOf(Error("cannot read it").on("a.nc").expected("12 months").found("10").next("ask")));
  QTest::keyClick(open.station.window.get(), Qt::Key_N, Qt::ControlModifier | Qt::ShiftModifier);
  auto* panel = open.child<NotificationPanel>("notifications");
  auto* fold = panel->findChild<QToolButton*>("fold");
  EXPECT_TRUE(test::waitFor([&] { return panel->height() >= panel->fontMetrics().lineSpacing() * 12; }))
      << panel->height();
  EXPECT_EQ(fold->visibleRegion(), QRegion(fold->rect()));
  fold->click();
  QTest::qWait(60);
  auto* details = panel->findChild<QLabel*>("details");
  EXPECT_EQ(details->visibleRegion(), QRegion(details->rect()));
  look::applyTheme(*qApp, "light", 20.0);
  open.station.window->resize(1280, 800);
  QTest::qWait(120);
  EXPECT_EQ(open.station.window->size(), QSize(1280, 800));
  look::applyTheme(*qApp, "light", 10.0);
}

TEST(MainWindow, ThemesAreChosenByThePaletteAndTheFormFollows) {
  OpenWindow open;
  auto* theme = open.child<QComboBox>("appearance.theme");
  for (const char* choice : {"dark", "light"}) {
    typeInPalette(open, choice);
    auto* line = open.child<QLineEdit>("paletteLine");
    QTest::keyClick(line, Qt::Key_Return);
    EXPECT_EQ(theme->currentText(), choice);
    EXPECT_EQ(look::currentTheme().dark, std::string_view(choice) == "dark");
    EXPECT_EQ(open.station.window->settings().theme, choice);
  }
}

TEST(MainWindow, ADamagedSettingsFileIsSaidAndKept) {
  const test::TempFolder memory;
  writeFileAtomically(memory / "settings.toml", "[appearance]\ntheme = \"pink\"\n");
  {
    test::Workstation station(memory.path());
    ASSERT_TRUE(station.show());
    EXPECT_EQ(station.window->findChild<NotificationPanel*>("notifications")->count(), 1);
    EXPECT_TRUE(station.window->findChild<QDockWidget*>("notificationsDock")->isVisible());
  }
  EXPECT_EQ(readFile(memory / "settings.toml"), "[appearance]\ntheme = \"pink\"\n");
}

TEST(MainWindow, ChangedSettingsApplyAtOnceAndAreKept) {
  OpenWindow open;
  open.child<QComboBox>("appearance.theme")->setCurrentText("dark");
  EXPECT_TRUE(look::currentTheme().dark);
  const auto kept = [&] {
    const std::filesystem::path file = open.memory / "settings.toml";
    return std::filesystem::exists(file) ? loadSettings(file).theme : std::string();
  };
  EXPECT_TRUE(test::waitFor([&] { return kept() == "dark"; })) << kept();
  open.child<QComboBox>("appearance.theme")->setCurrentText("light");
  EXPECT_FALSE(look::currentTheme().dark);
}

TEST(MainWindow, EachChangeIsKeptWhileTheWindowIsOpen) {
  OpenWindow open;
  const std::filesystem::path file = open.memory / "sessions" / "last.session";
  const auto kept = [&] { return std::filesystem::exists(file) ? loadSession(file) : Session{}; };
  open.station.window->showWorkspace("climate");
  open.station.climate->setViewState({{"month", 5}});
  EXPECT_TRUE(test::waitFor([&] { return kept().views["climate"]["month"].toInt() == 5; }));
  EXPECT_EQ(kept().workspace, "climate");
  const QByteArray layout = kept().layouts["climate"];
  open.child<QDockWidget>("climateCell")->hide();
  EXPECT_TRUE(test::waitFor([&] { return kept().layouts["climate"] != layout; }));
  // A folder that cannot be written is said once, and tried again.
  std::filesystem::remove_all(file.parent_path());
  writeFileAtomically(file.parent_path(), "in the way");
  auto* notes = open.child<NotificationPanel>("notifications");
  open.station.climate->setViewState({{"month", 6}});
  EXPECT_TRUE(test::waitFor([&] { return notes->count() == 1; }));
  QTest::qWait(2 * MainWindow::kKeepMs);
  EXPECT_EQ(notes->count(), 1);
  std::filesystem::remove(file.parent_path());
  EXPECT_TRUE(test::waitFor([&] { return kept().views["climate"]["month"].toInt() == 6; }));
}

TEST(MainWindow, ASessionBringsBackWorkspaceDocksAndViews) {
  OpenWindow open;
  open.station.window->showWorkspace("climate");
  open.child<QDockWidget>("climateCell")->hide();
  open.station.climate->setViewState({{"month", 5}, {"projection", "globe"}});
  const Session session = open.station.window->session("mine");
  open.station.window->showWorkspace("welcome");
  open.station.climate->setViewState({{"month", 0}, {"projection", "mollweide"}});
  open.station.window->restore(session);
  EXPECT_EQ(open.station.window->currentWorkspace(), "climate");
  EXPECT_FALSE(open.child<QDockWidget>("climateCell")->isVisible());
  EXPECT_TRUE(open.child<QDockWidget>("climateView")->isVisible());
  EXPECT_EQ(open.station.climate->viewState()["month"].toInt(), 5);
  EXPECT_EQ(open.station.climate->viewState()["projection"].toString(), "globe");
}

TEST(MainWindow, ASessionOfAnotherMachineOpensNoFolderOfThisOne) {
  OpenWindow open;
  MainWindow& window = *open.station.window;
  QStringList chosen;
  QObject::connect(&window, &MainWindow::machineChosen, [&](const QString& host) { chosen << "machine " + host; });
  QObject::connect(&window, &MainWindow::storeChosen, [&](const QString& folder) { chosen << "store " + folder; });
  QObject::connect(&window, &MainWindow::runsChosen, [&](const QString& folder) { chosen << "runs " + folder; });
  Session session = window.session("mine");
  session.machine = "pod";
  session.store = "/planets";
  session.runs = "/runs";
  window.restore(session);
  EXPECT_EQ(chosen, QStringList{"machine pod"});
  window.setMachine("pod");
  // What will be shown of this machine once it is shown again.
  EXPECT_EQ(window.session("again").store, "/planets");
  EXPECT_EQ(window.session("again").runs, "/runs");
  session.machine.clear();
  session.runs = "/other";
  window.restore(session);
  EXPECT_EQ(chosen, (QStringList{"machine pod", "machine ", "runs /other"}));
}

TEST(MainWindow, ALongStatusGivesWayAndStandsInTheToolTip) {
  OpenWindow open;
  const QSize before = open.station.window->size();
  const QString text = QString("a long story ").repeated(200);
  open.station.window->setStatus(text, text + "\nits end");
  QTest::qWait(60);
  EXPECT_EQ(open.station.window->size(), before);
  auto* status = open.child<QLabel>("status");
  EXPECT_LE(status->mapTo(open.station.window.get(), status->rect().bottomRight()).x(), before.width());
  EXPECT_LT(status->minimumSizeHint().width(), before.width() / 4);
  EXPECT_EQ(status->toolTip(), text + "\nits end");
}

TEST(MainWindow, EveryWorkspaceSaysInItsMiddleWhyTheDaemonIsNotReached) {
  OpenWindow open;
  open.station.client.connectTo("pod", [](const auto&...) -> std::shared_ptr<client::Daemon> {
    throw Error("ssh was refused", ErrorKind::kInput).on("pod");
  });
  for (const char* workspace : {"runs", "climate", "data"}) {
    open.station.window->showWorkspace(workspace);
    EXPECT_TRUE(test::waitFor([&] {
      const auto labels = open.station.window->centralWidget()->findChildren<QLabel*>();
      return std::any_of(labels.begin(), labels.end(), [](const QLabel* label) {
        return label->isVisible() && label->text().contains("pod: ssh was refused");
      });
    })) << workspace;
  }
}

TEST(Notifications, ShowNamesWithMarkupAsTheyAre) {
  OpenWindow open;
  open.child<QDockWidget>("notificationsDock")->show();
  open.station.window->notify({Severity::kWarning, "<b>run</b>", "<img src='x'>"});
  auto* panel = open.child<NotificationPanel>("notifications");
  panel->findChild<QToolButton*>("fold")->click();
  QTest::qWait(60);
  for (const QLabel* label : panel->findChildren<QLabel*>()) {
    EXPECT_EQ(label->textFormat(), Qt::PlainText) << label->text().toStdString();
  }
  QToolTip::showText({10, 10}, "<b>run</b>", panel);
  QTest::qWait(60);
  int tips = 0;
  for (QWidget* widget : QApplication::topLevelWidgets()) {
    const auto* tip = qobject_cast<QLabel*>(widget);
    if (tip == nullptr || !widget->inherits("QTipLabel")) continue;
    ++tips;
    EXPECT_EQ(tip->textFormat(), Qt::PlainText);
  }
  EXPECT_EQ(tips, 1);
  QToolTip::hideText();
}

TEST(MainWindow, TheLastWindowIsKeptWhenItCloses) {
  const test::TempFolder memory;
  {
    test::Workstation station(memory.path());
    ASSERT_TRUE(station.show());
    station.window->showWorkspace("runs");
    station.window->close();
  }
  test::Workstation again(memory.path());
  again.window->restoreLast();
  EXPECT_EQ(again.window->currentWorkspace(), "runs");
}

TEST(MainWindow, GoesOnWhileASessionIsReadThatSomebodyChose) {
  const test::TempFolder memory;
  const std::filesystem::path file = memory / "sessions" / "mine.session";
  Session session;
  session.name = "mine";
  session.workspace = "climate";
  session.views["climate"] = {{"month", 5}};
  saveSession(file, session);
  test::Workstation station(memory.path());
  ASSERT_TRUE(station.show());
  auto* button = station.window->findChild<QPushButton*>("session");
  ASSERT_NE(button, nullptr);
  // A disk that takes its time: a pipe has nothing until somebody writes.
  const std::string content = readFile(file);
  std::filesystem::remove(file);
  ASSERT_EQ(::mkfifo(file.c_str(), 0600), 0);
  button->click();
  EXPECT_EQ(station.window->currentWorkspace(), "welcome");
  std::ofstream(file) << content;
  EXPECT_TRUE(test::waitFor([&] { return station.window->currentWorkspace() == "climate"; }));
  EXPECT_EQ(station.climate->viewState()["month"].toInt(), 5);
}

// Any warning of Qt, VTK or OpenGL on the way fails the test (ui_main.cpp).
TEST(MainWindow, DocksDanceWithoutAWarning) {
  OpenWindow open;
  const auto ids = test::makeStore(open.memory / "store", 1);
  const test::Served served(open.memory / "store");
  ASSERT_TRUE(open.station.open(served));
  ASSERT_EQ(open.station.draw(open.station.climate, {{"planet", QString::fromStdString(ids[0])}}), "");
  int danced = 0;
  for (const char* workspace : {"runs", "climate", "data"}) {
    open.station.window->showWorkspace(workspace);
    QDockWidget* before = nullptr;
    for (const auto& row : open.station.window->workspace(workspace)->docks()) {
      auto* dock = open.station.window->findChild<QDockWidget*>(row.id);
      ASSERT_NE(dock, nullptr) << row.id.toStdString();
      dock->setFloating(true);
      QTest::qWait(60);
      dock->setFloating(false);
      QTest::qWait(60);
      dock->hide();
      dock->show();
      if (before != nullptr) open.station.window->tabifyDockWidget(before, dock);
      before = dock;
      ++danced;
    }
    QTest::qWait(60);
  }
  EXPECT_GE(danced, 9);
  for (const char* shell : {"notificationsDock", "settingsDock", "aboutPanelDock"}) {
    auto* dock = open.child<QDockWidget>(shell);
    dock->show();
    dock->setFloating(true);
    QTest::qWait(60);
    dock->close();
    dock->setFloating(false);
  }
  open.station.window->showWorkspace("climate");
  QTest::qWait(60);
  for (QAction* action : open.station.window->allActions()) {
    if (action->objectName() == "resetLayout") action->trigger();
  }
  QTest::qWait(60);
  EXPECT_TRUE(open.child<QDockWidget>("climatePlanets")->isVisible());
  EXPECT_FALSE(open.child<QDockWidget>("climatePlanets")->isFloating());
  open.station.window->close();
}

TEST(MainWindow, AnErrorOfOpenGlFailsTheTestInWhichItComes) {
  OpenWindow open;
  const auto ids = test::makeStore(open.memory / "store", 1);
  const test::Served served(open.memory / "store");
  ASSERT_TRUE(open.station.open(served));
  ASSERT_EQ(open.station.draw(open.station.climate, {{"planet", QString::fromStdString(ids[0])}}), "");
  auto* widget = open.station.window->findChild<QOpenGLWidget*>();
  ASSERT_NE(widget, nullptr);
  widget->makeCurrent();
  QOpenGLFunctions* gl = widget->context()->functions();
  EXPECT_NONFATAL_FAILURE(gl->glEnable(0xFFFF), "OpenGL: ");
  EXPECT_EQ(gl->glGetError(), GLenum{GL_INVALID_ENUM});
  widget->doneCurrent();
}

/// Widgets that are smaller than their text needs, by name and text.
QStringList cut(QWidget* window) {
  QStringList found;
  for (QWidget* widget : window->findChildren<QWidget*>()) {
    if (!widget->isVisibleTo(window) || widget->visibleRegion().isEmpty()) continue;
    const auto* label = qobject_cast<QLabel*>(widget);
    const bool button = qobject_cast<QPushButton*>(widget) != nullptr || qobject_cast<QCheckBox*>(widget) != nullptr;
    if ((label == nullptr || label->wordWrap() || label->text().isEmpty()) && !button) continue;
    if (widget->width() < widget->minimumSizeHint().width() || widget->height() < widget->minimumSizeHint().height()) {
      found << widget->objectName() + " " + (label != nullptr ? label->text() : QString());
    }
  }
  return found;
}

TEST(MainWindow, NothingIsCutInAnySizeOrFont) {
  OpenWindow open;
  const auto ids = test::makeStore(open.memory / "store", 1);
  const test::Served served(open.memory / "store");
  ASSERT_TRUE(open.station.open(served));
  ASSERT_EQ(open.station.draw(open.station.climate, {{"planet", QString::fromStdString(ids[0])}}), "");
  for (const double points : {10.0, 20.0}) {
    look::applyTheme(*qApp, "dark", points);
    for (const QSize size : {QSize(1280, 800), QSize(2560, 1440)}) {
      open.station.window->resize(size);
      for (const char* workspace : {"welcome", "runs", "climate", "data"}) {
        open.station.window->showWorkspace(workspace);
        QTest::qWait(120);
        EXPECT_EQ(open.station.window->size(), size) << workspace << " " << points;
        EXPECT_TRUE(cut(open.station.window.get()).isEmpty())
            << workspace << " " << points << " " << size.width() << ": "
            << cut(open.station.window.get()).join("; ").toStdString();
      }
    }
  }
  look::applyTheme(*qApp, "light", 10.0);
}

TEST(MainWindow, OffersMachinesThatWereReached) {
  const test::TempFolder memory;
  {
    MainWindow window({memory / "settings.toml", memory / "sessions", memory / "machines", {}});
    window.remember("pod");
    window.remember("user@far");
  }
  MainWindow window({memory / "settings.toml", memory / "sessions", memory / "machines", {}});
  window.show();
  QString chosen;
  QObject::connect(&window, &MainWindow::machineChosen, [&](const QString& host) { chosen = host; });
  const auto buttons = window.findChildren<QPushButton*>("machine");
  ASSERT_EQ(buttons.size(), 2);
  EXPECT_EQ(buttons[0]->text(), "user@far");
  buttons[1]->click();
  EXPECT_EQ(chosen, "pod");
  const auto actions = window.allActions();
  const auto far = std::find_if(actions.begin(), actions.end(),
                                [](const QAction* action) { return action->objectName() == "attach.user@far"; });
  ASSERT_NE(far, actions.end());
  (*far)->trigger();
  EXPECT_EQ(chosen, "user@far");
}

TEST(About, SaysItsRowsAsText) {
  AboutPanel about;
  about.setRows({{"Qt", "6.4.2"}, {"OpenGL vendor", "<Mesa>"}});
  EXPECT_EQ(about.text(), "Qt: 6.4.2\nOpenGL vendor: <Mesa>\n");
}

}  // namespace
}  // namespace ecumene::ui::shell
