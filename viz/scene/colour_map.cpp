// SPDX-License-Identifier: Apache-2.0
#include "viz/scene/colour_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

#include "data/base/error.h"
#include "data/base/nearest.h"
#include "viz/scene/embedded_colour_maps.h"

namespace ecumene::viz::scene {
namespace {

struct Title {
  std::string_view name, title;
  bool diverging;
};
constexpr Title kTitles[] = {
    {"viridis", "Viridis", false},
    {"plasma", "Plasma", false},
    {"inferno", "Inferno", false},
    {"magma", "Magma", false},
    {"cividis", "Cividis", false},
    {"thermal", "Thermal", false},
    {"haline", "Haline", false},
    {"solar", "Solar", false},
    {"ice", "Ice", false},
    {"gray", "Grey", false},
    {"deep", "Deep", false},
    {"dense", "Dense", false},
    {"speed", "Speed", false},
    {"rain", "Rain", false},
    {"balance", "Balance (diverging)", true},
    {"delta", "Delta (diverging)", true},
};

std::uint8_t byteAt(std::string_view text, std::size_t at) {
  unsigned value = 0;
  std::from_chars(text.data() + at, text.data() + at + 2, value, 16);
  return static_cast<std::uint8_t>(value);
}

ColourMap read(const EmbeddedColourMap& embedded) {
  ColourMap map;
  map.name = embedded.name;
  const auto* title =
      std::find_if(std::begin(kTitles), std::end(kTitles), [&](const Title& row) { return row.name == embedded.name; });
  constexpr std::size_t kLine = 7;  // rrggbb and the end of the line
  if (title == std::end(kTitles) || embedded.table.size() < map.colours.size() * kLine) {
    throw internalError("a colour map has no title or fewer than 256 colours");
  }
  map.title = title->title;
  map.diverging = title->diverging;
  for (std::size_t i = 0; i < map.colours.size(); ++i) {
    const std::size_t at = i * kLine;
    map.colours[i] = {byteAt(embedded.table, at), byteAt(embedded.table, at + 2), byteAt(embedded.table, at + 4)};
  }
  return map;
}

}  // namespace

std::span<const ColourMap> colourMaps() {
  static const std::vector<ColourMap> kMaps = [] {
    std::vector<ColourMap> maps;
    for (const EmbeddedColourMap& embedded : embeddedColourMaps()) maps.push_back(read(embedded));
    return maps;
  }();
  return kMaps;
}

const ColourMap& colourMap(std::string_view name) {
  std::vector<std::string> names;
  for (const ColourMap& map : colourMaps()) {
    if (map.name == name) return map;
    names.emplace_back(map.name);
  }
  throw Error("there is no such colour map")
      .on(std::string(name))
      .next(fmt::format("did you mean {}?", nearest(std::string(name), names).value_or(names.front())));
}

void validate(const ColourScale& scale) {
  static_cast<void>(colourMap(scale.map));
  if (!std::isfinite(scale.low) || !std::isfinite(scale.high) || scale.low >= scale.high) {
    throw Error("the range of a colour scale is empty")
        .on(scale.map)
        .expected("a low end below the high end")
        .found(fmt::format("{} to {}", scale.low, scale.high));
  }
  if (scale.logarithmic && scale.low <= 0.0) {
    throw Error("a logarithmic colour scale needs positive ends")
        .on(scale.map)
        .expected("a low end above 0")
        .found(fmt::format("{}", scale.low));
  }
}

double place(const ColourScale& scale, double value) {
  const auto shown = [&](double x) { return scale.logarithmic ? std::log(std::max(x, 1e-300)) : x; };
  const double low = shown(scale.low), high = shown(scale.high);
  return std::clamp((shown(value) - low) / (high - low), 0.0, 1.0);
}

double valueAt(const ColourScale& scale, double place) {
  if (scale.logarithmic) return scale.low * std::pow(scale.high / scale.low, place);
  return scale.low + (scale.high - scale.low) * place;
}

Rgb colourOf(const ColourScale& scale, const ColourMap& map, double value) {
  if (std::isnan(value)) return kMissing;
  const double at = place(scale, value);
  const auto index = static_cast<std::size_t>(std::lround(at * static_cast<double>(map.colours.size() - 1)));
  return map.colours[scale.inverted ? map.colours.size() - 1 - index : index];
}

ColourScale fitted(ColourScale scale, double low, double high) {
  if (colourMap(scale.map).diverging) {
    high = std::max(std::abs(low), std::abs(high));
    low = -high;
    scale.logarithmic = false;
  }
  if (scale.logarithmic) {
    if (high <= 0.0) {
      scale.logarithmic = false;
    } else if (low <= 0.0) {
      low = high * 1e-6;
    }
  }
  if (!(low < high)) {
    if (scale.logarithmic) {
      low /= 2.0;
      high *= 2.0;
    } else {
      low -= 0.5;
      high += 0.5;
    }
  }
  scale.low = low;
  scale.high = high;
  return scale;
}

}  // namespace ecumene::viz::scene
