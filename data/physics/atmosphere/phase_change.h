// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/planet/cube.h"
#include "data/planet/system.h"

/// Where a climate asks of water or CO2 what the energy balance model does not do with them: boil, freeze out.
namespace ecumene::data::physics::atmosphere {

/// Area- and time-mean of the ocean share of ground whose saturation vapour pressure at ts exceeds ps: there open water
/// boils, and would carry its heat away as vapour. 0 without land fraction. Needs surface_temperature and
/// surface_air_pressure, else Error. Cubes without a geological-time axis.
double boilingShare(const planet::ClimateCube& cube);

/// Pressure (Pa) of CO2 over its ice below the triple point (216.592 K), over its liquid up to the critical point
/// (304.128 K), infinite above: Span & Wagner (1996, J. Phys. Chem. Ref. Data 25, 1509, eqs 3.12 and 3.13), within
/// 250 Pa, and 0.012 % of the liquid's.
double co2SaturationPa(double temperatureK);

/// Share of area and time where ts is below the frost point of the air's CO2 at its partial pressure at the ground
/// (dry share of the lowest level, ps): CO2 would freeze or rain out there, down to the collapse of the atmosphere.
/// Vapour counts where the cube has humidity. Errors as boilingShare.
double co2FrostShare(const planet::ClimateCube& cube, const planet::Atmosphere& atmosphere);

}  // namespace ecumene::data::physics::atmosphere
