// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "data/physics/atmosphere/differences.h"
#include "data/physics/surface_climate.h"
#include "data/planet/cube.h"

/// Diagnostic winds that conserve mass. In every month the wind is
///   u_k = J_k - (<J> - [<J>]) B_k / <B> + E B_k + S + A_k x,   v_k = A_k y,
/// < > the mass-weighted mean over levels, [ ] the mean along the latitude circle, B_k = 1 - sigma_k / sigma_lowest:
/// the column-mean wind is made the same along the circle by a correction that leaves the lowest level alone. So
/// thermal wind balance holds for the circle's mean; what varies along it keeps only the part of its shear that moves
/// no mass.
/// - J: thermal wind above the lowest level, du/dln p = (R/f) dT/dy, |f| floored at 10 degrees; equatorwards of that
///   times |sin lat| / sin 10, so that it vanishes at the equator instead of jumping. The air's own inertia is added to
///   the balance, J^2 / a + |f| J = |dPhi/dy| (gradient wind with a radius of curvature a), so that J goes over to
///   sqrt(|dPhi/dy| a), 100 m/s and more, where the planet rotates slowly and f vanishes; at last a soft limit of
///   200 m/s.
/// - (x, y): the overturning, outflow of warm air aloft and its return below, A_k = cos(pi sigma_k^2) less its
///   mass-weighted mean, with the strength that carries the energy from where the planet absorbs more than it emits:
///   the diffusive flux of the energy balance model, -D grad T, divided by the gross stability. That is what the
///   returning air lacks of the energy aloft, and aloft the air is as warm as the warmest ground makes it (Held 2001,
///   J. Atmos. Sci. 58, 943): cp (10 K + T_warm - T), T_warm of the warmest tenth of the area, so 10 to 40 kJ/kg on
///   Earth as there. D is not asked for: it is the one that balances the orbit-mean fluxes,
///   sum T (ASR - OLR) / sum |grad T|^2, or 0 if they ask for transport up the gradient. On a synchronous planet it
///   runs from the substellar point to the night side. Its wind at the ground has the soft limit of the heat engine
///   (Koll & Abbot 2016, ApJ 825, 99): drag spends no more than what the heat it carries, F = D (T_warm - T_mean), can
///   yield, rho C_D U^3 = kEngineShare F (T_warm - T_mean) / T_warm; and at last 50 m/s.
/// - S: wind of the ground, the same at all levels of a circle. Drag takes what eddies bring: westerly momentum where
///   they carry the heat, f times the dry half of the overturning's mass flux, taken from everywhere as by mixing
///   planetary vorticity, in proportion to cos lat (Green 1970, Q. J. R. Meteorol. Soc. 96, 157), with no net torque
///   on the planet. So easterly trades and midlatitude westerlies where the planet spins fast; next to nothing where it
///   spins slowly. Stress = rho C_D |U| U with gusts of 4 m/s besides the mean.
/// - E: superrotation of synchronous planets, whose day-night heating makes standing Rossby and Kelvin waves that pump
///   momentum to the equator (Showman & Polvani 2011, ApJ 738, 71) until the flow stands still against the Rossby wave,
///   a third as fast as the gravity wave (Matsuno 1966): 1/E = 3/c + 1/(Omega a) with c = integral of N dz / pi, over
///   a Gaussian as wide as the Rossby radius sqrt(c a / (2 Omega)), at most one planet radius. The second term, that it
///   does not outrun a planet's spin, is a choice of ours that ExoPlaSim's planets of 4.5 to 41 d bear out.
/// What vanishes, to the rounding of float32, for any horizontal difference scheme D_lon, D_lat:
///   sum_k dsigma_k v_k = 0 in every column, and sum_k dsigma_k u_k is the same along each latitude circle; so the
///   divergence of the column's mass flux, D_lon(sum u dsigma) + D_lat(cos lat sum v dsigma), is 0 in every cell,
/// dsigma as layerThickness. Surface pressure is uniform and steady, so this is the whole of mass conservation.
namespace ecumene::data::physics::atmosphere {

/// Mean gross stability over cp, K, as of 10 to 40 kJ/kg on Earth (Held 2001, J. Atmos. Sci. 58, 943).
inline constexpr double kGrossStabilityK = 20.0;

/// Drag coefficient of the ground, between those of seas (1.2e-3, Large & Pond 1981) and of rough land (5e-3).
inline constexpr double kDragCoefficient = 2e-3;
/// Share of an ideal engine's work that drag at the ground gets; mixing, drying and drag aloft take the rest (Pauluis &
/// Held 2002, J. Atmos. Sci. 59, 125). A choice of ours: the synchronous planets of ExoPlaSim have such winds.
inline constexpr double kEngineShare = 0.25;
/// m/s: what weather adds to a month's mean wind in the drag; a choice of ours.
inline constexpr double kGustSpeed = 4.0;

/// What the winds need of the planet.
struct WindPlanet {
  double radiusM = 0.0;
  double gravity = 0.0;       ///< m s-2
  double rotationRate = 0.0;  ///< rad s-1, > 0
  double gasConstant = 0.0;   ///< of dry air, J kg-1 K-1
  double heatCapacity = 0.0;  ///< of dry air, J kg-1 K-1
  double surfacePressurePa = 0.0;
  bool synchronous = false;
};

/// D of the overturning in W m-2 K-1 on the unit sphere, see above. Fields [12, lat, lon].
double impliedDiffusion(const planet::Grid& grid, const SurfaceClimate& climate);

/// One month's overturning aloft (amplitude x, y of the scheme above, m/s) and where it lifts air.
struct Overturning {
  std::vector<double> east, north;  ///< [lat, lon]
  /// Rate in s-1 at which air crosses the level of no divergence upwards, as a share of the column's mass.
  std::vector<double> ascent;  ///< [lat, lon]
};
Overturning overturning(const planet::Grid& grid, const WindPlanet& planet, double diffusionWm2K,
                        std::span<const double> surfaceTemperatureK);

/// One month's winds in m/s, [lat, lon, lev]. airTemperatureK [lat, lon, lev] from the top down.
void winds(const planet::Grid& grid, const WindPlanet& planet, const Overturning& flow,
           std::span<const double> airTemperatureK, std::span<float> eastward, std::span<float> northward);

}  // namespace ecumene::data::physics::atmosphere
