// SPDX-License-Identifier: Apache-2.0
// Truth: ranges of few planets and quantities of small spectra, by hand.
#include "engine/report/ranges.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "data/base/error.h"
#include "tests/support/sample_planet.h"
#include "tests/support/temp_folder.h"

namespace {

using namespace ecumene;
using namespace ecumene::engine::report;
using data::planet::ModelSpectrum;
using data::planet::ScalarId;

ScalarValues scalarsOf(double flux, double radius) {
  ScalarValues values;
  values.fill(kMissing);
  values[static_cast<std::size_t>(ScalarId::kStellarFlux)] = flux;
  values[static_cast<std::size_t>(ScalarId::kPlanetRadius)] = radius;
  return values;
}

Quantities known(double flux, double radius) {
  return quantitiesOf(scalarsOf(flux, radius), nullptr);
}

std::vector<std::string> names(const std::vector<BrokenRange>& broken) {
  std::vector<std::string> made;
  for (const BrokenRange& range : broken) made.push_back(range.quantity);
  return made;
}

/// Depths of the first bins, with their errors; those without are not read.
ModelSpectrum spectrum(const std::vector<double>& depths, double sigma) {
  ModelSpectrum made{std::vector<double>(10, 0.0), std::vector<double>(10, 0.0), std::vector<unsigned char>(10, 0)};
  for (std::size_t i = 0; i < depths.size(); ++i) {
    made.value[i] = depths[i];
    made.sigma[i] = sigma;
    made.present[i] = 1;
  }
  return made;
}

TEST(Ranges, NameWhatIsBeyondThem) {
  Ranges ranges;
  EXPECT_TRUE(ranges.empty());
  for (const Quantities& row : {known(400, 0.8), known(1400, kMissing), known(900, 1.6)}) ranges.widen(row);
  EXPECT_FALSE(ranges.empty());
  const auto broken = ranges.broken(known(1500, 0.7));
  ASSERT_EQ(names(broken), (std::vector<std::string>{"stellar_flux", "planet_radius"}));
  EXPECT_EQ(broken[0].unit, "W m-2");
  EXPECT_EQ(broken[0].value, 1500.0);
  EXPECT_EQ(broken[0].low, 400.0);
  EXPECT_EQ(broken[0].high, 1400.0);
  EXPECT_TRUE(ranges.broken(known(400, kMissing)).empty());
  EXPECT_TRUE(ranges.broken(known(391, 1.607)).empty());  // a hundredth of the width
  EXPECT_EQ(ranges.broken(known(389, 1.609)).size(), 2U);
  Quantities other = known(900, 1.0);
  other[static_cast<std::size_t>(ScalarId::kObliquity)] = 80.0;  // no train planet has one
  EXPECT_TRUE(ranges.broken(other).empty());
}

TEST(Ranges, AreOfSpectraToo) {
  // Median 300 ppm, 16 % and 84 % quantiles of five even steps of 100 ppm: 0.6826 of two steps from the median.
  const ModelSpectrum seen = spectrum({100e-6, 200e-6, 300e-6, 400e-6, 500e-6}, 30e-6);
  const Quantities row = quantitiesOf(scalarsOf(kMissing, kMissing), &seen);
  const std::size_t first = data::planet::kScalarCount;
  EXPECT_NEAR(row[first], 300.0, 1e-9);
  EXPECT_NEAR(row[first + 1], 0.6826 * 200.0, 1e-6);
  EXPECT_NEAR(row[first + 2], 30.0, 1e-9);
  EXPECT_NEAR(row[first + 3], 0.5, 1e-12);
  EXPECT_FALSE(anyScalarKnown(row));
  EXPECT_TRUE(anyScalarKnown(known(1.0, kMissing)));
  const ModelSpectrum wider = spectrum({90e-6, 195e-6, 300e-6, 405e-6, 510e-6}, 30e-6);
  Ranges ranges;
  ranges.widen(row);
  ranges.widen(quantitiesOf(scalarsOf(kMissing, kMissing), &wider));
  const ModelSpectrum deep = spectrum({0.020096, 0.020198, 0.0203, 0.020402, 0.020504}, 30e-6),
                      loud = spectrum({100e-6, 200e-6, 300e-6, 400e-6, 500e-6}, 90e-6),
                      flat = spectrum({300e-6, 300e-6, 300e-6, 300e-6, 300e-6}, 30e-6),
                      narrow = spectrum({130e-6, 300e-6, 470e-6}, 30e-6), blind = spectrum({1.0, 2.0}, 0.0);
  const auto broken = [&](const ModelSpectrum& given) {
    return names(ranges.broken(quantitiesOf(scalarsOf(kMissing, kMissing), &given)));
  };
  EXPECT_EQ(broken(deep), (std::vector<std::string>{"transit_depth_median"}));
  EXPECT_EQ(broken(loud), (std::vector<std::string>{"transit_depth_sigma"}));
  EXPECT_EQ(broken(flat), (std::vector<std::string>{"transit_depth_spread"}));
  EXPECT_EQ(broken(narrow).back(), "spectrum_coverage");
  EXPECT_TRUE(broken(blind).empty());  // depths without errors are not read
}

TEST(Ranges, ComeBackFromTheirText) {
  Ranges ranges;
  ranges.widen(known(0.1, 1.0 / 3.0));
  ranges.widen(known(1e7, 2.0));
  const Ranges again = Ranges::fromJson(ranges.toJson());
  EXPECT_EQ(again.toJson(), ranges.toJson());
  EXPECT_TRUE(again.broken(known(0.1, 1.0 / 3.0)).empty());
  EXPECT_EQ(again.broken(known(2e7, 2.1)).size(), 2U);
  EXPECT_THROW(Ranges::fromJson("[1]"), Error);
  EXPECT_THROW(Ranges::fromJson(R"({"planet_radius": [1]})"), Error);
}

TEST(Ranges, OfAStoreHaveEverySpectrumOfAPlanet) {
  const test::TempFolder folder;
  auto store = data::store::Store::open(folder / "store", data::store::Mode::kCreate);
  const data::planet::Planet planet = test::samplePlanet(1, {true, 4, 8, 3, 8, 0, 1});
  const std::string id = store.add(planet).id;
  const auto found = planetQuantities(store, {});
  ASSERT_EQ(found.size(), 1U);
  const std::vector<Quantities>& rows = found.at(id);
  ASSERT_EQ(rows.size(), planet.spectra.size());
  std::vector<double> covered, sigmas, expected;
  for (const Quantities& row : rows) {
    covered.push_back(row.back());
    sigmas.push_back(row[data::planet::kScalarCount + 2]);
  }
  EXPECT_TRUE(std::ranges::is_sorted(covered, std::greater{}));
  for (const data::planet::Spectrum& one : planet.spectra) {
    const ModelSpectrum seen = data::planet::rebin(one);
    expected.push_back(quantitiesOf(scalarValues(planet.scalars), &seen)[data::planet::kScalarCount + 2]);
  }
  std::ranges::sort(sigmas);
  std::ranges::sort(expected);
  EXPECT_EQ(sigmas, expected);
}

}  // namespace
