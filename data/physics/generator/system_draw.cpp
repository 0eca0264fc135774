// SPDX-License-Identifier: Apache-2.0
#include "data/physics/generator/system_draw.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "data/base/error.h"
#include "data/base/hash.h"
#include "data/physics/climate/albedo.h"
#include "data/physics/climate/climate.h"
#include "data/physics/climate/olr.h"
#include "data/physics/constants.h"
#include "data/physics/generator/composition.h"
#include "data/physics/generator/priors.h"
#include "data/planet/codec.h"

namespace ecumene::data::physics::generator {
namespace {

using planet::ScalarId;
using planet::StarType;

struct SequenceRow {
  double temperatureK, radiusSun, massSun;
};
constexpr auto kSequence = std::to_array<SequenceRow>({
    {2566, 0.119, 0.090}, {2810, 0.151, 0.113}, {3060, 0.196, 0.162}, {3210, 0.274, 0.230}, {3410, 0.361, 0.370},
    {3550, 0.446, 0.440}, {3700, 0.501, 0.500}, {3850, 0.588, 0.570}, {4050, 0.630, 0.620}, {4440, 0.701, 0.700},
    {4830, 0.755, 0.780}, {5100, 0.783, 0.820}, {5270, 0.813, 0.870}, {5480, 0.877, 0.940}, {5660, 0.949, 0.980},
    {5770, 1.012, 1.020}, {5930, 1.100, 1.060}, {6180, 1.221, 1.180}, {6550, 1.473, 1.330}, {7020, 1.600, 1.500},
});

struct StarShare {
  StarType type;
  double share;
  std::string_view temperature;  // name of its prior
};
constexpr auto kStarShares = std::to_array<StarShare>({{StarType::kM, 0.50, "star.M.temperature"},
                                                       {StarType::kK, 0.30, "star.K.temperature"},
                                                       {StarType::kG, 0.15, "star.G.temperature"},
                                                       {StarType::kF, 0.05, "star.F.temperature"}});

constexpr double kRockyExponent =
    3.7;  // M = R^3.7 in Earth units, rocky planets (Valencia et al. 2006; Zeng et al. 2016)
constexpr double kReferenceAlbedo = 0.30;  // Earth's, for the flux that goes with a temperature
constexpr double kWarmShare = 0.75;

planet::Star drawStar(Random& random) {
  double position = random.uniform();
  std::string_view temperature = kStarShares.back().temperature;
  for (const StarShare& s : kStarShares) {
    if (position < s.share) {
      temperature = s.temperature;
      break;
    }
    position -= s.share;
  }
  planet::Star star;
  star.temperatureK = draw(temperature, random);
  const MainSequence typical = mainSequence(star.temperatureK);
  star.radiusSun = typical.radiusSun * (1.0 + draw("star.radius_scatter", random));
  star.massSun = typical.massSun;
  star.luminositySun = star.radiusSun * star.radiusSun * std::pow(star.temperatureK / kSunTemperature, 4.0);
  star.ageGyr = draw("star.age", random);
  return star;
}

/// Flux at which an ice-free planet with this air would have the drawn temperature on average, with scatter.
planet::Orbit drawOrbit(const planet::Star& star, const planet::Atmosphere& air, const planet::ClimateClosure& closure,
                        Random& random) {
  planet::Orbit orbit;
  const climate::OutgoingLongwave olr(air.partialPressurePa(planet::Gas::kCO2) / kBarPa, closure.olrOffsetWm2);
  const bool temperate = drawChance("orbit.temperate", random);
  const double emitted =
      olr.flux(draw(temperate ? "orbit.target_temperature.temperate" : "orbit.target_temperature.any", random), 0.0);
  const double relative =
      4.0 * emitted / (1.0 - kReferenceAlbedo) * std::exp(draw("orbit.flux_scatter", random)) / kEarthFlux;
  orbit.fluxWm2 = relative * kEarthFlux;
  orbit.semiMajorAxisAu = std::sqrt(star.luminositySun / relative);
  const double metres = orbit.semiMajorAxisAu * kAstronomicalUnit;
  orbit.periodDays =
      2.0 * std::numbers::pi * std::sqrt(metres * metres * metres / (kSunGm * star.massSun)) / kDaySeconds;
  orbit.periastronDeg = draw("orbit.periastron", random);
  return orbit;
}

/// Sidereal spin (d) and whether it is synchronous. Outside the locking radius it is primordial; inside, tides have
/// braked it to one of three ends: locked; in the 3:2 resonance of an eccentric orbit, like Mercury; or, where the tide
/// of the air beats that of the rock, a slow prograde spin of its own.
struct Spin {
  double days = 0.0;
  bool synchronous = false, braked = false;
};

Spin drawSpin(const planet::Star& star, const planet::Orbit& orbit, const planet::Atmosphere& air, Random& random) {
  const double primordial =
      draw(drawChance("planet.fast_rotator", random) ? "planet.rotation.fast" : "planet.rotation.slow", random);
  const double airTideMass = draw("planet.air_tide_star_mass", random) *
                             std::pow(air.surfacePressurePa / kBarPa, -prior("planet.air_tide_pressure_power").low);
  const double solarDay = draw("planet.air_tide_solar_day", random);
  const bool resonant = drawChance("planet.resonance", random);
  if (orbit.semiMajorAxisAu >= lockingRadiusAu(star.massSun, star.ageGyr)) return {primordial, false, false};
  if (star.massSun > airTideMass) return {1.0 / (1.0 / orbit.periodDays + 1.0 / solarDay), false, true};
  if (resonant) return {orbit.periodDays / 1.5, false, true};
  return {orbit.periodDays, true, true};
}

planet::Bulk drawBulk(const planet::Star& star, const planet::Orbit& orbit, const planet::Atmosphere& air,
                      Random& random) {
  planet::Bulk bulk;
  bulk.radiusEarth = draw("planet.radius", random);
  const double massEarth = std::pow(bulk.radiusEarth, kRockyExponent) * (1.0 + draw("planet.density_scatter", random));
  const double earthSurfaceGravity = kEarthGm / (kEarthRadius * kEarthRadius);
  bulk.gravity = earthSurfaceGravity * massEarth / (bulk.radiusEarth * bulk.radiusEarth);
  const Spin spin = drawSpin(star, orbit, air, random);
  const bool isotropic = drawChance("planet.isotropic_obliquity", random);
  const double cosine = random.uniform(-1.0, 1.0);
  const double low = draw("planet.low_obliquity", random);
  bulk.rotationDays = spin.days;
  bulk.synchronous = spin.synchronous;
  bulk.obliquityDeg = isotropic ? std::acos(cosine) * 180.0 / std::numbers::pi : low;
  // The tide that brakes the spin also rights it, faster (Heller, Leconte & Barnes 2011, A&A 528, A27).
  if (spin.braked) bulk.obliquityDeg = 0.0;
  return bulk;
}

planet::Surface drawSurface(Random& random) {
  planet::Surface surface;
  const bool aqua = drawChance("surface.aquaplanet", random);
  const bool dry = drawChance("surface.dry", random);
  const double ocean = draw("surface.ocean_fraction", random);
  const double soil = draw("surface.soil_moisture", random);
  surface.oceanFraction = dry ? 0.0 : (aqua ? 1.0 : ocean);
  surface.soilMoistureM = dry || aqua ? 0.0 : soil;
  surface.landSeed = (static_cast<std::uint64_t>(random.bits()) << 32U) | random.bits();
  return surface;
}

}  // namespace

MainSequence mainSequence(double temperatureK) {
  if (temperatureK < kSequence.front().temperatureK || temperatureK > kSequence.back().temperatureK) {
    throw Error("no main-sequence star at this temperature")
        .expected("2566 to 7020 K")
        .found(std::to_string(temperatureK) + " K");
  }
  std::size_t i = 1;
  while (i + 1 < kSequence.size() && kSequence[i].temperatureK < temperatureK) ++i;
  const SequenceRow& a = kSequence[i - 1];
  const SequenceRow& b = kSequence[i];
  const double x = (temperatureK - a.temperatureK) / (b.temperatureK - a.temperatureK);
  return {a.radiusSun + x * (b.radiusSun - a.radiusSun), a.massSun + x * (b.massSun - a.massSun)};
}

double lockingRadiusAu(double massSun, double ageGyr) {
  constexpr double kOriginalRotationSeconds = 13.5 * 3600.0;
  constexpr double kQuality = 100.0;
  constexpr double kSunMassGrams = 1.98841e33;
  constexpr double kAuCentimetres = kAstronomicalUnit * 100.0;
  const double seconds = ageGyr * 1e9 * kJulianYearDays * kDaySeconds;
  return 0.027 * std::pow(kOriginalRotationSeconds * seconds / kQuality, 1.0 / 6.0) *
         std::cbrt(massSun * kSunMassGrams) / kAuCentimetres;
}

planet::PlanetTruth drawSystem(std::uint64_t seed, std::uint64_t index) {
  planet::PlanetTruth truth;
  // One stream for each part, so that a new draw in one never shifts another.
  Random starRandom(seed, "system.star", index);
  Random orbitRandom(seed, "system.orbit", index);
  Random bulkRandom(seed, "system.bulk", index);
  Random airRandom(seed, "system.atmosphere", index);
  Random surfaceRandom(seed, "system.surface", index);
  Random closureRandom(seed, "system.closure", index);
  truth.star = drawStar(starRandom);
  truth.atmosphere = drawAtmosphere(airRandom);
  truth.closure.diffusionWm2K = draw("closure.diffusion", closureRandom);
  truth.closure.olrOffsetWm2 = draw("closure.olr_offset", closureRandom);
  truth.closure.iceAlbedo =
      climate::typicalIceAlbedo(truth.star.temperatureK) + draw("closure.ice_albedo_scatter", closureRandom);
  truth.closure.landAlbedo = draw("closure.land_albedo", closureRandom);
  truth.orbit = drawOrbit(truth.star, truth.atmosphere, truth.closure, orbitRandom);
  truth.bulk = drawBulk(truth.star, truth.orbit, truth.atmosphere, bulkRandom);
  truth.orbit.eccentricity =
      draw(truth.bulk.synchronous ? "orbit.eccentricity.synchronous" : "orbit.eccentricity", orbitRandom);
  truth.surface = drawSurface(surfaceRandom);
  return truth;
}

std::string systemKey(const planet::PlanetTruth& truth) {
  planet::Planet bare;
  bare.truth = truth;
  bare.truth->start = planet::StartState::kWarm;
  return sha256(planet::encode(bare)).substr(0, 16);
}

PlanetPlace placeOf(std::uint64_t seed, std::uint64_t planetIndex) {
  const std::uint64_t first = planetIndex - planetIndex % 2;
  if (climate::hasTwoClimates(drawSystem(seed, first))) {
    return {first, planetIndex == first ? planet::StartState::kWarm : planet::StartState::kCold};
  }
  const bool warm = Random(seed, "start", planetIndex).chance(kWarmShare);
  return {planetIndex, warm ? planet::StartState::kWarm : planet::StartState::kCold};
}

planet::Scalars observe(const planet::PlanetTruth& truth, double surfacePressurePa, Random& random) {
  struct Row {
    ScalarId id;
    double truth;
    double relativeSigma;  // of the value; eccentricity and obliquity are absolute
    double presence;
  };
  // Precision and completeness after transit surveys with radial-velocity follow-up (NASA Exoplanet Archive, composite
  // table).
  const std::array<Row, planet::kScalarCount> rows{{
      {ScalarId::kStellarFlux, truth.orbit.fluxWm2, 0.06, 0.98},
      {ScalarId::kStellarTemperature, truth.star.temperatureK, 0.02, 1.0},
      {ScalarId::kStellarRadius, truth.star.radiusSun, 0.03, 1.0},
      {ScalarId::kPlanetRadius, truth.bulk.radiusEarth, 0.04, 1.0},
      {ScalarId::kGravity, truth.bulk.gravity, 0.15, 0.65},
      {ScalarId::kOrbitalPeriod, truth.orbit.periodDays, 1e-5, 1.0},
      {ScalarId::kEccentricity, truth.orbit.eccentricity, 0.03, 0.55},
      {ScalarId::kRotationPeriod, truth.bulk.rotationDays, 0.10, 0.05},
      {ScalarId::kObliquity, truth.bulk.obliquityDeg, 10.0, 0.03},
      {ScalarId::kSurfacePressure, surfacePressurePa, 0.30, 0.05},
  }};
  planet::Scalars scalars;
  for (const Row& row : rows) {
    const bool absolute = row.id == ScalarId::kEccentricity || row.id == ScalarId::kObliquity;
    const double sigma = absolute ? row.relativeSigma : row.relativeSigma * row.truth;
    const bool present = random.chance(row.presence);
    const planet::ScalarInfo& range = planet::info(row.id);
    // A survey does not publish what cannot be (a negative eccentricity): such a draw is made again.
    double value = random.normal(row.truth, sigma);
    while (value < range.validMin || value > range.validMax) value = random.normal(row.truth, sigma);
    if (present) scalars[row.id] = planet::Measurement{value, sigma, 0};
  }
  return scalars;
}

}  // namespace ecumene::data::physics::generator
