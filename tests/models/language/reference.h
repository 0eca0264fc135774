// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "models/language/language.h"

namespace ecumene::models::language {

/// Numbers without pattern, no generator: sin(0.7 i^2 + phase) * size, float64.
torch::Tensor wave(torch::IntArrayRef shape, double phase, double size = 1.0);

/// Overwrites all parameters with such numbers, norms around one.
void fill(torch::nn::Module& model);

/// Two layers of width 12 with grouped queries over 17 pieces, rotary base 50.
spec::LanguageSpec small();

/// The decoder with exact attention written out in loops over doubles, from the published formulas, for one text
/// without soft tokens: last hidden states [T][C]. `frequency`: radians per position of each pair of channels.
std::vector<std::vector<double>> hiddenByLoops(LanguageModel& model, const std::vector<std::int64_t>& ids,
                                               const std::vector<double>& frequency);

}  // namespace ecumene::models::language
