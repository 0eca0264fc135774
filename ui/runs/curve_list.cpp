// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/curve_list.h"

#include <QHeaderView>
#include <QLabel>
#include <QStackedWidget>
#include <QTreeWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <tuple>

#include "ui/look/tables.h"
#include "ui/look/theme.h"
#include "ui/runs/curve_sample.h"
#include "ui/runs/metric_words.h"

namespace ecumene::ui::runs {
namespace {

enum CurveColumn { kCurveName, kCurveValue };

}  // namespace

CurveList::CurveList(QWidget* parent) : QWidget(parent) {
  setObjectName("curveList");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(4);
  valuesAre_ = new QLabel(this);
  valuesAre_->setForegroundRole(QPalette::PlaceholderText);
  column->addWidget(valuesAre_);
  stack_ = new QStackedWidget(this);
  tree_ = new QTreeWidget(stack_);
  tree_->setObjectName("curveTree");
  tree_->setColumnCount(2);
  tree_->setHeaderLabels({tr("Curve"), tr("Value")});
  tree_->header()->setStretchLastSection(false);
  tree_->header()->setSectionResizeMode(kCurveName, QHeaderView::Stretch);
  tree_->header()->setSectionResizeMode(kCurveValue, QHeaderView::ResizeToContents);
  tree_->headerItem()->setTextAlignment(kCurveValue, Qt::AlignRight | Qt::AlignVCenter);
  tree_->setUniformRowHeights(true);
  // Names of one group differ in their ends: "….with_climate", "….without_climate".
  tree_->setTextElideMode(Qt::ElideMiddle);
  tree_->setIndentation(fontMetrics().averageCharWidth() * 2);
  stack_->addWidget(tree_);
  hint_ = look::emptyMessage({}, look::Place::kTop, stack_);
  hint_->setObjectName("noCurveNames");
  stack_->addWidget(hint_);
  stack_->setCurrentWidget(hint_);
  column->addWidget(stack_, 1);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  connect(tree_, &QTreeWidget::itemChanged, this, [this](QTreeWidgetItem* item, int) {
    if (quiet_ || !items_.values().contains(item)) return;
    const QStringList before = shown_;
    const QString name = items_.key(item);
    shown_.removeAll(name);
    if (item->checkState(kCurveName) == Qt::Checked) shown_.append(name);
    if (shown_ != before) emit shownChanged(before);
  });
}

QTreeWidgetItem* CurveList::groupOf(const QString& name) {
  const QString group = name.contains('.') ? name.section('.', 0, 0) : tr("others");
  if (!groups_.contains(group)) {
    auto* item = new QTreeWidgetItem(tree_, {group});
    item->setFlags(Qt::ItemIsEnabled);
    item->setFont(kCurveName, look::headingFont(1.0));
    item->setExpanded(true);
    groups_[group] = item;
  }
  return groups_[group];
}

void CurveList::setNames(const QStringList& names) {
  if (!names.isEmpty()) stack_->setCurrentWidget(tree_);
  quiet_ = true;
  // What a run is watched by stands on top.
  QStringList sorted = names;
  const auto rank = [](const QString& name) {
    return name.startsWith("loss.") ? 0 : name.startsWith("validation.") ? 1 : 2;
  };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const QString& a, const QString& b) {
    return std::tuple(rank(a), !a.endsWith(".total")) < std::tuple(rank(b), !b.endsWith(".total"));
  });
  for (const QString& name : sorted) {
    if (items_.contains(name)) continue;
    auto* item = new QTreeWidgetItem(groupOf(name), {name.contains('.') ? name.section('.', 1) : name});
    const QString meaning = meaningOf(name);
    item->setToolTip(kCurveName, meaning.isEmpty() ? name : tr("%1: %2").arg(name, meaning));
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
    item->setCheckState(kCurveName, shown_.contains(name) ? Qt::Checked : Qt::Unchecked);
    item->setTextAlignment(kCurveValue, Qt::AlignRight | Qt::AlignVCenter);
    item->setFont(kCurveValue, look::numberFont());
    items_[name] = item;
  }
  quiet_ = false;
}

void CurveList::setShown(const QStringList& names) {
  quiet_ = true;
  shown_ = names;
  for (auto it = items_.begin(); it != items_.end(); ++it) {
    it.value()->setCheckState(kCurveName, names.contains(it.key()) ? Qt::Checked : Qt::Unchecked);
  }
  quiet_ = false;
}

void CurveList::setColours(const QMap<QString, QColor>& colours) {
  quiet_ = true;
  const int side = fontMetrics().height();
  for (auto it = items_.begin(); it != items_.end(); ++it) {
    it.value()->setIcon(kCurveName, curveSample(colours.value(it.key()), Qt::SolidLine, {side, side}));
  }
  quiet_ = false;
}

void CurveList::setValues(const QMap<QString, double>& values) {
  quiet_ = true;
  for (auto it = items_.begin(); it != items_.end(); ++it) {
    it.value()->setText(kCurveValue, values.contains(it.key()) ? QString::number(values[it.key()], 'g', 5) : QString());
  }
  quiet_ = false;
}

void CurveList::setValuesAre(const QString& text) {
  valuesAre_->setText(text);
}

void CurveList::clear(const QString& hint) {
  hint_->setText(hint);
  stack_->setCurrentWidget(hint_);
  quiet_ = true;
  tree_->clear();
  items_.clear();
  groups_.clear();
  valuesAre_->clear();
  quiet_ = false;
}

}  // namespace ecumene::ui::runs
