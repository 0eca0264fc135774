// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/layers/linear.h"
#include "models/layers/norm.h"
#include "models/layers/tokens.h"

namespace ecumene::models::unified {

/// Features of a view as tokens that a language model reads: [B, in] -> [B, count, width], each sample's kept where
/// the view is there. Features of a sample without the view are never read, whatever they are.
class SoftTokens : public torch::nn::Module {
 public:
  SoftTokens(const layers::Init& init, std::int64_t in, std::int64_t count, std::int64_t width);
  layers::Tokens forward(const torch::Tensor& features_BC, const torch::Tensor& keep_B) const;

 private:
  std::int64_t count_;
  std::shared_ptr<layers::RmsNorm> norm_;
  std::shared_ptr<layers::Linear> project_;
  torch::Tensor position_PC_;
};

/// Sequences one after another along T. Undefined ones are left out; undefined if all are.
layers::Tokens concatenate(const std::vector<layers::Tokens>& parts);
/// Mean of the kept tokens, [B, C]; zero where none is kept. The others are never read.
torch::Tensor pool(const layers::Tokens& tokens);

}  // namespace ecumene::models::unified
