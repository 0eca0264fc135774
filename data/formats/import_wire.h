// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/base/error.h"

namespace ecumene::data::formats {

/// What passes from an importing child to its parent: frames of a kind, a length (8 bytes, little-endian) and a body.
enum class FrameKind : std::uint8_t {
  kStage = 'S',   ///< words: what the child does now
  kResult = 'R',  ///< an Import as planet::encode writes it
  kError = 'E',   ///< an Error as encodeError writes it
};
inline constexpr std::size_t kFrameHeader = 9;

/// Writes one frame to a descriptor.
void sendFrame(int fd, FrameKind kind, std::span<const std::byte> body);
void sendFrame(int fd, FrameKind kind, const std::string& body);

/// An Error as JSON text, and back. Decoding checks every member; throws Error on anything else.
std::string encodeError(const Error& error);
Error decodeError(const std::string& text);

}  // namespace ecumene::data::formats
