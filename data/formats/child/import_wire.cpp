// SPDX-License-Identifier: Apache-2.0
#include "data/formats/child/import_wire.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "data/base/files.h"

namespace ecumene::data::formats {
namespace {

using nlohmann::json;

constexpr std::array<ErrorKind, 5> kKinds{ErrorKind::kInput, ErrorKind::kUsage, ErrorKind::kEnvironment,
                                          ErrorKind::kCancelled, ErrorKind::kInternal};

}  // namespace

void sendFrame(int fd, FrameKind kind, std::span<const std::byte> body) {
  do {
    const auto piece = body.first(std::min(body.size(), kind == FrameKind::kResult ? kLongestFrame : kLongestWords));
    std::array<std::byte, kFrameHeader> header{};
    header[0] = static_cast<std::byte>(kind);
    const auto length = static_cast<std::uint32_t>(piece.size());
    std::memcpy(header.data() + 1, &length, sizeof length);
    writeAll(fd, header, "the parent's pipe");
    writeAll(fd, piece, "the parent's pipe");
    body = body.subspan(piece.size());
  } while (!body.empty() && kind == FrameKind::kResult);
}

void sendFrame(int fd, FrameKind kind, const std::string& body) {
  sendFrame(fd, kind, std::as_bytes(std::span(body.data(), body.size())));
}

void Inbox::take(std::span<const std::byte> bytes) {
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  std::span<const std::byte> left(buffer_);
  while (left.size() >= kFrameHeader) {
    const auto kind = static_cast<FrameKind>(left[0]);
    std::uint32_t length = 0;
    std::memcpy(&length, left.data() + 1, sizeof length);
    const bool isResult = kind == FrameKind::kResult;
    if (!isResult && kind != FrameKind::kStage && kind != FrameKind::kError && kind != FrameKind::kExcess) {
      throw Error("it sent what is no message");
    }
    if (length > (isResult ? kLongestFrame : kLongestWords)) throw Error("it sent a longer message than there is");
    if (left.size() - kFrameHeader < length) break;
    take(kind, left.subspan(kFrameHeader, length));
    left = left.subspan(kFrameHeader + length);
  }
  buffer_.erase(buffer_.begin(), buffer_.end() - static_cast<std::ptrdiff_t>(left.size()));
}

void Inbox::take(FrameKind kind, std::span<const std::byte> body) {
  if (kind == FrameKind::kResult) {
    if (body.size() > resultBytes_ - result.size()) {
      throw Error("it sent more than the " + std::to_string(resultBytes_ >> 20U) + " MiB that an import may hold");
    }
    result.insert(result.end(), body.begin(), body.end());
    return;
  }
  std::string words(body.size(), '\0');
  std::memcpy(words.data(), body.data(), body.size());
  (kind == FrameKind::kStage ? stage : kind == FrameKind::kError ? error : excess) = std::move(words);
}

std::string encodeError(const Error& error) {
  const json object{{"kind", static_cast<int>(error.kind())},
                    {"what", error.failure()},
                    {"object", error.object()},
                    {"expected", error.expectation()},
                    {"found", error.finding()},
                    {"next", error.nextStep()},
                    {"contexts", error.contexts()}};
  // Bytes of a hostile file may be quoted in a message; what is not UTF-8 becomes U+FFFD.
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Error decodeError(const std::string& text) {
  try {
    const json object = json::parse(text);
    const auto kind = object.at("kind").get<std::size_t>();
    Error error(object.at("what").get<std::string>(), kKinds.at(kind));
    error.on(object.at("object").get<std::string>());
    error.expected(object.at("expected").get<std::string>());
    error.found(object.at("found").get<std::string>());
    error.next(object.at("next").get<std::string>());
    for (const json& context : object.at("contexts")) error.within(context.get<std::string>());
    return error;
  } catch (const std::exception&) {
    throw Error("the importing process sent a message that is none");
  }
}

}  // namespace ecumene::data::formats
