// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <string>

#include "data/base/error.h"
#include "models/spec/attention_kind.h"
#include "models/spec/model_spec.h"

namespace ecumene::models::spec {
namespace {

/// The key that validate() refuses, "" if it refuses none.
std::string refusedKey(const ModelSpec& spec) {
  try {
    validate(spec);
  } catch (const Error& error) {
    EXPECT_FALSE(error.expectation().empty());
    EXPECT_FALSE(error.finding().empty());
    return error.object();
  }
  return "";
}

template <class F>
std::string refusedAfter(F change) {
  ModelSpec spec;
  change(spec);
  return refusedKey(spec);
}

TEST(ModelSpec, DefaultsFitEachOther) {
  EXPECT_EQ(refusedKey(ModelSpec{}), "");
}

TEST(ModelSpec, HeadsDivideWidths) {
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.climate.heads = 3; }), "model.climate.heads");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.graph.width = 130; }), "model.graph.heads");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.spectrum.heads = 5; }), "model.spectrum.heads");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.fusion.width = 100; }), "model.fusion.heads");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.language.keyValueHeads = 4; }), "model.language.kv_heads");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.language.headWidth = 33; }), "model.language.head_dim");
  // The decoder's heads need not add up to its width.
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.language.width = 200; }), "");
}

TEST(ModelSpec, PatchesTileTheGridAnEvenNumberOfTimes) {
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.climate.patchMonths = 4; }), "model.climate.patch_months");  // 3 times
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.climate.patchMonths = 5; }), "model.climate.patch_months");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.climate.patchLatitude = 3; }), "model.climate.patch_latitude");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.climate.patchLongitude = 64; }), "model.climate.patch_longitude");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) {
              s.climate.patchMonths = 6;
              s.climate.patchLatitude = 16;
              s.climate.patchLongitude = 32;
            }),
            "");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.spectrum.patchPoints = 30; }), "model.spectrum.patch_points");
}

TEST(ModelSpec, AClimateHasTheKindsThatMakeSenseThere) {
  for (const char* kind : {"exact", "performer", "linear", "linformer"}) {
    EXPECT_EQ(refusedAfter([&](ModelSpec& s) { s.climate.attention = kind; }), "") << kind;
  }
  const auto reason = [](const std::string& kind) {
    ModelSpec spec;
    spec.climate.attention = kind;
    try {
      validate(spec);
    } catch (const Error& error) {
      EXPECT_EQ(error.object(), "model.climate.attention");
      EXPECT_EQ(error.finding(), kind);
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_NE(reason("mamba").find("reads one way"), std::string::npos);
  EXPECT_NE(reason("sliding").find("local blocks have windows"), std::string::npos);
  EXPECT_NE(reason("flash").find("no choice here"), std::string::npos);
  EXPECT_NE(reason("multi_query").find("language part"), std::string::npos);
  EXPECT_NE(reason("exakt").find("no such kind"), std::string::npos);
}

TEST(ModelSpec, ACheckpointSaysTheKindsOfBothParts) {
  ModelSpec spec;
  spec.language.layers = 2;
  EXPECT_EQ(inRuns(describeAttention(spec)), "layers 0-1: flash");
  spec.climate.attention = "linear";
  EXPECT_EQ(inRuns(describeAttention(spec)), "layers 0-1: flash; climate: linear");
}

TEST(ModelSpec, RopeScalingFitsItsFactors) {
  EXPECT_EQ(refusedAfter([](ModelSpec& s) { s.language.ropeFactor = 8.0; }), "model.language.rope_factor");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) {
              s.language.ropeScaling = "linear";
              s.language.ropeFactor = 8.0;
            }),
            "");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) {
              s.language.ropeScaling = "llama3";
              s.language.ropeHighFactor = s.language.ropeLowFactor;
            }),
            "model.language.rope_high_freq_factor");
  EXPECT_EQ(refusedAfter([](ModelSpec& s) {
              s.language.ropeScaling = "dynamic";
              s.language.headWidth = 2;
            }),
            "model.language.head_dim");
}

}  // namespace
}  // namespace ecumene::models::spec
