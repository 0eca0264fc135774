// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/report/hull.h"
#include "engine/report/prediction.h"

namespace ecumene::engine::train {

/// Hulls of a run, one for samples whose climate is given and one for the others: embeddings of different views cannot
/// be compared, and the climate says most.
class Hulls {
 public:
  /// Rows of train and validation samples with embeddings: of all views, and of all but the climate; scalars of the
  /// train planets by id. Without enough of either there is no hull.
  static Hulls fit(std::span<const report::Prediction> train, std::span<const report::Prediction> validation,
                   const std::map<std::string, report::ScalarValues>& scalars);
  /// hull.json, hull_without_climate.json of a run's artifacts; no hull where a file is not there.
  static Hulls load(const std::filesystem::path& artifacts);
  /// Removes the file of a hull that there is not: it would be of other weights.
  void save(const std::filesystem::path& artifacts) const;

  [[nodiscard]] bool empty() const { return hulls_.empty(); }
  /// Sets outOfHull of a row that has an embedding; without a hull it stays not judged.
  void judge(const report::ScalarValues& scalars, report::Prediction& row) const;

 private:
  std::map<std::string, report::Hull> hulls_;  ///< by file name
};

}  // namespace ecumene::engine::train
