// SPDX-License-Identifier: Apache-2.0
#include "data/physics/atmosphere/moist_air.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

#include "data/base/error.h"
#include "data/physics/atmosphere/column.h"
#include "data/physics/atmosphere/moisture.h"

namespace ecumene::data::physics::atmosphere {
namespace {

double meanOutgoingWm2(const SurfaceClimate& climate) {
  const planet::Grid& grid = planet::canonicalGrid();
  double mean = 0.0;
  for (std::size_t i = 0; i < climate.outgoingLongwaveWm2.size(); ++i) {
    const std::size_t row = i % grid.cells() / grid.longitudeDeg.size();
    mean += grid.cellWeight(row) / planet::kMonths * climate.outgoingLongwaveWm2[i];
  }
  return mean;
}

/// Vapour pressure that the ground can give, of every month and cell.
std::vector<double> groundVapourPa(const SurfaceClimate& climate, const planet::PlanetTruth& truth) {
  const planet::Grid& grid = planet::canonicalGrid();
  const std::size_t cells = grid.cells();
  const std::size_t longitudes = grid.longitudeDeg.size();
  const auto& ts = climate.surfaceTemperatureK;
  std::vector<double> vapour(ts.size());
  for (std::size_t month = 0; month < planet::kMonths; ++month) {
    double seas = 0.0;
    double seasK = 0.0;
    for (std::size_t i = 0; i < cells; ++i) {
      const double sea = grid.cellWeight(i / longitudes) * (1.0 - static_cast<double>(climate.landFraction[i]));
      seas += sea;
      seasK += sea * ts[month * cells + i];
    }
    const double fromSeas = seas > 0.0 ? saturationPressurePa(seasK / seas) : 0.0;
    for (std::size_t i = 0; i < cells; ++i) {
      const std::size_t at = month * cells + i;
      const Ground ground{ts[at], 1.0 - static_cast<double>(climate.landFraction[i]), truth.surface.soilMoistureM};
      vapour[at] = availableVapourPa(ground, fromSeas, truth.bulk.gravity);
    }
  }
  return vapour;
}

/// Rate in s-1 at which clear air sinks through the middle of the column, as a share of its mass: what the air radiates
/// over what the overturning gains by turning over once.
double clearSubsidence(double outgoingWm2, const WindPlanet& body) {
  // Of OLR: Earth's air loses 100 W m-2 more by radiation than it absorbs (Trenberth et al. 2009, BAMS 90, 311).
  constexpr double kRadiatedShare = 0.4;
  return kRadiatedShare * outgoingWm2 * body.gravity / (body.heatCapacity * kGrossStabilityK * body.surfacePressurePa);
}

/// The columns at one surface pressure, and what their vapour weighs.
class Columns {
 public:
  Columns(const SurfaceClimate& climate, const planet::PlanetTruth& truth, const WindPlanet& body)
      : climate_(climate),
        body_(body),
        air_(airProperties(truth.atmosphere)),
        wet_(truth.surface.oceanFraction > 0.0 || truth.surface.soilMoistureM > 0.0),
        outgoing_(meanOutgoingWm2(climate)),
        diffusion_(impliedDiffusion(grid_, climate)) {
    const std::size_t columns = planet::kMonths * grid_.cells();
    result_.temperatureK.resize(columns * levels());
    result_.cloudFraction.assign(columns, 0.0);
    result_.overturning.resize(planet::kMonths);
    if (!wet_) return;
    groundPa_ = groundVapourPa(climate, truth);
    result_.vapour.resize(columns * levels());
    saturation_.resize(columns * levels());
  }

  [[nodiscard]] bool wet() const { return wet_; }

  /// Fills the columns; gives the area- and time-mean specific humidity of the column's mass.
  double fill(double pressurePa) {
    result_.surfacePressurePa = body_.surfacePressurePa = pressurePa;
    const auto& ts = climate_.surfaceTemperatureK;
    std::vector<double> wetBulb = ts;
    if (wet_) {
      for (std::size_t i = 0; i < ts.size(); ++i) wetBulb[i] = wetBulbK(air_, ts[i], groundPa_[i], pressurePa);
    }
    const auto [coldest, hottest] = std::minmax_element(wetBulb.begin(), wetBulb.end());
    const ColumnTable table(air_, wet_ ? Moisture::kSaturated : Moisture::kDry, pressurePa, grid_.sigma, *coldest,
                            *hottest, stratosphereK(outgoing_));
    const double subsidence = clearSubsidence(outgoing_, body_);
    const std::vector<double> thickness = layerThickness(grid_.sigma);
    const std::size_t cells = grid_.cells();
    std::vector<double> logSaturation(levels());
    double humidity = 0.0;
    for (std::size_t month = 0; month < planet::kMonths; ++month) {
      Overturning& flow = result_.overturning[month];
      flow = overturning(grid_, body_, diffusion_, std::span(&ts[month * cells], cells));
      for (std::size_t i = 0; i < cells; ++i) {
        const std::size_t column = month * cells + i;
        const std::size_t at = column * levels();
        table.lookup(ts[column], wetBulb[column], std::span(&result_.temperatureK[at], levels()), logSaturation);
        if (!wet_) continue;
        for (std::size_t k = 0; k < levels(); ++k) saturation_[at + k] = std::exp(logSaturation[k]);
        moisten(column, flow.ascent[i] / subsidence);
        double mass = 0.0;
        for (std::size_t k = 0; k < levels(); ++k) {
          mass += thickness[k] * specificHumidity(result_.vapour[at + k], air_);
        }
        humidity += grid_.cellWeight(i / grid_.longitudeDeg.size()) / planet::kMonths * mass;
      }
    }
    return humidity;
  }

  MoistAir finish() {
    if (!wet_) return std::move(result_);
    std::vector<double> cover(levels());
    for (std::size_t column = 0; column < result_.cloudFraction.size(); ++column) {
      const std::size_t at = column * levels();
      for (std::size_t k = 0; k < levels(); ++k) {
        const double vapour = result_.vapour[at + k];
        cover[k] = monthlyCloud(vapour / saturation_[at + k]) *
                   visibleCloud(result_.temperatureK[at + k], specificHumidity(vapour, air_), grid_.sigma[k]);
      }
      result_.cloudFraction[column] = totalCloud(cover, grid_.sigma);
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::size_t levels() const { return grid_.sigma.size(); }

  void moisten(std::size_t column, double vertical) {
    const double available = std::min(kMostVapour, groundPa_[column] / result_.surfacePressurePa);
    double below = 1.0;
    for (std::size_t k = levels(); k-- > 0;) {
      const std::size_t at = column * levels() + k;
      const double most = std::min(saturation_[at], available);
      const double resting = restingHumidity(grid_.sigma[k], most);
      // Nothing passes a cold trap twice.
      below = std::min(below, movingHumidity(resting, vertical) * most);
      result_.vapour[at] = below;
    }
  }

  const planet::Grid& grid_ = planet::canonicalGrid();
  const SurfaceClimate& climate_;
  WindPlanet body_;
  AirProperties air_;
  bool wet_;
  double outgoing_, diffusion_;
  std::vector<double> groundPa_;    // vapour that the ground gives, [12, lat, lon]
  std::vector<double> saturation_;  // mole fraction at each level
  MoistAir result_;
};

}  // namespace

MoistAir moistAir(const SurfaceClimate& climate, const planet::PlanetTruth& truth, WindPlanet body) {
  const double dry = truth.atmosphere.surfacePressurePa;
  Columns columns(climate, truth, body);
  if (!columns.wet()) {
    columns.fill(dry);
    return columns.finish();
  }
  // The excess of dry mass falls from each trial pressure to the next, steeper than kFlattest: more pressure never
  // holds so much more vapour that less room is left for dry air. Secants, held to such slopes, cannot overshoot far.
  // Where the air of a few columns turns at once, the excess is steeper than they may be and they go round between two
  // pressures; then the interval between the last ones on either side is halved.
  constexpr double kFlattest = -0.02;
  constexpr int kSecants = 40, kTrials = 100;
  double pressure = dry;
  double low = 0.0;
  double high = 0.0;
  double before = 0.0;
  double missingBefore = 0.0;
  for (int trial = 0; trial < kTrials; ++trial) {
    const double missing = dry - (1.0 - columns.fill(pressure)) * pressure;
    if (std::abs(missing) < kMassTolerance * dry) return columns.finish();
    (missing > 0.0 ? low : high) = pressure;
    const double slope =
        trial == 0 ? -1.0 : std::clamp((missing - missingBefore) / (pressure - before), -1.5, kFlattest);
    before = pressure;
    missingBefore = missing;
    pressure = trial >= kSecants && low > 0.0 && high > 0.0 ? 0.5 * (low + high)
                                                            : std::max(0.5 * pressure, pressure - missing / slope);
  }
  throw internalError("the mass of a planet's air does not close: dry pressure " + std::to_string(dry) + " Pa, trial " +
                      std::to_string(pressure) + " Pa");
}

}  // namespace ecumene::data::physics::atmosphere
