// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "data/physics/climate/heat_balance.h"
#include "data/physics/climate/radiation.h"
#include "data/physics/climate/transport.h"
#include "data/planet/system.h"

namespace ecumene::data::physics::climate {

/// The energy balance model of one planet on one grid: its transport, radiation and heat put together.
class PlanetBalance {
 public:
  /// `ocean` per cell of `grid`; `steps` of an orbit. The truth must be valid (climate.h, validate).
  PlanetBalance(const planet::PlanetTruth& truth, const SphereGrid& grid, SunMotion motion, std::vector<double> ocean,
                std::size_t steps);
  PlanetBalance(const PlanetBalance&) = delete;
  PlanetBalance& operator=(const PlanetBalance&) = delete;

  [[nodiscard]] HeatBalance& heat() { return heat_; }
  [[nodiscard]] WilliamsKastingRadiation& radiation() { return radiation_; }
  [[nodiscard]] const std::vector<double>& ocean() const { return ocean_; }
  [[nodiscard]] const HeatTransport& transport() const { return transport_; }

 private:
  std::vector<double> ocean_;
  HeatTransport transport_;
  WilliamsKastingRadiation radiation_;
  HeatBalance heat_;
};

/// Outgoing longwave of a planet's air: CO2 and the closure's offset.
OutgoingLongwave outgoingLongwave(const planet::PlanetTruth& truth);
/// The albedo closure of a planet: its land and ice, Taylor's ocean, its star's Rayleigh scattering.
AlbedoClosure albedoClosure(const planet::PlanetTruth& truth);

}  // namespace ecumene::data::physics::climate
