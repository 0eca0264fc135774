// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/physics/metabolism/variants.h"
#include "data/physics/metabolism/viability.h"
#include "data/planet/planet.h"

namespace ecumene::data::batch {

/// A metabolism with its verdict on a planet that feeds it.
struct FedMetabolism {
  planet::MetabolismCase metabolism;
  planet::PlanetTruth truth;
};

/// A methanogen at 300 K under a bar of nitrogen with hydrogen and carbon dioxide.
inline FedMetabolism fedMethanogen() {
  FedMetabolism fed;
  fed.truth.atmosphere.surfacePressurePa = 1e5;
  fed.truth.atmosphere.ratio(planet::Gas::kH2) = 0.05;
  fed.truth.atmosphere.ratio(planet::Gas::kCO2) = 0.05;
  fed.truth.atmosphere.ratio(planet::Gas::kN2) = 0.9;
  fed.truth.surface.oceanFraction = 0.7;
  fed.truth.star.temperatureK = 5772.0;
  planet::Viability where;
  where.window = 0.5;
  where.windowTemperatureK = 300.0;
  where.windowLightWm2 = 200.0;
  fed.metabolism.metabolism = physics::metabolism::makeMetabolism(planet::Archetype::kMethanogen, 0, 1);
  fed.metabolism.viability =
      physics::metabolism::assess(fed.metabolism.metabolism, physics::metabolism::environmentOf(where, fed.truth));
  return fed;
}

}  // namespace ecumene::data::batch
