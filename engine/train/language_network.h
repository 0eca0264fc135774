// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/config/run_spec.h"
#include "engine/train/adapt_report.h"
#include "engine/train/corpus.h"
#include "engine/train/learner.h"
#include "models/language/language.h"

namespace ecumene::engine::train {

using PieceList = std::vector<const std::vector<std::int64_t>*>;

/// The language part alone on its device; parameters are named as in the unified model, and its first weights are those
/// of the unified model of the same seed.
struct LanguageNetwork {
  /// Throws Error where the tokeniser has more pieces than the model has rows for them.
  LanguageNetwork(const config::RunSpec& spec, const data::batch::Tokeniser& tokeniser);

  /// Sequences [first, end) as the rows of one input, on the device.
  [[nodiscard]] models::language::LanguageInput input(const PieceList& sequences, std::size_t first,
                                                      std::size_t end) const;
  /// What the weights say of texts, whose sequences these are. In evaluation mode and without gradients.
  [[nodiscard]] HeldOut judge(const Sequences& sequences, std::size_t texts, const config::TrainSpec& spec) const;

  torch::Device device;
  std::int64_t padding;                       ///< a piece's number
  std::vector<std::string> attention;         ///< of the layers, in words
  std::shared_ptr<torch::nn::Module> module;  ///< stands where the unified model stands
  std::shared_ptr<models::language::LanguageModel> model;
};

}  // namespace ecumene::engine::train
