// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/layers/init.h"
#include "models/layers/tokens.h"
#include "models/spec/model_spec.h"

// Shape letters: B batch, N scalars (10), C channels, F
// features of a value (5).
namespace ecumene::models::spectrum {

inline constexpr std::int64_t kScalarCount = 10;

/// planet_params, normalised, with their presence bits (dataset.md, "Scalars").
struct ScalarInput {
  torch::Tensor values_BN;   ///< [B, 10]; zero where absent
  torch::Tensor present_BN;  ///< bool; all false where the scalars are hidden
};

/// One token a scalar: a learned name, and its value v, sin and cos of v pi/4 and of v pi/2, by weights of its own, so
/// that a mean of tokens still knows which value is whose. Smooth on purpose: sharp features of ten numbers name a
/// planet, and its labels are then remembered. Absent ones are not kept and their values never reach the output.
class ScalarModel : public torch::nn::Module {
 public:
  ScalarModel(const layers::Init& init, const spec::ScalarSpec& spec);
  layers::Tokens forward(const ScalarInput& input);

 private:
  torch::Tensor value_NFC_, name_NC_;
};

}  // namespace ecumene::models::spectrum
