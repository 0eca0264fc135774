// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/layers/feed_forward.h"
#include "models/layers/tokens.h"
#include "models/spec/model_spec.h"

// Shape letters: B batch, N scalars (10), C channels.
namespace ecumene::models::spectrum {

/// planet_params, normalised, with their presence bits (dataset.md, "Scalars").
struct ScalarInput {
  torch::Tensor values_BN;   ///< [B, 10]; zero where absent
  torch::Tensor present_BN;  ///< bool; all false where the scalars are hidden
};

/// One token a scalar: a learned name, and its value through Fourier features (value times pi 2^k, k = -2..3) and an
/// MLP. Absent ones are not kept and their values never reach the output.
class ScalarModel : public torch::nn::Module {
 public:
  ScalarModel(const layers::Init& init, const spec::ScalarSpec& spec);
  layers::Tokens forward(const ScalarInput& input);

 private:
  std::shared_ptr<layers::GeluMlp> value_;
  torch::Tensor name_NC_;
};

}  // namespace ecumene::models::spectrum
