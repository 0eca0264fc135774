// SPDX-License-Identifier: Apache-2.0
#include "data/physics/spectrum/opacities.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/base/error.h"
#include "data/physics/constants.h"
#include "data/physics/spectrum/chord.h"
#include "data/planet/spectrum.h"
#include "tests/support/number_table.h"

namespace ecumene::data::physics::spectrum {
namespace {

using planet::Gas;

TEST(Opacities, RayleighAndBandHeightsOfThePlan) {
  ecumene::test::NumberTable table("spectrum");
  constexpr double kRadiusCm = 6.371e8;
  const double scale255 = 7.460;
  const double density255 = kReferencePressurePa / (kBoltzmann * 255.0) * 1e-6;
  struct Rayleigh {
    double wavelength, sigma, height;
  };
  for (const Rayleigh& row :
       {Rayleigh{0.4, 1.67e-26, 28.7}, Rayleigh{0.55, 4.50e-27, 18.9}, Rayleigh{1.0, 4.02e-28, 4.1}}) {
    const double sigma = rayleighAirCm2(row.wavelength);
    const double tau0 = closedFormChordDepth(density255, sigma, kRadiusCm, scale255 * 1e5, 0.0);
    table.add({"3.2", "[C]", fmt::format("Rayleigh of air at {} um, cm2", row.wavelength), row.sigma, sigma,
               0.01 * row.sigma});
    table.add({"3.2", "[C]", fmt::format("Rayleigh height at {} um, 255 K, km", row.wavelength), row.height,
               closedFormHeight(scale255, 0.0, tau0), 0.1});
  }
  table.addRange("3.2", "[M]", "Rayleigh of CO2 over air", 2.4, 2.6, rayleighFactor(Gas::kCO2));
  table.add({"3.2", "[M]", "Rayleigh of H2 over air", 0.2, rayleighFactor(Gas::kH2), 0.02});
  table.addContext("3.2", "[M]", "Rayleigh of He over air", 0.016, ecumene::test::kNoNumber,
                   "helium is not one of the ten gases");

  const double scale250 = kGasConstant * 250.0 / (0.028964 * kEarthGravity) * 1e-3;
  const double density250 = kReferencePressurePa / (kBoltzmann * 250.0) * 1e-6;
  struct Peak {
    const char* name;
    Gas gas;
    double centre, mixingRatio;
    std::array<double, 3> heights;
  };
  for (const Peak& row :
       {Peak{"CO2 4.3 um", Gas::kCO2, 2349, 4e-4, {103, 67, 50}}, Peak{"CO2 15 um", Gas::kCO2, 667, 4e-4, {86, 56, 42}},
        Peak{"CH4 3.3 um", Gas::kCH4, 3019, 1.8e-6, {42, 27, 20}},
        Peak{"CH4 7.7 um", Gas::kCH4, 1306, 1.8e-6, {39, 25, 18}},
        Peak{"N2O 4.5 um", Gas::kN2O, 2224, 3.3e-7, {50, 32, 24}},
        Peak{"O3 9.6 um", Gas::kO3, 1042, 3e-7, {40, 26, 19}}}) {
    const auto band = std::find_if(bands().begin(), bands().end(),
                                   [&](const Band& b) { return b.gas == row.gas && b.centre == row.centre; });
    ASSERT_NE(band, bands().end()) << row.name;
    for (std::size_t i = 0; i < 3; ++i) {
      const double n = 0.5 * static_cast<double>(i);
      const double tau0 = closedFormChordDepth(density250, row.mixingRatio * bandCrossSectionCm2(*band, row.centre),
                                               kRadiusCm, scale250 * 1e5, n);
      table.add({"3.2", "[C]", fmt::format("peak of {} at 250 K, n {}, km", row.name, n), row.heights[i],
                 closedFormHeight(scale250, n, tau0), 0.75});
    }
  }
  table.finish();
}

TEST(Opacities, StrengthsAreThePlans) {
  ecumene::test::NumberTable table("spectrum");
  struct Row {
    const char* name;
    Gas gas;
    double low, high, strength;
  };
  for (const Row& row :
       {Row{"CO2 nu3", Gas::kCO2, 2300, 2400, 9.6e-17},       Row{"CO2 nu2", Gas::kCO2, 600, 700, 8.3e-18},
        Row{"CO2 3715", Gas::kCO2, 3700, 3730, 1.5e-18},      Row{"CO2 3613", Gas::kCO2, 3600, 3630, 1.0e-18},
        Row{"CO2 2.0 um", Gas::kCO2, 4800, 5200, 4e-20},      Row{"CH4 3019", Gas::kCH4, 3000, 3050, 1.1e-17},
        Row{"CH4 1306", Gas::kCH4, 1300, 1310, 5.2e-18},      Row{"CH4 2.3 um", Gas::kCH4, 4200, 4600, 6e-19},
        Row{"CH4 1.66 um", Gas::kCH4, 5900, 6100, 5e-20},     Row{"H2O 1595", Gas::kH2O, 1500, 1700, 1.05e-17},
        Row{"H2O 3657+3756", Gas::kH2O, 3600, 3800, 7.7e-18}, Row{"H2O rotation", Gas::kH2O, 50, 500, 5e-17},
        Row{"H2O 1.87 um", Gas::kH2O, 5200, 5400, 9e-19},     Row{"H2O 1.38 um", Gas::kH2O, 7100, 7400, 7e-19},
        Row{"H2O 1.13 um", Gas::kH2O, 8700, 8900, 5e-20},     Row{"H2O 0.94 um", Gas::kH2O, 10500, 10700, 5e-20},
        Row{"O3 1042", Gas::kO3, 1000, 1100, 1.4e-17},        Row{"O3 4.75 um", Gas::kO3, 2050, 2150, 1.2e-18},
        Row{"N2O 2224", Gas::kN2O, 2200, 2250, 5.0e-17},      Row{"N2O 1285", Gas::kN2O, 1270, 1300, 9.6e-18},
        Row{"N2O 589", Gas::kN2O, 580, 600, 1e-18},           Row{"CO 2143", Gas::kCO, 2100, 2200, 1.0e-17},
        Row{"CO 4260", Gas::kCO, 4200, 4300, 7.5e-20},        Row{"O2 A band", Gas::kO2, 13100, 13200, 2.2e-22},
        Row{"O2 1.27 um", Gas::kO2, 7850, 7900, 3.2e-24}}) {
    double sum = 0.0;
    for (const Band& band : bands()) {
      if (band.gas == row.gas && band.centre > row.low && band.centre < row.high) sum += band.strength;
    }
    table.add({"3.2", "[M]", fmt::format("band strength {}, 1e-20 cm", row.name), row.strength * 1e20, sum * 1e20,
               1e-3 * row.strength * 1e20});
  }
  for (const Band& band : bands()) {
    if (band.pressureExponent == 0.0) {
      table.add({"3.2", "[M]", "O3 Chappuis peak, 1e-21 cm2", 5.0, 1e21 * bandCrossSectionCm2(band, 1e4 / 0.6), 0.02});
    }
  }
  table.addContext("3.2", "[M]", "O3 Hartley peak at 0.255 um, 1e-17 cm2", 1.15, ecumene::test::kNoNumber,
                   "outside the model's 0.6 to 12 um");
  table.finish();
}

TEST(Opacities, BinMeanConservesTheStrengthOfABand) {
  for (const Band& band : bands()) {
    double sum = 0.0;
    const double step = 7.3;
    for (double nu = band.centre - 10 * band.width; nu < band.centre + 10 * band.width; nu += step) {
      sum += step * bandMeanCrossSectionCm2(band, nu, nu + step);
    }
    EXPECT_NEAR(sum / band.strength, 1.0, 1e-9) << planet::name(band.gas) << band.centre;
    EXPECT_NEAR(
        bandMeanCrossSectionCm2(band, band.centre - 1e-3, band.centre + 1e-3) / bandCrossSectionCm2(band, band.centre),
        1.0, 1e-6);
  }
}

TEST(Opacities, ContinuumAndPairMatchTheirSources) {
  // Roberts et al. 1976: about 1.9e-22 cm2 per molecule and atmosphere at 10 um (1.25e-22 + 1.67e-19 e^-7.87).
  EXPECT_NEAR(waterContinuumCm2PerAtm(1000.0), 1.89e-22, 0.02e-22);
  EXPECT_DOUBLE_EQ(waterContinuumTemperatureFactor(296.0), 1.0);
  EXPECT_GT(waterContinuumTemperatureFactor(260.0), 2.0);
  double sum = 0.0;
  for (double nu = 8800.0; nu < 10000.0; nu += 1.0) sum += oxygenPairCm5(nu);
  EXPECT_NEAR(sum * 2.687e19 * 2.687e19, 2.10e-4, 1e-6);  // cm-2 amagat-2, Banerjee et al. 2019
}

TEST(OpacityTable, GroupsBandsOfOneGasAndExponent) {
  const OpacityTable& table = OpacityTable::modelGrid();
  EXPECT_EQ(table.points(), planet::kModelPoints);
  std::size_t ozone = 0;
  for (std::size_t a = 0; a < table.absorbers().size(); ++a) {
    if (table.absorbers()[a].kind == AbsorberKind::kBand && table.absorbers()[a].gas == Gas::kO3) ++ozone;
    for (const double sigma : table.crossSections(a)) ASSERT_TRUE(std::isfinite(sigma) && sigma >= 0.0);
  }
  EXPECT_EQ(ozone, 2u);  // n = 0 and n = 0.5
  EXPECT_LE(table.absorbers().size(), 12u);
}

TEST(OpacityTable, RefusesAGridThatDoesNotAscend) {
  EXPECT_THROW(OpacityTable(std::vector<double>{2.0, 1.0}), Error);
  EXPECT_THROW(OpacityTable(std::vector<double>{0.0, 1.0}), Error);
}

}  // namespace
}  // namespace ecumene::data::physics::spectrum
