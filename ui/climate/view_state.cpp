// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/climate/view_state.h"

#include <QJsonArray>
#include <algorithm>
#include <span>

#include "data/planet/planet.h"
#include "viz/climate/quantity.h"

namespace ecumene::ui::climate {
namespace {

using viz::climate::GeoPoint;

constexpr const char* kFitNames[] = {"year", "slice", "locked"};

QString codeOf(data::planet::VariableId id) {
  return QString::fromUtf8(data::planet::info(id).symbol);
}

bool isMap(const QString& name) {
  const auto& maps = viz::scene::colourMaps();
  return std::any_of(maps.begin(), maps.end(), [&](const auto& row) { return QString::fromUtf8(row.name) == name; });
}

}  // namespace

QJsonObject ViewState::json() const {
  QJsonObject named;
  for (auto it = maps.begin(); it != maps.end(); ++it) named[it.key()] = it.value();
  QJsonObject object = {{"planet", planet},
                        {"quantity", codeOf(choice.variable)},
                        {"month", static_cast<int>(choice.month)},
                        {"level", static_cast<int>(choice.level)},
                        {"projection", QString::fromUtf8(viz::climate::info(view.projection).name)},
                        {"latitude", view.centre.latitudeDeg},
                        {"longitude", view.centre.longitudeDeg},
                        {"zoom", view.zoom},
                        {"maps", named},
                        {"logarithmic", logarithmic},
                        {"inverted", inverted},
                        {"fit", kFitNames[static_cast<int>(fit)]},
                        {"low", low},
                        {"high", high},
                        {"graticule", graticule},
                        {"land", land},
                        {"ice", ice},
                        {"star", star}};
  if (probe) object["probe"] = QJsonArray{probe->latitudeDeg, probe->longitudeDeg};
  return object;
}

void ViewState::take(const QJsonObject& object) {
  planet = object["planet"].toString(planet);
  if (const auto* variable = data::planet::findVariable(object["quantity"].toString().toStdString())) {
    choice.variable = variable->id;
  }
  const auto index = [&](const char* key, std::size_t now, std::size_t count) {
    const int value = object[QLatin1String(key)].toInt(static_cast<int>(now));
    return value >= 0 && static_cast<std::size_t>(value) < count ? static_cast<std::size_t>(value) : now;
  };
  choice.month = index("month", choice.month, data::planet::kMonths);
  choice.level = index("level", choice.level, data::planet::kCanonicalLevels);
  for (const auto& row : viz::climate::projections()) {
    if (QString::fromUtf8(row.name) == object["projection"].toString()) view.projection = row.projection;
  }
  view.centre.latitudeDeg = std::clamp(object["latitude"].toDouble(view.centre.latitudeDeg), -90.0, 90.0);
  view.centre.longitudeDeg = object["longitude"].toDouble(view.centre.longitudeDeg);
  view.zoom = std::clamp(object["zoom"].toDouble(view.zoom), 1.0, viz::climate::kLargestZoom);
  if (object.contains("maps")) {
    maps.clear();
    const QJsonObject named = object["maps"].toObject();
    for (auto it = named.begin(); it != named.end(); ++it) {
      if (isMap(it.value().toString())) maps[it.key()] = it.value().toString();
    }
  }
  for (int i = 0; i < 3; ++i) {
    if (object["fit"].toString() == kFitNames[i]) fit = static_cast<Fit>(i);
  }
  const double lowest = object["low"].toDouble(low), highest = object["high"].toDouble(high);
  if (lowest < highest) {
    low = lowest;
    high = highest;
  }
  logarithmic = object["logarithmic"].toBool(logarithmic);
  inverted = object["inverted"].toBool(inverted);
  graticule = object["graticule"].toBool(graticule);
  land = object["land"].toBool(land);
  ice = object["ice"].toBool(ice);
  star = object["star"].toBool(star);
  const QJsonArray place = object["probe"].toArray();
  probe = place.size() == 2 ? std::optional(GeoPoint{place[0].toDouble(), place[1].toDouble()}) : std::nullopt;
}

void ViewState::showVariable(data::planet::VariableId id) {
  choice.variable = id;
  if (fit == Fit::kLocked) fit = Fit::kYear;
}

QString ViewState::mapName() const {
  return maps.value(codeOf(choice.variable), QString::fromUtf8(viz::climate::quantity(choice.variable).colourMap));
}

void ViewState::setMap(const QString& name) {
  maps[codeOf(choice.variable)] = name;
}

viz::scene::ColourScale ViewState::scaleFor(const data::planet::Field& field, const viz::climate::Slice& slice) const {
  viz::scene::ColourScale scale;
  scale.map = mapName().toStdString();
  scale.logarithmic = logarithmic;
  scale.inverted = inverted;
  if (fit == Fit::kLocked) return fitted(scale, low, high);
  const auto range = viz::climate::rangeOf(fit == Fit::kYear ? std::span<const float>(field.values)
                                                             : std::span<const float>(slice.values));
  return range ? fitted(scale, range->low, range->high) : scale;
}

}  // namespace ecumene::ui::climate
