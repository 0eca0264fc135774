// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecumene::engine::report {

/// What a threshold was taken from.
enum class ThresholdFrom {
  kValidation,  ///< validation planets, which no training saw
  kTraining,    ///< train planets, each held against those of other systems: there were too few validation planets
};
std::string_view name(ThresholdFrom from);

/// How far an embedding lies from those that a model was trained on: the distance to the tenth nearest of at most 1,024
/// train embeddings, all scaled to length 1 (Sun et al. 2022, arXiv 2204.06507), against the 99 % quantile of the same
/// over validation embeddings. Embeddings depend on the views given, so each subset has a hull of its own.
class Hull {
 public:
  using Embedding = std::vector<float>;  ///< finite; of one length
  struct Row {
    std::string system;  ///< planets of one system are no others to each other
    Embedding embedding;
  };
  /// Fewer validation systems than this give no threshold: the train rows give it then, each held against those of
  /// other systems. They were seen in training and lie closer than new ones would, so that this one flags more.
  static constexpr std::size_t kLeastSystems = 10;

  /// None where the train rows are too few: less than ten, or less than ten of other systems than each. Throws Error if
  /// an embedding is not finite or lengths differ.
  static std::optional<Hull> fit(std::span<const Row> train, std::span<const Row> validation);

  [[nodiscard]] double limit() const { return limit_; }
  [[nodiscard]] ThresholdFrom from() const { return from_; }
  [[nodiscard]] std::size_t rows() const { return rows_; }        ///< that the limit is a quantile of
  [[nodiscard]] std::size_t systems() const { return systems_; }  ///< that these are of
  /// Beyond limit() is outside. Throws Error if the embedding has another length than those of the fit.
  [[nodiscard]] double distance(const Embedding& embedding) const;

  /// JSON, and back. Throws Error naming what is wrong.
  [[nodiscard]] std::string toJson() const;
  static Hull fromJson(const std::string& text);

 private:
  std::vector<Embedding> train_;
  double limit_ = 0.0;
  ThresholdFrom from_{};
  std::size_t rows_ = 0, systems_ = 0;
};

}  // namespace ecumene::engine::report
