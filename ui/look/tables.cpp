// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/tables.h"

#include <QHeaderView>
#include <QLabel>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTreeView>
#include <algorithm>

namespace ecumene::ui::look {
namespace {

constexpr int kGap = 4;

/// QTreeView asks for the height of a line that does not wrap.
class WrappedInLastColumn : public QStyledItemDelegate {
 public:
  explicit WrappedInLastColumn(QTreeView* view) : QStyledItemDelegate(view), view_(view) {}
  [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override {
    QStyleOptionViewItem wrapped = option;
    if (index.column() == view_->header()->count() - 1) {
      wrapped.rect = QRect(0, 0, view_->columnWidth(index.column()), QWIDGETSIZE_MAX);
    }
    // Texts of several lines stand apart.
    return QStyledItemDelegate::sizeHint(wrapped, index) + QSize(0, kGap);
  }

 private:
  QTreeView* view_;
};

}  // namespace

void dressTable(QTableView& view) {
  view.setSelectionBehavior(QAbstractItemView::SelectRows);
  view.setSelectionMode(QAbstractItemView::SingleSelection);
  view.setEditTriggers(QAbstractItemView::NoEditTriggers);
  view.setShowGrid(false);
  view.setAlternatingRowColors(true);
  view.setWordWrap(false);
  view.setTabKeyNavigation(false);
  view.verticalHeader()->hide();
  view.horizontalHeader()->setHighlightSections(false);
}

void fitRows(QTableView& view) {
  view.verticalHeader()->setDefaultSectionSize(view.fontMetrics().height() + 8);
}

void fitColumns(QTableView& view) {
  QHeaderView* header = view.horizontalHeader();
  // Qt would leave room for the arrow in every column.
  const bool sorts = header->isSortIndicatorShown();
  const int sorted = header->sortIndicatorSection();
  header->setSortIndicatorShown(false);
  view.resizeColumnsToContents();
  header->setSortIndicatorShown(sorts);
  if (!sorts) return;
  const auto widen = [header](int column) {
    if (column < 0 || column >= header->count()) return;
    header->resizeSection(column, std::max(header->sectionSize(column), header->sectionSizeHint(column)));
  };
  widen(sorted);
  QObject::disconnect(header, &QHeaderView::sortIndicatorChanged, &view, nullptr);
  QObject::connect(header, &QHeaderView::sortIndicatorChanged, &view, widen);
}

void wrapLastColumn(QTreeView& view) {
  view.setUniformRowHeights(false);
  view.setWordWrap(true);
  view.header()->setStretchLastSection(true);
  view.setItemDelegate(new WrappedInLastColumn(&view));
  QObject::connect(view.header(), &QHeaderView::sectionResized, &view, &QTreeView::doItemsLayout);
}

QLabel* emptyMessage(const QString& text, Place place, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setWordWrap(true);
  label->setAlignment(place == Place::kMiddle ? Qt::AlignCenter : Qt::AlignTop | Qt::AlignLeft);
  if (place == Place::kMiddle) label->setMargin(24);
  label->setForegroundRole(QPalette::PlaceholderText);
  return label;
}

}  // namespace ecumene::ui::look
