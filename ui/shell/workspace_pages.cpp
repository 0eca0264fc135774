// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/workspace_pages.h"

#include <QActionGroup>
#include <QDockWidget>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>
#include <QStackedWidget>
#include <QTimer>
#include <QToolBar>
#include <algorithm>
#include <set>

namespace ecumene::ui::shell {
namespace {

constexpr int kLayoutVersion = 1;
constexpr double kDocksShare = 0.54;  // of the window's width at most, so that the middle of a small one has room

}  // namespace

WorkspacePages::WorkspacePages(QMainWindow* window, QStackedWidget* centre) : window_(window), centre_(centre) {
  navigation_ = new QToolBar(tr("Workspaces"), window_);
  navigation_->setObjectName("navigation");
  navigation_->setMovable(false);
  navigation_->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
  navigation_->setContextMenuPolicy(Qt::PreventContextMenu);
  window_->addToolBar(Qt::LeftToolBarArea, navigation_);
  group_ = new QActionGroup(this);
}

WorkspacePages::~WorkspacePages() = default;

void WorkspacePages::setMenus(QMenu* view, QMenu* help) {
  viewMenu_ = view;
  helpMenu_ = help;
}

QDockWidget* WorkspacePages::makeDock(const Workspace::Dock& dock) {
  auto* widget = new QDockWidget(dock.title, window_);
  widget->setObjectName(dock.id);
  widget->setWidget(dock.widget);
  window_->addDockWidget(dock.area, widget);
  widget->hide();
  return widget;
}

QDockWidget* WorkspacePages::addShellDock(const Workspace::Dock& dock) {
  shellDocks_.push_back(makeDock(dock));
  return shellDocks_.back();
}

void WorkspacePages::add(std::unique_ptr<Workspace> added) {
  const auto number = static_cast<int>(pages_.size()) + 1;
  auto page = std::make_unique<Page>();
  page->workspace = std::move(added);
  Workspace* workspace = page->workspace.get();
  centre_->addWidget(workspace->centre());
  page->action = new QAction(look::icon(workspace->sign()), workspace->title(), window_);
  page->action->setObjectName("workspace." + workspace->id());
  page->action->setCheckable(true);
  page->action->setShortcut(QKeySequence(QStringLiteral("Ctrl+%1").arg(number)));
  page->action->setToolTip(QStringLiteral("%1 (Ctrl+%2)").arg(workspace->title()).arg(number));
  page->action->setProperty("group", tr("Workspace"));
  group_->addAction(page->action);
  navigation_->addAction(page->action);
  connect(page->action, &QAction::triggered, this, [this, id = workspace->id()] { show(id); });
  viewMenu_->insertAction(viewMenu_->actions().at(number - 1), page->action);
  for (const Workspace::Dock& dock : workspace->docks()) {
    QDockWidget* before = page->docks.empty() ? nullptr : page->docks.back();
    page->docks.push_back(makeDock(dock));
    if (dock.tabbed && before != nullptr) window_->tabifyDockWidget(before, page->docks.back());
    page->docks.back()->hide();
    QAction* toggle = page->docks.back()->toggleViewAction();
    // Apart from actions of the same name: "New run…" beside "New run panel".
    toggle->setText(tr("%1 panel").arg(dock.title));
    toggle->setProperty("group", workspace->title());
  }
  if (!workspace->actions().isEmpty() || !page->docks.empty()) {
    page->menu = new QMenu(workspace->title(), window_->menuBar());
    window_->menuBar()->insertMenu(helpMenu_->menuAction(), page->menu);
    for (QAction* action : workspace->actions()) {
      action->setProperty("group", workspace->title());
      action->setVisible(false);
      page->menu->addAction(action);
      centre_->addAction(action);
    }
    page->menu->addSeparator();
    for (QDockWidget* dock : page->docks) page->menu->addAction(dock->toggleViewAction());
    page->menu->menuAction()->setVisible(false);
  }
  pages_.push_back(std::move(page));
}

WorkspacePages::Page* WorkspacePages::pageOf(const QString& id) {
  for (const auto& page : pages_) {
    if (page->workspace->id() == id) return page.get();
  }
  return nullptr;
}

Workspace* WorkspacePages::workspace(const QString& id) const {
  for (Workspace* one : all()) {
    if (one->id() == id) return one;
  }
  return nullptr;
}

std::vector<Workspace*> WorkspacePages::all() const {
  std::vector<Workspace*> workspaces;
  for (const auto& page : pages_) workspaces.push_back(page->workspace.get());
  return workspaces;
}

void WorkspacePages::raiseDock(const QString& id) {
  if (auto* dock = window_->findChild<QDockWidget*>(id)) {
    dock->show();
    dock->raise();
  }
}

void WorkspacePages::giveRoom(QDockWidget* dock) {
  dock->raise();
  // It has its place once the window is laid out with it.
  QTimer::singleShot(0, dock, [this, dock] {
    const int wanted = std::min(dock->sizeHint().height(), window_->height() / 2);
    if (!dock->isFloating() && dock->height() < wanted) window_->resizeDocks({dock}, {wanted}, Qt::Vertical);
  });
}

QString WorkspacePages::current() const {
  return current_ == nullptr ? QString() : current_->workspace->id();
}

void WorkspacePages::show(const QString& id) {
  Page* page = pageOf(id);
  if (page != nullptr && page != current_) switchTo(*page);
}

void WorkspacePages::switchTo(Page& page) {
  if (current_ != nullptr) {
    layouts_[current_->workspace->id()] = window_->saveState(kLayoutVersion);
    for (QDockWidget* dock : current_->docks) dock->hide();
    if (current_->menu != nullptr) current_->menu->menuAction()->setVisible(false);
    for (QAction* action : current_->workspace->actions()) action->setVisible(false);
  }
  std::vector<bool> shellVisible;
  for (const QDockWidget* dock : shellDocks_) shellVisible.push_back(!dock->isHidden());
  current_ = &page;
  page.action->setChecked(true);
  if (page.menu != nullptr) page.menu->menuAction()->setVisible(true);
  for (QAction* action : page.workspace->actions()) action->setVisible(true);
  centre_->setCurrentWidget(page.workspace->centre());
  const auto layout = layouts_.find(page.workspace->id());
  if (layout == layouts_.end() || !window_->restoreState(layout.value(), kLayoutVersion)) {
    // Of docks in one place the first is in front.
    for (QDockWidget* dock : page.docks) dock->show();
    arrangeAnew(page);
  }
  for (std::size_t i = 0; i < shellDocks_.size(); ++i) shellDocks_[i]->setVisible(shellVisible[i]);
  emit switched(page.workspace->title());
}

void WorkspacePages::arrangeAnew(Page& page) {
  const std::vector<Workspace::Dock> docks = page.workspace->docks();
  QList<QDockWidget*> widgets;
  QList<int> widths;
  std::set<Qt::DockWidgetArea> sides;
  for (const Workspace::Dock& dock : docks) sides.insert(dock.area);
  const double widest = kDocksShare * window_->width() / static_cast<double>(std::max<std::size_t>(1, sides.size()));
  for (std::size_t i = 0; i < docks.size(); ++i) {
    widgets.append(page.docks[i]);
    const int wanted = docks[i].characters * window_->fontMetrics().averageCharWidth();
    widths.append(std::min(wanted, static_cast<int>(widest)));
  }
  window_->resizeDocks(widgets, widths, Qt::Horizontal);
  for (auto dock = page.docks.rbegin(); dock != page.docks.rend(); ++dock) (*dock)->raise();
}

QList<QAction*> WorkspacePages::actions() const {
  QList<QAction*> actions;
  for (const auto& page : pages_) actions.append(page->action);
  if (current_ == nullptr) return actions;
  actions.append(current_->workspace->actions());
  for (const QDockWidget* dock : current_->docks) actions.append(dock->toggleViewAction());
  return actions;
}

QMap<QString, QByteArray> WorkspacePages::layouts() const {
  QMap<QString, QByteArray> layouts = layouts_;
  layouts[current()] = window_->saveState(kLayoutVersion);
  return layouts;
}

void WorkspacePages::restore(const QString& workspace, const QMap<QString, QByteArray>& layouts) {
  // The layout is restored once the workspace is shown: switching alone would show all of its docks.
  const bool isThere = pageOf(workspace) != nullptr;
  show(workspace);
  for (auto it = layouts.begin(); it != layouts.end(); ++it) {
    if (it.key() != workspace) layouts_[it.key()] = it.value();
  }
  if (isThere && layouts.contains(workspace)) window_->restoreState(layouts[workspace], kLayoutVersion);
}

void WorkspacePages::reset() {
  layouts_.clear();
  for (const auto& page : pages_) {
    for (QDockWidget* dock : page->docks) {
      dock->setFloating(false);
      dock->setVisible(page.get() == current_);
    }
    const std::vector<Workspace::Dock> docks = page->workspace->docks();
    for (std::size_t i = 0; i < docks.size(); ++i) {
      window_->addDockWidget(docks[i].area, page->docks[i]);
      if (docks[i].tabbed && i > 0) window_->tabifyDockWidget(page->docks[i - 1], page->docks[i]);
    }
  }
  for (QDockWidget* dock : shellDocks_) {
    dock->setFloating(false);
    window_->addDockWidget(Qt::RightDockWidgetArea, dock);
    dock->hide();
  }
}

void WorkspacePages::windowShown() {
  if (current_ != nullptr && !layouts_.contains(current_->workspace->id())) {
    QTimer::singleShot(0, this, [this] { arrangeAnew(*current_); });
  }
}

void WorkspacePages::setIconSide(int pixels) {
  navigation_->setIconSize({pixels, pixels});
}

}  // namespace ecumene::ui::shell
