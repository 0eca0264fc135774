// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/catalogue/planet_details.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>

#include "ui/look/plural.h"
#include "ui/look/theme.h"

namespace ecumene::ui::catalogue {
namespace {

namespace planet = data::planet;

QTreeWidgetItem* group(QTreeWidget* tree, const QString& title) {
  auto* item = new QTreeWidgetItem(tree, {title});
  item->setFirstColumnSpanned(true);
  item->setExpanded(true);
  QFont font = tree->font();
  font.setBold(true);
  item->setFont(0, font);
  return item;
}

QTreeWidgetItem* row(QTreeWidgetItem* parent, const QString& name, const QString& value) {
  auto* item = new QTreeWidgetItem(parent, {name, value});
  item->setToolTip(1, value);
  return item;
}

void row(QTreeWidgetItem* parent, const QString& name, const std::string& value) {
  if (!value.empty()) row(parent, name, QString::fromStdString(value));
}

QString number(double value, int digits = 4) {
  return QString::number(value, 'g', digits);
}

void addLabels(QTreeWidget* tree, const planet::ClimateLabels& labels) {
  auto* item = group(tree, QObject::tr("Labels of the climate"));
  row(item, "regime", QString::fromUtf8(name(labels.regime)).replace('_', ' '));
  row(item, "habitable", labels.habitable ? QStringLiteral("yes") : QStringLiteral("no"));
  row(item, "f_hab", number(labels.fHab));
  row(item, "h050", number(labels.h050));
  row(item, QObject::tr("temperature"),
      QObject::tr("mean %1 K, %2 to %3 K")
          .arg(labels.tMeanK, 0, 'f', 1)
          .arg(labels.tMinK, 0, 'f', 1)
          .arg(labels.tMaxK, 0, 'f', 1));
  row(item, QObject::tr("ice"), QObject::tr("%1 of the surface").arg(number(labels.iceFraction, 3)));
}

void addMetabolisms(QTreeWidget* tree, const std::vector<planet::MetabolismCase>& cases) {
  auto* item = group(tree, QObject::tr("Metabolisms (%1)").arg(cases.size()));
  for (const planet::MetabolismCase& one : cases) {
    QString said =
        QObject::tr("%1 to %2 K").arg(number(one.metabolism.growthMinK)).arg(number(one.metabolism.growthMaxK));
    if (one.viability) said += one.viability->viable ? QObject::tr(", viable") : QObject::tr(", not viable");
    row(item, QString::fromUtf8(name(one.metabolism.archetype)).replace('_', ' '), said);
  }
}

void addProvenance(QTreeWidget* tree, const std::vector<planet::Provenance>& all) {
  auto* item = group(tree, QObject::tr("Where it comes from"));
  for (const planet::Provenance& one : all) {
    QTreeWidgetItem* part = row(item, QString::fromStdString(one.part), QString::fromStdString(one.source));
    row(part, QObject::tr("sha-256"), one.sha256);
    row(part, QObject::tr("made by"), one.generator);
    if (one.seed != 0) row(part, QObject::tr("seed"), QString::number(one.seed));
    row(part, QObject::tr("units and grid"), one.conversions);
    row(part, QObject::tr("licence"), one.licence);
    for (const std::string& assumption : one.assumptions) row(part, QObject::tr("assumed"), assumption);
    part->setExpanded(true);
  }
}

void addQuality(QTreeWidget* tree, const std::vector<planet::QualityCheck>& checks) {
  auto* item = group(tree, QObject::tr("Quality checks"));
  for (const planet::QualityCheck& check : checks) {
    const QString sign = check.passed ? QStringLiteral("✓ ") : QStringLiteral("✗ ");
    QTreeWidgetItem* line =
        row(item, sign + QString::fromStdString(check.name),
            QObject::tr("%1 (limit %2)").arg(number(check.value)).arg(number(check.limit)) +
                (check.message.empty() ? QString() : QStringLiteral(": ") + QString::fromStdString(check.message)));
    if (!check.passed) line->setForeground(0, look::currentTheme().warning);
  }
}

void addLines(const QTreeWidgetItem* item, int depth, QString& text) {
  text += QString(2 * depth, ' ') + item->text(0) + (item->text(1).isEmpty() ? QString() : ": " + item->text(1)) + "\n";
  for (int i = 0; i < item->childCount(); ++i) addLines(item->child(i), depth + 1, text);
}

}  // namespace

PlanetDetails::PlanetDetails(QWidget* parent) : QTreeWidget(parent) {
  setObjectName("planetDetails");
  setColumnCount(2);
  setHeaderHidden(true);
  setAlternatingRowColors(true);
  setSelectionMode(QAbstractItemView::ExtendedSelection);
  setTextElideMode(Qt::ElideRight);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  header()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
  showMessage(tr("Choose a planet: what is known of it, and by whom."));
}

void PlanetDetails::showMessage(const QString& text) {
  clear();
  auto* item = new QTreeWidgetItem(this, {text});
  item->setFirstColumnSpanned(true);
  item->setFlags(Qt::NoItemFlags);
  item->setToolTip(0, text);
}

void PlanetDetails::setPlanet(const planet::Planet& planet) {
  clear();
  auto* item = group(this, QString::fromStdString(planet.name.empty() ? planet.id : planet.name));
  row(item, "id", planet.id);
  for (const std::string& alias : planet.aliases) row(item, tr("also"), alias);
  row(item, tr("origin"), QString::fromUtf8(name(planet.origin)));
  row(item, tr("system"), planet.systemKey);
  if (planet.climate) {
    const planet::Grid& grid = planet.climate->grid;
    const auto counted = [](std::size_t number, const QString& one, const QString& others) {
      return look::plural(static_cast<qint64>(number), one, others).arg(number);
    };
    row(item, tr("climate"),
        QStringList{counted(grid.latitudeDeg.size(), tr("%1 latitude"), tr("%1 latitudes")),
                    counted(grid.longitudeDeg.size(), tr("%1 longitude"), tr("%1 longitudes")),
                    counted(grid.sigma.size(), tr("%1 level"), tr("%1 levels")),
                    counted(planet.climate->fields.size(), tr("%1 variable"), tr("%1 variables"))}
            .join(", "));
  }
  if (!planet.spectra.empty()) row(item, tr("spectra"), QString::number(planet.spectra.size()));
  if (!planet.networks.empty()) row(item, tr("networks"), QString::number(planet.networks.size()));
  if (!planet.texts.empty()) row(item, tr("texts"), QString::number(planet.texts.size()));
  if (planet.labels) addLabels(this, *planet.labels);
  if (!planet.metabolisms.empty()) addMetabolisms(this, planet.metabolisms);
  addProvenance(this, planet.provenance);
  addQuality(this, planet.quality);
}

QString PlanetDetails::text() const {
  QString text;
  for (int i = 0; i < topLevelItemCount(); ++i) addLines(topLevelItem(i), 0, text);
  return text;
}

void PlanetDetails::keyPressEvent(QKeyEvent* event) {
  if (!event->matches(QKeySequence::Copy)) return QTreeWidget::keyPressEvent(event);
  QString text;
  for (const QTreeWidgetItem* item : selectedItems()) {
    text += item->text(0) + (item->text(1).isEmpty() ? QString() : ": " + item->text(1)) + "\n";
  }
  QGuiApplication::clipboard()->setText(text.isEmpty() ? this->text() : text);
}

}  // namespace ecumene::ui::catalogue
