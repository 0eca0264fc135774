// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <string>
#include <vector>

#include "ecumene.pb.h"

class QComboBox;
class QLabel;
class QLineEdit;
class QSortFilterProxyModel;
class QStackedWidget;
class QTableView;

namespace ecumene::ui::climate {

class PlanetTable;

/// The planets of a store, with a filter over all columns.
class PlanetList : public QWidget {
  Q_OBJECT
 public:
  explicit PlanetList(QWidget* parent = nullptr);
  /// The daemon's stores, of which one is shown; with a single one there is nothing to choose.
  void setStores(const std::vector<std::string>& stores, const std::string& shown);
  void setRows(std::vector<wire::PlanetRow> rows);
  [[nodiscard]] bool isEmpty() const;
  /// No rows; says why.
  void showMessage(const QString& text);
  /// Marks the row without saying chosen().
  void select(const QString& id);

 signals:
  void chosen(const QString& id);
  void storeChosen(const QString& id);

 private:
  PlanetTable* table_ = nullptr;
  QSortFilterProxyModel* filtered_ = nullptr;
  QComboBox* stores_ = nullptr;
  QLineEdit* filter_ = nullptr;
  QTableView* view_ = nullptr;
  QLabel* count_ = nullptr;
  QLabel* message_ = nullptr;
  QStackedWidget* stack_ = nullptr;
  bool quiet_ = false;
};

}  // namespace ecumene::ui::climate
