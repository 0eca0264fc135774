// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/fusion/share_distribution.h"
#include "models/layers/linear.h"
#include "models/layers/norm.h"
#include "models/spec/loss_spec.h"

// Shape letters: B batch, C width of the embedding, G regimes.
namespace ecumene::models::fusion {

inline constexpr std::int64_t kRegimes = 6;  ///< data::planet::Regime

/// What the heads say of a planet with a metabolism. Binary heads are logits.
struct Prediction {
  torch::Tensor regime_BG;  ///< logits
  torch::Tensor habitable_B, viable_B;
  ShareDistribution fHab, h050;
};

/// The five heads, one linear layer each on a normalised embedding: `viable` on that of growth, the others on that of
/// the planet. Used by fusion and by the language part's reasoning head, which has one embedding for both.
class Heads : public torch::nn::Module {
 public:
  Heads(const layers::Init& init, std::int64_t width);
  Prediction forward(const torch::Tensor& planet_BC, const torch::Tensor& growth_BC) const;

 private:
  std::shared_ptr<layers::RmsNorm> planetNorm_, growthNorm_;
  std::shared_ptr<layers::Linear> regime_, habitable_, viable_, fHab_, h050_;
};

/// Labels (dataset.md, "Labels"); NaN or -1 where missing.
struct Targets {
  torch::Tensor regime_B;               ///< int64, -1: missing
  torch::Tensor habitable_B, viable_B;  ///< 0 or 1, NaN: missing
  torch::Tensor fHab_B, h050_B;         ///< in [0, 1], NaN: missing
};

struct SupervisedLoss {
  torch::Tensor total;  ///< mean of the terms that have a label in the batch; zero if none has
  torch::Tensor regime, habitable, viable, fHab, h050;  ///< each the mean over its labels, zero without any
};

/// Cross-entropy of regime, habitable and viable, with label smoothing (Szegedy et al. 2016, arXiv 1512.00567, sec. 7)
/// or as focal loss (Lin et al. 2017, arXiv 1708.02002, eq. 5: alpha on the positive class; the regime, of many
/// classes, has no alpha), and negative log-likelihood of f_hab and h050. Missing labels take no part, in value or in
/// gradient.
SupervisedLoss supervisedLoss(const Prediction& prediction, const Targets& targets, const spec::LossSpec& spec);

}  // namespace ecumene::models::fusion
