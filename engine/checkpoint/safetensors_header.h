// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ecumene::engine::checkpoint {

/// One tensor as a safetensors header describes it; its bytes are [begin, end) behind the header.
struct HeaderEntry {
  std::string name, dtype;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;
};

struct Header {
  std::map<std::string, std::string> metadata;
  std::vector<HeaderEntry> tensors;  ///< in the order of their bytes
};

/// Longest header that is read, as in the format's own reader.
inline constexpr std::uint64_t kMostHeaderBytes = 100'000'000;

/// Reads a header of a file with `dataBytes` behind it. What it gives is consistent: known types, shapes whose product
/// fits the offsets, every byte of the data in exactly one tensor, every name once. Throws Error naming `file` and the
/// tensor otherwise. Takes memory in proportion to the text alone.
Header parseHeader(std::string_view json, std::uint64_t dataBytes, const std::string& file);

/// A name from a file for a message: cut and without control characters.
std::string shownName(std::string_view name);

}  // namespace ecumene::engine::checkpoint
