// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QUndoStack>

#include "ui/shell/workspace.h"

namespace ecumene::ui::shell {

/// The undo stack of view changes: each step keeps a workspace's view state before and after.
class ViewHistory : public QObject {
  Q_OBJECT
 public:
  explicit ViewHistory(QObject* parent = nullptr);
  /// Records what this workspace says with viewChanged().
  void watch(Workspace* workspace);
  [[nodiscard]] QUndoStack* stack() { return &stack_; }

 signals:
  /// An undo or redo has changed this workspace's view.
  void went(ecumene::ui::shell::Workspace* workspace);

 private:
  class Step;
  QUndoStack stack_;
};

}  // namespace ecumene::ui::shell
