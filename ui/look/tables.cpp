// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/look/tables.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>

namespace ecumene::ui::look {

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

QLabel* emptyMessage(const QString& text, Place place, QWidget* parent) {
  auto* label = new QLabel(text, parent);
  label->setWordWrap(true);
  label->setAlignment(place == Place::kMiddle ? Qt::AlignCenter : Qt::AlignTop | Qt::AlignLeft);
  if (place == Place::kMiddle) label->setMargin(24);
  label->setForegroundRole(QPalette::PlaceholderText);
  return label;
}

}  // namespace ecumene::ui::look
