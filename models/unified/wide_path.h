// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/layers/linear.h"
#include "models/spectrum/scalars.h"

namespace ecumene::models::unified {

/// What the scalars say of growth at once: a linear path from features of the scalars and the archetype to the logit of
/// `viable`, beside the deep one ("wide and deep", Cheng et al. 2016, arXiv 1606.07792). Features: the scalars, at most
/// 3 deviations from the mean, with bits for those absent; their squares and products; hinges max(0, v - k) at k = -1,
/// 0, 1; the archetype, and that times the scalars. Begins at zero. Absent scalars are never read; where the scalars
/// are hidden as a whole only the archetype speaks, and without a named archetype only the scalars.
class WidePath : public torch::nn::Module {
 public:
  explicit WidePath(const layers::Init& init);
  /// archetype_B: int64, -1 where the network is hidden or has none. Gives [B].
  torch::Tensor forward(const spectrum::ScalarInput& scalars, const torch::Tensor& archetype_B) const;

 private:
  std::shared_ptr<layers::Linear> linear_;
};

}  // namespace ecumene::models::unified
