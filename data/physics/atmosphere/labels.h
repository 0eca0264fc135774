// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>

#include "data/planet/planet.h"

namespace ecumene::data::physics::atmosphere {

/// What labels need beyond the cube; of generated planets from the truth and the solver, of GCM planets from their
/// sidecar.
struct LabelContext {
  bool synchronous = false;
  bool runaway = false;        ///< the solver's verdict; the cube's own temperature and fluxes are asked besides
  double oceanFraction = 0.0;  ///< 0..1
  double soilMoistureM = 0.0;  ///< >= 0
  std::optional<double> largestOlrWm2 = std::nullopt;  ///< max over T of OLR(T, pCO2); without it no runaway margin
  std::optional<planet::Atmosphere> atmosphere =
      std::nullopt;  ///< dry air; without it no stratospheric water and no ocean loss
  /// The cube's model has an isothermal stratosphere above its levels (stratosphereK), as the cube builder's has. What
  /// lies above the levels of other models is not known.
  bool stratosphereAbove = false;
  std::size_t epoch = 0;  ///< along the geological-time axis of the cube, if it has one
};

/// Labels of the climate exactly as dataset.md, "Labels", defines them, of generated and of GCM cubes alike. Means are
/// area-weighted (grid.latitudeWeight) over equal months; ts is compared as float32 with the bounds as float32, so that
/// a value stored as 273.15 is inside [273.15, 323.15]. Needs surface_temperature, else Error. What can be absent:
/// runawayMarginWm2 without largestOlrWm2 or toa_net_shortwave; stratosphericH2O and oceanLossGyr without atmosphere,
/// a level variable or water on the planet, and where the cold trap lies above the levels: without stratosphereAbove
/// the topmost one must hold more vapour at saturation than one below it.
planet::ClimateLabels computeLabels(const planet::ClimateCube& cube, const LabelContext& context);

}  // namespace ecumene::data::physics::atmosphere
