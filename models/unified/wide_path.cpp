// SPDX-License-Identifier: Apache-2.0
#include "models/unified/wide_path.h"

#include <vector>

#include "models/graph/graph.h"
#include "models/layers/precision.h"

namespace ecumene::models::unified {
namespace {

constexpr std::int64_t kScalars = spectrum::kScalarCount, kProducts = kScalars * (kScalars + 1) / 2, kHinges = 3;
constexpr std::int64_t kAnswers = fusion::kRegimes + 1 + 2 * 3;
constexpr std::int64_t kFeatures =
    (2 + kHinges) * kScalars + kProducts + kAnswers + graph::kArchetypes * (1 + kScalars + kAnswers);
/// Products of rare extremes would rule the sum.
constexpr double kFarthest = 3.0;
/// An optimiser moves a weight by its learning rate a step, whatever the gradient: larger features let these few
/// weights arrive in the steps that the deep path has.
constexpr double kFeatureSize = 10.0;

/// [B, kAnswers]
torch::Tensor answers(const fusion::Prediction& planet) {
  std::vector<torch::Tensor> all{torch::softmax(planet.regime_BG, 1), torch::sigmoid(planet.habitable_B).unsqueeze(1)};
  for (const fusion::ShareDistribution* share : {&planet.fHab, &planet.h050}) {
    const torch::Tensor mass = torch::softmax(share->logits, 1);
    all.push_back(mass.narrow(1, 0, 1));
    all.push_back(mass.narrow(1, fusion::kShareBins + 1, 1));
    all.push_back(fusion::mean(*share).unsqueeze(1));
  }
  return torch::cat(all, 1);
}

torch::Tensor features(const spectrum::ScalarInput& scalars, const torch::Tensor& archetype_B,
                       const torch::Tensor& answers_BN) {
  const torch::Tensor& present_BN = scalars.present_BN;
  const torch::Tensor v_BN =
      torch::where(present_BN, scalars.values_BN, torch::zeros_like(scalars.values_BN)).clamp(-kFarthest, kFarthest);
  const torch::Tensor there_BN = present_BN.to(v_BN.scalar_type());
  const torch::Tensor absent_BN = there_BN.amax(1, true) - there_BN;
  const torch::Tensor places = torch::tril_indices(kScalars, kScalars, 0, present_BN.options().dtype(torch::kLong));
  std::vector<torch::Tensor> all{v_BN, absent_BN, v_BN.index_select(1, places[0]) * v_BN.index_select(1, places[1])};
  all.push_back(answers_BN);
  for (const double hinge : {-1.0, 0.0, 1.0}) all.push_back((v_BN - hinge).clamp_min(0.0) * there_BN);
  const torch::Tensor which_BA =
      (archetype_B.unsqueeze(1) == torch::arange(graph::kArchetypes, archetype_B.options()).unsqueeze(0))
          .to(v_BN.scalar_type());
  const torch::Tensor told_BN = torch::cat({torch::ones_like(v_BN.narrow(1, 0, 1)), v_BN, answers_BN}, 1);
  all.push_back((which_BA.unsqueeze(2) * told_BN.unsqueeze(1)).flatten(1));
  return torch::cat(all, 1) * kFeatureSize;
}

}  // namespace

WidePath::WidePath(const layers::Init& init)
    : linear_(layers::add<layers::Linear>(*this, init, "linear", kFeatures, 1, false, 0.0)) {}

torch::Tensor WidePath::forward(const spectrum::ScalarInput& scalars, const torch::Tensor& archetype_B,
                                const fusion::Prediction& planet) const {
  const torch::Tensor answers_BN = answers(planet).to(scalars.values_BN.scalar_type());
  return layers::atLeastFloat32(linear_->forward(features(scalars, archetype_B, answers_BN)).squeeze(1));
}

}  // namespace ecumene::models::unified
