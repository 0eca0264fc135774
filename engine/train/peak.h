// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <optional>
#include <string>
#include <string_view>

namespace ecumene::engine::train {

/// "CPU", or a GPU as its driver calls it: "NVIDIA H200"; "GPU" where the driver does not say.
std::string deviceName(const torch::Device& device);

/// Floating-point operations a second of dense matrix products that the device's maker promises for a number type of
/// train.precision; none where the device is not in the table. Source: NVIDIA's data sheets, the numbers with sparsity
/// halved.
std::optional<double> peakFlopsPerSecond(std::string_view device, std::string_view precision);

/// What there is of mfu, for who watches: "NVIDIA H200: at most 989.5 TFLOP/s in bfloat16, of which mfu is the share".
std::string peakInWords(std::string_view device, std::string_view precision);

}  // namespace ecumene::engine::train
