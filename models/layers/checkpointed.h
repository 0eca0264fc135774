// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <functional>
#include <vector>

namespace ecumene::models::layers {

/// Name of the at::RecordScope::USER_SCOPE around what a backward pass computes a second time, for who counts what a
/// model computes.
inline constexpr const char* kRecomputed = "recomputed";

/// y = forward(x), of which only x is kept for the backward pass: there forward(x) is computed a second time, under
/// the same autocast and with the same random numbers of Torch's generator (activation checkpointing, Chen et al. 2016,
/// arXiv 1604.06174). Gradients are those without checkpointing. `parameters`: all others that `forward` reads and that
/// want gradients, none of them a function of another; `forward` must live on until the backward pass and write
/// nothing. Without gradients: forward(x).
torch::Tensor checkpointed(const std::function<torch::Tensor(const torch::Tensor&)>& forward, const torch::Tensor& x,
                           const std::vector<torch::Tensor>& parameters);

}  // namespace ecumene::models::layers
