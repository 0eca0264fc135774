// SPDX-License-Identifier: Apache-2.0
#include "data/physics/climate/land_mask.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#include "data/base/random.h"

namespace ecumene::data::physics::climate {
namespace {

constexpr std::size_t kDegree = 8;
constexpr double kShore = 0.1;  // half width of the fractional shore, of the noise's standard deviation

// Associated Legendre functions P_lm(x), l <= kDegree, normalised to unit mean square over the sphere with cos(m lon)
// or sin(m lon) (geodesy's full normalisation), by the standard forward recurrence (Holmes & Featherstone 2002).
struct Legendre {
  double value[kDegree + 1][kDegree + 1] = {};
  explicit Legendre(double x) {
    const double u = std::sqrt(1.0 - x * x);
    value[0][0] = 1.0;
    for (std::size_t m = 1; m <= kDegree; ++m) {
      const auto k = static_cast<double>(m);
      value[m][m] = value[m - 1][m - 1] * u * (m == 1 ? std::sqrt(3.0) : std::sqrt((2.0 * k + 1.0) / (2.0 * k)));
    }
    for (std::size_t m = 0; m <= kDegree; ++m) {
      for (std::size_t l = m + 1; l <= kDegree; ++l) {
        const auto n = static_cast<double>(l);
        const auto k = static_cast<double>(m);
        const double a = std::sqrt((2.0 * n - 1.0) * (2.0 * n + 1.0) / ((n - k) * (n + k)));
        const double b =
            std::sqrt((2.0 * n + 1.0) * (n + k - 1.0) * (n - k - 1.0) / ((n - k) * (n + k) * (2.0 * n - 3.0)));
        value[l][m] = a * x * value[l - 1][m] - (l >= m + 2 ? b * value[l - 2][m] : 0.0);
      }
    }
  }
};

std::vector<double> relief(const SphereGrid& grid, std::uint64_t seed) {
  double cosine[kDegree + 1][kDegree + 1] = {};
  double sine[kDegree + 1][kDegree + 1] = {};
  Random random(seed, "land-mask");
  for (std::size_t l = 1; l <= kDegree; ++l) {
    const double deviation = std::pow(static_cast<double>(l), -1.5);
    for (std::size_t m = 0; m <= l; ++m) {
      cosine[l][m] = random.normal(0.0, deviation);
      sine[l][m] = random.normal(0.0, deviation);
    }
  }
  std::vector<double> height(grid.cells(), 0.0);
  const std::size_t n = grid.longitudes;
  for (std::size_t i = 0; i < grid.belts(); ++i) {
    const Legendre legendre(grid.sinLatitude[i]);
    for (std::size_t j = 0; j < n; ++j) {
      const double longitude = 2.0 * std::numbers::pi * static_cast<double>(j) / static_cast<double>(n);
      for (std::size_t m = 0; m <= kDegree; ++m) {
        double c = 0.0;
        double s = 0.0;
        for (std::size_t l = std::max<std::size_t>(1, m); l <= kDegree; ++l) {
          c += cosine[l][m] * legendre.value[l][m];
          s += sine[l][m] * legendre.value[l][m];
        }
        const double angle = static_cast<double>(m) * longitude;
        height[i * n + j] += c * std::cos(angle) + s * std::sin(angle);
      }
    }
  }
  return height;
}

}  // namespace

std::vector<double> oceanFraction(const SphereGrid& grid, const planet::Surface& surface) {
  const double wanted = surface.oceanFraction;
  if (surface.uniform || wanted <= 0.0 || wanted >= 1.0) return std::vector<double>(grid.cells(), wanted);
  const std::vector<double> height = relief(grid, surface.landSeed);
  const double mean = grid.mean(height);
  std::vector<double> squares;
  for (const double h : height) squares.push_back((h - mean) * (h - mean));
  const double shore = kShore * std::sqrt(grid.mean(squares));

  std::vector<double> ocean(grid.cells());
  const auto flood = [&](double level) {
    for (std::size_t k = 0; k < height.size(); ++k) {
      ocean[k] = std::clamp(0.5 + 0.5 * (level - height[k]) / shore, 0.0, 1.0);
    }
    return grid.mean(ocean);
  };
  double low = *std::min_element(height.begin(), height.end()) - shore;
  double high = *std::max_element(height.begin(), height.end()) + shore;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (flood(middle) < wanted ? low : high) = middle;
  }
  flood(high);
  return ocean;
}

}  // namespace ecumene::data::physics::climate
