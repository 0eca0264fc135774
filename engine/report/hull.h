// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "data/planet/scalars.h"
#include "engine/report/scalar_rows.h"

namespace ecumene::engine::report {

/// Whether a sample lies outside of what a model was trained on: a scalar outside the range of the train split, or an
/// embedding farther from those of the train split than that of 99 % of validation samples. Distance is that to the
/// tenth nearest of at most 1,024 train embeddings, all scaled to length 1 (Sun et al. 2022, arXiv 2204.06507).
/// Embeddings depend on the views given, so each subset has a hull of its own.
class Hull {
 public:
  using Embedding = std::vector<float>;  ///< finite; of one length

  /// Throws Error without train rows, with fewer than ten train embeddings, without validation embeddings, or if
  /// lengths differ.
  static Hull fit(std::span<const ScalarValues> trainScalars, std::span<const Embedding> train,
                  std::span<const Embedding> validation);

  struct Verdict {
    bool outside = false;
    double distance = 0.0, limit = 0.0;
    std::vector<data::planet::ScalarId> beyond;  ///< scalars outside their train range
  };
  /// A missing scalar, and one that no train planet has, is not judged. Throws Error if the embedding has another
  /// length than those of the fit.
  [[nodiscard]] Verdict judge(const ScalarValues& scalars, const Embedding& embedding) const;

  /// JSON, and back. Throws Error naming what is wrong.
  [[nodiscard]] std::string toJson() const;
  static Hull fromJson(const std::string& text);

 private:
  [[nodiscard]] double distance(const Embedding& embedding) const;

  ScalarValues low_{}, high_{};  ///< NaN: no train planet has it
  std::vector<Embedding> train_;
  double limit_ = 0.0;
};

}  // namespace ecumene::engine::report
