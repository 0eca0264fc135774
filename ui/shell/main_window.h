// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMainWindow>
#include <QMap>
#include <QThreadPool>
#include <QTimer>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "ui/shell/session.h"
#include "ui/shell/settings.h"
#include "ui/shell/view_history.h"
#include "ui/shell/workspace.h"

class QToolButton;

namespace ecumene {
class Error;
}

namespace ecumene::ui::look {
class ElidedLabel;
}

namespace ecumene::ui::forms {
class OptionForm;
}

namespace ecumene::ui::shell {

class AboutPanel;
class CommandPalette;
class Figures;
class QuestionBar;
class WelcomeWorkspace;
class WorkspacePages;

/// The window: workspaces around one central area, and what all of them share (menus, command palette, undo, settings,
/// sessions, notifications, About). It does not know what a workspace does.
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  /// Where a window keeps what it remembers; empty paths: nowhere.
  struct Places {
    std::filesystem::path settings;   ///< file
    std::filesystem::path sessions;   ///< folder
    std::filesystem::path machines;   ///< file
    std::filesystem::path sshConfig;  ///< file whose hosts are offered beside them
  };
  /// Between two looks whether the window has changed; then it is kept as the last session, so that a window that is
  /// killed comes back as it was.
  static constexpr int kKeepMs = 1000;
  explicit MainWindow(Places places, QWidget* parent = nullptr);
  ~MainWindow() override;

  /// In the order of their buttons; before the window is shown.
  void addWorkspace(std::unique_ptr<Workspace> workspace);
  void showWorkspace(const QString& id);
  [[nodiscard]] QString currentWorkspace() const;
  [[nodiscard]] Workspace* workspace(const QString& id) const;

  /// Shows a dock of the workspace in front, before those that it shares its place with.
  void raiseDock(const QString& id);

  [[nodiscard]] const Settings& settings() const { return settings_; }
  void notify(const Note& note);
  /// Versions and drivers, for About.
  void setAbout(const std::vector<std::pair<QString, QString>>& rows);
  /// Folders of this machine that are shown, or will be once it is; for sessions. Empty: none of its own.
  void setFolders(const QString& store, const QString& runs);
  /// The store whose planets are shown, for figures: as its daemon calls it, and its folder where that is of this
  /// machine.
  void setShownStore(const QString& id, const QString& folder);
  [[nodiscard]] QString storeFolder() const { return store_; }
  [[nodiscard]] QString runsFolder() const { return runs_; }
  /// The machine that is shown, as ssh takes it, for sessions; empty: this one.
  void setMachine(const QString& host) { machine_ = host; }
  /// A machine has answered: it is offered from now on.
  void remember(const QString& host);
  /// Offers the demo on the welcome page; the sentence says what it does or how far it is. Empty: no offer.
  void offerDemo(const QString& sentence, bool canBegin);
  [[nodiscard]] QuestionBar& questions() { return *questions_; }
  /// One line, cut where the window is too narrow for it; the whole text is its tooltip.
  void setStatus(const QString& text, const QString& whole = {});

  [[nodiscard]] Session session(const QString& name) const;
  void restore(const Session& session);
  /// That of the last window, if the settings say so and there is one. Reads it at once: before the window is shown.
  void restoreLast();
  [[nodiscard]] CommandPalette* palette() const { return palette_; }
  /// All actions of the window and its workspaces, for the palette.
  [[nodiscard]] QList<QAction*> allActions() const;

 signals:
  void storeChosen(const QString& folder);
  void runsChosen(const QString& folder);
  /// As ssh takes it; empty: this machine.
  void machineChosen(const QString& host);
  /// A session showed the store that the daemon calls so; after the daemon of that session was chosen.
  void shownStoreChosen(const QString& id);
  void dialAgainAsked();
  void demoAsked();
  /// Files and folders of this machine were dropped on the window, none of them a figure of it.
  void filesDropped(const QStringList& paths);
  void settingsChanged();
  void shown();
  /// The About panel is about to be seen: setAbout() may bring it up to date.
  void aboutOpened();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  QAction* addAction(const char* name, const QString& group, const QString& text, look::Icon sign,
                     const QKeySequence& shortcut, const std::function<void()>& run);
  void makeActions();
  void makeMenus();
  void makeShellDocks();
  void makeWelcome();
  void askFolder(const QString& question, const QString& now, const std::function<void(const QString&)>& done);
  void takeSettings();
  void chooseTheme(const char* theme);
  void saveSessionAs(const QString& name);
  void keepSession();
  /// Reads and writes on a thread of its own, one after the other: the window waits for no disk. Then `done` in the
  /// window's thread, or `failed`.
  void onDisk(std::function<void()> work, std::function<void()> done, std::function<void(const Error&)> failed);
  void openSession(const std::filesystem::path& file);
  /// The view of one workspace, as figures have it.
  [[nodiscard]] Session viewOf(const Workspace& workspace) const;
  void openFigure(const Session& view);
  /// These, that were reached, and those of ssh's configuration.
  void offerMachines(const QStringList& reached);

  Places places_;
  Settings settings_, defaults_;
  QMap<QString, QAction*> named_;
  QString store_, runs_, machine_;
  QString shownStore_, shownFolder_;
  ViewHistory* history_ = nullptr;
  QuestionBar* questions_ = nullptr;
  CommandPalette* palette_ = nullptr;
  Figures* figures_ = nullptr;
  NotificationPanel* notifications_ = nullptr;
  AboutPanel* about_ = nullptr;
  forms::OptionForm* settingsForm_ = nullptr;
  WelcomeWorkspace* welcome_ = nullptr;
  QMenu* machineMenu_ = nullptr;
  QStringList sshHosts_;
  look::ElidedLabel* status_ = nullptr;
  QToolButton* noteCount_ = nullptr;
  bool wasShown_ = false;
  Session kept_;                ///< as the last session's file has it, or will have it
  bool keepingFailed_ = false;  ///< and it was said
  QTimer keeping_;
  QThreadPool disk_;
  std::unique_ptr<WorkspacePages> pages_;  ///< ends before what it stands in
};

}  // namespace ecumene::ui::shell
