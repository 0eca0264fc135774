// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMap>
#include <optional>

#include "data/planet/planet.h"
#include "ui/client/client.h"
#include "ui/shell/workspace.h"
#include "viz/climate/planet_scene.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QSlider;

namespace ecumene::ui::climate {

class CellPanel;
class ColourBar;
class PlanetList;
class PlanetView;

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
  QWidget* centre() override { return page_; }
  std::vector<Dock> docks() override;
  QList<QAction*> actions() override { return actions_; }
  [[nodiscard]] QJsonObject viewState() const override;
  void setViewState(const QJsonObject& state) override;
  void whenDrawn(std::function<void(const QString& failure)> ready) override;

  /// Shows a planet of the client's source.
  void showPlanet(const QString& id);
  [[nodiscard]] PlanetView* planetView() const { return view_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 signals:
  void planetCount(int count);

 private:
  enum class Fit { kYear, kSlice, kLocked };
  /// Everything that a person chooses; what viewState() says.
  struct State {
    QString planet;
    viz::climate::SliceChoice choice;
    viz::climate::View view;
    QMap<QString, QString> maps;  ///< by variable: in place of the quantity's own
    bool logarithmic = false, inverted = false;
    Fit fit = Fit::kYear;
    double low = 0.0, high = 1.0;  ///< with kLocked
    bool graticule = true, land = true, ice = true, star = true;
    std::optional<viz::climate::GeoPoint> probe;
  };

  QWidget* makePage();
  QWidget* makeControls();
  void makeActions();
  QAction* addAction(const char* name, const QString& text, look::Icon sign, const QKeySequence& keys,
                     std::function<void()> run);
  /// Changes the state by the user's hand, as one step of undo.
  void change(const QString& words, const std::function<void(State&)>& how);
  static QJsonObject written(const State& state);
  void refresh();
  void refreshControls();
  void refreshPlanet();
  void askPlanets();
  void askPlanet();
  void takePlanet(data::planet::Planet planet);
  [[nodiscard]] viz::scene::ColourScale scaleFor(const data::planet::Field& field,
                                                 const viz::climate::Slice& slice) const;
  [[nodiscard]] QString mapName() const;
  [[nodiscard]] viz::climate::Overlays overlays() const;
  [[nodiscard]] QString facts() const;
  void hover(const std::optional<viz::climate::GeoPoint>& point);
  void finishWaiting(const QString& failure);

  client::Client* client_;
  State state_;
  std::optional<data::planet::Planet> planet_;  ///< that is shown; its id may lag behind state_.planet
  std::optional<viz::climate::Slice> slice_;
  bool loading_ = false;
  QString failure_;
  std::function<void(const QString&)> waiting_;

  QWidget* page_ = nullptr;
  QWidget* controls_ = nullptr;
  PlanetList* list_ = nullptr;
  CellPanel* cell_ = nullptr;
  PlanetView* view_ = nullptr;
  ColourBar* bar_ = nullptr;
  QLabel *name_ = nullptr, *facts_ = nullptr, *statistics_ = nullptr, *hover_ = nullptr;
  QLabel *monthText_ = nullptr, *levelText_ = nullptr;
  QSlider *month_ = nullptr, *level_ = nullptr;
  QComboBox *quantity_ = nullptr, *projection_ = nullptr, *map_ = nullptr, *fit_ = nullptr;
  QCheckBox *inverted_ = nullptr, *logarithmic_ = nullptr;
  QCheckBox *graticule_ = nullptr, *land_ = nullptr, *ice_ = nullptr, *star_ = nullptr;
  QList<QAction*> actions_;
};

}  // namespace ecumene::ui::climate
