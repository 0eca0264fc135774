// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/store/hdf5_reading.h"

namespace ecumene::engine::daemon {

/// Which rows of what dataset of a run's artifact are wanted.
struct ArtifactRows {
  std::string file, dataset;  ///< without ".h5"; dataset empty: none
  std::string id;             ///< a planet or a sample; empty: by number
  std::uint64_t first = 0, count = 0;
};

/// Rows of an artifact of an evaluation.
struct Artifact {
  data::store::Hdf5Listing listing;
  data::store::DatasetEntry dataset;  ///< its shape that of `values`; empty path: none was asked for
  std::vector<std::uint64_t> rows;    ///< numbers of those found by id
  std::vector<std::byte> values;
};

/// Reads them from a run's folder of artifacts. A text's rows are its lines. Throws Error where there is no such file,
/// dataset or row.
Artifact readArtifact(const std::filesystem::path& artifacts, const ArtifactRows& wanted);

}  // namespace ecumene::engine::daemon
