// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>
#include <vector>

#include "ecumene.pb.h"

namespace ecumene::ui::catalogue {

/// The catalogue of a store as a table: sort role Qt::UserRole, where numbers are numbers.
class PlanetTable : public QAbstractTableModel {
 public:
  enum Column {
    kId,
    kName,
    kOrigin,
    kSplit,
    kStar,
    kStart,
    kRegime,
    kMean,
    kHabitable,
    kClimate,
    kSpectra,
    kMetabolisms,
    kNetworks,
    kTexts,
    kMarks,
    kSize,
    kColumns
  };
  using QAbstractTableModel::QAbstractTableModel;
  void setRows(std::vector<wire::PlanetRow> rows);
  [[nodiscard]] const wire::PlanetRow& row(int index) const { return rows_[static_cast<std::size_t>(index)]; }
  /// -1: there is none.
  [[nodiscard]] int indexOf(const QString& id) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : kColumns; }
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<wire::PlanetRow> rows_;
};

/// What of the catalogue is shown. Empty words do not filter.
struct PlanetFilter {
  QString text;  ///< in id or name, letter case apart
  QString origin, split, regime;
  bool climate = false, spectrum = false, network = false;  ///< only with it
  bool marked = false;                                      ///< only what a quality check marks
  bool operator==(const PlanetFilter&) const = default;
};

class FilteredPlanets : public QSortFilterProxyModel {
 public:
  explicit FilteredPlanets(PlanetTable* table, QObject* parent = nullptr);
  void setFilter(const PlanetFilter& filter);

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

 private:
  PlanetTable* table_;
  PlanetFilter filter_;
};

}  // namespace ecumene::ui::catalogue
