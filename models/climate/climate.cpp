// SPDX-License-Identifier: Apache-2.0
#include "models/climate/climate.h"

#include <algorithm>
#include <numbers>
#include <string>

#include "models/climate/blocks.h"
#include "models/climate/cell_statistics.h"
#include "models/spec/attention_kind.h"

namespace ecumene::models::climate {

using layers::add;
using layers::Init;
using torch::indexing::Slice;

namespace {

/// Most mixtures of places with Linformer's attention.
constexpr std::int64_t kMostMixtures = 64;
/// Patches that are merged into one coarse token, in months, latitudes and longitudes each.
constexpr std::int64_t kMerge = 2;
constexpr std::int64_t kMerged = kMerge * kMerge * kMerge;

/// [N, M, Y, X, C] -> [N, M/2, Y/2, X/2, 8 C], and back.
torch::Tensor gather(const torch::Tensor& x) {
  const std::int64_t n = x.size(0), m = x.size(1) / kMerge, y = x.size(2) / kMerge, z = x.size(3) / kMerge;
  return x.reshape({n, m, kMerge, y, kMerge, z, kMerge, x.size(4)})
      .permute({0, 1, 3, 5, 2, 4, 6, 7})
      .reshape({n, m, y, z, kMerged * x.size(4)});
}
torch::Tensor scatter(const torch::Tensor& x) {
  const std::int64_t n = x.size(0), m = x.size(1), y = x.size(2), z = x.size(3), width = x.size(4) / kMerged;
  return x.reshape({n, m, y, z, kMerge, kMerge, kMerge, width})
      .permute({0, 1, 4, 2, 5, 3, 6, 7})
      .reshape({n, m * kMerge, y * kMerge, z * kMerge, width});
}

layers::Kernel kernelOf(spec::ClimateAttention kind) {
  if (kind == spec::ClimateAttention::kPerformer) return layers::Kernel::kPerformer;
  if (kind == spec::ClimateAttention::kLinear) return layers::Kernel::kLinear;
  return layers::Kernel::kSoftmax;
}

}  // namespace

ClimateModel::ClimateModel(const Init& init, const spec::ClimateSpec& spec)
    : grid_(spec),
      levels_(add<layers::Linear>(*this, init, "patch_levels", kLevelValues * grid_.cells(), spec.width, false)),
      surface_(add<layers::Linear>(*this, init, "patch_surface", kSurfaceVariables * grid_.cells(), spec.width, false)),
      flags_(add<layers::Linear>(*this, init, "patch_flags", kVariables + 1, spec.width)),
      merge_(add<layers::Linear>(*this, init, "merge", kMerged * spec.width, spec.width)),
      unmerge_(add<layers::Linear>(*this, init, "unmerge", spec.width, kMerged * spec.width)),
      reconstruct_(add<layers::Linear>(*this, init, "reconstruct", spec.width, kCellValues * grid_.cells())),
      features_(add<layers::Linear>(*this, init, "features", spec.width, spec.featureWidth)),
      latitude_(add<layers::GeluMlp>(*this, init, "latitude", 3, 32, spec.width)),
      epoch_(add<layers::Linear>(*this, init, "epoch", 1, spec.width)) {
  for (std::int64_t i = 0; i < spec.localBlocks; ++i) {
    const std::string number = std::to_string(i);
    convolutions_.push_back(add<ConvolutionBlock>(*this, init, "convolution" + number, spec.width));
    locals_.push_back(
        add<WindowBlock>(*this, init, "local" + number, spec.width, spec.heads, spec.dropout, i % 2 == 1));
  }
  const spec::ClimateAttention kind = spec::climateAttention(spec);
  layers::Mixtures mixtures;
  if (kind == spec::ClimateAttention::kLinformer) {
    mixtures.longest = grid_.patches(1) / kMerged;
    mixtures.rank = std::min(kMostMixtures, mixtures.longest);
  }
  for (std::int64_t i = 0; i < spec.globalBlocks; ++i) {
    globals_.push_back(add<layers::TransformerBlock>(*this, init, "global" + std::to_string(i), spec.width, spec.heads,
                                                     spec.dropout, kernelOf(kind), mixtures));
  }
  norm_ = add<layers::RmsNorm>(*this, init, "norm", spec.width);
  cells_ = add<CellStatistics>(*this, init, "cells", spec.width);
  reconstructNorm_ = add<layers::RmsNorm>(*this, init, "reconstruct_norm", spec.width);
}

torch::Tensor ClimateModel::embed(const ClimateInput& input) const {
  const std::int64_t batch = input.present_BW.size(0), count = grid_.patches(input.levels_BVEMYXL.size(2));
  const torch::Tensor present = input.present_BW.unsqueeze(1).expand({-1, count, -1});
  const torch::Tensor hidden = input.hidden_BP.defined()
                                   ? input.hidden_BP.unsqueeze(-1)
                                   : torch::zeros({1, 1, 1}, present.options()).expand({batch, count, 1});
  // In place on the copies: what is absent or hidden may be no number at all, and a cube's values are too many to copy
  // once more.
  const torch::Tensor gone = (present & hidden.logical_not()).logical_not().reshape({batch * count, kVariables});
  PatchValues patches = grid_.cut(input.levels_BVEMYXL, input.surface_BSEMYX);
  patches.levels_NVCL.masked_fill_(gone.narrow(1, 0, kLevelVariables).view({-1, kLevelVariables, 1, 1}), 0.0);
  patches.surface_NSC.masked_fill_(gone.narrow(1, kLevelVariables, kSurfaceVariables).unsqueeze(2), 0.0);
  const torch::Tensor flags = torch::cat({present, hidden}, 2).to(patches.levels_NVCL.scalar_type());
  return levels_->forward(patches.levels_NVCL.flatten(1)) + surface_->forward(patches.surface_NSC.flatten(1)) +
         flags_->forward(flags).flatten(0, 1);
}

torch::Tensor ClimateModel::place(const ClimateInput& input) const {
  const torch::Tensor radians = input.latitudeDeg_Y * (std::numbers::pi / 180.0);
  const torch::Tensor area = input.latitudeWeight_Y * static_cast<double>(kLatitudes);
  return latitude_->forward(torch::stack({grid_.rows(radians.sin()), grid_.rows(radians.cos()), grid_.rows(area)}, 1));
}

ClimateOutput ClimateModel::forwardShared(const ClimateInput& input) {
  ClimateOutput output = forward(perCube(input));
  layers::Tokens& tokens = output.tokens;
  tokens.values_BTC = tokens.values_BTC.index_select(0, input.cube_B);
  tokens.keep_BT = tokens.keep_BT.index_select(0, input.cube_B) & input.keep_B.unsqueeze(1);
  output.features_BC =
      output.features_BC.index_select(0, input.cube_B).masked_fill(input.keep_B.logical_not().unsqueeze(1), 0.0);
  return output;
}

ClimateOutput ClimateModel::forward(const ClimateInput& input) {
  if (input.cube_B.defined()) return forwardShared(input);
  if (input.keep_B.all().item<bool>()) return forwardKept(input);
  // A cube that is not there, or hidden as a whole, costs nothing.
  const torch::Tensor kept = input.keep_B.nonzero().squeeze(1);
  ClimateOutput some;
  if (kept.size(0) > 0) {
    ClimateInput own = input;
    for (torch::Tensor* x : {&own.levels_BVEMYXL, &own.surface_BSEMYX, &own.present_BW, &own.keep_B, &own.hidden_BP}) {
      if (x->defined()) *x = x->index_select(0, kept);
    }
    some = forwardKept(own);
  } else {
    some = nothing(input);
  }
  const auto inPlace = [&](const torch::Tensor& x) {
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape.front() = input.keep_B.size(0);
    return torch::zeros(shape, x.options()).index_copy(0, kept, x);
  };
  const torch::Tensor tokens = inPlace(some.tokens.values_BTC);
  some.tokens = {tokens, input.keep_B.unsqueeze(1).expand({-1, tokens.size(1)})};
  some.features_BC = inPlace(some.features_BC);
  return some;
}

ClimateOutput ClimateModel::nothing(const ClimateInput& input) const {
  const torch::TensorOptions options = features_->weight.options().requires_grad(false);
  const std::int64_t width = features_->weight.size(1), cells = grid_.cells();
  ClimateOutput output;
  output.tokens.values_BTC = torch::zeros({0, grid_.patches(input.levels_BVEMYXL.size(2)) / kMerged, width}, options);
  output.features_BC = torch::zeros({0, features_->weight.size(0)}, options);
  if (!input.hidden_BP.defined()) return output;
  output.hidden = {torch::zeros({0, kLevelVariables, cells, kLevels}, options),
                   torch::zeros({0, kSurfaceVariables, cells}, options)};
  return output;
}

ClimateOutput ClimateModel::forwardKept(const ClimateInput& input) {
  const std::int64_t batch = input.levels_BVEMYXL.size(0), epochs = input.levels_BVEMYXL.size(2);
  const std::int64_t months = grid_.months(), rows = grid_.latitudes(), columns = grid_.longitudes();
  torch::Tensor x = embed(input).view({batch * epochs, months, rows, columns, -1});
  x = x + place(input).view({1, 1, rows, 1, -1});
  for (std::size_t i = 0; i < locals_.size(); ++i) x = locals_[i]->forward(convolutions_[i]->forward(x));
  const torch::Tensor fine = x;

  torch::Tensor coarse = merge_->forward(gather(fine));
  const std::int64_t width = coarse.size(4), tokens = coarse.size(1) * coarse.size(2) * coarse.size(3);
  // Share of the epochs that have passed: 1 for a cube without such an axis.
  const torch::Tensor age =
      torch::arange(1, epochs + 1, coarse.options()).div(static_cast<double>(epochs)).unsqueeze(1);
  coarse = (coarse.view({batch, epochs, tokens, width}) + epoch_->forward(age).view({1, epochs, 1, width}))
               .view({batch, epochs * tokens, width});
  for (const auto& block : globals_) coarse = block->forward(coarse, {});
  const torch::Tensor ofEpoch = cells_->forward(input, grid_).to(coarse.scalar_type());
  const torch::Tensor read = (norm_->forward(coarse).view({batch, epochs, tokens, width}) + ofEpoch.unsqueeze(2))
                                 .view({batch, epochs * tokens, width});

  ClimateOutput output;
  output.tokens = {read, input.keep_B.unsqueeze(1).expand({-1, epochs * tokens})};
  const torch::Tensor area = grid_.rows(input.latitudeWeight_Y).view({rows / kMerge, kMerge}).sum(1);
  const torch::Tensor mean =
      (read.view({batch, epochs * months / kMerge, rows / kMerge, columns / kMerge, width}).mean(3).mean(1) *
       (area / area.sum()).view({1, -1, 1}).to(read.scalar_type()))
          .sum(1);
  output.features_BC = features_->forward(mean);
  if (!input.hidden_BP.defined()) return output;

  const torch::Tensor back =
      scatter(unmerge_->forward(read).view({batch * epochs, months / kMerge, rows / kMerge, columns / kMerge, -1}));
  // Hidden patches alone are decoded: nothing reads the others, and decoding costs as much as embedding.
  const torch::Tensor asked = grid_.places(input.hidden_BP).flat_H;
  const torch::Tensor taken = (fine + back).flatten(0, 3).index_select(0, asked);
  const torch::Tensor decoded = reconstruct_->forward(reconstructNorm_->forward(taken));
  const std::int64_t cells = grid_.cells(), split = kLevelValues * cells;
  output.hidden = {decoded.narrow(1, 0, split).view({asked.size(0), kLevelVariables, cells, kLevels}),
                   decoded.narrow(1, split, kSurfaceVariables * cells).view({asked.size(0), kSurfaceVariables, cells})};
  return output;
}

void ClimateModel::recordTo(std::size_t index, layers::AttentionRecord* record) {
  const auto& attention = globals_.at(index)->attention;
  TORCH_CHECK(attention || record == nullptr, "attention over mixtures of places has no weights by place");
  if (attention) attention->recordTo(record);
}

}  // namespace ecumene::models::climate
