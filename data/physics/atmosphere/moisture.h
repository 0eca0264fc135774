// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include "data/physics/atmosphere/thermodynamics.h"

/// Where the vapour of a column comes from, how moist rising and sinking air is, and the clouds that follow. All
/// functions are pure.
namespace ecumene::data::physics::atmosphere {

/// What the ground of a cell can give to its air.
struct Ground {
  double temperatureK = 0.0;
  double oceanFraction = 0.0;  ///< of the cell, 0..1
  double soilMoistureM = 0.0;  ///< water in its land, m
};
/// Largest vapour pressure (Pa) at the ground of a cell: saturation over its ocean; over its land no more than the air
/// from the seas brings (saturation at the mean temperature of the sea, `fromSeasPa`, 0 without one) and the weight of
/// the soil's own water adds. So wet ground is saturated, and hot land is not.
double availableVapourPa(const Ground& ground, double fromSeasPa, double gravity);

/// Ground temperature (K) of the saturated column that air with this temperature and vapour pressure joins at its
/// lifting condensation level: its isobaric wet-bulb temperature, cp (T - Tw) = L (w_s(Tw) - w), within about 1 K of
/// the pseudo-adiabatic one. The temperature itself where the air is saturated. 0 < vapourPa < pressurePa.
double wetBulbK(const AirProperties& air, double temperatureK, double vapourPa, double pressurePa);

/// Mean relative humidity at a level of air that neither rises nor sinks: R of Manabe & Wetherald, going over to
/// saturation as the vapour takes over, R + (1 - R) x, `mostVapour` x the mole fraction at saturation (or what the
/// ground can give). Sinking steam cannot warm away from its saturation as dry air does, since its pressure is its
/// vapour pressure (Pierrehumbert & Ding 2016, Proc. R. Soc. A 472, 20160107); the linear blend is a choice of ours,
/// 0.01 at 300 K and 1 bar.
double restingHumidity(double sigma, double mostVapour);

/// Mean relative humidity where air rises or sinks, of a mean `resting` where it does neither. Sherwood, Kursinski &
/// Read (2006, J. Climate 19, 6267): air subsides and dries until moistened again at random, so the hours' humidities R
/// have the density r R^(r-1), r the drying over the moistening time, and the mean r / (1 + r). Ascent shortens the
/// moistening time and descent the drying time by 1 + |vertical|; a choice of ours. `vertical`: ascent over the
/// subsidence of clear air, positive upwards.
double movingHumidity(double resting, double vertical);

/// Cloud cover of a layer over a month: the mean of sundqvistCloud over the hours of that density, whose mean the
/// argument is. 0 at 0, 1 at 1. The closure holds for the humidity of an hour; applied to a climatological mean, which
/// hardly ever reaches its threshold, it gives no clouds.
double monthlyCloud(double meanHumidity);

/// Share of a layer's cover that counts as cloud. Of low clouds (sigma >= 0.75) max(0.15, min(1, q / 3 g/kg)): cold,
/// dry air has few (Vavrus & Waliser 2008, J. Climate 21, 5673). At any height min(1, tau / 0.1), tau the optical
/// depth, 1.5 W / (density x radius), of a cloud one km thick that holds a tenth of its saturated vapour as ice of 30
/// um (a choice of ours), 0.1 the least that satellites see (Rossow & Schiffer 1999, BAMS 80, 2261): 1 above 217 K, 0.1
/// at 200 K.
double visibleCloud(double temperatureK, double specificHumidity, double sigma);

/// Cover of a whole column, seen from above, of the cover at its levels, linear between them. Clouds at two heights
/// overlap at random but for a share exp(-dz / 1.6 km) that overlaps maximally (Hogan & Illingworth 2000, Q. J. R.
/// Meteorol. Soc. 126, 2903), 1.6 km a fifth of a scale height; applied to every height between the levels, not to
/// levels as slabs one or two km thick, the clear sky dwindles by exp(-integral of cover dz / 1.6 km) on the way.
double totalCloud(std::span<const double> layerCover, std::span<const double> sigma);

}  // namespace ecumene::data::physics::atmosphere
