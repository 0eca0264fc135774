// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/report/hull.h"
#include "engine/report/prediction.h"

namespace ecumene::engine::train {

/// Which weights of a run: the checkpoint's step and the SHA-256 of its manifest.
struct WeightsId {
  std::int64_t step = 0;
  std::string manifest;
  bool operator==(const WeightsId&) const = default;
};

/// Hulls of a run's weights: one of samples with all views, one of those with all but the climate. Embeddings of other
/// views cannot be held against either, nor can those of other weights.
class Hulls {
 public:
  /// Rows of train and validation samples with embeddings, each of the views it is for; scalars of the train planets by
  /// id. Without enough of either there is no hull.
  static Hulls fit(std::span<const report::Prediction> train, std::span<const report::Prediction> validation,
                   const std::map<std::string, report::ScalarValues>& scalars);
  /// hull.json, hull_without_climate.json of a run's artifacts; no hull where a file is not there or is of other
  /// weights. Throws Error at a file that is damaged.
  static Hulls load(const std::filesystem::path& artifacts, const WeightsId& weights);
  /// Removes the file of a hull that there is not: it would be of other weights.
  void save(const std::filesystem::path& artifacts, const WeightsId& weights) const;

  [[nodiscard]] bool empty() const { return hulls_.empty(); }
  /// Sets outOfHull of a row with an embedding whose views have a hull here, else notJudged. A planet without any
  /// scalar is never called inside.
  void judge(const report::ScalarValues& scalars, report::Prediction& row) const;

 private:
  std::map<std::string, report::Hull> hulls_;  ///< by report::subsetName
  std::map<std::string, std::string> stale_;   ///< of views whose file is of other weights: what is said of it
};

}  // namespace ecumene::engine::train
