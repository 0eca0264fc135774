// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>

#include "models/fusion/fusion.h"
#include "models/layers/linear.h"

// Shape letters: B batch, N kept earlier samples, D width of the common space.
namespace ecumene::models::unified {

/// Cross-modal consistency: two views of one sample lie close in a common space, those of other planets apart. InfoNCE
/// (van den Oord et al. 2018, arXiv 1807.03748) over every pair of views, both ways. Samples of the same planet are
/// never negatives of each other, in the batch or in the bank. A bank of the last 256 samples' embeddings (detached;
/// buffers, so that checkpoints hold them) gives negatives to small micro-batches (He et al. 2020, arXiv 1911.05722).
class Contrast : public torch::nn::Module {
 public:
  static constexpr std::int64_t kBank = 256;
  static constexpr std::int64_t kWidth = 128;
  using Features = std::array<torch::Tensor, fusion::kViewCount>;  ///< [B, in] of each view, undefined: not used

  /// What the bank takes in of a batch: embeddings [B, kWidth] of each view, undefined where it was not used.
  struct Seen {
    std::array<torch::Tensor, fusion::kViewCount> embedded, keep;
    torch::Tensor planet_B;
  };

  Contrast(const layers::Init& init, const std::array<std::int64_t, fusion::kViewCount>& widths);
  /// keep[v] [B]: the sample has view v; features of those that have not are never read. planet [B], int64: equal for
  /// samples of one planet. Zero where no pair of views is there. The bank stays as it is: what it might take in
  /// goes to `seen`, if one is given.
  torch::Tensor loss(const Features& features, const Features& keep, const torch::Tensor& planet_B, double temperature,
                     Seen* seen = nullptr) const;
  /// Takes a batch into the bank, of one larger than the bank the last kBank samples.
  void remember(const Seen& seen);

 private:
  std::array<std::shared_ptr<layers::Linear>, fusion::kViewCount> projections_;
  torch::Tensor bank_VND_, bankKeep_VN_, bankPlanet_N_, next_;
};

}  // namespace ecumene::models::unified
