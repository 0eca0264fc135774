// SPDX-License-Identifier: Apache-2.0
// Truth: closed forms.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "tests/models/gradient_check.h"
#include "tests/models/graph/networks.h"

namespace ecumene::models::graph {
namespace {

/// Two graphs of two nodes each; three rows; one metabolite that row 0 makes and row 1 takes.
GraphInput input() {
  GraphInput in;
  in.first = {0, 2, 4};
  in.kind_N = torch::ones({4}, torch::kInt64);
  in.vocabularyRow_N = torch::tensor(std::vector<std::int64_t>{0, 2, -1, 1});
  in.keep_B = torch::ones({2}, torch::kBool);
  in.reactions_BR = torch::tensor({{1.0, 0.0, 1.0}, {0.0, 1.0, 0.0}}, torch::kFloat64);
  in.flux_N = torch::tensor({2.0, -1.0, 9.0, 4.0}, torch::kFloat64);
  in.fluxKnown_N = torch::tensor(std::vector<int>{1, 0, 1, 1}).to(torch::kBool);
  return in;
}

GraphOutput output() {
  GraphOutput out;
  out.reactionLogits_BR = torch::tensor({{0.0, 1.0, 2.0}, {-1.0, 0.5, 0.0}}, torch::kFloat64).requires_grad_();
  out.flux_BR = torch::tensor({{1.0, 1.0, 0.0}, {2.0, 3.0, 1.0}}, torch::kFloat64).requires_grad_();
  out.logSigma_BR = torch::tensor({{0.5, 0.0, 0.0}, {0.0, -0.5, 0.0}}, torch::kFloat64).requires_grad_();
  out.mean_BZ = torch::tensor({{0.5, -1.0}, {0.0, 0.0}}, torch::kFloat64).requires_grad_();
  out.logVariance_BZ = torch::tensor({{0.2, -0.3}, {0.0, 0.0}}, torch::kFloat64).requires_grad_();
  return out;
}

ReactionVocabulary vocabulary() {
  return {torch::tensor({{1.0, -1.0, 0.0}, {0.0, 0.0, 1.0}}, torch::kFloat64), torch::zeros({2, 7}, torch::kFloat64),
          torch::ones({3}, torch::kBool), torch::full({3}, NAN, torch::kFloat64)};
}

double crossEntropy(double logit, double target) {
  const double p = 1.0 / (1.0 + std::exp(-logit));
  return -target * std::log(p) - (1.0 - target) * std::log(1.0 - p);
}

double gaussian(double mean, double value, double logSigma) {
  const double sigma = std::exp(logSigma);
  const double density =
      std::exp(-0.5 * (value - mean) * (value - mean) / (sigma * sigma)) / (sigma * std::sqrt(2.0 * std::numbers::pi));
  return -std::log(density);
}

/// KL(N(m, s^2) || N(0, 1)) by quadrature.
double divergence(double mean, double logVariance) {
  const double sigma = std::exp(0.5 * logVariance);
  double sum = 0.0;
  constexpr double kStep = 1e-3;
  for (double x = mean - 12.0; x < mean + 12.0; x += kStep) {
    const double p = std::exp(-gaussian(mean, x, std::log(sigma)));
    if (p > 0.0) sum += p * (gaussian(0.0, x, 0.0) - gaussian(mean, x, std::log(sigma))) * kStep;
  }
  return sum;
}

TEST(GraphLoss, TermsAreTheirClosedForms) {
  const GraphLoss loss = graphLoss(input(), output(), vocabulary());
  const double first = (crossEntropy(0.0, 1) + crossEntropy(1.0, 0) + crossEntropy(2.0, 1)) / 3.0;
  const double second = (crossEntropy(-1.0, 0) + crossEntropy(0.5, 1) + crossEntropy(0.0, 0)) / 3.0;
  EXPECT_NEAR(loss.reactions.item<double>(), (first + second) / 2.0, 1e-12);
  // The known flux of a node without a row has no prediction.
  const auto scaled = [](double flux) { return std::log(10.0 * flux + std::sqrt(100.0 * flux * flux + 1.0)); };
  EXPECT_NEAR(loss.flux.item<double>(),
              (gaussian(scaled(1.0), scaled(2.0), 0.5) + gaussian(scaled(3.0), scaled(4.0), -0.5)) / 2.0, 1e-12);
  EXPECT_NEAR(loss.kl.item<double>(), (divergence(0.5, 0.2) + divergence(-1.0, -0.3)) / 2.0, 1e-6);
}

TEST(GraphLoss, BalanceIsThatOfTheExpectedFlux) {
  const GraphOutput out = output();
  const torch::Tensor expected = (torch::sigmoid(out.reactionLogits_BR) * out.flux_BR).detach();
  double mean = 0.0;
  for (std::int64_t b = 0; b < 2; ++b) {
    const double made = expected[b][0].item<double>(), taken = expected[b][1].item<double>();
    const double other = expected[b][2].item<double>();
    mean += (std::abs(made - taken) + std::abs(other)) / (made + taken + std::abs(other)) / 2.0;
  }
  EXPECT_NEAR(graphLoss(input(), out, vocabulary()).massBalance.item<double>(), mean, 1e-9);
}

TEST(GraphLoss, GradientsMatchDifferences) {
  struct Leaves : torch::nn::Module {
    GraphOutput out = output();
    Leaves() {
      register_parameter("logits", out.reactionLogits_BR);
      register_parameter("flux", out.flux_BR);
      register_parameter("log_sigma", out.logSigma_BR);
      register_parameter("mean", out.mean_BZ);
      register_parameter("log_variance", out.logVariance_BZ);
    }
  } leaves;
  expectGradientsMatchDifferences(leaves, [&] {
    const GraphLoss loss = graphLoss(input(), leaves.out, vocabulary());
    return loss.reactions + loss.flux + loss.kl + loss.massBalance + loss.elementBalance + loss.direction;
  });
}

TEST(GraphLoss, WhereNothingIsKnownAllTermsAreZeroAndHaveAGradientPath) {
  GraphInput in = input();
  in.keep_B.fill_(false);
  const GraphLoss loss = graphLoss(in, output(), vocabulary());
  for (const torch::Tensor& term :
       {loss.reactions, loss.flux, loss.kl, loss.massBalance, loss.elementBalance, loss.direction}) {
    EXPECT_EQ(term.item<double>(), 0.0);
    EXPECT_TRUE(term.requires_grad());
  }
}

TEST(GraphLoss, ANetworkWithoutAKnownReactionIsNoTarget) {
  GraphInput in = input();
  in.reactions_BR[1].fill_(0.0);
  const double first = (crossEntropy(0.0, 1) + crossEntropy(1.0, 0) + crossEntropy(2.0, 1)) / 3.0;
  EXPECT_NEAR(graphLoss(in, output(), vocabulary()).reactions.item<double>(), first, 1e-12);
}

}  // namespace
}  // namespace ecumene::models::graph
