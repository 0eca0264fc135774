// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "data/planet/planet.h"

namespace ecumene::data::physics {

/// What the energy balance model gives: monthly means of the last orbit on the canonical grid, and what it knows of the
/// surface. All maps are [12, 32, 64] flat (month = 1/12 orbit), latitude from the south; landFraction is [32, 64].
struct SurfaceClimate {
  std::vector<double> surfaceTemperatureK;
  std::vector<double> absorbedShortwaveWm2;  ///< top of atmosphere, net, down
  std::vector<double> outgoingLongwaveWm2;   ///< up, positive
  std::vector<double>
      iceFraction;  ///< share of the cell's ocean under ice times its ocean fraction: sea_ice_area_fraction
  std::vector<float> landFraction;
  double largestOlrWm2 = 0.0;  ///< max over T of OLR(T, pCO2), offset included
  planet::ClimateFlags flags;
};

/// Area-mean atmospheric column, from the ground up: what spectra and cold-trap labels are made of.
struct Column {
  std::vector<double> pressurePa;  ///< descending
  std::vector<double> temperatureK;
  std::vector<double> h2oMixingRatio;  ///< volume mixing ratio of water vapour to all gas
  double cloudTopPressurePa = 0.0;     ///< 0: no cloud deck
  double cloudFraction = 0.0;
};

}  // namespace ecumene::data::physics
