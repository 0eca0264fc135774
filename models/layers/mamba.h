// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/layers/linear.h"

// Shape letters: B batch, T positions, C model width, E inner width, N state width.
namespace ecumene::models::layers {

/// Selective scan (Gu & Dao 2023, arXiv 2312.00752, eqs. 2 and 4 with the discretisation of its code):
/// h_t = exp(dt_t A) h_(t-1) + dt_t u_t B_t, y_t = C_t . h_t, from `state` [B, E, N], which becomes the last h.
/// u and dt [B, T, E], A [E, N] negative, B and C [B, T, N] -> y [B, T, E]. Positions with dt = 0 leave no trace.
/// Within blocks of positions by doubling steps, whose factors are at most 1. Time grows with T; memory of the forward
/// pass alone is O(T E), with gradients O(T E N): the doublings are computed again in the backward pass.
torch::Tensor selectiveScan(const torch::Tensor& u_BTE, const torch::Tensor& dt_BTE, const torch::Tensor& A_EN,
                            const torch::Tensor& B_BTN, const torch::Tensor& C_BTN, torch::Tensor& state_BEN);

/// What a Mamba layer has kept of the positions before: undefined at first.
struct MambaState {
  torch::Tensor inputs_BTE;  ///< the last inputs of the convolution
  torch::Tensor state_BEN;
};

/// Mamba block: a causal convolution over 4 positions and the selective scan, gated; inner width 2 C, state width 16,
/// step rank C / 16. Takes the place of self-attention; has no positions and no attention weights.
class Mamba : public torch::nn::Module {
 public:
  Mamba(const Init& init, std::int64_t width);
  /// x [B, T, C] -> [B, T, C]. Positions with keep [B, T] false (undefined: none) never reach later ones. With a state
  /// x continues what the state has seen.
  torch::Tensor forward(const torch::Tensor& x_BTC, const torch::Tensor& keep_BT, MambaState* state = nullptr) const;

  std::shared_ptr<Linear> in, select, step, out;
  torch::Tensor convolution, convolutionBias;  ///< [E, 4], [E]
  torch::Tensor logDecay, skip;                ///< log(-A) [E, N], [E]
};

}  // namespace ecumene::models::layers
