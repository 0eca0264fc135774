// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QWidget>
#include <optional>

#include "data/planet/planet.h"
#include "ui/climate/view_state.h"
#include "ui/plots/number_table.h"

class QLabel;
class QSlider;

namespace ecumene::ui::climate {

class ColourBar;
class PlanetView;

/// Its name, or its id where it has none.
QString nameOf(const data::planet::Planet& planet);

/// One planet: its name and facts, the map or globe, colours and statistics of what is drawn, month and level.
class ClimatePage : public QWidget {
  Q_OBJECT
 public:
  explicit ClimatePage(ChangeView change, QWidget* parent = nullptr);
  /// Name and facts; null: no planet.
  void setPlanet(const data::planet::Planet* planet);
  /// Draws the choice of a planet whose climate has its variable; the state's view becomes the one that is drawn.
  void draw(const data::planet::Planet& planet, ViewState& state);
  /// No picture; says why. Month and level stay where there is a climate.
  void showMessage(const QString& why, bool hasClimate);

  struct Drawn {
    viz::climate::SliceChoice choice;  ///< its level is one that the planet has
    viz::climate::Slice slice;
    viz::scene::ColourScale scale;
    std::optional<viz::climate::Cell> probe;
    std::vector<double> latitudeDeg, longitudeDeg;  ///< cell centres, by row and column of the slice
  };
  [[nodiscard]] const std::optional<Drawn>& drawn() const { return drawn_; }
  /// What is drawn, with name, colour bar and statistics.
  [[nodiscard]] QImage image();
  /// A row for each cell; empty where nothing is drawn.
  [[nodiscard]] plots::NumberTable table() const;
  [[nodiscard]] PlanetView* view() const { return view_; }
  [[nodiscard]] QSlider* month() const { return month_; }
  [[nodiscard]] QSlider* level() const { return level_; }

 private:
  QWidget* makeHead();
  QWidget* makeFoot();
  void showFoot(bool on);
  void hover(const std::optional<viz::climate::GeoPoint>& point);

  ChangeView change_;
  std::optional<Drawn> drawn_;
  PlanetView* view_ = nullptr;
  ColourBar* bar_ = nullptr;
  QLabel *name_ = nullptr, *facts_ = nullptr, *statistics_ = nullptr, *hover_ = nullptr;
  QLabel *monthText_ = nullptr, *levelText_ = nullptr;
  QSlider *month_ = nullptr, *level_ = nullptr;
};

}  // namespace ecumene::ui::climate
