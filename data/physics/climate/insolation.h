// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "data/physics/climate/sphere_grid.h"
#include "data/planet/system.h"

namespace ecumene::data::physics::climate {

/// Eccentric anomaly of Kepler's equation M = E - e sin E, radians, 0 <= e < 1.
double eccentricAnomaly(double meanAnomaly, double eccentricity);

struct OrbitPosition {
  double solarLongitude = 0.0;  ///< L_s, rad, 0 at the northern spring equinox
  double trueAnomaly = 0.0;     ///< rad
  double meanAnomaly = 0.0;     ///< rad, unwrapped: grows by 2 pi an orbit
  double distanceRatio = 1.0;   ///< r / a
};
/// Where the planet is after `orbits` orbits since L_s = 0.
OrbitPosition orbitPosition(const planet::Orbit& orbit, double orbits);

/// sin dec = sin(obliquity) sin(L_s); radians.
double declination(double obliquityDeg, double solarLongitude);

struct DailyMean {
  double share = 0.0;       ///< daily mean insolation over the flux q at the top of the air
  double meanCosine = 0.0;  ///< of the zenith angle while the star is up; 0 in polar night
};
/// S = (q / pi) (H sin lat sin dec + cos lat cos dec sin H), cos H = -tan lat tan dec (e.g. Berger 1978, JAS 35, 2362).
DailyMean dailyMean(double sinLatitude, double declinationRad);

/// How the star moves over the ground.
enum class SunMotion {
  kDailyMean,         ///< the planet spins fast: mean over a day, by latitude
  kSubstellarAngle,   ///< one-dimensional, x = cosine of the angle from the substellar point; flux of the mean orbit
  kFixedSubstellar,   ///< synchronous, circular and upright: one substellar point for ever
  kMovingSubstellar,  ///< synchronous with libration (eccentricity) or obliquity, or a 3:2 resonance
};

/// Of a planet on the 2-D grid. Synchronous planets and those within 1 % of the 3:2 resonance show the star's place
/// over the ground; all others the mean over their day, slow rotators too.
SunMotion sunMotion(const planet::PlanetTruth& truth);

/// Insolation of each cell in each step of an orbit, sampled at mid-step, scaled so that the area mean is q / 4 exactly
/// (sampling a kinked curve on 32 latitudes would lose up to 1e-3).
class Insolation {
 public:
  /// Copies what it needs. `steps` per orbit; cells are those of `grid`, latitude-major.
  Insolation(const SphereGrid& grid, SunMotion motion, const planet::Orbit& orbit, const planet::Bulk& bulk,
             std::size_t steps);

  [[nodiscard]] std::size_t steps() const { return steps_; }
  /// Orbits after which the pattern repeats: 2 in a 3:2 resonance, else 1.
  [[nodiscard]] std::size_t repeatOrbits() const { return repeat_; }
  /// True if every step is alike.
  [[nodiscard]] bool constant() const;
  /// Insolation (W m-2) and mean cosine of the zenith angle of every cell in step `step` (counted on over orbits).
  void fill(std::size_t step, std::span<double> insolationWm2, std::span<double> cosine) const;

 private:
  void fillInstantaneous(double sinDeclination, double cosDeclination, double substellarLongitude,
                         std::span<double> insolation, std::span<double> cosine) const;

  SunMotion motion_;
  planet::Orbit orbit_;
  planet::Bulk bulk_;
  std::size_t steps_;
  std::size_t repeat_ = 1;
  SphereGrid grid_;
  std::vector<double> cosLatitude_, cosLongitude_, sinLongitude_;
};

}  // namespace ecumene::data::physics::climate
