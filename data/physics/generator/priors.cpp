// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/priors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "data/base/error.h"

namespace ecumene::data::physics::generator {
namespace {

// "choice" marks a sampling decision of ours, made so that the shares of dataset.md come out; others name their
// precedent.
constexpr auto kPriors = std::to_array<Prior>({
    // Host star. Types are drawn by the shares of dataset.md (M 50, K 30, G 15, F 5 %), then temperature inside the
    // type.
    {"star.M.temperature", "K", Shape::kUniform, 2600.0, 3900.0, "M9 to M0; lower end of the HZ limits' range"},
    {"star.K.temperature", "K", Shape::kUniform, 3900.0, 5300.0, "K9 to K0"},
    {"star.G.temperature", "K", Shape::kUniform, 5300.0, 6000.0, "G9 to G0"},
    {"star.F.temperature", "K", Shape::kUniform, 6000.0, 7000.0, "F9 to F1"},
    {"star.radius_scatter", "1", Shape::kUniform, -0.05, 0.05,
     "choice: spread of main-sequence radii at one temperature"},
    {"star.age", "Gyr", Shape::kUniform, 0.5, 10.0, "choice: age of the disc"},
    // Orbit.
    {"orbit.temperate", "1", Shape::kChance, 0.76, 0.0,
     "choice: share of the target temperatures near the freezing point"},
    {"orbit.target_temperature.temperate", "K", Shape::kUniform, 261.0, 284.0, "choice: where ice edges are"},
    {"orbit.target_temperature.any", "K", Shape::kUniform, 256.0, 360.0,
     "choice: air and flux agree as the carbonate-silicate cycle makes them (Walker et al. 1981), so that all regimes "
     "occur"},
    {"orbit.flux_scatter", "1", Shape::kNormal, 0.0, 0.06, "choice: ln of the flux around that agreement"},
    {"orbit.eccentricity", "1", Shape::kHalfNormal, 0.10, 0.40,
     "after small-planet eccentricities, Van Eylen et al. 2019"},
    {"orbit.eccentricity.synchronous", "1", Shape::kHalfNormal, 0.01, 0.05, "circularised with the spin"},
    {"orbit.periastron", "deg", Shape::kUniform, 0.0, 360.0, "isotropic"},
    // Planet.
    {"planet.radius", "R_earth", Shape::kUniform, 0.7, 1.4, "ThousandWorlds target domain"},
    {"planet.density_scatter", "1", Shape::kUniform, -0.15, 0.15, "choice: iron share around the mass-radius relation"},
    {"planet.fast_rotator", "1", Shape::kChance, 0.95, 0.0, "choice: of spins that no tide has braked to its end"},
    {"planet.rotation.fast", "d", Shape::kLogUniform, 0.2, 1.2,
     "choice: primordial spins, of the young Earth to that of Mars"},
    {"planet.rotation.slow", "d", Shape::kLogUniform, 2.0, 50.0, "choice: partly braked by tides"},
    {"planet.resonance", "1", Shape::kChance, 0.22, 0.0,
     "choice: captured in the 3:2 resonance on the way down, as Mercury (Makarov 2012; Ribas et al. 2016)"},
    {"planet.air_tide_star_mass", "M_sun", Shape::kUniform, 0.5, 0.7,
     "star above which the tide of 1 bar of air keeps temperate planets asynchronous (Leconte et al. 2015)"},
    {"planet.air_tide_pressure_power", "1", Shape::kUniform, 0.3, 0.3,
     "choice: the mass falls with pressure, to 0.3 at 10 bar, as the tide grows with the mass of the air"},
    {"planet.air_tide_solar_day", "d", Shape::kLogUniform, 30.0, 300.0, "choice around Venus's 117 d"},
    {"planet.isotropic_obliquity", "1", Shape::kChance, 0.85, 0.0,
     "giant impacts give isotropic spins (Kokubo & Ida 2007)"},
    {"planet.low_obliquity", "deg", Shape::kUniform, 0.0, 40.0, "choice: damped spins"},
    // Surface.
    {"surface.aquaplanet", "1", Shape::kChance, 0.15, 0.0, "choice"},
    {"surface.dry", "1", Shape::kChance, 0.06, 0.0, "choice: no ocean and no soil water"},
    {"surface.ocean_fraction", "1", Shape::kUniform, 0.2, 1.0, "choice"},
    {"surface.soil_moisture", "m", Shape::kLogUniform, 0.01, 0.5, "choice: bucket of 0.5 m"},
    // Closure of the energy balance model: what decides the size of an eyeball, so sampled (science.md 2.5).
    {"closure.diffusion", "W m-2 K-1", Shape::kUniform, 0.45, 0.70, "0.38 to 0.65 in published models"},
    {"closure.olr_offset", "W m-2", Shape::kUniform, -4.0, 8.0, "cloud greenhouse; HEXTOR +3 for Earth, -6.3 for Ben2"},
    {"closure.ice_albedo_scatter", "1", Shape::kUniform, -0.05, 0.05, "choice: around the value for the star's light"},
    {"closure.land_albedo", "1", Shape::kUniform, 0.18, 0.32, "WK97 0.20, HEXTOR's newer 0.30"},
});

}  // namespace

std::span<const Prior> priors() {
  return kPriors;
}

const Prior& prior(std::string_view name) {
  const auto row = std::find_if(kPriors.begin(), kPriors.end(), [&](const Prior& p) { return p.name == name; });
  if (row == kPriors.end()) throw internalError("no prior named " + std::string(name));
  return *row;
}

double draw(std::string_view name, Random& random) {
  const Prior& p = prior(name);
  switch (p.shape) {
    case Shape::kUniform:
      return random.uniform(p.low, p.high);
    case Shape::kLogUniform:
      return random.logUniform(p.low, p.high);
    case Shape::kChance:
      return random.chance(p.low) ? 1.0 : 0.0;
    case Shape::kNormal:
      return random.normal(p.low, p.high);
    case Shape::kHalfNormal:
      for (;;) {
        const double value = std::abs(random.normal(0.0, p.low));
        if (value <= p.high) return value;
      }
  }
  throw internalError("unknown shape of prior");
}

bool drawChance(std::string_view name, Random& random) {
  return draw(name, random) > 0.5;
}

}  // namespace ecumene::data::physics::generator
