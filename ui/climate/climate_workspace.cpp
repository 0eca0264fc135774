// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/climate/climate_workspace.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QJsonArray>
#include <QLabel>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>

#include "data/base/error.h"
#include "ui/client/planets.h"
#include "ui/climate/cell_panel.h"
#include "ui/climate/colour_bar.h"
#include "ui/climate/planet_list.h"
#include "ui/climate/planet_view.h"
#include "ui/look/theme.h"
#include "viz/climate/quantity.h"

namespace ecumene::ui::climate {
namespace {

using data::planet::VariableId;
using viz::climate::GeoPoint;
using viz::climate::Projection;

constexpr const char* kFitNames[] = {"year", "slice", "locked"};

QString codeOf(VariableId id) {
  return QString::fromUtf8(data::planet::info(id).symbol);
}

QLabel* label(const char* name, QWidget* parent) {
  auto* made = new QLabel(parent);
  made->setObjectName(QString::fromLatin1(name));
  return made;
}

QString noPlanets() {
  return QObject::tr("No planets are open.\nFile › Open planets (Ctrl+O) takes a folder made by ecumene-data.");
}

QSlider* slider(const char* name, int most, QWidget* parent) {
  auto* made = new QSlider(Qt::Horizontal, parent);
  made->setObjectName(QString::fromLatin1(name));
  made->setRange(0, most);
  made->setPageStep(1);
  return made;
}

}  // namespace

ClimateWorkspace::ClimateWorkspace(client::Client* client, QObject* parent) : Workspace(parent), client_(client) {
  list_ = new PlanetList;
  cell_ = new CellPanel;
  page_ = makePage();
  controls_ = makeControls();
  makeActions();
  connect(list_, &PlanetList::chosen, this,
          [this](const QString& id) { change(tr("Planet"), [&](State& state) { state.planet = id; }); });
  connect(view_, &PlanetView::viewChanged, this, [this](const viz::climate::View& before) {
    State was = state_;
    was.view = before;
    state_.view = view_->view();
    emit viewChanged(tr("View"), written(was));
  });
  connect(view_, &PlanetView::hovered, this, &ClimateWorkspace::hover);
  connect(view_, &PlanetView::picked, this,
          [this](const GeoPoint& point) { change(tr("Cell"), [&](State& state) { state.probe = point; }); });
  connect(client_, &client::Client::sourceChanged, this, [this] {
    planet_.reset();
    slice_.reset();
    askPlanets();
    askPlanet();
    refresh();
  });
  connect(client_, &client::Client::linkChanged, this, [this] {
    if (!client_->problem().isEmpty()) finishWaiting(client_->problem());
    // What could not be read when the daemon was gone.
    if (client_->isUp() && !failure_.isEmpty()) askPlanet();
  });
  connect(list_, &PlanetList::storeChosen, this, [this](const QString& id) { client_->chooseStore(id.toStdString()); });
  askPlanets();
  refresh();
}

ClimateWorkspace::~ClimateWorkspace() = default;

std::vector<shell::Workspace::Dock> ClimateWorkspace::docks() {
  return {{"climatePlanets", tr("Planets"), list_, Qt::LeftDockWidgetArea, 34},
          {"climateView", tr("View"), controls_, Qt::RightDockWidgetArea, 40},
          {"climateCell", tr("Cell"), cell_, Qt::RightDockWidgetArea, 40}};
}

QWidget* ClimateWorkspace::makePage() {
  auto* page = new QWidget;
  page->setObjectName("climatePage");
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  auto* head = new QWidget(page);
  auto* headLines = new QVBoxLayout(head);
  headLines->setContentsMargins(16, 8, 16, 8);
  headLines->setSpacing(2);
  name_ = label("planetName", head);
  name_->setFont(look::headingFont(1.25));
  facts_ = label("planetFacts", head);
  facts_->setWordWrap(true);
  facts_->setForegroundRole(QPalette::PlaceholderText);
  auto* headLine = new QHBoxLayout;
  hover_ = label("hover", head);
  hover_->setFont(look::numberFont());
  hover_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  hover_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  headLine->addWidget(name_);
  headLine->addWidget(hover_, 1);
  headLines->addLayout(headLine);
  headLines->addWidget(facts_);
  column->addWidget(head);
  view_ = new PlanetView(page);
  column->addWidget(view_, 1);

  auto* foot = new QWidget(page);
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
  month_ = slider("month", static_cast<int>(data::planet::kMonths) - 1, foot);
  level_ = slider("level", static_cast<int>(data::planet::kCanonicalLevels) - 1, foot);
  month_->setAccessibleName(tr("Month"));
  level_->setAccessibleName(tr("Level"));
  rows->addWidget(monthText_, 2, 0);
  rows->addWidget(month_, 2, 1, 1, 2);
  rows->addWidget(levelText_, 3, 0);
  rows->addWidget(level_, 3, 1, 1, 2);
  rows->setColumnStretch(1, 1);
  column->addWidget(foot);
  connect(month_, &QSlider::valueChanged, this, [this](int value) {
    change(tr("Month"), [&](State& state) { state.choice.month = static_cast<std::size_t>(value); });
  });
  connect(level_, &QSlider::valueChanged, this, [this](int value) {
    change(tr("Level"), [&](State& state) { state.choice.level = static_cast<std::size_t>(value); });
  });
  return page;
}

QWidget* ClimateWorkspace::makeControls() {
  auto* scroll = new QScrollArea;
  scroll->setObjectName("climateControls");
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
  auto* inner = new QWidget(scroll);
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
  scroll->setWidget(inner);
  scroll->setMinimumWidth(scroll->fontMetrics().averageCharWidth() * 18);
  inner->installEventFilter(this);

  connect(quantity_, &QComboBox::activated, this, [this] {
    change(tr("Quantity"), [&](State& state) {
      state.choice.variable = static_cast<VariableId>(quantity_->currentData().toInt());
      // A locked range is of one quantity.
      if (state.fit == Fit::kLocked) state.fit = Fit::kYear;
    });
  });
  connect(projection_, &QComboBox::activated, this, [this] {
    change(tr("Projection"), [&](State& state) {
      state.view.projection = viz::climate::projectionOf(projection_->currentData().toString().toStdString());
      if (state.view.projection != Projection::kGlobe && state.view.zoom <= 1.0) state.view.centre.latitudeDeg = 0.0;
    });
  });
  connect(map_, &QComboBox::activated, this, [this] {
    change(tr("Colours"),
           [&](State& state) { state.maps[codeOf(state.choice.variable)] = map_->currentData().toString(); });
  });
  connect(fit_, &QComboBox::activated, this, [this](int index) {
    change(tr("Range"), [&](State& state) {
      const auto next = static_cast<Fit>(index);
      if (next == Fit::kLocked && planet_ && slice_) {
        const auto* field = planet_->climate->find(state.choice.variable);
        if (field != nullptr) {
          const viz::scene::ColourScale now = scaleFor(*field, *slice_);
          state.low = now.low;
          state.high = now.high;
        }
      }
      state.fit = next;
    });
  });
  struct Flag {
    QCheckBox* box;
    bool State::*field;
  };
  for (const Flag& flag :
       {Flag{inverted_, &State::inverted}, Flag{logarithmic_, &State::logarithmic}, Flag{graticule_, &State::graticule},
        Flag{land_, &State::land}, Flag{ice_, &State::ice}, Flag{star_, &State::star}}) {
    connect(flag.box, &QCheckBox::clicked, this,
            [this, flag](bool on) { change(flag.box->text(), [&](State& state) { state.*flag.field = on; }); });
  }
  return scroll;
}

bool ClimateWorkspace::eventFilter(QObject* watched, QEvent* event) {
  // The controls are as high as they need to be; the cell's panel gets the rest.
  if (event->type() == QEvent::LayoutRequest && controls_ != nullptr) {
    auto* scroll = qobject_cast<QScrollArea*>(controls_);
    if (watched == scroll->widget()) scroll->setMaximumHeight(scroll->widget()->sizeHint().height() + 2);
  }
  return Workspace::eventFilter(watched, event);
}

QAction* ClimateWorkspace::addAction(const char* name, const QString& words, look::Icon sign, const QKeySequence& keys,
                                     std::function<void()> run) {
  auto* action = new QAction(look::icon(sign), words, this);
  action->setObjectName(QString::fromLatin1(name));
  action->setShortcut(keys);
  connect(action, &QAction::triggered, this, std::move(run));
  actions_.append(action);
  return action;
}

void ClimateWorkspace::makeActions() {
  using look::Icon;
  for (const auto& row : viz::climate::projections()) {
    const auto projection = row.projection;
    addAction(("show." + std::string(row.name)).c_str(), tr("Show as %1").arg(QString::fromUtf8(row.title).toLower()),
              Icon::kClimate, {}, [this, projection] {
                change(tr("Projection"), [&](State& state) { state.view.projection = projection; });
              });
  }
  for (const viz::climate::Quantity& row : viz::climate::quantities()) {
    addAction(("quantity." + std::string(data::planet::info(row.id).symbol)).c_str(),
              tr("Show %1").arg(QString::fromUtf8(row.title).toLower()), Icon::kClimate, {}, [this, id = row.id] {
                change(tr("Quantity"), [&](State& state) {
                  state.choice.variable = id;
                  if (state.fit == Fit::kLocked) state.fit = Fit::kYear;
                });
              });
  }
  const auto step = [this](QSlider* slider, int by) { slider->setValue(slider->value() + by); };
  addAction("nextMonth", tr("Next month"), Icon::kPlay, QKeySequence("Ctrl+Right"), [this, step] { step(month_, 1); });
  addAction("previousMonth", tr("Previous month"), Icon::kPlay, QKeySequence("Ctrl+Left"),
            [this, step] { step(month_, -1); });
  addAction("levelUp", tr("Level up"), Icon::kPlay, QKeySequence("Ctrl+Up"), [this, step] { step(level_, -1); });
  addAction("levelDown", tr("Level down"), Icon::kPlay, QKeySequence("Ctrl+Down"), [this, step] { step(level_, 1); });
  addAction("wholePlanet", tr("Show the whole planet"), Icon::kFit, QKeySequence("Ctrl+0"), [this] {
    change(tr("View"), [](State& state) {
      state.view.zoom = 1.0;
      state.view.centre = {0.0, 180.0};
    });
  });
}

void ClimateWorkspace::change(const QString& words, const std::function<void(State&)>& how) {
  const QJsonObject before = viewState();
  const QString planet = state_.planet;
  how(state_);
  if (state_.planet != planet) askPlanet();
  refresh();
  emit viewChanged(words, before);
}

QJsonObject ClimateWorkspace::written(const State& state) {
  QJsonObject maps;
  for (auto it = state.maps.begin(); it != state.maps.end(); ++it) maps[it.key()] = it.value();
  QJsonObject object = {{"planet", state.planet},
                        {"quantity", codeOf(state.choice.variable)},
                        {"month", static_cast<int>(state.choice.month)},
                        {"level", static_cast<int>(state.choice.level)},
                        {"projection", QString::fromUtf8(viz::climate::info(state.view.projection).name)},
                        {"latitude", state.view.centre.latitudeDeg},
                        {"longitude", state.view.centre.longitudeDeg},
                        {"zoom", state.view.zoom},
                        {"maps", maps},
                        {"logarithmic", state.logarithmic},
                        {"inverted", state.inverted},
                        {"fit", kFitNames[static_cast<int>(state.fit)]},
                        {"low", state.low},
                        {"high", state.high},
                        {"graticule", state.graticule},
                        {"land", state.land},
                        {"ice", state.ice},
                        {"star", state.star}};
  if (state.probe) object["probe"] = QJsonArray{state.probe->latitudeDeg, state.probe->longitudeDeg};
  return object;
}

QJsonObject ClimateWorkspace::viewState() const {
  return written(state_);
}

void ClimateWorkspace::setViewState(const QJsonObject& object) {
  const QString planet = state_.planet;
  State& s = state_;
  s.planet = object["planet"].toString(s.planet);
  if (const auto* variable = data::planet::findVariable(object["quantity"].toString().toStdString())) {
    s.choice.variable = variable->id;
  }
  const auto index = [&](const char* key, std::size_t now, std::size_t count) {
    const int value = object[QLatin1String(key)].toInt(static_cast<int>(now));
    return value >= 0 && static_cast<std::size_t>(value) < count ? static_cast<std::size_t>(value) : now;
  };
  s.choice.month = index("month", s.choice.month, data::planet::kMonths);
  s.choice.level = index("level", s.choice.level, data::planet::kCanonicalLevels);
  for (const auto& row : viz::climate::projections()) {
    if (QString::fromUtf8(row.name) == object["projection"].toString()) s.view.projection = row.projection;
  }
  s.view.centre.latitudeDeg = std::clamp(object["latitude"].toDouble(s.view.centre.latitudeDeg), -90.0, 90.0);
  s.view.centre.longitudeDeg = object["longitude"].toDouble(s.view.centre.longitudeDeg);
  s.view.zoom = std::clamp(object["zoom"].toDouble(s.view.zoom), 1.0, viz::climate::kLargestZoom);
  if (object.contains("maps")) {
    s.maps.clear();
    const QJsonObject maps = object["maps"].toObject();
    for (auto it = maps.begin(); it != maps.end(); ++it) {
      const bool known = map_->findData(it.value().toString()) >= 0;
      if (known) s.maps[it.key()] = it.value().toString();
    }
  }
  for (int i = 0; i < 3; ++i) {
    if (object["fit"].toString() == kFitNames[i]) s.fit = static_cast<Fit>(i);
  }
  const double low = object["low"].toDouble(s.low), high = object["high"].toDouble(s.high);
  if (low < high) {
    s.low = low;
    s.high = high;
  }
  s.logarithmic = object["logarithmic"].toBool(s.logarithmic);
  s.inverted = object["inverted"].toBool(s.inverted);
  s.graticule = object["graticule"].toBool(s.graticule);
  s.land = object["land"].toBool(s.land);
  s.ice = object["ice"].toBool(s.ice);
  s.star = object["star"].toBool(s.star);
  const QJsonArray probe = object["probe"].toArray();
  s.probe = probe.size() == 2 ? std::optional(GeoPoint{probe[0].toDouble(), probe[1].toDouble()}) : std::nullopt;
  if (s.planet != planet) askPlanet();
  refresh();
}

void ClimateWorkspace::showPlanet(const QString& id) {
  if (id == state_.planet && planet_) return;
  state_.planet = id;
  askPlanet();
  refresh();
}

void ClimateWorkspace::whenDrawn(std::function<void(const QString&)> ready) {
  waiting_ = std::move(ready);
  if (!loading_ && client_->link() != client::Client::Link::kConnecting)
    finishWaiting(planet_ ? QString() : failure_.isEmpty() ? tr("no planet is shown") : failure_);
}

void ClimateWorkspace::finishWaiting(const QString& failure) {
  if (!waiting_) return;
  const auto ready = std::move(waiting_);
  waiting_ = nullptr;
  ready(failure);
}

void ClimateWorkspace::askPlanets() {
  if (!client_->isUp()) {
    list_->showMessage(client_->link() == client::Client::Link::kNone ? noPlanets() : tr("Waiting for the daemon…"));
    return;
  }
  const std::string store = client_->store();
  const auto& stores = client_->hello().stores();
  list_->setStores({stores.begin(), stores.end()}, store);
  if (store.empty()) {
    list_->showMessage(noPlanets());
    return;
  }
  list_->showMessage(tr("Reading the catalogue…"));
  client_->ask(
      "planets", this,
      [store](client::Daemon& daemon) {
        wire::PlanetsRequest request;
        request.set_store(store);
        request.set_climate(true);  // others have nothing to show here
        return client::planetsOf(daemon, request);
      },
      [this](std::vector<wire::PlanetRow> rows) {
        const int count = static_cast<int>(rows.size());
        if (rows.empty()) {
          list_->showMessage(tr("No planet here has a climate. ecumene-data generate makes some."));
        } else {
          list_->setRows(std::move(rows));
          list_->select(state_.planet);
        }
        emit planetCount(count);
      },
      // A new machine has none: no reason for an alarm.
      [this](const Error& error) {
        list_->showMessage(QString::fromUtf8(error.what()) +
                           tr("\n\nThe Data workspace imports and generates planets."));
      });
}

void ClimateWorkspace::askPlanet() {
  failure_.clear();
  if (state_.planet.isEmpty() || !client_->isUp()) return;
  loading_ = true;
  client_->ask(
      "planet", this,
      [store = client_->store(), id = state_.planet.toStdString()](client::Daemon& daemon) {
        return client::planetOf(daemon, store, id);
      },
      [this](data::planet::Planet planet) { takePlanet(std::move(planet)); },
      [this](const Error& error) {
        loading_ = false;
        planet_.reset();
        slice_.reset();
        failure_ = QString::fromUtf8(error.what());
        emit noted(shell::noteOf(error));
        refresh();
        finishWaiting(failure_);
      });
}

void ClimateWorkspace::takePlanet(data::planet::Planet planet) {
  loading_ = false;
  planet_ = std::move(planet);
  if (!planet_->climate) failure_ = tr("This planet has no climate.");
  refresh();
  finishWaiting(failure_);
}

QString ClimateWorkspace::mapName() const {
  return state_.maps.value(codeOf(state_.choice.variable),
                           QString::fromUtf8(viz::climate::quantity(state_.choice.variable).colourMap));
}

viz::scene::ColourScale ClimateWorkspace::scaleFor(const data::planet::Field& field,
                                                   const viz::climate::Slice& slice) const {
  viz::scene::ColourScale scale;
  scale.map = mapName().toStdString();
  scale.logarithmic = state_.logarithmic;
  scale.inverted = state_.inverted;
  if (state_.fit == Fit::kLocked) return fitted(scale, state_.low, state_.high);
  const auto range = viz::climate::rangeOf(state_.fit == Fit::kYear ? std::span<const float>(field.values)
                                                                    : std::span<const float>(slice.values));
  return range ? fitted(scale, range->low, range->high) : scale;
}

viz::climate::Overlays ClimateWorkspace::overlays() const {
  const data::planet::ClimateCube& cube = *planet_->climate;
  viz::climate::Overlays overlays;
  overlays.graticule = state_.graticule;
  if (state_.land) overlays.land = viz::climate::surfaceOf(cube, cube.landFraction);
  if (state_.ice && cube.find(VariableId::kSeaIceAreaFraction) != nullptr) {
    viz::climate::SliceChoice ice = state_.choice;
    ice.variable = VariableId::kSeaIceAreaFraction;
    overlays.ice = viz::climate::sliceOf(cube, ice);
  }
  if (state_.star && planet_->truth && planet_->truth->bulk.synchronous) {
    overlays.substellar = GeoPoint{0.0, planet_->truth->bulk.substellarLongitudeDeg};
  }
  if (state_.probe) {
    overlays.probe =
        viz::climate::cellAt(viz::climate::cellsOf(cube.grid), state_.probe->latitudeDeg, state_.probe->longitudeDeg);
  }
  return overlays;
}

QString ClimateWorkspace::facts() const {
  QStringList facts = {QString::fromUtf8(name(planet_->origin))};
  if (planet_->truth) {
    facts << tr("%1 star").arg(QString::fromUtf8(name(data::planet::starType(planet_->truth->star.temperatureK))));
    facts << (planet_->truth->bulk.synchronous ? tr("synchronous")
                                               : tr("turns in %1 d").arg(planet_->truth->bulk.rotationDays, 0, 'g', 3));
    facts << tr("%1 bar").arg(planet_->truth->atmosphere.surfacePressurePa / 1e5, 0, 'g', 3);
  }
  if (planet_->labels) {
    facts << QString::fromUtf8(name(planet_->labels->regime)).replace('_', ' ')
          << tr("mean %1 K").arg(planet_->labels->tMeanK, 0, 'f', 1)
          << tr("f_hab %1").arg(planet_->labels->fHab, 0, 'f', 2);
  }
  return facts.join(QStringLiteral("  ·  "));
}

void ClimateWorkspace::refresh() {
  list_->select(state_.planet);
  refreshPlanet();
  refreshControls();
}

void ClimateWorkspace::refreshPlanet() {
  const bool there = planet_ && planet_->climate && failure_.isEmpty();
  const data::planet::Field* field = there ? planet_->climate->find(state_.choice.variable) : nullptr;
  const bool drawn = field != nullptr;
  for (QWidget* widget :
       {static_cast<QWidget*>(bar_), static_cast<QWidget*>(statistics_), static_cast<QWidget*>(month_),
        static_cast<QWidget*>(level_), static_cast<QWidget*>(monthText_), static_cast<QWidget*>(levelText_),
        static_cast<QWidget*>(hover_)}) {
    widget->setVisible(there);
  }
  if (planet_) {
    name_->setText(QString::fromStdString(planet_->name.empty() ? planet_->id : planet_->name));
    facts_->setText(facts());
  } else {
    name_->setText(tr("Climate"));
    facts_->setText(tr("Map and globe of a planet's climate, month by month and level by level"));
  }
  if (!drawn) {
    slice_.reset();
    cell_->clear();
    QString why;
    if (!failure_.isEmpty()) {
      why = failure_;
    } else if (there) {
      why = tr("This planet has no %1.")
                .arg(QString::fromUtf8(viz::climate::quantity(state_.choice.variable).title).toLower());
    } else if (loading_) {
      why = tr("Reading %1…").arg(state_.planet);
    } else if (client_->isUp() && !client_->store().empty()) {
      why = tr("Choose a planet in the list on the left.");
    } else {
      why = noPlanets();
    }
    view_->showMessage(why);
    return;
  }
  const data::planet::ClimateCube& cube = *planet_->climate;
  const viz::climate::Quantity& quantity = viz::climate::quantity(state_.choice.variable);
  viz::climate::SliceChoice choice = state_.choice;
  choice.level = std::min(choice.level, cube.grid.sigma.empty() ? 0 : cube.grid.sigma.size() - 1);
  slice_ = viz::climate::sliceOf(cube, choice);
  const viz::scene::ColourScale scale = scaleFor(*field, *slice_);
  view_->setView(state_.view);
  view_->setScale(scale);
  view_->setSlice(*slice_);
  view_->setOverlays(overlays());
  state_.view = view_->view();
  bar_->set(scale, quantity.factor, QString::fromUtf8(quantity.unit));
  const auto range = viz::climate::rangeOf(slice_->values);
  const double mean = viz::climate::meanOf(*slice_, cube.grid);
  statistics_->setText(tr("%1: area mean %2, from %3 to %4")
                           .arg(QString::fromUtf8(quantity.title), QString::fromStdString(textOf(quantity, mean)),
                                QString::fromStdString(textOf(quantity, range ? range->low : mean)),
                                QString::fromStdString(textOf(quantity, range ? range->high : mean))));
  monthText_->setText(tr("Month %1 of 12").arg(choice.month + 1));
  const bool onLevels = data::planet::info(choice.variable).onLevels;
  level_->setEnabled(onLevels);
  level_->setMaximum(static_cast<int>(cube.grid.sigma.size()) - 1);
  levelText_->setText(onLevels ? tr("Level %1 of %2, σ %3")
                                     .arg(choice.level + 1)
                                     .arg(cube.grid.sigma.size())
                                     .arg(cube.grid.sigma[choice.level], 0, 'f', 3)
                               : tr("At the surface"));
  const viz::climate::Overlays marks = overlays();
  if (marks.probe) {
    cell_->setCell(cube, choice, *marks.probe);
    bar_->setMark(static_cast<double>(slice_->at(*marks.probe)));
  } else {
    cell_->clear();
    bar_->setMark(std::numeric_limits<double>::quiet_NaN());
  }
}

void ClimateWorkspace::refreshControls() {
  const QSignalBlocker blockers[] = {QSignalBlocker(month_), QSignalBlocker(level_)};
  month_->setValue(static_cast<int>(state_.choice.month));
  level_->setValue(static_cast<int>(state_.choice.level));
  quantity_->setCurrentIndex(quantity_->findData(static_cast<int>(state_.choice.variable)));
  projection_->setCurrentIndex(
      projection_->findData(QString::fromUtf8(viz::climate::info(state_.view.projection).name)));
  map_->setCurrentIndex(map_->findData(mapName()));
  fit_->setCurrentIndex(static_cast<int>(state_.fit));
  inverted_->setChecked(state_.inverted);
  logarithmic_->setChecked(state_.logarithmic);
  graticule_->setChecked(state_.graticule);
  land_->setChecked(state_.land);
  ice_->setChecked(state_.ice);
  star_->setChecked(state_.star);
  const bool there = planet_ && planet_->climate;
  controls_->setEnabled(there);
  if (!there) return;
  const bool diverging = viz::scene::colourMap(mapName().toStdString()).diverging;
  logarithmic_->setEnabled(!diverging);
  logarithmic_->setToolTip(diverging ? tr("A diverging scale has zero in its middle, so it has no logarithm")
                                     : QString());
  const bool hasLand = !planet_->climate->landFraction.empty();
  land_->setEnabled(hasLand);
  land_->setToolTip(hasLand ? QString() : tr("This planet has no land mask"));
  const bool hasIce = planet_->climate->find(VariableId::kSeaIceAreaFraction) != nullptr;
  ice_->setEnabled(hasIce);
  ice_->setToolTip(hasIce ? QString() : tr("This planet has no sea ice cover"));
  const bool still = planet_->truth && planet_->truth->bulk.synchronous;
  star_->setEnabled(still);
  star_->setToolTip(still ? QString() : tr("The star does not stand still over this planet"));
}

void ClimateWorkspace::hover(const std::optional<GeoPoint>& point) {
  if (!point || !slice_) {
    hover_->clear();
    return;
  }
  const auto cell = viz::climate::cellAt(slice_->grid, point->latitudeDeg, point->longitudeDeg);
  const auto& quantity = viz::climate::quantity(state_.choice.variable);
  hover_->setText(placeText(point->latitudeDeg, point->longitudeDeg) + "  " +
                  QString::fromStdString(textOf(quantity, static_cast<double>(slice_->at(cell)))));
}

}  // namespace ecumene::ui::climate
