// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/report/hull.h"
#include "engine/report/prediction.h"
#include "engine/report/ranges.h"
#include "engine/train/weights_file.h"

namespace ecumene::engine::train {

/// What a run's weights were trained on: the ranges of what is known of the train planets, and hulls of embeddings, one
/// for each of report::hullSubsets() that has enough of them. Embeddings of other views cannot be held against any, nor
/// can those of other weights.
class Hulls {
 public:
  /// By planet id, the rows of report::planetQuantities().
  using Known = std::map<std::string, std::vector<report::Quantities>>;

  /// Rows of train and validation samples with embeddings; a row counts for the views that it was given, if they are
  /// those of its subset.
  static Hulls fit(std::span<const report::Prediction> train, std::span<const report::Prediction> validation,
                   const Known& known);
  /// hull.json of a run's artifacts; empty where it is not there or is of other weights. Throws Error at a file that is
  /// damaged.
  static Hulls load(const std::filesystem::path& artifacts, const WeightsId& weights);
  void save(const std::filesystem::path& artifacts, const WeightsId& weights) const;

  [[nodiscard]] bool empty() const { return ranges_.empty() && hulls_.empty(); }
  /// Sets the row's hull, or why it is not judged. All that is known of a planet is held against the ranges, whether
  /// the model was given it or not. Of views without a hull ranges alone decide; a planet without any scalar is never
  /// called inside.
  void judge(const report::Quantities& known, report::Prediction& row) const;
  /// What each threshold is of, a sentence for each of report::hullSubsets().
  [[nodiscard]] std::vector<std::string> words() const;

 private:
  report::Ranges ranges_;
  std::map<std::string, report::Hull> hulls_;  ///< by report::subsetName
  std::string stale_;                          ///< what is said of a file of other weights
};

}  // namespace ecumene::engine::train
