// SPDX-License-Identifier: GPL-3.0-or-later
// What the interface remembers: settings and sessions.
#include <gtest/gtest.h>

#include <cstdlib>

#include "data/base/files.h"
#include "tests/support/environment.h"
#include "tests/support/temp_folder.h"
#include "tests/support/thrown_error.h"
#include "ui/shell/machines.h"
#include "ui/shell/session.h"
#include "ui/shell/settings.h"

namespace ecumene::ui::shell {
namespace {

TEST(Settings, ComeBackAsTheyWereSaved) {
  const test::TempFolder folder;
  Settings settings;
  settings.theme = "dark";
  settings.textPoints = 14.5;
  settings.store = "/data/with \"quotes\" and ü";
  settings.restore = false;
  saveSettings(folder / "deep" / "settings.toml", settings);
  EXPECT_EQ(loadSettings(folder / "deep" / "settings.toml"), settings);
}

TEST(Settings, AreDefaultsWithoutAFile) {
  const test::TempFolder folder;
  EXPECT_EQ(loadSettings(folder / "absent.toml"), Settings{});
}

TEST(Settings, AWrongValueNamesFileLineAndKey) {
  const test::TempFolder folder;
  writeFileAtomically(folder / "s.toml", "[appearance]\ntheme = \"dark\"\ntext_size = 900.0\n");
  const std::string message = test::messageOf([&] { static_cast<void>(loadSettings(folder / "s.toml")); });
  EXPECT_NE(message.find("s.toml:3"), std::string::npos) << message;
  EXPECT_NE(message.find("appearance.text_size"), std::string::npos) << message;
}

TEST(Settings, FoldersFollowXdg) {
  // Nothing after it may write below these: Qt does, in a folder of such a name beside the sources.
  test::Environment environment;
  environment.set("XDG_CONFIG_HOME", "/somewhere/config");
  EXPECT_EQ(configFolder(), "/somewhere/config/ecumene");
  environment.set("XDG_CONFIG_HOME", "relative is ignored");
  environment.set("HOME", "/home/someone");
  EXPECT_EQ(configFolder(), "/home/someone/.config/ecumene");
  environment.unset("XDG_STATE_HOME");
  EXPECT_EQ(stateFolder(), "/home/someone/.local/state/ecumene");
}

TEST(Machines, TheLatestStandsFirstAndOnlyOnce) {
  const test::TempFolder folder;
  const std::filesystem::path file = folder / "deep" / "machines";
  EXPECT_TRUE(machinesOf(file).isEmpty());
  for (const char* host : {"pod", "user@far", "pod", "last"}) rememberMachine(file, host);
  EXPECT_EQ(machinesOf(file), (QStringList{"last", "pod", "user@far"}));
  for (int i = 0; i < 20; ++i) rememberMachine(file, QString::number(i));
  EXPECT_EQ(machinesOf(file).size(), 8);
  EXPECT_EQ(machinesOf(file).first(), "19");
}

TEST(Machines, HostsAreThoseThatSshsConfigurationNames) {
  const test::TempFolder folder;
  EXPECT_TRUE(hostsOfSshConfig(folder / "none").isEmpty());
  std::ofstream(folder / "config") << "# Host left-out\nHost pod pod-2\n  HostName 10.0.0.1\nhost=\"desk\"\r\n"
                                   << "Host *.example.org !bad a?\nMatch host other\nHost pod # again\nHost\n";
  EXPECT_EQ(hostsOfSshConfig(folder / "config"), (QStringList{"pod", "pod-2", "desk"}));
}

Session sample() {
  Session session;
  session.name = "two eyeballs / ü";
  session.workspace = "climate";
  session.geometry = QByteArray("\0\1\2\xff", 4);
  session.layouts["climate"] = QByteArray("layout");
  session.views["climate"] = {{"planet", "tw307"}, {"month", 7}};
  session.store = "/data/store";
  return session;
}

TEST(Session, ComesBackAsItWasSaved) {
  const test::TempFolder folder;
  const Session session = sample();
  const std::string name = fileNameOf(session.name);
  EXPECT_EQ(name.find('/'), std::string::npos) << name;
  saveSession(folder / name, session);
  EXPECT_EQ(loadSession(folder / name), session);
  const auto list = sessionsOf(folder.path());
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].name, session.name);
}

TEST(Session, HostileNamesStayInTheFolder) {
  for (const char* name : {"../up", "/etc/passwd", "..", ".", "a\nb", "'; DROP"}) {
    const std::string file = fileNameOf(name);
    EXPECT_EQ(file.find('/'), std::string::npos) << file;
    EXPECT_EQ(file.find('\n'), std::string::npos) << file;
    EXPECT_NE(file.front(), '.') << file;
  }
}

TEST(Session, ANewerVersionAndADamagedFileAreRefusedAndLeftOutOfTheList) {
  const test::TempFolder folder;
  writeFileAtomically(folder / "new.session", R"({"ecumene_session": 99})");
  writeFileAtomically(folder / "cut.session", R"({"ecumene_session": 1, "na)");
  writeFileAtomically(folder / "other.session", "[]");
  EXPECT_NE(test::messageOf([&] { loadSession(folder / "new.session"); }).find("newer"), std::string::npos);
  EXPECT_NE(test::messageOf([&] { loadSession(folder / "cut.session"); }).find("no session"), std::string::npos);
  EXPECT_NE(test::messageOf([&] { loadSession(folder / "other.session"); }).find("no session"), std::string::npos);
  EXPECT_TRUE(sessionsOf(folder.path()).empty());
}

TEST(Session, AFailedSaveKeepsTheOldFile) {
  const test::TempFolder folder;
  saveSession(folder / "a.session", sample());
  // A folder where the incomplete file should go: writing fails.
  std::filesystem::create_directories(folder / "a.session.incomplete" / "x");
  EXPECT_NE(test::messageOf([&] { saveSession(folder / "a.session", {}); }), "nothing thrown");
  EXPECT_EQ(loadSession(folder / "a.session"), sample());
}

}  // namespace
}  // namespace ecumene::ui::shell
