// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <map>
#include <string>
#include <string_view>

namespace ecumene::engine::optim {

using NamedTensors = std::map<std::string, torch::Tensor>;

/// Copies the values of `from` into the tensors of `to`, across devices. Throws Error naming `what` and the tensor that
/// is missing, unknown, or of another shape or type; then nothing has been copied.
void copyTensors(const NamedTensors& from, NamedTensors& to, std::string_view what);

}  // namespace ecumene::engine::optim
