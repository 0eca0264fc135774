// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "ui/catalogue/data_workspace.h"
#include "ui/client/client.h"
#include "ui/client/here.h"
#include "ui/client/ssh_questions.h"
#include "ui/climate/climate_workspace.h"
#include "ui/runs/runs_workspace.h"
#include "ui/shell/main_window.h"

namespace ecumene::ecumene_app {

class Demo;

/// The workstation's parts put together: the window with its workspaces, and the daemon that feeds them.
class Desktop {
 public:
  struct Setup {
    ui::shell::MainWindow::Places places;
    std::filesystem::path programs;  ///< folder of ecumened
    std::string theme;               ///< in place of the settings' one; empty: that
    bool leaveNothing = false;       ///< the daemon ends with the window
  };
  explicit Desktop(const Setup& setup);
  ~Desktop();
  Desktop(const Desktop&) = delete;
  Desktop& operator=(const Desktop&) = delete;

  /// Shows this machine: what its daemon serves, with these folders among it. Empty: none of its own.
  void open(const std::string& store, const std::string& runs);
  /// Shows another machine, reached by ssh.
  void attach(const QString& host);
  /// The folders, or where they are empty those of the settings.
  void openWhatIsAskedFor(const std::string& store, const std::string& runs);
  /// "NAME=PRESET": trains a preset as a run of this name once the daemon answers, unless there is such a run (one that
  /// was killed or interrupted goes on, one that somebody stopped does not); and shows it. Throws Error.
  void launchOnce(const std::string& words);
  /// Brings About up to date.
  void sayVersions();

  [[nodiscard]] ui::shell::MainWindow& window() { return *window_; }
  [[nodiscard]] ui::client::Client& client() { return *client_; }
  [[nodiscard]] ui::runs::RunsWorkspace& runs() { return *runs_; }

 private:
  void connectWorkspaces();
  void connectWindow();
  void showLaunch();
  void linkChanged();
  /// Another machine, or this one with the folders that it had.
  void comeTo(const QString& host);
  /// A machine that was chosen cannot be reached: what was shown before is shown again.
  void goBack();
  void sendLaunch();
  /// How long an answer takes there and back.
  void ping();
  /// The store that was opened by its folder is the one that is shown.
  void chooseStore();
  void sayWhatIsOpen();
  /// The store that is shown, to the window: figures name it.
  void sayStore();
  /// What an hour of the machine that is shown costs, to the workspace that says what runs cost.
  void sayPrice();

  const std::filesystem::path programs_;
  const bool leaveNothing_;
  std::shared_ptr<ui::client::OwnDaemon> own_;  ///< outlives the client's questions
  std::unique_ptr<ui::client::Client> client_;
  std::unique_ptr<ui::shell::MainWindow> window_;
  ui::climate::ClimateWorkspace* climate_ = nullptr;
  ui::catalogue::DataWorkspace* data_ = nullptr;
  ui::runs::RunsWorkspace* runs_ = nullptr;
  Demo* demo_ = nullptr;
  std::unique_ptr<ui::client::SshQuestions> questions_;
  QString host_;                               ///< that is attached; empty: this machine
  std::optional<QString> back_;                ///< host_ before, until the machine that was chosen is reached
  std::optional<wire::LaunchRequest> launch_;  ///< to be sent once the daemon answers
  QTimer ping_;
  bool wasUp_ = false;
  qint64 answerMs_ = -1;              ///< of the last ping; -1: none
  int planets_ = -1, runCount_ = -1;  ///< not known yet
};

}  // namespace ecumene::ecumene_app
