// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data/planet/system.h"

/// Thermodynamics of air with one condensing gas, water. All functions are pure; temperatures in K, pressures in Pa.
namespace ecumene::data::physics::atmosphere {

/// Dry air as an ideal gas of constant heat capacity.
struct AirProperties {
  double molarMassGMol = 0.0;  ///< mean molar mass, g/mol
  double gasConstant = 0.0;    ///< J kg-1 K-1
  double heatCapacity = 0.0;   ///< at constant pressure, J kg-1 K-1
};

/// Mixture of the dry mixing ratios: molar mass and molar heat capacity are mole-weighted means. Heat capacities are
/// those at 298.15 K (Chase 1998, NIST-JANAF tables), constant with temperature: CO2 at 200 K is 13 % below.
/// Throws Error unless every ratio is finite and >= 0 and they sum to 1 within 1e-3.
AirProperties airProperties(const planet::Atmosphere& atmosphere);

inline constexpr double kVapourMolarMassGMol = 18.015;  // IUPAC 2021
inline constexpr double kVapourGasConstant = 461.5;     // J kg-1 K-1
inline constexpr double kVapourHeatCapacity = 1864.5;   // J kg-1 K-1, 33.590 J mol-1 K-1 (Chase 1998)
inline constexpr double kTripleSwitchK = 273.15;        // saturation is over ice below, over liquid from here up

/// Surface that the vapour is in equilibrium with; kStable: ice below 273.15 K, liquid from there up.
enum class Phase { kStable, kLiquid, kIce };

/// Saturation vapour pressure in Pa: liquid Bolton 1980 (Mon. Weather Rev. 108, 1046, eq. 10), ice Murphy & Koop 2005
/// (Q. J. R. Meteorol. Soc. 131, 1539, eq. 7). Finite and > 0 for 60 to 1000 K; Bolton is 6 % high at 400 K,
/// and no vapour pressure above the critical point (647 K).
double saturationPressurePa(double temperatureK, Phase phase = Phase::kStable);

/// d ln e_s / d ln T of saturationPressurePa, analytic.
double saturationSlope(double temperatureK, Phase phase = Phase::kStable);

/// Latent heat in J/kg: liquid 2.501e6 - 2361 (T - 273.15) (Rogers & Yau 1989, linear fit), ice 2.834e6 (Murphy & Koop
/// 2005, eq. 5, constant within 0.2 % between 150 and 273 K).
double latentHeat(double temperatureK, Phase phase = Phase::kStable);

/// Most of the air that may be vapour: where saturation would ask for more, the air is superheated steam with this
/// mole fraction and follows its dry adiabat.
inline constexpr double kMostVapour = 0.99;

/// d ln T / d ln p (p total) of the pseudo-adiabat, condensate falling out at once, no limit on the amount of vapour
/// (Pierrehumbert 2010, Principles of Planetary Climate, eq. 2.33, with p = p_dry + e_s). Where e_s >= kMostVapour p,
/// the dry adiabat of steam. kStable jumps at 273.15 K with the latent heat.
double pseudoAdiabatSlope(const AirProperties& air, double temperatureK, double pressurePa,
                          Phase phase = Phase::kStable);

/// -dT/dz in K/m of the same pseudo-adiabat in hydrostatic balance, for tests and displays.
double moistLapseRate(const AirProperties& air, double temperatureK, double pressurePa, double gravity,
                      Phase phase = Phase::kStable);

/// Relative humidity of Manabe & Wetherald 1967 (J. Atmos. Sci. 24, 241, eq. 2): 0.77 (sigma - 0.02) / 0.98, 0 above
/// sigma = 0.02.
double manabeWetheraldHumidity(double sigma);

/// Cloud cover of one layer, 1 - sqrt((1 - RH) / (1 - 0.8)), 0 up to RH = 0.8 (Sundqvist, Berge & Kristjansson 1989,
/// Mon. Weather Rev. 117, 1641).
inline constexpr double kCriticalHumidity = 0.8;
double sundqvistCloud(double relativeHumidity);

/// Water: specific humidity of a volume mixing ratio of vapour to all gas, and back. Both in [0, 1].
double specificHumidity(double vapourMixingRatio, const AirProperties& air);
double vapourMixingRatio(double specificHumidity, const AirProperties& air);

/// Temperature of an optically thin grey stratosphere, (OLR / 2 sigma)^(1/4).
double skinTemperatureK(double outgoingLongwaveWm2);

}  // namespace ecumene::data::physics::atmosphere
