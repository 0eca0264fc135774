// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_copies_panel.h"

#include <QDateTime>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/look/icons.h"
#include "ui/look/theme.h"
#include "ui/runs/run_copies.h"
#include "ui/runs/run_list.h"
#include "ui/runs/size_text.h"

namespace ecumene::ui::runs {
namespace {

constexpr int kCopiesMs = 1000;

std::uint64_t idOf(const QTreeWidgetItem* item) {
  return item->data(0, Qt::UserRole).toULongLong();
}

}  // namespace

QString mirrorText(double at, double now) {
  return at > 0.0 ? QObject::tr("mirrored %1 ago").arg(ageText(now - at)) : QObject::tr("not mirrored yet");
}

QString stateText(const RunCopy& copy, bool here, double now) {
  QStringList parts;
  if (copy.atWork && copy.all > 0) {
    parts << QObject::tr("copying, %1 of %2")
                 .arg(sizeText(static_cast<double>(copy.done)), sizeText(static_cast<double>(copy.all)));
  } else if (copy.refused) {
    parts << QObject::tr("refused: %1").arg(QString::fromStdString(copy.problem));
  } else if (!here) {
    parts << QObject::tr("goes on where %1 is attached").arg(QString::fromStdString(copy.from.host));
  } else if (!copy.problem.empty()) {
    parts << QObject::tr("is tried again: %1").arg(QString::fromStdString(copy.problem));
  } else if (copy.updated == 0.0) {
    parts << QObject::tr("waits for its turn");
  }
  if (copy.mirror && copy.updated > 0.0) parts << mirrorText(copy.updated, now);
  return parts.join(QStringLiteral("; "));
}

RunCopiesPanel::RunCopiesPanel(RunCopies* copies, QWidget* parent) : QWidget(parent), copies_(copies) {
  setObjectName("runCopies");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(8);
  none_ =
      new QLabel(tr("No run is copied or mirrored to this machine. The command palette (Ctrl+Shift+P) has “Copy this "
                    "run” and “Mirror this run”; a mirror follows its run until it is stopped here."),
                 this);
  none_->setWordWrap(true);
  none_->setForegroundRole(QPalette::PlaceholderText);
  column->addWidget(none_);
  tree_ = new QTreeWidget(this);
  tree_->setObjectName("copyTree");
  tree_->setAccessibleName(tr("Copies and mirrors of runs"));
  tree_->setRootIsDecorated(false);
  tree_->setHeaderLabels({tr("Run"), tr("State"), tr("Folder")});
  tree_->header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  tree_->setAlternatingRowColors(true);
  column->addWidget(tree_, 1);
  stop_ = new QPushButton(look::icon(look::Icon::kStop), tr("Stop"), this);
  stop_->setObjectName("stopCopy");
  stop_->setToolTip(tr("What has come stays; asked for again it goes on from there"));
  column->addWidget(stop_);
  column->addStretch();
  connect(stop_, &QPushButton::clicked, this, &RunCopiesPanel::stopChosen);
  connect(tree_, &QTreeWidget::itemSelectionChanged, this,
          [this] { stop_->setEnabled(tree_->currentItem() != nullptr); });
  connect(copies_, &RunCopies::changed, this, &RunCopiesPanel::fill);
  connect(&refresh_, &QTimer::timeout, this, [this] {
    if (isVisible()) fill();
  });
  refresh_.start(kCopiesMs);
  fill();
}

void RunCopiesPanel::fill() {
  const std::vector<RunCopy> all = copies_->all();
  const double now = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000.0;
  // Rows stay, so that the chosen one does; they are in the order of the ids. Where the chosen one goes none is chosen.
  for (int i = tree_->topLevelItemCount(); i-- > 0;) {
    const QTreeWidgetItem* item = tree_->topLevelItem(i);
    const auto isOf = [id = idOf(item)](const RunCopy& copy) { return copy.id == id; };
    if (std::any_of(all.begin(), all.end(), isOf)) continue;
    if (item == tree_->currentItem()) tree_->setCurrentItem(nullptr);
    delete tree_->takeTopLevelItem(i);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const RunCopy& copy = all[i];
    QTreeWidgetItem* item = tree_->topLevelItem(static_cast<int>(i));
    if (item == nullptr) item = new QTreeWidgetItem(tree_);
    const QString state = stateText(copy, copies_->isShown(copy), now);
    item->setText(0, tr("%1 of %2").arg(QString::fromStdString(copy.run), QString::fromStdString(copy.from.host)));
    item->setIcon(0, look::icon(copy.mirror ? look::Icon::kSave : look::Icon::kCopy));
    item->setText(1, state.section('\n', 0, 0));
    item->setToolTip(1, state);
    item->setForeground(1, copy.refused ? look::currentTheme().warning : look::currentTheme().text);
    item->setText(2, QString::fromStdString(copy.folder));
    item->setToolTip(2, item->text(2));
    item->setData(0, Qt::UserRole, static_cast<qulonglong>(copy.id));
  }
  none_->setVisible(all.empty());
  tree_->setVisible(!all.empty());
  stop_->setVisible(!all.empty());
  stop_->setEnabled(tree_->currentItem() != nullptr);
}

void RunCopiesPanel::stopChosen() {
  if (const QTreeWidgetItem* item = tree_->currentItem()) copies_->stop(idOf(item));
}

}  // namespace ecumene::ui::runs
