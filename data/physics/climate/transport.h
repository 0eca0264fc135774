// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/planet/system.h"

namespace ecumene::data::physics::climate {

/// Mean molar mass of dry air, g mol-1.
double meanMolarMass(const planet::Atmosphere& atmosphere);
/// Specific heat of dry air at constant pressure, J kg-1 K-1: mole-weighted molar heats of the gases at 298 K (NIST
/// Chemistry WebBook), no dependence on temperature.
double specificHeat(const planet::Atmosphere& atmosphere);

inline constexpr double kReferencePressurePa = 1e5;
inline constexpr double kReferenceMolarMass = 28.89;    // g mol-1
inline constexpr double kReferenceSpecificHeat = 1005;  // J kg-1 K-1
inline constexpr double kLargestDiffusionFactor = 10.0;

struct HeatTransport {
  double diffusionWm2K = 0.0;
  bool capped = false;  ///< the scaling asked for more than kLargestDiffusionFactor times D0
};
/// D = D0 (p/p0) (cp/cp0) (m0/m)^2 (Omega0/Omega)^2 (Williams & Kasting 1997, eq. A8), at most 10 D0: Omega^-2 is far
/// too steep for slow rotators. Gravity and radius do not enter.
HeatTransport heatTransport(const planet::Atmosphere& atmosphere, double rotationDays, double referenceWm2K);

}  // namespace ecumene::data::physics::climate
