// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

namespace ecumene::test {

/// A picture's brightness, 0 to 255, a row after the other from the top.
struct GreyPicture {
  std::size_t width = 0, height = 0;
  std::vector<double> values;
};

/// Mean structural similarity of two pictures of one size: 1 for equal ones (Wang et al. 2004, IEEE Trans. Image
/// Process. 13, 600, eq. 13, with windows of 8 x 8 pixels every 4 pixels).
inline double similarity(const GreyPicture& a, const GreyPicture& b) {
  if (a.width != b.width || a.height != b.height || a.width < 8 || a.height < 8) {
    throw std::invalid_argument("pictures of different or too small size are not compared");
  }
  constexpr std::size_t kWindow = 8, kStep = 4;
  constexpr double kC1 = 0.01 * 255 * 0.01 * 255, kC2 = 0.03 * 255 * 0.03 * 255;
  double sum = 0.0;
  std::size_t windows = 0;
  for (std::size_t top = 0; top + kWindow <= a.height; top += kStep) {
    for (std::size_t left = 0; left + kWindow <= a.width; left += kStep) {
      double meanA = 0, meanB = 0, squareA = 0, squareB = 0, product = 0;
      for (std::size_t y = top; y < top + kWindow; ++y) {
        for (std::size_t x = left; x < left + kWindow; ++x) {
          const double p = a.values[y * a.width + x], q = b.values[y * b.width + x];
          meanA += p;
          meanB += q;
          squareA += p * p;
          squareB += q * q;
          product += p * q;
        }
      }
      constexpr double kCount = kWindow * kWindow;
      meanA /= kCount;
      meanB /= kCount;
      const double varianceA = squareA / kCount - meanA * meanA;
      const double varianceB = squareB / kCount - meanB * meanB;
      const double covariance = product / kCount - meanA * meanB;
      sum += (2 * meanA * meanB + kC1) * (2 * covariance + kC2) /
             ((meanA * meanA + meanB * meanB + kC1) * (varianceA + varianceB + kC2));
      ++windows;
    }
  }
  return sum / static_cast<double>(windows);
}

}  // namespace ecumene::test
