// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/climate/patches.h"
#include "models/layers/attention.h"
#include "models/layers/tokens.h"
#include "models/spec/model_spec.h"

namespace ecumene::models::climate {

struct ClimateOutput {
  layers::Tokens tokens;      ///< coarse tokens [B, T, width], order epoch, month, latitude, longitude
  torch::Tensor features_BC;  ///< [B, featureWidth]; zero where keep is false
  /// Reconstruction of the hidden patches of planets that are kept, in the order of PatchGrid::places, normalised;
  /// defined if `hidden` was given.
  PatchValues hidden;
};

class CellStatistics;
class ConvolutionBlock;
class WindowBlock;

/// CNN-ViT hybrid over climate cubes: patch embedding, factorised separable convolutions and window attention on the
/// fine grid of patches, a merge of 2 x 2 x 2 patches, and attention among all coarse tokens of all epochs. Periodic in
/// longitude and through the year, right at the poles; no absolute longitude or month (but with Linformer's attention),
/// so that a cube turned by a whole number of windows, or begun a whole number of merged months later, gives the same
/// tokens in turned order. A missing
/// variable's values, and what is hidden, never reach the output; planets that are not kept cost nothing, and a cube
/// that several samples share costs what one does.
class ClimateModel : public torch::nn::Module {
 public:
  ClimateModel(const layers::Init& init, const spec::ClimateSpec& spec);
  ClimateOutput forward(const ClimateInput& input);
  /// Attention of global block `index` goes there ([kept planets, heads, T, T]); nullptr: no longer. Not with
  /// Linformer's attention, which has no weights by place.
  void recordTo(std::size_t index, layers::AttentionRecord* record);
  [[nodiscard]] const PatchGrid& grid() const { return grid_; }

 private:
  /// What each sample reads of the cubes that samples share.
  ClimateOutput forwardShared(const ClimateInput& input);
  /// Of planets that are all kept; of none of them.
  ClimateOutput forwardKept(const ClimateInput& input);
  ClimateOutput nothing(const ClimateInput& input) const;
  torch::Tensor embed(const ClimateInput& input) const;
  torch::Tensor place(const ClimateInput& input) const;

  PatchGrid grid_;
  std::shared_ptr<layers::Linear> levels_, surface_, flags_, merge_, unmerge_, reconstruct_, features_;
  std::shared_ptr<layers::GeluMlp> latitude_;
  std::shared_ptr<layers::Linear> epoch_;
  std::vector<std::shared_ptr<ConvolutionBlock>> convolutions_;
  std::vector<std::shared_ptr<WindowBlock>> locals_;
  std::vector<std::shared_ptr<layers::TransformerBlock>> globals_;
  std::shared_ptr<layers::RmsNorm> norm_, reconstructNorm_;
  std::shared_ptr<CellStatistics> cells_;
};

}  // namespace ecumene::models::climate
