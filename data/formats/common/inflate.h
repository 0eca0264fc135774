// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ecumene::data::formats {

bool isGzip(std::string_view bytes);

/// Inflates gzip members until the end of `bytes`. With `whole` a truncated, damaged or too long stream throws Error
/// naming the compressed byte; without, whatever can be had up to `most` bytes is given (for looking at a beginning).
std::string inflateGzip(std::string_view bytes, std::size_t most, bool whole);

}  // namespace ecumene::data::formats
