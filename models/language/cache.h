// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

#include "models/layers/mamba.h"

namespace ecumene::models::language {

/// What a layer keeps of the positions that it has seen: rotated keys and values [B, K, S, D], or a Mamba layer's
/// state; each undefined at first.
struct LayerCache {
  torch::Tensor keys, values;
  layers::MambaState mamba;
};

/// What generation keeps between calls of LanguageModel::forward.
struct Cache {
  explicit Cache(std::int64_t layerCount) : layers(static_cast<std::size_t>(layerCount)) {}
  /// Positions seen so far, soft tokens included.
  [[nodiscard]] std::int64_t length() const { return keep_BS.defined() ? keep_BS.size(1) : 0; }

  std::vector<LayerCache> layers;
  torch::Tensor keep_BS;        ///< bool: which positions are real
  std::int64_t softTokens = 0;  ///< how many of them are soft tokens
};

}  // namespace ecumene::models::language
