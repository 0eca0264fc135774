// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ecumene::models::spec {

struct ClimateSpec;
struct LanguageSpec;
struct ModelSpec;

/// Kinds of causal attention that differ in function or weights; chosen once, when a layer is made. How an exact kind
/// is computed (fused or written out) is chosen call by call and changes nothing.
enum class AttentionKind {
  kFlash,       ///< exact, grouped-query
  kRing,        ///< the function of kFlash, which ranks may share along the text
  kMultiQuery,  ///< exact, one key/value head for all
  kSliding,     ///< a window of positions, and global tokens at the front that all see
  kPerformer,   ///< FAVOR+: softmax kernel by positive random features
  kLinear,      ///< Linear Transformer: elu(x) + 1 as features
  kMamba,       ///< selective state space instead of attention
};
std::string_view name(AttentionKind kind);

/// One layer's attention.
struct LayerAttention {
  AttentionKind kind = AttentionKind::kFlash;
  std::int64_t window = 0;   ///< positions, with kSliding
  std::int64_t globals = 0;  ///< positions at the front of the text that all see, with kSliding
  bool operator==(const LayerAttention&) const = default;
};
/// "sliding, window 4096 + 64 global".
std::string describe(const LayerAttention& layer);

/// By the longest text that a layer will see, in positions, soft tokens not counted: > 100,000 ring, > 8,192 sliding
/// (window 4096 + 64 global tokens), > 2,048 flash, else multi-query.
LayerAttention routed(std::int64_t longest);

/// What each layer is: `attention` names one kind, several separated by commas (repeated over the layers), or "auto",
/// which asks the routing table with the context length. Throws Error naming the option: an unknown kind, sliding
/// without a window, a window without sliding.
std::vector<LayerAttention> layerAttention(const LanguageSpec& spec);
/// The same in words, one a layer.
std::vector<std::string> describeLayers(const LanguageSpec& spec);

/// Kinds of attention among all coarse tokens of a climate, the same for all its global blocks.
enum class ClimateAttention {
  kExact,
  kPerformer,  ///< FAVOR+
  kLinear,     ///< Linear Transformer
  kLinformer,  ///< over learned mixtures of places; a planet that is turned no longer gives the same tokens
};
/// Throws Error naming the option, with the reason where a kind exists that a climate cannot have.
ClimateAttention climateAttention(const ClimateSpec& spec);

/// All that a checkpoint keeps of the kinds: describeLayers(), and "climate: linear" where the climate's is not exact.
std::vector<std::string> describeAttention(const ModelSpec& spec);
/// Layers in words with equal neighbours together, what names its part as it is: "layers 0-3: flash; layer 4: sliding,
/// window 8 + 0 global; climate: linear".
std::string inRuns(const std::vector<std::string>& layers);

}  // namespace ecumene::models::spec
