// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <QObject>
#include <memory>
#include <vector>

#include "ui/shell/workspace.h"

class QActionGroup;
class QDockWidget;
class QMainWindow;
class QMenu;
class QStackedWidget;
class QToolBar;

namespace ecumene::ui::shell {

/// The workspaces of a window, one of them shown: its widget in the central area, its docks around it, its menu, its
/// button at the left. Where its docks stand is kept by workspace; the docks of the window itself stay as they are when
/// another workspace is shown.
class WorkspacePages : public QObject {
  Q_OBJECT
 public:
  /// Into the window's central area. Ends before both.
  WorkspacePages(QMainWindow* window, QStackedWidget* centre);
  ~WorkspacePages() override;

  /// Workspaces stand first in `view`; their own menus before `help`. Before the first add().
  void setMenus(QMenu* view, QMenu* help);
  /// In the order of their buttons; before the window is shown.
  void add(std::unique_ptr<Workspace> workspace);
  /// A dock of the window, hidden at first.
  QDockWidget* addShellDock(const Workspace::Dock& dock);

  void show(const QString& id);
  [[nodiscard]] QString current() const;
  [[nodiscard]] Workspace* workspace(const QString& id) const;
  [[nodiscard]] std::vector<Workspace*> all() const;
  /// Shows a dock in front, before those that it shares its place with.
  void raiseDock(const QString& id);
  /// Puts a dock of the window in front that was just opened, as high as its text wants it, at most half of the window.
  void giveRoom(QDockWidget* dock);
  /// Of all workspaces' buttons, and those of the one that is shown.
  [[nodiscard]] QList<QAction*> actions() const;

  /// Where the docks stand, by workspace.
  [[nodiscard]] QMap<QString, QByteArray> layouts() const;
  /// Shows a workspace, with these layouts.
  void restore(const QString& workspace, const QMap<QString, QByteArray>& layouts);
  /// Docks where they were at first.
  void reset();
  /// Tabs and sizes of docks do not exist before the window does: to be called when it is first shown.
  void windowShown();
  void setIconSide(int pixels);

 signals:
  void switched(const QString& title);

 private:
  struct Page {
    std::unique_ptr<Workspace> workspace;
    QAction* action = nullptr;
    std::vector<QDockWidget*> docks;
    QMenu* menu = nullptr;
  };
  QDockWidget* makeDock(const Workspace::Dock& dock);
  /// Docks as wide as their workspace wants them and the window has room for, the first of each place in front.
  void arrangeAnew(Page& page);
  void switchTo(Page& page);
  [[nodiscard]] Page* pageOf(const QString& id);

  QMainWindow* window_;
  QStackedWidget* centre_;
  QToolBar* navigation_ = nullptr;
  QActionGroup* group_ = nullptr;
  QMenu *viewMenu_ = nullptr, *helpMenu_ = nullptr;
  std::vector<std::unique_ptr<Page>> pages_;
  Page* current_ = nullptr;
  std::vector<QDockWidget*> shellDocks_;
  QMap<QString, QByteArray> layouts_;
};

}  // namespace ecumene::ui::shell
