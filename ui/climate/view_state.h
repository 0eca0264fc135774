// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QMap>
#include <QString>
#include <functional>
#include <optional>

#include "data/planet/cube.h"
#include "viz/climate/planet_scene.h"

namespace ecumene::ui::climate {

/// Everything that a person chooses of a planet's picture. A new choice is a member here, its key in json() and
/// take(), and its control.
struct ViewState {
  enum class Fit { kYear, kSlice, kLocked };
  QString planet;
  viz::climate::SliceChoice choice;
  viz::climate::View view;
  QMap<QString, QString> maps;  ///< by variable: in place of the quantity's own
  bool logarithmic = false, inverted = false;
  Fit fit = Fit::kYear;
  double low = 0.0, high = 1.0;  ///< with kLocked
  bool graticule = true, land = true, ice = true, star = true;
  std::optional<viz::climate::GeoPoint> probe;

  [[nodiscard]] QJsonObject json() const;
  /// Keys that are missing or make no sense leave things as they are.
  void take(const QJsonObject& object);
  /// Another quantity; a locked range is of one.
  void showVariable(data::planet::VariableId id);
  /// Name of the colour map of the quantity.
  [[nodiscard]] QString mapName() const;
  void setMap(const QString& name);
  /// How the values of a slice become colours; `field` holds the whole year of it.
  [[nodiscard]] viz::scene::ColourScale scaleFor(const data::planet::Field& field,
                                                 const viz::climate::Slice& slice) const;
};

/// Changes the state by the user's hand, as one step of undo with these words.
using ChangeView = std::function<void(const QString& words, const std::function<void(ViewState&)>& how)>;

}  // namespace ecumene::ui::climate
