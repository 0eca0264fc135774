// SPDX-License-Identifier: Apache-2.0
#include "data/physics/spectrum/opacities.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "data/base/error.h"
#include "data/planet/spectrum.h"

namespace ecumene::data::physics::spectrum {
namespace {

using planet::Gas;

// "plan": strength and width as in science.md 3.2. "HITRAN class": strength of the size HITRAN line lists sum to at 296
// K, quoted without summing them; width of the rotational envelope of the band. Both await a check against summed
// lists.
constexpr std::string_view kPlan = "science.md 3.2";
constexpr std::string_view kClass = "HITRAN class";
constexpr auto kBands = std::to_array<Band>({
    {Gas::kCO2, 667.0, 30.0, 8.3e-18, 1.0, kPlan},
    {Gas::kCO2, 961.0, 20.0, 5.0e-22, 1.0, kClass},
    {Gas::kCO2, 1064.0, 20.0, 6.0e-22, 1.0, kClass},
    {Gas::kCO2, 2077.0, 25.0, 4.9e-20, 1.0, kClass},
    {Gas::kCO2, 2349.0, 35.0, 9.6e-17, 1.0, kPlan},
    {Gas::kCO2, 3613.0, 30.0, 1.0e-18, 1.0, kPlan},
    {Gas::kCO2, 3715.0, 30.0, 1.5e-18, 1.0, kPlan},
    {Gas::kCO2, 4978.0, 60.0, 4.0e-20, 1.0, kPlan},
    {Gas::kCO2, 6228.0, 30.0, 4.5e-22, 1.0, kClass},
    {Gas::kCO2, 6348.0, 30.0, 4.5e-22, 1.0, kClass},
    {Gas::kCO2, 6973.0, 30.0, 1.5e-21, 1.0, kClass},
    {Gas::kCH4, 1306.0, 50.0, 5.2e-18, 1.0, kPlan},
    {Gas::kCH4, 3019.0, 70.0, 1.1e-17, 1.0, kPlan},
    {Gas::kCH4, 4350.0, 130.0, 6.0e-19, 1.0, kPlan},
    {Gas::kCH4, 6010.0, 70.0, 5.0e-20, 1.0, kPlan},
    {Gas::kH2O, 150.0, 130.0, 5.0e-17, 1.0, kPlan},
    {Gas::kH2O, 1595.0, 120.0, 1.05e-17, 1.0, kPlan},
    {Gas::kH2O, 3657.0, 120.0, 5.0e-19, 1.0, kPlan},
    {Gas::kH2O, 3756.0, 120.0, 7.2e-18, 1.0, kPlan},
    {Gas::kH2O, 5331.0, 120.0, 9.0e-19, 1.0, kPlan},
    {Gas::kH2O, 7250.0, 120.0, 7.0e-19, 1.0, kPlan},
    {Gas::kH2O, 8807.0, 120.0, 5.0e-20, 1.0, kPlan},
    {Gas::kH2O, 10613.0, 120.0, 5.0e-20, 1.0, kPlan},
    // O3 sits where lines are as broad by temperature as by pressure (above 15 hPa), so its bands take n between the
    // two.
    {Gas::kO3, 1042.0, 20.0, 1.4e-17, 0.5, kPlan},
    {Gas::kO3, 1103.0, 20.0, 5.3e-19, 0.5, kClass},
    {Gas::kO3, 2105.0, 25.0, 1.2e-18, 0.5, kPlan},
    // Chappuis: a continuum of 0.05 um width, 5e-21 cm2 at the peak; in wavenumber 1389 cm-1 wide.
    {Gas::kO3, 16667.0, 1389.0, 1.74e-17, 0.0, kPlan},
    {Gas::kN2O, 589.0, 20.0, 1.0e-18, 1.0, kPlan},
    {Gas::kN2O, 1168.0, 20.0, 3.9e-19, 1.0, kClass},
    {Gas::kN2O, 1285.0, 20.0, 9.6e-18, 1.0, kPlan},
    {Gas::kN2O, 2224.0, 20.0, 5.0e-17, 1.0, kPlan},
    {Gas::kN2O, 2563.0, 20.0, 1.15e-18, 1.0, kClass},
    {Gas::kN2O, 3481.0, 20.0, 1.7e-18, 1.0, kClass},
    {Gas::kCO, 2143.0, 40.0, 1.0e-17, 1.0, kPlan},
    {Gas::kCO, 4260.0, 40.0, 7.5e-20, 1.0, kPlan},
    {Gas::kO2, 13149.0, 40.0, 2.2e-22, 1.0, kPlan},
    {Gas::kO2, 7883.0, 40.0, 3.2e-24, 1.0, kPlan},
});

struct Optics {
  Gas gas;
  double refractivity;  ///< Kaye & Laby, Tables of Physical and Chemical Constants, 2.5.7, sodium D, 0 C, 1 atm
  double kingFactor;  ///< depolarisation: Bates 1984 (Planet. Space Sci. 32, 785); Sneep & Ubachs 2005 (JQSRT 92, 293)
};
// Of air, from the same sources.
constexpr double kAirRefractivity = 2.926e-4;
constexpr double kAirKingFactor = 1.049;
constexpr std::array<Optics, planet::kGasCount> kOptics{{
    {Gas::kN2, 2.97e-4, 1.034},
    {Gas::kCO2, 4.50e-4, 1.15},
    {Gas::kH2O, 2.54e-4, 1.001},
    {Gas::kCH4, 4.41e-4, 1.0},
    {Gas::kO2, 2.72e-4, 1.096},
    {Gas::kO3, 5.2e-4, 1.06},
    {Gas::kN2O, 5.16e-4, 1.225},
    {Gas::kCO, 3.34e-4, 1.016},
    {Gas::kH2, 1.32e-4, 1.02},
    {Gas::kH2S, 6.34e-4, 1.0},
}};

const Optics& optics(Gas gas) {
  return kOptics[static_cast<std::size_t>(gas)];
}

constexpr double kWaterContinuumLow = 700.0;    // cm-1, ends of the fit
constexpr double kWaterContinuumHigh = 1250.0;  // cm-1

}  // namespace

std::span<const Band> bands() {
  return kBands;
}

double bandCrossSectionCm2(const Band& band, double wavenumber) {
  const double x = (wavenumber - band.centre) / band.width;
  return band.strength / (band.width * std::sqrt(2.0 * std::numbers::pi)) * std::exp(-0.5 * x * x);
}

double bandMeanCrossSectionCm2(const Band& band, double wavenumberLow, double wavenumberHigh) {
  const double scale = band.width * std::numbers::sqrt2;
  const double low = (wavenumberLow - band.centre) / scale;
  const double high = (wavenumberHigh - band.centre) / scale;
  // The difference of two erfc on the side where they are small keeps the far wings exact.
  const double share = low > 0.0 ? std::erfc(low) - std::erfc(high) : std::erfc(-high) - std::erfc(-low);
  return 0.5 * band.strength * share / (wavenumberHigh - wavenumberLow);
}

double rayleighAirCm2(double wavelengthUm) {
  const double y = wavelengthUm < 0.55 ? 0.389 * wavelengthUm + 0.09426 / wavelengthUm - 0.3228 : 0.04;
  return 4.02e-28 / std::pow(wavelengthUm, 4.0 + y);
}

double rayleighFactor(Gas gas) {
  const double ratio = optics(gas).refractivity / kAirRefractivity;
  return ratio * ratio * optics(gas).kingFactor / kAirKingFactor;
}

double refractivity(Gas gas) {
  return optics(gas).refractivity;
}

double waterContinuumCm2PerAtm(double wavenumber) {
  if (wavenumber < kWaterContinuumLow || wavenumber > kWaterContinuumHigh) return 0.0;
  return 1.25e-22 + 1.67e-19 * std::exp(-7.87e-3 * wavenumber);
}

double waterContinuumTemperatureFactor(double temperatureK) {
  return std::exp(1800.0 * (1.0 / temperatureK - 1.0 / 296.0));
}

double oxygenPairCm5(double wavenumber) {
  constexpr double kCentre = 9398.0;       // 1.064 um
  constexpr double kWidth = 75.0;          // about 180 cm-1 at half height
  constexpr double kLoschmidt = 2.687e19;  // cm-3 per amagat
  constexpr double kIntegrated = 2.10e-4 / (kLoschmidt * kLoschmidt);
  const double x = (wavenumber - kCentre) / kWidth;
  return kIntegrated / (kWidth * std::sqrt(2.0 * std::numbers::pi)) * std::exp(-0.5 * x * x);
}

OpacityTable::OpacityTable(std::span<const double> edgesUm) : points_(edgesUm.size() - 1) {
  if (edgesUm.size() < 2 || !(edgesUm.front() > 0.0) || !std::is_sorted(edgesUm.begin(), edgesUm.end())) {
    throw Error("the wavelength grid is unusable").expected("two or more positive ascending edges");
  }
  for (const Band& band : kBands) {
    const bool known = std::any_of(absorbers_.begin(), absorbers_.end(), [&](const Absorber& a) {
      return a.gas == band.gas && a.pressureExponent == band.pressureExponent;
    });
    if (!known) absorbers_.push_back({AbsorberKind::kBand, band.gas, band.pressureExponent});
  }
  absorbers_.push_back({AbsorberKind::kRayleigh, Gas::kN2, 0.0});
  absorbers_.push_back({AbsorberKind::kWaterContinuum, Gas::kH2O, 0.0});
  absorbers_.push_back({AbsorberKind::kOxygenPair, Gas::kO2, 0.0});
  crossSections_.assign(absorbers_.size() * points_, 0.0);
  for (std::size_t a = 0; a < absorbers_.size(); ++a) {
    const Absorber& absorber = absorbers_[a];
    for (std::size_t i = 0; i < points_; ++i) {
      const double wavelength = std::sqrt(edgesUm[i] * edgesUm[i + 1]);
      double& sigma = crossSections_[a * points_ + i];
      switch (absorber.kind) {
        case AbsorberKind::kBand:
          for (const Band& band : kBands) {
            if (band.gas == absorber.gas && band.pressureExponent == absorber.pressureExponent) {
              sigma += bandMeanCrossSectionCm2(band, 1e4 / edgesUm[i + 1], 1e4 / edgesUm[i]);
            }
          }
          break;
        case AbsorberKind::kRayleigh:
          sigma = rayleighAirCm2(wavelength);
          break;
        case AbsorberKind::kWaterContinuum:
          sigma = waterContinuumCm2PerAtm(1e4 / wavelength);
          break;
        case AbsorberKind::kOxygenPair:
          sigma = oxygenPairCm5(1e4 / wavelength);
          break;
      }
    }
  }
}

const OpacityTable& OpacityTable::modelGrid() {
  static const OpacityTable table(planet::modelEdgesUm());
  return table;
}

}  // namespace ecumene::data::physics::spectrum
