// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/fusion/heads.h"
#include "models/layers/linear.h"
#include "models/spectrum/scalars.h"

namespace ecumene::models::unified {

/// What the scalars and fusion's answers about the planet say of growth at once: a linear path to the logit of
/// `viable`, beside the deep one ("wide and deep", Cheng et al. 2016, arXiv 1606.07792). Features: the scalars, at most
/// 3 deviations from the mean, with bits for those absent; their squares and products; hinges max(0, v - k) at k = -1,
/// 0, 1; the planet's answers as probabilities (regime, habitable) and of f_hab and h050 the masses at 0 and 1 and the
/// mean; the archetype, and that times the scalars and times the answers. Begins at zero. Absent scalars are never
/// read; where the scalars are hidden as a whole they do not speak, and without a named archetype no product with one
/// does.
class WidePath : public torch::nn::Module {
 public:
  explicit WidePath(const layers::Init& init);
  /// archetype_B: int64, -1 where the network is hidden or has none. `planet`: its viable_B is not read. Gives [B].
  torch::Tensor forward(const spectrum::ScalarInput& scalars, const torch::Tensor& archetype_B,
                        const fusion::Prediction& planet) const;

 private:
  std::shared_ptr<layers::Linear> linear_;
};

}  // namespace ecumene::models::unified
