// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/client/planets.h"
#include "ui/climate/view_state.h"
#include "ui/shell/workspace.h"

namespace ecumene::ui::climate {

class CellPanel;
class ClimatePage;
class PlanetList;
class PlanetView;
class ViewControls;

/// The climate of one planet as map or globe, by month and level, with the values of a chosen cell.
class ClimateWorkspace : public shell::Workspace {
  Q_OBJECT
 public:
  /// The client must outlive the workspace.
  explicit ClimateWorkspace(client::Client* client, QObject* parent = nullptr);
  ~ClimateWorkspace() override;

  [[nodiscard]] QString id() const override { return "climate"; }
  [[nodiscard]] QString title() const override { return tr("Climate"); }
  [[nodiscard]] look::Icon sign() const override { return look::Icon::kClimate; }
  QWidget* centre() override;
  std::vector<Dock> docks() override;
  [[nodiscard]] QJsonObject viewState() const override;
  void setViewState(const QJsonObject& state) override;

  /// Shows a planet of the client's source.
  void showPlanet(const QString& id);
  /// Reads the catalogue again: planets have come.
  void readAgain() { askPlanets(); }
  [[nodiscard]] PlanetView* planetView() const;

 private:
  void makeActions();
  /// Changes the state by the user's hand, as one step of undo.
  void change(const QString& words, const std::function<void(ViewState&)>& how);
  void refresh();
  [[nodiscard]] QString whyNothing() const;
  void askPlanets();
  void askPlanet();
  void takePlanet(client::SharedPlanet planet);
  void drawingAwaited() override;

  client::Client* client_;
  ViewState state_;
  client::SharedPlanet planet_;  ///< that is shown; its id may lag behind state_.planet
  bool loading_ = false;
  QString failure_;

  ClimatePage* page_ = nullptr;
  ViewControls* controls_ = nullptr;
  PlanetList* list_ = nullptr;
  CellPanel* cell_ = nullptr;
};

}  // namespace ecumene::ui::climate
