// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>

#include "models/spec/model_spec.h"

// Shape letters: B samples (cubes, where each sample has its own), V variables on levels (4), S variables on the
// surface (6), W = V + S, E epochs of geological time, M months (12), Y latitudes from south to north (32), X
// longitudes (64), L levels (10), P patches, H some of them.
namespace ecumene::models::climate {

/// Climate cubes, normalised per variable (data/batch). What is absent is marked, whatever its values are.
struct ClimateInput {
  torch::Tensor levels_BVEMYXL;
  torch::Tensor surface_BSEMYX;
  torch::Tensor present_BW;        ///< bool, canonical order of variables
  torch::Tensor keep_B;            ///< bool: this planet has a cube, and it is not hidden
  torch::Tensor latitudeDeg_Y;     ///< float
  torch::Tensor latitudeWeight_Y;  ///< area shares, sum 1
  torch::Tensor sigma_L;           ///< p / p_s of the levels
  torch::Tensor hidden_BP;         ///< bool: patches hidden for the reconstruction; undefined: none
  /// [samples], int64: which of the cubes above a sample reads, where some share one, as those of a planet do. keep_B
  /// is then of the samples, everything else of the cubes. Undefined: each sample has its own.
  torch::Tensor cube_B;
};

/// The cubes alone, each kept if a sample that reads it is: without cube_B the input itself.
ClimateInput perCube(const ClimateInput& input);

inline constexpr std::int64_t kLevelVariables = 4, kSurfaceVariables = 6, kVariables = 10;
inline constexpr std::int64_t kMonths = 12, kLatitudes = 32, kLongitudes = 64, kLevels = 10;
/// Values of one cell of the map in one month: the variables on all levels, then those of the surface.
inline constexpr std::int64_t kLevelValues = kLevelVariables * kLevels, kCellValues = kLevelValues + kSurfaceVariables;

/// Patches of cubes, N of any planets. C: cells of a patch (month, latitude, longitude).
struct PatchValues {
  torch::Tensor levels_NVCL;
  torch::Tensor surface_NSC;
};

/// Where some patches lie, in the order of all patches of the batch: planet, epoch, month, latitude, longitude.
struct PatchPlaces {
  torch::Tensor flat_H;                                               ///< int64, among all patches of the batch
  torch::Tensor planet_H, epoch_H, month_H, latitude_H, longitude_H;  ///< int64, on the grid of patches
};

/// How a cube is cut: patches of months x latitudes x longitudes, in this order, epochs outermost.
class PatchGrid {
 public:
  explicit PatchGrid(const spec::ClimateSpec& spec);
  [[nodiscard]] std::int64_t months() const { return kMonths / patchMonths_; }
  [[nodiscard]] std::int64_t latitudes() const { return kLatitudes / patchLatitudes_; }
  [[nodiscard]] std::int64_t longitudes() const { return kLongitudes / patchLongitudes_; }
  [[nodiscard]] std::int64_t patches(std::int64_t epochs = 1) const {
    return epochs * months() * latitudes() * longitudes();
  }
  [[nodiscard]] std::int64_t cells() const { return patchMonths_ * patchLatitudes_ * patchLongitudes_; }
  [[nodiscard]] std::int64_t patchMonths() const { return patchMonths_; }

  /// All patches of the cubes as copies, [B * P, ..].
  [[nodiscard]] PatchValues cut(const torch::Tensor& levels_BVEMYXL, const torch::Tensor& surface_BSEMYX) const;
  /// Some of them, [H, ..].
  [[nodiscard]] PatchValues gather(const torch::Tensor& levels_BVEMYXL, const torch::Tensor& surface_BSEMYX,
                                   const PatchPlaces& places) const;
  /// The patches of a mask [B, P].
  [[nodiscard]] PatchPlaces places(const torch::Tensor& mask_BP) const;
  /// A value per latitude on the cells of some patches: [Y] -> [H, C].
  [[nodiscard]] torch::Tensor onCells(const torch::Tensor& perLatitude_Y, const PatchPlaces& places) const;
  /// Mean of a value per latitude over the rows of patches: [Y] -> [latitudes()].
  [[nodiscard]] torch::Tensor rows(const torch::Tensor& perLatitude_Y) const;

 private:
  std::int64_t patchMonths_, patchLatitudes_, patchLongitudes_;
};

}  // namespace ecumene::models::climate
