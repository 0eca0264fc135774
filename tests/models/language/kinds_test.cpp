// SPDX-License-Identifier: Apache-2.0
// Truth: the routing table; the layers that come of it.
#include <gtest/gtest.h>

#include "data/base/error.h"
#include "models/language/language.h"
#include "models/spec/attention_kind.h"

namespace {

using namespace ecumene::models;
using spec::AttentionKind;

spec::LanguageSpec with(const std::string& attention) {
  spec::LanguageSpec spec;
  spec.width = 32;
  spec.layers = 3;
  spec.heads = 4;
  spec.keyValueHeads = 2;
  spec.headWidth = 8;
  spec.intermediate = 16;
  spec.vocabulary = 32;
  spec.attention = attention;
  return spec;
}

std::string refusal(const spec::LanguageSpec& spec) {
  try {
    spec::layerAttention(spec);
  } catch (const ecumene::Error& error) {
    return error.object() + ": " + error.finding();
  }
  return "";
}

TEST(AttentionKinds, RoutingTableTurnsAtItsBounds) {
  EXPECT_EQ(spec::routed(100001).kind, AttentionKind::kRing);
  EXPECT_EQ(spec::routed(100000), (spec::LayerAttention{AttentionKind::kSliding, 4096, 64}));
  EXPECT_EQ(spec::routed(8193).kind, AttentionKind::kSliding);
  EXPECT_EQ(spec::routed(8192).kind, AttentionKind::kFlash);
  EXPECT_EQ(spec::routed(2049).kind, AttentionKind::kFlash);
  EXPECT_EQ(spec::routed(2048).kind, AttentionKind::kMultiQuery);
}

TEST(AttentionKinds, AutoAsksTheTableOnce) {
  spec::LanguageSpec spec = with("auto");
  spec.contextLength = 9000;
  const auto layers = spec::layerAttention(spec);
  ASSERT_EQ(layers.size(), 3U);
  EXPECT_EQ(spec::describe(layers[2]), "sliding, window 4096 + 64 global");
  spec.contextLength = 512;
  EXPECT_EQ(spec::describe(spec::layerAttention(spec)[0]), "multi_query");
}

TEST(AttentionKinds, SeveralKindsTakeTurns) {
  const auto layers = spec::layerAttention(with("mamba, flash"));
  EXPECT_EQ(layers[0].kind, AttentionKind::kMamba);
  EXPECT_EQ(layers[1].kind, AttentionKind::kFlash);
  EXPECT_EQ(layers[2].kind, AttentionKind::kMamba);
}

TEST(AttentionKinds, WhatCannotBeIsRefusedByName) {
  EXPECT_EQ(refusal(with("flsh")), "model.language.attention: flsh");
  EXPECT_EQ(refusal(with("flash,")), "model.language.attention: ");
  EXPECT_EQ(refusal(with("linformer")), "model.language.attention: linformer");
  EXPECT_EQ(refusal(with("sliding")), "model.language.sliding_window: 0");
  spec::LanguageSpec spec = with("flash");
  spec.slidingWindow = 8;
  EXPECT_EQ(refusal(spec), "model.language.sliding_window: 8");
  spec.attention = "flash,sliding";
  EXPECT_EQ(refusal(spec), "");
  spec.slidingWindow = 0;
  spec.attention = "flash";
  spec.globalTokens = 4;
  EXPECT_EQ(refusal(spec), "model.language.global_tokens: 4");
}

TEST(AttentionKinds, LayersHaveTheWeightsOfTheirKind) {
  const auto shapes = [](const std::string& attention) {
    language::LanguageModel model(layers::Init(1), with(attention));
    return model.named_parameters();
  };
  EXPECT_EQ(shapes("flash")["model.layers.0.self_attn.k_proj.weight"].size(0), 16);
  EXPECT_EQ(shapes("multi_query")["model.layers.0.self_attn.k_proj.weight"].size(0), 8);
  const auto mixed = shapes("mamba,performer");
  EXPECT_TRUE(mixed.contains("model.layers.0.mamba.a_log"));
  EXPECT_TRUE(mixed.contains("model.layers.1.self_attn.q_proj.weight"));
  EXPECT_FALSE(mixed.contains("model.layers.0.self_attn.q_proj.weight"));
}

}  // namespace
