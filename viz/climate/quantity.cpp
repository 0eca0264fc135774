// SPDX-License-Identifier: Apache-2.0
#include "viz/climate/quantity.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace ecumene::viz::climate {
namespace {

using Id = data::planet::VariableId;

constexpr std::array<Quantity, data::planet::kVariableCount> kQuantities = {{
    {Id::kAirTemperature, "Air temperature", "K", 1.0, 1, "thermal"},
    {Id::kSpecificHumidity, "Specific humidity", "g/kg", 1e3, 3, "rain"},
    {Id::kEastwardWind, "Eastward wind", "m/s", 1.0, 1, "balance"},
    {Id::kNorthwardWind, "Northward wind", "m/s", 1.0, 1, "balance"},
    {Id::kSurfaceTemperature, "Surface temperature", "K", 1.0, 1, "thermal"},
    {Id::kSurfaceAirPressure, "Surface air pressure", "hPa", 1e-2, 1, "deep"},
    {Id::kCloudAreaFraction, "Cloud cover", "%", 1e2, 0, "gray"},
    {Id::kSeaIceAreaFraction, "Sea ice cover", "%", 1e2, 0, "ice"},
    {Id::kToaNetShortwave, "Absorbed shortwave", "W/m²", 1.0, 1, "solar"},
    {Id::kToaOutgoingLongwave, "Outgoing longwave", "W/m²", 1.0, 1, "inferno"},
}};

}  // namespace

std::span<const Quantity, data::planet::kVariableCount> quantities() {
  return kQuantities;
}

const Quantity& quantity(Id id) {
  return kQuantities[static_cast<std::size_t>(id)];
}

std::string textOf(const Quantity& quantity, double siValue) {
  if (std::isnan(siValue)) return "no data";
  return fmt::format("{:.{}f} {}", siValue * quantity.factor, quantity.decimals, quantity.unit);
}

}  // namespace ecumene::viz::climate
