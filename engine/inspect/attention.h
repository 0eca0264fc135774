// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/inspect/opened_run.h"
#include "engine/inspect/token.h"

// Shape letters: N tokens of a part.
namespace ecumene::engine::inspect {

struct AttentionQuestion {
  Part part = Part::kFusion;
  std::optional<std::int64_t> layer;  ///< none: rollout over all layers
  std::optional<std::int64_t> head;   ///< none: mean over the heads
  std::int64_t token = 0;             ///< among tokensOf(part)
};

/// One row and one column of a part's attention.
struct Attention {
  std::vector<Token> tokens;      ///< tokensOf(part)
  std::vector<float> attendsTo;   ///< what the token reads, sum 1; empty for a token that only is read
  std::vector<float> attendedBy;  ///< how much each token reads this one; empty for a token that only reads
};

/// The attention of the subject's first sample, in evaluation mode. Climate: among its coarse tokens (the windows of
/// the fine grid are not kept). Fusion: with which its queries read the tokens of the views (not that of the queries
/// among each other). A row of a token that may read nothing, and all that touches hidden tokens, is zero. Throws Error
/// where the part's view is not there, at a layer, head or token that is none, or a layer without attention (Mamba).
Attention attend(OpenedRun& run, const Subject& subject, const AttentionQuestion& question);

/// Row and column `token` of the rollout A_L .. A_1 over the layers, A = (W + I) / 2 with the layer's mean attention W
/// [N, N] and rows divided by their sum (Abnar & Zuidema 2020, arXiv 2005.00928, sec. 3). First layer first.
std::pair<torch::Tensor, torch::Tensor> rollout(std::span<const torch::Tensor> weights_NN, std::int64_t token);

/// Records the attention of layers of a part while it lives.
class Recording {
 public:
  Recording(models::unified::UnifiedModel& model, Part part, std::int64_t first, std::int64_t last);
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;
  /// Of layer first + index: [1, heads, T, S]. Throws Error where nothing went through the layer.
  [[nodiscard]] const torch::Tensor& weights(std::size_t index) const;
  [[nodiscard]] std::size_t size() const { return records_.size(); }

 private:
  void set(bool on);

  models::unified::UnifiedModel& model_;
  Part part_;
  std::int64_t first_;
  std::vector<models::layers::AttentionRecord> records_;
};

/// Layers of a part that have attention, and the heads of each.
std::int64_t layerCount(Part part, const models::spec::ModelSpec& spec);
std::int64_t headCount(Part part, const models::spec::ModelSpec& spec);

}  // namespace ecumene::engine::inspect
