// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace ecumene::data::physics::climate {

/// Cells of the unit sphere: belts of latitude (or of substellar angle), each cut into `longitudes` equal cells.
/// Fields are flat, latitude-major: cell = belt * longitudes + longitude.
struct SphereGrid {
  std::vector<double> sinLatitude;  ///< x of the belt's centre, ascending
  std::vector<double> edge;         ///< x of the belts' edges, from -1 to 1, belts + 1
  std::vector<double> share;        ///< area share of each belt, (edge[i+1] - edge[i]) / 2, sums to 1
  std::size_t longitudes = 1;

  [[nodiscard]] std::size_t belts() const { return sinLatitude.size(); }
  [[nodiscard]] std::size_t cells() const { return belts() * longitudes; }
  /// Area mean of a field of cells.
  [[nodiscard]] double mean(const std::vector<double>& field) const;
};

/// Gaussian latitudes; the belts' edges are the running sums of the Gaussian weights (they separate the nodes).
SphereGrid gaussianGrid(std::size_t belts, std::size_t longitudes);
/// Belts of equal area with the centre in the middle of x.
SphereGrid equalAreaGrid(std::size_t belts, std::size_t longitudes = 1);

}  // namespace ecumene::data::physics::climate
