// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/climate/climate_workspace.h"

#include <QSlider>

#include "data/base/error.h"
#include "ui/client/planets.h"
#include "ui/client/why_nothing.h"
#include "ui/climate/cell_panel.h"
#include "ui/climate/climate_page.h"
#include "ui/climate/planet_list.h"
#include "ui/climate/planet_view.h"
#include "ui/climate/view_controls.h"
#include "viz/climate/quantity.h"

namespace ecumene::ui::climate {
namespace {

QString noPlanets() {
  return QObject::tr("No planets are open.\nFile › Open planets (Ctrl+O) takes a folder made by ecumene-data.");
}

}  // namespace

ClimateWorkspace::ClimateWorkspace(client::Client* client, QObject* parent) : Workspace(parent), client_(client) {
  const ChangeView byHand = [this](const QString& words, const std::function<void(ViewState&)>& how) {
    change(words, how);
  };
  list_ = new PlanetList;
  cell_ = new CellPanel;
  page_ = new ClimatePage(byHand);
  controls_ = new ViewControls(byHand);
  makeActions();
  addFigure({"climate", tr("climate"), planetView(), [this] { return page_->image(); }, nullptr,
             [this] { return plots::csvOf(page_->table()); }, [this] { return !page_->drawn(); }});
  for (const shell::Figure& figure : cell_->figures()) addFigure(figure);
  connect(list_, &PlanetList::chosen, this,
          [this](const QString& id) { change(tr("Planet"), [&](ViewState& state) { state.planet = id; }); });
  connect(planetView(), &PlanetView::viewChanged, this, [this](const viz::climate::View& before) {
    ViewState was = state_;
    was.view = before;
    state_.view = planetView()->view();
    emit viewChanged(tr("View"), was.json());
  });
  connect(client_, &client::Client::sourceChanged, this, [this] {
    planet_.reset();
    list_->showMessage({});
    askPlanets();
    askPlanet();
    refresh();
  });
  connect(client_, &client::Client::linkChanged, this, [this] {
    if (!client_->problem().isEmpty()) finishWaiting(client_->problem());
    if (!planet_) {
      if (list_->isEmpty()) askPlanets();
      refresh();
    }
    // What could not be read when the daemon was gone.
    if (client_->isUp() && !failure_.isEmpty()) askPlanet();
  });
  connect(list_, &PlanetList::storeChosen, this, [this](const QString& id) { client_->chooseStore(id.toStdString()); });
  askPlanets();
  refresh();
}

ClimateWorkspace::~ClimateWorkspace() = default;

QWidget* ClimateWorkspace::centre() {
  return page_;
}

PlanetView* ClimateWorkspace::planetView() const {
  return page_->view();
}

std::vector<shell::Workspace::Dock> ClimateWorkspace::docks() {
  return {{"climatePlanets", tr("Planets"), list_, Qt::LeftDockWidgetArea, 44},
          {"climateView", tr("View"), controls_, Qt::RightDockWidgetArea, 40},
          {"climateCell", tr("Cell"), cell_, Qt::RightDockWidgetArea, 40}};
}

void ClimateWorkspace::makeActions() {
  using look::Icon;
  for (const auto& row : viz::climate::projections()) {
    const auto projection = row.projection;
    addAction("show." + QString::fromUtf8(row.name), tr("Show as %1").arg(QString::fromUtf8(row.title).toLower()),
              Icon::kClimate, {}, [this, projection] {
                change(tr("Projection"), [&](ViewState& state) { state.view.projection = projection; });
              });
  }
  for (const viz::climate::Quantity& row : viz::climate::quantities()) {
    addAction("quantity." + QString::fromUtf8(data::planet::info(row.id).symbol),
              tr("Show %1").arg(QString::fromUtf8(row.title).toLower()), Icon::kClimate, {},
              [this, id = row.id] { change(tr("Quantity"), [&](ViewState& state) { state.showVariable(id); }); });
  }
  const auto step = [this](QSlider* slider, int by) { slider->setValue(slider->value() + by); };
  addAction("nextMonth", tr("Next month"), Icon::kPlay, QKeySequence("Ctrl+Right"),
            [this, step] { step(page_->month(), 1); });
  addAction("previousMonth", tr("Previous month"), Icon::kPlay, QKeySequence("Ctrl+Left"),
            [this, step] { step(page_->month(), -1); });
  addAction("levelUp", tr("Level up"), Icon::kPlay, QKeySequence("Ctrl+Up"),
            [this, step] { step(page_->level(), -1); });
  addAction("levelDown", tr("Level down"), Icon::kPlay, QKeySequence("Ctrl+Down"),
            [this, step] { step(page_->level(), 1); });
  addAction("wholePlanet", tr("Show the whole planet"), Icon::kFit, QKeySequence("Ctrl+0"), [this] {
    change(tr("View"), [](ViewState& state) {
      state.view.zoom = 1.0;
      state.view.centre = {0.0, 180.0};
    });
  });
}

void ClimateWorkspace::change(const QString& words, const std::function<void(ViewState&)>& how) {
  const QJsonObject before = viewState();
  const QString planet = state_.planet;
  how(state_);
  if (state_.planet != planet) askPlanet();
  refresh();
  emit viewChanged(words, before);
}

QJsonObject ClimateWorkspace::viewState() const {
  return state_.json();
}

void ClimateWorkspace::setViewState(const QJsonObject& object) {
  const QString planet = state_.planet;
  state_.take(object);
  if (state_.planet != planet) askPlanet();
  refresh();
}

void ClimateWorkspace::showPlanet(const QString& id) {
  if (id == state_.planet && planet_) return;
  state_.planet = id;
  askPlanet();
  refresh();
}

void ClimateWorkspace::drawingAwaited() {
  if (loading_ || client_->link() == client::Client::Link::kConnecting) return;
  finishWaiting(planet_ ? QString() : failure_.isEmpty() ? tr("no planet is shown") : failure_);
}

void ClimateWorkspace::askPlanets() {
  if (!client_->isUp()) return list_->showMessage(client::whyNothing(*client_, noPlanets()));
  const std::string store = client_->store();
  const auto& stores = client_->hello().stores();
  list_->setStores({stores.begin(), stores.end()}, store);
  if (store.empty()) {
    list_->showMessage(noPlanets());
    return;
  }
  if (list_->isEmpty()) list_->showMessage(tr("Reading the catalogue…"));
  client_->ask(
      "planets", this,
      [store](client::Daemon& daemon) {
        wire::PlanetsRequest request;
        request.set_store(store);
        request.set_climate(true);  // others have nothing to show here
        return client::planetsOf(daemon, request);
      },
      [this](std::vector<wire::PlanetRow> rows) {
        if (rows.empty()) {
          list_->showMessage(tr("No planet here has a climate. ecumene-data generate makes some."));
        } else {
          list_->setRows(std::move(rows));
          list_->select(state_.planet);
        }
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
  client::askPlanet(
      *client_, "planet", this, state_.planet.toStdString(),
      [this](client::SharedPlanet planet) { takePlanet(std::move(planet)); },
      [this](const Error& error) {
        loading_ = false;
        planet_.reset();
        failure_ = QString::fromUtf8(error.what());
        emit noted(shell::noteOf(error));
        refresh();
        finishWaiting(failure_);
      });
}

void ClimateWorkspace::takePlanet(client::SharedPlanet planet) {
  loading_ = false;
  planet_ = std::move(planet);
  if (!planet_->climate) failure_ = tr("This planet has no climate.");
  refresh();
  finishWaiting(failure_);
}

QString ClimateWorkspace::whyNothing() const {
  if (!failure_.isEmpty()) return failure_;
  if (planet_ && planet_->climate) {
    return tr("This planet has no %1.")
        .arg(QString::fromUtf8(viz::climate::quantity(state_.choice.variable).title).toLower());
  }
  if (!client_->isUp()) return client::whyNothing(*client_, noPlanets());
  if (loading_) return tr("Reading %1…").arg(state_.planet);
  if (!client_->store().empty()) return tr("Choose a planet in the list on the left.");
  return noPlanets();
}

void ClimateWorkspace::refresh() {
  list_->select(state_.planet);
  const data::planet::Planet* planet = planet_.get();
  page_->setPlanet(planet);
  const bool there = planet != nullptr && planet->climate && failure_.isEmpty();
  if (there && planet->climate->find(state_.choice.variable) != nullptr) {
    page_->draw(*planet, state_);
  } else {
    page_->showMessage(whyNothing(), there);
  }
  const auto& drawn = page_->drawn();
  if (drawn && drawn->probe) {
    cell_->setCell(nameOf(*planet), *planet->climate, drawn->choice, *drawn->probe);
  } else {
    cell_->clear();
  }
  controls_->setChosen(state_, planet, drawn ? std::optional(drawn->scale) : std::nullopt);
}

}  // namespace ecumene::ui::climate
