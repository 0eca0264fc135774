// SPDX-License-Identifier: Apache-2.0
// Truth: sizes that the preset nano gives, ids of the planet's own network, softmax rows that sum to one, a rollout by
// naive loops.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "data/base/error.h"
#include "engine/inspect/attention.h"
#include "tests/engine/inspect/inspected_run.h"

namespace ecumene {
namespace {

using engine::inspect::Attention;
using engine::inspect::AttentionQuestion;
using engine::inspect::Part;
using engine::inspect::Token;

constexpr std::int64_t kQueries = 4;  // model.fusion.queries of nano

Attention ask(const engine::inspect::Subject& subject, const AttentionQuestion& question) {
  return engine::inspect::attend(test::openedRun(), subject, question);
}

double sum(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

TEST(Attention, RowsSumToOneAndColumnsAreTheRowsOfOthers) {
  const auto subject = test::subject();
  for (const Part part : {Part::kClimate, Part::kGraph, Part::kSpectrum, Part::kLanguage}) {
    const Attention one = ask(*subject, {part, 0, 1, 1});
    const Attention other = ask(*subject, {part, 0, 1, 5});
    ASSERT_EQ(one.attendsTo.size(), one.tokens.size()) << name(part);
    EXPECT_NEAR(sum(one.attendsTo), 1.0, 1e-5) << name(part);
    EXPECT_NEAR(sum(other.attendsTo), 1.0, 1e-5) << name(part);
    EXPECT_EQ(other.attendsTo[1], one.attendedBy[5]) << name(part);
    EXPECT_EQ(one.attendsTo[5], other.attendedBy[1]) << name(part);
  }
  // A decoder reads what stands before it alone.
  const Attention early = ask(*subject, {Part::kLanguage, 0, 0, 1});
  EXPECT_EQ(early.attendsTo[2], 0.0F);
  EXPECT_GT(early.attendedBy[2], 0.0F);
}

TEST(Attention, FusionsQueriesReadAndItsTokensAreRead) {
  const auto subject = test::subject();
  const Attention query = ask(*subject, {Part::kFusion, 0, std::nullopt, 2});
  EXPECT_NEAR(sum(query.attendsTo), 1.0, 1e-5);
  EXPECT_TRUE(query.attendedBy.empty());
  const Attention token = ask(*subject, {Part::kFusion, 0, std::nullopt, kQueries + 3});
  EXPECT_TRUE(token.attendsTo.empty());
  EXPECT_EQ(token.attendedBy[2], query.attendsTo[kQueries + 3]);
  EXPECT_EQ(sum({query.attendsTo.begin(), query.attendsTo.begin() + kQueries}), 0.0);
}

TEST(Attention, TheMeanOverHeadsIsTheirMean) {
  const auto subject = test::subject();
  const Attention mean = ask(*subject, {Part::kSpectrum, 0, std::nullopt, 3});
  const Attention first = ask(*subject, {Part::kSpectrum, 0, 0, 3}), second = ask(*subject, {Part::kSpectrum, 0, 1, 3});
  EXPECT_NE(first.attendsTo, second.attendsTo);
  for (std::size_t i = 0; i < mean.attendsTo.size(); ++i) {
    EXPECT_NEAR(mean.attendsTo[i], 0.5 * (first.attendsTo[i] + second.attendsTo[i]), 1e-6);
  }
}

TEST(Attention, ALayerOfOnePartIsNotThatOfAnother) {
  const auto subject = test::subject();
  EXPECT_NE(ask(*subject, {Part::kLanguage, 0, 0, 9}).attendsTo, ask(*subject, {Part::kLanguage, 1, 0, 9}).attendsTo);
}

TEST(Attention, HidingAViewTakesItsAttentionAway) {
  const auto all = test::subject(), hidden = test::subject({"climate"});
  const Attention query = ask(*hidden, {Part::kFusion, 0, 0, 0});
  EXPECT_NEAR(sum(query.attendsTo), 1.0, 1e-5);
  EXPECT_EQ(sum({query.attendsTo.begin() + kQueries, query.attendsTo.begin() + kQueries + 8}), 0.0);
  EXPECT_GT(sum({ask(*all, {Part::kFusion, 0, 0, 0}).attendsTo.at(kQueries)}), 0.0);
  EXPECT_THROW(ask(*hidden, {Part::kClimate, 0, 0, 0}), Error);
}

TEST(Attention, RefusesWhatThereIsNot) {
  const auto subject = test::subject();
  EXPECT_THROW(ask(*subject, {Part::kClimate, 1, 0, 0}), Error);
  EXPECT_THROW(ask(*subject, {Part::kClimate, 0, 2, 0}), Error);
  EXPECT_THROW(ask(*subject, {Part::kClimate, 0, 0, 8}), Error);
  EXPECT_THROW(ask(*subject, {Part::kClimate, 0, 0, -1}), Error);
  EXPECT_THROW(engine::inspect::findPart("ears"), Error);
}

TEST(AttentionTokens, SayWhatTheyStandFor) {
  const auto subject = test::subject();
  const auto tokens = [&](Part part) { return engine::inspect::tokensOf(part, test::openedRun(), *subject); };
  const auto& network = subject->samples.samples.front().metabolism.metabolism.network;

  // Patches of 6 months, 8 x 8 cells, two merged along each axis: 1 x 2 x 4.
  const std::vector<Token> climate = tokens(Part::kClimate);
  ASSERT_EQ(climate.size(), 8U);
  ASSERT_EQ(climate[0].ranges.size(), 3U);
  EXPECT_EQ(climate[0].ranges[0].last, 12.0);
  EXPECT_LT(climate[0].ranges[1].first, -80.0);
  EXPECT_LT(climate[0].ranges[1].last, 0.0);  // the southern half
  EXPECT_GT(climate[4].ranges[1].first, 0.0);
  EXPECT_NEAR(climate[1].ranges[2].first, 90.0, 1e-9);  // 16 of 64 longitudes on
  EXPECT_NEAR(climate[1].ranges[2].last, 90.0 + 15 * 5.625, 1e-9);

  const std::vector<Token> graph = tokens(Part::kGraph);
  EXPECT_EQ(graph.front().id, network.metabolites.front().id);
  EXPECT_EQ(graph[network.metabolites.size()].id, network.reactions.front().id);
  EXPECT_EQ(graph[network.metabolites.size() + network.reactions.size() - 1].id, network.reactions.back().id);
  EXPECT_EQ(graph.back().kind, "compartment");

  const std::vector<Token> spectrum = tokens(Part::kSpectrum);
  ASSERT_EQ(spectrum.size(), 20U);
  EXPECT_NEAR(spectrum.front().ranges[0].first, 0.6, 1e-12);
  EXPECT_NEAR(spectrum.back().ranges[0].last, 12.0, 1e-9);
  EXPECT_NEAR(spectrum[9].ranges[0].last, std::sqrt(0.6 * 12.0), 1e-9);  // half of a logarithmic grid

  const std::vector<Token> language = tokens(Part::kLanguage);
  const std::size_t text = subject->batch.textLength;
  ASSERT_EQ(language.size(), 8 + text);
  EXPECT_EQ(language[2].view, "spectrum");
  EXPECT_EQ(language[8].kind, "piece");

  const std::vector<Token> fusion = tokens(Part::kFusion);
  ASSERT_EQ(fusion.size(), static_cast<std::size_t>(kQueries) + 8 + 4 * 2 + 20 + text + 10);
  EXPECT_EQ(fusion.back().id, "surface_pressure");
}

TEST(AttentionRollout, IsTheProductOfMixedLayers) {
  constexpr std::size_t kTokens = 5, kLayers = 3;
  std::vector<torch::Tensor> layers;
  for (std::size_t l = 0; l < kLayers; ++l) {
    torch::Tensor weights = torch::empty({kTokens, kTokens});
    for (std::size_t i = 0; i < kTokens; ++i) {
      for (std::size_t j = 0; j < kTokens; ++j) {
        weights[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(j)] =
            1.0 + static_cast<double>((3 * l + 5 * i + 7 * j * j) % 11);
      }
    }
    weights = weights / weights.sum(1, true);
    weights[2] = 0.0;  // a token that may read nothing
    layers.push_back(weights);
  }
  // By loops, in double.
  std::vector<std::vector<double>> product(kTokens, std::vector<double>(kTokens, 0.0));
  for (std::size_t i = 0; i < kTokens; ++i) product[i][i] = 1.0;
  for (const torch::Tensor& weights : layers) {
    std::vector<std::vector<double>> next(kTokens, std::vector<double>(kTokens, 0.0));
    for (std::size_t i = 0; i < kTokens; ++i) {
      for (std::size_t k = 0; k < kTokens; ++k) {
        const double own = i == k ? 1.0 : 0.0;
        const double read = weights[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(k)].item<double>();
        const double mixed = i == 2 ? own : 0.5 * (read + own);
        for (std::size_t j = 0; j < kTokens; ++j) next[i][j] += mixed * product[k][j];
      }
    }
    product = next;
  }
  for (std::size_t t = 0; t < kTokens; ++t) {
    const auto [row, column] = engine::inspect::rollout(layers, static_cast<std::int64_t>(t));
    for (std::size_t j = 0; j < kTokens; ++j) {
      EXPECT_NEAR(row[static_cast<std::int64_t>(j)].item<double>(), product[t][j], 1e-6);
      EXPECT_NEAR(column[static_cast<std::int64_t>(j)].item<double>(), product[j][t], 1e-6);
    }
  }
}

TEST(AttentionRollout, OfThePartsSumsToOne) {
  const auto subject = test::subject();
  for (const Part part : {Part::kClimate, Part::kGraph, Part::kSpectrum, Part::kLanguage, Part::kFusion}) {
    const Attention attention = ask(*subject, {part, std::nullopt, std::nullopt, 1});
    EXPECT_NEAR(sum(attention.attendsTo), 1.0, 1e-5) << name(part);
    EXPECT_GE(attention.attendsTo[1], 0.25F) << name(part);  // the residual alone keeps half a layer
  }
}

}  // namespace
}  // namespace ecumene
