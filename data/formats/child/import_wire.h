// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "data/base/error.h"
#include "data/formats/common/format.h"

namespace ecumene::data::formats {

/// What passes from an importing child to its parent: frames of a kind, a length (4 bytes, little-endian) and a body of
/// at most kLongestFrame bytes.
enum class FrameKind : std::uint8_t {
  kStage = 'S',   ///< words: what the child does now
  kShare = 'H',   ///< digits: how far the read is, in thousandths
  kResult = 'R',  ///< the next piece of an Import as planet::encode writes it
  kPart = 'P',    ///< encodePart: the results since the last one are this part of the file, or it was refused
  kError = 'E',   ///< an Error as encodeError writes it
  kExcess = 'X',  ///< words: the limit that the child has come to
};
inline constexpr std::size_t kFrameHeader = 5;
inline constexpr std::size_t kLongestFrame = std::size_t{1} << 20U;
inline constexpr std::size_t kLongestWords = std::size_t{1} << 17U;  ///< of all kinds but results

/// Writes one frame, longer results as several.
void sendFrame(int fd, FrameKind kind, std::span<const std::byte> body);
void sendFrame(int fd, FrameKind kind, const std::string& body);

/// Writes a part: what it holds, if it was not refused, then its name.
void sendPart(int fd, const ImportedPart& part);

/// A part of a file as it came: its bytes are not believed yet.
struct SentPart {
  ImportedPart part;              ///< without its import
  std::vector<std::byte> result;  ///< an Import as planet::encode writes it; empty where it was refused
};

/// Takes frames apart, in whatever pieces their bytes come. Holds what was sent of one part, at most one frame beside
/// it, the parts that nobody has taken out yet, and the last words of each other kind.
class Inbox {
 public:
  /// Bytes of the largest part, and of all together.
  Inbox(std::uint64_t partBytes, std::uint64_t allBytes) : partBytes_(partBytes), leftBytes_(allBytes) {}

  /// Throws Error as soon as the bytes are no frame, or more than an import may hold.
  void take(std::span<const std::byte> bytes);
  /// The parts that have come since the last call.
  std::vector<SentPart> parts() { return std::exchange(parts_, {}); }
  /// Bytes of a frame, or of a part, that has not come whole.
  [[nodiscard]] bool partial() const { return !buffer_.empty() || !result_.empty(); }
  /// Bytes that are kept for a part that has not come whole.
  [[nodiscard]] std::size_t held() const { return result_.size(); }

  std::string stage = "starting", error, excess;
  std::optional<double> share;  ///< how far the read is, 0 to 1; none if the child has not said it

 private:
  void take(FrameKind kind, std::span<const std::byte> body);

  std::uint64_t partBytes_, leftBytes_;
  std::vector<std::byte> buffer_, result_;
  std::vector<SentPart> parts_;
};

/// Name, place and refusal of a part as JSON text, and back. Decoding checks every member; throws Error on anything
/// else.
std::string encodePart(const ImportedPart& part);
ImportedPart decodePart(const std::string& text);

/// An Error as JSON text, and back; and what the formats said of the file, where none fits it (UnknownFormat). Decoding
/// checks every member; throws Error on anything else.
std::string encodeError(const Error& error, const std::vector<std::string>& looks = {});
Error decodeError(const std::string& text);
std::vector<std::string> decodeLooks(const std::string& text);

}  // namespace ecumene::data::formats
