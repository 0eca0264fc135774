// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/workspace.h"

namespace ecumene::ui::shell {

void Workspace::whenDrawn(std::function<void(const QString&)> ready) {
  waiting_ = std::move(ready);
  drawingAwaited();
}

void Workspace::finishWaiting(const QString& failure) {
  if (!waiting_) return;
  const auto ready = std::move(waiting_);
  waiting_ = nullptr;
  ready(failure);
}

QAction* Workspace::addAction(const QString& name, const QString& text, look::Icon sign, const QKeySequence& keys,
                              const std::function<void()>& run) {
  auto* action = new QAction(look::icon(sign), text, this);
  action->setObjectName(name);
  action->setShortcut(keys);
  connect(action, &QAction::triggered, this, run);
  actions_.append(action);
  return action;
}

void Workspace::addFigure(const Figure& figure) {
  using look::Icon;
  struct Row {
    const char* name;
    QString text;
    Icon sign;
    const char* keys;
    FigureDeed deed;
    bool there;
  };
  const bool picture = figure.image != nullptr, table = figure.csv != nullptr;
  const Row rows[] = {
      {"copyFigure", tr("Copy the picture of the %1"), Icon::kPicture, "Ctrl+Shift+C", FigureDeed::kCopy, picture},
      {"saveFigure", tr("Save the picture of the %1…"), Icon::kSave, "Ctrl+E", FigureDeed::kSave, picture},
      {"copyTable", tr("Copy the numbers of the %1"), Icon::kCopy, "Ctrl+Alt+C", FigureDeed::kCopyTable, table},
      {"saveTable", tr("Save the numbers of the %1…"), Icon::kSave, "Ctrl+Shift+E", FigureDeed::kSaveTable, table}};
  figure.widget->setContextMenuPolicy(Qt::ActionsContextMenu);
  for (const Row& row : rows) {
    if (!row.there) continue;
    const QKeySequence keys = hasFigure_ ? QKeySequence() : QKeySequence(QString::fromLatin1(row.keys));
    QAction* action = addAction(QString::fromLatin1(row.name) + "." + figure.id, row.text.arg(figure.title), row.sign,
                                keys, [this, figure, deed = row.deed] { emit figureAsked(figure, deed); });
    figure.widget->addAction(action);
  }
  hasFigure_ = true;
}

}  // namespace ecumene::ui::shell
