// SPDX-License-Identifier: Apache-2.0
#include "data/physics/spectrum/instruments.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "data/base/error.h"
#include "data/physics/constants.h"

namespace ecumene::data::physics::spectrum {
namespace {

// Name, range (um), resolving power, floor, least and largest photon noise (ppm), gap (um): see struct Instrument. The
// photon noise spans bright hosts with many transits to faint hosts with few: a choice.
constexpr auto kInstruments = std::to_array<Instrument>({
    {"JWST NIRSpec PRISM", 0.6, 5.3, 100.0, 12.0, 10.0, 80.0, 0.0, 0.0},
    {"JWST NIRISS SOSS", 0.85, 2.8, 200.0, 10.0, 10.0, 60.0, 0.0, 0.0},
    {"JWST NIRSpec G395H", 2.87, 5.18, 200.0, 10.0, 10.0, 60.0, 3.72, 3.82},
    {"JWST MIRI LRS", 5.0, 12.0, 50.0, 20.0, 15.0, 80.0, 0.0, 0.0},
    {"wide survey 0.6-12 um", 0.6, 12.0, 100.0, 5.0, 2.0, 40.0, 0.0, 0.0},
});

constexpr double kPpm = 1e-6;
constexpr double kLargestLoss = 0.08;           // share of bins, drawn up to it: hot pixels and saturation; a choice
constexpr double kSpottedShare = 0.5;           // of stars; a choice, so that a model meets both
constexpr double kSpotTemperatureRatio = 0.86;  // Rackham et al. 2018

/// Black-body photons per wavelength, any unit.
double photons(double wavelengthUm, double temperatureK) {
  const double x = kPlanck * kLightSpeed / (wavelengthUm * 1e-6 * kBoltzmann * temperatureK);
  return 1.0 / (std::pow(wavelengthUm, 4) * std::expm1(x));
}

/// Largest covered fraction: what photometric variability of each type allows (Rackham et al. 2018, 2019), rounded.
double spotFractionLimit(planet::StarType type) {
  switch (type) {
    case planet::StarType::kM:
      return 0.08;
    case planet::StarType::kK:
      return 0.03;
    case planet::StarType::kG:
    case planet::StarType::kF:
      return 0.01;
  }
  throw internalError("unknown type of star");
}

/// Mean of the model over a bin, weighted by overlap.
double binMean(const planet::Spectrum& model, double low, double high) {
  const auto first = std::upper_bound(model.upperEdgeUm.begin(), model.upperEdgeUm.end(), low);
  double sum = 0.0;
  double weight = 0.0;
  for (auto i = static_cast<std::size_t>(first - model.upperEdgeUm.begin());
       i < model.size() && model.lowerEdgeUm[i] < high; ++i) {
    const double overlap = std::min(high, model.upperEdgeUm[i]) - std::max(low, model.lowerEdgeUm[i]);
    sum += overlap * model.value[i];
    weight += overlap;
  }
  return sum / weight;
}

}  // namespace

std::span<const Instrument> instruments() {
  return kInstruments;
}

Spots drawSpots(const planet::Star& star, Random& random) {
  const bool spotted = random.chance(kSpottedShare);
  const double fraction = random.uniform(0.0, spotFractionLimit(planet::starType(star.temperatureK)));
  return {spotted ? fraction : 0.0, kSpotTemperatureRatio};
}

double spotFactor(const Spots& spots, double starTemperatureK, double wavelengthUm) {
  const double contrast =
      photons(wavelengthUm, spots.temperatureRatio * starTemperatureK) / photons(wavelengthUm, starTemperatureK);
  return 1.0 / (1.0 - spots.coveredFraction * (1.0 - contrast));
}

planet::Spectrum observe(const planet::Spectrum& model, const Instrument& instrument, const planet::Star& star,
                         const Spots& spots, Random& random) {
  // Edges are products of exp(), so the ends agree to rounding only.
  constexpr double kRounding = 1e-9;
  if (model.size() == 0 || model.lowerEdgeUm.front() > instrument.lowUm * (1.0 + kRounding) ||
      model.upperEdgeUm.back() < instrument.highUm * (1.0 - kRounding)) {
    throw Error("the model spectrum does not cover the instrument").on(std::string(instrument.name));
  }
  const double photonPpm = random.logUniform(instrument.noiseLowPpm, instrument.noiseHighPpm);
  const double loss = random.uniform(0.0, kLargestLoss);
  const auto bins =
      static_cast<std::size_t>(std::ceil(std::log(instrument.highUm / instrument.lowUm) * instrument.resolvingPower));
  const double step = std::log(instrument.highUm / instrument.lowUm) / static_cast<double>(bins);

  struct Bin {
    double low, centre, high, photonCount;
  };
  std::vector<Bin> table;
  double most = 0.0;
  for (std::size_t i = 0; i < bins; ++i) {
    const double low = instrument.lowUm * std::exp(step * static_cast<double>(i));
    const double high = instrument.lowUm * std::exp(step * static_cast<double>(i + 1));
    const double centre = std::sqrt(low * high);
    table.push_back({low, centre, high, photons(centre, star.temperatureK) * (high - low)});
    most = std::max(most, table.back().photonCount);
  }

  planet::Spectrum observed;
  observed.kind = planet::SpectrumKind::kTransmission;
  observed.instrument = std::string(instrument.name);
  observed.resolvingPower = instrument.resolvingPower;
  for (const Bin& bin : table) {
    // Drawn for every bin, so that a gap does not shift the noise of the bins behind it.
    const double noise = random.normal();
    const bool lost = random.chance(loss);
    if (lost || (bin.high > instrument.gapLowUm && bin.low < instrument.gapHighUm)) continue;
    const double photon = photonPpm * std::sqrt(most / bin.photonCount);
    const double sigma = kPpm * std::clamp(std::hypot(instrument.floorPpm, photon), kLeastSigmaPpm, kLargestSigmaPpm);
    observed.lowerEdgeUm.push_back(bin.low);
    observed.wavelengthUm.push_back(bin.centre);
    observed.upperEdgeUm.push_back(bin.high);
    observed.value.push_back(binMean(model, bin.low, bin.high) * spotFactor(spots, star.temperatureK, bin.centre) +
                             sigma * noise);
    observed.sigmaLower.push_back(sigma);
    observed.sigmaUpper.push_back(sigma);
  }
  return observed;
}

}  // namespace ecumene::data::physics::spectrum
