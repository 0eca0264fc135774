// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/number_table.h"

#include <QFont>
#include <algorithm>
#include <cmath>

#include "ui/look/theme.h"

namespace ecumene::ui::plots {
namespace {

constexpr int kDigits = 7;            // of a float
constexpr int kLargeDigits = 13;      // seconds since 1970, to the millisecond
constexpr double kLarge = 1e7;        // with a fraction no float any more
constexpr double kWholeBelow = 1e15;  // of which a double knows each

QString quoted(const QString& cell) {
  const bool plain = !cell.contains(',') && !cell.contains('"') && !cell.contains('\n') && !cell.contains('\r');
  return plain ? cell : '"' + QString(cell).replace('"', QStringLiteral("\"\"")) + '"';
}

}  // namespace

QString cellText(double value) {
  if (std::isnan(value)) return {};
  const double size = std::abs(value);
  if (size < kWholeBelow && std::trunc(value) == value) return QString::number(value, 'f', 0);
  return QString::number(value, 'g', size >= kLarge && size < kWholeBelow ? kLargeDigits : kDigits);
}

QString csvOf(const QList<QStringList>& rows) {
  QString text;
  for (const QStringList& row : rows) {
    QStringList cells;
    for (const QString& cell : row) cells << quoted(cell);
    text += cells.join(',') + '\n';
  }
  return text;
}

QString csvOf(const NumberTable& table) {
  QList<QStringList> rows = {table.titles};
  for (std::size_t row = 0; row < table.rows(); ++row) {
    QStringList cells;
    for (const std::vector<double>& column : table.columns) cells << cellText(column[row]);
    rows << cells;
  }
  return csvOf(rows);
}

void NumberTableModel::set(NumberTable table) {
  const std::size_t before = table_.rows();
  const bool grows = before > 0 && table.titles == table_.titles && table.rows() >= before &&
                     std::equal(table_.columns[0].begin(), table_.columns[0].end(), table.columns[0].begin());
  if (grows) {
    // The view keeps its place and its selection.
    const bool more = table.rows() > before;
    if (more) beginInsertRows({}, static_cast<int>(before), static_cast<int>(table.rows()) - 1);
    table_ = std::move(table);
    if (more) endInsertRows();
    emit dataChanged(index(0, 0), index(static_cast<int>(before) - 1, columnCount() - 1));
    return;
  }
  beginResetModel();
  table_ = std::move(table);
  endResetModel();
}

int NumberTableModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(table_.rows());
}

int NumberTableModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(table_.columns.size());
}

QVariant NumberTableModel::data(const QModelIndex& index, int role) const {
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  if (role == Qt::FontRole) return look::numberFont();
  if (role != Qt::DisplayRole) return {};
  return cellText(table_.columns[static_cast<std::size_t>(index.column())][static_cast<std::size_t>(index.row())]);
}

QVariant NumberTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  if (role == Qt::DisplayRole) return table_.titles.value(section);
  if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
  return {};
}

}  // namespace ecumene::ui::plots
