// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/planet_balance.h"

#include <algorithm>
#include <utility>

#include "data/physics/constants.h"

namespace ecumene::data::physics::climate {
namespace {

double co2Bar(const planet::PlanetTruth& truth) {
  return truth.atmosphere.partialPressurePa(planet::Gas::kCO2) / kBarPa;
}

/// Share of land that stays dry ground where it is hot: the rest is what its soil, all evaporated, saturates of the air
/// at the top of the longwave fit (68 kPa at 362 K, steam tables).
double dryLand(const planet::PlanetTruth& truth) {
  constexpr double kWaterDensity = 1000.0;  // kg m-3
  constexpr double kSaturationPa = 68e3;
  return std::max(0.0, 1.0 - kWaterDensity * truth.surface.soilMoistureM * truth.bulk.gravity / kSaturationPa);
}

}  // namespace

OutgoingLongwave outgoingLongwave(const planet::PlanetTruth& truth) {
  return OutgoingLongwave(co2Bar(truth), truth.closure.olrOffsetWm2);
}

AlbedoClosure albedoClosure(const planet::PlanetTruth& truth) {
  AlbedoClosure closure;
  closure.land = truth.closure.landAlbedo;
  closure.ice = truth.closure.iceAlbedo;
  closure.rayleigh = rayleighFactor(truth.star.temperatureK);
  return closure;
}

PlanetBalance::PlanetBalance(const planet::PlanetTruth& truth, const SphereGrid& grid, SunMotion motion,
                             std::vector<double> ocean, std::size_t steps)
    : ocean_(std::move(ocean)),
      transport_(heatTransport(truth.atmosphere, truth.bulk.rotationDays, truth.closure.diffusionWm2K)),
      radiation_(grid, Insolation(grid, motion, truth.orbit, truth.bulk, steps), outgoingLongwave(truth),
                 albedoClosure(truth), co2Bar(truth), ocean_, dryLand(truth)),
      heat_(grid, transport_.diffusionWm2K, ocean_, HeatCapacities{}, truth.orbit.periodDays * kDaySeconds,
            radiation_) {}

}  // namespace ecumene::data::physics::climate
