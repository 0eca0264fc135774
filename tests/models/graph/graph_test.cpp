// SPDX-License-Identifier: Apache-2.0
// Truth: what must not change anything (order of nodes, signs of eigenvectors, neighbours in the batch, what stands in
// graphs that are not kept), and finite differences.
#include "models/graph/graph.h"

#include <ATen/autocast_mode.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/graph/encoder.h"
#include "tests/models/gradient_check.h"
#include "tests/models/graph/networks.h"

namespace ecumene::models::graph {
namespace {

using layers::Init;
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

spec::GraphSpec tinySpec() {
  spec::GraphSpec spec;
  spec.width = 16;
  spec.heads = 2;
  spec.layers = 2;
  spec.latentWidth = 6;
  spec.featureWidth = 8;
  spec.tokens = 2;
  spec.adapterWidth = 3;
  spec.layerScale = 0.5;
  return spec;
}

class Graph : public testing::Test {
 protected:
  [[nodiscard]] GraphModel model(torch::ScalarType type = torch::kFloat64) const {
    GraphModel model(Init(3, torch::TensorOptions(type)), tinySpec(), constants_);
    model.eval();
    return model;
  }
  [[nodiscard]] GraphInput some(std::vector<std::size_t> which) const {
    std::vector<data::planet::Metabolism> chosen;
    for (const std::size_t i : which) chosen.push_back(all_[i]);
    GraphInput input = inputOf(chosen, vocabulary_);
    input.noise_BZ = wave({static_cast<std::int64_t>(which.size()), tinySpec().latentWidth}, 0.7);
    return input;
  }
  std::vector<data::planet::Metabolism> all_ = metabolisms();
  data::batch::ReactionVocabulary vocabulary_ = vocabularyOf(all_);
  ReactionVocabulary constants_ = tensorsOf(vocabulary_);
};

/// Everything that the model says of sample b, in one row.
torch::Tensor said(const GraphOutput& of, std::int64_t b) {
  return torch::cat({of.tokens.values_BTC[b].flatten(), of.features_BC[b], of.mean_BZ[b], of.logVariance_BZ[b],
                     of.latent_BZ[b], of.reactionLogits_BR[b], of.flux_BR[b], of.logSigma_BR[b]});
}

void expectNear(const torch::Tensor& a, const torch::Tensor& b, double tolerance = 1e-11) {
  EXPECT_LT((a - b).abs().max().item<double>(), tolerance);
}

TEST_F(Graph, ShapesAreThoseOfTheHeader) {
  GraphModel of = model();
  const GraphOutput out = of.forward(some({0, 3}));
  EXPECT_EQ(out.tokens.values_BTC.sizes(), (torch::IntArrayRef{2, 8, 16}));
  EXPECT_TRUE(out.tokens.keep_BT.all().item<bool>());
  EXPECT_EQ(out.features_BC.sizes(), (torch::IntArrayRef{2, 8}));
  EXPECT_EQ(out.latent_BZ.sizes(), (torch::IntArrayRef{2, 6}));
  const auto rows = static_cast<std::int64_t>(vocabulary_.size());
  for (const torch::Tensor& x : {out.reactionLogits_BR, out.flux_BR, out.logSigma_BR}) {
    EXPECT_EQ(x.sizes(), (torch::IntArrayRef{2, rows}));
  }
}

TEST_F(Graph, OrderOfNodesAndEdgesDoesNotMatter) {
  GraphModel of = model();
  const torch::NoGradGuard noGradients;
  const GraphInput input = some({2});
  GraphInput permuted = input;
  const std::int64_t nodes = input.first[1], edges = input.coefficient_E.size(0);
  // Node i of the permuted graph is node order[i]; 37 and 101 are coprime to the counts that the test checks.
  const torch::Tensor order = torch::arange(nodes).mul(37).remainder(nodes);
  const torch::Tensor edgeOrder = torch::arange(edges).mul(101).remainder(edges);
  ASSERT_EQ(std::get<0>(torch::_unique(order)).size(0), nodes);
  ASSERT_EQ(std::get<0>(torch::_unique(edgeOrder)).size(0), edges);
  const torch::Tensor place = torch::argsort(order);
  for (torch::Tensor* x : {&permuted.nodes_NF, &permuted.laplacian_NK, &permuted.degree_N, &permuted.randomWalk_NK,
                           &permuted.kind_N, &permuted.vocabularyRow_N}) {
    *x = x->index_select(0, order);
  }
  permuted.distance[0] = input.distance[0].index_select(0, order).index_select(1, order);
  permuted.edgeIndex_2E =
      place.index_select(0, input.edgeIndex_2E.flatten()).view({2, edges}).index_select(1, edgeOrder);
  permuted.coefficient_E = input.coefficient_E.index_select(0, edgeOrder);
  expectNear(said(of.forward(permuted), 0), said(of.forward(input), 0));

  GraphEncoder encoder(Init(4, torch::TensorOptions(torch::kFloat64)), tinySpec());
  const torch::Tensor rows = wave({static_cast<std::int64_t>(vocabulary_.size()), tinySpec().latentWidth}, 0.2);
  const torch::Tensor states = encoder.forward(keptGraphs(input), rows);
  expectNear(encoder.forward(keptGraphs(permuted), rows), states.index_select(0, order));
}

TEST_F(Graph, SignsOfEigenvectorsDoNotMatterButEigenvectorsDo) {
  GraphModel of = model(torch::kFloat32);
  const torch::NoGradGuard noGradients;
  const GraphInput input = inputOf({all_[1], all_[5]}, vocabulary_, torch::kFloat32);
  GraphInput flipped = input, none = input;
  flipped.laplacian_NK = input.laplacian_NK * torch::tensor({1.0F, -1.0F, -1.0F, 1.0F, -1.0F, 1.0F, 1.0F, -1.0F});
  none.laplacian_NK = torch::zeros_like(input.laplacian_NK);
  const GraphOutput out = of.forward(input), other = of.forward(flipped), without = of.forward(none);
  for (std::int64_t b = 0; b < 2; ++b) {
    EXPECT_TRUE(torch::equal(said(other, b), said(out, b)));
    EXPECT_FALSE(torch::allclose(said(without, b), said(out, b), 1e-3, 1e-3));
  }
}

TEST_F(Graph, ABatchIsItsGraphsAlone) {
  GraphModel of = model();
  const torch::NoGradGuard noGradients;
  GraphInput input = some({0, 4, 7});
  input.noise_BZ.reset();
  const GraphOutput together = of.forward(input);
  std::int64_t b = 0;
  for (const std::size_t which : {0U, 4U, 7U}) {
    GraphInput alone = some({which});
    alone.noise_BZ.reset();
    expectNear(said(of.forward(alone), 0), said(together, b++));
  }
}

TEST_F(Graph, EveryPartOfTheInputIsRead) {
  GraphModel of = model();
  const torch::NoGradGuard noGradients;
  const GraphInput input = some({6});
  const torch::Tensor before = said(of.forward(input), 0);
  const auto expectChanged = [&](const char* what, const std::function<void(GraphInput&)>& change) {
    GraphInput changed = input;
    change(changed);
    EXPECT_GT((said(of.forward(changed), 0) - before).abs().max().item<double>(), 1e-6) << what;
  };
  expectChanged("features", [](GraphInput& x) { x.nodes_NF = x.nodes_NF * 1.1; });
  expectChanged("degree", [](GraphInput& x) { x.degree_N = x.degree_N + 1.0; });
  expectChanged("return probabilities", [](GraphInput& x) { x.randomWalk_NK = x.randomWalk_NK * 0.5; });
  expectChanged("coefficients", [](GraphInput& x) { x.coefficient_E = -x.coefficient_E; });
  expectChanged("edges", [](GraphInput& x) { x.edgeIndex_2E = x.edgeIndex_2E.roll(1, 1); });
  expectChanged("paths", [](GraphInput& x) { x.distance[0] = x.distance[0].flip(0); });
  expectChanged("rows", [](GraphInput& x) { x.vocabularyRow_N = torch::full_like(x.vocabularyRow_N, -1); });
  expectChanged("archetype", [](GraphInput& x) { x.archetype_B = torch::zeros_like(x.archetype_B); });
  expectChanged("no archetype", [](GraphInput& x) { x.archetype_B = torch::full_like(x.archetype_B, -1); });
  expectChanged("noise", [](GraphInput& x) { x.noise_BZ = x.noise_BZ + 1.0; });
}

TEST_F(Graph, WithoutNoiseTheLatentIsTheMeanAndWithItAsFarAsTheDeviation) {
  GraphModel of = model();
  const torch::NoGradGuard noGradients;
  GraphInput input = some({1, 2});
  const GraphOutput noisy = of.forward(input);
  const torch::Tensor deviation = torch::exp(noisy.logVariance_BZ / 2.0);
  expectNear(noisy.latent_BZ, noisy.mean_BZ + deviation * input.noise_BZ);
  input.noise_BZ.reset();
  const GraphOutput quiet = of.forward(input);
  EXPECT_TRUE(torch::equal(quiet.latent_BZ, quiet.mean_BZ));
  const Decoded decoded = of.decode(noisy.latent_BZ);
  EXPECT_TRUE(torch::equal(decoded.reactionLogits_BR, noisy.reactionLogits_BR));
}

TEST_F(Graph, WhatIsNotKeptNeverReachesOutputLossOrGradients) {
  const auto run = [&](double filler, bool kept) {
    GraphModel of = model();
    GraphInput input = some({0, 1, 2});
    input.flux_N = wave({input.first[3]}, 0.1);
    input.fluxKnown_N.fill_(true);
    input.keep_B = torch::tensor(std::vector<int>{kept, 0, kept}).to(torch::kBool);
    if (!std::isinf(filler)) {
      for (torch::Tensor* x :
           {&input.nodes_NF, &input.laplacian_NK, &input.degree_N, &input.randomWalk_NK, &input.flux_N}) {
        *x = x->clone();
        x->slice(0, input.first[1], input.first[2]).fill_(filler);
      }
      input.noise_BZ[1].fill_(filler);
      input.reactions_BR[1].fill_(filler);
    }
    const GraphOutput out = of.forward(input);
    const GraphLoss loss = graphLoss(input, out, constants_);
    std::vector<torch::Tensor> results{loss.reactions,   loss.flux,           loss.kl,
                                       loss.massBalance, loss.elementBalance, loss.direction};
    torch::Tensor total = weighed(out.tokens.values_BTC) + weighed(out.latent_BZ);
    for (const torch::Tensor& term : results) total = total + term;
    total.backward();
    for (torch::Tensor& x : results) x = x.detach().flatten();
    for (std::int64_t b = 0; b < 3; ++b) results.push_back(said(out, b).detach());
    for (const torch::Tensor& p : of.parameters()) {
      results.push_back(p.grad().defined() ? p.grad().flatten() : torch::zeros({p.numel()}, p.options()));
    }
    return std::pair{torch::cat(results), out};
  };
  const double asItWas = std::numeric_limits<double>::infinity();
  for (const bool kept : {true, false}) {
    const auto [clean, out] = run(asItWas, kept);
    EXPECT_TRUE(clean.isfinite().all().item<bool>());
    EXPECT_TRUE(torch::equal(clean, run(3.0, kept).first));
    EXPECT_TRUE(torch::equal(clean, run(kNan, kept).first));
    EXPECT_FALSE(out.tokens.keep_BT[1].any().item<bool>());
    EXPECT_EQ(out.features_BC[1].abs().max().item<double>(), 0.0);
    EXPECT_EQ(out.latent_BZ[1].abs().max().item<double>(), 0.0);
    EXPECT_EQ(out.tokens.keep_BT[0].all().item<bool>(), kept);
  }
}

TEST_F(Graph, AKindWithoutNodesHasNoTokens) {
  GraphModel of = model();
  const torch::NoGradGuard noGradients;
  GraphInput input = some({3});
  input.kind_N = input.kind_N.masked_fill(input.kind_N == 3, 0);
  const GraphOutput out = of.forward(input);
  EXPECT_TRUE(torch::equal(out.tokens.keep_BT[0], torch::arange(8) < 6));
  EXPECT_EQ(out.tokens.values_BTC[0].slice(0, 6).abs().max().item<double>(), 0.0);
  EXPECT_TRUE(said(out, 0).isfinite().all().item<bool>());
}

TEST_F(Graph, GradientsReachEveryParameterAndMatchDifferences) {
  GraphModel of = model();
  const GraphInput input = some({0, 6});
  const auto loss = [&] {
    const GraphOutput out = of.forward(input);
    return 0.1 * weighed(out.tokens.values_BTC) + weighed(out.features_BC) + weighed(out.reactionLogits_BR) +
           weighed(out.flux_BR) + weighed(out.logSigma_BR) + weighed(out.logVariance_BZ);
  };
  expectGradientsMatchDifferences(of, loss);
  for (const auto& parameter : of.named_parameters()) {
    ASSERT_TRUE(parameter->grad().defined()) << parameter.key();
    EXPECT_GT(parameter->grad().abs().max().item<double>(), 0.0) << parameter.key();
  }
}

TEST_F(Graph, PathsBeyondTheLargestDistanceAreAlike) {
  const torch::NoGradGuard noGradients;
  const GraphInput input = some({6});
  // Every path of `from` edges made one of `to`.
  const auto saidOf = [&](std::int64_t largest, std::int64_t from, std::int64_t to) {
    spec::GraphSpec spec = tinySpec();
    spec.largestDistance = largest;
    GraphModel of(Init(3, torch::TensorOptions(torch::kFloat64)), spec, constants_);
    of.eval();
    GraphInput changed = input;
    changed.distance[0] = input.distance[0].masked_fill(input.distance[0] == from, to);
    return said(of.forward(changed), 0);
  };
  ASSERT_TRUE((input.distance[0] == 4).any().item<bool>());
  ASSERT_TRUE((input.distance[0] == 3).any().item<bool>());
  EXPECT_TRUE(torch::equal(saidOf(2, 4, 200), saidOf(2, 4, 4)));
  EXPECT_FALSE(torch::allclose(saidOf(4, 4, 200), saidOf(4, 4, 4)));
  EXPECT_FALSE(torch::allclose(saidOf(2, 3, 2), saidOf(2, 3, 3)));
}

TEST_F(Graph, RecordsShowWhoReadsWhom) {
  GraphModel of = model();
  const torch::NoGradGuard noGradients;
  const GraphInput input = some({4});
  const std::int64_t nodes = input.first[1];
  layers::AttentionRecord record, pooling;
  of.recordTo(1, &record);
  of.recordPoolingTo(&pooling);
  of.forward(input);
  ASSERT_EQ(record.weights_BHTS.sizes(), (torch::IntArrayRef{1, 2, nodes, nodes}));
  ASSERT_EQ(pooling.weights_BHTS.sizes(), (torch::IntArrayRef{1, 2, 8, nodes}));
  EXPECT_TRUE(torch::allclose(record.weights_BHTS.sum(3), torch::ones({1, 2, nodes}), 0.0, 1e-5));
  EXPECT_TRUE(torch::allclose(pooling.weights_BHTS.sum(3), torch::ones({1, 2, 8}), 0.0, 1e-5));
  const torch::Tensor other = input.kind_N.unsqueeze(0) != torch::arange(8).floor_divide(2).unsqueeze(1);
  EXPECT_EQ(pooling.weights_BHTS.masked_select(other).max().item<float>(), 0.0F);
  record.weights_BHTS.reset();
  of.recordTo(1, nullptr);
  of.forward(input);
  EXPECT_FALSE(record.weights_BHTS.defined());
}

TEST_F(Graph, UnderAutocastItIsNearToSinglePrecision) {
  GraphModel of = model(torch::kFloat32);
  GraphInput input = inputOf({all_[0], all_[2]}, vocabulary_, torch::kFloat32);
  input.noise_BZ = wave({2, tinySpec().latentWidth}, 0.7, torch::kFloat32);
  const ReactionVocabulary constants = tensorsOf(vocabulary_, torch::kFloat32);
  const auto run = [&](bool narrow) {
    at::autocast::set_autocast_dtype(torch::kCPU, torch::kBFloat16);
    at::autocast::set_autocast_enabled(torch::kCPU, narrow);
    const GraphOutput out = of.forward(input);
    const GraphLoss loss = graphLoss(input, out, constants);
    at::autocast::set_autocast_enabled(torch::kCPU, false);
    at::autocast::clear_cache();
    of.zero_grad();
    (loss.reactions + loss.kl + loss.massBalance + loss.elementBalance + loss.direction).backward();
    std::vector<torch::Tensor> results{said(out, 0).detach().to(torch::kFloat32),
                                       said(out, 1).detach().to(torch::kFloat32)};
    for (const torch::Tensor& p : of.parameters()) results.push_back(p.grad().flatten());
    return torch::cat(results);
  };
  const torch::Tensor wide = run(false), narrow = run(true);
  EXPECT_FALSE(torch::equal(wide, narrow));
  EXPECT_LT(((narrow - wide).norm() / wide.norm()).item<double>(), 0.03);
}

TEST_F(Graph, ForwardDrawsNothing) {
  GraphModel of = model();
  of.train();
  const torch::Tensor before = at::globalContext().defaultGenerator(torch::kCPU).get_state();
  const GraphInput input = some({5});
  EXPECT_TRUE(torch::equal(said(of.forward(input), 0), said(of.forward(input), 0)));
  EXPECT_TRUE(torch::equal(before, at::globalContext().defaultGenerator(torch::kCPU).get_state()));
}

TEST(GraphSizes, FullHasTwelveHundredMillionParametersAndNoTensorRulesIt) {
  spec::GraphSpec full;
  full.width = 2880;
  full.layers = 12;
  full.heads = 16;
  for (const std::int64_t rows : {500, 12000}) {
    ReactionVocabulary vocabulary;
    vocabulary.stoichiometry_MR = torch::empty({1, rows}, torch::kMeta);
    const GraphModel model(Init(1, torch::TensorOptions(torch::kMeta)), full, vocabulary);
    std::int64_t total = 0, largest = 0;
    for (const torch::Tensor& p : model.parameters()) {
      EXPECT_TRUE(p.is_meta());
      total += p.numel();
      largest = std::max(largest, p.numel());
    }
    EXPECT_NEAR(static_cast<double>(total), 1.2e9, 0.02 * 1.2e9) << rows;
    EXPECT_LT(static_cast<double>(largest), 0.05 * static_cast<double>(total)) << rows;
  }
}

}  // namespace
}  // namespace ecumene::models::graph
