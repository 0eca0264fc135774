// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/climate/view_controls.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFormLayout>

#include "viz/climate/quantity.h"

namespace ecumene::ui::climate {

using data::planet::VariableId;
using viz::climate::Projection;

ViewControls::ViewControls(ChangeView change, QWidget* parent) : QScrollArea(parent), change_(std::move(change)) {
  makeForm();
  listen();
}

void ViewControls::makeForm() {
  setObjectName("climateControls");
  setWidgetResizable(true);
  setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  auto* inner = new QWidget(this);
  auto* form = new QFormLayout(inner);
  form->setContentsMargins(12, 8, 12, 12);
  form->setRowWrapPolicy(QFormLayout::WrapLongRows);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  const auto combo = [&](const char* name, const QString& title) {
    auto* box = new QComboBox(inner);
    box->setObjectName(QString::fromLatin1(name));
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(12);
    form->addRow(title, box);
    return box;
  };
  const auto check = [&](const char* name, const QString& title) {
    auto* box = new QCheckBox(title, inner);
    box->setObjectName(QString::fromLatin1(name));
    form->addRow(box);
    return box;
  };
  quantity_ = combo("quantity", tr("Quantity"));
  for (const viz::climate::Quantity& row : viz::climate::quantities()) {
    quantity_->addItem(QString::fromUtf8(row.title), static_cast<int>(row.id));
  }
  projection_ = combo("projection", tr("Shown as"));
  for (const auto& row : viz::climate::projections()) {
    projection_->addItem(QString::fromUtf8(row.title), QString::fromUtf8(row.name));
  }
  map_ = combo("colourMap", tr("Colours"));
  for (const auto& row : viz::scene::colourMaps()) {
    map_->addItem(QString::fromUtf8(row.title), QString::fromUtf8(row.name));
  }
  fit_ = combo("fit", tr("Range"));
  fit_->addItems({tr("Of the whole year"), tr("Of what is shown"), tr("Locked")});
  inverted_ = check("inverted", tr("Colours inverted"));
  logarithmic_ = check("logarithmic", tr("Logarithmic"));
  land_ = check("land", tr("Land (solid line)"));
  ice_ = check("ice", tr("Sea ice (dotted line)"));
  star_ = check("star", tr("Terminator and substellar point"));
  graticule_ = check("graticule", tr("Grid of 30°"));
  setWidget(inner);
  setMinimumWidth(fontMetrics().averageCharWidth() * 18);
  inner->installEventFilter(this);
}

void ViewControls::listen() {
  connect(quantity_, &QComboBox::activated, this, [this] {
    change_(tr("Quantity"),
            [&](ViewState& state) { state.showVariable(static_cast<VariableId>(quantity_->currentData().toInt())); });
  });
  connect(projection_, &QComboBox::activated, this, [this] {
    change_(tr("Projection"), [&](ViewState& state) {
      state.view.projection = viz::climate::projectionOf(projection_->currentData().toString().toStdString());
      if (state.view.projection != Projection::kGlobe && state.view.zoom <= 1.0) state.view.centre.latitudeDeg = 0.0;
    });
  });
  connect(map_, &QComboBox::activated, this,
          [this] { change_(tr("Colours"), [&](ViewState& state) { state.setMap(map_->currentData().toString()); }); });
  connect(fit_, &QComboBox::activated, this, [this](int index) {
    change_(tr("Range"), [&](ViewState& state) {
      state.fit = static_cast<ViewState::Fit>(index);
      if (state.fit == ViewState::Fit::kLocked && shown_) {
        state.low = shown_->low;
        state.high = shown_->high;
      }
    });
  });
  struct Flag {
    QCheckBox* box;
    bool ViewState::*field;
  };
  for (const Flag& flag : {Flag{inverted_, &ViewState::inverted}, Flag{logarithmic_, &ViewState::logarithmic},
                           Flag{graticule_, &ViewState::graticule}, Flag{land_, &ViewState::land},
                           Flag{ice_, &ViewState::ice}, Flag{star_, &ViewState::star}}) {
    connect(flag.box, &QCheckBox::clicked, this,
            [this, flag](bool on) { change_(flag.box->text(), [&](ViewState& state) { state.*flag.field = on; }); });
  }
}

bool ViewControls::eventFilter(QObject* watched, QEvent* event) {
  // As high as they need to be; the cell's panel gets the rest.
  if (event->type() == QEvent::LayoutRequest && watched == widget()) {
    setMaximumHeight(widget()->sizeHint().height() + 2);
  }
  return QScrollArea::eventFilter(watched, event);
}

void ViewControls::setChosen(const ViewState& state, const data::planet::Planet* planet,
                             const std::optional<viz::scene::ColourScale>& shown) {
  shown_ = shown;
  quantity_->setCurrentIndex(quantity_->findData(static_cast<int>(state.choice.variable)));
  projection_->setCurrentIndex(
      projection_->findData(QString::fromUtf8(viz::climate::info(state.view.projection).name)));
  map_->setCurrentIndex(map_->findData(state.mapName()));
  fit_->setCurrentIndex(static_cast<int>(state.fit));
  inverted_->setChecked(state.inverted);
  logarithmic_->setChecked(state.logarithmic);
  graticule_->setChecked(state.graticule);
  land_->setChecked(state.land);
  ice_->setChecked(state.ice);
  star_->setChecked(state.star);
  const bool there = planet != nullptr && planet->climate;
  setEnabled(there);
  if (!there) return;
  const bool diverging = viz::scene::colourMap(state.mapName().toStdString()).diverging;
  logarithmic_->setEnabled(!diverging);
  logarithmic_->setToolTip(diverging ? tr("A diverging scale has zero in its middle, so it has no logarithm")
                                     : QString());
  const bool hasLand = !planet->climate->landFraction.empty();
  land_->setEnabled(hasLand);
  land_->setToolTip(hasLand ? QString() : tr("This planet has no land mask"));
  const bool hasIce = planet->climate->find(VariableId::kSeaIceAreaFraction) != nullptr;
  ice_->setEnabled(hasIce);
  ice_->setToolTip(hasIce ? QString() : tr("This planet has no sea ice cover"));
  const bool still = planet->truth && planet->truth->bulk.synchronous;
  star_->setEnabled(still);
  star_->setToolTip(still ? QString() : tr("The star does not stand still over this planet"));
}

}  // namespace ecumene::ui::climate
