// SPDX-License-Identifier: Apache-2.0
// Truth: the defining sums in loops; the softmax kernel that the random features estimate.
#include "models/layers/feature_attention.h"

#include <gtest/gtest.h>

#include "tests/models/layers/waves.h"

namespace {

using namespace ecumene::models::layers;

torch::Tensor byLoops(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v, bool causal) {
  const std::int64_t queries = q.size(2), keys = k.size(2), group = q.size(1) / k.size(1);
  torch::Tensor result = torch::zeros({q.size(0), q.size(1), queries, v.size(3)}, torch::kFloat64);
  const auto Q = q.accessor<double, 4>(), K = k.accessor<double, 4>(), V = v.accessor<double, 4>();
  auto R = result.accessor<double, 4>();
  for (std::int64_t b = 0; b < q.size(0); ++b) {
    for (std::int64_t h = 0; h < q.size(1); ++h) {
      for (std::int64_t t = 0; t < queries; ++t) {
        double total = 0.0;
        for (std::int64_t s = 0; s < keys; ++s) {
          if (causal && s > keys - queries + t) continue;
          double weight = 0.0;
          for (std::int64_t m = 0; m < q.size(3); ++m) weight += Q[b][h][t][m] * K[b][h / group][s][m];
          total += weight;
          for (std::int64_t d = 0; d < v.size(3); ++d) R[b][h][t][d] += weight * V[b][h / group][s][d];
        }
        for (std::int64_t d = 0; d < v.size(3); ++d) R[b][h][t][d] /= total > 0.0 ? total : 1.0;
      }
    }
  }
  return result;
}

void expectSums(std::int64_t queries, std::int64_t keys, bool causal) {
  const torch::Tensor q = linearFeatures(wave({2, 4, queries, 5}, 0.1));
  const torch::Tensor k = linearFeatures(wave({2, 2, keys, 5}, 0.4)), v = wave({2, 2, keys, 3}, 0.8);
  k[1].slice(1, 0, 2).fill_(0.0);
  const torch::Tensor expected = byLoops(q, k, v, causal);
  EXPECT_TRUE(torch::allclose(featureAttention(q, k, v, causal), expected, 1e-10, 1e-12)) << queries << " " << causal;
  AttentionRecord record;
  EXPECT_TRUE(torch::allclose(featureAttention(q, k, v, causal, &record), expected, 1e-10, 1e-12));
  EXPECT_EQ(record.weights_BHTS[1].slice(2, 0, 2).abs().max().item<float>(), 0.0F);
}

TEST(FeatureAttention, IsTheSumsWithinAndAcrossBlocks) {
  expectSums(7, 7, true);
  expectSums(300, 300, true);
  expectSums(150, 290, true);
  expectSums(1, 9, true);
  expectSums(9, 6, false);
}

TEST(FeatureAttention, LinearFeaturesAreEluPlusOne) {
  const torch::Tensor y = linearFeatures(torch::tensor({-2.0, 0.0, 3.0}, torch::kFloat64));
  EXPECT_NEAR(y[0].item<double>(), std::exp(-2.0), 1e-15);
  EXPECT_EQ(y[1].item<double>(), 1.0);
  EXPECT_EQ(y[2].item<double>(), 4.0);
}

TEST(Performer, DirectionsAreOrthogonalInBlocks) {
  const PerformerFeatures features(Init(3, torch::kFloat64), 6);
  const torch::Tensor directions = features.named_buffers()["directions"];
  ASSERT_EQ(directions.sizes(), (torch::IntArrayRef{24, 6}));
  for (std::int64_t block = 0; block < 24; block += 6) {
    const torch::Tensor rows = directions.narrow(0, block, 6), gram = torch::matmul(rows, rows.t());
    EXPECT_LT((gram - torch::diag(torch::diagonal(gram))).abs().max().item<double>(), 1e-6);
  }
  EXPECT_NEAR(directions.square().sum(1).mean().item<double>(), 6.0, 1.5);
}

TEST(Performer, FeaturesEstimateSoftmaxAttention) {
  const torch::Tensor q = wave({1, 2, 20, 8}, 0.1).mul(0.7), k = wave({1, 2, 20, 8}, 0.4).mul(0.7);
  const torch::Tensor v = wave({1, 2, 20, 4}, 0.8);
  const torch::Tensor exact = attend(q, k, v, {.causal = true});
  torch::Tensor mean = torch::zeros_like(exact);
  double single = 0.0;
  constexpr int kDraws = 200;
  for (int draw = 0; draw < kDraws; ++draw) {
    const PerformerFeatures features(Init(static_cast<std::uint64_t>(draw), torch::kFloat64), 8);
    const torch::Tensor found = featureAttention(features.queries(q), features.keys(k, {}), v, true);
    mean += found / kDraws;
    single += (found - exact).square().mean().sqrt().item<double>() / kDraws;
  }
  // A quotient of two estimates is off by about its variance, 1 / M here.
  EXPECT_LT((mean - exact).abs().max().item<double>(), 2.0 / 32.0);
  EXPECT_LT(single, 0.12);
  EXPECT_GT(exact.square().mean().sqrt().item<double>(), 0.3);
}

TEST(Performer, HiddenKeysHaveNoFeatures) {
  const PerformerFeatures features(Init(3, torch::kFloat64), 8);
  torch::Tensor keep = torch::ones({2, 5}, torch::kBool);
  keep[0].fill_(false);
  keep[1][2] = false;
  const torch::Tensor found = features.keys(wave({2, 3, 5, 8}, 0.4), keep);
  EXPECT_EQ(found[0].abs().max().item<double>(), 0.0);
  EXPECT_EQ(found[1].select(1, 2).abs().max().item<double>(), 0.0);
  EXPECT_NEAR(found[1].max().item<double>(), 1.0, 1e-12);
}

}  // namespace
