// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "data/store/array.h"

namespace ecumene::data::store {

/// A whole HDF5 file in memory. The library never touches the disk, so that a full disk is an error of our own write()
/// and not a half-closed file inside the library.
struct Hdf5Image {
  std::vector<std::byte> bytes;
  std::vector<ArrayPlace> places;  ///< one for each array, in their order
};

/// Compression runs on the calling thread; the library is entered under one lock. Equal arrays are stored once, as hard
/// links. No time stamps: equal arrays give equal bytes.
Hdf5Image buildHdf5Image(std::span<const Array> arrays, std::span<const Attribute> rootAttributes);

}  // namespace ecumene::data::store
