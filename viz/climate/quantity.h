// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "data/planet/cube.h"

namespace ecumene::viz::climate {

/// How a variable of the cube is shown to people.
struct Quantity {
  data::planet::VariableId id;
  std::string_view title;      ///< "Surface temperature"
  std::string_view unit;       ///< that it is shown in: "K", "hPa", "g/kg", "%"
  double factor;               ///< shown = factor * SI
  int decimals;                ///< of a shown value
  std::string_view colourMap;  ///< its own map
};

/// One row for each variable, in canonical order.
std::span<const Quantity, data::planet::kVariableCount> quantities();
const Quantity& quantity(data::planet::VariableId id);
/// Shown value with its decimals and unit: "288.2 K", "no data" for NaN.
std::string textOf(const Quantity& quantity, double siValue);

}  // namespace ecumene::viz::climate
