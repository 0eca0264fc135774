// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "data/base/error.h"

namespace ecumene::data::formats {

/// The text that a decompressor's output grows into, and what is said of a stream that goes wrong: with `whole` it is
/// refused, without whatever was had up to `most` bytes is enough.
class InflatedText {
 public:
  InflatedText(std::size_t compressedBytes, std::size_t most, bool whole)
      : compressedBytes_(compressedBytes), most_(most), whole_(whole) {}

  /// True where this is enough. Throws Error if a whole text is longer than `most`.
  bool add(const char* bytes, std::size_t size) {
    text_.append(bytes, size);
    if (!whole_) return text_.size() >= most_;
    if (text_.size() <= most_) return false;
    throw Error("the file is too large when inflated")
        .expected("at most " + std::to_string(most_ >> 20U) + " MiB of text")
        .found("more from " + std::to_string(compressedBytes_) + " compressed bytes");
  }
  /// The text; if a whole one was asked for, throws Error naming the compressed byte instead.
  std::string brokenOff(const char* what, std::size_t at) {
    if (!whole_) return take();
    throw Error(what).on("compressed byte " + std::to_string(at)).next("is the file whole?");
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
  std::size_t compressedBytes_, most_;
  bool whole_;
};

inline constexpr const char* kDamaged = "the compressed file is damaged";
inline constexpr const char* kEndsTooEarly = "the compressed file ends too early";

}  // namespace ecumene::data::formats
