// SPDX-License-Identifier: Apache-2.0
#include "data/planet/spectrum.h"

#include <gtest/gtest.h>

#include <cmath>

#include "data/base/error.h"

namespace ecumene::data::planet {
namespace {

Spectrum bins(const std::vector<double>& edges, const std::vector<double>& values, double sigma) {
  Spectrum s;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    s.lowerEdgeUm.push_back(edges[i]);
    s.upperEdgeUm.push_back(edges[i + 1]);
    s.wavelengthUm.push_back(0.5 * (edges[i] + edges[i + 1]));
    s.value.push_back(values[i]);
    s.sigmaLower.push_back(sigma);
    s.sigmaUpper.push_back(sigma);
  }
  return s;
}

TEST(ModelGrid, IsLogSpacedFrom06To12Micrometres) {
  const auto edges = modelEdgesUm();
  EXPECT_DOUBLE_EQ(edges[0], 0.6);
  EXPECT_NEAR(edges[1000], 12.0, 1e-12);
  const double power = edges[500] / (edges[501] - edges[500]);
  EXPECT_NEAR(power, 1000.0 / std::log(20.0), 1.0);  // R ~ 334
}

TEST(Rebin, KeepsTheIntegralOfFineBins) {
  // A linear depth in fine bins of width w: the coarse mean is the line at the bin's middle, up to the constant pieces
  // cut at both edges, at most slope w^2 / (4 W) = 5e-9 for coarse bins of width W >= 0.0018 um.
  std::vector<double> edges;
  std::vector<double> values;
  for (int i = 0; i <= 20000; ++i) edges.push_back(0.5 + 0.0006 * i);
  for (int i = 0; i < 20000; ++i)
    values.push_back(0.01 + 1e-4 * 0.5 * (edges[static_cast<std::size_t>(i)] + edges[static_cast<std::size_t>(i) + 1]));
  const ModelSpectrum m = rebin(bins(edges, values, 1e-5));
  const auto grid = modelEdgesUm();
  for (std::size_t i = 0; i < kModelPoints; ++i) {
    ASSERT_TRUE(m.present[i]);
    ASSERT_NEAR(m.value[i], 0.01 + 1e-4 * 0.5 * (grid[i] + grid[i + 1]), 5e-9);
  }
}

TEST(Rebin, WideBinRepeatsWithSigmaGrownBySqrtN) {
  const auto grid = modelEdgesUm();
  const ModelSpectrum m = rebin(bins({grid[100], grid[104]}, {0.02}, 3e-5));
  double combined = 0.0;
  for (std::size_t i = 0; i < kModelPoints; ++i) {
    ASSERT_EQ(m.present[i] != 0, i >= 100 && i < 104);
    if (m.present[i] == 0) continue;
    EXPECT_DOUBLE_EQ(m.value[i], 0.02);
    EXPECT_NEAR(m.sigma[i], 3e-5 * 2.0, 1e-6);
    const double share = (grid[i + 1] - grid[i]) / (grid[104] - grid[100]);
    combined += share * share * m.sigma[i] * m.sigma[i];
  }
  EXPECT_NEAR(std::sqrt(combined), 3e-5, 1e-12);  // averaging the points gives the source bin's sigma back
}

TEST(Rebin, EqualNoiseAveragesDown) {
  const auto grid = modelEdgesUm();
  std::vector<double> edges;
  for (int i = 0; i <= 16; ++i) edges.push_back(grid[300] + (grid[301] - grid[300]) * i / 16.0);
  const ModelSpectrum m = rebin(bins(edges, std::vector<double>(16, 0.01), 4e-5));
  EXPECT_NEAR(m.sigma[300], 1e-5, 1e-12);
}

TEST(ValidateSpectrum, NamesThePoint) {
  Spectrum good = bins({1.0, 2.0, 3.0}, {0.1, 0.2}, 0.01);
  EXPECT_NO_THROW(validate(good));
  Spectrum unsorted = good;
  std::swap(unsorted.wavelengthUm[0], unsorted.wavelengthUm[1]);
  EXPECT_THROW(validate(unsorted), Error);
  sortByWavelength(good);
  Spectrum negative = good;
  negative.sigmaLower[1] = -1.0;
  EXPECT_THROW(validate(negative), Error);
  Spectrum ragged = good;
  ragged.value.pop_back();
  EXPECT_THROW(validate(ragged), Error);
  EXPECT_THROW(validate(Spectrum{}), Error);
}

TEST(SortByWavelength, MovesWholeRows) {
  Spectrum s = bins({1.0, 2.0, 3.0, 4.0}, {0.1, 0.2, 0.3}, 0.01);
  Spectrum reversed = s;
  for (auto* column : {&reversed.wavelengthUm, &reversed.lowerEdgeUm, &reversed.upperEdgeUm, &reversed.value}) {
    std::swap((*column)[0], (*column)[2]);
  }
  sortByWavelength(reversed);
  EXPECT_EQ(reversed, s);
}

TEST(EdgesFromCentres, LieHalfwayAndAreSymmetricOutside) {
  Spectrum s;
  s.wavelengthUm = {1.0, 2.0, 4.0};
  edgesFromCentres(s);
  EXPECT_EQ(s.lowerEdgeUm, (std::vector<double>{0.5, 1.5, 3.0}));
  EXPECT_EQ(s.upperEdgeUm, (std::vector<double>{1.5, 3.0, 5.0}));
  Spectrum single;
  single.wavelengthUm = {1.0};
  EXPECT_THROW(edgesFromCentres(single), Error);
}

}  // namespace
}  // namespace ecumene::data::planet
