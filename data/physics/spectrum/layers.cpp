// SPDX-License-Identifier: Apache-2.0
#include "data/physics/spectrum/layers.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "data/base/error.h"
#include "data/physics/constants.h"
#include "data/physics/spectrum/opacities.h"

namespace ecumene::data::physics::spectrum {
namespace {

using planet::Gas;

constexpr double kPerCm3 = 1e-6;             // m-3 to cm-3
constexpr double kLoschmidtCm3 = 2.6868e19;  // at 273.15 K and 101325 Pa, where refractivities are given
constexpr double kOzonePeakPa = 900.0;       // of its mixing ratio, as on Earth
constexpr double kOzoneWidth = 1.2;          // standard deviation in ln p
constexpr double kLeastWater = 1e-30;        // so that ln exists

void check(const Column& column, const planet::Atmosphere& air, double radiusM, double gravity) {
  const std::size_t n = column.pressurePa.size();
  if (n < 2 || column.temperatureK.size() != n || column.h2oMixingRatio.size() != n) {
    throw Error("the column is incomplete").expected("two or more levels in each of its three profiles");
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double p = column.pressurePa[i];
    const bool ordered = i == 0 || p < column.pressurePa[i - 1];
    const double t = column.temperatureK[i];
    const double water = column.h2oMixingRatio[i];
    if (!(p > 0.0) || !std::isfinite(p) || !ordered || !(t > 0.0) || !std::isfinite(t) || !(water >= 0.0) ||
        !(water <= 1.0)) {
      throw Error("the column holds a value out of range")
          .on("level " + std::to_string(i))
          .expected("descending pressures, temperatures above 0 K, water between 0 and 1")
          .found(std::to_string(p) + " Pa, " + std::to_string(t) + " K, " + std::to_string(water));
    }
  }
  if (column.pressurePa.front() <= kTopPressurePa) {
    throw Error("the surface pressure is too low for a transit spectrum").found(std::to_string(column.pressurePa[0]));
  }
  double sum = 0.0;
  for (const double ratio : air.mixingRatio) {
    if (!(ratio >= 0.0)) throw Error("a mixing ratio is negative or not a number");
    sum += ratio;
  }
  if (std::abs(sum - 1.0) > 1e-3) {
    throw Error("the dry mixing ratios do not sum to 1").found(std::to_string(sum));
  }
  if (!(radiusM > 0.0) || !(gravity > 0.0)) throw Error("radius and gravity must be above 0");
}

/// Piecewise linear in ln p, constant beyond the ends.
class LogPressure {
 public:
  explicit LogPressure(const std::vector<double>& pressurePa) : pressure_(pressurePa) {}
  void locate(double pressurePa) {
    while (i_ + 2 < pressure_.size() && pressurePa < pressure_[i_ + 1]) ++i_;
    weight_ = std::clamp(std::log(pressure_[i_] / pressurePa) / std::log(pressure_[i_] / pressure_[i_ + 1]), 0.0, 1.0);
  }
  [[nodiscard]] double linear(const std::vector<double>& y) const {
    return (1.0 - weight_) * y[i_] + weight_ * y[i_ + 1];
  }
  [[nodiscard]] double logarithmic(const std::vector<double>& y) const {
    return std::exp((1.0 - weight_) * std::log(std::max(y[i_], kLeastWater)) +
                    weight_ * std::log(std::max(y[i_ + 1], kLeastWater)));
  }

 private:
  const std::vector<double>& pressure_;
  std::size_t i_ = 0;
  double weight_ = 0.0;
};

}  // namespace

double ozoneShape(double pressurePa, double surfacePressurePa) {
  const auto columnTo = [](double p) {
    // Integral of the Gaussian over pressure from 0 to p, in units of its peak.
    const double x = (std::log(p / kOzonePeakPa) - kOzoneWidth * kOzoneWidth) / (kOzoneWidth * std::numbers::sqrt2);
    return kOzonePeakPa * kOzoneWidth * std::sqrt(0.5 * std::numbers::pi) * std::exp(0.5 * kOzoneWidth * kOzoneWidth) *
           std::erfc(-x);
  };
  const double x = std::log(pressurePa / kOzonePeakPa) / kOzoneWidth;
  return surfacePressurePa / columnTo(surfacePressurePa) * std::exp(-0.5 * x * x);
}

Layers buildLayers(const Column& column, const planet::Atmosphere& air, double radiusM, double gravity) {
  check(column, air, radiusM, gravity);
  const double surface = column.pressurePa.front();
  const double step = std::log(surface / kTopPressurePa) / static_cast<double>(kLayerCount);
  Layers layers;
  layers.radiusM = radiusM;
  LogPressure profile(column.pressurePa);
  double geopotential = 0.0;
  double lastScale = 0.0;
  for (std::size_t i = 0; i <= kLayerCount; ++i) {
    const double p = surface * std::exp(-step * static_cast<double>(i));
    profile.locate(p);
    const double t = profile.linear(column.temperatureK);
    const double water = profile.logarithmic(column.h2oMixingRatio);
    std::array<double, planet::kGasCount> ratio{};
    double mass = 0.0;
    for (std::size_t g = 0; g < ratio.size(); ++g) {
      const Gas gas = static_cast<Gas>(g);
      ratio[g] = gas == Gas::kH2O ? water : air.mixingRatio[g] * (1.0 - water);
      if (gas == Gas::kO3) ratio[g] *= ozoneShape(p, surface);
      // The ozone layer moves a few millionths: not a matter of molecular weight.
      mass += (gas == Gas::kH2O ? water : air.mixingRatio[g] * (1.0 - water)) * planet::molarMass(gas) * 1e-3;
    }
    const double scale = kGasConstant * t / mass;  // d(geopotential) / d(-ln p), J/kg
    if (i > 0) geopotential += 0.5 * (scale + lastScale) * step;
    lastScale = scale;
    const double held = gravity * radiusM;
    if (geopotential >= held) {
      throw Error("gravity does not hold this atmosphere up to the top of the transit model")
          .expected("geopotential at 0.01 Pa below g R = " + std::to_string(held) + " J/kg")
          .found(std::to_string(geopotential) + " J/kg");
    }
    // Geopotential of an inverse-square field, gravity R z / (R + z), solved for z.
    layers.heightM.push_back(radiusM * geopotential / (held - geopotential));
    layers.pressurePa.push_back(p);
    layers.temperatureK.push_back(t);
    layers.numberDensityPerCm3.push_back(p / (kBoltzmann * t) * kPerCm3);
    layers.mixingRatio.push_back(ratio);
  }
  return layers;
}

double refractionFloorM(const Layers& layers, const planet::Star& star, double fluxWm2) {
  const double starAngle = std::sqrt(fluxWm2 / (kStefanBoltzmann * std::pow(star.temperatureK, 4)));
  double above = 0.0;
  for (std::size_t i = layers.levels() - 1; i-- > 0;) {
    const double fall = std::log(layers.numberDensityPerCm3[i] / layers.numberDensityPerCm3[i + 1]);
    if (fall <= 0.0) continue;  // an inversion so steep that the air is not denser below does not bend rays inwards
    const double scaleHeight = (layers.heightM[i + 1] - layers.heightM[i]) / fall;
    double perAmagat = 0.0;
    for (std::size_t g = 0; g < planet::kGasCount; ++g) {
      perAmagat += layers.mixingRatio[i][g] * refractivity(static_cast<Gas>(g));
    }
    const double bending = perAmagat * layers.numberDensityPerCm3[i] / kLoschmidtCm3 *
                           std::sqrt(2.0 * std::numbers::pi * (layers.radiusM + layers.heightM[i]) / scaleHeight);
    if (bending > starAngle) {
      if (above == 0.0) throw Error("every ray through the atmosphere is bent past the star").on("refraction floor");
      // Bending is exponential in height between two levels.
      const double share = std::log(bending / starAngle) / std::log(bending / above);
      return layers.heightM[i] + share * (layers.heightM[i + 1] - layers.heightM[i]);
    }
    above = bending;
  }
  return 0.0;
}

double heightOfPressureM(const Layers& layers, double pressurePa) {
  if (pressurePa >= layers.pressurePa.front()) return 0.0;
  if (pressurePa <= layers.pressurePa.back()) return layers.heightM.back();
  std::size_t i = 0;
  while (layers.pressurePa[i + 1] > pressurePa) ++i;
  const double share =
      std::log(layers.pressurePa[i] / pressurePa) / std::log(layers.pressurePa[i] / layers.pressurePa[i + 1]);
  return layers.heightM[i] + share * (layers.heightM[i + 1] - layers.heightM[i]);
}

}  // namespace ecumene::data::physics::spectrum
