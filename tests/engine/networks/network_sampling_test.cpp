// SPDX-License-Identifier: Apache-2.0
// Truth: a model whose answer is set by hand, and one that learned its networks by heart.
#include "engine/networks/network_sampling.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <numeric>

#include "tests/models/graph/networks.h"

namespace ecumene::engine::networks {
namespace {

using models::graph::GraphModel;
using models::graph::metabolisms;
using models::graph::ReactionVocabulary;

models::spec::GraphSpec tinySpec() {
  models::spec::GraphSpec spec;
  spec.width = 16;
  spec.heads = 2;
  spec.layers = 1;
  spec.latentWidth = 12;
  spec.featureWidth = 16;
  spec.tokens = 2;
  spec.adapterWidth = 4;
  return spec;
}

class Sampling : public testing::Test {
 protected:
  Sampling() {
    for (const auto& m : all_) networks_.push_back(m.network);
    reference_ = std::make_unique<NetworkReference>(vocabulary_, networks_);
    model_ = std::make_shared<GraphModel>(models::layers::Init(2), tinySpec(),
                                          models::graph::tensorsOf(*vocabulary_, torch::kFloat32));
    model_->eval();
    options_.networks = 6;
    options_.latentWidth = tinySpec().latentWidth;
  }
  [[nodiscard]] GraphsOf graphsOf() const {
    return [this](std::span<const data::planet::Metabolism> of) {
      return models::graph::inputOf({of.begin(), of.end()}, *vocabulary_, torch::kFloat32);
    };
  }
  /// The decoder says these rows, whatever the latent.
  void sayAlways(const Rows& rows) {
    const torch::NoGradGuard noGradients;
    for (auto& parameter : model_->named_parameters()) {
      if (parameter.key().starts_with("decoder.")) parameter.value().zero_();
      if (parameter.key() != "row_bias") continue;
      parameter.value().fill_(-1.0);
      for (const std::size_t r : rows) parameter.value()[0][static_cast<std::int64_t>(r)] = 1.0;
    }
  }

  std::vector<data::planet::Metabolism> all_ = metabolisms();
  std::vector<data::planet::MetabolicNetwork> networks_;
  std::shared_ptr<const data::batch::ReactionVocabulary> vocabulary_ =
      std::make_shared<const data::batch::ReactionVocabulary>(models::graph::vocabularyOf(all_));
  std::unique_ptr<NetworkReference> reference_;
  std::shared_ptr<GraphModel> model_;
  SamplingOptions options_;
};

TEST_F(Sampling, LatentsAreStandardNormalAndKeyedByTheirNumber) {
  const torch::Tensor latents = priorLatents(5, 400, 50);
  EXPECT_NEAR(latents.mean().item<double>(), 0.0, 4.0 / std::sqrt(20000.0));
  EXPECT_NEAR(latents.var().item<double>(), 1.0, 4.0 * std::sqrt(2.0 / 20000.0));
  EXPECT_TRUE(torch::equal(latents.slice(0, 0, 7), priorLatents(5, 7, 50)));
  EXPECT_FALSE(torch::equal(latents.slice(0, 0, 7), priorLatents(6, 7, 50)));
}

TEST_F(Sampling, AModelThatSaysOneKnownNetworkIsSeenAsThat) {
  const Rows known = reference_->rows(networks_[3]);
  sayAlways(known);
  const SamplingReport report = sampleNetworks(*model_, *reference_, all_, graphsOf(), options_);
  ASSERT_EQ(report.networks.size(), 6U);
  for (const Rows& rows : report.networks) EXPECT_EQ(rows, known);
  EXPECT_DOUBLE_EQ(report.balanced, 1.0);
  EXPECT_DOUBLE_EQ(report.feasible, 1.0);
  EXPECT_NEAR(report.novel, 0.0, 1e-12);
  EXPECT_NEAR(report.distinct, 1.0 / 6.0, 1e-12);
  EXPECT_NEAR(report.nearestF1, 1.0, 1e-12);
  double f1 = 0.0;
  for (const auto& network : networks_) f1 += setF1(known, reference_->rows(network)) / 8.0;
  EXPECT_EQ(report.heldOut, 8U);
  EXPECT_NEAR(report.reconstructionF1, f1, 1e-12);
  EXPECT_EQ(report.recovered, 8U);
}

TEST_F(Sampling, AModelThatKnowsNothingRecoversByChance) {
  const torch::NoGradGuard noGradients;
  sayAlways({});
  const SamplingReport report = sampleNetworks(*model_, *reference_, all_, graphsOf(), options_);
  EXPECT_NEAR(report.recoveryAuroc, 0.5, 1e-12);
  EXPECT_NEAR(report.recoveryTopShare, report.recoveryChance, 1e-12);
  EXPECT_EQ(report.networks.front(), Rows{});
  EXPECT_EQ(report.feasible, 0.0);
}

TEST_F(Sampling, ReductionLeavesAValidNetworkWithoutTheRemovedReactions) {
  std::vector<std::vector<data::planet::Metabolism>> seen;
  const GraphsOf graphs = [&](std::span<const data::planet::Metabolism> of) {
    seen.emplace_back(of.begin(), of.end());
    return graphsOf()(of);
  };
  static_cast<void>(sampleNetworks(*model_, *reference_, all_, graphs, options_));
  ASSERT_EQ(seen.size(), 2U);  // whole, then reduced
  for (std::size_t b = 0; b < all_.size(); ++b) {
    const auto &whole = all_[b].network, &reduced = seen[1][b].network;
    EXPECT_NO_THROW(data::planet::validate(reduced));
    const std::size_t removable = reference_->removable(reference_->rows(whole)).size();
    const auto removed = static_cast<std::size_t>(std::round(0.1 * static_cast<double>(removable)));
    EXPECT_GT(removed, 0U);
    EXPECT_EQ(reduced.reactions.size() + removed, whole.reactions.size());
    for (const auto& reaction : reduced.reactions) {
      const auto& same = whole.reactions[whole.reactionIndex(reaction.id).value()];
      EXPECT_EQ(vocabulary_->find(reduced, reaction), vocabulary_->find(whole, same));
    }
  }
}

TEST_F(Sampling, AModelThatLearnedItsNetworksReconstructsAndRecoversThem) {
  const std::vector<data::planet::Metabolism> learned(all_.begin(), all_.begin() + 4);
  torch::optim::Adam optimiser(model_->parameters(), torch::optim::AdamOptions(0.02));
  const models::graph::GraphInput input = graphsOf()(learned);
  const ReactionVocabulary constants = models::graph::tensorsOf(*vocabulary_, torch::kFloat32);
  for (int step = 0; step < 120; ++step) {
    optimiser.zero_grad();
    models::graph::graphLoss(input, model_->forward(input), constants).reactions.backward();
    optimiser.step();
  }
  const SamplingReport report = sampleNetworks(*model_, *reference_, learned, graphsOf(), options_);
  EXPECT_GT(report.reconstructionF1, 0.95);
  EXPECT_GT(report.recoveryAuroc, 0.9);
  EXPECT_GT(report.recoveryTopShare, 3.0 * report.recoveryChance);
}

TEST_F(Sampling, SameSeedSameReport) {
  const auto report = [&](std::uint64_t seed) {
    options_.seed = seed;
    return toJson(sampleNetworks(*model_, *reference_, all_, graphsOf(), options_), *vocabulary_);
  };
  EXPECT_EQ(report(4), report(4));
  EXPECT_NE(report(4), report(5));
}

TEST_F(Sampling, JsonNamesTheReactions) {
  const Rows known = reference_->rows(networks_[0]);
  sayAlways(known);
  const auto json =
      nlohmann::json::parse(toJson(sampleNetworks(*model_, *reference_, all_, graphsOf(), options_), *vocabulary_));
  EXPECT_EQ(json["networks"], 6);
  EXPECT_EQ(json["feasible"], 1.0);
  ASSERT_EQ(json["drawn"].size(), 6U);
  ASSERT_EQ(json["drawn"][0]["reactions"].size(), known.size());
  EXPECT_EQ(json["drawn"][0]["reactions"][0], vocabulary_->rows()[known[0]].id);
  EXPECT_TRUE(json["recovery_auroc"].is_number());
  EXPECT_TRUE(json["not_scored_because"].is_null());
}

TEST_F(Sampling, WithoutHeldOutNetworksTheirScoresAreNullWithTheReason) {
  const auto json =
      nlohmann::json::parse(toJson(sampleNetworks(*model_, *reference_, {}, graphsOf(), options_), *vocabulary_));
  for (const char* score : {"reconstruction_f1", "recovery_auroc", "recovery_top_share", "recovery_chance"}) {
    EXPECT_TRUE(json[score].is_null()) << score;
  }
  EXPECT_EQ(json["not_scored_because"], "there are no held-out networks");
  EXPECT_TRUE(json["feasible"].is_number());
}

}  // namespace
}  // namespace ecumene::engine::networks
