// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/store/array.h"

namespace ecumene::data::store {

/// A dataset as a file has it: a text's shape is its bytes.
struct DatasetEntry {
  std::string path;  ///< "0/f_hab/mean"
  ElementType type{};
  std::vector<std::size_t> shape;
};

/// What there is in a file that buildHdf5Image() made: datasets by path, and the attributes of its root that are texts
/// or numbers. Datasets of other types are left out. Throws Error naming the file where it is none.
struct Hdf5Listing {
  std::vector<DatasetEntry> datasets;
  std::vector<Attribute> attributes;
};
Hdf5Listing listHdf5(const std::filesystem::path& file);

/// One dataset's bytes, C order, little-endian; a text without the zeros behind it. Throws Error naming file and
/// dataset where it is not there, damaged, or has more than `mostBytes`.
std::vector<std::byte> readHdf5(const std::filesystem::path& file, const DatasetEntry& dataset, std::size_t mostBytes);

}  // namespace ecumene::data::store
