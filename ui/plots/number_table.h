// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QStringList>
#include <vector>

namespace ecumene::ui::plots {

/// The numbers behind a picture: columns of one length. NaN: an empty cell.
struct NumberTable {
  QStringList titles;  ///< with units: "surface temperature (K)"
  std::vector<std::vector<double>> columns;
  [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
};

/// A cell as text: as many digits as a float knows, 13 where no float has a fraction (times), whole numbers whole;
/// empty for NaN.
QString cellText(double value);
/// RFC 4180, with a line of titles; lines end with a line feed.
QString csvOf(const NumberTable& table);
/// The same of texts, in rows.
QString csvOf(const QList<QStringList>& rows);

/// A table of numbers for a view.
class NumberTableModel : public QAbstractTableModel {
 public:
  using QAbstractTableModel::QAbstractTableModel;
  /// Rows of the table before that begin this one, by their first column, keep their place and their selection.
  void set(NumberTable table);
  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  NumberTable table_;
};

}  // namespace ecumene::ui::plots
