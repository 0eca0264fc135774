// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace ecumene::data::formats {

/// What the header of an array says (numpy.lib.format, versions 1 to 3).
struct NpyHeader {
  char kind = 0;  ///< 'f', 'i', 'u', 'b', 'U' or 'S'
  std::size_t itemBytes = 0;
  std::vector<std::size_t> shape;

  /// Throws Error on overflow.
  [[nodiscard]] std::size_t count() const;
};

/// The header in the first bytes of a .npy file, and how many bytes it is long. Takes C order and little-endian numbers
/// and texts alone; arrays of objects are pickled Python, which is never run. Throws Error.
NpyHeader parseNpyHeader(std::span<const std::byte> bytes, std::size_t& headerBytes);

/// No header that NumPy writes is longer.
inline constexpr std::size_t kLongestHeader = 65536;
/// What readers say of a file that is not what it was.
inline constexpr const char* kDamagedFile = "the file is damaged or cut short: fetch it again from its source";

}  // namespace ecumene::data::formats
