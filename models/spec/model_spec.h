// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "models/spec/options.h"

/// The sizes of the model's parts. Presets (resources/presets) set them; widths are channels.
namespace ecumene::models::spec {

struct ClimateSpec {
  std::int64_t width = 128;
  std::int64_t heads = 4;
  std::int64_t localBlocks = 2;     ///< attention inside windows, on the fine token grid
  std::int64_t globalBlocks = 2;    ///< attention among all tokens, on the coarse grid
  std::string attention = "exact";  ///< kind of these: see attention_kind.h
  std::int64_t patchLatitude = 4, patchLongitude = 4, patchMonths = 3;
  std::int64_t featureWidth = 512;
  double dropout = 0.0;
  bool operator==(const ClimateSpec&) const = default;
};
void describe(Options& options, ClimateSpec& spec);

struct GraphSpec {
  std::int64_t width = 128;
  std::int64_t layers = 3;
  std::int64_t heads = 4;
  std::int64_t latentWidth = 512;
  std::int64_t featureWidth = 512;
  std::int64_t tokens = 4;           ///< that read each kind of node
  std::int64_t adapterWidth = 32;    ///< bottleneck of an archetype's adapter
  std::int64_t largestDistance = 8;  ///< graph distances beyond are alike
  double layerScale = 0.1;
  double dropout = 0.0;
  bool operator==(const GraphSpec&) const = default;
};
void describe(Options& options, GraphSpec& spec);

struct SpectrumSpec {
  std::int64_t width = 128;
  std::int64_t heads = 4;
  std::int64_t blocks = 2;
  std::int64_t patchPoints = 20;  ///< divides 1000
  std::int64_t featureWidth = 512;
  double dropout = 0.0;
  bool operator==(const SpectrumSpec&) const = default;
};
void describe(Options& options, SpectrumSpec& spec);

struct ScalarSpec {
  std::int64_t width = 128;
  bool operator==(const ScalarSpec&) const = default;
};
void describe(Options& options, ScalarSpec& spec);

struct LanguageSpec {
  std::int64_t vocabulary = 2048;
  std::int64_t width = 192;
  std::int64_t layers = 4;
  std::int64_t heads = 6;
  std::int64_t keyValueHeads = 2;
  std::int64_t headWidth = 32;
  std::int64_t intermediate = 512;
  std::int64_t contextLength = 512;  ///< most text positions, soft tokens not counted
  double ropeTheta = 10000.0;
  std::string ropeScaling = "none";  ///< none, linear, dynamic, llama3
  double ropeFactor = 1.0, ropeLowFactor = 1.0, ropeHighFactor = 4.0;
  std::int64_t ropeOriginalLength = 8192;
  double normEpsilon = 1e-5;
  std::string attention = "flash";  ///< kinds by layer: see attention_kind.h
  std::int64_t slidingWindow = 0;   ///< 0: none
  std::int64_t globalTokens = 0;    ///< seen from outside the window
  bool tiedHead = false;
  std::int64_t loraRank = 0;  ///< 0: no LoRA
  double loraAlpha = 16.0;
  std::int64_t softTokens = 8;  ///< that each other view gives
  double dropout = 0.0;
  bool checkpointing = false;
  bool packed = false;  ///< batches without padding
  bool operator==(const LanguageSpec&) const = default;
};
void describe(Options& options, LanguageSpec& spec);

struct FusionSpec {
  std::int64_t width = 128;
  std::int64_t heads = 8;
  std::int64_t layers = 3;
  /// Learned tokens that read the views: half, rounded up, for the planet, the others for growth.
  std::int64_t queries = 8;
  double dropout = 0.1;
  bool operator==(const FusionSpec&) const = default;
};
void describe(Options& options, FusionSpec& spec);

struct ModelSpec {
  ClimateSpec climate;
  GraphSpec graph;
  SpectrumSpec spectrum;
  ScalarSpec scalars;
  LanguageSpec language;
  FusionSpec fusion;
  bool operator==(const ModelSpec&) const = default;
};
void describe(Options& options, ModelSpec& spec);

/// Throws Error naming key, value and what was expected, where sizes do not fit each other (a width that is no multiple
/// of the heads, a patch that does not divide the grid).
void validate(const ModelSpec& spec);

}  // namespace ecumene::models::spec
