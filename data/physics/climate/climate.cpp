// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/climate.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/physics/climate/land_mask.h"
#include "data/physics/climate/planet_balance.h"
#include "data/physics/constants.h"
#include "data/planet/cube.h"

namespace ecumene::data::physics::climate {
namespace {

constexpr std::size_t kCoarseSteps = 72;  // of an orbit in spin-up; more if a step would pass kCoarseDays
constexpr double kCoarseDays = 3.0;
constexpr double kNewtonTimeConstants = 4.0;
constexpr double kTightImbalanceWm2 = 0.03;  // aimed at; the gate is kImbalanceLimitWm2
constexpr int kMaxSpinUpLeaps = 400;
constexpr int kMaxCoarseLeaps = 60;
constexpr int kMaxFineLeaps = 60;
constexpr double kMarchTimeConstants =
    60.0;  // at most, where leaps do not come to rest: near a limit climates drift slowly
constexpr double kMarchedImbalanceWm2 = 0.15;
constexpr double kSettleDays = 30.0;  // of a runaway's state on the map before it is recorded

/// Watches leaps shrink: each should be the next step of a geometric series. Where they do not (the ice edge
/// overshoots), shorter leaps come nearer to plain marching, which follows the planet itself.
class Convergence {
 public:
  explicit Convergence(double timeConstant) : longest_(kNewtonTimeConstants * timeConstant), seconds_(longest_) {}

  [[nodiscard]] double leapSeconds() const { return seconds_; }
  /// Error left (K) after a leap of this size.
  double left(double leapK) {
    const double ratio = before_ > 0.0 ? std::min(0.95, leapK / before_) : 0.95;
    if (before_ > 0.0 && leapK > 0.8 * before_) seconds_ = std::max(0.02 * longest_, 0.7 * seconds_);
    before_ = leapK;
    return leapK / (1.0 - ratio);
  }

 private:
  double longest_, seconds_;
  double before_ = 0.0;
};

struct SpinUp {
  std::vector<double> temperatureK;  // of the belts
  bool runaway = false;
  double seconds = 0.0;
};

void checkStop(const std::stop_token& stop) {
  if (stop.stop_requested()) throw Error("the climate was cancelled", ErrorKind::kCancelled);
}

std::size_t coarseSteps(double periodDays) {
  return std::max(kCoarseSteps, static_cast<std::size_t>(std::ceil(periodDays / kCoarseDays)));
}

SpinUp spinUp(const planet::PlanetTruth& truth, const SphereGrid& map, const std::vector<double>& mapOcean,
              const std::stop_token& stop) {
  SphereGrid belts = map;
  belts.longitudes = 1;
  const SunMotion motion = truth.bulk.synchronous ? SunMotion::kSubstellarAngle : SunMotion::kDailyMean;
  std::vector<double> ocean(belts.cells(), map.mean(mapOcean));
  if (!truth.bulk.synchronous) {
    for (std::size_t i = 0; i < belts.belts(); ++i) {
      double row = 0.0;
      for (std::size_t j = 0; j < map.longitudes; ++j) row += mapOcean[i * map.longitudes + j];
      ocean[i] = row / static_cast<double>(map.longitudes);
    }
  }
  PlanetBalance zonal(truth, belts, motion, std::move(ocean), coarseSteps(truth.orbit.periodDays));
  HeatBalance& heat = zonal.heat();
  heat.setTemperature(
      std::vector<double>(belts.cells(), truth.start == planet::StartState::kWarm ? kWarmStartK : kColdStartK));

  const double period = truth.orbit.periodDays * kDaySeconds;
  const double timeConstant = heat.timeConstant();
  const double limit = zonal.radiation().largestOutgoing() + kRunawayExcessWm2;
  std::optional<std::vector<double>> crossing;
  SpinUp result;
  Convergence convergence(timeConstant);
  for (int i = 0; i < kMaxSpinUpLeaps; ++i) {
    checkStop(stop);
    const OrbitRecord record = heat.runOrbits();
    result.seconds += heat.runSeconds();
    const bool excess = record.absorbed > limit;
    if (!excess) crossing.reset();
    if (excess && !crossing && result.seconds >= timeConstant) crossing = heat.temperature();
    result.runaway = record.meanTemperatureK >= kRunawayK;
    if (result.runaway) break;
    const bool spinning = result.seconds < kSpinUpTimeConstants * timeConstant;
    const double seconds = spinning ? 0.5 * timeConstant - period : convergence.leapSeconds();
    if (seconds <= 0.0) continue;
    const double leap = heat.leap(seconds);
    result.seconds += seconds;
    if (!spinning && convergence.left(leap) < 0.05 && std::abs(record.imbalance()) < kTightImbalanceWm2) break;
  }
  result.runaway = result.runaway || crossing.has_value();
  result.temperatureK = crossing.value_or(heat.temperature());
  return result;
}

/// Temperatures of the map's cells from belts of latitude or of substellar angle.
std::vector<double> onMap(const planet::PlanetTruth& truth, const SphereGrid& map, const std::vector<double>& belts) {
  std::vector<double> temperature(map.cells());
  for (std::size_t i = 0; i < map.belts(); ++i) {
    const double across = std::sqrt(1.0 - map.sinLatitude[i] * map.sinLatitude[i]);
    for (std::size_t j = 0; j < map.longitudes; ++j) {
      double& cell = temperature[i * map.longitudes + j];
      if (!truth.bulk.synchronous) {
        cell = belts[i];
        continue;
      }
      const double longitude = 360.0 * static_cast<double>(j) / static_cast<double>(map.longitudes);
      const double x = across * std::cos((longitude - truth.bulk.substellarLongitudeDeg) * kDegreeRadians);
      const auto above = std::upper_bound(map.sinLatitude.begin(), map.sinLatitude.end(), x);
      const auto k = static_cast<std::size_t>(
          std::clamp<std::ptrdiff_t>(above - map.sinLatitude.begin(), 1, static_cast<std::ptrdiff_t>(map.belts()) - 1));
      const double rest =
          std::clamp((x - map.sinLatitude[k - 1]) / (map.sinLatitude[k] - map.sinLatitude[k - 1]), 0.0, 1.0);
      cell = belts[k - 1] + rest * (belts[k] - belts[k - 1]);
    }
  }
  return temperature;
}

/// Two dimensions at coarse steps, until the map is near its periodic state. Returns false for a runaway.
bool settle(PlanetBalance& coarse, double timeConstant, SpinUp& state, const std::stop_token& stop) {
  HeatBalance& heat = coarse.heat();
  Convergence convergence(timeConstant);
  for (int i = 0; i < kMaxCoarseLeaps; ++i) {
    checkStop(stop);
    const OrbitRecord record = heat.runOrbits();
    state.seconds += heat.runSeconds();
    if (record.meanTemperatureK >= kRunawayK) return false;
    const double seconds = convergence.leapSeconds();
    state.seconds += seconds;
    if (convergence.left(heat.leap(seconds)) < 0.03) break;
  }
  return true;
}

struct Final {
  MonthlyMeans months;
  double imbalance = 0.0;
  bool runaway = false;
};

Final lastOrbits(PlanetBalance& fine, bool runaway, double timeConstant, SpinUp& state, const std::stop_token& stop) {
  HeatBalance& heat = fine.heat();
  const double limit = fine.radiation().largestOutgoing() + kRunawayExcessWm2;
  Final result;
  if (runaway) {
    const auto orbits = static_cast<int>(std::ceil(kSettleDays * kDaySeconds / heat.runSeconds()));
    for (int i = 0; i < orbits; ++i) {
      checkStop(stop);
      fine.radiation().clearFlags();
      result.imbalance = heat.runOrbits(&result.months).imbalance();
      state.seconds += heat.runSeconds();
    }
    result.runaway = true;
    return result;
  }
  Convergence convergence(timeConstant);
  for (int i = 0; i < kMaxFineLeaps; ++i) {
    checkStop(stop);
    fine.radiation().clearFlags();
    const OrbitRecord record = heat.runOrbits(&result.months);
    state.seconds += heat.runSeconds();
    result.imbalance = record.imbalance();
    result.runaway = record.meanTemperatureK >= kRunawayK;
    if (result.runaway) return result;
    const double seconds = convergence.leapSeconds();
    const double left = convergence.left(heat.leap(seconds));
    const bool atRest = left < 0.02 && std::abs(record.imbalance()) < kTightImbalanceWm2;
    // Belts in balance just below the limit can be a map in balance just above it.
    result.runaway = (atRest || i + 1 == kMaxFineLeaps) && record.absorbed > limit;
    if (result.runaway || atRest) return result;
    state.seconds += seconds;
  }
  // An ice edge that each leap throws across a cell: the planet itself, marched without leaps, comes to rest.
  const auto orbits = static_cast<int>(std::ceil(kMarchTimeConstants * timeConstant / heat.runSeconds()));
  for (int i = 0; i < orbits; ++i) {
    checkStop(stop);
    fine.radiation().clearFlags();
    const OrbitRecord record = heat.runOrbits(&result.months);
    state.seconds += heat.runSeconds();
    result.imbalance = record.imbalance();
    const bool atRest = std::abs(result.imbalance) < kMarchedImbalanceWm2;
    result.runaway = record.meanTemperatureK >= kRunawayK || (atRest && record.absorbed > limit);
    if (result.runaway || atRest) return result;
  }
  return result;
}

}  // namespace

std::size_t fineSteps(double periodDays) {
  const double step = std::min(1.0, periodDays / static_cast<double>(kCoarseSteps));
  const double months = static_cast<double>(planet::kMonths);
  return planet::kMonths * static_cast<std::size_t>(std::ceil(periodDays / step / months - 1e-9));
}

void validate(const planet::PlanetTruth& truth) {
  const auto check = [](double value, double low, double high, const char* name) {
    if (value >= low && value <= high) return;
    throw Error("cannot compute the climate")
        .on(name)
        .expected(fmt::format("{:g} to {:g}", low, high))
        .found(fmt::format("{:g}", value));
  };
  check(truth.star.temperatureK, 1000.0, 20000.0, "star temperature (K)");
  check(truth.orbit.fluxWm2, 1.0, 1e5, "stellar flux (W m-2)");
  check(truth.orbit.periodDays, 0.1, 1e4, "orbital period (d)");
  check(truth.orbit.eccentricity, 0.0, 0.9, "eccentricity");
  check(truth.orbit.periastronDeg, -360.0, 360.0, "longitude of periastron (deg)");
  check(truth.bulk.rotationDays, 0.01, 1e4, "rotation period (d)");
  check(truth.bulk.obliquityDeg, 0.0, 180.0, "obliquity (deg)");
  check(truth.bulk.substellarLongitudeDeg, -360.0, 360.0, "substellar longitude (deg)");
  check(truth.atmosphere.surfacePressurePa, 1.0, 1e8, "surface pressure (Pa)");
  double total = 0.0;
  for (const double ratio : truth.atmosphere.mixingRatio) {
    check(ratio, 0.0, 1.0, "mixing ratio");
    total += ratio;
  }
  check(total, 0.999, 1.001, "sum of the mixing ratios");
  check(truth.surface.oceanFraction, 0.0, 1.0, "ocean fraction");
  check(truth.closure.diffusionWm2K, 1e-3, 100.0, "diffusion D0 (W m-2 K-1)");
  check(truth.closure.olrOffsetWm2, -100.0, 100.0, "longwave offset (W m-2)");
  check(truth.closure.iceAlbedo, 0.0, 1.0, "ice albedo");
  check(truth.closure.landAlbedo, 0.0, 1.0, "land albedo");
}

SurfaceClimate solveClimate(const planet::PlanetTruth& truth, std::stop_token stop) {
  validate(truth);
  const SphereGrid map = gaussianGrid(planet::kCanonicalLatitudes, planet::kCanonicalLongitudes);
  const std::vector<double> ocean = oceanFraction(map, truth.surface);
  const double period = truth.orbit.periodDays * kDaySeconds;

  SpinUp state = spinUp(truth, map, ocean, stop);
  std::vector<double> temperature = onMap(truth, map, state.temperatureK);
  const SunMotion motion = sunMotion(truth);
  const std::size_t steps = fineSteps(truth.orbit.periodDays);
  PlanetBalance fine(truth, map, motion, ocean, steps);
  fine.heat().setTemperature(temperature);
  const double timeConstant = fine.heat().timeConstant();
  bool runaway = state.runaway;
  if (!runaway && steps > kCoarseSteps) {
    PlanetBalance coarse(truth, map, motion, ocean, coarseSteps(truth.orbit.periodDays));
    coarse.heat().setTemperature(temperature);
    runaway = !settle(coarse, timeConstant, state, stop);
    fine.heat().setTemperature(coarse.heat().temperature());
  }
  Final last = lastOrbits(fine, runaway, timeConstant, state, stop);
  if (!last.runaway && !(std::abs(last.imbalance) < kImbalanceLimitWm2)) {
    throw Error("the climate found neither an equilibrium nor a runaway", ErrorKind::kInternal)
        .on(fmt::format("planet with {:g} W m-2, {:g} d orbit, {:g} Pa, ocean {:g}", truth.orbit.fluxWm2,
                        truth.orbit.periodDays, truth.atmosphere.surfacePressurePa, truth.surface.oceanFraction))
        .expected(fmt::format("|ASR - OLR| below {} W m-2", kImbalanceLimitWm2))
        .found(fmt::format("{:.3f} W m-2 after {:.0f} orbits", last.imbalance, state.seconds / period));
  }

  SurfaceClimate climate;
  climate.surfaceTemperatureK = std::move(last.months.temperatureK);
  climate.absorbedShortwaveWm2 = std::move(last.months.absorbed);
  climate.outgoingLongwaveWm2 = std::move(last.months.outgoing);
  climate.iceFraction = std::move(last.months.iceFraction);
  for (std::size_t i = 0; i < climate.iceFraction.size(); ++i) climate.iceFraction[i] *= ocean[i % ocean.size()];
  for (const double f : ocean) climate.landFraction.push_back(static_cast<float>(1.0 - f));
  climate.largestOlrWm2 = fine.radiation().largestOutgoing();
  climate.flags.runaway = last.runaway;
  climate.flags.olrClamped = fine.radiation().sawBeyondFit() || outgoingLongwave(truth).co2Clamped();
  climate.flags.albedoClipped = fine.radiation().sawAlbedoClip();
  climate.flags.diffusionCapped = fine.transport().capped;
  climate.flags.imbalanceWm2 = last.imbalance;
  climate.flags.spinUpOrbits = state.seconds / period;
  return climate;
}

bool hasTwoClimates(const planet::PlanetTruth& truth, const std::stop_token& stop) {
  validate(truth);
  if (truth.bulk.synchronous) return false;
  const SphereGrid map = gaussianGrid(planet::kCanonicalLatitudes, planet::kCanonicalLongitudes);
  const std::vector<double> ocean = oceanFraction(map, truth.surface);
  planet::PlanetTruth start = truth;
  start.start = planet::StartState::kWarm;
  const SpinUp warm = spinUp(start, map, ocean, stop);
  start.start = planet::StartState::kCold;
  const SpinUp cold = spinUp(start, map, ocean, stop);
  SphereGrid belts = map;
  belts.longitudes = 1;
  if (warm.runaway && cold.runaway) return false;
  return std::abs(belts.mean(warm.temperatureK) - belts.mean(cold.temperatureK)) > kTwoClimatesK;
}

}  // namespace ecumene::data::physics::climate
