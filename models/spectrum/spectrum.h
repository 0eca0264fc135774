// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/layers/attention.h"
#include "models/layers/tokens.h"
#include "models/spec/model_spec.h"

// Shape letters: B batch, P points (1000), N patches, C channels, K 3 values a point.
namespace ecumene::models::spectrum {

/// Spectra on the model's grid (dataset.md, "Atmosphere, spectrum").
struct SpectrumInput {
  torch::Tensor values_BPK;  ///< [B, 1000, 3]: depth, log10 sigma, log10 wavelength, scaled; zero in missing bins
  torch::Tensor present_BP;  ///< bool: the bin was observed
  torch::Tensor keep_B;      ///< bool: there is a spectrum, and it is not hidden
};

struct SpectrumOutput {
  layers::Tokens tokens;      ///< one token a patch; kept where the patch has an observed bin
  torch::Tensor features_BC;  ///< [B, featureWidth], zero where keep is false or no bin is there
};

/// Points are embedded one by one, each weighed inside its patch by a power of its error (softmax of a learned
/// exponent, beginning at -1, times the scaled log10 sigma, over the patch's observed bins: noisy bins count less and
/// missing ones nothing); a patch's mean
/// depth enters once more by weights of its own place; patches go through transformer blocks. A missing bin's values
/// never reach the output.
class SpectrumModel : public torch::nn::Module {
 public:
  SpectrumModel(const layers::Init& init, const spec::SpectrumSpec& spec);
  SpectrumOutput forward(const SpectrumInput& input);
  /// Attention of block `index` goes there ([B, heads, N, N]); nullptr: no longer.
  void recordTo(std::size_t index, layers::AttentionRecord* record) { blocks_.at(index)->attention->recordTo(record); }

 private:
  std::int64_t patchPoints_;
  std::shared_ptr<layers::GeluMlp> point_;
  std::shared_ptr<layers::Linear> features_;
  torch::Tensor exponent_, position_NC_, slope_NC_;
  std::vector<std::shared_ptr<layers::TransformerBlock>> blocks_;
  std::shared_ptr<layers::RmsNorm> norm_;
};

}  // namespace ecumene::models::spectrum
