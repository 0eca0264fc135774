// SPDX-License-Identifier: Apache-2.0
#include "data/physics/spectrum/forward_model.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "data/base/error.h"
#include "data/physics/constants.h"
#include "data/physics/spectrum/chord.h"
#include "data/physics/spectrum/layers.h"

namespace ecumene::data::physics::spectrum {
namespace {

using planet::Gas;

constexpr double kBlack = 40.0;        // e^-40 is 0 beside 1
constexpr double kTransparent = 1e-7;  // chord depth below which an absorber leaves no trace (< 1 m)

/// What the absorber's cross-section multiplies at level i: a density per cm3 with its powers of pressure.
double weightedDensity(const Absorber& absorber, const Layers& layers, std::size_t i) {
  const double density = layers.numberDensityPerCm3[i];
  const auto& ratio = layers.mixingRatio[i];
  const double own = ratio[static_cast<std::size_t>(absorber.gas)];
  const double atmospheres = layers.pressurePa[i] / kReferencePressurePa;
  switch (absorber.kind) {
    case AbsorberKind::kBand:
      return density * own * std::pow(atmospheres, absorber.pressureExponent);
    case AbsorberKind::kRayleigh: {
      double factor = 0.0;
      for (std::size_t g = 0; g < ratio.size(); ++g) factor += ratio[g] * rayleighFactor(static_cast<Gas>(g));
      return density * factor;
    }
    case AbsorberKind::kWaterContinuum:
      return density * own * own * atmospheres * waterContinuumTemperatureFactor(layers.temperatureK[i]);
    case AbsorberKind::kOxygenPair:
      return density * density * own * own;
  }
  throw internalError("unknown kind of absorber");
}

Transit transitOf(const Column& column, const planet::PlanetTruth& truth, const OpacityTable& opacities,
                  Refraction refraction, const std::function<bool(const Absorber&)>& counts) {
  if (!(truth.star.radiusSun > 0.0) || !(truth.star.temperatureK > 0.0)) {
    throw Error("a transit needs a star").expected("radius and temperature above 0");
  }
  if (!(column.cloudFraction >= 0.0) || !(column.cloudFraction <= 1.0) || !(column.cloudTopPressurePa >= 0.0)) {
    throw Error("the cloud deck is out of range").expected("fraction in 0..1, pressure of the top 0 or more");
  }
  const double radius = truth.bulk.radiusEarth * kEarthRadius;
  const Layers layers = buildLayers(column, truth.atmosphere, radius, truth.bulk.gravity);
  const std::size_t levels = layers.levels();
  const std::size_t points = opacities.points();

  Transit transit;
  if (refraction == Refraction::kFloor) {
    transit.refractionFloorM = refractionFloorM(layers, truth.star, truth.orbit.fluxWm2);
  }
  const bool cloudy = column.cloudTopPressurePa > 0.0 && column.cloudFraction > 0.0;
  if (cloudy) {
    transit.cloudTopM = heightOfPressureM(layers, column.cloudTopPressurePa);
    transit.cloudFraction = column.cloudFraction;
  }

  const ChordGeometry chords(layers.heightM, radius);
  std::vector<std::vector<double>> columns;
  std::vector<std::span<const double>> crossSections;
  for (std::size_t a = 0; a < opacities.absorbers().size(); ++a) {
    const Absorber& absorber = opacities.absorbers()[a];
    if (!counts(absorber)) continue;
    std::vector<double> density(levels);
    for (std::size_t i = 0; i < levels; ++i) density[i] = weightedDensity(absorber, layers, i);
    columns.push_back(chords.columns(density));
    crossSections.push_back(opacities.crossSections(a));
  }

  const double starRadius = truth.star.radiusSun * kSunRadius;
  transit.heightM.resize(points);
  transit.depth.resize(points);
  std::vector<double> tau(levels);
  for (std::size_t w = 0; w < points; ++w) {
    std::fill(tau.begin(), tau.end(), 0.0);
    for (std::size_t a = 0; a < columns.size(); ++a) {
      const double sigma = crossSections[a][w];
      const std::vector<double>& along = columns[a];
      if (sigma * *std::max_element(along.begin(), along.end()) < kTransparent) continue;
      for (std::size_t i = 0; i < levels; ++i) tau[i] += sigma * along[i];
    }
    for (double& t : tau) t = t > kBlack ? 1.0 : -std::expm1(-t);
    const auto squared = [&](double floor) {
      const double r = radius + effectiveHeightM(layers.heightM, tau, radius, floor);
      return r * r;
    };
    double area = squared(transit.refractionFloorM);
    if (cloudy && transit.cloudTopM > transit.refractionFloorM) {
      area = (1.0 - column.cloudFraction) * area + column.cloudFraction * squared(transit.cloudTopM);
    }
    transit.heightM[w] = std::sqrt(area) - radius;
    transit.depth[w] = area / (starRadius * starRadius);
  }
  return transit;
}

}  // namespace

Transit computeTransit(const Column& column, const planet::PlanetTruth& truth, const OpacityTable& opacities,
                       Refraction refraction) {
  return transitOf(column, truth, opacities, refraction, [](const Absorber&) { return true; });
}

planet::Spectrum simulate(const Column& column, const planet::PlanetTruth& truth) {
  const Transit transit = computeTransit(column, truth, OpacityTable::modelGrid());
  const auto edges = planet::modelEdgesUm();
  planet::Spectrum spectrum;
  spectrum.kind = planet::SpectrumKind::kTransmission;
  spectrum.instrument = "noise-free model";
  spectrum.value = transit.depth;
  for (std::size_t i = 0; i < planet::kModelPoints; ++i) {
    spectrum.lowerEdgeUm.push_back(edges[i]);
    spectrum.upperEdgeUm.push_back(edges[i + 1]);
    spectrum.wavelengthUm.push_back(std::sqrt(edges[i] * edges[i + 1]));
  }
  spectrum.resolvingPower = spectrum.wavelengthUm[0] / (edges[1] - edges[0]);
  return spectrum;
}

std::array<std::vector<double>, planet::kGasCount> contributions(const Column& column,
                                                                 const planet::PlanetTruth& truth) {
  std::array<std::vector<double>, planet::kGasCount> heights;
  for (std::size_t g = 0; g < heights.size(); ++g) {
    const auto counts = [g](const Absorber& a) {
      return a.kind != AbsorberKind::kRayleigh && a.gas == static_cast<Gas>(g);
    };
    heights[g] = transitOf(column, truth, OpacityTable::modelGrid(), Refraction::kFloor, counts).heightM;
  }
  return heights;
}

}  // namespace ecumene::data::physics::spectrum
