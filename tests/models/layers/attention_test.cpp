// SPDX-License-Identifier: Apache-2.0
// Truth: the formula in loops over doubles.
#include "models/layers/attention.h"

#include <gtest/gtest.h>

#include "models/layers/feature_attention.h"
#include "tests/models/layers/waves.h"

namespace {

using namespace ecumene::models::layers;

bool sees(const AttentionScope& scope, std::int64_t b, std::int64_t query, std::int64_t key) {
  if (scope.causal && key > query) return false;
  if (scope.window > 0 && query - key >= scope.window && key >= scope.globals) return false;
  return !scope.keep_BS.defined() || scope.keep_BS[b][key].item<bool>();
}

torch::Tensor byLoops(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v,
                      const AttentionScope& scope) {
  torch::Tensor result = torch::zeros_like(q);
  const auto Q = q.accessor<double, 4>(), K = k.accessor<double, 4>(), V = v.accessor<double, 4>();
  auto R = result.accessor<double, 4>();
  const std::int64_t before = k.size(2) - q.size(2), group = q.size(1) / k.size(1);
  for (std::int64_t b = 0; b < q.size(0); ++b) {
    for (std::int64_t h = 0; h < q.size(1); ++h) {
      for (std::int64_t t = 0; t < q.size(2); ++t) {
        double total = 0.0;
        for (std::int64_t s = 0; s < k.size(2); ++s) {
          if (!sees(scope, b, scope.causal ? before + t : t, s)) continue;
          double score = 0.0;
          for (std::int64_t d = 0; d < q.size(3); ++d) score += Q[b][h][t][d] * K[b][h / group][s][d];
          score /= std::sqrt(static_cast<double>(q.size(3)));
          if (scope.bias_BHTS.defined()) score += element(scope.bias_BHTS, {0, h, t, s});
          const double weight = std::exp(score);
          total += weight;
          for (std::int64_t d = 0; d < q.size(3); ++d) R[b][h][t][d] += weight * V[b][h / group][s][d];
        }
        for (std::int64_t d = 0; d < q.size(3); ++d) R[b][h][t][d] /= total > 0.0 ? total : 1.0;
      }
    }
  }
  return result;
}

struct Case {
  std::int64_t heads = 4, keyHeads = 2, queries = 11, keys = 11, width = 8;
  AttentionScope scope{};
};

void expectFormula(const Case& c, const char* what) {
  const torch::Tensor q = wave({2, c.heads, c.queries, c.width}, 0.1).mul(2.0);
  const torch::Tensor k = wave({2, c.keyHeads, c.keys, c.width}, 0.5);
  const torch::Tensor v = wave({2, c.keyHeads, c.keys, c.width}, 0.9);
  const torch::Tensor expected = byLoops(q, k, v, c.scope);
  EXPECT_TRUE(torch::allclose(attend(q, k, v, c.scope), expected, 1e-10, 1e-12)) << what;
  AttentionRecord record;
  EXPECT_TRUE(torch::allclose(attend(q, k, v, c.scope, &record), expected, 1e-10, 1e-12)) << what << ", recorded";
  for (std::int64_t t = 0; t < c.queries; ++t) {
    for (std::int64_t s = 0; s < c.keys; ++s) {
      if (sees(c.scope, 1, c.scope.causal ? c.keys - c.queries + t : t, s)) continue;
      EXPECT_EQ(record.weights_BHTS[1][0][t][s].item<float>(), 0.0F) << what;
    }
  }
}

torch::Tensor hidden(std::int64_t keys) {
  torch::Tensor keep = torch::ones({2, keys}, torch::kBool);
  keep[0].fill_(false);
  keep[1][0] = false;
  keep[1][5] = false;
  return keep;
}

TEST(Attend, IsTheFormula) {
  expectFormula({}, "plain");
  expectFormula({.heads = 6, .keyHeads = 1}, "multi-query");
  expectFormula({.keyHeads = 4, .width = 5}, "a head width that is padded");
  expectFormula({.queries = 3, .keys = 7}, "cross");
  expectFormula({.scope = {.causal = true}}, "causal");
  expectFormula({.queries = 4, .scope = {.causal = true}}, "causal behind a cache");
  expectFormula({.queries = 1, .scope = {.causal = true}}, "one query behind a cache");
  expectFormula({.scope = {.keep_BS = hidden(11)}}, "hidden keys");
  expectFormula({.scope = {.causal = true, .keep_BS = hidden(11)}}, "causal, hidden keys");
  expectFormula({.scope = {.bias_BHTS = wave({1, 4, 11, 11}, 0.7)}}, "bias");
}

TEST(Attend, WindowIsTheFormula) {
  expectFormula({.scope = {.causal = true, .window = 3}}, "window");
  expectFormula({.scope = {.causal = true, .window = 11}}, "a window of everything");
  expectFormula({.queries = 1, .scope = {.causal = true, .window = 3}}, "window behind a cache");
  expectFormula({.scope = {.causal = true, .window = 3, .globals = 2}}, "window and global keys");
  expectFormula({.scope = {.causal = true, .window = 3, .globals = 9}}, "window and global keys that meet");
  expectFormula({.scope = {.causal = true, .window = 3, .globals = 2, .keep_BS = hidden(11)}}, "all of them");
}

TEST(Attend, LongWindowInBlocksIsTheFormula) {
  Case c{.heads = 2, .keyHeads = 1, .queries = 700, .keys = 700, .width = 4};
  c.scope = {.causal = true, .window = 20, .globals = 3};
  c.scope.keep_BS = torch::ones({2, 700}, torch::kBool);
  c.scope.keep_BS.slice(1, 250, 262).fill_(false);
  c.scope.keep_BS[0][1] = false;
  const torch::Tensor q = wave({2, 2, 700, 4}, 0.1), k = wave({2, 1, 700, 4}, 0.5), v = wave({2, 1, 700, 4}, 0.9);
  EXPECT_TRUE(torch::allclose(attend(q, k, v, c.scope), byLoops(q, k, v, c.scope), 1e-10, 1e-12));
  c.scope.globals = 0;
  EXPECT_TRUE(torch::allclose(attend(q, k, v, c.scope), byLoops(q, k, v, c.scope), 1e-10, 1e-12));
  const torch::Tensor late = q.narrow(2, 100, 600);
  EXPECT_TRUE(torch::allclose(attend(late, k, v, c.scope), byLoops(late, k, v, c.scope), 1e-10, 1e-12));
}

TEST(Attend, GradientsOfHiddenKeysAreZero) {
  torch::Tensor q = wave({2, 4, 6, 8}, 0.1).requires_grad_(), k = wave({2, 2, 6, 8}, 0.2).requires_grad_();
  torch::Tensor v = wave({2, 2, 6, 8}, 0.3).requires_grad_();
  AttentionScope scope{.causal = true, .keep_BS = hidden(6)};
  attend(q, k, v, scope).square().sum().backward();
  EXPECT_EQ(v.grad()[0].abs().max().item<double>(), 0.0);
  EXPECT_EQ(k.grad()[0].abs().max().item<double>(), 0.0);
  EXPECT_EQ(v.grad().select(2, 5)[1].abs().max().item<double>(), 0.0);
  EXPECT_GT(v.grad().select(2, 2)[1].abs().max().item<double>(), 0.0);
  EXPECT_TRUE(q.grad().isfinite().all().item<bool>());
}

/// Weights that are products of features, head by head and query by query.
torch::Tensor byFeatures(const torch::Tensor& q_HTM, const torch::Tensor& k_HSM, const torch::Tensor& v_HSD) {
  std::vector<torch::Tensor> heads;
  for (std::int64_t h = 0; h < q_HTM.size(0); ++h) {
    const torch::Tensor weights = torch::matmul(q_HTM[h], k_HSM[h].t());
    heads.push_back(torch::matmul(weights / weights.sum(1, true), v_HSD[h]));
  }
  return torch::cat(heads, 1);
}

TEST(MultiHeadAttention, HasTheKernelThatItWasMadeWith) {
  const torch::Tensor x = wave({1, 7, 6}, 0.2);
  AttentionScope scope;
  scope.keep_BS = torch::ones({1, 7}, torch::kBool);
  scope.keep_BS[0][5] = false;
  for (const Kernel kernel : {Kernel::kPerformer, Kernel::kLinear}) {
    const MultiHeadAttention layer(Init(3, torch::kFloat64), 6, 2, 0, kernel);
    const auto project = [&](const Linear& linear) {
      return torch::matmul(x[0], linear.weight.t()).view({7, 2, 3}).transpose(0, 1);
    };
    const auto features = [&](const torch::Tensor& y) {
      if (kernel == Kernel::kLinear) return torch::where(y > 0.0, y + 1.0, torch::exp(y));
      const torch::Tensor z = y / std::pow(3.0, 0.25);
      const torch::Tensor directions = layer.named_buffers()["performer.directions"];
      return torch::exp(torch::matmul(z, directions.t()) - z.square().sum(2, true) / 2.0);
    };
    const torch::Tensor keys = features(project(*layer.key)) * scope.keep_BS[0].to(torch::kFloat64).unsqueeze(1);
    const torch::Tensor heads = byFeatures(features(project(*layer.query)), keys, project(*layer.value));
    const torch::Tensor expected = torch::matmul(heads, layer.out->weight.t());
    EXPECT_TRUE(torch::allclose(layer.forward(x, scope)[0], expected, 1e-9, 1e-11));
  }
}

}  // namespace
