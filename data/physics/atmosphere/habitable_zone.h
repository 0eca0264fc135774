// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

/// Flux limits of the habitable zone (Kopparapu et al.). Three coefficient families circulate; these two are the ones
/// in force: 2013 (ApJ 765, 131, with the erratum 770, 82) and 2014 (ApJ 787, L29, the authors' coefficient file).
namespace ecumene::data::physics::atmosphere {

enum class HzFamily { k2013, k2014 };
enum class HzLimit {
  kRecentVenus,
  kRunawayGreenhouse,  ///< of one Earth mass
  kMoistGreenhouse,    ///< 2013 only
  kMaximumGreenhouse,
  kEarlyMars,
  kRunaway5Earth,   ///< five Earth masses, 2014 only
  kRunaway01Earth,  ///< a tenth of Earth's mass, 2014 only
};
std::string_view name(HzLimit limit);

/// Whether the limits hold for a star of this temperature: 2600 to 7200 K.
bool coversStar(double stellarTemperatureK);

/// Stellar flux at the limit in units of Earth's: S_sun + a t + b t^2 + c t^3 + d t^4, t = T_eff - 5780 K.
/// Throws Error for a star that coversStar does not hold for and for a limit that the family does not have.
double effectiveFlux(HzFamily family, HzLimit limit, double stellarTemperatureK);

/// Distance of the limit in AU: sqrt(L / S_eff), `luminositySun` linear (not its logarithm), > 0.
double limitDistanceAu(HzFamily family, HzLimit limit, double stellarTemperatureK, double luminositySun);

/// Where a planet lies among the limits of 2014 (science.md 1.6), fluxes in units of Earth's.
struct HzMembership {
  double flux;
  double recentVenus, runaway, maximum, earlyMars;
  bool inside;      ///< between maximum and runaway greenhouse: the conservative zone
  bool optimistic;  ///< between early Mars and recent Venus
};
/// `fluxEarth` > 0, stellar temperature as for effectiveFlux, else Error. The runaway limit is that of one Earth mass.
HzMembership hzMembership(double fluxEarth, double stellarTemperatureK);

}  // namespace ecumene::data::physics::atmosphere
