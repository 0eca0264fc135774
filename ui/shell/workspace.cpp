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

}  // namespace ecumene::ui::shell
