// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include "models/spec/model_spec.h"

// Shape letters: S positions of the whole sequence, T the last of them, D head width, H heads, B batch.
namespace ecumene::models::language {

/// Rotary position embedding (Su et al. 2021, arXiv 2104.09864) in the half-split layout of the Llama family: pairs are
/// (i, i + D/2). Angles are computed in float32. Scaling kinds of the family: none; linear (positions divided by the
/// factor); dynamic (theta raised for sequences longer than the original length, NTK-aware); llama3 (frequencies below
/// originalLength / lowFactor turns divided by the factor, those above originalLength / highFactor kept, a ramp
/// between).
class Rope {
 public:
  explicit Rope(const spec::LanguageSpec& spec);
  /// Shortens the longest wavelength, 2 pi theta^((D - 2) / D), to `reach` in (0, 1] of what it is: theta becomes theta
  /// reach^(D / (D - 2)), the shortest wavelength stays (the base change of NTK-aware scaling, the other way). For a
  /// warm-up of training; 1, as at first: as the spec says. No effect on heads of width 2, which have one wavelength.
  void setReach(double reach) { reach_ = reach; }
  /// cos and sin [S, D] of positions 0 .. S - 1 of a sequence of S positions (dynamic scaling depends on S).
  struct Angles {
    torch::Tensor cos, sin;
  };
  [[nodiscard]] Angles angles(std::int64_t length, const torch::TensorOptions& options) const;

 private:
  [[nodiscard]] torch::Tensor frequencies(std::int64_t length) const;
  spec::LanguageSpec spec_;
  double reach_ = 1.0;
};

/// x [B, H, T, D] turned by the last T of the angles' positions.
torch::Tensor rotate(const torch::Tensor& x_BHTD, const Rope::Angles& angles);

}  // namespace ecumene::models::language
