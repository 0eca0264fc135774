// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/view_history.h"

#include <QDeadlineTimer>
#include <QUndoCommand>

namespace ecumene::ui::shell {
namespace {

constexpr int kTogetherMs = 1000;
constexpr int kMostSteps = 200;

}  // namespace

class ViewHistory::Step : public QUndoCommand {
 public:
  Step(ViewHistory* history, Workspace* workspace, const QString& words, QJsonObject before, QJsonObject after)
      : QUndoCommand(words),
        history_(history),
        workspace_(workspace),
        before_(std::move(before)),
        after_(std::move(after)),
        together_(kTogetherMs) {}

  void undo() override { go(before_); }
  void redo() override {
    // The stack calls this as the step is pushed: the view is there already.
    if (!pushed_) {
      pushed_ = true;
      return;
    }
    go(after_);
  }
  int id() const override { return 1; }
  bool mergeWith(const QUndoCommand* other) override {
    const auto* next = static_cast<const Step*>(other);
    if (next->workspace_ != workspace_ || next->text() != text() || together_.hasExpired()) return false;
    after_ = next->after_;
    together_ = QDeadlineTimer(kTogetherMs);
    return true;
  }

 private:
  void go(const QJsonObject& state) {
    workspace_->setViewState(state);
    emit history_->went(workspace_);
  }

  ViewHistory* history_;
  Workspace* workspace_;
  QJsonObject before_, after_;
  QDeadlineTimer together_;
  bool pushed_ = false;
};

ViewHistory::ViewHistory(QObject* parent) : QObject(parent) {
  stack_.setUndoLimit(kMostSteps);
}

void ViewHistory::watch(Workspace* workspace) {
  connect(workspace, &Workspace::viewChanged, this, [this, workspace](const QString& words, const QJsonObject& before) {
    const QJsonObject after = workspace->viewState();
    if (after != before) stack_.push(new Step(this, workspace, words, before, after));
  });
}

}  // namespace ecumene::ui::shell
