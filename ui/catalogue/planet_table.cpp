// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalogue/planet_table.h"

#include <QFont>
#include <QLocale>

#include "ui/look/theme.h"

namespace ecumene::ui::catalogue {
namespace {

struct Head {
  const char *title, *tip;
  bool number;
};
constexpr Head kHeads[] = {{"Id", "Unique in its store", false},
                           {"Name", "For people", false},
                           {"Origin", "Generated, from a climate model (gcm), observed, ...", false},
                           {"Split", "What it is used for in training", false},
                           {"Star", "Type of the star", false},
                           {"Start", "Where the climate began: warm or cold", false},
                           {"Regime", "Climate regime", false},
                           {"T mean (K)", "Surface temperature, mean over area and year", true},
                           {"f_hab", "Share of surface and time with 273 to 373 K", true},
                           {"Climate", "Has a climate cube", false},
                           {"Spectra", "Spectra", true},
                           {"Metab.", "Metabolisms with their viability", true},
                           {"Netw.", "Imported networks", true},
                           {"Texts", "Texts", true},
                           {"Marks", "Quality checks that failed; excluded planets are left out of training", true},
                           {"Size", "Of its payload", true}};

}  // namespace

void PlanetTable::setRows(std::vector<wire::PlanetRow> rows) {
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
}

int PlanetTable::indexOf(const QString& id) const {
  const std::string wanted = id.toStdString();
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i].id() == wanted) return static_cast<int>(i);
  }
  return -1;
}

int PlanetTable::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant PlanetTable::data(const QModelIndex& index, int role) const {
  const wire::PlanetRow& planet = row(index.row());
  const bool labelled = !planet.regime().empty();
  const auto text = [](const std::string& value) { return QString::fromStdString(value).replace('_', ' '); };
  if (role == Qt::TextAlignmentRole) {
    return QVariant((kHeads[index.column()].number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  }
  if (role == Qt::FontRole && kHeads[index.column()].number) return look::numberFont();
  if (role == Qt::ForegroundRole && index.column() == kMarks && planet.failed_checks() > 0) {
    return look::currentTheme().warning;
  }
  if (role == Qt::UserRole) {
    // Planets without a label come before all others.
    switch (index.column()) {
      case kMean:
        return labelled ? planet.t_mean_k() : -1e300;
      case kHabitable:
        return labelled ? planet.f_hab() : -1e300;
      case kSpectra:
        return planet.spectra();
      case kMetabolisms:
        return planet.metabolisms();
      case kNetworks:
        return planet.networks();
      case kTexts:
        return planet.texts();
      case kMarks:
        return planet.failed_checks();
      case kSize:
        return static_cast<qulonglong>(planet.payload_bytes());
      default:
        return data(index, Qt::DisplayRole);
    }
  }
  if (role != Qt::DisplayRole) return {};
  switch (index.column()) {
    case kId:
      return QString::fromStdString(planet.id());
    case kName:
      return QString::fromStdString(planet.name());
    case kOrigin:
      return text(planet.origin());
    case kSplit:
      return text(planet.split());
    case kStar:
      return text(planet.star());
    case kStart:
      return text(planet.start());
    case kRegime:
      return text(planet.regime());
    case kMean:
      return labelled ? QString::number(planet.t_mean_k(), 'f', 1) : QString();
    case kHabitable:
      return labelled ? QString::number(planet.f_hab(), 'f', 2) : QString();
    case kClimate:
      return planet.climate() ? QStringLiteral("yes") : QString();
    case kSpectra:
      return QString::number(planet.spectra());
    case kMetabolisms:
      return QString::number(planet.metabolisms());
    case kNetworks:
      return QString::number(planet.networks());
    case kTexts:
      return QString::number(planet.texts());
    case kMarks:
      return planet.excluded() ? QObject::tr("%1, excluded").arg(planet.failed_checks())
                               : QString::number(planet.failed_checks());
    case kSize:
      return QLocale::c().formattedDataSize(static_cast<qint64>(planet.payload_bytes()), 1);
    default:
      return {};
  }
}

QVariant PlanetTable::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal) return {};
  const Head& head = kHeads[section];
  if (role == Qt::DisplayRole) return QString::fromLatin1(head.title);
  if (role == Qt::ToolTipRole) return QString::fromLatin1(head.tip);
  if (role == Qt::TextAlignmentRole) {
    return QVariant((head.number ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
  }
  return {};
}

FilteredPlanets::FilteredPlanets(PlanetTable* table, QObject* parent) : QSortFilterProxyModel(parent), table_(table) {
  setSourceModel(table);
  setSortRole(Qt::UserRole);
}

void FilteredPlanets::setFilter(const PlanetFilter& filter) {
  if (filter == filter_) return;
  filter_ = filter;
  invalidateFilter();
}

bool FilteredPlanets::filterAcceptsRow(int index, const QModelIndex&) const {
  const wire::PlanetRow& planet = table_->row(index);
  const auto is = [](const QString& wanted, const std::string& word) {
    return wanted.isEmpty() || wanted.toStdString() == word;
  };
  const auto has = [&](const std::string& word) {
    return QString::fromStdString(word).contains(filter_.text, Qt::CaseInsensitive);
  };
  return is(filter_.origin, planet.origin()) && is(filter_.split, planet.split()) &&
         is(filter_.regime, planet.regime()) && (!filter_.climate || planet.climate()) &&
         (!filter_.spectrum || planet.spectra() > 0) &&
         (!filter_.network || planet.metabolisms() + planet.networks() > 0) &&
         (!filter_.marked || planet.failed_checks() > 0) &&
         (filter_.text.isEmpty() || has(planet.id()) || has(planet.name()));
}

}  // namespace ecumene::ui::catalogue
