// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;
class QTreeWidget;

namespace ecumene::ui::runs {

class RunCopies;
struct RunCopy;

/// "mirrored 40 s ago", "copying, 1.20 GB of 4.00 GB", "is tried again: ...": how a copy is, at `now` in seconds since
/// 1970. `here`: its daemon is the one that is shown.
QString stateText(const RunCopy& copy, bool here, double now);

/// "mirrored 40 s ago"; `at` as of RunCopy::updated.
QString mirrorText(double at, double now);

/// Copies and mirrors that are not done, how each is, and a button that ends one.
class RunCopiesPanel : public QWidget {
  Q_OBJECT
 public:
  /// The copies must outlive it.
  explicit RunCopiesPanel(RunCopies* copies, QWidget* parent = nullptr);

 private:
  void fill();
  void stopChosen();

  RunCopies* copies_;
  QTimer refresh_;
  QTreeWidget* tree_ = nullptr;
  QLabel* none_ = nullptr;
  QPushButton* stop_ = nullptr;
};

}  // namespace ecumene::ui::runs
