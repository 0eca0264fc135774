// SPDX-License-Identifier: Apache-2.0
#include "data/physics/spectrum/instruments.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/base/error.h"
#include "data/physics/constants.h"
#include "data/physics/spectrum/forward_model.h"
#include "tests/data/physics/spectrum/earth_column.h"

namespace ecumene::data::physics::spectrum {
namespace {

const planet::Star kCoolStar{3000.0, 0.2, 0.17, 3e-3, 5.0};

planet::PlanetTruth coolTruth() {
  planet::PlanetTruth truth = test::earthTruth();
  truth.star = kCoolStar;
  return truth;
}

const planet::Spectrum& model() {
  static const planet::Spectrum spectrum = simulate(test::earthColumn(), coolTruth());
  return spectrum;
}

TEST(Observe, EveryInstrumentGivesASoundSpectrumInItsRange) {
  for (const Instrument& instrument : instruments()) {
    for (std::uint64_t index = 0; index < 20; ++index) {
      Random random(7, "spectrum-noise", index);
      const planet::Spectrum s = observe(model(), instrument, kCoolStar, {}, random);
      ASSERT_NO_THROW(planet::validate(s)) << instrument.name;
      EXPECT_EQ(s.instrument, instrument.name);
      EXPECT_GE(s.lowerEdgeUm.front(), instrument.lowUm - 1e-9);
      EXPECT_LE(s.upperEdgeUm.back(), instrument.highUm + 1e-9);
      const double full = std::log(instrument.highUm / instrument.lowUm) * instrument.resolvingPower;
      EXPECT_GT(static_cast<double>(s.size()), 0.8 * full - 5.0);
      for (std::size_t i = 0; i < s.size(); ++i) {
        ASSERT_GE(s.sigma(i), kLeastSigmaPpm * 1e-6 * (1 - 1e-12));
        ASSERT_LE(s.sigma(i), kLargestSigmaPpm * 1e-6 * (1 + 1e-12));
        ASSERT_GE(s.sigma(i), instrument.floorPpm * 1e-6 * (1 - 1e-12));
        ASSERT_FALSE(s.upperEdgeUm[i] > instrument.gapLowUm && s.lowerEdgeUm[i] < instrument.gapHighUm);
        ASSERT_NEAR(s.wavelengthUm[i] / (s.upperEdgeUm[i] - s.lowerEdgeUm[i]) / instrument.resolvingPower, 1.0, 0.1);
      }
    }
  }
}

TEST(Observe, ResidualsAreStandardNormal) {
  const Instrument& instrument = instruments()[0];
  double sum = 0.0, square = 0.0, count = 0.0;
  for (std::uint64_t index = 0; index < 200; ++index) {
    Random random(3, "spectrum-noise", index);
    const planet::Spectrum s = observe(model(), instrument, kCoolStar, {}, random);
    for (std::size_t i = 0; i < s.size(); ++i) {
      // Truth by the dataset's own rebinning rule, integrated here bin by bin.
      double mean = 0.0, weight = 0.0;
      for (std::size_t m = 0; m < model().size(); ++m) {
        const double overlap =
            std::min(s.upperEdgeUm[i], model().upperEdgeUm[m]) - std::max(s.lowerEdgeUm[i], model().lowerEdgeUm[m]);
        if (overlap <= 0.0) continue;
        mean += overlap * model().value[m];
        weight += overlap;
      }
      const double z = (s.value[i] - mean / weight) / s.sigma(i);
      sum += z;
      square += z * z;
      count += 1.0;
    }
  }
  // Within five standard errors.
  EXPECT_NEAR(sum / count, 0.0, 5.0 / std::sqrt(count));
  EXPECT_NEAR(square / count, 1.0, 5.0 * std::sqrt(2.0 / count));
}

TEST(Observe, SigmaChangesWithWavelengthAsPhotonsDo) {
  Random random(1, "spectrum-noise", 0);
  const planet::Spectrum s = observe(model(), instruments()[3], kCoolStar, {}, random);
  EXPECT_GT(s.sigma(s.size() - 1), 1.3 * s.sigma(0));  // a star of 3000 K is faint at 12 um
}

TEST(Observe, IsKeyedByItsRandomStream) {
  const auto at = [](std::uint64_t index) {
    Random random(5, "spectrum-noise", index);
    return observe(model(), instruments()[1], kCoolStar, {}, random);
  };
  EXPECT_EQ(at(4), at(4));
  EXPECT_NE(at(4).value, at(5).value);
}

TEST(Observe, LosesBinsWithoutFillingThem) {
  double lost = 0.0, all = 0.0;
  for (std::uint64_t index = 0; index < 400; ++index) {
    Random random(11, "spectrum-noise", index);
    const planet::Spectrum s = observe(model(), instruments()[4], kCoolStar, {}, random);
    const double bins = std::ceil(std::log(20.0) * 100.0);
    lost += bins - static_cast<double>(s.size());
    all += bins;
  }
  EXPECT_NEAR(lost / all, 0.04, 0.005);  // mean of a rate uniform up to 8 %
}

TEST(Observe, RefusesAModelThatDoesNotCoverIt) {
  planet::Spectrum part = model();
  for (auto* column : {&part.wavelengthUm, &part.lowerEdgeUm, &part.upperEdgeUm, &part.value}) column->resize(300);
  Random random(1, "spectrum-noise", 0);
  EXPECT_THROW(observe(part, instruments()[0], kCoolStar, {}, random), Error);
}

TEST(Spots, FactorMatchesRackhamsExample) {
  // Rackham et al. 2018, eq. 3: spots as dark as nothing cover f: 1 / (1 - f).
  EXPECT_NEAR(spotFactor({0.05, 1e-2}, 3000.0, 1.0), 1.0 / 0.95, 1e-9);
  EXPECT_DOUBLE_EQ(spotFactor({0.0, 0.86}, 3000.0, 1.0), 1.0);
  EXPECT_DOUBLE_EQ(spotFactor({0.3, 1.0}, 3000.0, 1.0), 1.0);
  // Rayleigh-Jeans limit: the flux ratio is the temperature ratio.
  EXPECT_NEAR(spotFactor({0.1, 0.86}, 3000.0, 5000.0), 1.0 / (1.0 - 0.1 * 0.14), 1e-4);
  EXPECT_GT(spotFactor({0.05, 0.86}, 3000.0, 0.7), spotFactor({0.05, 0.86}, 3000.0, 5.0));
}

TEST(Spots, MDwarfsCarryTheMost) {
  const auto mean = [](double temperature) {
    double sum = 0.0;
    for (std::uint64_t i = 0; i < 2000; ++i) {
      Random random(2, "spots", i);
      sum += drawSpots({temperature, 1.0, 1.0, 1.0, 5.0}, random).coveredFraction;
    }
    return sum / 2000.0;
  };
  EXPECT_NEAR(mean(3000.0), 0.02, 0.003);  // half of the stars, uniform up to 0.08
  EXPECT_GT(mean(3000.0), mean(4500.0));
  EXPECT_GT(mean(4500.0), mean(5700.0));
}

TEST(Observe, SpotsScaleTheDepth) {
  Random a(5, "spectrum-noise", 1), b(5, "spectrum-noise", 1);
  const Spots spots{0.08, 0.86};
  const planet::Spectrum clean = observe(model(), instruments()[0], kCoolStar, {}, a);
  const planet::Spectrum spotted = observe(model(), instruments()[0], kCoolStar, spots, b);
  ASSERT_EQ(clean.size(), spotted.size());
  for (std::size_t i = 0; i < clean.size(); ++i) {
    const double factor = spotFactor(spots, kCoolStar.temperatureK, clean.wavelengthUm[i]);
    ASSERT_NEAR(spotted.value[i] - clean.value[i], (factor - 1.0) * clean.value[i],
                0.2 * (factor - 1.0) * clean.value[i]);
  }
}

}  // namespace
}  // namespace ecumene::data::physics::spectrum
