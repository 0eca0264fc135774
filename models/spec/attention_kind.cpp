// SPDX-License-Identifier: Apache-2.0
#include "models/spec/attention_kind.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "data/base/error.h"
#include "models/spec/model_spec.h"

namespace ecumene::models::spec {
namespace {

constexpr std::array<std::string_view, 7> kNames{"flash",     "ring",   "multi_query", "sliding",
                                                 "performer", "linear", "mamba"};
constexpr std::array<std::string_view, 4> kClimateNames{"exact", "performer", "linear", "linformer"};
constexpr std::string_view kClimatePrefix = "climate: ";
constexpr std::int64_t kRoutedWindow = 4096, kRoutedGlobals = 64;
constexpr std::string_view kAuto = "auto";

AttentionKind kindOf(const std::string& word) {
  if (word == "linformer") {
    throw Error("Linformer mixes positions of the whole text and cannot be causal")
        .on("model.language.attention")
        .expected(fmt::format("one of {}", fmt::join(kNames, ", ")))
        .found(word);
  }
  const auto found = std::find(kNames.begin(), kNames.end(), word);
  if (found == kNames.end()) {
    throw Error("there is no such kind of attention")
        .on("model.language.attention")
        .expected(fmt::format("{}, or several of {} separated by commas", kAuto, fmt::join(kNames, ", ")))
        .found(word);
  }
  return static_cast<AttentionKind>(found - kNames.begin());
}

/// Why a kind of the language part is none for a climate; empty: nothing is called so.
std::string_view whyNoClimateHasIt(const std::string& word) {
  if (word == "mamba") return "Mamba reads one way, and a climate's tokens have no first and last";
  if (word == "sliding") return "a window along the order of tokens is none on the map; the local blocks have windows";
  if (word == "multi_query") return "keys and values shared by all heads are the language part's";
  if (word == "flash" || word == "ring" || word == kAuto) return "how exact attention is computed is no choice here";
  return {};
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ',') {
      words.emplace_back();
    } else if (c != ' ') {
      words.back() += c;
    }
  }
  return words;
}

void requireWindowWhereRead(const LanguageSpec& spec, bool read) {
  if (read && spec.slidingWindow == 0) {
    throw Error("sliding attention has no window")
        .on("model.language.sliding_window")
        .expected("at least 1 with model.language.attention = sliding")
        .found("0");
  }
  if (read) return;
  const auto refuse = [](std::string_view key, std::int64_t value) {
    throw Error("a window has no effect without sliding attention")
        .on(fmt::format("model.language.{}", key))
        .expected("0, or sliding among model.language.attention")
        .found(fmt::format("{}", value));
  };
  if (spec.slidingWindow != 0) refuse("sliding_window", spec.slidingWindow);
  if (spec.globalTokens != 0) refuse("global_tokens", spec.globalTokens);
}

}  // namespace

std::string_view name(AttentionKind kind) {
  return kNames.at(static_cast<std::size_t>(kind));
}

std::string describe(const LayerAttention& layer) {
  if (layer.kind != AttentionKind::kSliding) return std::string(name(layer.kind));
  return fmt::format("{}, window {} + {} global", name(layer.kind), layer.window, layer.globals);
}

LayerAttention routed(std::int64_t longest) {
  if (longest > 100000) return {AttentionKind::kRing};
  if (longest > 8192) return {AttentionKind::kSliding, kRoutedWindow, kRoutedGlobals};
  if (longest > 2048) return {AttentionKind::kFlash};
  return {AttentionKind::kMultiQuery};
}

std::vector<LayerAttention> layerAttention(const LanguageSpec& spec) {
  std::vector<LayerAttention> pattern;
  if (spec.attention == kAuto) {
    pattern.push_back(routed(spec.contextLength));
    requireWindowWhereRead(spec, false);
  } else {
    bool sliding = false;
    for (const std::string& word : words(spec.attention)) {
      const AttentionKind kind = kindOf(word);
      const bool slides = kind == AttentionKind::kSliding;
      pattern.push_back({kind, slides ? spec.slidingWindow : 0, slides ? spec.globalTokens : 0});
      sliding = sliding || slides;
    }
    requireWindowWhereRead(spec, sliding);
  }
  std::vector<LayerAttention> layers;
  for (std::size_t i = 0; i < static_cast<std::size_t>(spec.layers); ++i) {
    layers.push_back(pattern[i % pattern.size()]);
  }
  return layers;
}

std::vector<std::string> describeLayers(const LanguageSpec& spec) {
  std::vector<std::string> words;
  for (const LayerAttention& layer : layerAttention(spec)) words.push_back(describe(layer));
  return words;
}

ClimateAttention climateAttention(const ClimateSpec& spec) {
  const auto found = std::find(kClimateNames.begin(), kClimateNames.end(), spec.attention);
  if (found != kClimateNames.end()) return static_cast<ClimateAttention>(found - kClimateNames.begin());
  const std::string_view why = whyNoClimateHasIt(spec.attention);
  throw Error(why.empty() ? "there is no such kind of attention" : std::string(why))
      .on("model.climate.attention")
      .expected(fmt::format("one of {}", fmt::join(kClimateNames, ", ")))
      .found(spec.attention);
}

std::vector<std::string> describeAttention(const ModelSpec& spec) {
  std::vector<std::string> words = describeLayers(spec.language);
  const ClimateAttention kind = climateAttention(spec.climate);
  if (kind == ClimateAttention::kExact) return words;
  words.push_back(fmt::format("{}{}", kClimatePrefix, kClimateNames.at(static_cast<std::size_t>(kind))));
  return words;
}

std::string inRuns(const std::vector<std::string>& layers) {
  std::string text;
  for (std::size_t first = 0, end = 0; first < layers.size(); first = end) {
    while (end < layers.size() && layers[end] == layers[first]) ++end;
    if (!text.empty()) text += "; ";
    if (layers[first].starts_with(kClimatePrefix)) {
      text += layers[first];
      continue;
    }
    text += end - first == 1 ? fmt::format("layer {}: {}", first, layers[first])
                             : fmt::format("layers {}-{}: {}", first, end - 1, layers[first]);
  }
  return text;
}

}  // namespace ecumene::models::spec
