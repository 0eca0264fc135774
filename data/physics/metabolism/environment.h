// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "data/physics/metabolism/archetypes.h"
#include "data/planet/planet.h"

namespace ecumene::data::physics::metabolism {

/// Henry's law constant in water, M/bar: kH(T) = kH(298.15 K) exp(C (1/T - 1/298.15)), van 't Hoff; constants after
/// Sander 2015, Atmos. Chem. Phys. 15, 4399. Throws an internal Error for water vapour.
double henryMPerBar(planet::Gas gas, double temperatureK);

/// What a metabolism with one growth window meets on a planet.
struct Environment {
  double window = 0.0;              ///< W: area and time share with ts in window and in 273..373 K (dataset.md)
  double windowTemperatureK = 0.0;  ///< T_w: area-weighted mean ts there; 0 if W = 0
  bool water = false;               ///< ocean fraction or soil moisture > 0
  std::array<double, planet::kGasCount> partialPressureBar{};  ///< at the surface, area mean
  double absorbedWm2 = 0.0;       ///< area-weighted mean toa_net_shortwave over the cells and months of W
  double starTemperatureK = 0.0;  ///< blackbody that the light has the colour of
  [[nodiscard]] double pressureBar(planet::Gas gas) const { return partialPressureBar[static_cast<std::size_t>(gas)]; }
  double& pressureBar(planet::Gas gas) { return partialPressureBar[static_cast<std::size_t>(gas)]; }
  [[nodiscard]] bool habitable() const { return water && window > 0.0; }
};

/// Throws Error if surface temperature or net shortwave is missing. Clouds and water between the top of the atmosphere
/// and the cell are not subtracted from the light beyond what the planet reflects.
Environment environmentOf(const planet::ClimateCube& climate, const planet::PlanetTruth& truth, double growthMinK,
                          double growthMaxK);

/// The environment in which a planet's verdict was found: W, T_w and light as the verdict says, gases and star of the
/// truth.
Environment environmentOf(const planet::Viability& verdict, const planet::PlanetTruth& truth);

/// Everything the archetype takes up at a hundred times Km, no oxygen where it inhibits, light of the Sun.
Environment favourableEnvironment(planet::Archetype archetype, double temperatureK);

/// Photons between two wavelengths per joule of blackbody light, umol/J.
double photonsPerJoule(double starTemperatureK, double lowNm, double highNm);

/// Light below this is dark, umol m-2 s-1 (Raven, Kuebler & Beardall 2000: least photon flux for growth).
inline constexpr double kDarkUmol = 0.01;
/// Attenuation of photosynthetic light in moderately productive water, 1/m: 0.121 chl^0.428 (Morel 1988, J. Geophys.
/// Res. 93, 10749) at 1 mg chlorophyll per m3.
inline constexpr double kLightAttenuationPerM = 0.121;
/// Mean over a mixed layer of light that falls off as exp(-k z), relative to the surface: what plankton gets (Sverdrup
/// 1953, J. Cons. Int. Explor. Mer 18, 287). 1 for depth 0.
double meanLightShare(double mixedLayerM);
/// Gas-transfer velocity of a calm sea, m/h (science.md 4.5).
inline constexpr double kTransferMPerHour = 0.2;
/// Uptake of nutrients that never limit (N, P, S sources), mmol gDW-1 h-1: a choice, above what the fastest growth
/// takes.
inline constexpr double kNutrientUptake = 50.0;

/// Largest uptake of one exchanged species.
struct UptakeBound {
  std::string exchange;      ///< "EX_h2_e"
  double uptake = 0.0;       ///< mmol gDW-1 h-1, >= 0; the exchange's lower bound is its negative
  double supplyPerM2 = 0.0;  ///< what reaches a square metre of surface, mmol m-2 h-1; 0: not limited by transfer
};

/// uptake = vmax(T_w) S / (Km + S), S by Henry's law at T_w or from the archetype's table; inhibited uptakes times Ki /
/// (Ki + S_O2). Nutrients that never limit (NH4+, phosphate, sulfur, nitrate) have kNutrientUptake, water and protons
/// are free. Without liquid water in the window every bound is 0.
std::vector<UptakeBound> uptakeBounds(const ArchetypeRow& archetype, const Environment& environment);

/// dG of the catabolism that yields most, kJ/mol as written, at T_w and the environment's activities. Phototrophs: with
/// the energy of the photons used, if there is light. Alternatives with a substrate at 0 bar or M cannot run and are
/// passed over; none if all are. Needs W > 0.
std::optional<double> catabolicEnergyKJ(const ArchetypeRow& archetype, const Environment& environment);

}  // namespace ecumene::data::physics::metabolism
