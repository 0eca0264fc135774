// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "data/planet/system.h"

namespace ecumene::data::physics::generator {

/// Luminosity of a main-sequence star at an age, relative to that of its present age: Gough (1981, Sol. Phys. 74, 21,
/// eq. 1), L(t) = L_now / (1 + 2/5 (1 - t / t_now)) of the Sun, with the Sun's age in shares of the main-sequence life,
/// 10 Gyr x (M / M_sun)^-2.5. A star older than that is taken to be at its end. 0 <= age <= present age, both in Gyr.
double relativeLuminosity(double ageGyr, double presentAgeGyr, double massSun);

/// CO2 in the air (bar) and mean surface temperature (K).
struct Weathered {
  double co2Bar, temperatureK;
};
/// What carbonate-silicate weathering has left of CO2 under a fainter star: outgassing is that of the present, so
/// (p / p_now)^0.3 exp((T - T_now) / 13.7 K) = 1 (Walker, Hays & Kasting 1981, J. Geophys. Res. 86, 9776), and the mean
/// planet emits what it absorbs, OLR(T, p) = OLR(T_now, p_now) x `relativeFlux` <= 1 at an unchanged albedo. At most 10
/// bar, the end of the longwave fit.
Weathered weathered(const Weathered& present, double relativeFlux, double olrOffsetWm2);

/// A system at one moment of its past.
struct Moment {
  double ageGyr = 0.0;  ///< of the star
  planet::PlanetTruth truth;
};
/// `moments` >= 1 moments, evenly spaced in the age of the star, the last one the present. Earlier the star was fainter
/// (orbit, size and spin stay; its temperature too, so only the amount of light changes); CO2 follows weathered() where
/// the present planet has water and is neither frozen over nor a runaway (`weathers`), else stays as it is. The other
/// gases keep their partial pressures.
std::vector<Moment> pastOf(const planet::PlanetTruth& present, std::size_t moments, double presentMeanK, bool weathers);

}  // namespace ecumene::data::physics::generator
