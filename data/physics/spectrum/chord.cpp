// SPDX-License-Identifier: Apache-2.0
#include "data/physics/spectrum/chord.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "data/base/error.h"

namespace ecumene::data::physics::spectrum {
namespace {

constexpr double kCmPerM = 100.0;

/// E1(x), x > 0: (-1) times the exponential integral Ei(-x) of the standard library; 0 where it underflows.
double exponentialIntegral(double x) {
  return x > 700.0 ? 0.0 : -std::expint(-x);
}

/// Mean of a quantity that falls exponentially from a to b.
double logMean(double a, double b) {
  if (a <= 0.0 || b <= 0.0) return 0.5 * (a + b);
  const double ratio = a / b;
  if (std::abs(ratio - 1.0) < 1e-6) return 0.5 * (a + b);
  return (a - b) / std::log(ratio);
}

}  // namespace

ChordGeometry::ChordGeometry(std::span<const double> heightM, double radiusM) : levels_(heightM.size()) {
  if (levels_ < 2 || !(radiusM > 0.0)) throw Error("chords need two levels or more and a radius above 0");
  for (std::size_t i = 0; i + 1 < levels_; ++i) {
    double inner = 0.0;
    for (std::size_t j = i; j + 1 < levels_; ++j) {
      // (r_{j+1} - r_i)(r_{j+1} + r_i) keeps the digits that a difference of squares loses.
      const double outer = std::sqrt((heightM[j + 1] - heightM[i]) * (2.0 * radiusM + heightM[j + 1] + heightM[i]));
      lengthCm_.push_back(2.0 * kCmPerM * (outer - inner));
      // Along the chord height grows as the path squared, so a shell is crossed nearer its bottom: at the mean share
      // (outer + 2 inner) / (3 (outer + inner)) of its thickness instead of 1/2.
      lowering_.push_back((outer - inner) / (6.0 * (outer + inner)));
      inner = outer;
    }
  }
}

std::vector<double> ChordGeometry::columns(std::span<const double> atLevels) const {
  std::vector<double> shell(levels_ - 1);
  std::vector<double> fall(levels_ - 1, 0.0);  // of the quantity from bottom to top of a shell, times its mean
  for (std::size_t j = 0; j + 1 < levels_; ++j) {
    shell[j] = logMean(atLevels[j], atLevels[j + 1]);
    if (atLevels[j] > 0.0 && atLevels[j + 1] > 0.0) fall[j] = shell[j] * std::log(atLevels[j] / atLevels[j + 1]);
  }
  std::vector<double> column(levels_, 0.0);
  std::size_t k = 0;
  for (std::size_t i = 0; i + 1 < levels_; ++i) {
    double sum = 0.0;
    for (std::size_t j = i; j + 1 < levels_; ++j, ++k) sum += lengthCm_[k] * (shell[j] + lowering_[k] * fall[j]);
    column[i] = sum;
  }
  return column;
}

double effectiveHeightM(std::span<const double> heightM, std::span<const double> absorbed, double radiusM,
                        double floorM) {
  double integral = 0.0;
  for (std::size_t i = 0; i + 1 < heightM.size(); ++i) {
    const double high = heightM[i + 1];
    if (high <= floorM) continue;
    double low = heightM[i];
    double atLow = absorbed[i];
    if (low < floorM) {
      atLow += (absorbed[i + 1] - absorbed[i]) * (floorM - low) / (high - low);
      low = floorM;
    }
    integral += 0.5 * (high - low) * (atLow * (radiusM + low) + absorbed[i + 1] * (radiusM + high));
  }
  // sqrt(a^2 + 2 I) - R without losing digits to the subtraction.
  const double base = radiusM + floorM;
  return floorM + 2.0 * integral / (std::sqrt(base * base + 2.0 * integral) + base);
}

double closedFormHeight(double scaleHeight, double pressureExponent, double tau0) {
  return closedFormHeight(scaleHeight, pressureExponent, tau0, 0.0);
}

double closedFormHeight(double scaleHeight, double pressureExponent, double tau0, double floorHeight) {
  const double steps = 1.0 + pressureExponent;
  const double tau = tau0 * std::exp(-steps * floorHeight / scaleHeight);
  return floorHeight + scaleHeight / steps * (std::numbers::egamma + std::log(tau) + exponentialIntegral(tau));
}

double closedFormChordDepth(double density0PerCm3, double sigma0Cm2, double radiusCm, double scaleHeightCm,
                            double pressureExponent) {
  return density0PerCm3 * sigma0Cm2 *
         std::sqrt(2.0 * std::numbers::pi * radiusCm * scaleHeightCm / (1.0 + pressureExponent));
}

}  // namespace ecumene::data::physics::spectrum
