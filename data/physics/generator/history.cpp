// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/history.h"

#include <algorithm>
#include <cmath>

#include "data/physics/climate/olr.h"
#include "data/physics/constants.h"

namespace ecumene::data::physics::generator {
namespace {

using planet::Gas;

constexpr double kSunLifeGyr = 10.0;
constexpr double kSunAgeGyr = 4.57;

/// The denominator of Gough's law, by the share of the main-sequence life that is over.
double dimming(double lifeShare) {
  return 1.0 + 0.4 * (1.0 - lifeShare * kSunLifeGyr / kSunAgeGyr);
}

planet::Atmosphere withCo2(const planet::Atmosphere& present, double co2Bar) {
  planet::Atmosphere air = present;
  const double co2Pa = co2Bar * kBarPa;
  air.surfacePressurePa += co2Pa - present.partialPressurePa(Gas::kCO2);
  for (std::size_t g = 0; g < planet::kGasCount; ++g) {
    const auto gas = static_cast<Gas>(g);
    air.ratio(gas) = (gas == Gas::kCO2 ? co2Pa : present.partialPressurePa(gas)) / air.surfacePressurePa;
  }
  return air;
}

}  // namespace

double relativeLuminosity(double ageGyr, double presentAgeGyr, double massSun) {
  const double lifeGyr = kSunLifeGyr * std::pow(massSun, -2.5);
  const double present = std::min(1.0, presentAgeGyr / lifeGyr);
  return dimming(present) / dimming(present * ageGyr / presentAgeGyr);
}

Weathered weathered(const Weathered& present, double relativeFlux, double olrOffsetWm2) {
  constexpr double kPower = 0.3;
  constexpr double kWarmingK = 13.7;
  constexpr int kHalvings = 60;
  const double most = climate::OutgoingLongwave::kCo2MaxBar;
  const auto co2At = [&](double temperatureK) {
    const double rise = std::exp((present.temperatureK - temperatureK) / (kPower * kWarmingK));
    return std::max(present.co2Bar, std::min(most, present.co2Bar * rise));
  };
  const auto emitted = [&](const Weathered& state) {
    return climate::OutgoingLongwave(state.co2Bar, olrOffsetWm2).flux(state.temperatureK, 0.0);
  };
  const double wanted = emitted(present) * relativeFlux;
  // Colder air with more CO2 emits less: the balance lies between now and far colder than any planet.
  double cold = present.temperatureK - 100.0;
  double warm = present.temperatureK;
  for (int i = 0; i < kHalvings; ++i) {
    const double middle = 0.5 * (cold + warm);
    (emitted({co2At(middle), middle}) > wanted ? warm : cold) = middle;
  }
  return {co2At(warm), warm};
}

std::vector<Moment> pastOf(const planet::PlanetTruth& present, std::size_t moments, double presentMeanK,
                           bool weathers) {
  std::vector<Moment> past;
  const Weathered now{present.atmosphere.partialPressurePa(Gas::kCO2) / kBarPa, presentMeanK};
  for (std::size_t i = 0; i + 1 < moments; ++i) {
    Moment moment{present.star.ageGyr * static_cast<double>(i + 1) / static_cast<double>(moments), present};
    const double relative = relativeLuminosity(moment.ageGyr, present.star.ageGyr, present.star.massSun);
    moment.truth.star.ageGyr = moment.ageGyr;
    moment.truth.star.luminositySun *= relative;
    moment.truth.orbit.fluxWm2 *= relative;
    if (weathers && now.co2Bar > 0.0) {
      moment.truth.atmosphere =
          withCo2(present.atmosphere, weathered(now, relative, present.closure.olrOffsetWm2).co2Bar);
    }
    past.push_back(moment);
  }
  past.push_back({present.star.ageGyr, present});
  return past;
}

}  // namespace ecumene::data::physics::generator
