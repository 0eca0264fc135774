// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/climate/climate_page.h"

#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <limits>

#include "ui/climate/cell_panel.h"
#include "ui/climate/colour_bar.h"
#include "ui/climate/planet_view.h"
#include "ui/look/theme.h"
#include "viz/climate/quantity.h"

namespace ecumene::ui::climate {
namespace {

using data::planet::VariableId;
using viz::climate::GeoPoint;

QLabel* label(const char* name, QWidget* parent) {
  auto* made = new QLabel(parent);
  made->setObjectName(QString::fromLatin1(name));
  return made;
}

QSlider* slider(const char* name, const QString& words, std::size_t places, QWidget* parent) {
  auto* made = new QSlider(Qt::Horizontal, parent);
  made->setObjectName(QString::fromLatin1(name));
  made->setAccessibleName(words);
  made->setRange(0, static_cast<int>(places) - 1);
  made->setPageStep(1);
  return made;
}

QString factsOf(const data::planet::Planet& planet) {
  QStringList facts = {QString::fromUtf8(name(planet.origin))};
  if (planet.truth) {
    facts << QObject::tr("%1 star").arg(
        QString::fromUtf8(name(data::planet::starType(planet.truth->star.temperatureK))));
    facts << (planet.truth->bulk.synchronous
                  ? QObject::tr("synchronous")
                  : QObject::tr("turns in %1 d").arg(planet.truth->bulk.rotationDays, 0, 'g', 3));
    facts << QObject::tr("%1 bar").arg(planet.truth->atmosphere.surfacePressurePa / 1e5, 0, 'g', 3);
  }
  if (planet.labels) {
    facts << QString::fromUtf8(name(planet.labels->regime)).replace('_', ' ')
          << QObject::tr("mean %1 K").arg(planet.labels->tMeanK, 0, 'f', 1)
          << QObject::tr("f_hab %1").arg(planet.labels->fHab, 0, 'f', 2);
  }
  return facts.join(QStringLiteral("  ·  "));
}

viz::climate::Overlays overlaysOf(const data::planet::Planet& planet, const ViewState& state) {
  const data::planet::ClimateCube& cube = *planet.climate;
  viz::climate::Overlays overlays;
  overlays.graticule = state.graticule;
  if (state.land) overlays.land = viz::climate::surfaceOf(cube, cube.landFraction);
  if (state.ice && cube.find(VariableId::kSeaIceAreaFraction) != nullptr) {
    viz::climate::SliceChoice ice = state.choice;
    ice.variable = VariableId::kSeaIceAreaFraction;
    overlays.ice = viz::climate::sliceOf(cube, ice);
  }
  if (state.star && planet.truth && planet.truth->bulk.synchronous) {
    overlays.substellar = GeoPoint{0.0, planet.truth->bulk.substellarLongitudeDeg};
  }
  if (state.probe) {
    overlays.probe =
        viz::climate::cellAt(viz::climate::cellsOf(cube.grid), state.probe->latitudeDeg, state.probe->longitudeDeg);
  }
  return overlays;
}

}  // namespace

ClimatePage::ClimatePage(ChangeView change, QWidget* parent) : QWidget(parent), change_(std::move(change)) {
  setObjectName("climatePage");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeHead());
  view_ = new PlanetView(this);
  column->addWidget(view_, 1);
  column->addWidget(makeFoot());
  connect(view_, &PlanetView::hovered, this, &ClimatePage::hover);
  connect(view_, &PlanetView::picked, this,
          [this](const GeoPoint& point) { change_(tr("Cell"), [&](ViewState& state) { state.probe = point; }); });
}

QWidget* ClimatePage::makeHead() {
  auto* head = new QWidget(this);
  auto* lines = new QVBoxLayout(head);
  lines->setContentsMargins(16, 8, 16, 8);
  lines->setSpacing(2);
  name_ = label("planetName", head);
  name_->setFont(look::headingFont(1.25));
  facts_ = label("planetFacts", head);
  facts_->setWordWrap(true);
  facts_->setForegroundRole(QPalette::PlaceholderText);
  auto* line = new QHBoxLayout;
  hover_ = label("hover", head);
  hover_->setFont(look::numberFont());
  hover_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  hover_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  line->addWidget(name_);
  line->addWidget(hover_, 1);
  lines->addLayout(line);
  lines->addWidget(facts_);
  return head;
}

QWidget* ClimatePage::makeFoot() {
  auto* foot = new QWidget(this);
  auto* rows = new QGridLayout(foot);
  rows->setContentsMargins(16, 8, 16, 8);
  rows->setHorizontalSpacing(12);
  rows->setVerticalSpacing(4);
  bar_ = new ColourBar(foot);
  statistics_ = label("statistics", foot);
  statistics_->setWordWrap(true);
  rows->addWidget(bar_, 0, 0, 1, 3);
  rows->addWidget(statistics_, 1, 0, 1, 3);
  monthText_ = label("monthText", foot);
  levelText_ = label("levelText", foot);
  month_ = slider("month", tr("Month"), data::planet::kMonths, foot);
  level_ = slider("level", tr("Level"), data::planet::kCanonicalLevels, foot);
  rows->addWidget(monthText_, 2, 0);
  rows->addWidget(month_, 2, 1, 1, 2);
  rows->addWidget(levelText_, 3, 0);
  rows->addWidget(level_, 3, 1, 1, 2);
  rows->setColumnStretch(1, 1);
  connect(month_, &QSlider::valueChanged, this, [this](int value) {
    change_(tr("Month"), [&](ViewState& state) { state.choice.month = static_cast<std::size_t>(value); });
  });
  connect(level_, &QSlider::valueChanged, this, [this](int value) {
    change_(tr("Level"), [&](ViewState& state) { state.choice.level = static_cast<std::size_t>(value); });
  });
  return foot;
}

void ClimatePage::showFoot(bool on) {
  for (QWidget* widget :
       std::initializer_list<QWidget*>{bar_, statistics_, month_, level_, monthText_, levelText_, hover_}) {
    widget->setVisible(on);
  }
}

QString nameOf(const data::planet::Planet& planet) {
  return QString::fromStdString(planet.name.empty() ? planet.id : planet.name);
}

void ClimatePage::setPlanet(const data::planet::Planet* planet) {
  if (planet == nullptr) {
    name_->setText(tr("Climate"));
    facts_->setText(tr("Map and globe of a planet's climate, month by month and level by level"));
    return;
  }
  name_->setText(nameOf(*planet));
  facts_->setText(factsOf(*planet));
}

void ClimatePage::showMessage(const QString& why, bool hasClimate) {
  drawn_.reset();
  showFoot(hasClimate);
  view_->showMessage(why);
}

void ClimatePage::draw(const data::planet::Planet& planet, ViewState& state) {
  const data::planet::ClimateCube& cube = *planet.climate;
  const data::planet::Field& field = *cube.find(state.choice.variable);
  const viz::climate::Quantity& quantity = viz::climate::quantity(state.choice.variable);
  viz::climate::SliceChoice choice = state.choice;
  choice.level = std::min(choice.level, cube.grid.sigma.empty() ? 0 : cube.grid.sigma.size() - 1);
  viz::climate::Slice slice = viz::climate::sliceOf(cube, choice);
  const viz::scene::ColourScale scale = state.scaleFor(field, slice);
  const viz::climate::Overlays overlays = overlaysOf(planet, state);
  showFoot(true);
  view_->setView(state.view);
  view_->setScale(scale);
  view_->setSlice(slice);
  view_->setOverlays(overlays);
  state.view = view_->view();
  bar_->set(scale, quantity.factor, QString::fromUtf8(quantity.unit));
  bar_->setMark(overlays.probe ? static_cast<double>(slice.at(*overlays.probe))
                               : std::numeric_limits<double>::quiet_NaN());
  const auto range = viz::climate::rangeOf(slice.values);
  const double mean = viz::climate::meanOf(slice, cube.grid);
  statistics_->setText(tr("%1: area mean %2, from %3 to %4")
                           .arg(QString::fromUtf8(quantity.title), QString::fromStdString(textOf(quantity, mean)),
                                QString::fromStdString(textOf(quantity, range ? range->low : mean)),
                                QString::fromStdString(textOf(quantity, range ? range->high : mean))));
  const QSignalBlocker blockers[] = {QSignalBlocker(month_), QSignalBlocker(level_)};
  month_->setValue(static_cast<int>(choice.month));
  monthText_->setText(tr("Month %1 of 12").arg(choice.month + 1));
  const bool onLevels = data::planet::info(choice.variable).onLevels;
  level_->setEnabled(onLevels);
  level_->setMaximum(static_cast<int>(cube.grid.sigma.size()) - 1);
  level_->setValue(static_cast<int>(choice.level));
  levelText_->setText(onLevels ? tr("Level %1 of %2, σ %3")
                                     .arg(choice.level + 1)
                                     .arg(cube.grid.sigma.size())
                                     .arg(cube.grid.sigma[choice.level], 0, 'f', 3)
                               : tr("At the surface"));
  drawn_ = Drawn{choice, std::move(slice), scale, overlays.probe, cube.grid.latitudeDeg, cube.grid.longitudeDeg};
}

QImage ClimatePage::image() {
  // Without the sliders below, and without the word under the pointer.
  const int below = drawn_ ? statistics_->mapTo(this, QPoint(0, statistics_->height())).y() : height();
  hover_->clear();
  return grab(QRect(0, 0, width(), below)).toImage();
}

plots::NumberTable ClimatePage::table() const {
  if (!drawn_) return {};
  const viz::climate::Slice& slice = drawn_->slice;
  const auto& quantity = viz::climate::quantity(drawn_->choice.variable);
  plots::NumberTable table{
      {tr("latitude (degrees north)"), tr("longitude (degrees east)"),
       QStringLiteral("%1 (%2)").arg(QString::fromUtf8(quantity.title), QString::fromUtf8(quantity.unit))},
      {{}, {}, {}}};
  for (std::size_t row = 0; row < drawn_->latitudeDeg.size(); ++row) {
    for (std::size_t column = 0; column < drawn_->longitudeDeg.size(); ++column) {
      table.columns[0].push_back(drawn_->latitudeDeg[row]);
      table.columns[1].push_back(drawn_->longitudeDeg[column]);
      table.columns[2].push_back(static_cast<double>(slice.at({row, column})) * quantity.factor);
    }
  }
  return table;
}

void ClimatePage::hover(const std::optional<GeoPoint>& point) {
  if (!point || !drawn_) {
    hover_->clear();
    return;
  }
  const auto cell = viz::climate::cellAt(drawn_->slice.grid, point->latitudeDeg, point->longitudeDeg);
  const auto& quantity = viz::climate::quantity(drawn_->choice.variable);
  hover_->setText(placeText(point->latitudeDeg, point->longitudeDeg) + "  " +
                  QString::fromStdString(textOf(quantity, static_cast<double>(drawn_->slice.at(cell)))));
}

}  // namespace ecumene::ui::climate
