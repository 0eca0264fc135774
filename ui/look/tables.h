// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QLabel;
class QTableView;
class QTreeView;
class QWidget;

namespace ecumene::ui::look {

/// What tables have in common: rows are chosen one at a time, and Tab leaves the table.
void dressTable(QTableView& view);
/// Rows as high as the font wants them; to be called when rows come, as the font may have changed.
void fitRows(QTableView& view);
/// Columns as wide as what stands in them; the one that is sorted by has room for its arrow, also when another becomes
/// it.
void fitColumns(QTableView& view);
/// Texts of the last column wrap in the width that it has, and rows are as high as that takes.
void wrapLastColumn(QTreeView& view);

enum class Place { kMiddle, kTop };
/// What stands where something belongs that is not there yet; its text wraps.
QLabel* emptyMessage(const QString& text, Place place, QWidget* parent);

}  // namespace ecumene::ui::look
