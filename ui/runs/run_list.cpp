// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_list.h"

#include <QAbstractTableModel>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <functional>
#include <tuple>

#include "ui/look/icons.h"
#include "ui/look/tables.h"
#include "ui/look/theme.h"

namespace ecumene::ui::runs {
namespace {

enum Column { kName, kState, kStep, kAge, kMachine, kColumns };

constexpr int kMachineCharacters = 9;

QColor inkOf(const wire::Run& row) {
  const look::Theme& theme = look::currentTheme();
  const std::string& state = row.state();
  if (state == "running" || state == "starting" || state == "evaluating" || state == "ending") return theme.accent;
  if (state == "finished") return theme.good;
  if (state == "paused" || state == "queued") return theme.warning;
  if (state == "failed" || state == "killed" || state == "damaged") return theme.bad;
  return theme.text;
}

}  // namespace

QString ageText(double seconds) {
  if (seconds < 60.0) return QObject::tr("%1 s").arg(static_cast<int>(std::max(0.0, seconds)));
  if (seconds < 3600.0) return QObject::tr("%1 min").arg(static_cast<int>(seconds / 60.0));
  if (seconds < 86400.0) return QObject::tr("%1 h").arg(static_cast<int>(seconds / 3600.0));
  return QObject::tr("%1 d").arg(static_cast<int>(seconds / 86400.0));
}

QString placeText(const wire::Run& run, const QString& host) {
  const QString slot = QString::fromStdString(run.slot());
  // Of a name with its domain the first part tells it from others.
  const QString name = host.section('.', 0, 0);
  return slot.isEmpty() || name.isEmpty() ? slot + name : slot + ", " + name;
}

class RunTable : public QAbstractTableModel {
 public:
  using QAbstractTableModel::QAbstractTableModel;

  /// Tells the view of changed rows alone where the runs are the same, so that nothing flickers.
  void setRows(std::vector<wire::Run> rows, double now, const QString& host) {
    const bool same = std::equal(rows.begin(), rows.end(), rows_.begin(), rows_.end(),
                                 [](const auto& a, const auto& b) { return a.id() == b.id(); });
    now_ = now;
    host_ = host;
    if (same) {
      rows_ = std::move(rows);
      if (!rows_.empty()) emit dataChanged(index(0, 0), index(rowCount() - 1, kColumns - 1));
      return;
    }
    beginResetModel();
    rows_ = std::move(rows);
    endResetModel();
  }
  [[nodiscard]] QString idOf(int row) const {
    return QString::fromStdString(rows_[static_cast<std::size_t>(row)].id());
  }
  void setTicked(const QStringList& runs) {
    if (runs == ticked_) return;
    ticked_ = runs;
    if (!rows_.empty()) emit dataChanged(index(0, kName), index(rowCount() - 1, kName));
  }
  /// Called when the user ticks a run: with all that are ticked then.
  std::function<void(const QStringList&)> onTicked;

  Qt::ItemFlags flags(const QModelIndex& index) const override {
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.column() == kName ? flags | Qt::ItemIsUserCheckable : flags;
  }
  bool setData(const QModelIndex& index, const QVariant& value, int role) override {
    if (role != Qt::CheckStateRole || index.column() != kName) return false;
    QStringList runs = ticked_;
    runs.removeAll(idOf(index.row()));
    if (value.toInt() == Qt::Checked) runs << idOf(index.row());
    if (onTicked) onTicked(runs);
    return true;
  }

  int rowCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(rows_.size());
  }
  int columnCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : kColumns; }

  QVariant data(const QModelIndex& index, int role) const override {
    const wire::Run& row = rows_[static_cast<std::size_t>(index.row())];
    const bool number = index.column() == kStep || index.column() == kAge;
    if (role == Qt::TextAlignmentRole && number) return QVariant(Qt::AlignRight | Qt::AlignVCenter);
    if (role == Qt::FontRole && number) return look::numberFont();
    if (role == Qt::ForegroundRole && index.column() == kState) return inkOf(row);
    if (role == Qt::ToolTipRole) {
      return index.column() == kMachine ? placeText(row, host_) : QString::fromStdString(row.reason());
    }
    if (role == Qt::CheckStateRole && index.column() == kName) {
      return ticked_.contains(idOf(index.row())) ? Qt::Checked : Qt::Unchecked;
    }
    if (role != Qt::DisplayRole) return {};
    switch (index.column()) {
      case kName:
        return QString::fromStdString(row.id());
      case kState:
        return QString::fromStdString(row.state());
      case kStep:
        return QString::number(row.step());
      case kAge:
        return row.state_time() > 0.0 ? ageText(now_ - row.state_time()) : QString();
      case kMachine:
        return placeText(row, host_);
      default:
        return {};
    }
  }

  QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
    static const char* const kTitles[] = {"Run", "State", "Step", "Since", "Machine"};
    static const char* const kTips[] = {"Tick runs to compare them", "What it does now", "The last that was made",
                                        "How long it has been in its state", "Where it trains, or did"};
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::DisplayRole) return QString::fromLatin1(kTitles[section]);
    if (role == Qt::ToolTipRole) return QString::fromLatin1(kTips[section]);
    if (role == Qt::TextAlignmentRole) {
      return QVariant((section == kStep || section == kAge ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    return {};
  }

 private:
  std::vector<wire::Run> rows_;
  QStringList ticked_;
  double now_ = 0.0;
  QString host_;
};

RunList::RunList(QWidget* parent) : QWidget(parent) {
  setObjectName("runList");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(8, 8, 8, 8);
  column->setSpacing(8);
  stack_ = new QStackedWidget(this);
  table_ = new RunTable(this);
  view_ = new QTableView(stack_);
  view_->setObjectName("runTable");
  view_->setModel(table_);
  look::dressTable(*view_);
  view_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
  view_->horizontalHeader()->setSectionResizeMode(kName, QHeaderView::Stretch);
  view_->horizontalHeader()->setSectionResizeMode(kMachine, QHeaderView::Interactive);
  view_->setColumnWidth(kMachine, view_->fontMetrics().averageCharWidth() * kMachineCharacters);
  view_->setToolTip(tr("Tick runs to compare them with the one that is shown"));
  stack_->addWidget(view_);
  message_ = look::emptyMessage({}, look::Place::kTop, stack_);
  stack_->addWidget(message_);
  column->addWidget(stack_, 1);
  launch_ = new QPushButton(look::icon(look::Icon::kAdd), tr("New run…"), this);
  launch_->setObjectName("newRunButton");
  connect(launch_, &QPushButton::clicked, this, &RunList::launchAsked);
  column->addWidget(launch_);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  connect(view_->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex& row) {
    if (!quiet_ && row.isValid()) emit chosen(table_->idOf(row.row()));
  });
  table_->onTicked = [this](const QStringList& runs) { emit ticked(runs); };
}

void RunList::setRows(std::vector<wire::Run> rows, double now, const QString& host) {
  std::sort(rows.begin(), rows.end(), [](const wire::Run& a, const wire::Run& b) {
    return std::tuple(-a.state_time(), a.id()) < std::tuple(-b.state_time(), b.id());
  });
  const QModelIndex current = view_->currentIndex();
  const QString chosen = current.isValid() ? table_->idOf(current.row()) : QString();
  quiet_ = true;
  table_->setRows(std::move(rows), now, host);
  quiet_ = false;
  look::fitRows(*view_);
  stack_->setCurrentWidget(view_);
  launch_->setEnabled(true);
  if (!chosen.isEmpty()) select(chosen);
}

void RunList::setTicked(const QStringList& runs) {
  table_->setTicked(runs);
}

void RunList::showMessage(const QString& text) {
  message_->setText(text);
  stack_->setCurrentWidget(message_);
}

void RunList::select(const QString& id) {
  for (int row = 0; row < table_->rowCount(); ++row) {
    if (table_->idOf(row) != id || view_->currentIndex().row() == row) continue;
    quiet_ = true;
    view_->selectRow(row);
    quiet_ = false;
  }
}

}  // namespace ecumene::ui::runs
