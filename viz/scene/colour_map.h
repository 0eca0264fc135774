// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace ecumene::viz::scene {

struct Rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
  bool operator==(const Rgb&) const = default;
};

/// 256 colours from the lowest to the highest value (resources/colour-maps says whose tables they are).
struct ColourMap {
  std::string_view name;
  std::string_view title;  ///< for people: "Thermal (cmocean)"
  bool diverging = false;  ///< its middle stands for zero
  std::array<Rgb, 256> colours{};
};

/// All maps, in the order in which a list shows them.
std::span<const ColourMap> colourMaps();
/// Throws Error naming the nearest map if there is none of that name.
const ColourMap& colourMap(std::string_view name);

/// How values become colours. `low` < `high`; logarithmic only where `low` > 0.
struct ColourScale {
  std::string map = "viridis";
  double low = 0.0, high = 1.0;
  bool logarithmic = false;
  bool inverted = false;
  bool operator==(const ColourScale&) const = default;
};
/// Throws Error where the scale breaks what its struct says.
void validate(const ColourScale& scale);

/// Where a value lies between low (0) and high (1); values beyond get 0 or 1.
double place(const ColourScale& scale, double value);
/// The value at a place between 0 and 1.
double valueAt(const ColourScale& scale, double place);
/// Colour of a value; NaN: kMissing.
Rgb colourOf(const ColourScale& scale, const ColourMap& map, double value);
/// Of cells without a value: a grey that no map but gray has.
inline constexpr Rgb kMissing{118, 118, 124};

/// A range around [low, high] that a scale can have: symmetric about zero for diverging maps, never empty. A constant
/// field gets a unit range about its value. Logarithmic: low is raised to high / 1e6 where it is not positive.
ColourScale fitted(ColourScale scale, double low, double high);

}  // namespace ecumene::viz::scene
