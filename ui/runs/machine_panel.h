// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/client/machine_watch.h"
#include "ui/look/elided_label.h"
#include "ui/shell/notifications.h"

class QGridLayout;
class QLabel;
class QTreeWidget;

namespace ecumene::ui::runs {

class MachineCurves;

/// What an alert is about, for people: "Run demo", "GPU 0", "Disk".
QString objectText(const wire::Alert& alert);
/// An alert as a notification; `sentence` is its rule's.
shell::Note noteOf(const wire::Alert& alert, const QString& sentence);

/// A line for the status bar: CPU, memory, disk and GPUs of the daemon's machine; empty while nobody answers.
class MachineLabel : public look::ElidedLabel {
  Q_OBJECT
 public:
  explicit MachineLabel(client::MachineWatch* watch, QWidget* parent = nullptr);

 private:
  void show(const wire::ReadingsReply& readings);
};

/// The machine that trains: its readings now and before, the alerts that hold or were, and what is looked
/// for.
class MachinePanel : public QWidget {
  Q_OBJECT
 public:
  /// The watch must outlive it.
  explicit MachinePanel(client::MachineWatch* watch, QWidget* parent = nullptr);
  [[nodiscard]] MachineCurves* curves() const { return curves_; }

 signals:
  /// A person wants to see the run that an alert is about.
  void runWanted(const QString& run);

 private:
  void showReadings();
  void showAlerts();
  void showKey();

  client::MachineWatch* watch_;
  QGridLayout* grid_ = nullptr;
  QLabel *absence_ = nullptr, *key_ = nullptr;
  MachineCurves* curves_ = nullptr;
  QTreeWidget *alerts_ = nullptr, *rules_ = nullptr;
  QLabel* none_ = nullptr;
};

}  // namespace ecumene::ui::runs
