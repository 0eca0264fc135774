// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QJsonObject>
#include <QList>
#include <QObject>
#include <QString>
#include <QWidget>
#include <functional>
#include <vector>

#include "ui/look/icons.h"
#include "ui/shell/figure.h"
#include "ui/shell/notifications.h"

namespace ecumene::ui::shell {

/// A task's part of the window: one widget for the central area, docks around it, actions. What it shows of what it
/// has is its view state, a JSON object; changes of it can be undone and come back with a session.
class Workspace : public QObject {
  Q_OBJECT
 public:
  struct Dock {
    QString id;  ///< objectName, unique in the window
    QString title;
    QWidget* widget = nullptr;
    Qt::DockWidgetArea area = Qt::LeftDockWidgetArea;
    int characters = 36;  ///< of text that it is wide at first
    bool tabbed = false;  ///< behind the dock before it, in one place
  };

  using Take = std::function<void(const QString&)>;

  using QObject::QObject;
  [[nodiscard]] virtual QString id() const = 0;
  [[nodiscard]] virtual QString title() const = 0;
  [[nodiscard]] virtual look::Icon sign() const = 0;
  /// Widgets that the window takes over.
  virtual QWidget* centre() = 0;
  virtual std::vector<Dock> docks() { return {}; }
  [[nodiscard]] QList<QAction*> actions() const { return actions_; }
  [[nodiscard]] virtual QJsonObject viewState() const { return {}; }
  /// Keys that are missing or make no sense leave things as they are.
  virtual void setViewState(const QJsonObject&) {}
  /// Calls `ready` once what `setViewState` asked for is drawn, or has failed with the reason; for snapshots.
  void whenDrawn(std::function<void(const QString& failure)> ready);

 signals:
  /// The user has changed the view; `words` is what an undo would say ("Month"). Changes with the same words that
  /// follow each other closely are one step.
  void viewChanged(const QString& words, const QJsonObject& before);
  void noted(const ecumene::ui::shell::Note& note);
  void figureAsked(const ecumene::ui::shell::Figure& figure, ecumene::ui::shell::FigureDeed deed);
  /// The user is to be asked for a line of text.
  void lineWanted(const QString& question, const QString& initial, const ecumene::ui::shell::Workspace::Take& done);

 protected:
  QAction* addAction(const QString& name, const QString& text, look::Icon sign, const QKeySequence& keys,
                     const std::function<void()>& run);
  /// Offers a figure: actions, and a menu on its widget. The first one's have keys.
  void addFigure(const Figure& figure);
  /// Somebody waits for the picture: a workspace that has nothing to fetch, or all of it, says finishWaiting().
  virtual void drawingAwaited() { finishWaiting({}); }
  /// Answers who waits for the picture, if somebody does.
  void finishWaiting(const QString& failure);

 private:
  QList<QAction*> actions_;
  bool hasFigure_ = false;
  std::function<void(const QString&)> waiting_;
};

}  // namespace ecumene::ui::shell
