// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "engine/report/weights.h"

/// Artifacts of an evaluation as JSON files that say which weights they are of.
namespace ecumene::engine::train {

using report::WeightsId;

struct OfWeights {
  std::string content;  ///< JSON; empty: there is no file, or it is of other weights
  std::string stale;    ///< "is of the weights of .., these are of ..", or of an earlier version; empty: neither
};
/// Throws Error naming the file where it is damaged, or of another format than this program's.
OfWeights readOfWeights(const std::filesystem::path& file, const WeightsId& weights);
/// `content` is JSON. Written whole or not at all.
void writeOfWeights(const std::filesystem::path& file, const WeightsId& weights, const std::string& content);

/// Removes what an earlier evaluation left in a run's artifacts, if it was of other weights or cannot be told.
void removeStale(const std::filesystem::path& artifacts, const WeightsId& weights);

inline constexpr const char* kHullFile = "hull.json";
inline constexpr const char* kConformalFile = "conformal.json";
inline constexpr const char* kFluxFile = "flux_calibration.json";
inline constexpr const char* kAttentionFile = "attention.h5";

}  // namespace ecumene::engine::train
