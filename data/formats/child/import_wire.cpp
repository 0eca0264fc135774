// SPDX-License-Identifier: Apache-2.0
#include "data/formats/child/import_wire.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "data/base/files.h"
#include "data/formats/common/shown_text.h"

namespace ecumene::data::formats {
namespace {

using nlohmann::json;

constexpr std::array<ErrorKind, 5> kKinds{ErrorKind::kInput, ErrorKind::kUsage, ErrorKind::kEnvironment,
                                          ErrorKind::kCancelled, ErrorKind::kInternal};

constexpr std::array<FrameKind, 6> kFrames{FrameKind::kStage, FrameKind::kShare, FrameKind::kResult,
                                           FrameKind::kPart,  FrameKind::kError, FrameKind::kExcess};

/// Of one text of a message: nine of them and all looks, each byte as four (a quotation mark that is quoted twice), fit
/// into a frame.
constexpr std::size_t kLongestText = 1500;
constexpr std::size_t kMostContexts = 4;
constexpr std::size_t kLongestLook = 500;
constexpr std::size_t kMostLooks = 30;

/// The text as shownText has it, and cut where it is too long for a message.
std::string fitting(const std::string& text, std::size_t longest = kLongestText) {
  std::string shown = shownText(text);
  if (shown.size() <= longest) return shown;
  std::size_t end = longest;
  while ((static_cast<unsigned char>(shown[end]) & 0xC0U) == 0x80U) --end;
  return shown.substr(0, end) + "...";
}

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

void sendPart(int fd, const ImportedPart& part) {
  if (!part.refusal) sendFrame(fd, FrameKind::kResult, planet::encode(part.import));
  sendFrame(fd, FrameKind::kPart, encodePart(part));
}

void Inbox::take(std::span<const std::byte> bytes) {
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
  std::span<const std::byte> left(buffer_);
  while (left.size() >= kFrameHeader) {
    const auto kind = static_cast<FrameKind>(left[0]);
    std::uint32_t length = 0;
    std::memcpy(&length, left.data() + 1, sizeof length);
    const bool isResult = kind == FrameKind::kResult;
    if (std::find(kFrames.begin(), kFrames.end(), kind) == kFrames.end()) throw Error("it sent what is no message");
    if (length > (isResult ? kLongestFrame : kLongestWords)) throw Error("it sent a longer message than there is");
    if (left.size() - kFrameHeader < length) break;
    take(kind, left.subspan(kFrameHeader, length));
    left = left.subspan(kFrameHeader + length);
  }
  buffer_.erase(buffer_.begin(), buffer_.end() - static_cast<std::ptrdiff_t>(left.size()));
}

void Inbox::take(FrameKind kind, std::span<const std::byte> body) {
  if (kind == FrameKind::kResult) {
    if (body.size() > std::min(partBytes_ - result_.size(), leftBytes_)) {
      throw Error("it sent more than the " + std::to_string(partBytes_ >> 20U) + " MiB that an import may hold");
    }
    leftBytes_ -= body.size();
    result_.insert(result_.end(), body.begin(), body.end());
    return;
  }
  std::string words(body.size(), '\0');
  std::memcpy(words.data(), body.data(), body.size());
  if (kind == FrameKind::kShare) {
    constexpr unsigned kAll = 1000;
    unsigned value = 0;
    const auto [end, problem] = std::from_chars(words.data(), words.data() + words.size(), value);
    if (problem != std::errc{} || end != words.data() + words.size() || value > kAll) {
      throw Error("it sent what is no share");
    }
    share = static_cast<double>(value) / kAll;
    return;
  }
  if (kind == FrameKind::kPart) {
    ImportedPart part = decodePart(words);
    if (part.refusal.has_value() != result_.empty()) throw Error("it sent a part that is none");
    parts_.push_back({std::move(part), std::exchange(result_, {})});
    return;
  }
  if (kind == FrameKind::kError) {
    error = std::move(words);
  } else {
    (kind == FrameKind::kStage ? stage : excess) = shownText(words);
  }
}

std::string encodePart(const ImportedPart& part) {
  json object{{"name", fitting(part.name)}, {"at", part.at}, {"of", part.of}};
  if (part.refusal) object["refusal"] = encodeError(*part.refusal);
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

ImportedPart decodePart(const std::string& text) {
  ImportedPart part;
  try {
    const json object = json::parse(text);
    part.name = shownText(object.at("name").get<std::string>());
    part.at = object.at("at").get<std::size_t>();
    part.of = object.at("of").get<std::size_t>();
    if (object.contains("refusal")) part.refusal = decodeError(object.at("refusal").get<std::string>());
  } catch (const json::exception&) {
    throw Error("the importing process sent a part that is none");
  }
  if (part.at >= part.of) throw Error("the importing process sent a part that is none");
  return part;
}

std::string encodeError(const Error& error, const std::vector<std::string>& looks) {
  json contexts = json::array();
  for (const std::string& context : error.contexts()) {
    if (contexts.size() < kMostContexts) contexts.push_back(fitting(context));
  }
  json said = json::array();
  for (const std::string& look : looks) {
    if (said.size() < kMostLooks) said.push_back(fitting(look, kLongestLook));
  }
  const json object{{"kind", static_cast<int>(error.kind())},
                    {"what", fitting(error.failure())},
                    {"object", fitting(error.object())},
                    {"expected", fitting(error.expectation())},
                    {"found", fitting(error.finding())},
                    {"next", fitting(error.nextStep())},
                    {"contexts", contexts},
                    {"looks", said}};
  return object.dump();
}

Error decodeError(const std::string& text) {
  try {
    const json object = json::parse(text);
    const auto kind = object.at("kind").get<std::size_t>();
    const auto shown = [](const json& member) { return shownText(member.get<std::string>()); };
    Error error(shown(object.at("what")), kKinds.at(kind));
    error.on(shown(object.at("object")));
    error.expected(shown(object.at("expected")));
    error.found(shown(object.at("found")));
    error.next(shown(object.at("next")));
    for (const json& context : object.at("contexts")) error.within(shown(context));
    return error;
  } catch (const std::exception&) {
    throw Error("the importing process sent a message that is none");
  }
}

std::vector<std::string> decodeLooks(const std::string& text) {
  std::vector<std::string> looks;
  try {
    for (const std::string& look : json::parse(text).at("looks").get<std::vector<std::string>>()) {
      looks.push_back(shownText(look));
    }
  } catch (const json::exception&) {
    throw Error("the importing process sent a message that is none");
  }
  return looks;
}

}  // namespace ecumene::data::formats
