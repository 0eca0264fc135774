// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <functional>
#include <vector>

namespace ecumene::models::layers {

/// Name of the at::RecordScope::USER_SCOPE around what a backward pass computes a second time, for who counts what a
/// model computes.
inline constexpr const char* kRecomputed = "recomputed";

/// y = forward(inputs), of which only the inputs are kept for the backward pass: there forward(inputs) is computed a
/// second time, under the same autocast and with the same random numbers of Torch's generator (activation
/// checkpointing, Chen et al. 2016, arXiv 1604.06174). Gradients are those without checkpointing. `parameters`: leaves
/// beside the inputs that `forward` reads and that want gradients; `forward` must live on until the backward pass and
/// write nothing. Without gradients: forward(inputs).
torch::Tensor checkpointed(const std::function<torch::Tensor(const std::vector<torch::Tensor>&)>& forward,
                           const std::vector<torch::Tensor>& inputs, const std::vector<torch::Tensor>& parameters = {});

}  // namespace ecumene::models::layers
