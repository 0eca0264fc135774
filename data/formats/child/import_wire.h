// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/base/error.h"

namespace ecumene::data::formats {

/// What passes from an importing child to its parent: frames of a kind, a length (4 bytes, little-endian) and a body of
/// at most kLongestFrame bytes.
enum class FrameKind : std::uint8_t {
  kStage = 'S',   ///< words: what the child does now
  kResult = 'R',  ///< the next piece of an Import as planet::encode writes it
  kError = 'E',   ///< an Error as encodeError writes it
  kExcess = 'X',  ///< words: the limit that the child has come to
};
inline constexpr std::size_t kFrameHeader = 5;
inline constexpr std::size_t kLongestFrame = std::size_t{1} << 20U;
inline constexpr std::size_t kLongestWords = std::size_t{1} << 16U;  ///< of all kinds but results

/// Writes one frame, longer results as several.
void sendFrame(int fd, FrameKind kind, std::span<const std::byte> body);
void sendFrame(int fd, FrameKind kind, const std::string& body);

/// Takes frames apart, in whatever pieces their bytes come. Holds the result, at most one frame beside it, and the last
/// words of each other kind.
class Inbox {
 public:
  explicit Inbox(std::uint64_t resultBytes) : resultBytes_(resultBytes) {}

  /// Throws Error as soon as the bytes are no frame, or more than an import may hold.
  void take(std::span<const std::byte> bytes);
  /// Bytes of a frame that has not come whole.
  [[nodiscard]] bool partial() const { return !buffer_.empty(); }

  std::string stage = "starting", error, excess;
  std::vector<std::byte> result;

 private:
  void take(FrameKind kind, std::span<const std::byte> body);

  std::uint64_t resultBytes_;
  std::vector<std::byte> buffer_;
};

/// An Error as JSON text, and back. Decoding checks every member; throws Error on anything else.
std::string encodeError(const Error& error);
Error decodeError(const std::string& text);

}  // namespace ecumene::data::formats
