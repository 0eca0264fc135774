// SPDX-License-Identifier: Apache-2.0
#include "models/spec/model_spec.h"

#include <fmt/format.h>

#include <string_view>

#include "data/base/error.h"
#include "models/spec/attention_kind.h"

namespace ecumene::models::spec {
namespace {

constexpr double kWidest = 65536, kMostLayers = 512, kMostHeads = 1024;

Option& width(Options& o, std::int64_t& field, std::string_view sentence) {
  return o.whole("width", field, sentence).unit("channels").range(2, kWidest);
}
Option& heads(Options& o, std::int64_t& field) {
  return o.whole("heads", field, "Attention heads; they divide the width.").range(1, kMostHeads);
}
Option& dropout(
    Options& o, double& field,
    std::string_view sentence = "Share of values that are dropped after attention and feed-forward while training.") {
  return o.real("dropout", field, sentence).range(0, 0.9).live();
}
Option& featureWidth(Options& o, std::int64_t& field) {
  return o.whole("feature_width", field, "Width of the one feature vector that the language part reads.")
      .unit("channels")
      .range(2, kWidest);
}

void requireMultiple(std::string_view part, std::int64_t width, std::int64_t heads) {
  if (width % heads == 0) return;
  throw Error("the heads do not divide the width")
      .on(fmt::format("model.{}.heads", part))
      .expected(fmt::format("a divisor of model.{}.width = {}", part, width))
      .found(fmt::format("{}", heads));
}

/// A patch must divide the axis, and two patches side by side are merged.
void requirePatch(std::string_view key, std::int64_t patch, std::int64_t axis) {
  if (axis % (2 * patch) == 0) return;
  throw Error("the patches do not tile the climate grid")
      .on(fmt::format("model.climate.{}", key))
      .expected(fmt::format("a patch that fits an even number of times into {}", axis))
      .found(fmt::format("{}", patch));
}

void validate(const LanguageSpec& s) {
  if (s.heads % s.keyValueHeads != 0) {
    throw Error("query heads cannot share key/value heads evenly")
        .on("model.language.kv_heads")
        .expected(fmt::format("a divisor of model.language.heads = {}", s.heads))
        .found(fmt::format("{}", s.keyValueHeads));
  }
  if (s.headWidth % 2 != 0) {
    throw Error("rotary positions turn pairs of channels")
        .on("model.language.head_dim")
        .expected("an even number")
        .found(fmt::format("{}", s.headWidth));
  }
  if (s.ropeScaling == "none" && s.ropeFactor != 1.0) {
    throw Error("the factor has no effect without a scaling")
        .on("model.language.rope_factor")
        .expected("1 with model.language.rope_scaling = none")
        .found(fmt::format("{}", s.ropeFactor))
        .next("choose linear, dynamic or llama3 as model.language.rope_scaling");
  }
  if (s.ropeScaling == "dynamic" && s.headWidth < 4) {
    throw Error("dynamic scaling needs more than one pair of channels")
        .on("model.language.head_dim")
        .expected("at least 4 with model.language.rope_scaling = dynamic")
        .found(fmt::format("{}", s.headWidth));
  }
  if (s.ropeScaling == "llama3" && !(s.ropeLowFactor < s.ropeHighFactor)) {
    throw Error("the ramp of the llama3 scaling has no width")
        .on("model.language.rope_high_freq_factor")
        .expected(fmt::format("more than model.language.rope_low_freq_factor = {}", s.ropeLowFactor))
        .found(fmt::format("{}", s.ropeHighFactor));
  }
  layerAttention(s);
}

}  // namespace

void describe(Options& o, ClimateSpec& s) {
  width(o, s.width, "Width of the climate part's tokens.");
  heads(o, s.heads);
  o.whole("local_blocks", s.localBlocks, "Convolution and window-attention blocks on the fine grid of patches.")
      .range(0, kMostLayers);
  o.whole("global_blocks", s.globalBlocks, "Blocks of attention among all coarse tokens (2 x 2 x 2 patches each).")
      .range(0, kMostLayers);
  o.text(
      "attention", s.attention,
      "Kind of attention of the global blocks: exact, performer, linear, or linformer, to which places are absolute.");
  o.whole("patch_latitude", s.patchLatitude, "Latitudes in a patch; they fit an even number of times into 32.")
      .range(1, 16);
  o.whole("patch_longitude", s.patchLongitude, "Longitudes in a patch; they fit an even number of times into 64.")
      .range(1, 32);
  o.whole("patch_months", s.patchMonths, "Months in a patch; they fit an even number of times into 12.").range(1, 6);
  featureWidth(o, s.featureWidth);
  dropout(o, s.dropout);
}

void describe(Options& o, GraphSpec& s) {
  width(o, s.width, "Width of the graph part's nodes.");
  o.whole("layers", s.layers, "Graph-transformer layers.").range(1, kMostLayers);
  heads(o, s.heads);
  o.whole("latent_width", s.latentWidth, "Width of the variational latent.").unit("channels").range(1, kWidest);
  featureWidth(o, s.featureWidth);
  o.whole("tokens", s.tokens, "Tokens that read each kind of node: metabolites, reactions, exchanges, compartments.")
      .range(1, 1024);
  o.whole("adapter_width", s.adapterWidth, "Width of the bottleneck that each archetype has of its own.")
      .unit("channels")
      .range(1, kWidest);
  o.whole("largest_distance", s.largestDistance, "Graph distances beyond this one are biased alike.")
      .unit("edges")
      .range(1, 250);
  o.real("layer_scale", s.layerScale, "Value with which the scale of each residual branch begins.").range(1e-6, 1);
  dropout(o, s.dropout);
}

void describe(Options& o, SpectrumSpec& s) {
  width(o, s.width, "Width of the spectrum part's tokens.");
  heads(o, s.heads);
  o.whole("blocks", s.blocks, "Transformer blocks over the patches.").range(0, kMostLayers);
  o.whole("patch_points", s.patchPoints, "Points in a patch; they divide 1000.").range(1, 1000);
  featureWidth(o, s.featureWidth);
  dropout(o, s.dropout);
}

void describe(Options& o, ScalarSpec& s) {
  width(o, s.width, "Width of the scalars' tokens.");
}

void describe(Options& o, LanguageSpec& s) {
  o.whole("vocabulary", s.vocabulary, "Pieces of the tokeniser, and rows of the embedding and of the head.")
      .range(16, 1048576);
  width(o, s.width, "Hidden width of the decoder.");
  o.whole("layers", s.layers, "Decoder layers.").range(1, kMostLayers);
  o.whole("heads", s.heads, "Query heads.").range(1, kMostHeads);
  o.whole("kv_heads", s.keyValueHeads, "Key/value heads, shared by groups of query heads; they divide the heads.")
      .range(1, kMostHeads);
  o.whole("head_dim", s.headWidth, "Width of a head, even.").unit("channels").range(2, 1024);
  o.whole("intermediate", s.intermediate, "Hidden width of the SwiGLU network.").unit("channels").range(1, 1048576);
  o.whole("context_length", s.contextLength, "Most text positions, soft tokens not counted.")
      .unit("positions")
      .range(2, 1e7);
  o.real("rope_theta", s.ropeTheta, "Base of the rotary positions' wavelengths.").range(1, 1e9);
  o.text("rope_scaling", s.ropeScaling, "How rotary positions are stretched to longer texts, as the Llama family does.")
      .choices({"none", "linear", "dynamic", "llama3"});
  o.real("rope_factor", s.ropeFactor, "By how much positions are stretched; 1 with rope_scaling = none.")
      .range(1, 1024);
  o.real("rope_low_freq_factor", s.ropeLowFactor,
         "Frequencies with fewer turns over rope_original_length are stretched wholly, with rope_scaling = llama3.")
      .range(0, 1024);
  o.real("rope_high_freq_factor", s.ropeHighFactor,
         "Frequencies with more turns over rope_original_length are left alone, with rope_scaling = llama3.")
      .range(0, 1024);
  o.whole("rope_original_length", s.ropeOriginalLength,
          "Length before stretching, with rope_scaling = dynamic or llama3.")
      .unit("positions")
      .range(1, 1e7);
  o.real("norm_eps", s.normEpsilon, "Added to the mean square in RMSNorm.").range(1e-12, 0.1);
  o.text(
      "attention", s.attention,
      "Kind of attention of the layers: flash, ring (the same function; in one process the same kernel), multi_query, "
      "sliding, performer, linear or mamba, several with commas in turn; auto: by the context length.");
  o.whole("sliding_window", s.slidingWindow,
          "Positions that a token sees in layers of sliding attention, itself included; 0 without such layers.")
      .unit("positions")
      .range(0, 1e7);
  o.whole("global_tokens", s.globalTokens,
          "First positions of the text that sliding attention sees from any distance, as it does soft tokens.")
      .unit("positions")
      .range(0, 1e7);
  o.flag("tied_head", s.tiedHead, "The head shares the embedding's weights.");
  o.whole("lora_rank", s.loraRank, "Rank of low-rank additions to the projections, whose weights freeze; 0: none.")
      .range(0, 4096);
  o.real("lora_alpha", s.loraAlpha, "The low-rank additions are scaled by this over their rank.").range(0, 4096);
  o.whole("soft_tokens", s.softTokens, "Tokens that each other view puts before the text.").range(1, 1024);
  dropout(o, s.dropout);
  o.flag("checkpointing", s.checkpointing,
         "Keep only each layer's input for the backward pass, which computes the layer again: less memory, more time.");
  o.flag("packed", s.packed,
         "Lay the texts of a batch behind each other in one row instead of padding them to the longest.");
}

void describe(Options& o, FusionSpec& s) {
  width(
      o, s.width,
      "Width in which the views meet and from which every answer is read: a wider one can weigh more of what the views "
      "say together, and needs more planets to learn it.");
  heads(o, s.heads);
  o.whole("layers", s.layers, "Layers of cross-attention to the views.").range(1, kMostLayers);
  o.whole("queries", s.queries, "Learned tokens that read the views, half for the planet and half for growth.")
      .range(2, 4096);
  dropout(o, s.dropout,
          "Share of values that fusion drops while training, also of what its queries begin with: more of it keeps the "
          "answers from resting on single planets learned by heart, too much blurs them.");
}

void describe(Options& o, ModelSpec& s) {
  o.group("climate", [&] { describe(o, s.climate); });
  o.group("graph", [&] { describe(o, s.graph); });
  o.group("spectrum", [&] { describe(o, s.spectrum); });
  o.group("scalars", [&] { describe(o, s.scalars); });
  o.group("language", [&] { describe(o, s.language); });
  o.group("fusion", [&] { describe(o, s.fusion); });
}

void validate(const ModelSpec& s) {
  requireMultiple("climate", s.climate.width, s.climate.heads);
  requireMultiple("graph", s.graph.width, s.graph.heads);
  requireMultiple("spectrum", s.spectrum.width, s.spectrum.heads);
  requireMultiple("fusion", s.fusion.width, s.fusion.heads);
  requirePatch("patch_latitude", s.climate.patchLatitude, 32);
  requirePatch("patch_longitude", s.climate.patchLongitude, 64);
  requirePatch("patch_months", s.climate.patchMonths, 12);
  climateAttention(s.climate);
  if (1000 % s.spectrum.patchPoints != 0) {
    throw Error("the patches do not tile the spectrum")
        .on("model.spectrum.patch_points")
        .expected("a divisor of 1000")
        .found(fmt::format("{}", s.spectrum.patchPoints));
  }
  validate(s.language);
}

}  // namespace ecumene::models::spec
