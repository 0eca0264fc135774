// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <signal.h>

#include <QApplication>
#include <QTest>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/ecumene/desktop.h"
#include "engine/run/run_directory.h"
#include "tests/support/environment.h"
#include "tests/support/run_program.h"
#include "tests/support/temp_folder.h"

namespace ecumene::test {

/// Lets events run until the condition holds; false after so many seconds.
inline bool within(int seconds, const std::function<bool()>& condition) {
  QElapsedTimer timer;
  timer.start();
  while (!condition()) {
    if (timer.elapsed() > 1000 * seconds) return false;
    QTest::qWait(10);
  }
  return true;
}

/// Folders of a user's own, in which windows, daemons and trainers are the real ones. Ends them all.
class Home {
 public:
  Home() {
    for (const char* name : {"rt", "runs"}) std::filesystem::create_directory(folder_ / name);
    std::filesystem::permissions(folder_ / "rt", std::filesystem::perms::owner_all);
    environment_.set("XDG_RUNTIME_DIR", folder_ / "rt");
    environment_.set("XDG_DATA_HOME", folder_ / "data");
    environment_.set("XDG_CONFIG_HOME", folder_ / "config");
    environment_.set("XDG_STATE_HOME", folder_ / "state");
  }
  ~Home() {
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator(runs(), ignored)) {
      if (!std::filesystem::exists(entry.path() / "run.toml", ignored)) continue;
      const auto owner = engine::run::RunDirectory::open(entry.path()).owner();
      if (owner) ::kill(static_cast<pid_t>(*owner), SIGKILL);
    }
    runProgram({"ecumenectl", "daemon", "stop"});
  }
  Home(const Home&) = delete;
  Home& operator=(const Home&) = delete;

  [[nodiscard]] const TempFolder& folder() const { return folder_; }
  [[nodiscard]] std::filesystem::path runs() const { return folder_ / "runs"; }
  [[nodiscard]] engine::run::RunDirectory journal(const std::string& id) const {
    return engine::run::RunDirectory::open(runs() / id);
  }
  [[nodiscard]] ecumene_app::Desktop::Setup setup() const {
    return {{folder_ / "settings.toml", folder_ / "sessions", folder_ / "machines", {}}, programFolder(), "", false};
  }
  /// What a word of ecumenectl printed with --json; a failure fails the test.
  nlohmann::json ctl(std::vector<std::string> words) const {
    words.insert(words.begin(), "ecumenectl");
    words.emplace_back("--json");
    const Finished finished = runProgram(std::move(words));
    EXPECT_EQ(finished.code, 0) << finished.err << finished.out;
    return finished.code == 0 ? nlohmann::json::parse(finished.out) : nlohmann::json();
  }
  [[nodiscard]] nlohmann::json run(const std::string& id) const { return ctl({"show", id}).at("run"); }
  [[nodiscard]] std::string state(const std::string& id) const { return run(id).at("state"); }

 private:
  TempFolder folder_;
  Environment environment_;
};

/// The program's window over folders of a home.
struct Window {
  Window(const Home& home, const std::string& store) : desktop(home.setup()) {
    desktop.window().show();
    if (!QTest::qWaitForWindowExposed(&desktop.window())) ADD_FAILURE() << "the window was not exposed";
    activate();
    desktop.open(store, home.runs());
    if (!within(40, [this] { return desktop.client().isUp(); })) ADD_FAILURE() << "no daemon was reached";
  }
  /// There is no window manager that would do it, and shortcuts go to the active window.
  void activate() { QApplication::setActiveWindow(&desktop.window()); }
  template <class T>
  T* child(const char* name) {
    return desktop.window().findChild<T*>(name);
  }
  void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {}) {
    QWidget* focus = QApplication::focusWidget();
    QTest::keyClick(focus == nullptr ? &desktop.window() : focus, key, modifiers);
  }
  void type(const QString& text) { QTest::keyClicks(QApplication::focusWidget(), text); }
  /// Presses Tab until the widget of this name has the focus; false if it never gets it.
  bool tabTo(const char* name) {
    for (int i = 0; i < 400; ++i) {
      if (QApplication::focusWidget() != nullptr && QApplication::focusWidget()->objectName() == name) return true;
      press(Qt::Key_Tab);
    }
    return false;
  }
  ecumene_app::Desktop desktop;
};

}  // namespace ecumene::test
