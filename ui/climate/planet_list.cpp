// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/climate/planet_list.h"

#include <QAbstractTableModel>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/look/icons.h"
#include "ui/look/plural.h"
#include "ui/look/tables.h"
#include "ui/look/theme.h"

namespace ecumene::ui::climate {
namespace {

enum Column { kName, kRegime, kMean, kHabitable, kStar, kOrigin, kSplit, kColumns };

}  // namespace

class PlanetTable : public QAbstractTableModel {
 public:
  using QAbstractTableModel::QAbstractTableModel;

  void setRows(std::vector<wire::PlanetRow> rows) {
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
  }
  [[nodiscard]] QString idOf(int row) const {
    return QString::fromStdString(rows_[static_cast<std::size_t>(row)].id());
  }

  int rowCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
  }
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : kColumns; }

  QVariant data(const QModelIndex& index, int role) const override {
    const wire::PlanetRow& row = rows_[static_cast<std::size_t>(index.row())];
    const bool labelled = !row.regime().empty();
    const bool number = index.column() == kMean || index.column() == kHabitable;
    if (role == Qt::TextAlignmentRole && number) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::FontRole && number) return look::numberFont();
    if (role == Qt::ToolTipRole && index.column() == kName) return QString::fromStdString(row.id());
    if (role == Qt::UserRole && number) {
      // Sorted by number; planets without one come first.
      if (!labelled) return -1e300;
      return index.column() == kMean ? row.t_mean_k() : row.f_hab();
    }
    if (role == Qt::UserRole) return data(index, Qt::DisplayRole);
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
      case kName:
        return QString::fromStdString(row.name().empty() ? row.id() : row.name());
      case kRegime:
        return QString::fromStdString(row.regime()).replace('_', ' ');
      case kMean:
        return labelled ? QString::number(row.t_mean_k(), 'f', 1) : QString();
      case kHabitable:
        return labelled ? QString::number(row.f_hab(), 'f', 2) : QString();
      case kStar:
        return QString::fromStdString(row.star());
      case kOrigin:
        return QString::fromStdString(row.origin());
      case kSplit:
        return QString::fromStdString(row.split());
      default:
        return {};
    }
  }

  QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
    if (orientation != Qt::Horizontal) return {};
    static const char* const kTitles[] = {"Planet", "Regime", "T mean (K)", "f_hab", "Star", "Origin", "Split"};
    static const char* const kTips[] = {"Name",
                                        "Climate regime",
                                        "Surface temperature, mean over area and year",
                                        "Share of surface and time with 273 to 373 K",
                                        "Type of the star",
                                        "Where the planet comes from",
                                        "What it is used for in training"};
    if (role == Qt::DisplayRole) return QString::fromLatin1(kTitles[section]);
    if (role == Qt::ToolTipRole) return QString::fromLatin1(kTips[section]);
    if (role == Qt::TextAlignmentRole && (section == kMean || section == kHabitable)) {
      return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    }
    if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    return {};
  }

 private:
  std::vector<wire::PlanetRow> rows_;
};

PlanetList::PlanetList(QWidget* parent) : QWidget(parent) {
  setObjectName("planetList");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(8);
  stores_ = new QComboBox(this);
  stores_->setObjectName("storeChoice");
  stores_->setAccessibleName(tr("Store of planets"));
  stores_->hide();
  column->addWidget(stores_);
  connect(stores_, &QComboBox::textActivated, this, &PlanetList::storeChosen);
  filter_ = new QLineEdit(this);
  filter_->setObjectName("planetFilter");
  filter_->setPlaceholderText(tr("Filter: name, regime, star, split"));
  filter_->setClearButtonEnabled(true);
  filter_->addAction(look::icon(look::Icon::kSearch), QLineEdit::LeadingPosition);
  column->addWidget(filter_);
  stack_ = new QStackedWidget(this);
  table_ = new PlanetTable(this);
  filtered_ = new QSortFilterProxyModel(this);
  filtered_->setSourceModel(table_);
  filtered_->setFilterKeyColumn(-1);
  filtered_->setFilterCaseSensitivity(Qt::CaseInsensitive);
  filtered_->setSortRole(Qt::UserRole);
  view_ = new QTableView(stack_);
  view_->setObjectName("planetTable");
  view_->setModel(filtered_);
  look::dressTable(*view_);
  view_->setSortingEnabled(true);
  view_->sortByColumn(kName, Qt::AscendingOrder);
  stack_->addWidget(view_);
  message_ = look::emptyMessage({}, look::Place::kTop, stack_);
  stack_->addWidget(message_);
  column->addWidget(stack_, 1);
  count_ = new QLabel(this);
  count_->setForegroundRole(QPalette::PlaceholderText);
  column->addWidget(count_);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  const auto say = [this] {
    count_->setText(look::plural(table_->rowCount(), tr("%1 of %2 planet"), tr("%1 of %2 planets"))
                        .arg(filtered_->rowCount())
                        .arg(table_->rowCount()));
  };
  connect(filter_, &QLineEdit::textChanged, this, [this, say](const QString& wanted) {
    filtered_->setFilterFixedString(wanted);
    say();
  });
  connect(table_, &QAbstractItemModel::modelReset, this, say);
  connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& row) {
    if (!quiet_ && row.isValid()) emit chosen(table_->idOf(filtered_->mapToSource(row).row()));
  });
}

void PlanetList::setStores(const std::vector<std::string>& stores, const std::string& shown) {
  stores_->clear();
  for (const std::string& id : stores) stores_->addItem(QString::fromStdString(id));
  stores_->setCurrentText(QString::fromStdString(shown));
  stores_->setVisible(stores.size() > 1);
}

void PlanetList::setRows(std::vector<wire::PlanetRow> rows) {
  quiet_ = true;
  table_->setRows(std::move(rows));
  quiet_ = false;
  look::fitRows(*view_);
  look::fitColumns(*view_);
  view_->setColumnWidth(kName, std::min(view_->columnWidth(kName), fontMetrics().averageCharWidth() * 26));
  stack_->setCurrentWidget(view_);
  filter_->setEnabled(true);
  count_->show();
}

bool PlanetList::isEmpty() const {
  return table_->rowCount() == 0;
}

void PlanetList::showMessage(const QString& text) {
  quiet_ = true;
  table_->setRows({});
  quiet_ = false;
  message_->setText(text);
  stack_->setCurrentWidget(message_);
  filter_->setEnabled(false);
  count_->hide();
}

void PlanetList::select(const QString& id) {
  for (int row = 0; row < table_->rowCount(); ++row) {
    if (table_->idOf(row) != id) continue;
    const QModelIndex index = filtered_->mapFromSource(table_->index(row, 0));
    if (!index.isValid() || view_->currentIndex().row() == index.row()) return;
    quiet_ = true;
    view_->selectRow(index.row());
    view_->scrollTo(index);
    quiet_ = false;
    return;
  }
}

}  // namespace ecumene::ui::climate
